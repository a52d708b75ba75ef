// Passes over batches of rows.
#pragma once

#include <cstddef>

#include "src/linear/solve.hpp"

namespace descent::linear {

/// The options' limits, or 100 epochs and at least 1,000 updates; no gradient of all rows unless a tolerance asks for
/// it. Without an optimizer: adam, whose rate, like any other that is auto, is found by trials.
[[nodiscard]] SolveOutput solve_batches(SolveInput in, Optimizer optimizer, std::size_t batch);

}  // namespace descent::linear

// What is measured on a trace.
#pragma once

#include <cstddef>
#include <optional>

#include "descent/core/trace.hpp"

namespace descent::diagnose {

/// Share of the rows after `from` at which the objective turned: fell and then rose, or the other way round.
[[nodiscard]] double turning_share(const Trace& trace, std::size_t from);

/// Mean cosine between one move and the next over the last half; nothing without parameters or with fewer than 8 moves.
/// Near 1: all moves go the same way. Near -1: they jump to and fro.
[[nodiscard]] std::optional<double> mean_cosine(const Trace& trace);

}  // namespace descent::diagnose

// Code on blocks of lanes.
#pragma once

#include <cstddef>
#include <span>

#include "src/expr/code.hpp"

namespace descent::expr {

/// Runs `instructions` on `lanes` <= kPointsPerBlock lanes. `registers` holds num_block_registers(code) arrays of
/// kPointsPerBlock numbers; `num_registers` is the code's own number. Bit for bit what compute() gives lane by lane.
void run_lanes(std::span<const LaneInstruction> instructions, const double* slots, const double* const* lane_inputs,
               double* registers, std::size_t num_registers, std::size_t lanes);

}  // namespace descent::expr

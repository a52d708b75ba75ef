// Every rule as a textbook writes it: plain loops over whole vectors, what the kernels are tested against.
#pragma once

#include <cstdint>
#include <vector>

#include "descent/core/aligned_buffer.hpp"
#include "descent/core/span.hpp"
#include "descent/optim/rule.hpp"

namespace descent::rules {

/// u = rule(u). `t` = 1 for the first update; `rate` is the learning rate of this update; `slots` are the rule's
/// vectors, zero before the first update.
void apply_reference(const Rule& rule, std::uint64_t t, double rate, double power1, double power2,
                     std::span<AlignedBuffer<double>> slots, View x, MutableView u);

/// ||u||_2, without overflow.
[[nodiscard]] double norm_reference(View u);

}  // namespace descent::rules

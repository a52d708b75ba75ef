// Sums of a fixed shape: the same bits on every CPU target and from every compiler.
//
// Element i goes to virtual lane i % 16; a lane is added up in order, multiply then add, no fused multiply-add; the 16
// lanes combine in one fixed tree: (l0+l8), (l1+l9), ... then halves again: width 8, 4, 2, 1.
// A vector of any length is one such sum; rows are cut into blocks by parallel/reduce.hpp.
#pragma once

#include "descent/core/span.hpp"

namespace descent::simd {

inline constexpr std::size_t kVirtualLanes = 16;

[[nodiscard]] double sum(View x);
[[nodiscard]] double dot(View x, View y);   ///< sum_i x_i y_i; sizes must be equal
[[nodiscard]] double squared_norm(View x);  ///< sum_i x_i^2
/// Of floats what the same of their values as doubles is, bit for bit.
using FloatView = std::span<const float>;
[[nodiscard]] double sum(FloatView x);
[[nodiscard]] double dot(FloatView x, FloatView y);
[[nodiscard]] double squared_norm(FloatView x);
[[nodiscard]] double squared_distance(View x, View y);
[[nodiscard]] double max_abs(View x);  ///< max_i |x_i|; NaN if any is NaN; 0 when empty
[[nodiscard]] bool all_finite(View x);

}  // namespace descent::simd

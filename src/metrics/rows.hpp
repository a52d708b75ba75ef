// What every metric does with its rows: check them, and add them up in one fixed order.
#pragma once

#include <array>
#include <cstddef>

#include "descent/core/span.hpp"

namespace descent::metrics {

/// sum of term(0) .. term(size - 1): element i to lane i % 16, lanes in the fixed tree of simd/reduce.hpp.
template <class Term>
[[nodiscard]] double lane_sum(std::size_t size, Term term) {
  constexpr std::size_t kLanes = 16;
  std::array<double, kLanes> lane{};
  std::size_t i = 0;
  for (; i + kLanes <= size; i += kLanes)
    for (std::size_t l = 0; l < kLanes; ++l) lane[l] += term(i + l);
  for (std::size_t l = 0; i + l < size; ++l) lane[l] += term(i + l);
  for (std::size_t width = kLanes / 2; width > 0; width /= 2)
    for (std::size_t l = 0; l < width; ++l) lane[l] += lane[l + width];
  return lane[0];
}

/// Weight of row i; 1 when there are no weights.
[[nodiscard]] inline double weight_at(View weights, std::size_t i) { return weights.empty() ? 1.0 : weights[i]; }

/// Checks `columns` values for each row of `truth`, and the weights. Returns the sum of the weights, which is > 0.
double check_rows(View truth, View values, std::size_t columns, View weights, const char* metric);

/// The code in row i. Throws: Error(data) when it is not one of 0 .. num_classes-1.
std::size_t class_code(View codes, std::size_t i, std::size_t num_classes, const char* metric);

}  // namespace descent::metrics

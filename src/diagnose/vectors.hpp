// Sums over a few hundred elements, in order.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "descent/core/span.hpp"

namespace descent::diagnose {

[[nodiscard]] inline double dot(View a, View b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

[[nodiscard]] inline double length(View a) { return std::sqrt(dot(a, a)); }

/// NaN counts as infinite.
[[nodiscard]] inline double largest(View a) {
  double result = 0.0;
  for (const double value : a) result = std::isfinite(value) ? std::max(result, std::fabs(value)) : INFINITY;
  return result;
}

}  // namespace descent::diagnose

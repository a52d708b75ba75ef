// The function whose derivatives everyone knows by hand.
#pragma once

#include <cstddef>
#include <span>

namespace descent::autodiff {

/// sum_i 100 (x_{i+1} - x_i^2)^2 + (1 - x_i)^2
struct Rosenbrock {
  template <class T>
  T operator()(std::span<const T> x) const {
    T total = 0.0;
    for (std::size_t i = 0; i + 1 < x.size(); ++i) {
      const T a = x[i + 1] - x[i] * x[i];
      const T b = 1.0 - x[i];
      total += 100.0 * (a * a) + b * b;
    }
    return total;
  }
};

}  // namespace descent::autodiff

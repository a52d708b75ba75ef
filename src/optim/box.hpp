// Bounds on the parameters, and what "no way down" means inside them.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "descent/core/span.hpp"
#include "descent/optim/chain_state.hpp"
#include "descent/optim/minimize.hpp"
#include "descent/simd/reduce.hpp"

namespace descent {

/// Vectors shorter than this are looped over in place: a call of a vector kernel would cost more than the work.
inline constexpr std::size_t kSmallVector = 16;

/// max_i |x_i|; NaN if any is NaN.
[[nodiscard]] inline double largest_component(View x) {
  if (x.size() >= kSmallVector) return simd::max_abs(x);
  double result = 0.0;
  for (const double value : x) {
    const double size = std::fabs(value);
    result = size <= result ? result : size;  // NaN fails the test and is kept
    if (std::isnan(result)) return result;
  }
  return result;
}

inline void copy_vector(View from, MutableView to) {
  if (from.size() >= kSmallVector) {
    std::copy(from.begin(), from.end(), to.begin());
    return;
  }
  for (std::size_t i = 0; i < from.size(); ++i) to[i] = from[i];
}

/// A box, or all of space when there are no bounds.
class Box {
 public:
  explicit Box(const std::vector<Bound>& bounds) : bounds_(bounds) {}

  [[nodiscard]] bool empty() const { return bounds_.empty(); }
  void project(MutableView x) const {
    for (std::size_t i = 0; i < bounds_.size(); ++i) x[i] = clamp(i, x[i]);
  }
  /// For a chain (ChainOptions::project); null without bounds. This box must outlive it.
  [[nodiscard]] Projection projection() const {
    if (bounds_.empty()) return {};
    return [this](std::size_t i, double value) { return clamp(i, value); };
  }
  /// Is parameter i at a bound that the negative gradient points out of?
  [[nodiscard]] bool holds(std::size_t i, double x, double gradient) const {
    return !bounds_.empty() && ((gradient >= 0.0 && x <= bounds_[i].low) || (gradient <= 0.0 && x >= bounds_[i].high));
  }
  /// max_i |g_i|, in a box max_i |P(x - g)_i - x_i|: 0 exactly where no move inside leads down.
  [[nodiscard]] double gradient_norm(View x, View gradient) const {
    if (bounds_.empty()) return largest_component(gradient);
    double result = 0.0;
    for (std::size_t i = 0; i < bounds_.size(); ++i) {
      if (!std::isfinite(gradient[i])) return gradient[i];
      // Where the step of length |g| stays inside, |g| itself: x - (x - g) would round it away beside a large x.
      const double target = x[i] - gradient[i];
      const double move = clamp(i, target) == target ? gradient[i] : clamp(i, target) - x[i];
      result = std::max(result, std::fabs(move));
    }
    return result;
  }

 private:
  /// NaN passes through, to be found and named.
  [[nodiscard]] double clamp(std::size_t i, double value) const {
    return value < bounds_[i].low ? bounds_[i].low : value > bounds_[i].high ? bounds_[i].high : value;
  }
  const std::vector<Bound>& bounds_;
};

}  // namespace descent

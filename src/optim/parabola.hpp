// The test of a step of length r: does f lie below the parabola of curvature 1 / r that the step assumes?
#pragma once

#include <cmath>

namespace descent {

/// What a move d from a to b shows of f.
struct SeenMove {
  double excess;        ///< f(b) - f(a) - g(a)'d
  double scale;         ///< |f(a)| + |f(b)|
  double slope_change;  ///< (g(b) - g(a))'d
  double square;        ///< ||d||^2
};

/// excess <= ||d||^2 / (2 step); where the values' difference is all rounding the change of the slope tells.
[[nodiscard]] inline bool below_parabola(const SeenMove& move, double step) {
  constexpr double kRounding = 1e-13;
  return std::fabs(move.excess) > kRounding * move.scale ? move.excess <= 0.5 * move.square / step
                                                         : move.slope_change <= move.square / step;
}

}  // namespace descent

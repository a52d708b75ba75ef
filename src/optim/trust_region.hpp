// Steps of a least-squares model within a radius.
#pragma once

#include <vector>

#include "src/optim/triangle.hpp"

namespace descent {

struct DampedStep {
  std::vector<double> p;  ///< in the order of the pivots
  double lambda = 0.0;
  double norm = 0.0;  ///< ||p||
};

/// argmin ||R p + z||^2 + lambda ||p||^2 with lambda such that ||p|| is `radius` within a tenth, or lambda = 0 where
/// the step without damping is no longer than that. `lambda` is where the search begins: the last one. Reference: J. J.
/// More, "The Levenberg-Marquardt algorithm: implementation and theory", Lecture Notes in Mathematics 630, 1978,
/// section 5.
[[nodiscard]] DampedStep damped_step(const PivotedTriangle& triangle, double radius, double lambda);

/// ||R p||^2
[[nodiscard]] double squared_image(const PivotedTriangle& triangle, View p);

}  // namespace descent

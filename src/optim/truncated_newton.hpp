// Newton's step by conjugate gradients on products with the Hessian, which is never formed.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "src/optim/run.hpp"

namespace descent {

struct TruncatedNewtonOptions {
  double radius = std::numeric_limits<double>::infinity();  ///< ||p|| <= radius
  double tolerance = 0.0;                                   ///< on ||H p + g|| / ||g||
  std::size_t max_products = 0;
};

struct TruncatedNewton {
  enum class End { converged, boundary, negative_curvature, limit };
  std::vector<double> p;
  double decrease = 0.0;  ///< of the model: -(g'p + p'H p / 2) >= 0
  End end = End::limit;
};

/// argmin g'p + p'H p / 2, as far as conjugate gradients from p = 0 come: to the tolerance, to the radius, or to a
/// direction of negative curvature. With a radius that direction is followed to it; without one p is what there was
/// before, or -g if that was nothing. Parameters that a bound holds stay where they are.
/// Reference: T. Steihaug, "The conjugate gradient method and trust regions in large scale optimization", SIAM J.
/// Numer. Anal. 20(3), 1983; R. S. Dembo, T. Steihaug, "Truncated-Newton algorithms for large-scale unconstrained
/// optimization", Math. Prog. 26, 1983.
[[nodiscard]] TruncatedNewton truncated_newton(Run& run, const Point& point, const TruncatedNewtonOptions& options);

/// g'H^-1 g / 2 over |f|, what Newton's step promises; nothing where H is not positive definite on the way there, or
/// conjugate gradients do not get there within 200 products, or there are terms or sets other than bounds.
[[nodiscard]] std::optional<double> decrease_in_sight(Run& run, const Point& point);

}  // namespace descent

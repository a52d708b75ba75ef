// Losses with kinks: hinge, absolute error, quantiles.
#pragma once

#include <vector>

#include "descent/linear/objective.hpp"
#include "descent/optim/minimize.hpp"

namespace descent::linear {

/// minimise   c sum_i omega_i l(s_i, y_i) + l2/2 ||w||^2, l convex with kinks
/// given      the objective of l, a start, options.gradient_tolerance_relative = the gap that is wanted, relative to f
/// result     converged when a lower bound proves it (certificate duality_gap); without l2 there is no such bound, and
///            the certificate is the gradient of the smoothed loss, whose values lie within that gap of l's
///
/// The kinks become ramps of a width that shrinks tenfold from stage to stage; each smooth stage is solved by Newton's
/// method with a line search, started where the one before ended. Slopes of the smoothed loss are a point of the dual.
/// Reference: Y. Nesterov, "Smooth minimization of non-smooth functions", Math. Program. 103, 2005, theorem 1;
/// S. S. Keerthi, D. DeCoste, "A modified finite Newton method for fast solution of large scale linear SVMs", JMLR 6,
/// 2005.
[[nodiscard]] Result smoothed_newton(LinearObjective& objective, std::vector<double> start,
                                     const MinimizeOptions& options);

}  // namespace descent::linear

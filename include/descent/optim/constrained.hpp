// minimise f(x) subject to c(x) <= 0 and c(x) = 0, each c a function of its own.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "descent/core/objective.hpp"
#include "descent/core/result.hpp"
#include "descent/optim/minimize.hpp"

namespace descent {

/// c(x) <= 0, or c(x) = 0.
struct Constraint {
  Objective* function = nullptr;  ///< c, of as many parameters as f; must outlive the run
  bool equality = false;
};

/// How a constrained run ended, beside its Result.
struct ConstrainedResult {
  /// x, f(x) and the gradient of f; gradient_norm is the largest component of the (projected) gradient of the
  /// Lagrangian. Converged with a certificate `kkt`: the largest of that norm, the violation, and of every inequality
  /// the smaller of its multiplier and its slack.
  Result result;
  std::vector<double> values;       ///< c_i(x). // shape = [constraints]
  std::vector<double> multipliers;  ///< gradient f + sum_i multiplier_i gradient c_i = 0; >= 0 for inequalities
  double violation = 0.0;           ///< max_i of max(0, c_i), or of |c_i| for equalities
  std::uint64_t rounds = 0;         ///< of multipliers
};

/// minimise   f(x) subject to c_i(x) <= 0 or = 0, bounds.low <= x <= bounds.high
/// given      f, the c_i and their gradients, a start that need not be feasible
/// result     a point that satisfies the first-order conditions (Karush, Kuhn, Tucker) within the tolerances
/// after      J. Nocedal, S. J. Wright, "Numerical Optimization", 2nd ed., 2006, algorithm 17.4 (augmented Lagrangian),
/// with the
///            first penalty and its growth of E. G. Birgin, J. M. Martinez, "Practical Augmented Lagrangian Methods",
///            2014
///
/// Each round minimises f + rho/2 sum (c + m/rho)^2 (of inequalities the positive part) by lbfgs within the bounds,
/// then moves the multipliers. A trace shows every update of every round; `penalty` is what is added to f. `options`
/// has the stopping rules; steps are counted over all rounds. Throws: Error(usage) as minimize, and for constraints of
/// another size. Differs: scipy's SLSQP and trust-constr solve a quadratic program in each step.
[[nodiscard]] ConstrainedResult minimize_constrained(Objective& f, std::span<const Constraint> constraints,
                                                     std::vector<double> start, const MinimizeOptions& options = {},
                                                     double constraint_tolerance = 1e-8);

}  // namespace descent

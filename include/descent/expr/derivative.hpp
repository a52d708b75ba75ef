// Derivatives of formulas, which are formulas again.
#pragma once

#include <string_view>
#include <vector>

#include "descent/expr/formula.hpp"

namespace descent::expr {

/// df/dv, simplified; terms keep the order in which the formula names them.
///
/// At kinks: d|x| is sign(x), 0 at 0; min and max take the slope of the first argument that attains them; where(c, a,
/// b) takes that of the branch it takes, whatever the other one does there; comparisons, sign and heaviside have slope
/// 0. x^n with a number n gives n*x^(n-1), without a logarithm. The size is linear in that of the graph (reverse
/// accumulation over shared parts), except that each where, min, max, sum and mean keeps its own partial derivatives.
/// Throws: Error(usage) with "did you mean" if `variable` is not one of formula.variables().
[[nodiscard]] Formula derivative(const Formula& formula, std::string_view variable);

/// All partial derivatives, in the order of formula.variables(), sharing one graph.
[[nodiscard]] std::vector<Formula> gradient(const Formula& formula);

/// sum_i (df/dx_i) v_i: how fast f changes along v. Its variables are those of f, then one v_i for each, in their
/// order, under names that f does not have. Linear in size, sums and branches too: sum(g) becomes sum(tangent of g).
/// Its partial derivatives by the x_i are the product of the Hessian with v.
[[nodiscard]] Formula tangent(const Formula& formula);

}  // namespace descent::expr

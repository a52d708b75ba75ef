// What a formula is the sum of squares of: `mean((y - a*exp(-b*x))^2)` of `y - a*exp(-b*x)`.
#pragma once

#include <optional>

#include "descent/expr/formula.hpp"

namespace descent::expr {

/// factor * sum(root^2), or factor * mean(root^2), over rows.
struct SumOfSquares {
  Formula root;         ///< one value for each row
  double factor = 1.0;  ///< > 0
  bool is_mean = false;
};

/// Nothing for any other formula: of several sums, of a sum within, or with a kink (has_kinks), where a method for
/// smooth residuals has nothing to say. Powers are even ones: ((y - m)/s)^2 and (y - m)^4 are squares, w*(y - m)^2 is
/// not.
[[nodiscard]] std::optional<SumOfSquares> sum_of_squares(const Formula& formula);

}  // namespace descent::expr

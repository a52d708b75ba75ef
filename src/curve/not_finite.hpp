// Why a curve cannot be fitted from where it is.
#pragma once

#include <string>

#include "descent/curve/objective.hpp"

namespace descent::curve {

/// `row 7`, with the place that the rows know of it: `row 7 (obs.csv:9)`.
[[nodiscard]] std::string row_text(const CurveRows& rows, std::size_t row);

/// A sentence on the first row in which the curve, or a derivative of it by a parameter, is not finite at x: the row,
/// its columns, and the part of the formula. Empty if there is none.
[[nodiscard]] std::string why_not_finite(const Curve& curve, CurveObjective& objective, View x);

}  // namespace descent::curve

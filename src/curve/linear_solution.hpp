// The exact solution of curves that are linear in all their parameters.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "descent/curve/curve.hpp"
#include "descent/curve/objective.hpp"

namespace descent::curve {

struct LinearSolution {
  std::vector<double> x;
  double sum_of_squares = 0.0;  ///< of the residuals over sigma, in doubled precision
  double correction = 0.0;      ///< the last one, over the length of x, both in units of the columns' lengths
};

/// Rows x parameters up to which it is made: the design matrix is held in doubled precision.
inline constexpr double kMaxRefined = 1e6;

/// argmin ||(A x - b) / sigma||, A = df/dp and b = y - f(x; 0) in doubled precision: a factorisation in doubles by
/// Householder reflections, columns scaled by powers of two, and corrections of x and the residuals together until they
/// no longer shrink. Nothing where the curve is not linear, there are more parameters than rows, or the corrections do
/// not shrink: A is then singular to doubles. Reference: A. Bjorck, "Iterative refinement of linear least squares
/// solutions I", BIT 7, 1967.
[[nodiscard]] std::optional<LinearSolution> solve_linear(const Curve& curve, const CurveRows& rows);

}  // namespace descent::curve

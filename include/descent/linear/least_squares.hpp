// What can be known about a least-squares problem without walking it: its exact solution and its curvature.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "descent/core/span.hpp"
#include "descent/linear/dense_rows.hpp"
#include "descent/linear/options.hpp"
#include "descent/linear/scaling.hpp"

namespace descent::linear {

/// Largest number of features for which the analysis is made: its cost is rows x features^2.
inline constexpr std::size_t kMaxAnalysedFeatures = 500;

/// f(theta) = c sum_i omega_i (x_i . w + b - y_i)^2 + l2/2 ||w||^2 and its Hessian H = 2 c X^T Omega X + l2 I.
struct LeastSquaresAnalysis {
  std::vector<double> solution;        ///< argmin f, the one of least norm when there are many. // shape = [parameters]
  double value = 0.0;                  ///< f(solution)
  double rounding = 0.0;               ///< differences of f below this are rounding: (2^-46)^2 of f at theta = 0
  std::size_t rank = 0;                ///< of the (weighted) design
  std::vector<std::size_t> dependent;  ///< parameters whose columns are combinations of the others, as the pivots chose
  std::vector<double> hessian;         ///< row-major. // shape = [parameters x parameters]
  double lambda_max = 0.0;             ///< extreme eigenvalues of H
  double lambda_min = 0.0;             ///< smallest of the `rank` that are not zero
  double condition = 0.0;              ///< lambda_max / lambda_min
  double largest_stable_rate = 0.0;    ///< 2 / lambda_max: plain descent diverges above it
  double best_rate = 0.0;              ///< 2 / (lambda_max + lambda_min)
  double rate = 0.0;                   ///< what the steps below were counted for: the run's own rate, or best_rate
  double steps_to_1e6 =
      0.0;  ///< updates of plain descent until ||theta - solution|| is 1e-6 of the start's; infinity: never
  double steps_with_momentum = 0.0;     ///< the same for the heavy ball with its best rate and momentum
  double condition_standardized = 0.0;  ///< of the same rows standardised (scale and centre); 0 = not known
  double condition_raw = 0.0;           ///< of the rows in the data's own units; 0 = not known
};

/// Orthogonal reduction of the rows in blocks (no copy of the data), then a singular value decomposition of the
/// triangle. Reference: G. H. Golub, C. F. Van Loan, "Matrix Computations", 4th ed. 2013, sections 5.2 and 5.5;
/// B. T. Polyak, "Some methods of speeding up the convergence of iteration methods", 1964 (momentum).
/// `scaling` says what was done to the rows already. `penalty.l1` must be 0.
[[nodiscard]] LeastSquaresAnalysis analyse_least_squares(const DenseRows& rows, bool intercept, LossScale scale,
                                                         const loss::Penalty& penalty, const Scaling& scaling = {});

/// Fills `rate`, `steps_to_1e6` and `steps_with_momentum` for a run from `start`, exactly: each eigenvector of the
/// Hessian shrinks on its own. `rate` <= 0 means best_rate. Best momentum: rate 4 / (sqrt(L) + sqrt(m))^2 and
/// ((sqrt(k) - 1) / (sqrt(k) + 1))^2.
void count_steps(LeastSquaresAnalysis& analysis, View start, double rate);

}  // namespace descent::linear

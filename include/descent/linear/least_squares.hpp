// What can be known about a least-squares problem without walking it: its exact solution and its curvature.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "descent/core/span.hpp"
#include "descent/linear/dense_rows.hpp"
#include "descent/linear/options.hpp"

namespace descent::linear {

/// Largest number of features for which the analysis is made: its cost is rows x features^2.
inline constexpr std::size_t kMaxAnalysedFeatures = 500;

/// f(theta) = c sum_i omega_i (x_i . w + b - y_i)^2 + l2/2 ||w||^2 and its Hessian H = 2 c X^T Omega X + l2 I.
struct LeastSquaresAnalysis {
  std::vector<double> solution;      ///< argmin f, the one of least norm when there are many. // shape = [parameters]
  double value = 0.0;                ///< f(solution)
  std::size_t rank = 0;              ///< of the (weighted) design
  std::vector<double> hessian;       ///< row-major. // shape = [parameters x parameters]
  double lambda_max = 0.0;           ///< extreme eigenvalues of H
  double lambda_min = 0.0;           ///< smallest of the `rank` that are not zero
  double condition = 0.0;            ///< lambda_max / lambda_min
  double largest_stable_rate = 0.0;  ///< 2 / lambda_max: plain descent diverges above it
  double best_rate = 0.0;            ///< 2 / (lambda_max + lambda_min)
  double steps_to_1e6 =
      0.0;  ///< ceil(ln 1e6 / -ln((k-1)/(k+1))), k = condition, at `best_rate`; 0 when one step is enough
  double steps_with_momentum = 0.0;  ///< ceil(ln 1e6 / -ln((sqrt k - 1)/(sqrt k + 1))): heavy ball with its best pair
  double condition_standardized = 0.0;  ///< of the same problem after standardising (1 = already so); 0 = not computed
};

/// Orthogonal reduction of the rows in blocks (no copy of the data), then a singular value decomposition of the
/// triangle. Reference: G. H. Golub, C. F. Van Loan, "Matrix Computations", 4th ed. 2013, sections 5.2 and 5.5;
/// B. T. Polyak, "Some methods of speeding up the convergence of iteration methods", 1964 (momentum).
/// `penalty.l1` must be 0.
[[nodiscard]] LeastSquaresAnalysis analyse_least_squares(const DenseRows& rows, bool intercept, LossScale scale,
                                                         const loss::Penalty& penalty);

}  // namespace descent::linear

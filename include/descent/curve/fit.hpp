// Fitting a curve: parameters, and how well they are known.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "descent/core/result.hpp"
#include "descent/curve/curve.hpp"
#include "descent/curve/objective.hpp"
#include "descent/optim/minimize.hpp"
#include "descent/optim/optimizer.hpp"
#include "descent/parallel/pool.hpp"

namespace descent::curve {

struct CurveOptions {
  /// One for each parameter; nothing = to be guessed (guess_start). Empty = guess all.
  std::vector<std::optional<double>> start{};
  std::vector<Bound> bounds{};  ///< empty, or one for each parameter; low = high holds it fixed
  Optimizer optimizer{};        ///< auto is levenberg_marquardt
  Robust robust = Robust::none;
  /// s of the robust sum, in units of the residuals. 0 = the usual multiple (1.345 for huber, 2.3849 for cauchy, 4.685
  /// for tukey, 1 for soft_l1) of their spread, 1.4826 x the median of |r|, found together with the parameters.
  double robust_scale = 0.0;
  /// sigma is in the response's units and right: standard errors are not scaled by what the residuals say, and
  /// intervals are those of the normal distribution. Without sigma it has no effect.
  bool absolute_sigma = false;
  double confidence = 0.95;  ///< of the intervals
  bool profile = true;       ///< also the intervals from refits, where they cost little (kMaxProfiled)
  std::uint64_t seed = 0;    ///< of the guesses
  /// Of methods that ask for the gradient alone; 0 = all CPUs. The result does not depend on it.
  std::size_t threads = 0;
  MinimizeOptions run{.gradient_tolerance = 0.0};  ///< stopping rules, observer, stop; bounds are those above
};

/// Rows x parameters^2 up to which profile intervals are made: some hundred milliseconds.
inline constexpr double kMaxProfiled = 2e5;

struct Interval {
  double low = 0.0, high = 0.0;  ///< infinite where the sum of squares never rises enough on that side
};

struct CurveParameter {
  std::string name;
  double value = 0.0;
  std::optional<double> standard_error{};  ///< nothing where it is held by a bound, or the rows do not determine it
  std::optional<Interval> wald{};          ///< value -+ t standard errors
  std::optional<Interval> profile{};       ///< where refits with this parameter fixed are t away
  double start = 0.0;
  bool guessed = false;
  bool at_bound = false;
};

/// A fitted curve. m rows, k the rank of the Jacobian: the free parameters, where the rows determine them.
struct CurveReport {
  Result result;
  std::vector<CurveParameter> parameters;
  std::size_t rows = 0;
  std::size_t degrees_of_freedom = 0;  ///< m - k; 0 if there are no more rows than parameters
  double sum_of_squares = 0.0;         ///< sum w_i ((y_i - f_i) / sigma_i)^2, w = 1 unless robust
  double residual_sd = 0.0;            ///< sqrt(sum_of_squares / degrees_of_freedom)
  double r2 = 0.0;                     ///< 1 - sum_of_squares / sum w_i ((y_i - mean) / sigma_i)^2
  double aic = 0.0, bic = 0.0;      ///< m log(sum_of_squares / m) + 2 (k + 1), or + log(m) (k + 1): the variance counts
  std::vector<double> covariance;   ///< of the parameters; empty where it is not determined. // shape = [n x n]
  std::vector<double> correlation;  ///< NaN for parameters without a standard error. // shape = [n x n]
  double condition = 0.0;           ///< of the Jacobian, its columns divided by their lengths
  std::size_t rank = 0;
  std::vector<std::string> not_told_apart;  ///< parameters of which only combinations are determined
  double t_quantile = 0.0;                  ///< of Student's distribution, two-sided
  double robust_scale = 0.0;                ///< s in use; 0 without a robust sum
  std::size_t rows_down_weighted = 0;       ///< robust: rows that count less than half
  std::size_t starts_tried = 0;             ///< of the guess
};

/// minimise   1/2 sum_i s^2 rho(((f(x_i; p) - y_i) / (s sigma_i))^2) within bounds
/// given      curve, rows, perhaps a start
/// result     p with its certificate, covariance s^2 (J^T J)^-1 (of a robust sum Huber's), intervals, and what is not
///            determined
/// after      G. A. F. Seber, C. J. Wild, "Nonlinear Regression", 1989 (sections 2.1, 3.3 and 5.2: intervals, rank);
///            D. M. Bates, D. G. Watts, "Nonlinear Regression Analysis and Its Applications", 1988 (6.1: profile t);
///            P. J. Huber, "Robust Statistics", 1981 (weights)
///
/// Differs: scipy.optimize.curve_fit gives a covariance of infinities where this names the parameters; lmfit's
/// intervals are by an F test, which for one parameter is the same as the profile t here. Throws: Error(usage) for
/// options that do not fit the curve; Error(data) for rows that no curve can follow.
[[nodiscard]] CurveReport fit_curve(const Curve& curve, std::shared_ptr<const CurveRows> rows,
                                    const CurveOptions& options = {});

/// t with P(|T| <= t) = confidence for Student's distribution. Exact sums for up to 10,000 degrees of freedom.
/// Reference: M. Abramowitz, I. A. Stegun, "Handbook of Mathematical Functions", 1964, 26.7.3, 26.7.4 and 26.7.5.
[[nodiscard]] double student_t_quantile(double confidence, std::size_t degrees_of_freedom);

}  // namespace descent::curve

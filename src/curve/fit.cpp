#include "descent/curve/fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "descent/core/elementary.hpp"
#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "src/curve/guess.hpp"
#include "src/curve/linear_solution.hpp"
#include "src/curve/not_finite.hpp"
#include "src/curve/profile.hpp"

namespace descent::curve {
namespace {

constexpr std::size_t kRowsForThreads = 10000;  // as minimize has it: below, a pass takes less than waking a thread up
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

void check(const Curve& curve, const CurveOptions& options) {
  const std::size_t n = curve.parameters.size();
  if (!options.start.empty() && options.start.size() != n)
    throw Error(ErrorCode::usage,
                "expected " + std::to_string(n) + " values, got " + std::to_string(options.start.size()), "start");
  if (!(options.confidence > 0.0 && options.confidence < 1.0))
    throw Error(ErrorCode::usage, "must be in (0, 1), got " + number_text(options.confidence), "confidence");
  if (!(options.robust_scale >= 0.0) || !std::isfinite(options.robust_scale))
    throw Error(ErrorCode::usage, "must be > 0, or 0 for auto, got " + number_text(options.robust_scale),
                "robust_scale");
  if (options.robust_scale > 0.0 && options.robust == Robust::none)
    throw Error(ErrorCode::usage, "is of a robust sum: name one, such as huber", "robust_scale");
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  const double upper = *middle;
  return 0.5 * (upper + *std::max_element(values.begin(), middle));
}

/// 95 % of the efficiency of least squares for normal errors.
double usual_multiple(Robust robust) {
  switch (robust) {
    case Robust::huber: return 1.345;
    case Robust::cauchy: return 2.3849;
    case Robust::tukey: return 4.685;
    default: return 1.0;
  }
}

class CurveFit {
 public:
  CurveFit(const Curve& curve, CurveObjective& objective, const CurveOptions& options)
      : curve_(curve), objective_(objective), options_(options), n_(curve.parameters.size()) {}

  CurveReport run() {
    std::vector<double> start = settle_start();
    MinimizeOptions run = options_.run;
    run.bounds = options_.bounds;
    const Method method = optimizer().method;
    if (method != Method::levenberg_marquardt && method != Method::chain && run.gradient_tolerance == 0.0) {
      // These methods know no certificate but the gradient J^T r: a billionth of what its parts' lengths allow.
      run.gradient_tolerance = 1e-9 * largest_gradient(start);
    }
    if (options_.robust == Robust::none) {
      report_.result = minimize(objective_, start, optimizer(), run);
    } else {
      fit_robust(start, run);
    }
    report_.rows = objective_.num_residuals();
    settle_linear();
    for (std::size_t j = 0; j < n_; ++j) report_.parameters[j].value = report_.result.x[j];
    if (report_.result.status != Status::diverged) {
      describe();
    } else if (const std::string why = why_not_finite(curve_, objective_, report_.result.x); !why.empty()) {
      report_.result.reason = why + (report_.result.steps == 0 ? ", at the start" : "");
      report_.result.suggestion =
          "start where the curve is finite in every row, keep it there with bounds, or leave such rows out";
    }
    return std::move(report_);
  }

 private:
  [[nodiscard]] Optimizer optimizer() const {
    return options_.optimizer.method == Method::automatic ? Optimizer(Method::levenberg_marquardt) : options_.optimizer;
  }

  std::vector<double> settle_start() {
    bool complete = !options_.start.empty();
    for (std::size_t j = 0; j < n_; ++j) {
      CurveParameter parameter{.name = curve_.parameters[j]};
      parameter.guessed = options_.start.empty() || !options_.start[j].has_value();
      complete = complete && !parameter.guessed;
      report_.parameters.push_back(std::move(parameter));
    }
    std::vector<double> start(n_);
    if (complete) {
      for (std::size_t j = 0; j < n_; ++j) start[j] = *options_.start[j];
    } else {
      Guess guess = guess_start(curve_, objective_, options_, options_.bounds);
      report_.starts_tried = guess.tried;
      start = std::move(guess.start);
    }
    for (std::size_t j = 0; j < n_; ++j) report_.parameters[j].start = start[j];
    return start;
  }

  /// max_j ||J_j|| ||r|| at x; 0 if it is not finite.
  double largest_gradient(View x) {
    const std::size_t m = objective_.num_residuals(), block = objective_.rows_per_block();
    std::vector<double> residuals(block), jacobian(block * n_), columns(n_, 0.0);
    double squares = 0.0;
    for (std::size_t begin = 0; begin < m; begin += block) {
      const std::size_t rows = std::min(block, m - begin);
      objective_.residual_rows(x, begin, MutableView(residuals).first(rows), MutableView(jacobian).first(rows * n_));
      for (std::size_t i = 0; i < rows; ++i) squares += residuals[i] * residuals[i];
      for (std::size_t j = 0; j < n_; ++j)
        for (std::size_t i = 0; i < rows; ++i) columns[j] += jacobian[j * rows + i] * jacobian[j * rows + i];
    }
    const double result = std::sqrt(squares * *std::max_element(columns.begin(), columns.end()));
    return std::isfinite(result) ? result : 0.0;
  }

  /// Where the curve is linear in its parameters, the exact solution takes the place of the one found.
  void settle_linear() {
    Result& result = report_.result;
    if (options_.optimizer.method != Method::automatic || options_.robust != Robust::none || !options_.bounds.empty() ||
        (result.status != Status::converged && result.status != Status::small_change) || !result.information ||
        result.information->rank < result.information->num_free)
      return;
    const auto solution = solve_linear(curve_, objective_.rows());
    // No more than what was found, but for its rounding (Filip's terms are a million times their sum).
    const double scale = objective_.residual_scale();
    if (!solution || !(solution->sum_of_squares <= 2.2 * result.value + 0x1p-80 * scale * scale)) return;
    exact_sum_of_squares_ = solution->sum_of_squares;
    result.x = solution->x;
    result.value = objective_.evaluate(result.x, result.gradient);
    result.gradient_norm = 0.0;
    for (const double slope : result.gradient) result.gradient_norm = std::max(result.gradient_norm, std::fabs(slope));
    ++result.value_evaluations;
    ++result.gradient_evaluations;
    result.best = {.step = result.steps, .value = result.value, .x = result.x};
    result.status = Status::converged;
    result.suggestion.clear();
    result.certificate = Certificate{.kind = "exact_solution", .bound = solution->correction};
    result.reason = "the formula is linear in its parameters: solved in doubled precision, the last correction was " +
                    number_text(solution->correction, 3) + " of the solution";
    // Any start leads here.
    report_.starts_tried = 0;
    for (CurveParameter& parameter : report_.parameters) parameter.guessed = false;
  }

  /// Residuals over sigma at x, of least squares.
  [[nodiscard]] std::vector<double> plain_residuals(View x) const {
    std::vector<double> result(objective_.num_residuals());
    objective_.values(x, result);
    const auto& sigma = objective_.rows().sigma;
    for (std::size_t i = 0; i < result.size(); ++i)
      result[i] = (result[i] - objective_.response()[i]) / (sigma.empty() ? 1.0 : sigma[i]);
    return result;
  }

  /// The scale and the parameters in turns: each fit begins where the last ended.
  void fit_robust(const std::vector<double>& start, const MinimizeOptions& run) {
    double scale = options_.robust_scale;
    if (scale > 0.0) {
      report_.robust_scale = scale;
      // Sums with several minima begin at that of one that has fewer.
      std::vector<double> from = start;
      if (options_.robust == Robust::cauchy || options_.robust == Robust::tukey) {
        MinimizeOptions silent = run;
        silent.observer = {};
        objective_.set_robust(Robust::soft_l1, scale);
        const Result first = minimize(objective_, from, Optimizer(Method::levenberg_marquardt), silent);
        if (first.ok()) from = first.x;
      }
      objective_.set_robust(options_.robust, scale);
      report_.result = minimize(objective_, from, optimizer(), run);
      return;
    }
    // The first scale comes from a fit by soft_l1 at the spread of least squares: one far row must not set it.
    MinimizeOptions silent = run;
    silent.observer = {};
    std::vector<double> x = minimize(objective_, start, Optimizer(Method::levenberg_marquardt), silent).x;
    constexpr int kMaxRounds = 30;
    for (int round = 0; round < kMaxRounds; ++round) {
      std::vector<double> sizes = plain_residuals(x);
      for (double& r : sizes) r = std::fabs(r);
      const double largest = *std::max_element(sizes.begin(), sizes.end());
      double spread = 1.482602218505602 * median(std::move(sizes));
      // Half the rows on the curve: what the others do must still have a scale.
      if (!(spread > 1e-12 * objective_.residual_scale())) spread = std::max(1e-3 * largest, 1e-300);
      const double next = usual_multiple(options_.robust) * spread;
      const bool settled = round >= 2 && std::fabs(next - scale) <= 1e-6 * scale;
      if (!settled || round == 2) scale = next;
      const bool last = settled || round + 1 == kMaxRounds;
      // The first two rounds are convex: several minima come later, when the scale is known.
      const Robust robust = round < 2 && !last ? Robust::soft_l1 : options_.robust;
      objective_.set_robust(robust, scale);
      Result result =
          minimize(objective_, x, last ? optimizer() : Optimizer(Method::levenberg_marquardt), last ? run : silent);
      x = result.x;
      if (!last) continue;
      report_.result = std::move(result);
      break;
    }
    report_.robust_scale = scale;
  }

  void describe() {
    const View x = report_.result.x;
    const std::vector<double> residuals = plain_residuals(x);
    const auto& sigma = objective_.rows().sigma;
    const std::size_t m = residuals.size();
    double total_weight = 0.0, mean = 0.0;
    std::vector<double> weights(m);
    for (std::size_t i = 0; i < m; ++i) {
      const double counts = robust_residual(options_.robust, report_.robust_scale, residuals[i]).weight;
      if (counts < 0.5) ++report_.rows_down_weighted;
      report_.sum_of_squares += counts * residuals[i] * residuals[i];
      weights[i] = counts / (sigma.empty() ? 1.0 : sigma[i] * sigma[i]);
      total_weight += weights[i];
      mean += weights[i] * objective_.response()[i];
    }
    if (exact_sum_of_squares_) report_.sum_of_squares = *exact_sum_of_squares_;
    mean /= total_weight;
    double total = 0.0;
    for (std::size_t i = 0; i < m; ++i) {
      const double from_mean = objective_.response()[i] - mean;
      total += weights[i] * from_mean * from_mean;
    }
    report_.r2 = total > 0.0 ? 1.0 - report_.sum_of_squares / total : kNaN;
    describe_parameters(m);
  }

  void describe_parameters(std::size_t m) {
    double robust_variance = 0.0;
    if (options_.robust != Robust::none) {
      robust_variance = look_without_weights(m);
    } else if (!report_.result.information) {
      report_.result.information = look();  // other methods do not say
    }
    const Information& information = *report_.result.information;
    const auto rows = static_cast<double>(m), k = static_cast<double>(information.rank + 1);
    report_.degrees_of_freedom = m > information.rank ? m - information.rank : 0;
    report_.residual_sd = report_.degrees_of_freedom > 0
                              ? std::sqrt(report_.sum_of_squares / static_cast<double>(report_.degrees_of_freedom))
                              : kNaN;
    report_.aic = rows * math::log(report_.sum_of_squares / rows) + 2.0 * k;
    report_.bic = rows * math::log(report_.sum_of_squares / rows) + math::log(rows) * k;
    report_.condition = information.condition;
    report_.rank = information.rank;
    for (const std::size_t j : information.dependent) report_.not_told_apart.push_back(curve_.parameters[j]);
    for (std::size_t j = 0; j < n_; ++j) {
      if (options_.bounds.empty()) break;
      const double value = report_.parameters[j].value;
      report_.parameters[j].at_bound = value <= options_.bounds[j].low || value >= options_.bounds[j].high;
    }
    const bool absolute = options_.absolute_sigma && !objective_.rows().sigma.empty();
    if (information.rank == 0 || (report_.degrees_of_freedom == 0 && !absolute)) return;
    const double variance = options_.robust != Robust::none ? robust_variance
                            : absolute                      ? 1.0
                                                            : report_.residual_sd * report_.residual_sd;
    constexpr std::size_t kMany = 1'000'000'000'000;  // sigma is known: the normal distribution
    report_.t_quantile = student_t_quantile(options_.confidence, absolute ? kMany : report_.degrees_of_freedom);
    report_.covariance = information.inverse;
    for (double& value : report_.covariance) value *= variance;
    report_.correlation.assign(n_ * n_, kNaN);
    const auto variance_of = [&](std::size_t j) { return report_.covariance[j * n_ + j]; };
    for (std::size_t i = 0; i < n_; ++i)
      for (std::size_t j = 0; j < n_; ++j)
        if (variance_of(i) > 0.0 && variance_of(j) > 0.0)
          report_.correlation[i * n_ + j] =
              i == j ? 1.0 : report_.covariance[i * n_ + j] / (std::sqrt(variance_of(i)) * std::sqrt(variance_of(j)));
    const bool profiled = options_.profile && options_.robust == Robust::none && variance > 0.0 &&
                          rows * static_cast<double>(n_ * n_) <= kMaxProfiled &&
                          report_.result.status == Status::converged &&
                          std::sqrt(report_.sum_of_squares) > 0x1p-40 * objective_.residual_scale();  // not rounding
    for (std::size_t j = 0; j < n_; ++j) {
      if (!(variance_of(j) > 0.0)) continue;
      CurveParameter& parameter = report_.parameters[j];
      const double error = std::sqrt(variance_of(j)), half = report_.t_quantile * error;
      parameter.standard_error = error;
      parameter.wald = Interval{.low = parameter.value - half, .high = parameter.value + half};
      if (profiled && half > 0.0)
        parameter.profile = profile_interval({.objective = objective_,
                                              .optimum = report_.result,
                                              .bounds = options_.bounds,
                                              .variance = variance,
                                              .t = report_.t_quantile,
                                              .stop = options_.run.stop},
                                             j, half);
    }
  }

  /// At the solution, without a step.
  [[nodiscard]] std::optional<Information> look() {
    const MinimizeOptions run{.max_steps = 0, .bounds = options_.bounds};
    return minimize(objective_, report_.result.x, Optimizer(Method::levenberg_marquardt), run).information;
  }

  /// Puts the information of the plain residuals in place of that of the transformed ones; what its inverse is to be
  /// multiplied by for the covariance of a robust fit: K^2 sum psi^2 / (m - k) / mean(psi')^2, K = 1 + k/m var(psi') /
  /// mean(psi')^2 (Huber 1981, section 7.6).
  double look_without_weights(std::size_t m) {
    objective_.set_robust(Robust::none, 1.0);
    report_.result.information = look();
    objective_.set_robust(options_.robust, report_.robust_scale);
    double squares = 0.0, mean = 0.0, mean_squares = 0.0;
    const auto rows = static_cast<double>(m), k = static_cast<double>(report_.result.information->rank);
    for (const double r : plain_residuals(report_.result.x)) {
      const double psi = robust_residual(options_.robust, report_.robust_scale, r).weight * r;
      const double slope = robust_slope(options_.robust, report_.robust_scale, r);
      squares += psi * psi;
      mean += slope / rows;
      mean_squares += slope * slope / rows;
    }
    const double correction = 1.0 + k / rows * (mean_squares / (mean * mean) - 1.0);
    return correction * correction * squares / std::max(rows - k, 1.0) / (mean * mean);
  }

  const Curve& curve_;
  CurveObjective& objective_;
  const CurveOptions& options_;
  std::size_t n_;
  std::optional<double> exact_sum_of_squares_;  // of residuals that doubles would round
  CurveReport report_;
};

}  // namespace

CurveReport fit_curve(const Curve& curve, std::shared_ptr<const CurveRows> rows, const CurveOptions& options) {
  check(curve, options);
  std::unique_ptr<parallel::Pool> pool;
  if (rows->size() >= kRowsForThreads)
    pool = std::make_unique<parallel::Pool>(options.threads == 0 ? parallel::available_cpus() : options.threads);
  const Curve settled = settle_sums(curve, *rows);
  CurveObjective objective(settled, std::move(rows), pool.get());
  return CurveFit(settled, objective, options).run();
}

}  // namespace descent::curve

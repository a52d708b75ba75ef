#include "src/linear/smoothing.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <chrono>
#include <cmath>

#include "descent/core/text.hpp"
#include "descent/parallel/reduce.hpp"
#include "descent/simd/reduce.hpp"

namespace descent::linear {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr int kStages = 14;
constexpr int kNewtonSteps = 200;
constexpr double kBelowRounding = 1e-12;                     // of the value
constexpr double kLeastDamping = 1e-12, kMostDamping = 1.0;  // of the largest curvature
constexpr double kNarrowing = 0.1;

/// One output's problem: its targets, its loss with ramps of the present width.
class Stage {
 public:
  Stage(const LinearObjective& whole, View targets) : whole_(&whole), targets_(targets) {}

  [[nodiscard]] LinearObjective with(std::shared_ptr<const loss::Loss> loss) const {
    LinearObjective::Settings settings = whole_->settings();
    settings.pointwise = std::move(loss);
    settings.outputs = 1;
    settings.targets = targets_;
    return LinearObjective(whole_->rows(), settings);
  }

  /// c sum_i omega_i l''(s_i) x_i x_i^T, the intercept last.
  void curvature(const loss::Loss& loss, View x, Matrix& out) const {
    const DenseRows& rows = whole_->rows();
    const std::size_t features = rows.num_features();
    const bool intercept = whole_->settings().intercept;
    const std::size_t size = features + (intercept ? 1 : 0);
    const View weights = rows.weights();
    std::vector<double> sums(size * size);
    parallel::reduce_rows(
        whole_->settings().pool, rows.num_rows(), sums,
        [&](std::size_t begin, std::size_t end, std::span<double> partial) {
          for (std::size_t i = begin; i < end; ++i) {
            const double* row = rows.row(i);
            const double score = simd::dot({row, features}, x.first(features)) + (intercept ? x[features] : 0.0);
            double h = 0.0;
            loss.curvature({&score, 1}, {&targets_[i], 1}, {&h, 1});
            if (!weights.empty()) h *= weights[i];
            if (h == 0.0) continue;
            for (std::size_t a = 0; a < features; ++a) {
              const double ha = h * row[a];
              for (std::size_t b = 0; b <= a; ++b) partial[a * size + b] += ha * row[b];
            }
            if (!intercept) continue;
            for (std::size_t b = 0; b < features; ++b) partial[features * size + b] += h * row[b];
            partial[features * size + features] += h;
          }
        });
    for (std::size_t a = 0; a < size; ++a)
      for (std::size_t b = 0; b <= a; ++b) {
        const double value = whole_->scale() * sums[a * size + b];
        out(static_cast<Eigen::Index>(a), static_cast<Eigen::Index>(b)) = value;
        out(static_cast<Eigen::Index>(b), static_cast<Eigen::Index>(a)) = value;
      }
  }

  /// A value that the penalised loss never falls below, from the slopes u_i of the smoothed loss at x; needs l2 > 0.
  /// l*(u) = u s - l_smooth(s) - ramp u^2 / 2 by Fenchel's equality. The unpenalised intercept wants sum omega u = 0:
  /// the heavier sign is scaled down, which only lowers the bound (l* is convex, l*(0) = 0).
  [[nodiscard]] double lower_bound(const loss::Loss& smooth, View x) const {
    const DenseRows& rows = whole_->rows();
    const std::size_t features = rows.num_features();
    const bool intercept = whole_->settings().intercept;
    const double ramp = 1.0 / smooth.max_curvature();
    const View weights = rows.weights();
    // For each sign: its mass, its conjugate, its part of c X^T u.
    std::vector<double> sums(2 * (features + 2));
    parallel::reduce_rows(
        whole_->settings().pool, rows.num_rows(), sums,
        [&](std::size_t begin, std::size_t end, std::span<double> partial) {
          for (std::size_t i = begin; i < end; ++i) {
            const double* row = rows.row(i);
            const double score = simd::dot({row, features}, x.first(features)) + (intercept ? x[features] : 0.0);
            double value = 0.0, slope = 0.0;
            smooth.evaluate({&score, 1}, {&targets_[i], 1}, {&value, 1}, {&slope, 1});
            if (slope == 0.0) continue;
            const double weight = weights.empty() ? 1.0 : weights[i];
            double* part = partial.data() + (slope > 0.0 ? 0 : features + 2);
            part[0] += weight * std::fabs(slope);
            part[1] += weight * (slope * score - value - 0.5 * ramp * slope * slope);
            for (std::size_t j = 0; j < features; ++j) part[2 + j] += weight * slope * row[j];
          }
        });
    const double* positive = sums.data();
    const double* negative = sums.data() + features + 2;
    double keep_positive = 1.0, keep_negative = 1.0;
    if (intercept) {
      const double common = std::min(positive[0], negative[0]);
      keep_positive = positive[0] > 0.0 ? common / positive[0] : 0.0;
      keep_negative = negative[0] > 0.0 ? common / negative[0] : 0.0;
    }
    const double c = whole_->scale();
    double square = 0.0;
    for (std::size_t j = 0; j < features; ++j) {
      const double z = c * (keep_positive * positive[2 + j] + keep_negative * negative[2 + j]);
      square += z * z;
    }
    return -c * (keep_positive * positive[1] + keep_negative * negative[1]) -
           square / (2.0 * whole_->settings().penalty.l2);
  }

 private:
  const LinearObjective* whole_;
  View targets_;
};

}  // namespace

Result smoothed_newton(LinearObjective& objective, std::vector<double> start, const MinimizeOptions& options) {
  const auto began = std::chrono::steady_clock::now();
  const auto seconds = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count(); };
  const DenseRows& rows = objective.rows();
  const LinearObjective::Settings& settings = objective.settings();
  const std::size_t features = rows.num_features();
  const std::size_t outputs = settings.outputs;
  const std::size_t size = features + (settings.intercept ? 1 : 0);
  const double total_weight = rows.weights().empty() ? static_cast<double>(rows.num_rows()) : simd::sum(rows.weights());
  const bool bounded = settings.penalty.l2 > 0.0;
  const double wanted = options.gradient_tolerance_relative;

  std::vector<std::vector<double>> signs(outputs > 1 ? outputs : 0);
  std::vector<Stage> stages;
  for (std::size_t k = 0; k < outputs; ++k) {
    if (outputs > 1) {
      signs[k].resize(rows.num_rows());
      for (std::size_t i = 0; i < rows.num_rows(); ++i)
        signs[k][i] = rows.targets()[i] == static_cast<double>(k) ? 1.0 : -1.0;
    }
    stages.emplace_back(objective, outputs > 1 ? View(signs[k]) : rows.targets());
  }

  Result result;
  result.optimizer = "smoothed_newton";
  std::vector<double> x = std::move(start), gradient(x.size());
  double value = objective.evaluate(x, gradient);
  ++result.gradient_evaluations;
  result.best = {0, value, x};
  const double flat = std::max(options.gradient_tolerance, 1e-6 * simd::max_abs(gradient));
  double lower = -std::numeric_limits<double>::infinity();
  // The first ramp is as wide as the mean loss at the start, so that every row has a say.
  double width = std::max(value / (objective.scale() * total_weight * static_cast<double>(outputs)), 1e-12);
  // What a step is measured with where no row lies in a ramp and nothing is curved.
  const double first_curvature = objective.scale() * total_weight / width;
  double step_norm = 0.0;
  bool stopped = false;
  double smooth_gradient = 0.0;

  const auto out_of_time = [&] { return options.time_limit_seconds > 0.0 && seconds() >= options.time_limit_seconds; };
  const auto told_to_stop = [&] {
    if (options.stop.stop_requested()) return true;
    if (!options.observer) return false;
    StepInfo info;
    info.step = info.epoch = result.steps;
    info.seconds = seconds();
    info.objective = objective.evaluate(x, gradient);
    info.penalty = objective.last_penalty();
    info.loss = info.objective - info.penalty;
    info.gradient_norm = simd::max_abs(gradient);
    info.step_norm = step_norm;
    info.learning_rate = 1.0;
    info.x = x;
    return !options.observer(info);
  };

  Matrix hessian(static_cast<Eigen::Index>(size), static_cast<Eigen::Index>(size));
  std::vector<double> point(size), trial(size), slope(size), trial_slope(size);
  for (int stage = 0; stage < kStages && !stopped; ++stage, width *= kNarrowing) {
    const std::shared_ptr<const loss::Loss> smooth = settings.pointwise->smoothed(width);
    double bound = 0.0;
    smooth_gradient = 0.0;
    for (std::size_t k = 0; k < outputs && !stopped; ++k) {
      LinearObjective smoothed = stages[k].with(smooth);
      const auto pick = [&](std::size_t j) -> double& {
        return j < features ? x[k * features + j] : x[outputs * features + k];
      };
      for (std::size_t j = 0; j < size; ++j) point[j] = pick(j);
      double now = smoothed.evaluate(point, slope);
      ++result.gradient_evaluations;
      double damping = kLeastDamping;
      for (int newton = 0; newton < kNewtonSteps; ++newton) {
        if (told_to_stop()) {
          result.status = Status::interrupted;
          result.reason = "asked to stop after " + std::to_string(result.steps) + " steps";
          stopped = true;
          break;
        }
        if (out_of_time() || result.steps >= options.max_steps) {
          const bool time = result.steps < options.max_steps;
          result.status = time ? Status::time_limit : Status::step_limit;
          result.reason = time ? "the time limit of " + number_text(options.time_limit_seconds) + " s was reached"
                               : "made " + std::to_string(result.steps) + " steps, the limit";
          stopped = true;
          break;
        }
        stages[k].curvature(*smooth, point, hessian);
        double largest = first_curvature;
        for (Eigen::Index j = 0; j < hessian.rows(); ++j) {
          if (j < static_cast<Eigen::Index>(features)) hessian(j, j) += settings.penalty.l2;
          largest = std::max(largest, hessian(j, j));
        }
        // Rows outside the ramps have no curvature: without l2 whole directions may have none. The damping grows when a
        // step has to be cut short and fades when it does not (Levenberg and Marquardt).
        for (Eigen::Index j = 0; j < hessian.rows(); ++j) hessian(j, j) += damping * largest + 1e-300;
        const Eigen::VectorXd move =
            -hessian.ldlt().solve(Eigen::Map<const Eigen::VectorXd>(slope.data(), static_cast<Eigen::Index>(size)));
        double descent = 0.0;
        for (std::size_t j = 0; j < size; ++j) descent += slope[j] * move(static_cast<Eigen::Index>(j));
        if (!(descent < 0.0)) break;
        if (-descent <= kBelowRounding * std::fabs(now)) {
          // Values no longer tell better from worse; the gradient, which falls to zero, still does.
          for (std::size_t j = 0; j < size; ++j) trial[j] = point[j] + move(static_cast<Eigen::Index>(j));
          const double steepest = simd::max_abs(slope);
          const double there = smoothed.evaluate(trial, trial_slope);
          ++result.gradient_evaluations;
          if (!(simd::max_abs(trial_slope) < steepest)) break;
          point = trial;
          slope = trial_slope;
          now = there;
          ++result.steps;
          for (std::size_t j = 0; j < size; ++j) pick(j) = point[j];
          if (simd::max_abs(slope) <= flat * 1e-3) break;
          continue;
        }
        double length = 1.0, reached = now;
        bool better = false;
        for (int halving = 0; halving < 50 && !better; ++halving) {
          if (halving > 0) length *= 0.5;
          for (std::size_t j = 0; j < size; ++j) trial[j] = point[j] + length * move(static_cast<Eigen::Index>(j));
          reached = smoothed.value(trial);
          ++result.value_evaluations;
          better = reached <= now + 1e-4 * length * descent;
        }
        if (!better) {
          if (damping >= kMostDamping) break;
          damping *= 100.0;
          continue;
        }
        damping = length < 0.2 ? std::min(damping * 10.0, kMostDamping) : std::max(damping * 0.1, kLeastDamping);
        step_norm = std::sqrt(simd::squared_distance(trial, point));
        point = trial;
        now = smoothed.evaluate(point, slope);
        ++result.gradient_evaluations;
        ++result.steps;
        for (std::size_t j = 0; j < size; ++j) pick(j) = point[j];
      }
      smooth_gradient = std::max(smooth_gradient, simd::max_abs(slope));
      if (bounded && !stopped) bound += stages[k].lower_bound(*smooth, point);
    }
    value = objective.evaluate(x, gradient);
    ++result.gradient_evaluations;
    if (value < result.best.value) result.best = {result.steps, value, x};
    if (stopped) break;
    if (bounded) {
      lower = std::max(lower, bound);
      const double gap = std::max(result.best.value - lower, 0.0);
      if (gap <= wanted * std::fabs(result.best.value)) {
        result.status = Status::converged;
        result.certificate = Certificate{"duality_gap", gap};
        result.reason = "the objective is within " + number_text(gap, 3) + " of a proven lower bound";
        stopped = true;
      }
    } else if (width * objective.scale() * total_weight * static_cast<double>(outputs) <= wanted * std::fabs(value) &&
               smooth_gradient <= flat) {
      result.status = Status::converged;
      result.certificate = Certificate{"gradient", smooth_gradient};
      result.reason = "the loss with its kinks rounded, which differs by less than " +
                      number_text(width * objective.scale() * total_weight * static_cast<double>(outputs), 3) +
                      ", has a gradient of at most " + number_text(smooth_gradient, 3);
      stopped = true;
    }
  }
  if (!stopped) {
    result.status = Status::small_change;
    result.reason = bounded ? "the kinks are as sharp as numbers allow; the objective is within " +
                                  number_text(result.best.value - lower, 3) + " of a proven lower bound"
                            : "the kinks are as sharp as numbers allow";
  }
  result.x = result.best.x;
  result.gradient.resize(x.size());
  result.value = objective.evaluate(result.x, result.gradient);
  result.gradient_norm = simd::max_abs(result.gradient);
  result.learning_rate = 1.0;
  result.epochs = result.steps;
  result.seconds = seconds();
  return result;
}

}  // namespace descent::linear

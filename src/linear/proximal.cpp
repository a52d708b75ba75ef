#include "src/linear/proximal.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "descent/core/text.hpp"
#include "descent/simd/reduce.hpp"

namespace descent::linear {
namespace {

/// The smallest element of the subdifferential at x. // shape = [n]
void smallest_subgradient(View x, View gradient, double l1, std::size_t penalised, MutableView out) {
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double g = gradient[i];
    if (i >= penalised)
      out[i] = g;
    else if (x[i] != 0.0)
      out[i] = g + std::copysign(l1, x[i]);
    else
      out[i] = std::fabs(g) <= l1 ? 0.0 : g - std::copysign(l1, g);
  }
}

}  // namespace

Result proximal_gradient(Objective& smooth, double l1, std::size_t penalised, std::vector<double> start,
                         double first_step, const MinimizeOptions& options) {
  const auto began = std::chrono::steady_clock::now();
  const auto seconds = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count(); };
  const std::size_t size = start.size();
  const loss::Penalty kink{.l1 = l1};
  const auto penalty_at = [&](View x) { return kink.value(x.first(penalised)); };

  Result result;
  result.optimizer = "proximal_gradient";
  std::vector<double> x = std::move(start), next(size), y, gradient_x(size), gradient_y(size), subgradient(size);
  double smooth_x = smooth.evaluate(x, gradient_x);
  double smooth_penalty = smooth.last_penalty();
  ++result.gradient_evaluations;
  ++result.value_evaluations;
  double value = smooth_x + penalty_at(x);
  double momentum = 1.0;
  double step = first_step > 0.0 && std::isfinite(first_step) ? first_step : 1.0;
  double step_norm = 0.0;
  result.best = {0, value, x};
  y = x;
  gradient_y = gradient_x;
  double smooth_y = smooth_x;
  bool at_y = true;  // smooth_y and gradient_y belong to y

  for (;;) {
    smallest_subgradient(x, gradient_x, l1, penalised, subgradient);
    result.gradient_norm = simd::max_abs(subgradient);
    if (!std::isfinite(value) || !simd::all_finite(subgradient)) {
      result.status = Status::diverged;
      result.reason = "the objective or its gradient is not finite at step " + std::to_string(result.steps);
      result.fault = Fault{result.steps, std::isfinite(value) ? "gradient" : "objective", std::nullopt};
      break;
    }
    if (result.gradient_norm <= options.gradient_tolerance) {
      result.status = Status::converged;
      result.certificate = Certificate{"gradient", result.gradient_norm};
      result.reason = "the largest component of the smallest subgradient, " + number_text(result.gradient_norm, 3) +
                      ", is not above " + number_text(options.gradient_tolerance, 3);
      break;
    }
    if (result.steps >= options.max_steps) {
      result.status = Status::step_limit;
      result.reason = "made " + std::to_string(result.steps) + " steps, the limit";
      break;
    }
    if (options.time_limit_seconds > 0.0 && seconds() >= options.time_limit_seconds) {
      result.status = Status::time_limit;
      result.reason = "the time limit of " + number_text(options.time_limit_seconds) + " s was reached";
      break;
    }
    bool asked = options.stop.stop_requested();
    if (!asked && options.observer) {
      StepInfo info;
      info.step = info.epoch = result.steps;
      info.seconds = seconds();
      info.objective = value;
      info.penalty = smooth_penalty + penalty_at(x);
      info.loss = value - info.penalty;
      info.gradient_norm = result.gradient_norm;
      info.step_norm = step_norm;
      info.learning_rate = step;
      info.x = x;
      asked = !options.observer(info);
    }
    if (asked) {
      result.status = Status::interrupted;
      result.reason = "asked to stop after " + std::to_string(result.steps) + " steps";
      break;
    }

    if (!at_y) {
      smooth_y = smooth.evaluate(y, gradient_y);
      ++result.gradient_evaluations;
      ++result.value_evaluations;
    }
    // A step that was too careful can grow again; one doubling in eight steps costs one failed trial at most.
    if (result.steps % 8 == 7) step *= 2.0;
    double smooth_next = 0.0;
    bool accepted = false;
    for (int trial = 0; trial < 200 && !accepted; ++trial) {
      for (std::size_t i = 0; i < size; ++i) next[i] = y[i] - step * gradient_y[i];
      kink.prox(step, std::span<double>(next).first(penalised));
      smooth_next = smooth.evaluate(next, gradient_x);
      ++result.gradient_evaluations;
      ++result.value_evaluations;
      double linear = 0.0, square = 0.0, slope_change = 0.0;
      for (std::size_t i = 0; i < size; ++i) {
        const double d = next[i] - y[i];
        linear += gradient_y[i] * d;
        square += d * d;
        slope_change += (gradient_x[i] - gradient_y[i]) * d;
      }
      // Near the minimum the difference of two values is all rounding; the change of the gradient still tells.
      const double rounding = 1e-13 * (std::fabs(smooth_y) + std::fabs(smooth_next));
      const double excess = smooth_next - smooth_y - linear;
      accepted = (std::fabs(excess) > rounding ? excess <= 0.5 * square / step : slope_change <= square / step) ||
                 square == 0.0;
      if (!accepted) step *= 0.5;
    }
    if (!accepted) {
      result.status = Status::line_search_failed;
      result.reason = "no step, however small, kept the loss below its quadratic bound";
      break;
    }

    // Restart when the momentum points uphill.
    double uphill = 0.0, moved = 0.0;
    for (std::size_t i = 0; i < size; ++i) {
      uphill += (y[i] - next[i]) * (next[i] - x[i]);
      moved += (next[i] - x[i]) * (next[i] - x[i]);
    }
    const double next_momentum = 0.5 * (1.0 + std::sqrt(1.0 + 4.0 * momentum * momentum));
    const double carry = uphill > 0.0 ? 0.0 : (momentum - 1.0) / next_momentum;
    momentum = uphill > 0.0 ? 1.0 : next_momentum;
    for (std::size_t i = 0; i < size; ++i) y[i] = next[i] + carry * (next[i] - x[i]);
    x = next;
    at_y = carry == 0.0;
    if (at_y) {
      gradient_y = gradient_x;
      smooth_y = smooth_next;
    }
    ++result.steps;
    step_norm = std::sqrt(moved);
    smooth_penalty = smooth.last_penalty();
    const double before = value;
    value = smooth_next + penalty_at(x);
    if (value < result.best.value) result.best = {result.steps, value, x};
    const bool small_step = options.step_tolerance > 0.0 && step_norm <= options.step_tolerance;
    const bool small_value = options.value_tolerance > 0.0 && std::fabs(value - before) <= options.value_tolerance;
    if (small_step || small_value) {
      smallest_subgradient(x, gradient_x, l1, penalised, subgradient);
      result.gradient_norm = simd::max_abs(subgradient);
      result.status = Status::small_change;
      result.reason = small_step ? "the last step, " + number_text(step_norm, 3) + ", is not above " +
                                       number_text(options.step_tolerance)
                                 : "the last change of the objective, " + number_text(std::fabs(value - before), 3) +
                                       ", is not above " + number_text(options.value_tolerance);
      break;
    }
  }
  result.x = x;
  result.value = value;
  result.gradient = subgradient;
  result.learning_rate = step;
  result.epochs = result.steps;
  result.seconds = seconds();
  return result;
}

}  // namespace descent::linear

#include "src/optim/run.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/optim/search_base.hpp"
#include "src/optim/first_gradient.hpp"
#include "src/optim/stable_rate.hpp"
#include "src/optim/truncated_newton.hpp"

namespace descent {
namespace {

constexpr int kDigits = 6;  // of numbers in sentences
constexpr double kRounding = LineSearchOptions{}.rounding;
constexpr double kLargestGradient = 1e100;  // the squares of more, times curvature, are not finite
constexpr const char* kFallsWithoutEnd =
    "the objective falls without end, so it has no minimum: bound the parameters, or start elsewhere";

std::string steps_text(std::uint64_t steps) {
  return count_text(static_cast<double>(steps)) + (steps == 1 ? " update" : " updates");
}

std::optional<std::size_t> first_not_finite(View values) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isfinite(values[i])) return i;
  return std::nullopt;
}

void check_tolerance(double value, const char* name) {
  if (value >= 0.0 && std::isfinite(value)) return;
  throw Error(ErrorCode::usage, "must be a number >= 0 (0 switches it off), got " + number_text(value), name);
}

}  // namespace

void check_options(const MinimizeOptions& options, std::size_t num_parameters) {
  check_tolerance(options.gradient_tolerance, "gradient_tolerance");
  check_tolerance(options.gradient_tolerance_relative, "gradient_tolerance_relative");
  check_tolerance(options.step_tolerance, "step_tolerance");
  check_tolerance(options.step_tolerance_relative, "step_tolerance_relative");
  check_tolerance(options.step_tolerance_component, "step_tolerance_component");
  check_tolerance(options.value_tolerance, "value_tolerance");
  check_tolerance(options.value_tolerance_relative, "value_tolerance_relative");
  check_tolerance(options.time_limit_seconds, "time_limit_seconds");
  if (options.term != nullptr && !options.term->is_separable() && !options.bounds.empty())
    throw Error(ErrorCode::usage,
                "the proximal map of " + options.term->text() + " within bounds is not known: leave out one of them",
                "bounds");
  if (options.bounds.empty()) return;
  if (options.bounds.size() != num_parameters)
    throw Error(ErrorCode::usage,
                "must be empty or one for each of the " + std::to_string(num_parameters) + " parameters, got " +
                    std::to_string(options.bounds.size()),
                "bounds");
  for (const Bound& bound : options.bounds)
    if (!(bound.low <= bound.high) || bound.low == std::numeric_limits<double>::infinity() ||
        bound.high == -std::numeric_limits<double>::infinity())
      throw Error(
          ErrorCode::usage,
          "the low end must be <= the high end, got " + number_text(bound.low) + " and " + number_text(bound.high),
          "bounds");
}

bool falls_without_end(const Result& result) {
  return result.status == Status::diverged || result.suggestion == kFallsWithoutEnd;
}

Run::Run(Objective& objective, const MinimizeOptions& options, std::string optimizer)
    : objective_(objective),
      options_(options),
      region_(options.bounds, options.term.get()),
      started_(std::chrono::steady_clock::now()) {
  check_options(options, objective.num_parameters());
  result_.optimizer = std::move(optimizer);
  result_.gradient_source = objective.gradient_source();
  result_.hessian_source = objective.hessian_source();
  const bool judges_step =
      options.step_tolerance > 0 || options.step_tolerance_relative > 0 || options.step_tolerance_component > 0;
  needs_previous_ = judges_step || options.observer;
  judges_value_ = options.value_tolerance > 0 || options.value_tolerance_relative > 0;
}

Point Run::begin(std::vector<double> start) {
  const std::size_t n = objective_.num_parameters();
  if (start.size() != n)
    throw Error(ErrorCode::usage, "must have " + std::to_string(n) + " values, got " + std::to_string(start.size()),
                "start");
  if (const auto i = first_not_finite(start))
    throw Error(ErrorCode::usage,
                "must be finite, got " + objective_.parameter_name(*i) + " = " + number_text(start[*i]), "start");
  Point point;
  point.x = std::move(start);
  point.gradient.assign(n, 0.0);
  region_.project(point.x);
  evaluate(point);
  keep_best(point);
  if (options_.check_gradient && objective_.wants_gradient_check()) check_gradient(point);
  if (!std::isfinite(point.value) || !std::isfinite(point.gradient_norm)) {
    end_diverged(point);
  } else if (meets_gradient_test(point)) {
    end_converged(point);
  } else if (options_.max_steps == 0) {
    end_at_step_limit();
  }
  return point;
}

void Run::check_gradient(const Point& start) {
  const auto value = [this](View x) {
    count_value();
    return objective_.value(x);
  };
  const auto wrong = wrong_slope(value, start, options_.bounds, region_.has_set());
  if (!wrong) return;
  throw Error(
      ErrorCode::usage,
      "is wrong at the start: the slope along " + objective_.parameter_name(wrong->coordinate) + " is " +
          number_text(wrong->given, kDigits) + " as given and " + number_text(wrong->found, kDigits) +
          " by differences (where the function is meant to differ from its gradient, switch check_gradient off)",
      "gradient");
}

void Run::keep_best(const Point& point) {
  result_.best.step = result_.steps;
  result_.best.value = point.value;
  result_.best.x.resize(point.x.size());
  copy_vector(point.x, result_.best.x);
}

bool Run::observe(const Point& point, double learning_rate) {
  const double penalty = point.penalty + (region_.adds_term() ? point.value - point.smooth : 0.0);
  const std::vector<std::string> no_names;
  if (state_ != nullptr) state_->values_in_force(values_);
  const bool goes_on = observer_time_.time([&] {
    return options_.observer({.step = result_.steps,
                              .epoch = counts_epochs_ ? result_.steps : result_.epochs,
                              .seconds = seconds(),
                              .objective = point.value,
                              .loss = point.value - penalty,
                              .penalty = penalty,
                              .gradient_norm = point.gradient_norm,
                              .step_norm = step_norm_,
                              .learning_rate = learning_rate,
                              .x = point.x,
                              .value_names = state_ == nullptr ? no_names : state_->value_names(),
                              .values = values_});
  });
  return goes_on || end_interrupted("the observer asked to stop");
}

bool Run::end_small_change(const char* what, double amount, const char* option, double tolerance) {
  return end(Status::small_change, std::string(what) + number_text(amount, kDigits) + " <= " + option + " " +
                                       number_text(tolerance, kDigits) + " in update " +
                                       count_text(static_cast<double>(result_.steps)));
}

bool Run::judge_move(View x, View previous_x) {
  step_norm_ = std::sqrt(simd::squared_distance(x, previous_x));
  if (options_.step_tolerance > 0 && step_norm_ <= options_.step_tolerance)
    return end_small_change("the move was ", step_norm_, "step_tolerance", options_.step_tolerance);
  if (options_.step_tolerance_relative > 0) {
    const double size = std::sqrt(simd::squared_norm(x));
    if (step_norm_ <= options_.step_tolerance_relative * size)
      return end_small_change("the move over the length of x was ", size > 0 ? step_norm_ / size : 0.0,
                              "step_tolerance_relative", options_.step_tolerance_relative);
  }
  if (options_.step_tolerance_component > 0) {
    double largest = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) largest = std::max(largest, std::fabs(x[i] - previous_x[i]));
    if (largest <= options_.step_tolerance_component)
      return end_small_change("the largest component of the move was ", largest, "step_tolerance_component",
                              options_.step_tolerance_component);
  }
  return true;
}

bool Run::judge_value(double value, double previous_value) {
  const double change = std::fabs(value - previous_value);
  if (options_.value_tolerance > 0 && change <= options_.value_tolerance)
    return end_small_change("the objective changed by ", change, "value_tolerance", options_.value_tolerance);
  const double size = std::max(std::fabs(value), std::fabs(previous_value));
  if (options_.value_tolerance_relative > 0 && change <= options_.value_tolerance_relative * size)
    return end_small_change("the objective's relative change was ", size > 0 ? change / size : 0.0,
                            "value_tolerance_relative", options_.value_tolerance_relative);
  return true;
}

bool Run::end(Status status, std::string reason, std::string suggestion) {
  ended_ = true;
  result_.status = status;
  result_.reason = std::move(reason);
  result_.suggestion = std::move(suggestion);
  return false;
}

bool Run::end_converged(const Point& point) {
  result_.certificate = Certificate{.kind = "gradient", .bound = point.gradient_norm};
  const bool absolute = options_.gradient_tolerance > 0 && point.gradient_norm <= options_.gradient_tolerance;
  const std::string what = region_.empty()       ? "the gradient's"
                           : region_.adds_term() ? "the smallest subgradient's"
                                                 : "the projected gradient's";
  return end(Status::converged,
             what + " largest component is " + number_text(point.gradient_norm, kDigits) +
                 (absolute ? " <= gradient_tolerance " + number_text(options_.gradient_tolerance, kDigits)
                           : " <= gradient_tolerance_relative " +
                                 number_text(options_.gradient_tolerance_relative, kDigits) + " x max(1, |f|)") +
                 (result_.steps == 0 ? " at the start" : " after " + steps_text(result_.steps)));
}

bool Run::end_certified(Certificate certificate, const std::string& reason) {
  result_.certificate = std::move(certificate);
  return end(Status::converged,
             reason + (result_.steps == 0 ? " at the start" : ", after " + steps_text(result_.steps)));
}

bool Run::end_diverged(const Point& point, const char* where) {
  Fault fault{.step = result_.steps, .what = "objective", .coordinate = std::nullopt};
  if (const auto x = first_not_finite(point.x)) {
    fault.what = "parameter";
    fault.coordinate = x;
  } else {
    if (std::isfinite(point.value)) fault.what = "gradient";
    fault.coordinate = first_not_finite(point.gradient);
  }
  std::string subject = "the " + fault.what;
  if (fault.coordinate) {
    const std::string name = objective_.parameter_name(*fault.coordinate);
    subject = fault.what == "parameter"  ? "the parameter " + name
              : fault.what == "gradient" ? "the gradient's component for " + name
                                         : "the objective (and the gradient's component for " + name + ")";
  }
  result_.fault = fault;
  return end(
      Status::diverged,
      subject + " is not finite " +
          (result_.steps == 0 ? "at the start" : "after update " + count_text(static_cast<double>(result_.steps))) +
          where);
}

void Run::hessian_product(View x, View v, MutableView product) {
  objective_time_.time([&] { objective_.hessian_product(x, v, product); });
  ++result_.hessian_products;
  if (result_.hessian_source == GradientSource::numeric) count_evaluations(2);
}

bool Run::end_unbounded(const Point& point) {
  return end(Status::line_search_failed,
             "no minimum is in sight: f has come to " + number_text(point.value, kDigits) + " after " +
                 steps_text(result_.steps) + " and still falls (the gradient's largest component is " +
                 number_text(point.gradient_norm, kDigits) + ")",
             kFallsWithoutEnd);
}

bool Run::end_without_step(const Point& point) {
  if (point.gradient_norm == 0.0) {
    result_.certificate = Certificate{.kind = "gradient", .bound = 0.0};
    return end(Status::converged, "the gradient is exactly 0 after " + steps_text(result_.steps));
  }
  if (point.gradient_norm > kLargestGradient) return end_unbounded(point);
  if (const auto gap = region_.gap(point.x, point.gradient)) {
    // Rounding of the two sums that the gap is the difference of.
    const double size = std::fabs(point.value) + 2.0 * std::fabs(simd::dot(point.gradient, point.x));
    if (*gap <= kRounding * size)
      return end_certified({.kind = "rounding", .bound = std::max(*gap, 0.0) / size},
                           "no step lowers f by more than rounding: within " + region_.term_text() +
                               " the gradient promises " + number_text(std::max(*gap, 0.0), 3));
  } else if (const auto decrease = decrease_in_sight(*this, point); decrease && *decrease <= kRounding)
    return end_certified({.kind = "rounding", .bound = *decrease},
                         "no step lowers f by more than rounding: Newton's would by " + number_text(*decrease, 3) +
                             " |f|; the gradient's largest component is " + number_text(point.gradient_norm, 3));
  return end(Status::line_search_failed,
             "no step along the negative gradient lowers f any more; the gradient's largest component is " +
                 number_text(point.gradient_norm, kDigits),
             "if that is small for values of this size, rounding ends the search: use a gradient tolerance above it; "
             "else the gradient may be wrong, or f has a kink here");
}

bool Run::end_at_step_limit() {
  return end(Status::step_limit, "the limit of " + steps_text(options_.max_steps) + " was reached");
}

bool Run::end_at_time_limit() {
  return end(Status::time_limit, "the limit of " + number_text(options_.time_limit_seconds) +
                                     " seconds was reached after " + steps_text(result_.steps));
}

/// What to do where a limit ended the run.
std::string Run::advise_at_limit(const Point& last) {
  const std::string more = result_.status == Status::time_limit ? "time" : "steps";
  if (chain_ != nullptr && region_.has_set() && is_scale_free(*chain_))
    return "a rule that scales each parameter by itself, projected onto " + region_.term_text() +
           ", need not end at a minimum: sgd, momentum, nesterov, spectral_gradient and fista do";
  const bool judges_steps = chain_ != nullptr && !samples_rows_;
  if (judges_steps && result_.steps >= 2 && result_.best.step == 0 && last.value >= result_.best.value) {
    const RateAdvice advice = advise_rate(objective_, chain_, result_.best.x, result_.learning_rate);
    count_evaluations(advice.evaluations);
    return "the objective is no lower than where it began; " + advice.text;
  }
  if (judges_steps && result_.steps >= 10 && result_.best.step < result_.steps / 2)
    return "no update since " + count_text(static_cast<double>(result_.best.step)) +
           " reached a lower value, so more of the same will not help; use a learning rate that falls, such as "
           "cosine(" +
           number_text(result_.learning_rate, kDigits) + ", " + number_text(static_cast<double>(options_.max_steps)) +
           "), or the optimizer auto";
  if (samples_rows_) return "allow more epochs";
  return "allow more " + more + (chain_ != nullptr ? ", or try the optimizer auto" : "");
}

void Run::report_solution(Point& last, std::vector<double> solution) {
  if (result_.status == Status::diverged || result_.steps == 0) return;
  if (state_ != nullptr)
    if (const std::string idle = state_->idle_average(); !idle.empty())
      result_.reason += "; the average of " + idle + " had not begun, so x is the last iterate";
  if (solution == last.x) return;
  Point average{.x = std::move(solution), .gradient = std::vector<double>(last.x.size())};
  region_.project(average.x);
  evaluate(average);
  if (!std::isfinite(average.value) || !std::isfinite(average.gradient_norm)) {
    result_.reason += "; the objective is not finite at the average, so x is the last iterate";
    return;
  }
  if (average.value < result_.best.value) keep_best(average);
  if (meets_gradient_test(average)) {
    if (result_.status != Status::interrupted) end_converged(average);
  } else if (result_.status == Status::converged) {
    result_.reason += "; its average does not meet the test yet, so x is the last iterate";
    return;
  }
  result_.iterate = std::move(last.x);
  last = std::move(average);
}

Result Run::finish(Point last) {
  if (forgives_ && result_.status != Status::diverged &&
      !(std::isfinite(last.value) && std::isfinite(last.gradient_norm)))
    end_diverged(last);
  if (result_.suggestion.empty()) {
    const std::string size = "the gradient's largest component is still " + number_text(last.gradient_norm, 3);
    switch (result_.status) {
      case Status::diverged:
        if (result_.steps == 0) {
          result_.suggestion = "start where the objective and its gradient are finite";
        } else if (last.value == -std::numeric_limits<double>::infinity()) {
          result_.suggestion = kFallsWithoutEnd;
        } else {
          const RateAdvice advice = advise_rate(objective_, chain_, result_.best.x, result_.learning_rate);
          count_evaluations(advice.evaluations);
          result_.suggestion = advice.text;
        }
        break;
      case Status::step_limit:
      case Status::time_limit:
        if (last.gradient_norm > options_.gradient_tolerance && result_.steps > 0)
          result_.suggestion = size + ": " + advise_at_limit(last);
        break;
      case Status::small_change:
        if (last.gradient_norm > options_.gradient_tolerance)
          result_.suggestion = "a small change proves no minimum: " + size +
                               "; a gradient tolerance alone (other tolerances 0) gives a certificate";
        break;
      default: break;
    }
  }
  result_.x = std::move(last.x);
  result_.gradient = std::move(last.gradient);
  result_.value = last.value;
  result_.gradient_norm = last.gradient_norm;
  if (counts_epochs_) result_.epochs = result_.steps;
  result_.seconds = seconds();
  result_.objective_seconds = std::min(objective_time_.seconds(), result_.seconds);
  result_.observer_seconds = std::min(observer_time_.seconds(), result_.seconds - result_.objective_seconds);
  return std::move(result_);
}

}  // namespace descent

#include "src/linear/run_setup.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/optim/schedule_shape.hpp"
#include "descent/simd/reduce.hpp"
#include "src/linear/rate_trial.hpp"

namespace descent::linear {
namespace {

constexpr double kGradientTolerance = 1e-8;  // of the gradient at the start

using Clock = std::chrono::steady_clock;

}  // namespace

MinimizeOptions run_options(const LinearOptions& options, double gradient_scale, bool textbook_limit) {
  MinimizeOptions run;
  const bool limited = options.max_steps > 0 || options.max_epochs > 0;
  // Who says how many updates to make gets exactly as many, to the last bit; otherwise a gradient of 1e-8 of the
  // first one is where rounding begins to matter.
  run.gradient_tolerance = options.gradient_tolerance.value_or(
      textbook_limit && limited ? 0.0 : std::max(kGradientTolerance * gradient_scale, 1e-300));
  run.gradient_tolerance_relative = options.gradient_tolerance_relative;
  run.step_tolerance = options.step_tolerance;
  run.step_tolerance_relative = options.step_tolerance_relative;
  run.step_tolerance_component = options.step_tolerance_component;
  run.value_tolerance = options.value_tolerance;
  run.value_tolerance_relative = options.value_tolerance_relative;
  run.time_limit_seconds = options.time_limit_seconds;
  run.observer = options.observer;
  run.stop = options.stop_token;
  return run;
}

std::uint64_t step_limit(const LinearOptions& options, std::uint64_t steps_per_epoch, std::uint64_t fallback) {
  if (options.max_steps == 0 && options.max_epochs == 0) return fallback;
  std::uint64_t limit = options.max_steps > 0 ? options.max_steps : std::numeric_limits<std::uint64_t>::max();
  if (options.max_epochs > 0 && options.max_epochs < limit / steps_per_epoch)
    limit = options.max_epochs * steps_per_epoch;
  return limit;
}

bool is_plain_sgd(const Optimizer& optimizer) {
  return optimizer.method == Method::chain && is_plain_descent(optimizer.chain);
}

bool has_auto_rate(const Optimizer& optimizer) {
  if (optimizer.method == Method::gradient_descent) return true;
  if (is_variance_reduced(optimizer.method)) return optimizer.learning_rate == 0.0;
  if (optimizer.method != Method::chain) return false;
  const Schedule* rate = optimizer.chain.learning_rate();
  return rate != nullptr && rate->is_auto();
}

std::string start_from_constant(const SolveInput& in, std::vector<double>& start) {
  if (in.options->start.kind != StartKind::automatic || !in.options->intercept || in.problem->outputs != 1) return {};
  if (in.problem->task != Task::regression) return {};
  const View targets = in.objective->rows().targets();
  const View weights = in.objective->rows().weights();
  const double total = weights.empty() ? static_cast<double>(targets.size()) : simd::sum(weights);
  start.back() = (weights.empty() ? simd::sum(targets) : simd::dot(targets, weights)) / total;
  return "the intercept starts at the mean of the target, " + number_text(start.back(), 6);
}

Chain settle_rate(const SolveInput& in, const Chain& chain, const RateInput& input, SolveOutput& out) {
  const LinearOptions& options = *in.options;
  const Schedule* given = chain.learning_rate();
  if (given == nullptr && options.schedule.empty()) return chain;
  if (given == nullptr)
    throw Error(ErrorCode::usage, "the chain " + quoted(to_text(chain)) + " has no rule with a learning rate to shape",
                "schedule");
  const double updates = static_cast<double>(std::max<std::uint64_t>(input.updates, 1));
  if (!options.schedule.empty() && !given->is_auto() && !given->is_constant())
    throw Error(ErrorCode::usage,
                "the learning rate has a schedule of its own already, " + to_text(*given) +
                    ": give a number or auto as the rate, or leave out the schedule " + quoted(options.schedule),
                "schedule");
  const auto shaped = [&](double rate, double length) -> Schedule {
    if (!options.schedule.empty()) return shape_schedule(options.schedule, rate, length);
    return input.anneal && !keeps_rate(chain) ? cosine(rate, length) : constant(rate);
  };
  if (!given->is_auto()) {
    if (options.schedule.empty()) return chain;
    return with_learning_rate(chain, shaped((*given)(0), updates));
  }

  const auto began = Clock::now();
  const TrialOutput trial = try_rates({.objective = in.objective,
                                       .whole = input.whole != nullptr ? input.whole : in.objective,
                                       .chain = &chain,
                                       .start = &in.start,
                                       .schedule = shaped,
                                       .batch = input.batch,
                                       .updates = input.updates,
                                       .shuffle = options.shuffle,
                                       .seed = options.seed,
                                       .goes_on = [&] {
                                         return !options.stop_token.stop_requested() &&
                                                (options.time_limit_seconds <= 0.0 ||
                                                 std::chrono::duration<double>(Clock::now() - began).count() <
                                                     0.5 * options.time_limit_seconds);
                                       }});
  out.trial_seconds = std::chrono::duration<double>(Clock::now() - began).count();
  out.result.value_evaluations += trial.updates + trial.evaluations;
  out.result.gradient_evaluations += trial.updates;
  const Schedule rate = shaped(trial.rate, updates);
  out.remarks.push_back("learning rate auto: " + (rate.is_constant() ? number_text(trial.rate, 3) : to_text(rate)) +
                        ", the best of " + std::to_string(trial.trials) + " rates tried in short runs (" +
                        count_text(static_cast<double>(trial.updates)) + " updates in all)");
  if (response_of(chain).decays)
    out.remarks.emplace_back(
        "the optimizer decays all parameters, the intercept too, so it does not end at the minimum of the objective; "
        "one without, and --penalty l2:..., does");
  return with_learning_rate(chain, rate);
}

}  // namespace descent::linear

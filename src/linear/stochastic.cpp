#include "src/linear/stochastic.hpp"

#include <algorithm>
#include <cmath>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/simd/reduce.hpp"
#include "src/linear/early_stopping.hpp"
#include "src/linear/rate_trial.hpp"
#include "src/linear/run_setup.hpp"

namespace descent::linear {
namespace {

constexpr std::uint64_t kDefaultEpochs = 100;
constexpr std::uint64_t kDefaultUpdates = 1'000;  // at least: 100 epochs of two large batches are too few for anything

double gradient_scale(LinearObjective& objective, const std::vector<double>& start) {
  std::vector<double> gradient(start.size());
  return std::isfinite(objective.evaluate(start, gradient)) ? simd::max_abs(gradient) : 0.0;
}

}  // namespace

SolveOutput solve_batches(SolveInput in, Optimizer optimizer, std::size_t batch) {
  const LinearOptions& options = *in.options;
  const std::size_t rows = in.objective->num_terms();
  const std::uint64_t per_epoch = (rows + batch - 1) / batch;
  SolveOutput out;
  out.batch_size = batch;

  SumOptions run;
  run.batch_size = batch;
  run.shuffle = options.shuffle;
  run.seed = options.seed;
  run.max_epochs = options.max_epochs;
  run.run = run_options(options, 0.0, true);
  run.run.max_steps = step_limit(options, per_epoch,
                                 per_epoch * std::max(kDefaultEpochs, (kDefaultUpdates + per_epoch - 1) / per_epoch));

  if (optimizer.method == Method::automatic) optimizer = adam(Schedule::automatic());
  if (optimizer.method == Method::gradient_descent) optimizer = sgd(Schedule::automatic());
  const bool reduces_variance = is_variance_reduced(optimizer.method);
  if (optimizer.method != Method::chain && !reduces_variance)
    throw Error(ErrorCode::usage, to_text(optimizer) + " needs all rows in every step; leave out the batch size",
                "batch_size");
  if (reduces_variance && !options.schedule.empty())
    throw Error(ErrorCode::usage,
                to_text(optimizer) + " converges with a constant rate: the schedule " + quoted(options.schedule) +
                    " is for sgd, adam or another chain",
                "schedule");
  const bool chosen = has_auto_rate(optimizer);
  if (chosen) {
    run.weigh_partial_batch = true;
    if (std::string remark = start_from_constant(in, in.start); !remark.empty()) out.remarks.push_back(remark);
  }
  // The gradient of all rows costs a pass; without a tolerance asked for, stochastic passes do not pay it. svrg and
  // sarah have it anyway.
  if (reduces_variance && optimizer.method != Method::saga)
    run.run.gradient_tolerance = run_options(options, gradient_scale(*in.objective, in.start), true).gradient_tolerance;
  else if (!options.gradient_tolerance)
    run.run.gradient_tolerance = 0.0;
  if (!reduces_variance)
    optimizer = settle_rate(in, optimizer.chain, {.batch = batch, .updates = run.run.max_steps}, out);
  if (reduces_variance && in.problem->penalty.l1 > 0.0)
    out.remarks.push_back(
        "l1 enters through its subgradient here, which gives no exact zeros and no exact minimum; all "
        "rows with --optimizer auto do");
  if (chosen && !reduces_variance && rows % batch != 0)
    out.remarks.push_back("the last batch of an epoch has " + std::to_string(rows % batch) + " rows of " +
                          std::to_string(batch) + ", and its gradient counts as much");
  if (chosen && options.time_limit_seconds > 0.0)
    run.run.time_limit_seconds = std::max(1e-9, options.time_limit_seconds - out.trial_seconds);

  EarlyStopping watch(options.early_stopping ? in.held_out : nullptr, options.patience);
  if (watch.active()) {
    watch.look(in.start, 0, 0);
    run.on_epoch = [&](const EpochInfo& info) { return watch.look(info.x, info.epoch, info.step); };
    run.epoch_stop_reason = watch.stop_reason();
  }
  if (options.on_plan) options.on_plan(run.run.max_steps);
  const Result trials = std::move(out.result);
  out.result = minimize_sum(*in.objective, in.start, optimizer, run);
  if (chosen && reduces_variance)
    out.remarks.push_back("learning rate auto: " + number_text(out.result.learning_rate, 3) + " = 1 / (" +
                          (optimizer.method == Method::saga ? "3" : "2") +
                          " L), L the largest Lipschitz constant met of a batch's gradient");
  out.result.value_evaluations += trials.value_evaluations;
  out.result.gradient_evaluations += trials.gradient_evaluations;
  out.best_epoch = static_cast<double>(out.result.best.step) / static_cast<double>(per_epoch);
  if (watch.active()) {
    if (watch.stopped()) out.result.suggestion.clear();  // it ended as it was asked to
    out.remarks.push_back(watch.give_back(*in.objective, out.result));
    out.best_epoch = static_cast<double>(watch.best_epoch());
  }
  if (out.result.steps > 0 && (out.result.status == Status::diverged || out.result.best.step == 0)) {
    // Corrected batches bear what plain descent on them does.
    const ChainResponse response = response_of(reduces_variance ? sgd(1.0) : optimizer.chain);
    const double curvature = response.scale_free ? 0.0 : batch_curvature(*in.objective, batch);
    if (curvature > 0.0 && std::isfinite(curvature)) out.safe_batch_rate = 0.5 / (response.gain * curvature);
  }
  return out;
}

}  // namespace descent::linear

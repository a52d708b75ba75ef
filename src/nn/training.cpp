#include "src/nn/training.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/optim/schedule_shape.hpp"
#include "descent/simd/reduce.hpp"

namespace descent::nn {
namespace {

constexpr std::size_t kDefaultBatch = 32;
constexpr std::uint64_t kDefaultEpochs = 100;
constexpr std::uint64_t kDefaultUpdates = 1'000;  // at least, as in linear
constexpr double kGradientTolerance = 1e-8;       // inputs and losses are of size 1
constexpr double kDefaultRate = 0.01;             // of adam, whose moves are about as long as the rate

/// Every update takes all rows; the weights at the end are the best it has met.
bool needs_all_rows(const Optimizer& optimizer) {
  return optimizer.method != Method::automatic && optimizer.method != Method::chain &&
         !is_variance_reduced(optimizer.method);
}

Optimizer settle_optimizer(const MlpOptions& options, bool full_batch, std::uint64_t updates) {
  Optimizer optimizer = options.optimizer;
  const bool given = options.learning_rate && !options.learning_rate->is_auto();
  if (optimizer.method == Method::automatic) {
    if (full_batch && !options.learning_rate && options.schedule.empty()) return Optimizer(Method::lbfgs);
    optimizer = adam(kDefaultRate);
    if (!given && options.schedule.empty()) return adam(cosine(kDefaultRate, static_cast<double>(updates)));
  }
  if (given) {
    if (optimizer.method == Method::lbfgs)
      throw Error(ErrorCode::usage, "lbfgs chooses its own steps: name an optimizer with a rate, such as adam or sgd",
                  "learning_rate");
    optimizer = with_learning_rate(optimizer, *options.learning_rate);
  } else if (options.learning_rate && !needs_all_rows(optimizer)) {
    optimizer = with_learning_rate(optimizer, *options.learning_rate);
  }
  if (options.schedule.empty()) return optimizer;
  const Schedule* rate = optimizer.method == Method::chain ? optimizer.chain.learning_rate() : nullptr;
  if (rate == nullptr)
    throw Error(ErrorCode::usage, to_text(optimizer) + " has no learning rate to shape; name adam or sgd with a rate",
                "schedule");
  if (!rate->is_constant())
    throw Error(ErrorCode::usage,
                "expected a number as the learning rate, got " + to_text(*rate) + ": give it one, 'adam(0.01)'",
                "schedule");
  return with_learning_rate(optimizer, shape_schedule(options.schedule, (*rate)(0), static_cast<double>(updates)));
}

std::uint64_t settle_updates(const MlpOptions& options, std::uint64_t per_epoch) {
  std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();
  if (options.max_steps > 0) limit = options.max_steps;
  if (options.max_epochs > 0 && options.max_epochs < limit / per_epoch) limit = options.max_epochs * per_epoch;
  if (options.max_steps > 0 || options.max_epochs > 0) return limit;
  return per_epoch * std::max(kDefaultEpochs, (kDefaultUpdates + per_epoch - 1) / per_epoch);
}

/// The best epoch so far, by what is watched.
struct Best {
  std::uint64_t epoch = 0, step = 0;
  double watched = 0.0;
  std::vector<double> x;
};

}  // namespace

std::size_t settle_batch(const MlpOptions& options, std::size_t rows) {
  const std::size_t otherwise = needs_all_rows(options.optimizer) ? rows : kDefaultBatch;
  const std::size_t batch = std::min(options.batch_size.value_or(otherwise), rows);
  if (batch == 0) return rows;
  if (batch < rows && needs_all_rows(options.optimizer))
    throw Error(ErrorCode::usage,
                to_text(options.optimizer) + " needs all rows in every step; leave out the batch size", "batch_size");
  return batch;
}

Training train(NetworkObjective& objective, NetworkObjective* held_out, std::vector<double> start,
               const MlpOptions& options) {
  const std::size_t rows = objective.num_terms();
  Training out;
  out.batch_size = settle_batch(options, rows);
  const bool full_batch = out.batch_size == rows;
  const std::uint64_t per_epoch = (rows + out.batch_size - 1) / out.batch_size;
  const std::uint64_t updates = settle_updates(options, per_epoch);
  const Optimizer optimizer = settle_optimizer(options, full_batch, updates);
  if (options.early_stopping && needs_all_rows(optimizer))
    throw Error(ErrorCode::usage,
                to_text(optimizer) + " has no epochs to watch; name adam, sgd or another chain, or give a batch size",
                "early_stopping");

  SumOptions run{.batch_size = full_batch ? 0 : out.batch_size,
                 .max_epochs = options.max_epochs,
                 .shuffle = options.shuffle,
                 .seed = options.seed};
  run.run = {
      .max_steps = updates,
      .gradient_tolerance = options.gradient_tolerance.value_or(needs_all_rows(optimizer) ? kGradientTolerance : 0.0),
      .gradient_tolerance_relative = options.gradient_tolerance_relative,
      .step_tolerance = options.step_tolerance,
      .step_tolerance_relative = options.step_tolerance_relative,
      .step_tolerance_component = options.step_tolerance_component,
      .value_tolerance = options.value_tolerance,
      .value_tolerance_relative = options.value_tolerance_relative,
      .time_limit_seconds = options.time_limit_seconds,
      .observer = options.observer,
      .stop = options.stop_token};

  // The mean of an epoch's batches is of weights that moved meanwhile: the best epoch is judged by a pass of its own.
  Objective& watched = options.early_stopping ? static_cast<Objective&>(*held_out) : objective;
  std::uint64_t waited = 0, passes = 1;
  Best best{.watched = watched.value(start), .x = start};
  run.on_epoch = [&](const EpochInfo& info) {
    const double value = watched.value(info.x);
    ++passes;
    if (value < best.watched || !std::isfinite(best.watched)) {
      best = {.epoch = info.epoch, .step = info.step, .watched = value, .x = {info.x.begin(), info.x.end()}};
      waited = 0;
      return true;
    }
    return !options.early_stopping || ++waited < options.patience;
  };
  run.epoch_stop_reason = "the held-out loss has not improved for " + std::to_string(options.patience) + " epochs";
  if (options.on_plan) options.on_plan(updates);
  Result& result = out.result;
  result = minimize_sum(objective, std::move(start), optimizer, run);
  result.value_evaluations += passes;
  out.epoch = result.epochs;

  if (needs_all_rows(optimizer)) {  // a line search returns its best
    best = {.epoch = result.epochs, .step = result.steps, .watched = result.value, .x = result.x};
  } else if (!options.early_stopping && result.value <= best.watched) {  // an epoch cut short, or an average
    best = {.epoch = result.epochs, .step = result.steps, .watched = result.value, .x = result.x};
  }
  if (options.early_stopping && result.status != Status::diverged) {
    if (waited >= options.patience) result.suggestion.clear();  // it ended as it was asked to
    if (result.status == Status::converged && best.step != result.steps) {
      result.status = Status::small_change;
      result.certificate.reset();
      result.reason += "; the weights given back are those of epoch " + std::to_string(best.epoch);
    }
    result.x = best.x;
    result.value = objective.evaluate(result.x, result.gradient);
    ++result.gradient_evaluations;
    result.gradient_norm = simd::max_abs(result.gradient);
    out.epoch = best.epoch;
    out.remarks.push_back("early stopping: the weights are those of epoch " + std::to_string(best.epoch) +
                          ", whose held-out loss, " + number_text(best.watched, 6) + ", was the least");
  }
  result.best = {.step = best.step, .value = objective.value(best.x), .x = std::move(best.x)};
  out.best_penalty = objective.last_penalty();
  out.best_epoch = best.epoch;
  return out;
}

}  // namespace descent::nn

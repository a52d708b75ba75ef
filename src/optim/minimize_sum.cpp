#include "descent/optim/minimize_sum.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "descent/core/error.hpp"
#include "descent/optim/chain_state.hpp"
#include "descent/simd/axpy.hpp"
#include "src/optim/displaced.hpp"
#include "src/optim/methods.hpp"
#include "src/optim/passes.hpp"
#include "src/optim/row_order.hpp"
#include "src/optim/stable_rate.hpp"
#include "src/optim/variance_reduced.hpp"

namespace descent {
namespace {

bool is_full_batch(const FiniteSum& objective, const SumOptions& options) {
  return options.batch_size == 0 || options.batch_size >= objective.num_terms();
}

/// One update an epoch: minimize() with its steps called epochs.
Result run_full_batch(FiniteSum& objective, std::vector<double> start, const Optimizer& optimizer,
                      const SumOptions& options) {
  MinimizeOptions run_options = options.run;
  if (options.max_epochs > 0) run_options.max_steps = std::min(run_options.max_steps, options.max_epochs);
  if (optimizer.method != Method::chain || (has_auto_rate(optimizer.chain) && !options.on_epoch)) {
    Result result = minimize(objective, std::move(start), optimizer, run_options);
    result.epochs = result.steps;
    return result;
  }
  check_options(run_options, objective.num_parameters());
  Chain chain = optimizer.chain;
  std::uint64_t evaluations = 0;
  if (has_auto_rate(chain) && start.size() == objective.num_parameters())
    chain = resolve_auto_rate(objective, chain, start, run_options, evaluations);
  Run run(objective, run_options, to_text(chain));
  run.count_evaluations(evaluations);
  run.set_counts_epochs(true);
  AfterUpdate after;
  if (options.on_epoch)
    after = [&](Run& inner, const Point& point, View solution) {
      return options.on_epoch(
                 {.epoch = inner.steps(), .step = inner.steps(), .mean_objective = point.value, .x = solution}) ||
             inner.end(Status::small_change, options.epoch_stop_reason);
    };
  return run_chain(run, chain, std::move(start), after);
}

/// A few batches of the order, evenly spread, the last, which may be the smallest, among them.
std::vector<std::vector<std::uint32_t>> some_batches(const RowOrder& order, const FiniteSum& objective,
                                                     const SumOptions& options) {
  constexpr std::size_t kMost = 16;
  const std::size_t count = (objective.num_terms() + options.batch_size - 1) / options.batch_size;
  std::vector<std::vector<std::uint32_t>> batches;
  for (const std::size_t i : evenly_spread(count, kMost)) {
    const auto rows = order.batch(i * options.batch_size, options.batch_size);
    batches.emplace_back(rows.begin(), rows.end());
  }
  return batches;
}

Result run_batches(FiniteSum& objective, std::vector<double> start, const Chain& chain, const SumOptions& options,
                   std::uint64_t evaluations) {
  Run run(objective, options.run, to_text(chain));
  run.count_evaluations(evaluations);
  run.set_chain(&chain);
  ChainState state(chain, start.size(),
                   {.blocks = objective.parameter_blocks(),
                    .parameter_name = [&](std::size_t i) { return objective.parameter_name(i); },
                    .project = run.region().projection()});
  check_lengths(state);
  run.set_state(state);
  run.set_forgives(state.forgives());
  std::vector<double> solution(state.has_solution() ? start.size() : 0);
  Point point = run.begin(std::move(start));  // all rows
  RowOrder order(objective.num_terms(), options.shuffle, options.seed);
  std::vector<double> previous(run.needs_previous() ? point.x.size() : 0);
  Displaced displaced(run, state);
  const bool judges_gradient = options.run.gradient_tolerance > 0 || options.run.gradient_tolerance_relative > 0;
  double previous_mean = point.value;

  const auto run_epoch = [&](std::uint64_t epoch) {
    order.begin_epoch(epoch);
    double total = 0.0;  // of batch objectives, weighted by their rows
    std::size_t rows = 0;
    for (std::size_t first = 0; first < objective.num_terms(); first += options.batch_size) {
      const auto batch = order.batch(first, options.batch_size);
      run.evaluate_rows(objective, batch, point);
      const bool is_finite = std::isfinite(point.value) && std::isfinite(point.gradient_norm);
      if (!is_finite && !state.forgives()) {
        (void)run.check_finite(point);
        return;
      }
      if (is_finite) {
        total += point.value * static_cast<double>(batch.size());
        rows += batch.size();
      }
      double rate = state.learning_rate();
      if (!run.announce(point, rate)) return;
      const bool is_last = first + options.batch_size >= objective.num_terms();
      if (is_last && state.needs_value()) state.tell(total / static_cast<double>(objective.num_terms()));
      std::copy_n(point.x.begin(), previous.size(), previous.begin());
      std::vector<double>* gradient = displaced.gradient(point, [&](Point& other) {  // of the same rows
        run.evaluate_rows(objective, batch, other);
      });
      if (gradient == nullptr) return;
      double weight = 1.0;
      if (options.weigh_partial_batch && batch.size() < options.batch_size) {
        weight = static_cast<double>(batch.size()) / static_cast<double>(options.batch_size);
        simd::scale(weight, *gradient);
      }
      state.update(*gradient, point.x, weight * point.value);
      if (state.finds_rate()) rate = state.learning_rate();
      run.region().project(point.x);
      const bool goes_on = run.judge_update(point, previous, rate, state.moved());
      if (is_last) run.set_epochs(epoch + 1);
      if (!goes_on) return;
    }
    const double mean = total / static_cast<double>(rows);
    point.value = mean;
    if (judges_gradient) {
      run.evaluate(point);
      if (!run.check_finite(point)) return;
    }
    if (point.value < run.best().value) run.keep_best(point);
    if (judges_gradient && !run.judge_gradient(point)) return;
    if (options.on_epoch && !solution.empty()) state.solution(point.x, solution);
    (void)judge_epoch(
        run, options,
        {.epoch = epoch + 1, .step = run.steps(), .mean_objective = mean, .x = solution.empty() ? point.x : solution},
        previous_mean);
  };
  for (std::uint64_t epoch = 0; !run.ended(); ++epoch) run_epoch(epoch);
  if (run.status() == Status::diverged && run.steps() > 0) {
    const RateAdvice advice =
        advise_batch_rate(objective, chain, run.best(), run.learning_rate(), some_batches(order, objective, options));
    run.count_evaluations(advice.evaluations);
    run.set_suggestion(advice.text);
  }

  // What is reported is of all rows, for the last point and for the best one.
  if (run.steps() > 0) {
    run.evaluate(point);
    settle_best(run, point);
    if (!solution.empty()) {
      state.solution(point.x, solution);
      run.report_solution(point, std::move(solution));
    }
  }
  return run.finish(std::move(point));
}

}  // namespace

Result minimize_sum(FiniteSum& objective, std::vector<double> start, const Optimizer& optimizer,
                    const SumOptions& options) {
  const std::size_t rows = objective.num_terms();
  if (rows == 0) throw Error(ErrorCode::usage, "there are no rows", "minimize_sum");
  if (is_full_batch(objective, options)) return run_full_batch(objective, std::move(start), optimizer, options);
  if (rows > 0xffffffffU)
    throw Error(ErrorCode::usage, "at most 4,294,967,295 rows can be cut into batches", "batch_size");
  if (optimizer.method != Method::chain && !is_variance_reduced(optimizer.method))
    throw Error(ErrorCode::usage,
                "the optimizer " + to_text(optimizer) +
                    " needs the exact gradient of all rows; with a batch size use sgd, momentum, adam "
                    "or another chain, or svrg, saga or sarah",
                "batch_size");
  if (const std::string_view rule = rule_for_whole_gradients(optimizer.chain); !rule.empty())
    throw Error(ErrorCode::usage,
                std::string(rule) +
                    " compares gradients of one function, and every batch is another; leave out the batch "
                    "size, or use prodigy",
                "batch_size");
  if (options.run.term != nullptr)
    throw Error(ErrorCode::usage, "terms and sets need all rows in every update: leave out the batch size", "term");
  check_options(options.run, objective.num_parameters());
  if (optimizer.method != Method::chain) return run_variance_reduced(objective, std::move(start), optimizer, options);
  check_has_length(optimizer.chain);
  Chain chain = optimizer.chain;
  std::uint64_t evaluations = 0;
  if (has_auto_rate(chain) && start.size() == objective.num_parameters())
    chain = with_first_rate(objective, chain, start, evaluations);
  return run_batches(objective, std::move(start), chain, options, evaluations);
}

}  // namespace descent

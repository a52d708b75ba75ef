#include "src/linear/solve.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/simd/reduce.hpp"
#include "src/linear/early_stopping.hpp"
#include "src/linear/gram_objective.hpp"
#include "src/linear/gram_steps.hpp"
#include "src/linear/proximal.hpp"
#include "src/linear/rate_trial.hpp"
#include "src/linear/run_setup.hpp"
#include "src/linear/smoothing.hpp"
#include "src/linear/stochastic.hpp"

namespace descent::linear {
namespace {

constexpr std::uint64_t kDefaultProximalSteps = 200'000;
constexpr double kWantedGap = 1e-7;     // of the objective: ten times better than what is promised
constexpr double kSafeCondition = 1e8;  // above it the Gram matrix has lost half of the digits

/// Why least squares cannot go through its Gram matrix; empty when it can.
std::string gram_obstacle(const SolveInput& in, bool full_batch) {
  if (!in.problem->least_squares) return "the loss is not squared_error";
  if (!full_batch) return "batches of rows need the rows";
  if (in.analysis == nullptr)
    return "it is made for up to " + std::to_string(kMaxAnalysedFeatures) + " features without l1";
  if (!(in.analysis->condition < kSafeCondition))
    return "the condition number, " + number_text(in.analysis->condition, 3) + ", is not below 1e8";
  return {};
}

}  // namespace

Optimizer effective_optimizer(const LinearOptions& options) {
  if (!options.learning_rate) return options.optimizer;
  if (options.learning_rate->is_auto() && options.optimizer.method != Method::chain &&
      !is_variance_reduced(options.optimizer.method))
    return options.optimizer;
  if (options.optimizer.method == Method::automatic || options.optimizer.method == Method::lbfgs)
    throw Error(ErrorCode::usage,
                to_text(options.optimizer) + " chooses its own steps: name an optimizer with a rate, such as sgd",
                "learning_rate");
  return with_learning_rate(options.optimizer, *options.learning_rate);
}

bool is_textbook_descent(const LinearOptions& options) {
  const Optimizer optimizer = effective_optimizer(options);
  return is_plain_sgd(optimizer) && !has_auto_rate(optimizer);
}

SolveOutput solve(SolveInput in) {
  const LinearOptions& options = *in.options;
  const Problem& problem = *in.problem;
  const std::size_t rows = in.objective->num_terms();
  const std::size_t batch = std::min(options.batch_size.value_or(rows), rows);
  if (batch == 0) throw Error(ErrorCode::usage, "expected a number of rows >= 1, or full, got 0", "batch_size");
  const bool full_batch = batch == rows;
  Optimizer optimizer = effective_optimizer(options);

  const std::string obstacle = gram_obstacle(in, full_batch);
  if (options.evaluation == Evaluation::gram && !obstacle.empty())
    throw Error(ErrorCode::usage, "gram is not possible here: " + obstacle, "evaluation");
  if (!full_batch) return solve_batches(std::move(in), std::move(optimizer), batch);

  SolveOutput out;
  out.batch_size = rows;
  const std::size_t size = in.objective->num_parameters();
  const bool use_gram =
      obstacle.empty() && options.evaluation != Evaluation::rows &&
      (options.evaluation == Evaluation::gram || size * size <= rows * in.objective->rows().num_features());
  std::unique_ptr<GramObjective> gram;
  if (use_gram) {
    gram = std::make_unique<GramObjective>(*in.analysis, *in.objective);
    out.evaluation = "gram";
  }
  Objective& objective = gram ? static_cast<Objective&>(*gram) : *in.objective;

  const bool chooses_steps = optimizer.method != Method::chain;
  if (chooses_steps && !options.schedule.empty())
    throw Error(ErrorCode::usage,
                to_text(optimizer) + " chooses its own steps: the schedule " + quoted(options.schedule) +
                    " needs an optimizer with a rate, such as 'adam(0.05)', or batches",
                "schedule");
  const bool finds_rate = has_auto_rate(optimizer) && !is_plain_sgd(optimizer) && !chooses_steps;
  if (chooses_steps || finds_rate) (void)start_from_constant(in, in.start);
  const std::vector<double>& start = in.start;
  std::vector<double> gradient(size);
  const double first_value = objective.evaluate(start, gradient);
  const double gradient_scale = std::isfinite(first_value) ? simd::max_abs(gradient) : 0.0;
  MinimizeOptions run = run_options(options, gradient_scale, !chooses_steps);
  const bool proximal = optimizer.method == Method::automatic && problem.penalty.l1 > 0.0;
  run.max_steps = step_limit(options, 1, proximal ? kDefaultProximalSteps : kDefaultSteps);
  if (options.on_plan) options.on_plan(run.max_steps);

  EarlyStopping watch(options.early_stopping ? in.held_out : nullptr, options.patience);
  if (watch.active()) {
    run.observer = [&watch, user = options.observer](const StepInfo& info) {
      if (user && !user(info)) return false;
      return watch.look(info.x, info.step, info.step);
    };
  }

  if (proximal) {
    const bool smooth = problem.pointwise == nullptr || problem.pointwise->smooth();
    if (!smooth)
      throw Error(ErrorCode::usage,
                  "no method chooses its own steps for " + problem.loss_text +
                      " with l1 yet: name an optimizer and a rate, or use l2",
                  "penalty");
    LinearObjective::Settings settings = in.objective->settings();
    settings.penalty.l1 = 0.0;
    LinearObjective smooth_part(in.objective->rows(), settings);
    const double bound = smooth_part.curvature_bound();
    out.result = proximal_gradient(smooth_part, problem.penalty.l1,
                                   problem.outputs * in.objective->rows().num_features(), start, 1.0 / bound, run);
    out.remarks.push_back("method: accelerated proximal gradient, exact zeros");
  } else if (optimizer.method == Method::automatic && problem.pointwise != nullptr && !problem.pointwise->smooth() &&
             in.objective->rows().num_features() <= kMaxAnalysedFeatures) {
    run.gradient_tolerance_relative = kWantedGap;
    out.result = smoothed_newton(*in.objective, start, run);
    out.remarks.push_back("method: Newton on the loss with its kinks rounded ever more sharply");
  } else {
    if (optimizer.method == Method::automatic) {
      optimizer = Optimizer(Method::lbfgs);
      out.remarks.push_back("method: L-BFGS");
    }
    if (problem.least_squares && problem.penalty.l1 == 0.0 &&
        (optimizer.method == Method::gradient_descent || (is_plain_sgd(optimizer) && has_auto_rate(optimizer)))) {
      const double rate = 1.0 / in.objective->curvature_bound();
      optimizer = sgd(rate);
      out.remarks.push_back("learning rate auto: 1 / L = " + number_text(rate, 6) +
                            ", L the largest curvature by power iteration");
    }
    if (problem.penalty.l1 > 0.0)
      out.remarks.push_back(
          "l1 enters through its subgradient here, which gives no exact zeros; --optimizer auto does");
    if (optimizer.method == Method::chain && (finds_rate || !options.schedule.empty())) {
      const bool anneal = response_of(optimizer.chain).scale_free;
      optimizer = settle_rate(in, optimizer.chain,
                              {.batch = rows, .updates = run.max_steps, .anneal = anneal, .whole = &objective}, out);
    }
    const Result trials = std::move(out.result);
    if (gram && is_textbook_descent_chain(optimizer) && can_run_gram_steps(run))
      out.result = gram_steps(*in.analysis, *gram, start, optimizer, run);
    else
      out.result = minimize(objective, start, optimizer, run);
    out.result.value_evaluations += trials.value_evaluations;
    out.result.gradient_evaluations += trials.gradient_evaluations;
    if (out.result.epochs == 0) out.result.epochs = out.result.steps;
  }
  out.best_epoch = static_cast<double>(out.result.best.step);

  if (watch.active()) {
    if (watch.stopped() && out.result.status == Status::interrupted) {
      out.result.status = Status::small_change;
      out.result.reason = watch.stop_reason();
    } else {  // the observer sees points before an update, so not the last one
      watch.look(out.result.x, out.result.steps, out.result.steps);
    }
    out.remarks.push_back(watch.give_back(objective, out.result));
    out.best_epoch = static_cast<double>(watch.best_epoch());
  }
  return out;
}

}  // namespace descent::linear

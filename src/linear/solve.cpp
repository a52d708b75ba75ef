#include "src/linear/solve.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/simd/reduce.hpp"
#include "src/linear/gram_objective.hpp"
#include "src/linear/gram_steps.hpp"
#include "src/linear/proximal.hpp"
#include "src/linear/smoothing.hpp"

namespace descent::linear {
namespace {

constexpr std::uint64_t kDefaultSteps = 10'000;
constexpr std::uint64_t kDefaultEpochs = 100;  // of stochastic passes
constexpr std::uint64_t kDefaultProximalSteps = 200'000;
constexpr double kGradientTolerance = 1e-8;  // of the gradient at the start
constexpr double kWantedGap = 1e-7;          // of the objective: ten times better than what is promised
constexpr double kSafeCondition = 1e8;       // above it the Gram matrix has lost half of the digits

/// Watches the held-out loss once an epoch and keeps the best weights.
class EarlyStopping {
 public:
  EarlyStopping(LinearObjective* held_out, std::uint64_t patience) : held_out_(held_out), patience_(patience) {}

  /// False when it is time to stop.
  bool look(View x, double epoch) {
    if (held_out_ == nullptr) return true;
    const double loss = held_out_->value(x);
    if (loss < best_loss_) {
      best_loss_ = loss;
      best_x_.assign(x.begin(), x.end());
      best_epoch_ = epoch;
      waited_ = 0;
      return true;
    }
    stopped_ = ++waited_ >= patience_;
    return !stopped_;
  }
  [[nodiscard]] bool active() const { return held_out_ != nullptr; }
  [[nodiscard]] bool stopped() const { return stopped_; }
  [[nodiscard]] const std::vector<double>& best_x() const { return best_x_; }
  [[nodiscard]] double best_epoch() const { return best_epoch_; }
  [[nodiscard]] double best_loss() const { return best_loss_; }
  [[nodiscard]] std::uint64_t patience() const { return patience_; }

 private:
  LinearObjective* held_out_;
  std::uint64_t patience_;
  std::uint64_t waited_ = 0;
  bool stopped_ = false;
  double best_loss_ = std::numeric_limits<double>::infinity();
  double best_epoch_ = 0.0;
  std::vector<double> best_x_;
};

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

/// The first of max_epochs and max_steps; `fallback` when neither is given.
std::uint64_t step_limit(const LinearOptions& options, std::uint64_t steps_per_epoch, std::uint64_t fallback) {
  std::uint64_t limit = options.max_steps > 0 ? options.max_steps : std::numeric_limits<std::uint64_t>::max();
  if (options.max_epochs > 0) limit = std::min(limit, options.max_epochs * steps_per_epoch);
  return options.max_steps == 0 && options.max_epochs == 0 ? fallback : limit;
}

bool is_plain_sgd(const Optimizer& optimizer) {
  return optimizer.method == Method::chain && is_plain_descent(optimizer.chain);
}

bool has_auto_rate(const Optimizer& optimizer) {
  if (optimizer.method == Method::gradient_descent) return true;
  if (optimizer.method != Method::chain) return false;
  const Schedule* rate = optimizer.chain.learning_rate();
  return rate != nullptr && rate->is_auto();
}

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

/// The best constant model is where methods that choose their own steps begin: it takes the size of the target out of
/// the first gradient.
void start_from_constant(const SolveInput& in, std::vector<double>& start) {
  if (in.options->start.kind != StartKind::zeros || !in.options->intercept || in.problem->outputs != 1) return;
  if (in.problem->task != Task::regression) return;
  const View targets = in.objective->rows().targets();
  const View weights = in.objective->rows().weights();
  const double total = weights.empty() ? static_cast<double>(targets.size()) : simd::sum(weights);
  start.back() = (weights.empty() ? simd::sum(targets) : simd::dot(targets, weights)) / total;
}

/// Largest c l'' (||x_i||^2 + 1) over the rows: the curvature that one row alone can show.
double row_curvature(const LinearObjective& objective) {
  const LinearObjective::Settings& settings = objective.settings();
  double steepest = settings.pointwise == nullptr ? 0.5 : settings.pointwise->max_curvature();
  if (!std::isfinite(steepest)) steepest = 1.0;
  const bool half = settings.scale == LossScale::half_mean || settings.scale == LossScale::half_sum;
  double longest = 0.0;
  for (std::size_t i = 0; i < objective.rows().num_rows(); ++i)
    longest = std::max(longest, simd::squared_norm({objective.rows().row(i), objective.rows().num_features()}));
  return (half ? 0.5 : 1.0) * steepest * (longest + 1.0) + settings.penalty.l2;
}

SolveOutput solve_batches(const SolveInput& in, Optimizer optimizer, std::size_t batch) {
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
  run.run.max_steps = step_limit(options, per_epoch, kDefaultEpochs * per_epoch);
  // The gradient of all rows costs a pass; without a tolerance asked for, stochastic passes do not pay it.
  if (!options.gradient_tolerance) run.run.gradient_tolerance = 0.0;

  const double all_steps = static_cast<double>(run.run.max_steps);
  if (optimizer.method != Method::chain || has_auto_rate(optimizer)) {
    if (optimizer.method == Method::automatic) optimizer = adam(Schedule::automatic());
    if (optimizer.method == Method::gradient_descent) optimizer = sgd(Schedule::automatic());
    if (optimizer.method != Method::chain)
      throw Error(ErrorCode::usage, to_text(optimizer) + " needs all rows in every step; leave out the batch size",
                  "batch_size");
    const double peak = is_plain_sgd(optimizer) ? 0.5 / row_curvature(*in.objective) : 0.01;
    optimizer = with_learning_rate(optimizer, cosine(peak, std::max(all_steps, 1.0)));
    out.remarks.push_back(
        "learning rate auto for batches: a cosine from " + number_text(peak, 3) + " down to 0 over " +
        count_text(all_steps) + " updates" +
        (is_plain_sgd(optimizer) ? " (the peak is half of what the steepest single row allows)" : "") +
        "; a first version: no certificate comes with it");
  }

  EarlyStopping watch(options.early_stopping ? in.held_out : nullptr, options.patience);
  if (watch.active()) {
    watch.look(in.start, 0.0);
    run.on_epoch = [&](const EpochInfo& info) { return watch.look(info.x, static_cast<double>(info.epoch)); };
    run.epoch_stop_reason = "the held-out loss has not improved for " + std::to_string(options.patience) + " epochs";
  }
  out.result = minimize_sum(*in.objective, in.start, optimizer, run);
  out.best_epoch = static_cast<double>(out.result.best.step) / static_cast<double>(per_epoch);
  if (watch.active() && !watch.best_x().empty()) {
    out.result.x = watch.best_x();
    out.result.gradient.resize(out.result.x.size());
    out.result.value = in.objective->evaluate(out.result.x, out.result.gradient);
    out.result.gradient_norm = simd::max_abs(out.result.gradient);
    out.best_epoch = watch.best_epoch();
    out.remarks.push_back("early stopping: the weights are those of epoch " + number_text(watch.best_epoch()) +
                          ", whose held-out loss, " + number_text(watch.best_loss(), 6) + ", was the least");
  }
  return out;
}

}  // namespace

Optimizer effective_optimizer(const LinearOptions& options) {
  if (!options.learning_rate || options.learning_rate->is_auto()) return options.optimizer;
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
  if (!full_batch) return solve_batches(in, std::move(optimizer), batch);

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
  std::vector<double> start = in.start;
  if (chooses_steps) start_from_constant(in, start);
  std::vector<double> gradient(size);
  const double first_value = objective.evaluate(start, gradient);
  const double gradient_scale = std::isfinite(first_value) ? simd::max_abs(gradient) : 0.0;
  MinimizeOptions run = run_options(options, gradient_scale, !chooses_steps);
  run.max_steps = step_limit(options, 1, kDefaultSteps);

  EarlyStopping watch(options.early_stopping ? in.held_out : nullptr, options.patience);
  if (watch.active()) {
    run.observer = [&watch, user = options.observer](const StepInfo& info) {
      if (user && !user(info)) return false;
      return watch.look(info.x, static_cast<double>(info.step));
    };
  }

  if (optimizer.method == Method::automatic && problem.penalty.l1 > 0.0) {
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
    run.max_steps = step_limit(options, 1, kDefaultProximalSteps);
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
    if (gram && is_textbook_descent_chain(optimizer) && can_run_gram_steps(run))
      out.result = gram_steps(*in.analysis, *gram, start, optimizer, run);
    else
      out.result = minimize(objective, start, optimizer, run);
    if (out.result.epochs == 0) out.result.epochs = out.result.steps;
  }
  out.best_epoch = static_cast<double>(out.result.best.step);

  if (watch.active() && !watch.best_x().empty()) {
    watch.look(out.result.x, static_cast<double>(out.result.steps));
    if (watch.stopped() && out.result.status == Status::interrupted) {
      out.result.status = Status::small_change;
      out.result.reason = "the held-out loss has not improved for " + std::to_string(options.patience) + " epochs";
    }
    out.result.x = watch.best_x();
    out.result.value = objective.evaluate(out.result.x, gradient);
    out.result.gradient = gradient;
    out.result.gradient_norm = simd::max_abs(gradient);
    out.best_epoch = watch.best_epoch();
    out.remarks.push_back("early stopping: the weights are those of step " + number_text(watch.best_epoch()) +
                          ", whose held-out loss, " + number_text(watch.best_loss(), 6) + ", was the least");
  }
  return out;
}

}  // namespace descent::linear

#include "descent/linear/linear_model.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "descent/core/error.hpp"
#include "descent/core/random.hpp"
#include "descent/core/text.hpp"
#include "descent/loss/softmax.hpp"
#include "descent/parallel/pool.hpp"
#include "descent/simd/reduce.hpp"
#include "src/linear/evaluate.hpp"
#include "src/linear/findings.hpp"
#include "src/linear/problem.hpp"
#include "src/linear/separation.hpp"
#include "src/linear/solve.hpp"

namespace descent::linear {
namespace {

constexpr double kDefaultHeldOut = 0.1;           // --early-stopping alone
constexpr std::size_t kWorkForThreads = 100'000;  // elements: below it a pass takes less than waking a thread up
constexpr double kAnalysisWork = 4e9;             // rows x features^2: about a second

void check(const LinearOptions& options) {
  if (!(options.validation >= 0.0 && options.validation < 1.0))
    throw Error(ErrorCode::usage, "expected a fraction in [0, 1), got " + number_text(options.validation),
                "validation");
  if (options.patience == 0) throw Error(ErrorCode::usage, "expected a number of epochs >= 1, got 0", "patience");
  if (options.penalty && (!(options.penalty->l1 >= 0.0) || !(options.penalty->l2 >= 0.0)))
    throw Error(ErrorCode::usage, "expected strengths >= 0", "penalty");
  if (options.gradient_tolerance && !(*options.gradient_tolerance >= 0.0))
    throw Error(ErrorCode::usage, "expected a number >= 0, got " + number_text(*options.gradient_tolerance),
                "gradient_tolerance");
}

std::vector<double> make_start(const Start& start, const LinearObjective& objective, std::uint64_t seed) {
  std::vector<double> x(objective.num_parameters(), start.kind == StartKind::ones ? 1.0 : 0.0);
  if (start.kind == StartKind::random) {
    const Rng rng(seed, RandomStream::start);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = 0.01 * rng.normal(i);
  }
  if (start.values.empty()) return x;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < x.size(); ++i) names.push_back(objective.parameter_name(i));
  for (const auto& [name, value] : start.values) {
    const auto at = std::find(names.begin(), names.end(), name);
    if (at == names.end())
      throw Error(ErrorCode::usage,
                  "no parameter " + quoted(name) + did_you_mean(name, names) + "; there are " +
                      join(std::span(names).first(std::min<std::size_t>(names.size(), 20))) +
                      (names.size() > 20 ? ", ..." : ""),
                  "start");
    x[static_cast<std::size_t>(at - names.begin())] = value;
  }
  return x;
}

Coefficients split_parameters(View parameters, std::size_t outputs, std::size_t features) {
  const auto middle = parameters.begin() + static_cast<std::ptrdiff_t>(outputs * features);
  return {.intercepts = {middle, parameters.end()}, .coefficients = {parameters.begin(), middle}};
}

std::vector<double> join_parameters(const Coefficients& coefficients) {
  std::vector<double> result = coefficients.coefficients;
  result.insert(result.end(), coefficients.intercepts.begin(), coefficients.intercepts.end());
  return result;
}

bool scales_inside(const LinearOptions& options) {
  if (options.standardize != Standardize::automatic) return options.standardize == Standardize::yes;
  return !is_textbook_descent(options);
}

}  // namespace

LinearModel::LinearModel(LinearOptions options) : options_(std::move(options)) { check(options_); }

Result LinearModel::fit(BatchSource& train, BatchSource* validation) {
  DenseRows rows = DenseRows::read(train);
  if (validation == nullptr) return fit(std::move(rows), nullptr);
  DenseRows held_out = DenseRows::read(*validation);
  return fit(std::move(rows), &held_out);
}

Result LinearModel::fit(DenseRows rows, DenseRows* validation) { return run(std::move(rows), validation, nullptr); }

void LinearModel::show_problem(DenseRows rows, const LookAtSum& look) { (void)run(std::move(rows), nullptr, &look); }

Result LinearModel::run(DenseRows rows, DenseRows* validation, const LookAtSum* look) {
  const auto began = std::chrono::steady_clock::now();
  if (rows.num_rows() == 0) throw Error(ErrorCode::data, "no rows");
  if (!rows.has_target()) throw Error(ErrorCode::usage, "there is no target column", "target");
  const Problem problem = make_problem(rows, options_);
  report_ = FitReport{};
  report_.task = problem.task;
  report_.classes = problem.classes;
  report_.outputs = problem.outputs;
  report_.loss_text = problem.loss_text;
  report_.penalty_text = problem.penalty.text();
  report_.loss_scale = to_text(options_.loss_scale);
  report_.feature_names = rows.feature_names();
  report_.features = rows.num_features();
  probabilistic_ = problem.probabilistic;

  // The rows held out, if any: given, or split off by chance.
  DenseRows split;
  DenseRows* held_out = validation;
  const double fraction = options_.validation > 0.0 ? options_.validation
                          : options_.early_stopping ? kDefaultHeldOut
                                                    : 0.0;
  if (held_out == nullptr && fraction > 0.0) {
    split = rows.split_off(held_out_rows(rows.num_rows(), fraction, options_.seed));
    held_out = &split;
    report_.remarks.push_back(count_text(static_cast<double>(split.num_rows())) + " rows are held out (seed " +
                              std::to_string(options_.seed) + ")");
  }
  if (held_out != nullptr && held_out->num_features() != rows.num_features())
    throw Error(ErrorCode::data, "the held-out rows have " + std::to_string(held_out->num_features()) +
                                     " features, the others " + std::to_string(rows.num_features()));
  report_.rows = rows.num_rows();

  const std::vector<double> codes = class_codes(problem.classes, rows);
  const std::vector<double> sample_weights(rows.weights().begin(), rows.weights().end());
  const std::vector<double> held_out_codes =
      held_out != nullptr ? class_codes(problem.classes, *held_out) : std::vector<double>{};
  if (problem.task != Task::regression) {
    const auto [low, high] = std::minmax_element(codes.begin(), codes.end());
    if (*low == *high)
      throw Error(ErrorCode::data,
                  "expected at least two classes, got only " + quoted(problem.classes[static_cast<std::size_t>(*low)]) +
                      " in the rows to learn from",
                  Place{.name = rows.target_name()});
  }
  code_targets(problem, rows);
  if (held_out != nullptr) code_targets(problem, *held_out);
  weigh_classes(problem, options_.class_weight, codes, rows);

  const std::size_t threads = options_.threads == 0 ? parallel::available_cpus() : options_.threads;
  std::unique_ptr<parallel::Pool> pool;
  if (threads > 1 && rows.num_rows() * std::max<std::size_t>(rows.num_features(), 1) >= kWorkForThreads)
    pool = std::make_unique<parallel::Pool>(threads);

  Scaling scaling;
  if (scales_inside(options_)) {
    scaling = measure(rows, options_.intercept, pool.get());
    apply(scaling, rows);
    if (held_out != nullptr) apply(scaling, *held_out);
    report_.remarks.push_back(std::string("columns are standardised inside (population standard deviation") +
                              (options_.intercept ? "" : " about 0, as there is no intercept") +
                              "); coefficients are in the data's own units");
    if (!problem.penalty.none()) report_.remarks.push_back("the penalty acts on the standardised coefficients");
  }

  LinearObjective objective(rows, problem.settings(options_, pool.get()));
  objective.set_class_names(problem.classes);
  for (std::size_t i = 0; i < objective.num_parameters(); ++i)
    report_.parameter_names.push_back(objective.parameter_name(i));
  if (objective.num_parameters() == 0)
    throw Error(ErrorCode::usage, "there is nothing to fit: no features and no intercept");

  std::optional<LinearObjective> held_out_loss;
  if (held_out != nullptr) {
    LinearObjective::Settings settings = problem.settings(options_, pool.get());
    settings.penalty = {};
    held_out_loss.emplace(*held_out, settings);
    report_.validation_rows = held_out->num_rows();
  }

  const std::vector<double> start = make_start(options_.start, objective, options_.seed);
  if (look != nullptr) {
    (*look)({.objective = objective, .start = start, .batch_size = options_.batch_size.value_or(0)});
    return {};
  }
  const double size = static_cast<double>(report_.features);
  const bool textbook = is_textbook_descent(options_);
  if (problem.least_squares && problem.penalty.l1 == 0.0 && report_.features <= kMaxAnalysedFeatures &&
      static_cast<double>(report_.rows) * size * size <= kAnalysisWork) {
    report_.analysis = analyse_least_squares(rows, options_.intercept, options_.loss_scale, problem.penalty, scaling);
    // Squares beyond the range of doubles: there is nothing to compare with.
    if (!std::isfinite(report_.analysis->value) || !simd::all_finite(report_.analysis->solution))
      report_.analysis.reset();
  }
  if (report_.analysis) {
    const Optimizer optimizer = effective_optimizer(options_);
    count_steps(*report_.analysis, start, textbook ? (*optimizer.chain.learning_rate())(0) : 0.0);
  }
  {
    std::vector<double> gradient(objective.num_parameters());
    (void)objective.evaluate(start, gradient);
    report_.gradient_at_start = simd::max_abs(gradient);
  }

  SolveOutput solved = solve({.problem = &problem,
                              .options = &options_,
                              .objective = &objective,
                              .analysis = report_.analysis ? &*report_.analysis : nullptr,
                              .held_out = held_out_loss ? &*held_out_loss : nullptr,
                              .start = start});
  report_.result = std::move(solved.result);
  report_.evaluation = solved.evaluation;
  report_.batch_size = solved.batch_size;
  report_.best = {.epoch = solved.best_epoch, .objective = report_.result.best.value};
  report_.remarks.insert(report_.remarks.end(), solved.remarks.begin(), solved.remarks.end());
  finish_exactly(report_, options_, objective);
  const Result& result = report_.result;

  report_.objective = result.value;
  (void)objective.value(result.x);
  report_.penalty = objective.last_penalty();
  report_.loss = result.value - report_.penalty;
  if (scaling.active()) report_.standardized = split_parameters(result.x, problem.outputs, report_.features);
  report_.coefficients =
      split_parameters(to_data_units(scaling, result.x, problem.outputs), problem.outputs, report_.features);

  for (std::size_t i = 0; i < report_.coefficients.coefficients.size(); ++i)
    if (simd::all_finite(result.x) && !std::isfinite(report_.coefficients.coefficients[i]))
      throw Error(ErrorCode::data,
                  "the values of column " + quoted(report_.feature_names[i % report_.features]) +
                      " are so small (a spread of " + number_text(scaling.scales[i % report_.features], 3) +
                      ") that its coefficient is larger than any double: multiply the column by a power of ten",
                  "fit");

  FindingInput input{.options = &options_, .scaling = &scaling, .textbook = textbook};
  input.safe_batch_rate = solved.safe_batch_rate;
  if ((result.status == Status::diverged || result.best.step == 0) && !report_.analysis && textbook &&
      report_.batch_size == report_.rows)
    input.curvature_bound = objective.curvature_bound();
  judge(report_, input);

  if (simd::all_finite(result.x)) {
    const std::vector<double> scores = score_rows(rows, result.x, problem.outputs);
    report_.train = evaluate_scores(problem.task, problem.classes, problem.probabilistic,
                                    problem.task == Task::regression ? rows.targets() : codes, scores, sample_weights);
    if (problem.probabilistic && problem.penalty.none()) {
      report_.separation = smallest_margin(scores, problem.outputs, rows.targets(), rows.weights());
      if (!report_.separation) {
        report_.separating = separating_columns(rows, codes, problem.classes.size(), options_.intercept);
        to_data_units(scaling, report_.separating);
      }
    }
    if (held_out != nullptr)
      report_.validation =
          evaluate_scores(problem.task, problem.classes, problem.probabilistic,
                          problem.task == Task::regression ? held_out->targets() : View(held_out_codes),
                          score_rows(*held_out, result.x, problem.outputs), held_out->weights());
  }
  report_.result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return report_.result;
}

void LinearModel::decision_function(MatrixView features, MutableView scores) const {
  if (features.columns != report_.features)
    throw Error(ErrorCode::usage,
                "expected " + std::to_string(report_.features) + " features, got " + std::to_string(features.columns));
  score_rows(features, join_parameters(report_.coefficients), report_.outputs, scores);
}

bool LinearModel::probabilities(MatrixView features, MutableView out) const {
  if (!probabilistic_) return false;
  std::vector<double> scores(features.rows * report_.outputs);
  decision_function(features, scores);
  loss::probabilities(scores, report_.outputs, out);
  return true;
}

Evaluated LinearModel::evaluate(BatchSource& source) const { return evaluate(DenseRows::read(source)); }

Evaluated LinearModel::evaluate(const DenseRows& rows) const {
  if (!rows.has_target()) throw Error(ErrorCode::data, "there is no target to compare with", rows.target_name());
  if (rows.num_features() != report_.features)
    throw Error(ErrorCode::data, "expected " + std::to_string(report_.features) + " features, got " +
                                     std::to_string(rows.num_features()));
  const std::vector<double> truth = class_codes(report_.classes, rows);
  return evaluate_scores(report_.task, report_.classes, probabilistic_, truth,
                         score_rows(rows, join_parameters(report_.coefficients), report_.outputs), rows.weights());
}

void LinearModel::save(ArchiveWriter& archive) const {
  archive.begin("linear");
  archive.put_text("task", to_text(report_.task));
  archive.put_text("loss", report_.loss_text);
  archive.put_flag("probabilistic", probabilistic_);
  archive.put_integer("features", static_cast<long long>(report_.features));
  archive.put_integer("outputs", static_cast<long long>(report_.outputs));
  archive.put_texts("feature_names", report_.feature_names);
  archive.put_texts("classes", report_.classes);
  archive.put_numbers("coefficients", report_.coefficients.coefficients);
  archive.put_numbers("intercepts", report_.coefficients.intercepts);
  if (report_.standardized) {
    archive.begin("standardized");
    archive.put_numbers("coefficients", report_.standardized->coefficients);
    archive.put_numbers("intercepts", report_.standardized->intercepts);
    archive.end();
  }
  archive.begin("training");
  archive.put_text("status", to_text(report_.result.status));
  archive.put_text("reason", report_.result.reason);
  archive.put_text("optimizer", report_.result.optimizer);
  archive.put_text("loss_scale", report_.loss_scale);
  archive.put_text("penalty", report_.penalty_text);
  archive.put_text("evaluation", report_.evaluation);
  archive.put_integer("rows", static_cast<long long>(report_.rows));
  archive.put_integer("steps", static_cast<long long>(report_.result.steps));
  archive.put_integer("epochs", static_cast<long long>(report_.result.epochs));
  archive.put_integer("seed", static_cast<long long>(options_.seed));
  archive.put_number("objective", report_.objective);
  archive.put_texts("remarks", report_.remarks);
  archive.end();
  archive.end();
}

std::unique_ptr<LinearModel> LinearModel::load(ArchiveReader& archive) {
  auto model = std::make_unique<LinearModel>();
  FitReport& report = model->report_;
  const auto damaged = [](const std::string& what) { throw Error(ErrorCode::model, what, "linear"); };
  archive.enter("linear");
  const std::string task = archive.text("task");
  for (const Task candidate : {Task::regression, Task::binary, Task::multiclass})
    if (task == to_text(candidate)) report.task = candidate;
  if (task != to_text(report.task)) damaged("unknown task " + quoted(task));
  report.loss_text = archive.text("loss");
  model->probabilistic_ = archive.flag("probabilistic");
  const long long features = archive.integer("features"), outputs = archive.integer("outputs");
  report.feature_names = archive.texts("feature_names");
  report.classes = archive.texts("classes");
  report.coefficients = {.intercepts = archive.numbers("intercepts"), .coefficients = archive.numbers("coefficients")};
  const std::size_t expected_classes = task == to_text(Task::regression) ? 0
                                       : report.task == Task::binary     ? 2
                                                                         : static_cast<std::size_t>(outputs);
  if (features < 0 || outputs < 1 || static_cast<std::size_t>(features) != report.feature_names.size() ||
      report.coefficients.coefficients.size() != report.feature_names.size() * static_cast<std::size_t>(outputs) ||
      (!report.coefficients.intercepts.empty() &&
       report.coefficients.intercepts.size() != static_cast<std::size_t>(outputs)) ||
      report.classes.size() != expected_classes || (report.task != Task::multiclass && outputs != 1))
    damaged("the numbers of features, outputs, classes and coefficients do not agree");
  report.features = static_cast<std::size_t>(features);
  report.outputs = static_cast<std::size_t>(outputs);
  if (archive.has("standardized")) {
    archive.enter("standardized");
    report.standardized =
        Coefficients{.intercepts = archive.numbers("intercepts"), .coefficients = archive.numbers("coefficients")};
    archive.leave();
  }
  archive.enter("training");
  const std::string status = archive.text("status");
  for (const Status candidate : {Status::converged, Status::small_change, Status::step_limit, Status::diverged,
                                 Status::line_search_failed, Status::time_limit, Status::interrupted})
    if (status == to_text(candidate)) report.result.status = candidate;
  report.result.reason = archive.text("reason");
  report.result.optimizer = archive.text("optimizer");
  report.loss_scale = archive.text("loss_scale");
  report.penalty_text = archive.text("penalty");
  report.evaluation = archive.text("evaluation");
  report.rows = static_cast<std::size_t>(std::max(0LL, archive.integer("rows")));
  report.result.steps = static_cast<std::uint64_t>(std::max(0LL, archive.integer("steps")));
  report.result.epochs = static_cast<std::uint64_t>(std::max(0LL, archive.integer("epochs")));
  model->options_.seed = static_cast<std::uint64_t>(archive.integer("seed"));
  report.objective = archive.number("objective");
  report.remarks = archive.texts("remarks");
  archive.leave();
  archive.leave();
  return model;
}

}  // namespace descent::linear

#include "descent/nn/mlp_model.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "descent/core/error.hpp"
#include "descent/core/random.hpp"
#include "descent/core/text.hpp"
#include "descent/loss/penalty.hpp"
#include "descent/loss/softmax.hpp"
#include "descent/nn/objective.hpp"
#include "descent/parallel/pool.hpp"
#include "descent/simd/reduce.hpp"
#include "src/nn/classes.hpp"
#include "src/nn/training.hpp"

namespace descent::nn {
namespace {

constexpr double kDefaultHeldOut = 0.1;    // early stopping alone
constexpr double kWorkForThreads = 2e6;    // rows x parameters: below it a pass takes less than waking a thread up
constexpr std::size_t kRowsAtOnce = 1024;  // of predictions

void check(const MlpOptions& options) {
  if (!(options.validation >= 0.0 && options.validation < 1.0))
    throw Error(ErrorCode::usage, "expected a fraction in [0, 1), got " + number_text(options.validation),
                "validation");
  if (options.patience == 0) throw Error(ErrorCode::usage, "expected a number of epochs >= 1, got 0", "patience");
  if (options.gradient_tolerance && !(*options.gradient_tolerance >= 0.0))
    throw Error(ErrorCode::usage, "expected a number >= 0, got " + number_text(*options.gradient_tolerance),
                "gradient_tolerance");
  if (!(options.l2 >= 0.0) || !std::isfinite(options.l2))
    throw Error(ErrorCode::usage, "expected a strength >= 0, got " + number_text(options.l2), "l2");
  if (options.loss != "auto" && options.loss != "squared_error" && options.loss != "log_loss")
    throw Error(ErrorCode::usage,
                "expected auto, squared_error or log_loss, got " + quoted(options.loss) +
                    " (linear models know the other losses)",
                "loss");
}

}  // namespace

MlpModel::MlpModel(MlpOptions options) : options_(std::move(options)) { check(options_); }

Result MlpModel::fit(BatchSource& train, BatchSource* validation) {
  Table rows = Table::read(train);
  if (validation == nullptr) return fit(std::move(rows), nullptr);
  Table held_out = Table::read(*validation);
  return fit(std::move(rows), &held_out);
}

Result MlpModel::fit(Table rows, Table* validation) { return run(std::move(rows), validation, nullptr); }

void MlpModel::show_problem(Table rows, const LookAtSum& look) { (void)run(std::move(rows), nullptr, &look); }

Result MlpModel::run(Table rows, Table* validation, const LookAtSum* look) {
  const auto began = std::chrono::steady_clock::now();
  if (rows.num_rows == 0) throw Error(ErrorCode::data, "no rows");
  if (rows.targets.empty()) throw Error(ErrorCode::usage, "there is no target column", "target");
  if (rows.num_features == 0) throw Error(ErrorCode::data, "there is nothing to learn from: no features");
  report_ = MlpReport{};
  const std::string loss_name = options_.loss != "auto" ? options_.loss
                                : rows.levels.empty()   ? "squared_error"
                                                        : "log_loss";
  if (loss_name == "squared_error" && !rows.levels.empty())
    throw Error(ErrorCode::usage,
                "the loss squared_error needs a number target; '" + rows.target_name + "' holds classes (use log_loss)",
                "loss");
  if (loss_name == "log_loss") report_.classes = classes_of(rows);
  const std::size_t num_classes = report_.classes.size();
  report_.task = num_classes == 0 ? Task::regression : num_classes == 2 ? Task::binary : Task::multiclass;
  report_.loss_text = loss_name;
  report_.penalty_text = loss::Penalty{.l2 = options_.l2}.text();
  report_.feature_names = rows.feature_names;

  Table split;
  Table* held_out = validation;
  const double fraction = options_.validation > 0.0 ? options_.validation
                          : options_.early_stopping ? kDefaultHeldOut
                                                    : 0.0;
  if (held_out == nullptr && fraction > 0.0) {
    split = rows.split_off(held_out_rows(rows.num_rows, fraction, options_.seed));
    held_out = &split;
    report_.remarks.push_back(count_text(static_cast<double>(split.num_rows)) + " rows are held out (seed " +
                              std::to_string(options_.seed) + ")");
  }
  if (held_out != nullptr && held_out->num_features != rows.num_features)
    throw Error(ErrorCode::data, "the held-out rows have " + std::to_string(held_out->num_features) +
                                     " features, the others " + std::to_string(rows.num_features));
  if (held_out != nullptr && held_out->targets.empty())
    throw Error(ErrorCode::data, "the held-out rows have no target", "validation");
  report_.rows = rows.num_rows;

  // Metrics want the truth as it is; the objective wants codes, signs, or standardised numbers.
  const std::vector<double> truth = class_codes(report_.classes, rows);
  const std::vector<double> held_out_truth =
      held_out != nullptr ? class_codes(report_.classes, *held_out) : std::vector<double>{};
  if (num_classes > 0 && std::all_of(truth.begin(), truth.end(), [&](double code) { return code == truth[0]; }))
    throw Error(ErrorCode::data,
                "expected at least two classes, got only " +
                    quoted(report_.classes[static_cast<std::size_t>(truth[0])]) + " in the rows to learn from",
                Place{.name = rows.target_name});
  inputs_ = options_.standardize ? measure_features(rows) : Standardization{};
  target_ = options_.standardize && num_classes == 0 ? measure_target(rows) : Standardization{};
  const auto prepare = [&](Table& table, const std::vector<double>& known) {
    inputs_.apply(table.features);
    table.targets = known;
    target_.apply(table.targets);
    if (num_classes == 2)
      for (double& code : table.targets) code = code == 1.0 ? 1.0 : -1.0;
  };
  prepare(rows, truth);
  if (held_out != nullptr) prepare(*held_out, held_out_truth);
  if (options_.standardize)
    report_.remarks.push_back(num_classes > 0 ? "inputs are standardised inside (population standard deviation)"
                                              : "inputs and target are standardised inside (population standard "
                                                "deviation): the objective is in units of the target's variance, "
                                                "metrics and predictions in its own");

  report_.shape = {.widths = {rows.num_features}, .activation = options_.activation};
  report_.shape.widths.insert(report_.shape.widths.end(), options_.hidden.begin(), options_.hidden.end());
  report_.shape.widths.push_back(num_classes > 2 ? num_classes : 1);
  report_.initialization = options_.initialization != Initialization::automatic ? options_.initialization
                           : options_.activation == Activation::relu            ? Initialization::he
                                                                                : Initialization::glorot;
  std::vector<double> start = initial_parameters(report_.shape, report_.initialization, options_.seed);

  const std::size_t threads = options_.threads == 0 ? parallel::available_cpus() : options_.threads;
  std::unique_ptr<parallel::Pool> pool;
  if (threads > 1 && static_cast<double>(rows.num_rows) * static_cast<double>(start.size()) >= kWorkForThreads)
    pool = std::make_unique<parallel::Pool>(threads);
  NetworkObjective::Settings settings{.shape = report_.shape,
                                      .pointwise = num_classes > 2 ? nullptr : loss::parse_loss(loss_name),
                                      .l2 = options_.l2,
                                      .pool = pool.get()};
  NetworkObjective objective(rows, settings);
  std::optional<NetworkObjective> held_out_loss;
  settings.l2 = 0.0;
  if (held_out != nullptr) {
    held_out_loss.emplace(*held_out, settings);
    report_.validation_rows = held_out->num_rows;
  }

  if (look != nullptr) {
    (*look)({.objective = objective, .start = start, .batch_size = settle_batch(options_, rows.num_rows)});
    return {};
  }
  Training training = nn::train(objective, held_out_loss ? &*held_out_loss : nullptr, std::move(start), options_);
  report_.result = std::move(training.result);
  report_.batch_size = training.batch_size;
  report_.epoch = training.epoch;
  report_.remarks.insert(report_.remarks.end(), training.remarks.begin(), training.remarks.end());
  const Result& result = report_.result;
  report_.objective = objective.value(result.x);
  report_.penalty = objective.last_penalty();
  report_.loss = report_.objective - report_.penalty;
  report_.best = {
      .epoch = training.best_epoch, .objective = result.best.value, .loss = result.best.value - training.best_penalty};

  if (simd::all_finite(result.best.x)) {
    Network best(report_.shape);
    best.load(result.best.x);
    report_.best.train = judge(best, rows, truth);
  }
  network_ = Network(report_.shape);
  network_.load(result.x);
  if (simd::all_finite(result.x)) {
    report_.train = judge(network_, rows, truth);
    if (held_out != nullptr) report_.validation = judge(network_, *held_out, held_out_truth);
  }
  report_.result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return report_.result;
}

void MlpModel::score(const Network& network, std::vector<double> inputs, MutableView scores) const {
  std::vector<std::vector<double>> layers;
  network.forward(inputs.data(), inputs.size() / num_features(), layers);
  std::copy(layers.back().begin(), layers.back().end(), scores.begin());
  if (target_.active())
    for (double& s : scores) s = target_.means[0] + target_.scales[0] * s;
}

metrics::Evaluated MlpModel::judge(const Network& network, const Table& table, View truth) const {
  const std::size_t outputs = report_.shape.num_outputs();
  std::vector<double> scores(table.num_rows * outputs), probabilities;
  for (std::size_t first = 0; first < table.num_rows; first += kRowsAtOnce) {
    const std::size_t rows = std::min(kRowsAtOnce, table.num_rows - first);
    score(network, {table.row(first), table.row(first + rows)},
          MutableView(scores).subspan(first * outputs, rows * outputs));
  }
  if (!report_.classes.empty()) {
    probabilities.resize(table.num_rows * report_.classes.size());
    loss::probabilities(scores, outputs, probabilities);
  }
  return metrics::summarize({.task = report_.task,
                             .classes = report_.classes,
                             .truth = truth,
                             .scores = scores,
                             .probabilities = probabilities,
                             .weights = table.weights});
}

void MlpModel::decision_function(MatrixView features, MutableView scores) const {
  if (features.columns != num_features() || num_features() == 0)
    throw Error(ErrorCode::usage,
                "expected " + std::to_string(num_features()) + " features, got " + std::to_string(features.columns));
  const std::size_t outputs = num_scores();
  for (std::size_t first = 0; first < features.rows; first += kRowsAtOnce) {
    const std::size_t rows = std::min(kRowsAtOnce, features.rows - first);
    std::vector<double> inputs;
    inputs.reserve(rows * features.columns);
    for (std::size_t i = first; i < first + rows; ++i) {
      const View row = features.row(i);
      inputs.insert(inputs.end(), row.begin(), row.end());
    }
    inputs_.apply(inputs);
    score(network_, std::move(inputs), scores.subspan(first * outputs, rows * outputs));
  }
}

bool MlpModel::probabilities(MatrixView features, MutableView out) const {
  if (report_.classes.empty()) return false;
  std::vector<double> scores(features.rows * num_scores());
  decision_function(features, scores);
  loss::probabilities(scores, num_scores(), out);
  return true;
}

metrics::Evaluated MlpModel::evaluate(BatchSource& source) const { return evaluate(Table::read(source)); }

metrics::Evaluated MlpModel::evaluate(const Table& table) const {
  if (table.targets.empty()) throw Error(ErrorCode::data, "there is no target to compare with");
  if (table.num_features != num_features())
    throw Error(ErrorCode::data,
                "expected " + std::to_string(num_features()) + " features, got " + std::to_string(table.num_features));
  const std::vector<double> truth = class_codes(report_.classes, table);
  Table seen = table;
  inputs_.apply(seen.features);
  return judge(network_, seen, truth);
}

}  // namespace descent::nn

// A multi-layer perceptron that learns from rows.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "descent/core/estimator.hpp"
#include "descent/metrics/summary.hpp"
#include "descent/nn/network.hpp"
#include "descent/nn/options.hpp"
#include "descent/nn/table.hpp"

namespace descent::nn {

/// Where all rows learned from (with early stopping: those held out) had their least loss, looked at after each epoch.
struct BestEpoch {
  std::uint64_t epoch = 0;  ///< 0 = the start
  double objective = 0.0;   ///< of all rows learned from
  double loss = 0.0;        ///< without the penalty
  metrics::Evaluated train;
};

struct MlpReport {
  Result result;  ///< x in the order of NetworkShape
  Task task = Task::regression;
  NetworkShape shape;
  Initialization initialization = Initialization::he;
  std::size_t rows = 0;  ///< learned from
  std::size_t validation_rows = 0;
  std::vector<std::string> feature_names;
  std::vector<std::string> classes;  ///< sorted; empty for regression
  double objective = 0.0;            ///< of the weights that are returned
  double loss = 0.0;
  double penalty = 0.0;
  std::uint64_t epoch = 0;  ///< that the weights which are returned are of
  BestEpoch best;
  std::string loss_text;
  std::string penalty_text;
  std::size_t batch_size = 0;
  std::vector<std::string> remarks;
  metrics::Evaluated train;
  std::optional<metrics::Evaluated> validation;
};

/// minimise   1/n sum_i omega_i l(scores(x_i), y_i) + l2/2 sum ||W||^2   over the weights and biases of a network
///
/// given      rows with a number target (squared error) or classes (log loss: logistic of one output for two classes,
///            softmax for more); hidden widths, activation, start, chain, batches
/// result     the weights after the last epoch (with early stopping: of the best one), and the best epoch beside them
///
/// Inputs are standardised inside unless told otherwise, and so is the target of a regression: the objective is then in
/// units of the target's variance, predictions and metrics are in its own.
class MlpModel final : public Estimator {
 public:
  explicit MlpModel(MlpOptions options = {});

  /// Throws: Error(data) for values that are missing or not finite, fewer than two classes, no rows; Error(usage) for
  /// options that do not fit together. How the run ended is in the Result.
  Result fit(BatchSource& train, BatchSource* validation) override;
  Result fit(Table rows, Table* validation = nullptr);
  /// Shows `look` what fit() would minimise on these rows: scaled, begun and without the rows held out as the options
  /// say. Nothing is fitted; of the report task, classes, shape and remarks are filled in. Throws: as fit().
  void show_problem(Table rows, const LookAtSum& look);

  [[nodiscard]] Task task() const override { return report_.task; }
  [[nodiscard]] const std::vector<std::string>& classes() const override { return report_.classes; }
  void decision_function(MatrixView features, MutableView scores) const override;
  [[nodiscard]] std::size_t num_features() const override { return report_.feature_names.size(); }
  [[nodiscard]] std::size_t num_scores() const override {
    return report_.shape.widths.empty() ? 0 : report_.shape.num_outputs();
  }
  bool probabilities(MatrixView features, MutableView out) const override;

  /// Metrics of this model on encoded rows with a target. Throws: Error(data).
  [[nodiscard]] metrics::Evaluated evaluate(BatchSource& source) const;
  [[nodiscard]] metrics::Evaluated evaluate(const Table& table) const;

  [[nodiscard]] const MlpReport& report() const { return report_; }
  [[nodiscard]] const MlpOptions& options() const { return options_; }

  void save(ArchiveWriter& archive) const override;
  /// Throws: Error(model).
  [[nodiscard]] static std::unique_ptr<MlpModel> load(ArchiveReader& archive);

 private:
  /// `look` in place of the run unless null.
  Result run(Table rows, Table* validation, const LookAtSum* look);
  /// `truth`: numbers, or codes of the classes; features as the network sees them.
  [[nodiscard]] metrics::Evaluated judge(const Network& network, const Table& table, View truth) const;
  void score(const Network& network, std::vector<double> inputs, MutableView scores) const;

  MlpOptions options_;
  MlpReport report_;
  Standardization inputs_, target_;
  Network network_;
};

}  // namespace descent::nn

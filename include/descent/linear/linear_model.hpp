// Linear models: least squares, logistic and softmax regression, support vector machines, robust regression.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "descent/core/estimator.hpp"
#include "descent/linear/dense_rows.hpp"
#include "descent/linear/fit_report.hpp"
#include "descent/linear/options.hpp"
#include "descent/linear/scaling.hpp"

namespace descent::linear {

/// minimise   c(n) sum_i omega_i l(x_i . w + b, y_i) + p(w)   over w and b
///
/// given      rows x_i with targets y_i and weights omega_i; a loss l, a penalty p, a scale c
/// result     w, b in the data's own units, and a FitReport
///
/// A target with levels, or a loss for classes, makes it classification: two classes give one output whose sign
/// decides (the larger class is the positive one), more give one output each (softmax for log_loss, else one against
/// the rest). A number target with a loss for classes is read as class codes: its distinct values, sorted. Parameters
/// are laid out and named: `column` in feature order (`class:column`, class by class), then `intercept`
/// (`class:intercept`).
/// Differs: scikit-learn's Ridge, LogisticRegression and LinearSVC scale loss and penalty each in its own way
/// (docs/design/linear.md has the table).
class LinearModel final : public Estimator {
 public:
  explicit LinearModel(LinearOptions options = {});

  /// Throws: Error(data) for values that are missing or not finite (row and column named), fewer than two classes, no
  /// rows; Error(usage) for options that do not fit together. How the run ended is in the Result.
  Result fit(BatchSource& train, BatchSource* validation) override;
  /// The same on rows that are in memory already; `rows` is consumed (it is scaled in place when scaling is on).
  Result fit(DenseRows rows, DenseRows* validation = nullptr);
  /// Shows `look` what fit() would minimise on these rows: scaled, weighted, begun and without the rows held out as the
  /// options say. Nothing is fitted; of the report task, classes, names and remarks are filled in. Throws: as fit().
  void show_problem(DenseRows rows, const LookAtSum& look);

  [[nodiscard]] Task task() const override { return report_.task; }
  [[nodiscard]] const std::vector<std::string>& classes() const override { return report_.classes; }
  void decision_function(MatrixView features, MutableView scores) const override;
  [[nodiscard]] std::size_t num_features() const override { return report_.features; }
  [[nodiscard]] std::size_t num_scores() const override { return report_.outputs; }
  /// log_loss only: sigmoid of the score, or softmax of the scores.
  bool probabilities(MatrixView features, MutableView out) const override;

  /// Metrics of this model on encoded rows with a target. Throws: Error(data).
  [[nodiscard]] Evaluated evaluate(BatchSource& source) const;
  [[nodiscard]] Evaluated evaluate(const DenseRows& rows) const;

  /// After fit: everything. After load: what the model file keeps (no trace, no analysis).
  [[nodiscard]] const FitReport& report() const { return report_; }
  [[nodiscard]] const LinearOptions& options() const { return options_; }

  void save(ArchiveWriter& archive) const override;
  /// Throws: Error(model).
  [[nodiscard]] static std::unique_ptr<LinearModel> load(ArchiveReader& archive);

 private:
  /// `look` in place of the run unless null.
  Result run(DenseRows rows, DenseRows* validation, const LookAtSum* look);

  LinearOptions options_;
  FitReport report_;
  bool probabilistic_ = false;
};

}  // namespace descent::linear

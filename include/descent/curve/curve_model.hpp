// A fitted curve as a model: predicts rows, is kept in a file.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "descent/core/estimator.hpp"
#include "descent/curve/fit.hpp"
#include "descent/expr/not_finite.hpp"
#include "descent/metrics/summary.hpp"

namespace descent::curve {

/// Features are the curve's inputs, in the order of Curve::inputs (sums become numbers in fit()); the score is f(x; p),
/// which is on the scale of the left side: of `log(y) = ...` it is log(y).
class CurveModel final : public Estimator {
 public:
  explicit CurveModel(Curve curve, CurveOptions options = {});

  /// Rows whose columns have the names that the curve uses. `validation` is not used. Throws: as fit_curve; Error(data)
  /// for a column that is not there.
  Result fit(BatchSource& train, BatchSource* validation) override;
  Result fit(std::shared_ptr<const CurveRows> rows);

  [[nodiscard]] Task task() const override { return Task::regression; }
  [[nodiscard]] const std::vector<std::string>& classes() const override { return classes_; }
  void decision_function(MatrixView features, MutableView scores) const override;
  [[nodiscard]] std::size_t num_features() const override { return curve_.inputs.size(); }
  [[nodiscard]] std::size_t num_scores() const override { return 1; }
  bool probabilities(MatrixView /*features*/, MutableView /*out*/) const override { return false; }

  /// Metrics on encoded rows with a target. Throws: Error(data); Error(usage) where the left side is a formula, which
  /// takes CurveRows.
  [[nodiscard]] metrics::Evaluated evaluate(BatchSource& source) const;
  /// The same on the columns of both sides. Throws: Error(data) for a row whose left side is not finite.
  [[nodiscard]] metrics::Evaluated evaluate(const CurveRows& rows) const;

  /// f at one row of inputs, and the standard error of f there (not of a new observation); NaN where the covariance is
  /// not determined.
  struct Prediction {
    double value = 0.0, standard_error = 0.0;
  };
  [[nodiscard]] Prediction predict(View inputs) const;
  /// The part of the formula that is to blame where predict() gives a value that is not finite.
  [[nodiscard]] std::optional<expr::NotFinitePart> find_not_finite(View inputs) const;

  [[nodiscard]] const Curve& curve() const { return curve_; }
  [[nodiscard]] const CurveReport& report() const { return report_; }
  [[nodiscard]] const CurveOptions& options() const { return options_; }

  void save(ArchiveWriter& archive) const override;
  /// Throws: Error(model).
  [[nodiscard]] static std::unique_ptr<CurveModel> load(ArchiveReader& archive);

 private:
  void take(Curve curve);
  /// f and its partial derivatives by the parameters, unless empty, for rows of inputs.
  void evaluate_rows(MatrixView inputs, MutableView values, MutableView partials) const;

  Curve typed_;  // what every fit() settles anew
  Curve curve_;
  CurveOptions options_;
  CurveReport report_;
  std::optional<expr::ColumnProgram> program_;  // once the curve's sums are numbers
  std::vector<std::size_t> column_of_input_;    // in curve_.formula.columns()
  std::vector<std::string> classes_;
};

}  // namespace descent::curve

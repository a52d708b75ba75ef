#include "descent/curve/curve_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "src/curve/not_finite.hpp"

namespace descent::curve {
namespace {

[[noreturn]] void damaged(const std::string& what) { throw Error(ErrorCode::model, what, "curve"); }

metrics::Evaluated judge(View truth, View fitted) {
  static const std::vector<std::string> no_classes;
  return metrics::summarize({.task = Task::regression,
                             .classes = no_classes,
                             .truth = truth,
                             .scores = fitted,
                             .probabilities = {},
                             .weights = {}});
}

/// What the curve reads, once each.
std::vector<std::string> all_columns(const Curve& curve) {
  std::vector<std::string> names = curve.inputs;
  for (const auto* more : {&curve.response_columns, &curve.sum_columns})
    for (const std::string& name : *more)
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  return names;
}

/// Those, and what the text names although simplification removed it (0*z): read without it, z is a parameter.
std::vector<std::string> named_columns(const Curve& curve) {
  std::vector<std::string> names = all_columns(curve);
  const auto add = [&](const std::string& side, const std::vector<std::string>& parameters) {
    const expr::Formula again = expr::parse(side, {.columns = names, .per_row = true});
    for (const std::string& name : again.variables())
      if (std::find(parameters.begin(), parameters.end(), name) == parameters.end()) names.push_back(name);
  };
  add(curve.formula_text, curve.parameters);
  if (!curve.plain_response()) add(curve.response_text, {});
  return names;
}

}  // namespace

CurveModel::CurveModel(Curve curve, CurveOptions options) : typed_(std::move(curve)), options_(std::move(options)) {
  take(typed_);
}

void CurveModel::take(Curve curve) {
  curve_ = std::move(curve);
  if (!curve_.formula.needs_rows()) program_.emplace(curve_.formula);
  const auto& columns = curve_.formula.columns();
  column_of_input_.clear();
  for (const std::string& name : curve_.inputs)
    column_of_input_.push_back(
        static_cast<std::size_t>(std::find(columns.begin(), columns.end(), name) - columns.begin()));
}

Result CurveModel::fit(BatchSource& train, BatchSource* /*validation*/) {
  const std::vector<std::string> wanted = all_columns(typed_);
  std::vector<std::size_t> places;
  for (const std::string& name : wanted) {
    const auto at = train.schema().find(name);
    if (!at) throw Error(ErrorCode::data, "is no column of " + train.name(), Place{.name = name});
    places.push_back(*at);
  }
  auto rows = std::make_shared<CurveRows>();
  rows->names = typed_.formula.columns();
  rows->columns.resize(rows->names.size());
  train.rewind();
  Batch batch;
  std::size_t count = 0;
  while (train.next(batch)) {
    for (std::size_t k = 0; k < wanted.size(); ++k) {
      const auto to =
          static_cast<std::size_t>(std::find(rows->names.begin(), rows->names.end(), wanted[k]) - rows->names.begin());
      const auto& from = batch.columns[places[k]].numbers;
      rows->columns[to].insert(rows->columns[to].end(), from.begin(), from.end());
    }
    count += batch.num_rows;
  }
  for (auto& column : rows->columns) column.resize(count, std::numeric_limits<double>::quiet_NaN());
  return fit(std::move(rows));
}

Result CurveModel::fit(std::shared_ptr<const CurveRows> rows) {
  take(settle_sums(typed_, *rows));
  report_ = fit_curve(curve_, std::move(rows), options_);
  return report_.result;
}

void CurveModel::evaluate_rows(MatrixView inputs, MutableView values, MutableView partials) const {
  const std::size_t rows = values.size();
  std::vector<double> columns(curve_.inputs.size() * rows);
  std::vector<View> views(curve_.formula.columns().size());
  for (std::size_t k = 0; k < curve_.inputs.size(); ++k) {
    for (std::size_t i = 0; i < rows; ++i) columns[k * rows + i] = inputs.row(i)[k];
    views[column_of_input_[k]] = View(columns).subspan(k * rows, rows);
  }
  program_->evaluate(report_.result.x, views, 0, values, partials);
}

void CurveModel::decision_function(MatrixView features, MutableView scores) const {
  evaluate_rows(features, scores, {});
}

CurveModel::Prediction CurveModel::predict(View inputs) const {
  const std::size_t n = report_.result.x.size();
  std::vector<double> slopes(n);
  Prediction result;
  evaluate_rows({inputs.data(), 1, inputs.size(), inputs.size()}, {&result.value, 1}, slopes);
  double variance = report_.covariance.empty() ? std::numeric_limits<double>::quiet_NaN() : 0.0;
  for (std::size_t i = 0; i < n && !report_.covariance.empty(); ++i)
    for (std::size_t j = 0; j < n; ++j) variance += slopes[i] * report_.covariance[i * n + j] * slopes[j];
  result.standard_error = std::sqrt(std::max(variance, 0.0));
  if (std::isnan(variance)) result.standard_error = variance;
  return result;
}

std::optional<expr::NotFinitePart> CurveModel::find_not_finite(View inputs) const {
  std::vector<double> row(curve_.formula.columns().size(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t k = 0; k < curve_.inputs.size(); ++k) row[column_of_input_[k]] = inputs[k];
  return expr::find_not_finite(curve_.formula, report_.result.x, row);
}

metrics::Evaluated CurveModel::evaluate(const CurveRows& rows) const {
  std::vector<View> columns(rows.columns.begin(), rows.columns.end());
  std::vector<double> truth(rows.size()), fitted(rows.size());
  expr::ColumnProgram(curve_.response).evaluate({}, columns, 0, truth, {});
  for (std::size_t i = 0; i < truth.size(); ++i)
    if (!std::isfinite(truth[i]))
      throw Error(ErrorCode::data, "the left side is not finite in " + row_text(rows, i),
                  Place{.name = curve_.response_text});
  program_->evaluate(report_.result.x, columns, 0, fitted, {});
  return judge(truth, fitted);
}

metrics::Evaluated CurveModel::evaluate(BatchSource& source) const {
  const auto targets = source.schema().with_role(ColumnRole::target);
  if (targets.empty())
    throw Error(
        ErrorCode::usage,
        "the left side is the formula " + curve_.response_text + ", no target: it takes the columns of both sides",
        "curve");
  std::vector<double> truth, fitted, row(num_features());
  source.rewind();
  Batch batch;
  while (source.next(batch))
    for (std::size_t i = 0; i < batch.num_rows; ++i) {
      for (std::size_t j = 0; j < row.size(); ++j) row[j] = batch.columns[j].numbers[i];
      double score = 0.0;
      decision_function({row.data(), 1, row.size(), row.size()}, {&score, 1});
      fitted.push_back(score);
      truth.push_back(batch.columns[targets.front()].numbers[i]);
    }
  return judge(truth, fitted);
}

void CurveModel::save(ArchiveWriter& archive) const {
  archive.begin("curve");
  archive.put_text("response", curve_.response_text);
  archive.put_text("formula", curve_.formula_text);
  archive.put_texts("columns", named_columns(curve_));
  archive.put_texts("parameters", curve_.parameters);
  archive.put_numbers("values", report_.result.x);
  archive.put_numbers("covariance", report_.covariance);
  archive.begin("training");
  archive.put_text("status", to_text(report_.result.status));
  archive.put_text("reason", report_.result.reason);
  archive.put_text("optimizer", report_.result.optimizer);
  archive.put_text("robust", to_text(options_.robust));
  archive.put_number("robust_scale", report_.robust_scale);
  archive.put_integer("rows", static_cast<long long>(report_.rows));
  archive.put_integer("degrees_of_freedom", static_cast<long long>(report_.degrees_of_freedom));
  archive.put_number("residual_sd", report_.residual_sd);
  archive.put_number("r2", report_.r2);
  archive.put_number("t_quantile", report_.t_quantile);
  archive.put_number("confidence", options_.confidence);
  archive.end();
  archive.end();
}

std::unique_ptr<CurveModel> CurveModel::load(ArchiveReader& archive) {
  archive.enter("curve");
  const std::vector<std::string> columns = archive.texts("columns");
  const std::string response = archive.text("response"), formula = archive.text("formula");
  Curve curve;
  try {
    const bool plain = std::find(columns.begin(), columns.end(), response) != columns.end();
    curve = plain ? parse_curve(formula, columns, response) : parse_curve(response + " = " + formula, columns);
  } catch (const Error& error) {
    damaged(std::string("the formula cannot be read: ") + error.what());
  }
  if (archive.texts("parameters") != curve.parameters) damaged("the parameters are not those of the formula");
  auto model = std::make_unique<CurveModel>(std::move(curve));
  CurveReport& report = model->report_;
  const std::size_t n = model->curve_.parameters.size();
  report.result.x = archive.numbers("values");
  if (report.result.x.size() != n)
    damaged("has " + std::to_string(report.result.x.size()) + " values for " + std::to_string(n) + " parameters");
  report.covariance = archive.numbers("covariance");
  if (!report.covariance.empty() && report.covariance.size() != n * n)
    damaged("the covariance has " + std::to_string(report.covariance.size()) + " numbers, expected " +
            std::to_string(n * n));
  for (std::size_t j = 0; j < n; ++j) {
    CurveParameter parameter{.name = model->curve_.parameters[j], .value = report.result.x[j]};
    if (!report.covariance.empty() && report.covariance[j * n + j] > 0.0)
      parameter.standard_error = std::sqrt(report.covariance[j * n + j]);
    report.parameters.push_back(std::move(parameter));
  }
  archive.enter("training");
  report.result.status = parse_status(archive.text("status")).value_or(report.result.status);
  report.result.reason = archive.text("reason");
  report.result.optimizer = archive.text("optimizer");
  model->options_.robust = parse_robust(archive.text("robust"));
  report.robust_scale = archive.number("robust_scale");
  report.rows = static_cast<std::size_t>(std::max(0LL, archive.integer("rows")));
  report.degrees_of_freedom = static_cast<std::size_t>(std::max(0LL, archive.integer("degrees_of_freedom")));
  report.residual_sd = archive.number("residual_sd");
  report.r2 = archive.number("r2");
  report.t_quantile = archive.number("t_quantile");
  model->options_.confidence = archive.number("confidence");
  archive.leave();
  archive.leave();
  return model;
}

}  // namespace descent::curve

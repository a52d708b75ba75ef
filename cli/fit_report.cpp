// The pictures of a fit, and its page.
#include <algorithm>

#include "cli/files.hpp"
#include "cli/fit_command.hpp"
#include "cli/run_options.hpp"
#include "cli/tables.hpp"
#include "descent/core/text.hpp"
#include "descent/report/fit_figures.hpp"
#include "descent/report/page.hpp"
#include "descent/report/trace_figures.hpp"

namespace descent::cli {
namespace {

/// What a picture of the rows needs; at most kMaxRows of them.
struct Points {
  std::vector<double> first_feature, truth, fitted;
};

Points points(const Fit& fit, BatchSource& source) {
  constexpr std::size_t kMaxRows = 20000;
  Points result;
  source.rewind();
  auto rows = linear::DenseRows::read(source);
  const std::size_t count = std::min(rows.num_rows(), kMaxRows),
                    every = rows.num_rows() / std::max<std::size_t>(count, 1);
  std::vector<double> score(fit.model.num_scores());
  for (std::size_t i = 0; i < rows.num_rows(); i += std::max<std::size_t>(every, 1)) {
    fit.model.decision_function({rows.row(i), 1, rows.num_features(), rows.num_features()}, score);
    result.first_feature.push_back(rows.row(i)[0]);
    result.truth.push_back(rows.targets()[i]);
    result.fitted.push_back(score[0]);
  }
  return result;
}

report::AnyFigure main_figure(const Fit& fit, BatchSource& source) {
  const linear::FitReport& report = fit.model.report();
  if (report.task == Task::regression) {
    const Points p = points(fit, source);
    if (report.features == 1)
      return report::line_fit(p.first_feature, p.truth, p.fitted,
                              {.x_label = report.feature_names[0], .y_label = fit.encoder.target()});
    return report::predicted_vs_true(p.truth, p.fitted, {.y_label = fit.encoder.target()});
  }
  return report::confusion_matrix(report.classes, report.train.confusion);
}

report::Figure coefficient_figure(const linear::FitReport& report) {
  if (report.outputs == 1) return report::coefficients(report.feature_names, report.coefficients.coefficients);
  std::vector<report::CoefficientSeries> series;
  for (std::size_t k = 0; k < report.outputs; ++k) {
    const auto begin = report.coefficients.coefficients.begin() + static_cast<std::ptrdiff_t>(k * report.features);
    series.push_back({report.classes[k], {begin, begin + static_cast<std::ptrdiff_t>(report.features)}});
  }
  return report::coefficients(report.feature_names, series);
}

std::vector<report::Fact> settings(const Fit& fit) {
  const linear::FitReport& report = fit.model.report();
  std::vector<report::Fact> facts = {{.name = "loss", .value = report.loss_text + " (" + report.loss_scale + ")"},
                                     {.name = "penalty", .value = report.penalty_text},
                                     {.name = "optimizer", .value = report.result.optimizer},
                                     {.name = "steps", .value = count_text(static_cast<double>(report.result.steps))},
                                     {.name = "epochs", .value = count_text(static_cast<double>(report.result.epochs))},
                                     {.name = "rows", .value = count_text(static_cast<double>(report.rows))},
                                     {.name = "features", .value = count_text(static_cast<double>(report.features))},
                                     {.name = "evaluation", .value = report.evaluation}};
  if (report.result.learning_rate > 0)
    facts.push_back({.name = "learning rate", .value = number_text(report.result.learning_rate, 6)});
  return facts;
}

}  // namespace

void plot_fit(const Fit& fit, BatchSource& source, Console& console) {
  write_plot(fit.options, main_figure(fit, source), console);
}

std::string fit_page(const Fit& fit, BatchSource& source) {
  const linear::FitReport& report = fit.model.report();
  report::Page page{.title = "Fit of " + fit.encoder.target() + " from " + join(fit.options.texts("DATA")),
                    .status = to_text(report.result.status),
                    .tone = report::tone_of(report.result.status),
                    .headline = report.result.reason,
                    .command = command_line(fit.options),
                    .settings = settings(fit),
                    .footer = "descent " DESCENT_VERSION};
  page.results.push_back({.name = "objective", .value = number_text(report.objective, 10)});
  if (report.penalty != 0)
    page.results.push_back(
        {.name = "loss + penalty", .value = number_text(report.loss, 8) + " + " + number_text(report.penalty, 8)});
  for (const auto& [name, value] : report.train.values)
    page.results.push_back({.name = name, .value = number_text(value, 6)});
  if (report.validation)
    for (const auto& [name, value] : report.validation->values)
      page.results.push_back({.name = name, .value = number_text(value, 6), .note = "rows held out"});
  if (report.analysis) {
    page.results.push_back(
        {.name = "condition", .value = number_text(report.analysis->condition, 6), .note = "of the Hessian"});
    page.results.push_back({.name = "largest stable rate",
                            .value = plain_decimal_text(report.analysis->largest_stable_rate, 5),
                            .note = "of plain descent: 2 / largest eigenvalue"});
    page.results.push_back({.name = "exact optimum", .value = number_text(report.analysis->value, 10)});
    if (report.relative_gap)
      page.results.push_back({.name = "distance to it",
                              .value = number_text(*report.relative_gap, 3),
                              .note = "of the objective, relative"});
    if (report.distance_to_solution)
      page.results.push_back({.name = "distance to the solution",
                              .value = number_text(*report.distance_to_solution, 3),
                              .note = "of the parameters, relative"});
  }
  page.findings = report_findings(fit.findings, report.result);
  for (const std::string& text : report.findings)
    if (text != report.result.suggestion) page.findings.push_back({.tone = report::Tone::warning, .text = text});
  for (const std::string& text : report.improvements)
    page.findings.push_back({.tone = report::Tone::good, .text = text});
  for (const std::string& text : report.remarks) page.findings.push_back({.tone = report::Tone::neutral, .text = text});
  if (report.result.ok()) page.figures.push_back(main_figure(fit, source));
  if (!fit.trace.rows().empty()) page.figures.emplace_back(report::loss_curves(fit.trace, {.result = &report.result}));
  if (report.result.ok()) page.figures.emplace_back(coefficient_figure(report));
  report::Table table{.title = "Coefficients in numbers", .columns = {"coefficient"}};
  const bool scaled = report.standardized.has_value() && report.outputs == 1;
  for (std::size_t k = 0; k < report.outputs; ++k)
    table.columns.push_back(report.outputs == 1 ? "value" : report.classes[k]);
  if (scaled) table.columns.emplace_back("standardized");
  const auto add = [&](const std::string& name, auto value) {
    std::vector<std::string> row{name};
    for (std::size_t k = 0; k < report.outputs; ++k) row.push_back(number_text(value(report.coefficients, k), 8));
    if (scaled) row.push_back(number_text(value(*report.standardized, 0), 8));
    table.rows.push_back(std::move(row));
  };
  using linear::Coefficients;
  if (!report.coefficients.intercepts.empty())
    add(linear::intercept_name(report.feature_names),
        [](const Coefficients& c, std::size_t k) { return c.intercepts[k]; });
  for (std::size_t j = 0; j < report.features; ++j)
    add(report.feature_names[j],
        [&](const Coefficients& c, std::size_t k) { return c.coefficients[k * report.features + j]; });
  page.tables.push_back(std::move(table));
  return report::html(page);
}

}  // namespace descent::cli

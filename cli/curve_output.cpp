// What the fit of a curve says: as JSON, as text, as a page.
#include <algorithm>
#include <cmath>

#include "cli/curve_fit.hpp"
#include "cli/fit_command.hpp"
#include "cli/fit_json.hpp"
#include "cli/run_options.hpp"
#include "cli/tables.hpp"
#include "descent/core/text.hpp"
#include "descent/report/curve_figures.hpp"
#include "descent/report/page.hpp"
#include "descent/report/trace_figures.hpp"

namespace descent::cli {
namespace {

using curve::CurveParameter;
using curve::CurveReport;
using Pairs = std::vector<std::pair<std::string, std::string>>;

Json optional_json(const std::optional<double>& value) { return value ? number_json(*value) : Json(nullptr); }

Json interval_json(const std::optional<curve::Interval>& interval) {
  if (!interval) return nullptr;
  return Json::array({number_json(interval->low), number_json(interval->high)});
}

std::string interval_text(const std::optional<curve::Interval>& interval) {
  return interval ? number_text(interval->low, 6) + " to " + number_text(interval->high, 6) : std::string("-");
}

std::vector<std::string> texts(const CurveParameter& parameter, bool with_profile) {
  std::vector<std::string> row{parameter.name, number_text(parameter.value, 10),
                               parameter.standard_error ? number_text(*parameter.standard_error, 6) : std::string("-"),
                               interval_text(parameter.wald)};
  if (with_profile) row.push_back(interval_text(parameter.profile));
  return row;
}

bool has_profiles(const CurveReport& report) {
  return std::any_of(report.parameters.begin(), report.parameters.end(),
                     [](const CurveParameter& parameter) { return parameter.profile.has_value(); });
}

std::vector<std::vector<std::string>> parameter_table(const CurveFit& fit) {
  const CurveReport& report = fit.model.report();
  const std::string level = number_text(100.0 * fit.model.options().confidence, 4) + " %";
  const bool profiles = has_profiles(report);
  std::vector<std::vector<std::string>> rows{{"parameter", "value", "standard error", level + " (Wald)"}};
  if (profiles) rows[0].push_back(level + " (profile)");
  for (const CurveParameter& parameter : report.parameters) rows.push_back(texts(parameter, profiles));
  return rows;
}

/// Pairs of parameters that go together most, largest first.
Pairs strong_correlations(const CurveReport& report) {
  constexpr double kStrong = 0.9;
  constexpr std::size_t kShown = 6;
  struct Pair {
    std::size_t i, j;
    double value;
  };
  std::vector<Pair> pairs;
  const std::size_t n = report.parameters.size();
  for (std::size_t i = 0; i < n && !report.correlation.empty(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (std::fabs(report.correlation[i * n + j]) >= kStrong) pairs.push_back({j, i, report.correlation[i * n + j]});
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const Pair& a, const Pair& b) { return std::fabs(a.value) > std::fabs(b.value); });
  Pairs result;
  for (std::size_t k = 0; k < std::min(pairs.size(), kShown); ++k)
    result.emplace_back(report.parameters[pairs[k].i].name + ", " + report.parameters[pairs[k].j].name,
                        number_text(pairs[k].value, 6));
  return result;
}

Pairs quality(const CurveFit& fit) {
  const CurveReport& report = fit.model.report();
  const bool weighted = !fit.rows->sigma.empty();
  Pairs pairs{
      {"residual sd", number_text(report.residual_sd, 8) + " with " + counted(report.degrees_of_freedom, "degree") +
                          " of freedom" + (weighted ? ", in units of sigma" : "")},
      {"sum of squares", number_text(report.sum_of_squares, 10)},
      {"R2", number_text(report.r2, 8)},
      {"AIC, BIC", number_text(report.aic, 8) + ", " + number_text(report.bic, 8)},
      {"condition", number_text(report.condition, 4) + ", rank " + std::to_string(report.rank) + " of " +
                        std::to_string(report.parameters.size())}};
  if (report.robust_scale > 0.0)
    pairs.emplace_back("robust", std::string(curve::to_text(fit.model.options().robust)) + ", scale " +
                                     number_text(report.robust_scale, 6) + ": " +
                                     counted(report.rows_down_weighted, "row") + " count less than half");
  return pairs;
}

Pairs settings(const CurveFit& fit) {
  const CurveReport& report = fit.model.report();
  std::vector<std::string> start;
  for (const CurveParameter& parameter : report.parameters)
    start.push_back(parameter.name + "=" + number_text(parameter.start, 6) + (parameter.guessed ? " (guessed)" : ""));
  const Result& result = report.result;
  if (result.certificate && result.certificate->kind == "exact_solution")
    start = {"any leads here: the formula is linear in its parameters"};
  return {{"model", fit.model.curve().response_text + " = " + fit.model.curve().formula_text},
          {"start", join(start)},
          {"rows", counted(report.rows, "row")},
          {"optimizer", result.optimizer},
          {"steps", counted(result.steps, "update") + ", " + counted(result.value_evaluations, "value") + ", " +
                        counted(result.gradient_evaluations, "Jacobian")}};
}

std::vector<double> residuals_of(const CurveFit& fit, std::vector<double>& fitted) {
  const curve::CurveObjective objective(fit.model.curve(), fit.rows);
  fitted.resize(fit.rows->size());
  objective.values(fit.model.report().result.x, fitted);
  std::vector<double> left(objective.response().begin(), objective.response().end());
  for (std::size_t i = 0; i < left.size(); ++i) left[i] -= fitted[i];
  return left;
}

const std::vector<double>& input_column(const CurveFit& fit) {
  const auto at = std::find(fit.rows->names.begin(), fit.rows->names.end(), fit.model.curve().inputs.front());
  return fit.rows->columns[static_cast<std::size_t>(at - fit.rows->names.begin())];
}

std::vector<report::AnyFigure> figures(const CurveFit& fit) {
  const curve::Curve& curve = fit.model.curve();
  std::vector<double> fitted;
  const std::vector<double> left = residuals_of(fit, fitted);
  std::vector<double> response(left.size());
  for (std::size_t i = 0; i < left.size(); ++i) response[i] = fitted[i] + left[i];
  std::vector<report::AnyFigure> result;
  if (curve.inputs.size() != 1) {
    result.emplace_back(report::predicted_vs_true(response, fitted, {.y_label = curve.response_text}));
    result.emplace_back(
        report::residuals(fitted, left, {.x_label = "fitted " + curve.response_text, .y_label = "residual"}));
    return result;
  }
  constexpr std::size_t kPoints = 400;
  const std::vector<double>& x = input_column(fit);
  const auto [low, high] = std::minmax_element(x.begin(), x.end());
  std::vector<double> grid, y, below, above;
  for (std::size_t i = 0; i <= kPoints; ++i) {
    grid.push_back(*low + (*high - *low) * (static_cast<double>(i) / kPoints));
    const auto at = fit.model.predict({&grid.back(), 1});
    const double half = fit.model.report().t_quantile * at.standard_error;
    y.push_back(at.value);
    below.push_back(at.value - half);
    above.push_back(at.value + half);
  }
  result.emplace_back(report::curve_with_band(x, response, {.x = grid, .y = y, .low = below, .high = above},
                                              fit.model.options().confidence,
                                              {.x_label = curve.inputs[0], .y_label = curve.response_text}));
  result.emplace_back(report::residuals(x, left, {.x_label = curve.inputs[0], .y_label = "residual"}));
  return result;
}

}  // namespace

Json curve_json(const CurveFit& fit) {
  const CurveReport& report = fit.model.report();
  const Result& result = report.result;
  Json object = {{"command", "fit"}};
  put_ending(object, result);
  object["evaluation"] = "rows";
  object["task"] = "formula";
  object["rows"] = report.rows;
  object["features"] = fit.model.curve().inputs.size();
  object["formula"] = fit.model.curve().response_text + " = " + fit.model.curve().formula_text;
  object["epochs"] = result.steps;
  object["steps"] = result.steps;
  object["objective"] = number_json(result.value);
  object["best"] = {{"epoch", result.best.step}, {"objective", number_json(result.best.value)}};
  object["gradient_norm"] = number_json(result.gradient_norm);
  Json coefficients = Json::object(), errors = Json::object(), start = Json::object(), wald = Json::object(),
       profile = Json::object();
  for (const CurveParameter& parameter : report.parameters) {
    coefficients[parameter.name] = number_json(parameter.value);
    errors[parameter.name] = optional_json(parameter.standard_error);
    start[parameter.name] = {{"value", number_json(parameter.start)}, {"guessed", parameter.guessed}};
    wald[parameter.name] = interval_json(parameter.wald);
    profile[parameter.name] = interval_json(parameter.profile);
  }
  object["coefficients"] = coefficients;
  object["standard_errors"] = errors;
  object["intervals"] = {{"confidence", fit.model.options().confidence}, {"wald", wald}, {"profile", profile}};
  const std::size_t n = report.parameters.size();
  Json correlation = Json::object();
  for (std::size_t i = 0; i < n && !report.correlation.empty(); ++i) {
    Json row = Json::object();
    for (std::size_t j = 0; j < n; ++j) row[report.parameters[j].name] = number_json(report.correlation[i * n + j]);
    correlation[report.parameters[i].name] = row;
  }
  object["correlation"] = correlation;
  object["residual_sd"] = number_json(report.residual_sd);
  object["degrees_of_freedom"] = report.degrees_of_freedom;
  object["sum_of_squares"] = number_json(report.sum_of_squares);
  object["r2"] = number_json(report.r2);
  object["aic"] = number_json(report.aic);
  object["bic"] = number_json(report.bic);
  object["condition"] = number_json(report.condition);
  object["rank"] = report.rank;
  object["not_told_apart"] = report.not_told_apart;
  object["start"] = start;
  if (report.robust_scale > 0.0)
    object["robust"] = {{"name", curve::to_text(fit.model.options().robust)},
                        {"scale", number_json(report.robust_scale)},
                        {"rows_below_half", report.rows_down_weighted}};
  object["metrics"] = {{"train", evaluated_json(fit.train, {})}, {"validation", Json::object()}};
  object["optimizer"] = result.optimizer;
  object["value_evaluations"] = result.value_evaluations;
  object["gradient_evaluations"] = result.gradient_evaluations;
  Json found = Json::array();
  for (const auto& finding : fit.findings) found.push_back(finding_json(finding));
  object["findings"] = found;
  put_end(object, fit);
  return object;
}

void print_curve(const CurveFit& fit, std::ostream& out) {
  print_table(out, parameter_table(fit));
  out << '\n';
  print_ending(fit.model.report().result, out);
  out << '\n';
  if (fit.model.report().result.ok()) print_pairs(out, quality(fit));
  if (const Pairs strong = strong_correlations(fit.model.report()); !strong.empty()) {
    out << "\ncorrelations of 0.9 and more\n";
    print_pairs(out, strong);
  }
  out << '\n';
  Pairs pairs = settings(fit);
  pairs.emplace_back("time",
                     number_text(fit.read_seconds, 3) + " s to read, " + number_text(fit.fit_seconds, 3) + " s to fit");
  if (fit.options.given("output")) pairs.emplace_back("file", fit.options.text("output"));
  print_pairs(out, pairs);
  if (!fit.options.flag("quiet")) print_findings(fit.findings, out, fit.model.report().result.suggestion);
}

void plot_curve(const CurveFit& fit, Console& console) { write_plot(fit.options, figures(fit).front(), console); }

std::string curve_page(const CurveFit& fit) {
  const CurveReport& report = fit.model.report();
  report::Page page{.title = "Fit of " + fit.model.curve().response_text + " = " + fit.model.curve().formula_text,
                    .status = to_text(report.result.status),
                    .tone = report::tone_of(report.result.status),
                    .headline = report.result.reason,
                    .command = command_line(fit.options),
                    .footer = "descent " DESCENT_VERSION};
  for (const auto& [name, value] : quality(fit)) page.results.push_back({.name = name, .value = value});
  for (const auto& [name, value] : settings(fit)) page.settings.push_back({.name = name, .value = value});
  page.findings = report_findings(fit.findings, report.result);
  if (report.result.ok())
    for (report::AnyFigure& figure : figures(fit)) page.figures.push_back(std::move(figure));
  if (!fit.trace.rows().empty()) page.figures.emplace_back(report::loss_curves(fit.trace, {.result = &report.result}));
  auto rows = parameter_table(fit);
  report::Table parameters{.title = "Parameters", .columns = rows.front()};
  parameters.rows.assign(rows.begin() + 1, rows.end());
  page.tables.push_back(std::move(parameters));
  const std::size_t n = report.parameters.size();
  if (!report.correlation.empty() && n > 1) {
    report::Table correlations{.title = "Correlations", .columns = {"parameter"}};
    for (const CurveParameter& parameter : report.parameters) correlations.columns.push_back(parameter.name);
    for (std::size_t i = 0; i < n; ++i) {
      correlations.rows.push_back({report.parameters[i].name});
      for (std::size_t j = 0; j < n; ++j)
        correlations.rows.back().push_back(number_text(report.correlation[i * n + j], 4));
    }
    page.tables.push_back(std::move(correlations));
  }
  return report::html(page);
}

}  // namespace descent::cli

// What fit says: as JSON, and as text.
#include <algorithm>
#include <cmath>

#include "cli/fit_command.hpp"
#include "cli/fit_json.hpp"
#include "cli/run_options.hpp"
#include "cli/tables.hpp"
#include "descent/core/text.hpp"

namespace descent::cli {
namespace {

using linear::Coefficients;
using linear::FitReport;
using metrics::Evaluated;

constexpr std::size_t kMaxClasses = 20;  // shown in tables: a terminal has so many columns

/// A number for one output, an object by class for several.
Json intercept_json(const Coefficients& c, const FitReport& report) {
  if (c.intercepts.empty()) return 0.0;
  if (report.outputs == 1) return number_json(c.intercepts[0]);
  Json object = Json::object();
  for (std::size_t k = 0; k < report.outputs; ++k) object[report.classes[k]] = number_json(c.intercepts[k]);
  return object;
}

Json coefficients_json(const Coefficients& c, const FitReport& report) {
  const auto one = [&](std::size_t output) {
    Json object = Json::object();
    for (std::size_t j = 0; j < report.features; ++j)
      object[report.feature_names[j]] = number_json(c.coefficients[output * report.features + j]);
    return object;
  };
  if (report.outputs == 1) return one(0);
  Json object = Json::object();
  for (std::size_t k = 0; k < report.outputs; ++k) object[report.classes[k]] = one(k);
  return object;
}

Json least_squares_json(const FitReport& report) {
  const linear::LeastSquaresAnalysis& a = *report.analysis;
  const bool intercept = a.solution.size() > report.features;
  Json coefficients = Json::object();
  for (std::size_t j = 0; j < report.features; ++j) coefficients[report.feature_names[j]] = number_json(a.solution[j]);
  Json exact = {{"objective", number_json(a.value)},
                {"intercept", intercept ? number_json(a.solution.back()) : Json(0.0)},
                {"coefficients", coefficients}};
  Json object = {{"exact", exact},
                 {"rank", a.rank},
                 {"largest_eigenvalue", number_json(a.lambda_max)},
                 {"smallest_eigenvalue", number_json(a.lambda_min)},
                 {"condition", number_json(a.condition)},
                 {"largest_stable_rate", number_json(a.largest_stable_rate)},
                 {"best_rate", number_json(a.best_rate)},
                 {"steps_plain", count_json(a.steps_to_1e6)},
                 {"steps_momentum", count_json(a.steps_with_momentum)}};
  if (a.condition_standardized > 0) object["condition_standardized"] = number_json(a.condition_standardized);
  if (report.distance_to_solution) object["distance_to_solution"] = number_json(*report.distance_to_solution);
  if (report.relative_gap) object["relative_gap"] = number_json(*report.relative_gap);
  return object;
}

std::string coefficient_text(double value) { return number_text(value, 8); }

void print_coefficients(const Fit& fit, std::ostream& out) {
  const FitReport& report = fit.model.report();
  std::vector<std::vector<std::string>> rows;
  const bool scaled = report.standardized.has_value() && report.outputs == 1;
  const std::size_t shown_outputs = std::min(report.outputs, kMaxClasses);
  rows.push_back({"coefficient"});
  if (report.outputs == 1) {
    rows[0].emplace_back("value");
    if (scaled) rows[0].emplace_back("standardized");
  } else {
    for (std::size_t k = 0; k < shown_outputs; ++k) rows[0].push_back(report.classes[k]);
  }
  constexpr std::size_t kMaxShown = 60;
  const auto add = [&](const std::string& name, auto value) {
    std::vector<std::string> row{name};
    for (std::size_t k = 0; k < shown_outputs; ++k) row.push_back(coefficient_text(value(report.coefficients, k)));
    if (scaled) row.push_back(coefficient_text(value(*report.standardized, 0)));
    rows.push_back(std::move(row));
  };
  if (!report.coefficients.intercepts.empty())
    add(linear::intercept_name(report.feature_names),
        [](const Coefficients& c, std::size_t k) { return c.intercepts[k]; });
  for (std::size_t j = 0; j < std::min(report.features, kMaxShown); ++j)
    add(report.feature_names[j],
        [&](const Coefficients& c, std::size_t k) { return c.coefficients[k * report.features + j]; });
  print_table(out, rows);
  if (report.features > kMaxShown) out << "  ... and " << report.features - kMaxShown << " more (--json has all)\n";
  if (report.outputs > shown_outputs)
    out << "  ... and " << report.outputs - shown_outputs << " more of the classes (--json has all)\n";
}

void print_least_squares(const FitReport& report, std::ostream& out) {
  const linear::LeastSquaresAnalysis& a = *report.analysis;
  std::vector<std::pair<std::string, std::string>> pairs = {
      {"exact solution", "objective " + number_text(a.value, 9)},
      {"condition", number_text(a.condition, 6) + " (eigenvalues of the Hessian " + number_text(a.lambda_min, 6) +
                        " to " + number_text(a.lambda_max, 6) + ")"},
      {"largest stable rate", plain_decimal_text(a.largest_stable_rate, 5) + " for plain descent"}};
  if (a.rank < a.solution.size())
    pairs.emplace_back("rank", std::to_string(a.rank) + " of " + std::to_string(a.solution.size()) +
                                   "; the exact solution is the one of least norm, the condition that of the " +
                                   std::to_string(a.rank));
  if (a.steps_to_1e6 > 0)
    pairs.emplace_back("steps needed", "about " + count_text(a.steps_to_1e6) + " plain, " +
                                           count_text(a.steps_with_momentum) +
                                           " with the best momentum, to 1e-6 of the starting error");
  if (a.condition_standardized > 0)
    pairs.emplace_back("standardized", "condition " + number_text(a.condition_standardized, 6));
  if (report.relative_gap)
    pairs.emplace_back("distance to it", "objective " + number_text(*report.relative_gap, 3) + " above, relative");
  out << "\nleast squares\n";
  print_pairs(out, pairs);
}

}  // namespace

Json evaluated_json(const Evaluated& evaluated, const std::vector<std::string>& classes) {
  Json object = Json::object();
  for (const auto& [name, value] : evaluated.values) object[name] = number_json(value);
  if (evaluated.classes.empty()) return object;
  Json by_class = Json::object();
  for (const auto& c : evaluated.classes)
    by_class[c.name] = {{"precision", number_json(c.precision)},
                        {"recall", number_json(c.recall)},
                        {"f1", number_json(c.f1)},
                        {"support", count_json(c.support)}};
  object["classes"] = by_class;
  Json matrix = Json::array();
  for (std::size_t i = 0; i < classes.size(); ++i) {
    Json row = Json::array();
    for (std::size_t j = 0; j < classes.size(); ++j)
      row.push_back(count_json(evaluated.confusion[i * classes.size() + j]));
    matrix.push_back(row);
  }
  object["confusion_matrix"] = {{"labels", classes}, {"counts", matrix}};
  return object;
}

Json fit_json(const Fit& fit) {
  const FitReport& report = fit.model.report();
  Json object = {{"command", "fit"}};
  put_ending(object, report.result);
  object["evaluation"] = report.evaluation;
  object["task"] = to_text(report.task);
  object["rows"] = report.rows;
  object["features"] = report.features;
  object["epochs"] = report.result.epochs;
  object["steps"] = report.result.steps;
  object["objective"] = number_json(report.objective);
  object["loss"] = number_json(report.loss);
  object["penalty"] = number_json(report.penalty);
  object["best"] = {{"epoch", count_json(report.best.epoch)}, {"objective", number_json(report.best.objective)}};
  object["gradient_norm"] = number_json(report.result.gradient_norm);
  if (!report.classes.empty()) object["classes"] = report.classes;
  object["intercept"] = intercept_json(report.coefficients, report);
  object["coefficients"] = coefficients_json(report.coefficients, report);
  if (report.standardized)
    object["standardized"] = {{"intercept", intercept_json(*report.standardized, report)},
                              {"coefficients", coefficients_json(*report.standardized, report)}};
  if (report.analysis) object["least_squares"] = least_squares_json(report);
  put_quality(object, report);
  Json findings = Json::array();
  for (const std::string& text : report.findings) findings.push_back({{"name", "linear"}, {"what", text}});
  for (const std::string& text : report.improvements) findings.push_back({{"name", "linear"}, {"what", text}});
  for (const auto& finding : fit.findings) findings.push_back(finding_json(finding));
  object["findings"] = findings;
  put_end(object, fit);
  return object;
}

void print_evaluated(const Evaluated& evaluated, const std::vector<std::string>& classes, std::ostream& out) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const auto& [name, value] : evaluated.values) pairs.emplace_back(name, number_text(value, 6));
  print_pairs(out, pairs);
  if (classes.empty()) return;
  out << '\n';
  std::vector<std::vector<std::string>> rows = {{"class", "precision", "recall", "f1", "rows"}};
  for (std::size_t k = 0; k < std::min(evaluated.classes.size(), kMaxClasses); ++k) {
    const auto& c = evaluated.classes[k];
    rows.push_back({c.name, number_text(c.precision, 4), number_text(c.recall, 4), number_text(c.f1, 4),
                    number_text(c.support, 8)});
  }
  print_table(out, rows);
  if (evaluated.classes.size() > kMaxClasses)
    out << "  ... and " << evaluated.classes.size() - kMaxClasses << " more of the classes (--json has all)\n";
  std::vector<std::string> absent;
  for (const auto& c : evaluated.classes)
    if (c.support == 0.0) absent.push_back(c.name);
  if (!absent.empty() && absent.size() <= kMaxClasses)
    out << "  no row is of " << printable(join(absent)) << ": the macro averages count 0 for "
        << (absent.size() == 1 ? "it" : "each") << '\n';
  if (classes.size() > kMaxClasses) return;
  out << "\n  confusion (rows: true class, columns: predicted)\n";
  rows = {{""}};
  for (const std::string& name : classes) rows[0].push_back(name);
  for (std::size_t i = 0; i < classes.size(); ++i) {
    rows.push_back({classes[i]});
    for (std::size_t j = 0; j < classes.size(); ++j)
      rows.back().push_back(number_text(evaluated.confusion[i * classes.size() + j], 8));
  }
  print_table(out, rows);
}

void print_fit(const Fit& fit, std::ostream& out) {
  const FitReport& report = fit.model.report();
  print_coefficients(fit, out);
  out << '\n';
  print_ending(report.result, out);
  for (const std::string& finding : report.findings)
    if (finding != report.result.suggestion) out << "Note: " << printable(finding) << '\n';
  if (!fit.options.flag("quiet"))
    for (const std::string& text : report.improvements) out << "Note: " << text << '\n';
  out << "\nobjective  " << number_text(report.objective, 10);
  if (report.penalty != 0)
    out << " = loss " << number_text(report.loss, 10) << " + penalty " << number_text(report.penalty, 10);
  if (report.best.objective < report.objective)
    out << "\nbest       " << number_text(report.best.objective, 10) << " after epoch "
        << number_text(report.best.epoch, 6);
  out << "\n\n" << (report.validation ? "metrics (rows learned from)\n" : "metrics\n");
  print_evaluated(report.train, report.classes, out);
  if (report.validation) {
    out << "\nmetrics (" << counted(report.validation_rows, "row") << " held out)\n";
    print_evaluated(*report.validation, report.classes, out);
  }
  if (report.analysis) print_least_squares(report, out);
  out << '\n';
  std::vector<std::pair<std::string, std::string>> pairs = {
      {"task", std::string(to_text(report.task)) + ", " + counted(report.rows, "row") + ", " +
                   counted(report.features, "feature")},
      {"loss", report.loss_text + " (" + report.loss_scale + "), penalty " + report.penalty_text},
      {"optimizer",
       report.result.optimizer +
           (report.result.learning_rate > 0 ? ", learning rate " + number_text(report.result.learning_rate, 6) : "")},
      {"steps", counted(report.result.steps, "update") + ", " + counted(report.result.epochs, "epoch") +
                    ", evaluated by " + report.evaluation},
      {"time", number_text(fit.read_seconds, 3) + " s to read, " + number_text(fit.fit_seconds, 3) + " s to fit"}};
  if (const std::string update = conventions(report.result.optimizer); !update.empty())
    pairs.insert(pairs.begin() + 3, {"update", update});
  if (fit.options.given("output")) pairs.emplace_back("model", fit.options.text("output"));
  print_pairs(out, pairs);
  if (fit.options.flag("quiet")) return;
  for (const std::string& remark : report.remarks) out << "  - " << remark << '\n';
  print_findings(fit.findings, out, report.result.suggestion);
}

}  // namespace descent::cli

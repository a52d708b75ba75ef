// What the fit of a network says: as JSON, as text, as a page.
#include "cli/fit_command.hpp"
#include "cli/fit_json.hpp"
#include "cli/network_fit.hpp"
#include "cli/run_options.hpp"
#include "cli/tables.hpp"
#include "descent/core/text.hpp"
#include "descent/report/fit_figures.hpp"
#include "descent/report/page.hpp"
#include "descent/report/trace_figures.hpp"

namespace descent::cli {
namespace {

std::string shape_text(const nn::MlpReport& report) {
  std::vector<std::string> widths;
  for (const std::size_t width : report.shape.widths) widths.push_back(std::to_string(width));
  return join(widths, "-") + ", " + nn::to_text(report.shape.activation);
}

std::string count(std::size_t value) { return count_text(static_cast<double>(value)); }

report::AnyFigure main_figure(const NetworkFit& fit, BatchSource& source) {
  const nn::MlpReport& report = fit.model.report();
  if (report.task != Task::regression) return report::confusion_matrix(report.classes, report.train.confusion);
  constexpr std::size_t kMaxRows = 20000;
  source.rewind();
  const nn::Table rows = nn::Table::read(source);
  const std::size_t every = std::max<std::size_t>(1, rows.num_rows / kMaxRows);
  std::vector<double> truth, fitted;
  double score = 0.0;
  for (std::size_t i = 0; i < rows.num_rows; i += every) {
    fit.model.decision_function({rows.row(i), 1, rows.num_features, rows.num_features}, {&score, 1});
    truth.push_back(rows.targets[i]);
    fitted.push_back(score);
  }
  return report::predicted_vs_true(truth, fitted, {.y_label = fit.encoder.target()});
}

std::vector<std::pair<std::string, std::string>> settings(const NetworkFit& fit) {
  const nn::MlpReport& report = fit.model.report();
  return {
      {"network", shape_text(report) + ", " + count(report.shape.num_parameters()) + " parameters, start " +
                      nn::to_text(report.initialization)},
      {"task", std::string(to_text(report.task)) + ", " + counted(report.rows, "row") + ", " +
                   counted(report.feature_names.size(), "feature")},
      {"loss", report.loss_text + " (mean), penalty " + report.penalty_text},
      {"optimizer",
       report.result.optimizer +
           (report.result.learning_rate > 0 ? ", learning rate " + number_text(report.result.learning_rate, 6) : "") +
           ", " + (report.batch_size < report.rows ? "batches of " + count(report.batch_size) : "all rows")},
      {"steps", counted(report.result.steps, "update") + ", " + counted(report.result.epochs, "epoch")}};
}

}  // namespace

Json network_json(const NetworkFit& fit) {
  const nn::MlpReport& report = fit.model.report();
  Json object = {{"command", "fit"}};
  put_ending(object, report.result);
  object["evaluation"] = "rows";
  object["task"] = to_text(report.task);
  object["rows"] = report.rows;
  object["features"] = report.feature_names.size();
  object["network"] = {{"widths", report.shape.widths},
                       {"activation", nn::to_text(report.shape.activation)},
                       {"start", nn::to_text(report.initialization)},
                       {"parameters", report.shape.num_parameters()}};
  object["epochs"] = report.result.epochs;
  object["steps"] = report.result.steps;
  object["batch_size"] = report.batch_size;
  object["objective"] = number_json(report.objective);
  object["loss"] = number_json(report.loss);
  object["penalty"] = number_json(report.penalty);
  object["epoch"] = report.epoch;
  object["best"] = {{"epoch", report.best.epoch},
                    {"objective", number_json(report.best.objective)},
                    {"loss", number_json(report.best.loss)},
                    {"metrics", evaluated_json(report.best.train, report.classes)}};
  object["gradient_norm"] = number_json(report.result.gradient_norm);
  if (!report.classes.empty()) object["classes"] = report.classes;
  put_quality(object, report);
  Json findings = Json::array();
  for (const auto& finding : fit.findings) findings.push_back(finding_json(finding));
  object["findings"] = findings;
  put_end(object, fit);
  return object;
}

void print_network(const NetworkFit& fit, std::ostream& out) {
  const nn::MlpReport& report = fit.model.report();
  print_ending(report.result, out);
  const std::string metric = report.task == Task::regression ? "r2" : "accuracy";
  std::vector<std::vector<std::string>> rows = {{"epoch", "", "objective", "loss", metric}};
  const auto add = [&](std::uint64_t epoch, const std::string& which, const std::vector<double>& values) {
    rows.push_back({std::to_string(epoch), which});
    for (const double value : values) rows.back().push_back(number_text(value, 8));
  };
  add(report.best.epoch, "best",
      {report.best.objective, report.best.loss, report.best.train.find(metric).value_or(0.0)});
  add(report.epoch, "given back", {report.objective, report.loss, report.train.find(metric).value_or(0.0)});
  out << '\n';
  print_table(out, rows);
  out << (report.validation ? "\nmetrics (rows learned from)\n" : "\nmetrics\n");
  print_evaluated(report.train, report.classes, out);
  if (report.validation) {
    out << "\nmetrics (" << counted(report.validation_rows, "row") << " held out)\n";
    print_evaluated(*report.validation, report.classes, out);
  }
  out << '\n';
  auto pairs = settings(fit);
  if (const std::string update = conventions(report.result.optimizer); !update.empty())
    pairs.insert(pairs.begin() + 4, {"update", update});
  pairs.emplace_back("time",
                     number_text(fit.read_seconds, 3) + " s to read, " + number_text(fit.fit_seconds, 3) + " s to fit");
  if (fit.options.given("output")) pairs.emplace_back("model", fit.options.text("output"));
  print_pairs(out, pairs);
  if (fit.options.flag("quiet")) return;
  for (const std::string& remark : report.remarks) out << "  - " << remark << '\n';
  print_findings(fit.findings, out, report.result.suggestion);
}

void plot_network(const NetworkFit& fit, BatchSource& source, Console& console) {
  write_plot(fit.options, main_figure(fit, source), console);
}

std::string network_page(const NetworkFit& fit, BatchSource& source) {
  const nn::MlpReport& report = fit.model.report();
  report::Page page{.title = "Network for " + fit.encoder.target() + " from " + join(fit.options.texts("DATA")),
                    .status = to_text(report.result.status),
                    .tone = report::tone_of(report.result.status),
                    .headline = report.result.reason,
                    .command = command_line(fit.options),
                    .footer = "descent " DESCENT_VERSION};
  for (const auto& [name, value] : settings(fit)) page.settings.push_back({.name = name, .value = value});
  page.results.push_back({.name = "objective", .value = number_text(report.objective, 10)});
  page.results.push_back({.name = "best objective",
                          .value = number_text(report.best.objective, 10),
                          .note = "after epoch " + std::to_string(report.best.epoch)});
  for (const auto& [name, value] : report.train.values)
    page.results.push_back({.name = name, .value = number_text(value, 6)});
  if (report.validation)
    for (const auto& [name, value] : report.validation->values)
      page.results.push_back({.name = name, .value = number_text(value, 6), .note = "rows held out"});
  page.findings = report_findings(fit.findings, report.result);
  for (const std::string& text : report.remarks) page.findings.push_back({.tone = report::Tone::neutral, .text = text});
  if (report.result.ok()) page.figures.push_back(main_figure(fit, source));
  if (!fit.trace.rows().empty()) page.figures.emplace_back(report::loss_curves(fit.trace, {.result = &report.result}));
  return report::html(page);
}

}  // namespace descent::cli

// `descent inspect MODEL|DATA`, and `descent --version`.
#include <algorithm>
#include <cmath>

#include "cli/commands.hpp"
#include "cli/files.hpp"
#include "cli/json.hpp"
#include "cli/model_file.hpp"
#include "cli/tables.hpp"
#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/data/profile.hpp"
#include "descent/report/page.hpp"
#include "descent/simd/target.hpp"

namespace descent::cli {
namespace {

int inspect_network(const LoadedModel& model, const Options& options, Console& console) {
  const nn::MlpReport& report = model.network->report();
  const auto& classes = model.learner().classes();
  if (options.flag("json")) {
    Json blocks = Json::array();
    for (const ParameterBlock& block : report.shape.parameter_blocks())
      blocks.push_back({{"name", block.name}, {"shape", {block.rows, block.columns}}});
    console.out << Json{{"command", "inspect"},
                        {"kind", "mlp"},
                        {"task", to_text(report.task)},
                        {"target", model.encoder.target()},
                        {"classes", classes},
                        {"widths", report.shape.widths},
                        {"activation", nn::to_text(report.shape.activation)},
                        {"parameters", report.shape.num_parameters()},
                        {"blocks", blocks},
                        {"made_by", model.command},
                        {"status", model.status}}
                       .dump(2)
                << '\n';
    return kDone;
  }
  std::vector<std::string> widths;
  for (const std::size_t width : report.shape.widths) widths.push_back(std::to_string(width));
  print_pairs(console.out,
              {{"model", "network " + join(widths, "-") + ", " + nn::to_text(report.shape.activation) + ", " +
                             to_text(report.task)},
               {"target", model.encoder.target() + (classes.empty() ? "" : ": " + join(classes))},
               {"features", join(model.encoder.feature_names())},
               {"parameters", count_text(static_cast<double>(report.shape.num_parameters()))},
               {"loss", report.loss_text + ", penalty " + report.penalty_text},
               {"made by", model.command},
               {"status", model.status}},
              0);
  return kDone;
}

int inspect_curve(const LoadedModel& model, const Options& options, Console& console) {
  const curve::Curve& curve = model.curve->curve();
  const curve::CurveReport& report = model.curve->report();
  const std::string formula = curve.response_text + " = " + curve.formula_text;
  if (options.flag("json")) {
    Json coefficients = Json::object(), errors = Json::object();
    for (const curve::CurveParameter& parameter : report.parameters) {
      coefficients[parameter.name] = number_json(parameter.value);
      errors[parameter.name] = parameter.standard_error ? number_json(*parameter.standard_error) : Json(nullptr);
    }
    console.out << Json{{"command", "inspect"},
                        {"kind", "curve"},
                        {"task", "formula"},
                        {"target", model.encoder.target()},
                        {"formula", formula},
                        {"coefficients", coefficients},
                        {"standard_errors", errors},
                        {"rows", report.rows},
                        {"residual_sd", number_json(report.residual_sd)},
                        {"made_by", model.command},
                        {"status", model.status}}
                       .dump(2)
                << '\n';
    return kDone;
  }
  std::vector<std::vector<std::string>> table{{"parameter", "value", "standard error"}};
  for (const curve::CurveParameter& parameter : report.parameters)
    table.push_back({parameter.name, number_text(parameter.value, 10),
                     parameter.standard_error ? number_text(*parameter.standard_error, 6) : std::string("-")});
  print_table(console.out, table);
  console.out << '\n';
  print_pairs(console.out,
              {{"model", "curve " + formula},
               {"features", join(model.encoder.feature_names())},
               {"residual sd", number_text(report.residual_sd, 8) + ", " + counted(report.rows, "row")},
               {"made by", model.command},
               {"status", model.status}},
              0);
  return kDone;
}

int inspect_model(const Options& options, Console& console) {
  const LoadedModel model = read_model(options.text("FILE"));
  if (model.curve != nullptr) return inspect_curve(model, options, console);
  if (model.network != nullptr) return inspect_network(model, options, console);
  const linear::FitReport& report = model.linear->report();
  const std::size_t features = model.learner().num_features(), outputs = model.learner().num_scores();
  const auto& names = model.encoder.feature_names();
  const auto output_name = [&](std::size_t k) {
    return outputs == 1 ? std::string("value") : model.learner().classes()[k];
  };
  if (options.flag("json")) {
    Json coefficients = Json::object(), intercept = Json::object();
    for (std::size_t k = 0; k < outputs; ++k) {
      Json one = Json::object();
      for (std::size_t j = 0; j < features; ++j)
        one[names[j]] = number_json(report.coefficients.coefficients[k * features + j]);
      coefficients[output_name(k)] = one;
      intercept[output_name(k)] =
          report.coefficients.intercepts.empty() ? Json(0.0) : number_json(report.coefficients.intercepts[k]);
    }
    console.out << Json{{"command", "inspect"},
                        {"kind", "linear"},
                        {"task", to_text(report.task)},
                        {"target", model.encoder.target()},
                        {"classes", model.learner().classes()},
                        {"intercept", outputs == 1 ? intercept["value"] : intercept},
                        {"coefficients", outputs == 1 ? coefficients["value"] : coefficients},
                        {"made_by", model.command},
                        {"status", model.status}}
                       .dump(2)
                << '\n';
    return kDone;
  }
  print_pairs(console.out,
              {{"model", std::string("linear, ") + to_text(report.task)},
               {"target", model.encoder.target() +
                              (model.learner().classes().empty() ? "" : ": " + join(model.learner().classes()))},
               {"loss", report.loss_text + ", penalty " + report.penalty_text},
               {"made by", model.command},
               {"status", model.status}},
              0);
  console.out << '\n';
  std::vector<std::vector<std::string>> rows = {{"coefficient"}};
  for (std::size_t k = 0; k < outputs; ++k) rows[0].push_back(output_name(k));
  const auto add = [&](const std::string& name, auto value) {
    rows.push_back({name});
    for (std::size_t k = 0; k < outputs; ++k) rows.back().push_back(number_text(value(k), 8));
  };
  if (!report.coefficients.intercepts.empty())
    add(linear::intercept_name(names), [&](std::size_t k) { return report.coefficients.intercepts[k]; });
  for (std::size_t j = 0; j < features; ++j)
    add(names[j], [&](std::size_t k) { return report.coefficients.coefficients[k * features + j]; });
  print_table(console.out, rows, 0);
  return kDone;
}

/// Nothing where there is no number to show.
std::string shown(double value) { return std::isnan(value) ? "" : number_text(value, 6); }

int inspect_data(const Options& options, Console& console) {
  const auto source = data::open_csv_files(options.texts("FILE"), csv_options(options, &console));
  const data::TableProfile profile = data::profile(*source);
  if (options.flag("json")) {
    Json columns = Json::array();
    for (const data::ColumnProfile& c : profile.columns) {
      Json column = {{"name", c.name},
                     {"kind", c.kind == ColumnKind::number ? "number" : "text"},
                     {"missing", c.num_missing},
                     {"use", c.use}};
      if (c.kind == ColumnKind::number) {
        column.update(Json{{"min", number_json(c.min)},
                           {"max", number_json(c.max)},
                           {"mean", number_json(c.mean)},
                           {"deviation", number_json(c.deviation)}});
      } else {
        column["levels"] = c.num_levels;
        Json common = Json::object();
        for (const auto& [text, count] : c.common) common[text] = count;
        column["common"] = common;
      }
      columns.push_back(column);
    }
    console.out << Json{{"command", "inspect"},
                        {"files", options.texts("FILE")},
                        {"format", source->format()},
                        {"rows", profile.rows},
                        {"columns", columns}}
                       .dump(2)
                << '\n';
    return kDone;
  }
  console.out << counted(profile.rows, "row") << ", " << counted(profile.columns.size(), "column") << "; "
              << source->format() << "\n\n";
  std::vector<std::vector<std::string>> rows = {{"column", "kind", "missing", "min", "mean", "max", "deviation"}};
  for (const data::ColumnProfile& c : profile.columns) {
    if (c.kind == ColumnKind::number) {
      rows.push_back({c.name, "number", std::to_string(c.num_missing), shown(c.min), shown(c.mean), shown(c.max),
                      shown(c.deviation)});
    } else {
      std::vector<std::string> common;
      for (std::size_t i = 0; i < std::min<std::size_t>(c.common.size(), 4); ++i) common.push_back(c.common[i].first);
      rows.push_back({c.name, c.spoilt_numbers ? "number?" : "text", std::to_string(c.num_missing),
                      counted(c.num_levels, "level") + ": " + join(common) + (c.num_levels > 4 ? ", ..." : "")});
    }
  }
  print_table(console.out, rows, 0);
  std::vector<std::pair<std::string, std::string>> uses;
  bool any_spoilt = false;
  for (const data::ColumnProfile& c : profile.columns) {
    if (c.kind == ColumnKind::text || c.use != "a number") uses.emplace_back(c.name, c.use);
    any_spoilt = any_spoilt || c.spoilt_numbers;
  }
  if (!uses.empty()) {
    console.out << "\nAs features of a fit" << (any_spoilt ? " (what is refused there, with its place)" : "") << '\n';
    print_pairs(console.out, uses);
  }
  return kDone;
}

int run_inspect(const Options& options, Console& console) {
  const auto files = options.texts("FILE");
  if (files.size() > 1 && std::any_of(files.begin(), files.end(), [](const auto& f) { return f.ends_with(".json"); }))
    throw Error(ErrorCode::usage, "expected one model, or files of data alone", "descent inspect");
  return options.text("FILE").ends_with(".json") ? inspect_model(options, console) : inspect_data(options, console);
}

}  // namespace

Command inspect_command() {
  std::vector<OptionSpec> options = {
      {.name = "FILE",
       .placeholder = "FILE...",
       .meaning = "A model file (.json), or csv files with the same columns, read as one table",
       .many = true,
       .required = true,
       .file = FileUse::input},
      {.name = "json", .kind = OptionKind::flag, .meaning = "One JSON object on standard output"}};
  for (OptionSpec& option : reading_options()) options.push_back(std::move(option));
  return {.name = "inspect",
          .summary = "Show what is in a model file or in csv files",
          .description = {},
          .options = std::move(options),
          .examples = {"descent inspect iris.json", "descent inspect data/diabetes.csv"},
          .run = run_inspect};
}

void print_version(Console& console) {
  console.out << "descent " DESCENT_VERSION "\n";
  print_pairs(console.out,
              {{"instructions", simd::active_target() + " (of " + join(simd::supported_targets()) + ")"},
               {"pictures", "Plotly " + std::string(report::plotly_version()) + " inside; gnuplot at run time"},
               {"optional parts", "none in this version"}});
}

}  // namespace descent::cli

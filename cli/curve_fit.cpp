// `descent fit DATA... --model 'y = a*exp(-b*x) + c'`.
#include "cli/curve_fit.hpp"

#include <algorithm>
#include <chrono>

#include "cli/curve_rows.hpp"
#include "cli/files.hpp"
#include "cli/fit_command.hpp"
#include "cli/formula_problem.hpp"
#include "cli/model_file.hpp"
#include "cli/run_options.hpp"
#include "cli/tables.hpp"
#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/data/encode.hpp"
#include "descent/model/file.hpp"

namespace descent::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kOfCurves[] = {"sigma", "absolute-sigma", "bounds", "robust", "robust-scale", "confidence"};

void refuse_what_curves_have_not(const Options& options) {
  struct Foreign {
    const char* option;
    const char* why;
  };
  constexpr Foreign kForeign[] = {
      {"features", "a formula names the columns it uses"},
      {"categorical", "a formula takes numbers; `where(x == 3, a, b)` tells cases apart"},
      {"sample-weight", "a row's weight is 1/sigma^2: give its standard deviation with --sigma"},
      {"validation", "a curve is judged by its standard errors; hold rows out in a file of their own, and evaluate"},
      {"early-stopping", "a curve has no epochs"},
      {"loss", "a curve is fitted by least squares; --robust changes what far rows count"},
      {"loss-scale", "the objective is half the sum of squares"},
      {"penalty", "a curve has no penalty yet; --bounds keep parameters where they belong"},
      {"standardize", "a formula is fitted as it stands"},
      {"no-intercept", "a formula has a constant only where one is written"},
      {"class-weight", "a curve has no classes"},
      {"compat", "it is about the kink of the hinge"},
      {"activation", "it is of a network"},
      {"evaluation", "it is of a linear model"},
      {"batch-size", "a curve sees all rows in every update"},
      {"max-epochs", "a curve sees all rows in every update: --max-steps counts them"},
      {"shuffle", "a curve sees all rows in every update"},
      {"schedule", "name the schedule in the optimizer, as in 'adam(cosine(0.1, 1000))'"},
  };
  for (const Foreign& foreign : kForeign)
    if (options.knows(foreign.option) && options.given(foreign.option))
      throw Error(ErrorCode::usage, std::string(foreign.why) + "; leave it out", std::string("--") + foreign.option);
}

/// The names of the columns of numbers; refuses a formula that uses another.
std::vector<std::string> number_columns(const data::TableSource& source, const std::string& text) {
  std::vector<std::string> names;
  for (std::size_t j = 0; j < source.schema().columns.size(); ++j) {
    const ColumnSchema& column = source.schema().columns[j];
    if (column.kind == ColumnKind::number) {
      names.push_back(column.name);
    } else if (uses_name(text, column.name)) {
      throw number_column_error(source.facts()[j]);
    }
  }
  return names;
}

std::vector<std::optional<double>> start_of(const Options& options, const curve::Curve& curve) {
  std::vector<std::optional<double>> start(curve.parameters.size());
  const std::string text = options.text("start");
  if (!options.given("start") || text == "auto") return start;
  if (text == "zeros" || text == "ones") {
    std::fill(start.begin(), start.end(), text == "ones" ? 1.0 : 0.0);
    return start;
  }
  if (text.find('=') == std::string::npos)
    throw Error(ErrorCode::usage,
                "expected auto, zeros, ones, or NAME=VALUE,... for the parameters " + join(curve.parameters) +
                    ", got " + descent::quoted(text),
                "--start");
  for (const auto& [name, value] : parse_pairs(text, "--start")) {
    const auto found = std::find(curve.parameters.begin(), curve.parameters.end(), name);
    if (found == curve.parameters.end())
      throw Error(ErrorCode::usage,
                  "'" + name + "' is no parameter of the formula" + did_you_mean(name, curve.parameters) +
                      "; its parameters are " + join(curve.parameters),
                  "--start");
    start[static_cast<std::size_t>(found - curve.parameters.begin())] = require_number(value, "--start " + name);
  }
  return start;
}

curve::CurveOptions curve_options(const Options& options, const curve::Curve& curve) {
  curve::CurveOptions result{.start = start_of(options, curve), .bounds = bounds(options, curve.parameters)};
  result.optimizer = from_option(options, "optimizer", parse_optimizer);
  if (options.given("learning-rate"))
    result.optimizer = from_option(options, "learning-rate", [&](const std::string& text) {
      return with_learning_rate(result.optimizer, parse_schedule(text));
    });
  result.robust = from_option(options, "robust", curve::parse_robust);
  result.robust_scale = options.number("robust-scale").value_or(0.0);
  if (result.robust_scale > 0.0 && result.robust == curve::Robust::none)
    throw Error(ErrorCode::usage, "is of a robust sum: name one, such as --robust huber", "--robust-scale");
  result.absolute_sigma = options.flag("absolute-sigma");
  result.confidence = options.number("confidence").value_or(0.95);
  result.seed = static_cast<std::uint64_t>(options.integer("seed").value_or(0));
  result.threads = static_cast<std::size_t>(options.integer("threads").value_or(0));
  result.run = stopping_rules(options);
  if (!options.number("gradient-tolerance")) result.run.gradient_tolerance = options.number("tolerance").value_or(0.0);
  return result;
}

/// `leave one of them out, or hold it fixed: --bounds a=0.31:0.31`
std::string held_fixed(const curve::CurveReport& report) {
  std::string value;
  for (const curve::CurveParameter& parameter : report.parameters)
    if (parameter.name == report.not_told_apart.front()) value = number_text(parameter.value, 6);
  return std::string(report.not_told_apart.size() == 1 ? "leave it out" : "leave one of them out") +
         ", or hold it fixed: --bounds " + report.not_told_apart.front() + "=" + value + ":" + value;
}

std::optional<diagnose::Finding> start_moved(const curve::CurveOptions& asked, const curve::Curve& curve) {
  std::vector<std::string> moved;
  for (std::size_t j = 0; j < asked.bounds.size(); ++j)
    if (asked.start[j] && (*asked.start[j] < asked.bounds[j].low || *asked.start[j] > asked.bounds[j].high))
      moved.push_back(curve.parameters[j] + "=" + number_text(*asked.start[j]));
  if (moved.empty()) return std::nullopt;
  return diagnose::Finding{.name = "start_moved",
                           .severity = diagnose::Severity::warning,
                           .what = "the start lies outside the bounds: the run began at the nearest point within them",
                           .evidence = join(moved),
                           .advice = "--start with a point within the bounds"};
}

std::vector<diagnose::Finding> findings(const curve::Curve& curve, const curve::CurveReport& report) {
  std::vector<diagnose::Finding> found;
  using diagnose::Severity;
  if (!curve.sums.empty()) {
    std::vector<std::string> values;
    for (const curve::ColumnSum& sum : curve.sums) values.push_back(sum.text + " = " + number_text(sum.value));
    found.push_back({.name = "sums_are_numbers",
                     .severity = Severity::remark,
                     .what = "sums over the columns are those of these rows, in predictions of others too",
                     .evidence = join(values),
                     .advice = {}});
  }
  if (!report.not_told_apart.empty())
    found.push_back(
        {.name = "not_told_apart",
         .severity = Severity::problem,
         .what = report.not_told_apart.size() == 1
                     ? "the sum of squares does not depend on " + report.not_told_apart[0] + " here"
                     : "the rows do not tell " + join(report.not_told_apart) + " apart: only a combination counts",
         .evidence = "the rank of the Jacobian is " + std::to_string(report.rank) + " of " +
                     std::to_string(report.parameters.size()),
         .advice = held_fixed(report)});
  constexpr double kFewDigits = 1e8;
  if (report.not_told_apart.empty() && report.condition > kFewDigits)
    found.push_back(
        {.name = "ill_conditioned",
         .severity = Severity::warning,
         .what = "some combination of the parameters is hardly determined by the rows",
         .evidence = "condition " + number_text(report.condition, 3) + " of the Jacobian with columns of one length",
         .advice = {}});
  if (report.starts_tried > 0) {
    std::vector<std::string> guessed;
    for (const curve::CurveParameter& parameter : report.parameters)
      if (parameter.guessed) guessed.push_back(parameter.name + "=" + number_text(parameter.start, 6));
    found.push_back({.name = "start_guessed",
                     .severity = Severity::remark,
                     .what = "the start was guessed: the best of " + counted(report.starts_tried, "start"),
                     .evidence = join(guessed),
                     .advice = "--start with values near those expected, if the curve looks wrong"});
  }
  for (const curve::CurveParameter& parameter : report.parameters)
    if (parameter.at_bound)
      found.push_back({.name = "at_bound",
                       .severity = Severity::remark,
                       .what = "'" + parameter.name + "' is at its bound, so it has no standard error",
                       .evidence = {},
                       .advice = {}});
  if (report.degrees_of_freedom == 0)
    found.push_back({.name = "no_degrees_of_freedom",
                     .severity = Severity::warning,
                     .what = "there are no more rows than parameters: nothing says how well they are known",
                     .evidence = counted(report.rows, "row") + ", " + counted(report.parameters.size(), "parameter"),
                     .advice = {}});
  return found;
}

}  // namespace

bool is_curve_model(const std::string& model) {
  return curve::is_curve(model) || model.find_first_of("*/+^(") != std::string::npos;
}

void refuse_what_is_of_curves(const Options& options) {
  for (const char* option : kOfCurves)
    if (options.knows(option) && options.given(option))
      throw Error(ErrorCode::usage, "is for a formula as the model, as in --model 'y = a*exp(-b*x)'",
                  std::string("--") + option);
}

int run_curve_fit(const Options& options, Console& console) {
  const auto start = Clock::now();
  refuse_what_curves_have_not(options);
  const std::string output = options.text("output"), text = options.text("model"), sigma = options.text("sigma");
  require_writable(output, "-o");

  const auto source = open_tables(options, nullptr, &console);
  const std::vector<std::string> names = number_columns(*source, text);
  const auto parse = [&](const std::string& model) { return curve::parse_curve(model, names, options.text("target")); };
  const curve::Curve typed = from_option(options, "model", parse);
  if (!options.flag("quiet"))
    for (const std::string& parameter : typed.parameters)
      if (const std::string meant = did_you_mean(parameter, names); !meant.empty() && parameter.size() > 1)
        console.err << "descent: note: '" << parameter << "' is no column of " << join(options.texts("DATA"))
                    << ", so it is taken as a parameter" << meant << '\n';
  curve::CurveOptions asked = curve_options(options, typed);

  // This encoder reads what the fit needs; another, which has a target, goes into the model file.
  data::EncodeOptions wanted{.features = typed.inputs};
  wanted.missing = encode_options(options).missing;
  for (const auto* more : {&typed.response_columns, &typed.sum_columns})
    for (const std::string& name : *more)
      if (std::find(wanted.features.begin(), wanted.features.end(), name) == wanted.features.end())
        wanted.features.push_back(name);
  if (options.given("sigma")) {
    if (std::find(names.begin(), names.end(), sigma) == names.end())
      throw Error(ErrorCode::usage,
                  "expected a column of numbers, got " + descent::quoted(sigma) + did_you_mean(sigma, names) +
                      "; there are " + join(names),
                  "--sigma");
    if (std::find(wanted.features.begin(), wanted.features.end(), sigma) == wanted.features.end())
      wanted.features.push_back(sigma);
  }
  const data::Encoder encoder = data::Encoder::fit(*source, wanted);
  const auto encoded = encoder.apply(*source);
  const auto rows = read_curve_rows(*encoded, typed, options.given("sigma") ? sigma : std::string());
  std::vector<std::string> complete;  // no row has a gap in these
  if (wanted.missing == data::MissingPolicy::drop) complete = wanted.features;
  rows->place = [&](std::size_t row) { return place_of_row(*source, complete, row); };
  const curve::Curve curve = curve::settle_sums(typed, *rows);
  if (encoded->report().rows_dropped > 0 && !options.flag("quiet"))
    console.err << counted(encoded->report().rows_dropped, "row") << " dropped for a missing value\n";

  RunWatch watch(options, console, curve.parameters, asked.run.max_steps);
  asked.run.observer = watch.glancing_observer();
  if (console.stop != nullptr) asked.run.stop = console.stop->token();
  const double read_seconds = seconds_since(start);
  const auto fit_start = Clock::now();
  const StopsItself stops_itself;
  curve::CurveModel model(curve, asked);
  const Result result = model.fit(rows);
  watch.finish();
  if (result.status == Status::interrupted && result.steps == 0) {
    console.err << "descent: interrupted before the first step; nothing was written\n";
    return exit_status(result, options, console);
  }

  CurveFit fit{.options = options, .model = model, .rows = rows, .trace = watch.trace(), .train = {}, .findings = {}};
  if (result.ok()) {
    fit.train = model.evaluate(*rows);
    fit.findings = findings(curve, model.report());
    if (auto moved = start_moved(asked, curve)) fit.findings.push_back(std::move(*moved));
  }
  fit.read_seconds = read_seconds;
  fit.fit_seconds = seconds_since(fit_start);
  fit.total_seconds = seconds_since(start);
  if (!output.empty() && result.ok()) {
    data::EncodeOptions of_model{.features = curve.inputs};  // without what a sum that is 0 removed
    of_model.missing = wanted.missing;
    if (curve.plain_response()) of_model.target = curve.response_text;
    of_model.target_kind = data::TargetKind::number;
    source->rewind();
    write_model(output, data::Encoder::fit(*source, of_model),
                {.kind = "curve",
                 .learner = model,
                 .result = result,
                 .rows = model.report().rows,
                 .command = command_line(options)});
  }
  if (options.flag("json")) {
    console.out << curve_json(fit).dump(2) << '\n';
  } else {
    print_curve(fit, console.out);
  }
  if (!output.empty() && !result.ok()) console.err << "descent: the fit failed, so " << output << " was not written\n";
  if (options.given("plot") && result.ok()) plot_curve(fit, console);
  if (options.given("report")) {
    model::write_file(options.text("report"), curve_page(fit));
    if (!options.flag("json") && !options.flag("quiet")) console.out << "\nReport: " << options.text("report") << '\n';
  }
  return exit_status(result, options, console);
}

}  // namespace descent::cli

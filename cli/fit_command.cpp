// `descent fit DATA... --target COL`.
#include "cli/fit_command.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

#include "cli/commands.hpp"
#include "cli/curve_fit.hpp"
#include "cli/files.hpp"
#include "cli/model_file.hpp"
#include "cli/run_options.hpp"
#include "cli/tables.hpp"
#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/model/file.hpp"

namespace descent::cli {
namespace {

using Clock = std::chrono::steady_clock;

/// The parameters the solver moves, as its trace names them (linear_model.hpp).
std::vector<std::string> parameter_names(const data::Encoder& encoder, bool intercept) {
  std::vector<std::string> names;
  const auto add = [&](const std::string& prefix) {
    for (const std::string& name : encoder.feature_names()) names.push_back(prefix + name);
    if (intercept) names.push_back(prefix + linear::intercept_name(encoder.feature_names()));
  };
  if (encoder.classes().size() > 2) {
    for (const std::string& name : encoder.classes()) add(name + ":");
  } else {
    add("");
  }
  return names;
}

/// An empty name means "none" to the encoder, and `--target "$COLUMN"` is a slip.
void require_column_names(const Options& options, const data::TableSource& source) {
  constexpr std::size_t kShown = 40;
  for (const char* option : {"target", "sample-weight"}) {
    if (!options.given(option) || !options.text(option).empty()) continue;
    std::vector<std::string> names = source.schema().names();
    if (names.size() > kShown) {
      names.resize(kShown);
      names.emplace_back("...");
    }
    throw Error(ErrorCode::usage, "expected the name of a column, got an empty one; there are " + join(names),
                std::string("--") + option);
  }
}

void print_remarks(const data::Encoder& encoder, Console& console) {
  constexpr std::size_t kShown = 20;  // of each kind
  const auto say = [&](std::size_t count, const std::string& kind, const auto& line) {
    for (std::size_t i = 0; i < std::min(count, kShown); ++i) console.err << printable(line(i)) << '\n';
    if (count > kShown)
      console.err << "and " << count_text(static_cast<double>(count - kShown)) << " more columns " << kind << '\n';
  };
  const data::EncodeReport& report = encoder.report();
  say(report.left_out.size(), "left out",
      [&](std::size_t i) { return "column '" + report.left_out[i].column + "' left out: " + report.left_out[i].text; });
  say(report.rounded.size(), "with rounded numbers", [&](std::size_t i) {
    return "column '" + report.rounded[i].column +
           "' holds whole numbers that no double can hold, and they are rounded (" + report.rounded[i].text +
           "); if they are names: --categorical " + report.rounded[i].column;
  });
  say(report.constant.size(), "with one value only",
      [&](std::size_t i) { return "column '" + report.constant[i] + "' has one value only"; });
  if (encoder.report().rows_dropped > 0)
    console.err << counted(encoder.report().rows_dropped, "row") << " dropped for a missing value\n";
}

/// Numbers as classes. Those with fractions are measured, and refused, as scikit-learn does ("Unknown label type:
/// continuous"), and so are numbers of which nearly every row has its own; many classes of few rows are told.
/// --categorical says that the numbers are names.
std::optional<diagnose::Finding> judge_classes(const data::Encoder& encoder, const Options& options) {
  const std::vector<std::string>& classes = encoder.classes();
  const std::vector<std::string>& named = encoder.options().categorical;
  if (!encoder.classes_from_numbers() || std::find(named.begin(), named.end(), encoder.target()) != named.end())
    return std::nullopt;
  const std::string hint =
      "for a regression leave out --loss, or take squared_error; if the numbers are names of "
      "classes, say --categorical " +
      encoder.target();
  const auto fraction = std::find_if(classes.begin(), classes.end(), [](const std::string& name) {
    const double value = parse_number(name).value_or(0.0);
    return std::floor(value) != value;
  });
  const std::string loss = "--loss " + options.text("loss");
  if (fraction != classes.end())
    throw Error(ErrorCode::usage,
                "takes classes, and the target '" + encoder.target() + "' holds numbers with fractions, such as " +
                    *fraction + " (" + hint + ")",
                loss);
  constexpr std::size_t kFewRows = 20, kManyClasses = 20, kFewRowsEach = 10;
  const auto rows = static_cast<std::size_t>(encoder.report().rows);
  const std::string counts =
      count_text(static_cast<double>(classes.size())) + " different numbers in " + counted(rows, "row");
  if (rows > kFewRows && 10 * classes.size() > 9 * rows)
    throw Error(ErrorCode::usage,
                "takes classes, and nearly every row has one of its own: the target '" + encoder.target() + "' has " +
                    counts + " (" + hint + ")",
                loss);
  if (classes.size() <= kManyClasses || rows >= kFewRowsEach * classes.size()) return std::nullopt;
  return diagnose::Finding{.name = "many_classes",
                           .severity = diagnose::Severity::warning,
                           .what = "every different number of the target '" + encoder.target() +
                                   "' was taken as a class of its own, and there are many",
                           .evidence = counts,
                           .advice = hint};
}

/// `only rows of 'yes' have city=Rome`; of a column of numbers `'age' is at least 30 in all rows of 'yes' and at most
/// 30 in the others`.
std::string side_text(const linear::FitReport& report, const linear::SeparatingColumn& column) {
  const std::string &name = report.feature_names[column.feature], &of = report.classes[column.class_index];
  // What was standardised inside comes back but for rounding.
  const double edge = std::round(column.edge);
  const bool level = name.find('=') != std::string::npos && std::fabs(column.edge - edge) < 1e-9 &&
                     std::fabs(column.others_edge - edge) < 1e-9;
  if (level && edge == 0.0)
    return column.above ? "only rows of '" + of + "' have " + name : "no row of '" + of + "' has " + name;
  if (level && edge == 1.0) return (column.above ? "all rows of '" : "all rows but those of '") + of + "' have " + name;
  const char* words[] = {"at most ", "at least "};
  return "'" + name + "' is " + words[column.above ? 1 : 0] + number_text(column.edge, 6) + " in all rows of '" + of +
         "' and " + words[column.above ? 0 : 1] + number_text(column.others_edge, 6) + " in the others";
}

diagnose::Finding separated_in_part(const linear::FitReport& report) {
  constexpr std::size_t kShown = 3;
  std::vector<std::string> names, sides;
  for (const linear::SeparatingColumn& column : report.separating) {
    const std::string name = "'" + report.feature_names[column.feature] + "'";
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    if (sides.size() < kShown) sides.push_back(side_text(report, column));
  }
  const std::size_t more = report.separating.size() - sides.size();
  const bool one = names.size() == 1;
  if (names.size() > kShown) {
    const std::string rest = std::to_string(names.size() - kShown) + " more";
    names.resize(kShown);
    names.push_back(rest);
  }
  return {.name = "quasi_separable_classes",
          .severity = diagnose::Severity::warning,
          .what = "without a penalty the " + std::string(one ? "coefficient of " : "coefficients of ") + join(names) +
                  (one ? " grows" : " grow") + " without end, and where " + (one ? "it stops" : "they stop") +
                  " is where the run stopped",
          .evidence = join(sides, "; ") + (more == 0 ? "" : "; and " + std::to_string(more) + " more such"),
          .advice = "--penalty l2:1e-4"};
}

std::vector<diagnose::Finding> findings(const linear::LinearModel& model, const linear::LinearOptions& asked,
                                        const Trace& trace) {
  const linear::FitReport& report = model.report();
  diagnose::Facts facts;
  facts.gradient_tolerance = asked.gradient_tolerance.value_or(0.0);
  if (report.analysis) {
    facts.largest_curvature = report.analysis->lambda_max;
    if (report.analysis->lambda_min > 0) facts.smallest_curvature = report.analysis->lambda_min;
  }
  facts.excess = report.relative_gap;
  facts.chooses_steps =
      asked.optimizer.method != Method::chain && !asked.learning_rate && asked.optimizer.learning_rate == 0.0;
  if (asked.optimizer.method == Method::chain)
    facts.stable_rate_times_curvature = stable_rate_times_curvature(asked.optimizer.chain);
  else if (!facts.chooses_steps)
    facts.stable_rate_times_curvature = 2.0;  // gradient_descent with a rate is sgd
  facts.sampled_rows = report.batch_size > 0 && report.batch_size < report.rows;
  if (facts.sampled_rows) facts.stable_rate_times_curvature.reset();  // batches bear less than all rows together
  facts.can_standardize = !report.standardized.has_value();
  std::vector<diagnose::Finding> found;
  if (report.separation)
    found.push_back(
        {.name = "separable_classes",
         .severity = diagnose::Severity::warning,
         .what = "the classes are separable: without a penalty the coefficients grow without end, and where "
                 "they stop is where the run stopped",
         .evidence = "every row lies on its class's side, the nearest by " + number_text(*report.separation, 4) +
                     ": scaling the coefficients up lowers the loss for ever",
         .advice = "--penalty l2:1e-4"});
  if (!report.separating.empty()) found.push_back(separated_in_part(report));
  for (diagnose::Finding& finding : diagnose::findings(trace, report.result, facts))
    found.push_back(std::move(finding));
  return found;
}

/// Whether an observer that keeps a short trace is lost in the cost of an update of all rows. Methods that choose their
/// steps have no step to be judged; batches have their own, noisy, values; plain descent is judged by the curvature.
bool is_worth_a_glance(const linear::LinearOptions& asked, const linear::DenseRows& rows) {
  constexpr std::size_t kLargeTable = 10'000;  // elements: several us an update
  if (asked.optimizer.method != Method::chain || asked.batch_size || is_plain_descent(asked.optimizer.chain))
    return false;
  const auto few = [](std::uint64_t limit) { return limit > 0 && limit <= RunWatch::kMaxGlances; };
  return few(asked.max_steps) || few(asked.max_epochs) || rows.num_rows() * rows.num_features() >= kLargeTable;
}

int run_fit(const Options& options, Console& console) {
  if (is_curve_model(options.text("model"))) return run_curve_fit(options, console);
  refuse_what_is_of_curves(options);
  if (options.text("model") != "linear") return run_network_fit(options, console);
  if (options.given("activation"))
    throw Error(ErrorCode::usage, "a linear model has no hidden layer; with --model mlp:32 it has one", "--activation");
  const auto start = Clock::now();
  const std::string output = options.text("output");
  require_writable(output, "-o");
  linear::LinearOptions linear = linear_options(options);

  const std::unique_ptr<FitData> data = open_fit_data(options, console);
  const data::Encoder& encoder = data->encoder;
  const auto& train = data->train;
  const auto& validation = data->validation;

  RunWatch watch(options, console, parameter_names(encoder, linear.intercept), 0);
  linear.on_plan = [&watch](std::uint64_t updates) { watch.plan(updates); };
  if (console.stop != nullptr) linear.stop_token = console.stop->token();
  auto rows = linear::DenseRows::read(*train);
  std::optional<linear::DenseRows> held_out;
  if (validation) held_out = linear::DenseRows::read(*validation);
  linear.observer = is_worth_a_glance(linear, rows) ? watch.glancing_observer() : watch.observer();
  const double read_seconds = seconds_since(start);
  const auto fit_start = Clock::now();
  const StopsItself stops_itself;
  linear::LinearModel model(linear);
  model.fit(std::move(rows), held_out ? &*held_out : nullptr);
  const Result& result = model.report().result;
  if (result.status == Status::interrupted && result.steps == 0) {  // a start is no model: what is there stays
    console.err << "descent: interrupted before the first step; nothing was written\n";
    return exit_status(result, options, console);
  }
  watch.finish();

  Fit fit{.options = options,
          .encoder = encoder,
          .model = model,
          .trace = watch.trace(),
          .findings = findings(model, linear, watch.trace())};
  fit.findings.insert(fit.findings.begin(), data->findings.begin(), data->findings.end());
  fit.read_seconds = read_seconds;
  fit.fit_seconds = seconds_since(fit_start);
  fit.total_seconds = seconds_since(start);
  if (!output.empty() && result.ok())
    write_model(output, encoder,
                {.kind = "linear",
                 .learner = model,
                 .result = result,
                 .rows = model.report().rows,
                 .command = command_line(options)});
  if (options.flag("json")) {
    console.out << fit_json(fit).dump(2) << '\n';
  } else {
    print_fit(fit, console.out);
  }
  if (!output.empty() && !result.ok()) console.err << "descent: the fit failed, so " << output << " was not written\n";
  if (options.given("plot")) plot_fit(fit, *train, console);
  if (options.given("report")) {
    model::write_file(options.text("report"), fit_page(fit, *train));
    if (!options.flag("json") && !options.flag("quiet")) console.out << "\nReport: " << options.text("report") << '\n';
  }
  return exit_status(result, options, console);
}

}  // namespace

std::unique_ptr<FitData> open_fit_data(const Options& options, Console& console) {
  if (!options.given("target"))
    throw Error(ErrorCode::usage,
                "is missing: the column to predict (or a formula as the model: --model 'y = a*x + b'); for example: " +
                    options.command().examples.front(),
                "--target");
  auto data = std::make_unique<FitData>();
  data->source = open_tables(options, nullptr, &console);
  require_column_names(options, *data->source);
  data->encoder = data::Encoder::fit(*data->source, encode_options(options));
  if (!options.flag("quiet")) print_remarks(data->encoder, console);
  if (auto finding = judge_classes(data->encoder, options)) data->findings.push_back(std::move(*finding));
  data->train = data->encoder.apply(*data->source);
  if (options.given("validation") && !parse_number(options.text("validation"))) {
    data->validation_source =
        data::open_csv(options.text("validation"), data->encoder.read_options(csv_options(options, &console)));
    data->validation = data->encoder.apply(*data->validation_source);
  }
  return data;
}

Command fit_command() {
  return {.name = "fit",
          .summary = "Learn a model from csv files",
          .description =
              "Learn a linear model from csv files. With nothing chosen it reaches the optimum: no learning rate, no "
              "scaling, no number of steps. With --model mlp:32 it is a network with a hidden layer of 32.",
          .options = fit_options(),
          .examples = {"descent fit data/diabetes.csv --target progression -o diabetes.json --report diabetes.html",
                       "descent fit data/iris.csv --target species --loss log_loss -o iris.json",
                       "descent fit data/iris.csv --target species --model mlp:32 -o iris.json",
                       "descent fit line.csv --target y --optimizer 'sgd(0.01)' --standardize no --max-epochs 100 "
                       "--trace steps.csv"},
          .run = run_fit};
}

}  // namespace descent::cli

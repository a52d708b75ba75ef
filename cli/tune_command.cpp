// `descent tune --learning-rate`: of a formula, or of a fit.
#include "cli/tune_command.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "cli/commands.hpp"
#include "cli/files.hpp"
#include "cli/fit_command.hpp"
#include "cli/formula_problem.hpp"
#include "cli/network_fit.hpp"
#include "cli/progress.hpp"
#include "cli/run_options.hpp"
#include "cli/tables.hpp"
#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/model/file.hpp"

namespace descent::cli {
namespace {

using Clock = std::chrono::steady_clock;

/// Of `descent fit`, with the same meaning.
constexpr const char* kFitOptions[] = {"target",     "features",    "categorical",  "sample-weight", "missing-values",
                                       "validation", "model",       "activation",   "loss",          "loss-scale",
                                       "penalty",    "standardize", "no-intercept", "class-weight",  "compat",
                                       "batch-size", "shuffle",     "seed"};
/// Of `descent minimize`.
constexpr const char* kFormulaOptions[] = {"bounds", "fix", "maximize", "data"};
/// That neither fit nor minimize is to be told.
const std::vector<std::string> kOwn{"learning-rate", "optimizer", "from", "to",       "num-steps", "smoothing",
                                    "json",          "report",    "plot", "progress", "quiet"};

std::string suffix_of(const std::string& file) {
  for (const char* suffix : {".csv", ".csv.gz", ".csv.zst", ".tsv", ".txt", ".gz", ".zst"})
    if (file.ends_with(suffix)) return suffix;
  return "";
}

/// Files come with --target, a formula without. Throws: Error(usage) for what is neither.
bool is_formula(const Options& options) {
  const std::vector<std::string> words = options.texts("DATA");
  if (options.given("target")) {
    for (const char* name : kFormulaOptions)
      if (options.given(name))
        throw Error(ErrorCode::usage, "is for a formula, and with --target a model is fitted to files; leave one out",
                    std::string("--") + name);
    return false;
  }
  for (const std::string& word : words) {
    std::error_code unknown;
    if (word == "-" || !suffix_of(word).empty() || std::filesystem::is_regular_file(word, unknown))
      throw Error(ErrorCode::usage,
                  "is a file: say which of its columns is to be predicted, --target COL (without it a formula is "
                  "expected; columns for a formula come with --data)",
                  word);
  }
  if (words.size() > 1)
    throw Error(ErrorCode::usage,
                "expected one formula in quotes, or files and --target COL, got " + std::to_string(words.size()) +
                    " arguments: " + join(words),
                "descent tune");
  for (const char* name : kFitOptions)
    if (options.given(name))
      throw Error(ErrorCode::usage, "is for a model that is fitted to files: name its column with --target COL",
                  std::string("--") + name);
  return true;
}

Chain chain_of(const Options& options, const std::string& otherwise) {
  const Optimizer optimizer = options.text("optimizer") == "auto" ? parse_optimizer(otherwise)
                                                                  : from_option(options, "optimizer", parse_optimizer);
  if (optimizer.method != Method::chain)
    throw Error(ErrorCode::usage,
                to_text(optimizer) +
                    " chooses its own steps, so there is no rate to tune: name a chain, such as sgd, adam or "
                    "'clip_by_global_norm(1) | momentum'",
                "--optimizer");
  return optimizer.chain;
}

/// The command `name` with the same options and the optimizer found.
std::string go_on(const Tuning& tuning, const std::string& name, const std::string& more) {
  if (!tuning.range.suggestion) return "";
  return command_line(tuning.options, name, kOwn) + " --optimizer '" + tuning.range.optimizer + "'" + more;
}

class Tuner {
 public:
  Tuner(const Options& options, Console& console)
      : options_(options),
        console_(console),
        progress_(console, "updates", 0,
                  options.flag("progress") || (console.err_is_terminal && !options.flag("quiet"))) {}

  [[nodiscard]] RateRangeOptions range_options() {
    RateRangeOptions range{.from = options_.number("from").value_or(0.0),
                           .to = options_.number("to").value_or(0.0),
                           .num_steps = static_cast<std::uint64_t>(*options_.integer("num-steps")),
                           .smoothing = options_.number("smoothing")};
    range.observer = [this](std::uint64_t updates) {
      progress_.update(updates);
      return true;
    };
    if (console_.stop != nullptr) range.stop = console_.stop->token();
    return range;
  }

  Tuning formula() {
    const std::string text(trim(options_.text("DATA")));
    const OpenFormula opened = open_formula(options_, text, console_);
    FormulaObjective& objective = *opened.objective;
    Tuning tuning{.options = options_,
                  .subject = text,
                  .loss_name = objective.maximizes() ? "negated value" : "value",
                  .sign = objective.maximizes() ? -1.0 : 1.0};
    RateRangeOptions range = range_options();
    range.bounds = bounds(options_, objective.variables());
    const Chain chain = chain_of(options_, "sgd");
    const StopsItself stops_itself;
    tuning.range = learning_rate_range_test(objective, start_point(options_, objective.variables()), chain, range);
    tuning.go_on = go_on(tuning, "minimize", "");
    return tuning;
  }

  Tuning fit() {
    const Chain chain = chain_of(options_, "adam");
    const std::unique_ptr<FitData> data = open_fit_data(options_, console_);
    Tuning tuning{.options = options_,
                  .subject = "the fit of " + data->encoder.target() + " from " + join(options_.texts("DATA")),
                  .loss_name = "objective"};
    const StopsItself stops_itself;
    const LookAtSum test = [&](const SumProblem& problem) {
      RateRangeOptions range = range_options();
      tuning.rows = problem.objective.num_terms();
      tuning.batch_size = problem.batch_size >= tuning.rows ? 0 : problem.batch_size;
      range.batch_size = tuning.batch_size;
      range.shuffle = linear::parse_shuffle(options_.text("shuffle"));
      range.seed = static_cast<std::uint64_t>(*options_.integer("seed"));
      tuning.range = learning_rate_range_test(problem.objective, problem.start, chain, range);
    };
    // With a number as its rate, as the fit to come will have: some defaults look at that.
    const Optimizer optimizer = with_learning_rate(chain, 1.0);
    if (options_.text("model") == "linear") {
      if (options_.given("activation"))
        throw Error(ErrorCode::usage, "a linear model has no hidden layer; with --model mlp:32 it has one",
                    "--activation");
      linear::LinearOptions asked = linear_options(options_, {.with_run = false});
      asked.optimizer = optimizer;
      linear::LinearModel model(asked);
      model.show_problem(linear::DenseRows::read(*data->train), test);
      tuning.remarks = model.report().remarks;
    } else {
      nn::MlpOptions asked = network_options(options_, {.with_run = false});
      asked.optimizer = optimizer;
      nn::MlpModel model(asked);
      model.show_problem(nn::Table::read(*data->train), test);
      tuning.remarks = model.report().remarks;
    }
    // Batches dance around the minimum at a rate that stays.
    tuning.go_on = go_on(tuning, "fit", tuning.batch_size > 0 && !keeps_rate(chain) ? " --schedule cosine" : "");
    return tuning;
  }

  void finish() { progress_.clear(); }

 private:
  const Options& options_;
  Console& console_;
  Progress progress_;
};

int run_tune(const Options& options, Console& console) {
  if (!options.flag("learning-rate"))
    throw Error(ErrorCode::usage, "say what to tune: --learning-rate is what there is", "descent tune");
  const auto began = Clock::now();
  const bool formula = is_formula(options);
  check_pictures(options);
  Tuner tuner(options, console);
  Tuning tuning = formula ? tuner.formula() : tuner.fit();
  tuner.finish();
  tuning.seconds = std::chrono::duration<double>(Clock::now() - began).count();
  if (options.flag("json")) {
    console.out << tuning_json(tuning).dump(2) << '\n';
  } else {
    print_tuning(tuning, console.out);
  }
  const bool drawable = !tuning.range.points.empty();
  if (options.given("plot") && drawable) write_plot(options, tuning_figure(tuning), console);
  if (options.given("plot") && !drawable) console.err << "descent: no picture: no update was made\n";
  if (options.given("report")) {
    model::write_file(options.text("report"), tuning_page(tuning));
    if (!options.flag("json") && !options.flag("quiet")) console.out << "\nReport: " << options.text("report") << '\n';
  }
  if (tuning.range.end == RateRangeEnd::interrupted && console.signal != nullptr && *console.signal != 0)
    return 128 + *console.signal;
  return tuning.range.suggestion ? kDone : kFailed;
}

std::vector<OptionSpec> tune_options() {
  const std::string test = "Test", formula = "Formula (without --target)", fit = "Fit (with --target)";
  std::vector<OptionSpec> options = {
      {.name = "DATA",
       .placeholder = "FORMULA|FILE...",
       .meaning = "A formula in quotes; with --target, csv files with the same columns, read as one table",
       .many = true,
       .required = true,
       .file = FileUse::input},
      {.name = "learning-rate", .kind = OptionKind::flag, .meaning = "What to tune: the learning rate", .group = test},
      {.name = "optimizer",
       .placeholder = "CHAIN",
       .meaning = "The chain to find a rate for; auto: sgd for a formula, adam for a fit",
       .group = test,
       .default_text = "auto"},
      {.name = "from",
       .kind = OptionKind::number,
       .placeholder = "R",
       .meaning = "Rate of the first update; found when --to is left out, too",
       .group = test,
       .interval = {.low = 0, .low_open = true}},
      {.name = "to",
       .kind = OptionKind::number,
       .placeholder = "R",
       .meaning = "Rate of the last update; the test ends before where the loss rises",
       .group = test,
       .interval = {.low = 0, .low_open = true}},
      {.name = "num-steps",
       .kind = OptionKind::integer,
       .placeholder = "N",
       .meaning = "Updates from the first rate to the last",
       .group = test,
       .default_text = "200",
       .interval = {.low = 20, .high = 100000}},
      {.name = "smoothing",
       .kind = OptionKind::number,
       .placeholder = "B",
       .meaning = "Memory of the loss's running mean; 0 with all rows and 0.9 in batches when left out",
       .group = test,
       .interval = {.low = 0, .high = 1, .high_open = true}},
      {.name = "start",
       .placeholder = "WHERE",
       .meaning = "Of a formula x=-1.2,y=1 (0 for variables that are not named); of a fit as `descent fit` has it",
       .group = test,
       .default_text = "auto"},
      {.name = "threads",
       .kind = OptionKind::integer,
       .placeholder = "N",
       .meaning = "All CPUs when left out; the result does not depend on it",
       .group = test,
       .interval = {.low = 1, .high = 1024}},
      {.name = "fix",
       .placeholder = "z=2",
       .meaning = "Variables that are held at a value; the others are chosen",
       .group = formula},
      {.name = "bounds",
       .placeholder = "x=-1:1,y=0:",
       .meaning = "Lowest and highest value of a variable; either may be left out",
       .group = formula},
      {.name = "maximize", .kind = OptionKind::flag, .meaning = "Look for a maximum", .group = formula}};
  const std::vector<OptionSpec> of_fit = fit_options();
  for (const char* name : kFitOptions) {
    OptionSpec option =
        *std::find_if(of_fit.begin(), of_fit.end(), [&](const OptionSpec& spec) { return spec.name == name; });
    option.group = fit;
    if (option.name == "target") option.meaning = "The column to predict: what is tuned is a fit, and DATA are files";
    option.required = false;
    options.push_back(std::move(option));
  }
  for (OptionSpec& option : column_options()) {
    if (option.name == "data") option.group = formula;
    options.push_back(std::move(option));
  }
  for (OptionSpec& option : output_options())
    if (std::find(kOwn.begin(), kOwn.end(), option.name) != kOwn.end()) options.push_back(std::move(option));
  return options;
}

}  // namespace

Command tune_command() {
  return {.name = "tune",
          .summary = "Find a learning rate for a formula or a fit",
          .description =
              "Find a learning rate by a range test: a short run whose rate grows from update to update until the loss "
              "rises. Suggested is a tenth of the last rate where the loss was at its lowest. With --target DATA are "
              "files, and what is tuned is what `descent fit` would do with the same options; without, DATA is a "
              "formula.",
          .options = tune_options(),
          .examples = {"descent tune '(1-x)^2 + 100*(y-x^2)^2' --start x=-1.2,y=1 --learning-rate --plot -",
                       "descent tune data/iris.csv --target species --model mlp:32 --learning-rate --report rate.html",
                       "descent tune data/diabetes.csv --target progression --optimizer momentum --batch-size 32 "
                       "--learning-rate"},
          .run = run_tune};
}

}  // namespace descent::cli

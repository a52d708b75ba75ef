// `descent fit DATA... --target COL --model mlp:32`.
#include "cli/network_fit.hpp"

#include <chrono>

#include "cli/files.hpp"
#include "cli/fit_command.hpp"
#include "cli/model_file.hpp"
#include "cli/run_options.hpp"
#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/linear/options.hpp"
#include "descent/model/file.hpp"

namespace descent::cli {
namespace {

using Clock = std::chrono::steady_clock;

void refuse_what_is_linear(const Options& options) {
  struct Foreign {
    const char* option;
    const char* why;
  };
  constexpr Foreign kForeign[] = {
      {"loss-scale", "a network's loss is the mean over the rows"},
      {"no-intercept", "every layer of a network has its bias"},
      {"class-weight", "a network does not weigh classes yet; --sample-weight weighs rows"},
      {"compat", "it is about the kink of the hinge, which a network has not"},
      {"evaluation", "only least squares of a linear model has a Gram matrix"},
  };
  for (const Foreign& foreign : kForeign)
    if (options.knows(foreign.option) && options.given(foreign.option))
      throw Error(ErrorCode::usage, std::string(foreign.why) + "; leave it out, or take --model linear",
                  std::string("--") + foreign.option);
}

std::vector<std::size_t> hidden_widths(const std::string& model) {
  const std::vector<std::string> known{"linear", "mlp"};
  if (!model.starts_with("mlp"))
    throw Error(ErrorCode::usage,
                "expected linear, or mlp:WIDTH,... for a network, as in mlp:32, got " + descent::quoted(model) +
                    did_you_mean(model.substr(0, model.find(':')), known),
                "--model");
  return nn::parse_hidden(model);
}

nn::Initialization initialization(const std::string& text) {
  if (text == "auto" || text == "he" || text == "glorot") return nn::parse_initialization(text);
  throw Error(ErrorCode::usage,
              "expected auto, he or glorot for a network, got " + descent::quoted(text) +
                  (text == "zeros" || text == "ones" ? ": units that start alike stay alike" : ""),
              "--start");
}

double l2_of(const linear::LinearOptions& shared, const std::string& text) {
  const loss::Penalty penalty = shared.penalty.value_or(loss::Penalty{});
  if (penalty.l1 != 0.0)
    throw Error(ErrorCode::usage,
                "expected none or l2:STRENGTH for a network, got " + descent::quoted(text) +
                    "; --model linear has l1 and elasticnet",
                "--penalty");
  return penalty.l2;
}

}  // namespace

nn::MlpOptions network_options(const Options& options, const ReadOptions& what) {
  refuse_what_is_linear(options);
  const std::vector<std::size_t> hidden = hidden_widths(options.text("model"));
  const nn::Initialization start = initialization(options.text("start"));
  // What both kinds of model share is read and checked once.
  const linear::LinearOptions shared = linear_options(options, {.with_start = false, .with_run = what.with_run});
  nn::MlpOptions result;
  result.hidden = hidden;
  result.activation = nn::parse_activation(options.text("activation"));
  result.initialization = start;
  result.loss = shared.loss;
  if (options.given("penalty")) result.l2 = l2_of(shared, options.text("penalty"));
  result.standardize = shared.standardize != linear::Standardize::no;
  result.optimizer = shared.optimizer;
  result.learning_rate = shared.learning_rate;
  result.schedule = shared.schedule;
  if (options.given("batch-size")) result.batch_size = shared.batch_size.value_or(0);
  result.max_epochs = shared.max_epochs;
  result.max_steps = shared.max_steps;
  result.gradient_tolerance = shared.gradient_tolerance;
  result.gradient_tolerance_relative = shared.gradient_tolerance_relative;
  result.step_tolerance = shared.step_tolerance;
  result.step_tolerance_relative = shared.step_tolerance_relative;
  result.step_tolerance_component = shared.step_tolerance_component;
  result.value_tolerance = shared.value_tolerance;
  result.value_tolerance_relative = shared.value_tolerance_relative;
  result.time_limit_seconds = shared.time_limit_seconds;
  result.validation = shared.validation;
  result.early_stopping = shared.early_stopping;
  result.patience = shared.patience;
  result.shuffle = shared.shuffle;
  result.seed = shared.seed;
  result.threads = shared.threads;
  return result;
}

int run_network_fit(const Options& options, Console& console) {
  const auto start = Clock::now();
  const std::string output = options.text("output");
  nn::MlpOptions asked = network_options(options);
  require_writable(output, "-o");
  const std::unique_ptr<FitData> data = open_fit_data(options, console);

  // Names are only kept where a trace has room for the parameters; then there are few of them.
  nn::NetworkShape shape{.widths = {data->encoder.feature_names().size()}};
  shape.widths.insert(shape.widths.end(), asked.hidden.begin(), asked.hidden.end());
  shape.widths.push_back(data->encoder.classes().size() > 2 ? data->encoder.classes().size() : 1);
  std::vector<std::string> names;
  if (shape.num_parameters() <= Trace::kMaxParameters)
    for (std::size_t i = 0; i < shape.num_parameters(); ++i) names.push_back(shape.parameter_name(i));
  RunWatch watch(options, console, std::move(names), 0);
  asked.observer = watch.observer();
  asked.on_plan = [&watch](std::uint64_t updates) { watch.plan(updates); };
  if (console.stop != nullptr) asked.stop_token = console.stop->token();

  nn::MlpModel model(asked);
  nn::Table rows = nn::Table::read(*data->train);
  std::optional<nn::Table> held_out;
  if (data->validation) held_out = nn::Table::read(*data->validation);
  const double read_seconds = seconds_since(start);
  const auto fit_start = Clock::now();
  const StopsItself stops_itself;
  const Result result = model.fit(std::move(rows), held_out ? &*held_out : nullptr);
  if (result.status == Status::interrupted && result.steps == 0) {  // a start is no model: what is there stays
    console.err << "descent: interrupted before the first step; nothing was written\n";
    return exit_status(result, options, console);
  }
  watch.finish();

  NetworkFit fit{.options = options, .encoder = data->encoder, .model = model, .trace = watch.trace(), .findings = {}};
  const bool sampled = model.report().batch_size < model.report().rows;
  fit.findings = diagnose::findings(watch.trace(), result,
                                    {.gradient_tolerance = asked.gradient_tolerance.value_or(0.0),
                                     .chooses_steps = asked.optimizer.method != Method::chain && !sampled,
                                     .sampled_rows = sampled,
                                     .can_standardize = !asked.standardize});
  fit.findings.insert(fit.findings.begin(), data->findings.begin(), data->findings.end());
  fit.read_seconds = read_seconds;
  fit.fit_seconds = seconds_since(fit_start);
  fit.total_seconds = seconds_since(start);
  if (!output.empty() && result.ok())
    write_model(output, data->encoder,
                {.kind = "mlp",
                 .learner = model,
                 .result = result,
                 .rows = model.report().rows,
                 .command = command_line(options)});
  if (options.flag("json")) {
    console.out << network_json(fit).dump(2) << '\n';
  } else {
    print_network(fit, console.out);
  }
  if (!output.empty() && !result.ok()) console.err << "descent: the fit failed, so " << output << " was not written\n";
  if (options.given("plot") && result.ok()) plot_network(fit, *data->train, console);
  if (options.given("report")) {
    model::write_file(options.text("report"), network_page(fit, *data->train));
    if (!options.flag("json") && !options.flag("quiet")) console.out << "\nReport: " << options.text("report") << '\n';
  }
  return exit_status(result, options, console);
}

}  // namespace descent::cli

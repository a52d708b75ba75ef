#include <span>

#include "cli/fit_command.hpp"
#include "cli/run_options.hpp"
#include "cli/tables.hpp"
#include "descent/core/error.hpp"
#include "descent/core/text.hpp"

namespace descent::cli {
namespace {

/// The losses that make a numeric target a class: those whose target is a sign.
bool is_for_classes(const std::string& loss) {
  return loss != "auto" && loss::parse_loss(loss)->target() == loss::TargetKind::sign;
}

struct OtherName {
  const char* given;
  const char* here;
};
constexpr OtherName kLosses[] = {{"mse", "squared_error"},
                                 {"l2", "squared_error"},
                                 {"least_squares", "squared_error"},
                                 {"squared_loss", "squared_error"},
                                 {"mae", "epsilon_insensitive:0"},
                                 {"l1", "epsilon_insensitive:0"},
                                 {"absolute_error", "epsilon_insensitive:0"},
                                 {"smooth_l1", "huber"},
                                 {"pinball", "quantile"},
                                 {"cross_entropy", "log_loss"},
                                 {"crossentropy", "log_loss"},
                                 {"logistic", "log_loss"},
                                 {"log", "log_loss"},
                                 {"logloss", "log_loss"},
                                 {"bce", "log_loss"},
                                 {"softmax", "log_loss"},
                                 {"nll", "log_loss"},
                                 {"svm", "hinge"}};
constexpr OtherName kPenalties[] = {{"ridge", "l2:1e-4"},
                                    {"tikhonov", "l2:1e-4"},
                                    {"lasso", "l1:1e-4"},
                                    {"elastic_net", "elasticnet:1e-4,0.5"},
                                    {"elastic", "elasticnet:1e-4,0.5"}};

/// What other programs call a loss or a penalty. Throws: Error(usage).
void refuse_other_names(const std::string& text, const char* kind, std::span<const OtherName> names) {
  const std::string name(trim(text.substr(0, text.find_first_of(":("))));
  for (const OtherName& other : names)
    if (name == other.given)
      throw Error(ErrorCode::usage, std::string("unknown ") + kind + " " + descent::quoted(name) + " (here it is " +
                                        other.here + "); `descent list " + kind + "` shows all");
}

OptionSpec in_group(const std::string& group, OptionSpec option) {
  option.group = group;
  return option;
}

}  // namespace

std::vector<OptionSpec> fit_options() {
  const std::string data = "Data", model = "Model", method = "Method";
  const Interval at_least_1 = {.low = 1};
  std::vector<OptionSpec> options = {
      {.name = "DATA",
       .placeholder = "FILE...",
       .meaning = "One or more csv files with the same columns, read as one table (gz too; - is standard input)",
       .many = true,
       .required = true,
       .file = FileUse::input},
      in_group(data, {.name = "target",
                      .placeholder = "COL",
                      .meaning = "The column to predict; a formula as the model names it on its left side"}),
      in_group(
          data,
          {.name = "features", .placeholder = "a,b", .meaning = "Columns to predict from; all others when left out"}),
      in_group(data, {.name = "categorical",
                      .placeholder = "a,b",
                      .meaning = "Columns whose values are names, numbers among them or not; may hold the target"}),
      in_group(data, {.name = "sample-weight", .placeholder = "COL", .meaning = "Column of weights of the rows"}),
      in_group(data, {.name = "missing-values",
                      .kind = OptionKind::choice,
                      .placeholder = "HOW",
                      .meaning = "Rows with a value that is missing",
                      .default_text = "error",
                      .choices = {"error", "drop", "mean"}}),
      in_group(data, {.name = "validation",
                      .placeholder = "0.1|FILE",
                      .meaning = "Hold out this part of the rows, or use another file, to judge the model",
                      .file = FileUse::input}),
      in_group(model,
               {.name = "model",
                .placeholder = "KIND",
                .meaning = "linear; a network with hidden layers of these widths: mlp:32, mlp:64,32; or a curve: "
                           "'y = a*exp(-b*x) + c', names that are no columns being its parameters",
                .default_text = "linear"}),
      in_group(model, {.name = "activation",
                       .kind = OptionKind::choice,
                       .placeholder = "NAME",
                       .meaning = "Of a network's hidden layers",
                       .default_text = "relu",
                       .choices = {"relu", "tanh", "identity"}}),
      in_group(model, {.name = "sigma",
                       .placeholder = "COL",
                       .meaning = "Of a curve: column with the standard deviation of each row's left side"}),
      in_group(model, {.name = "absolute-sigma",
                       .kind = OptionKind::flag,
                       .meaning = "Those are in the right units: standard errors follow from them alone",
                       .needs = "sigma"}),
      in_group(model, {.name = "bounds",
                       .placeholder = "b=0:,c=1:1",
                       .meaning = "Of a curve: lowest and highest value of a parameter; equal ones hold it fixed"}),
      in_group(model, {.name = "robust",
                       .kind = OptionKind::choice,
                       .placeholder = "NAME",
                       .meaning = "Of a curve: rows far from it count less",
                       .default_text = "none",
                       .choices = {"none", "huber", "soft_l1", "cauchy", "tukey"}}),
      in_group(model, {.name = "robust-scale",
                       .kind = OptionKind::number,
                       .placeholder = "S",
                       .meaning = "From which distance on; auto: from the residuals' spread",
                       .default_text = "auto",
                       .interval = {.low = 0, .low_open = true},
                       .allows_auto = true}),
      in_group(model, {.name = "confidence",
                       .kind = OptionKind::number,
                       .placeholder = "P",
                       .meaning = "Of a curve's intervals and band",
                       .default_text = "0.95",
                       .interval = {.low = 0, .high = 1, .low_open = true, .high_open = true}}),
      in_group(model, {.name = "loss",
                       .placeholder = "NAME",
                       .meaning = "auto: squared_error for numbers, log_loss for classes; `descent list losses`",
                       .default_text = "auto"}),
      in_group(model, {.name = "loss-scale",
                       .kind = OptionKind::choice,
                       .placeholder = "SCALE",
                       .meaning = "In front of the sum over rows",
                       .default_text = "mean",
                       .choices = {"mean", "half_mean", "sum", "half_sum"}}),
      in_group(
          model,
          {.name = "penalty",
           .placeholder = "P",
           .meaning = "none, l2:1e-4, l1:.., elasticnet:..,..; for numbers none, for classes l2:1e-4 when left out"}),
      in_group(model, {.name = "standardize",
                       .kind = OptionKind::choice,
                       .placeholder = "WHEN",
                       .meaning = "Scale columns inside; coefficients are in the data's units anyway. auto: yes, but "
                                  "no for plain sgd with a number as its rate",
                       .default_text = "auto",
                       .choices = {"auto", "yes", "no"}}),
      in_group(model, {.name = "no-intercept", .kind = OptionKind::flag, .meaning = "The model has no constant term"}),
      in_group(model, {.name = "class-weight", .placeholder = "balanced|A=2,B=1", .meaning = "Weights of the classes"}),
      in_group(model, {.name = "compat",
                       .kind = OptionKind::choice,
                       .placeholder = "WHOM",
                       .meaning = "Read the kink of the hinge as others do",
                       .default_text = "none",
                       .choices = {"none", "sklearn-1.2"}}),
      in_group(method, {.name = "optimizer",
                        .placeholder = "CHAIN",
                        .meaning = "auto, or a method: lbfgs, 'sgd(0.01)', 'adam(0.05)'; `descent list optimizers`",
                        .default_text = "auto"}),
      in_group(method, {.name = "learning-rate",
                        .placeholder = "R|auto",
                        .meaning = "In place of the optimizer's own: a number, auto, or a schedule"}),
      in_group(method, {.name = "schedule",
                        .placeholder = "NAME",
                        .meaning = "How the rate changes, from the one that is given or auto: cosine, or "
                                   "'step_decay(every=100)'; `descent list schedules`"}),
      in_group(method, {.name = "batch-size",
                        .placeholder = "full|N",
                        .meaning = "Rows an update sees; 32 for a network when left out",
                        .default_text = "full"}),
      in_group(method, {.name = "max-epochs",
                        .kind = OptionKind::integer,
                        .placeholder = "N",
                        .meaning = "Passes over the rows at most",
                        .interval = {.low = 1}}),
      in_group(method, {.name = "shuffle",
                        .kind = OptionKind::choice,
                        .placeholder = "HOW",
                        .meaning = "Order of the rows in stochastic passes",
                        .default_text = "epoch",
                        .choices = {"none", "epoch"}}),
      in_group(method, {.name = "seed",
                        .kind = OptionKind::integer,
                        .placeholder = "S",
                        .meaning = "Of the order of rows, the rows held out, a random start",
                        .default_text = "0",
                        .interval = {.low = 0}}),
      in_group(method,
               {.name = "start",
                .placeholder = "WHERE",
                .meaning = "auto, zeros, ones, random, or NAME=VALUE,... in the units the solver moves in; auto: "
                           "zeros, but the intercept of a regression at the target's mean where the program "
                           "chooses the steps. Of a network: auto, he, glorot",
                .default_text = "auto"}),
      in_group(method, {.name = "early-stopping",
                        .kind = OptionKind::flag,
                        .meaning = "Stop when the held-out loss no longer falls, and keep the best weights; holds out "
                                   "0.1 unless --validation says otherwise"}),
      in_group(method, {.name = "patience",
                        .kind = OptionKind::integer,
                        .placeholder = "N",
                        .meaning = "Epochs without a better held-out loss",
                        .default_text = "10",
                        .interval = at_least_1,
                        .needs = "early-stopping"}),
      in_group(method, {.name = "evaluation",
                        .kind = OptionKind::choice,
                        .placeholder = "HOW",
                        .meaning = "Least squares by rows, or through the Gram matrix",
                        .default_text = "auto",
                        .choices = {"auto", "rows", "gram"}}),
      in_group(method, {.name = "threads",
                        .kind = OptionKind::integer,
                        .placeholder = "N",
                        .meaning = "All CPUs when left out; the result does not depend on it",
                        .interval = {.low = 1, .high = 1024}}),
      in_group("Stopping (0 switches a rule off)",
               {.name = "tolerance",
                .kind = OptionKind::number,
                .placeholder = "T",
                .meaning = "Short for --gradient-tolerance; auto reaches the optimum within 1e-6",
                .default_text = "auto",
                .interval = {.low = 0},
                .allows_auto = true})};
  for (OptionSpec& option : stopping_options("auto", "auto")) {
    option.allows_auto = option.default_text == "auto";
    if (option.name == "max-steps") option.interval = {.low = 1};
    options.push_back(std::move(option));
  }
  options.push_back({.name = "output",
                     .placeholder = "MODEL.json",
                     .meaning = "Write the model to this file",
                     .group = "Output",
                     .letter = 'o',
                     .file = FileUse::output});
  for (OptionSpec& option : output_options()) options.push_back(std::move(option));
  for (OptionSpec& option : reading_options()) options.push_back(std::move(option));
  return options;
}

namespace {

/// What only a run has: rate, limits, tolerances.
void read_run(const Options& options, linear::LinearOptions& result) {
  const auto number = [&](const char* name) { return options.number(name).value_or(0.0); };
  const auto count = [&](const char* name) { return static_cast<std::uint64_t>(options.integer(name).value_or(0)); };
  if (options.given("learning-rate")) result.learning_rate = from_option(options, "learning-rate", parse_schedule);
  if (options.given("schedule")) result.schedule = schedule_text(options);
  result.max_epochs = count("max-epochs");
  result.max_steps = count("max-steps");
  if (options.number("gradient-tolerance")) {
    result.gradient_tolerance = options.number("gradient-tolerance");
  } else if (options.number("tolerance")) {
    result.gradient_tolerance = options.number("tolerance");
  }
  result.gradient_tolerance_relative = number("gradient-tolerance-relative");
  result.step_tolerance = number("step-tolerance");
  result.step_tolerance_relative = number("step-tolerance-relative");
  result.step_tolerance_component = number("step-tolerance-component");
  result.value_tolerance = number("value-tolerance");
  result.value_tolerance_relative = number("value-tolerance-relative");
  result.time_limit_seconds = number("time-limit");
  result.early_stopping = options.flag("early-stopping");
  result.patience = count("patience");
  if (result.early_stopping && !options.given("validation")) result.validation = 0.1;
  result.evaluation = linear::parse_evaluation(options.text("evaluation"));
}

}  // namespace

linear::LinearOptions linear_options(const Options& options, const ReadOptions& what) {
  const auto count = [&](const char* name) { return static_cast<std::uint64_t>(options.integer(name).value_or(0)); };
  linear::LinearOptions result;
  result.loss = from_option(options, "loss", [](const std::string& text) {
    refuse_other_names(text, "loss", kLosses);
    (void)is_for_classes(text);
    return text;
  });
  result.loss_scale = linear::parse_loss_scale(options.text("loss-scale"));
  if (options.given("penalty"))
    result.penalty = from_option(options, "penalty", [](const std::string& text) {
      refuse_other_names(text, "penalty", kPenalties);
      if (parse_number(text))
        throw Error(ErrorCode::usage, "expected the kind of penalty and its strength, such as l2:" +
                                          std::string(trim(text)) + ", got " + descent::quoted(text));
      return loss::parse_penalty(text);
    });
  result.optimizer = from_option(options, "optimizer", parse_optimizer);
  if (const std::string batch = options.text("batch-size"); batch != "full") {
    const auto rows = parse_integer(batch);
    if (!rows || *rows < 1)
      throw Error(ErrorCode::usage, "expected full or a whole number >= 1, got " + descent::quoted(batch),
                  "--batch-size");
    result.batch_size = static_cast<std::size_t>(*rows);
  }
  result.validation = parse_number(options.text("validation")).value_or(0.0);
  if (options.given("validation") && parse_number(options.text("validation")) &&
      !(result.validation > 0.0 && result.validation < 1.0))
    throw Error(ErrorCode::usage,
                "expected a part of the rows in (0, 1), or a file, got " + descent::quoted(options.text("validation")),
                "--validation");
  result.shuffle = linear::parse_shuffle(options.text("shuffle"));
  result.seed = count("seed");
  if (what.with_start) result.start = linear::parse_start(options.text("start"));
  result.standardize = linear::parse_standardize(options.text("standardize"));
  result.intercept = !options.flag("no-intercept");
  if (options.given("class-weight")) result.class_weight = linear::parse_class_weights(options.text("class-weight"));
  result.compat = loss::parse_compat(options.text("compat"));
  result.threads = static_cast<std::size_t>(count("threads"));
  if (what.with_run) read_run(options, result);
  return result;
}

data::EncodeOptions encode_options(const Options& options) {
  data::EncodeOptions result{.target = options.text("target"), .weight = options.text("sample-weight")};
  const auto names = [&](const char* option) {
    std::vector<std::string> list;
    if (options.given(option))
      for (const std::string& name : split(options.text(option), ',')) list.emplace_back(trim(name));
    return list;
  };
  result.features = names("features");
  result.categorical = names("categorical");
  if (is_for_classes(options.text("loss"))) {
    result.target_kind = data::TargetKind::classes;
  } else if (options.text("loss") != "auto") {
    result.target_kind = data::TargetKind::number;
  }
  const std::string missing = options.text("missing-values");
  result.missing = missing == "drop"   ? data::MissingPolicy::drop
                   : missing == "mean" ? data::MissingPolicy::mean
                                       : data::MissingPolicy::error;
  return result;
}

}  // namespace descent::cli

#include "cli/run_options.hpp"

#include <algorithm>
#include <iostream>
#include <limits>

#include "cli/files.hpp"
#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/model/file.hpp"
#include "descent/optim/optimizer.hpp"
#include "descent/optim/schedule_shape.hpp"
#include "descent/report/gnuplot.hpp"

namespace descent::cli {
namespace {

const Interval kAtLeast0 = {.low = 0};

OptionSpec tolerance(const std::string& name, const std::string& meaning, const std::string& default_text = "0") {
  return {.name = name,
          .kind = OptionKind::number,
          .placeholder = "T",
          .meaning = meaning,
          .group = "Stopping (0 switches a rule off)",
          .default_text = default_text,
          .interval = kAtLeast0};
}

OptionSpec output(const std::string& name, OptionKind kind, const std::string& placeholder,
                  const std::string& meaning) {
  return {.name = name, .kind = kind, .placeholder = placeholder, .meaning = meaning, .group = "Output"};
}

/// What pictures and findings are made from: more than a screen has columns, and at most 11 MB.
constexpr std::size_t kMaxTraceRows = std::size_t{1} << 15U;
/// What findings alone are made from: its first and last eighth are whole, and it stays in the cache.
constexpr std::size_t kMaxGlanceRows = 256;

bool wants_trace(const Options& options) {
  return options.given("trace") || options.given("report") || options.given("plot");
}

}  // namespace

std::vector<OptionSpec> stopping_options(const std::string& default_max_steps,
                                         const std::string& default_gradient_tolerance) {
  const std::string group = "Stopping (0 switches a rule off)";
  return {{.name = "max-steps",
           .kind = OptionKind::integer,
           .placeholder = "N",
           .meaning = "Updates at most",
           .group = group,
           .default_text = default_max_steps,
           .interval = kAtLeast0},
          tolerance("gradient-tolerance", "Largest component of the gradient: the test that may say converged",
                    default_gradient_tolerance),
          tolerance("gradient-tolerance-relative", "The same, over max(1, |f|)"),
          tolerance("step-tolerance", "Length of the last move, ||dx||"),
          tolerance("step-tolerance-relative", "||dx|| over ||x||"),
          tolerance("step-tolerance-component", "Largest component of the last move"),
          tolerance("value-tolerance", "Last change of the objective, |df|"),
          tolerance("value-tolerance-relative", "|df| over |f|"),
          {.name = "time-limit",
           .kind = OptionKind::number,
           .placeholder = "SECONDS",
           .meaning = "Stop after this time",
           .group = group,
           .default_text = "0",
           .interval = kAtLeast0}};
}

MinimizeOptions stopping_rules(const Options& options) {
  const auto number = [&](const char* name) { return options.number(name).value_or(0.0); };
  MinimizeOptions rules{.gradient_tolerance = number("gradient-tolerance"),
                        .gradient_tolerance_relative = number("gradient-tolerance-relative"),
                        .step_tolerance = number("step-tolerance"),
                        .step_tolerance_relative = number("step-tolerance-relative"),
                        .step_tolerance_component = number("step-tolerance-component"),
                        .value_tolerance = number("value-tolerance"),
                        .value_tolerance_relative = number("value-tolerance-relative"),
                        .time_limit_seconds = number("time-limit")};
  if (const auto steps = options.integer("max-steps")) rules.max_steps = static_cast<std::uint64_t>(*steps);
  return rules;
}

std::vector<OptionSpec> output_options() {
  std::vector<OptionSpec> options = {
      output("json", OptionKind::flag, "", "One JSON object on standard output, and nothing else there"),
      output("trace", OptionKind::text, "FILE", "Write a row for every update to FILE.csv or FILE.jsonl"),
      output("trace-every", OptionKind::integer, "K", "Write every K-th row of the trace only"),
      output("report", OptionKind::text, "FILE.html", "Write a page with pictures, settings and results"),
      output("plot", OptionKind::text, "FILE", "Draw to FILE.svg, .png or .pdf, or on the terminal (-); needs gnuplot"),
      output("print-every", OptionKind::integer, "N", "Print step and objective every N updates"),
      output("ask-every", OptionKind::integer, "N", "Ask on the terminal every N updates whether to go on"),
      output("progress", OptionKind::flag, "", "Show progress even if standard error is no terminal"),
      output("strict", OptionKind::flag, "", "Exit with 4 unless the run converged"),
      output("quiet", OptionKind::flag, "", "No progress and no remarks")};
  for (OptionSpec& option : options) {
    if (option.kind == OptionKind::integer) option.interval = {.low = 1};
    if (option.name == "trace-every") option.needs = "trace";
    if (option.name == "quiet") option.letter = 'q';
    if (option.name == "trace" || option.name == "report" || option.name == "plot") option.file = FileUse::output;
  }
  return options;
}

std::string schedule_text(const Options& options) {
  return from_option(options, "schedule", [](const std::string& text) {
    (void)shape_schedule(text, 1.0, 1000.0);
    return text;
  });
}

void check_pictures(const Options& options) {
  const std::string plot = options.text("plot");
  if (!plot.empty() && plot != "-" && !report::gnuplot_terminal(plot))
    throw Error(
        ErrorCode::usage,
        "expected a name that ends in .svg, .png, .pdf or .txt, or - for the terminal, got " + descent::quoted(plot),
        "--plot");
  const std::string page = options.text("report");
  if (!page.empty() && !page.ends_with(".html") && !page.ends_with(".htm"))
    throw Error(ErrorCode::usage, "expected a name that ends in .html, got " + descent::quoted(page), "--report");
  if (plot == "-" && options.flag("json"))
    throw Error(ErrorCode::usage, "standard output is taken by --json; name a file", "--plot");
  for (const char* name : {"report", "plot"}) require_writable(options.text(name), std::string("--") + name);
}

RunWatch::RunWatch(const Options& options, Console& console, std::vector<std::string> parameter_names,
                   std::uint64_t max_steps)
    : options_(options),
      console_(console),
      trace_(parameter_names, 1, wants_trace(options) ? kMaxTraceRows : kMaxGlanceRows),
      progress_(console, "steps", max_steps == std::numeric_limits<std::uint64_t>::max() ? 0 : max_steps,
                options.flag("progress") || (console.err_is_terminal && !options.flag("quiet"))),
      records_(wants_trace(options)),
      print_every_(static_cast<std::uint64_t>(options.integer("print-every").value_or(0))),
      ask_every_(static_cast<std::uint64_t>(options.integer("ask-every").value_or(0))) {
  const std::string trace = options.text("trace");
  if (!trace.empty() && !trace.ends_with(".csv") && !trace.ends_with(".jsonl"))
    throw Error(ErrorCode::usage, "expected a name that ends in .csv or .jsonl, got " + descent::quoted(trace),
                "--trace");
  check_pictures(options);
  if (ask_every_ > 0 && !console.in_is_terminal)
    throw Error(ErrorCode::usage, "asks on a terminal, and standard input is none", "--ask-every");
  require_writable(trace, "--trace");
  if (!trace.empty())
    trace_file_.emplace(trace, std::move(parameter_names),
                        static_cast<std::uint64_t>(options.integer("trace-every").value_or(1)));
}

Observer RunWatch::glancing_observer() {
  if (Observer observer = this->observer()) {
    if (records_) return observer;
    return [this, observer = std::move(observer)](const StepInfo& info) {
      trace_.record(info);
      return observer(info);
    };
  }
  return [this](const StepInfo& info) {
    trace_.record(info);
    return true;
  };
}

Observer RunWatch::observer() {
  if (!records_ && print_every_ == 0 && ask_every_ == 0 && !options_.flag("progress") &&
      (!console_.err_is_terminal || options_.flag("quiet")))
    return {};
  return [this](const StepInfo& info) {
    if (records_) trace_.record(info);
    if (trace_file_) trace_file_->write(info);
    progress_.update(info.step, info.objective);
    if (print_every_ > 0 && info.step % print_every_ == 0) {
      progress_.clear();
      console_.err << "step " << info.step << "  objective " << number_text(info.objective, 10) << '\n';
    }
    return ask_every_ == 0 || info.step == 0 || info.step % ask_every_ != 0 || ask(info);
  };
}

void RunWatch::plan(std::uint64_t max_steps) { progress_.set_total(max_steps); }

bool RunWatch::ask(const StepInfo& info) {
  progress_.clear();
  console_.err << "step " << info.step << ", objective " << number_text(info.objective, 10) << ": go on? [Y/n] "
               << std::flush;
  std::string answer;
  if (!std::getline(std::cin, answer)) return false;
  return answer.empty() || (answer[0] != 'n' && answer[0] != 'N');
}

void RunWatch::finish() {
  progress_.clear();
  if (trace_file_) trace_file_->commit();
  trace_file_.reset();
}

void write_plot(const Options& options, const report::AnyFigure& figure, Console& console) {
  const std::string path = options.text("plot");
  if (path == "-") {
    console.out << run_gnuplot(
        report::gnuplot_script(figure, {.terminal = report::GnuplotTerminal::dumb, .color = console.out_is_terminal}));
    return;
  }
  // Through a pipe, so that the file appears whole.
  model::write_file(path, run_gnuplot(report::gnuplot_script(figure, {.terminal = *report::gnuplot_terminal(path)})));
  if (!options.flag("json") && !options.flag("quiet")) console.out << "\nPicture: " << path << '\n';
}

int exit_status(const Result& result, const Options& options, const Console& console) {
  const int signal = console.signal == nullptr ? 0 : *console.signal;
  if (result.status == Status::interrupted && signal != 0) return 128 + signal;
  if (!result.ok()) return kFailed;
  if (options.flag("strict") && result.status != Status::converged) return kFailed;
  return kDone;
}

void print_ending(const Result& result, std::ostream& out) {
  out << to_text(result.status) << ": " << printable(result.reason) << '\n';
  if (result.suggestion.empty()) return;
  const std::string text = printable(result.suggestion);  // "try a learning rate of ...", or a sentence
  out << (text.starts_with("try ") ? "Try: " : "Hint: ") << (text.starts_with("try ") ? text.substr(4) : text) << '\n';
}

std::string conventions(const std::string& optimizer) {
  std::vector<std::string> links;
  if (optimizer.find('(') == std::string::npos) return "";
  std::vector<Call> calls;
  try {
    calls = parse_pipeline(optimizer);
  } catch (const Error&) {
    return "";  // solvers of fit with names of their own
  }
  for (const Call& call : calls) {
    const auto* named = optimizer_registry().find(call.name);
    if (named == nullptr || named->entry.formula.empty()) continue;
    std::string text = named->entry.formula;
    std::vector<std::string> values;
    for (const ParamSpec& param : named->entry.params) {
      const bool given = std::any_of(call.arguments.begin(), call.arguments.end(),
                                     [&](const Argument& argument) { return argument.name == param.name; });
      if (param.name != "learning_rate" && !param.default_text.empty() && !given)
        values.push_back(param.name + "=" + param.default_text);
    }
    if (!values.empty()) text += "; by default " + join(values);
    links.push_back(std::move(text));
  }
  return join(links, " | ");
}

std::string command_line(const Options& options) { return command_line(options, options.command().name, {}); }

std::string command_line(const Options& options, const std::string& command, const std::vector<std::string>& without) {
  const auto shell_word = [](const std::string& word) {
    const bool plain = !word.empty() && word.find_first_of(" '\"\\$`&|;<>()*?[]{}~#!\t\n^") == std::string::npos;
    if (plain) return word;
    std::string quoted = "'";
    for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + "'";
  };
  std::string line = "descent " + command;
  for (const OptionSpec& spec : options.command().options) {
    if (!options.given(spec.name) || std::find(without.begin(), without.end(), spec.name) != without.end()) continue;
    if (!spec.positional()) line += " " + spec.spelling();
    for (const std::string& value : options.texts(spec.name)) line += " " + shell_word(value);
  }
  return line;
}

}  // namespace descent::cli

#include "cli/app.hpp"

#include <algorithm>
#include <memory>
#include <new>

#include <CLI/CLI.hpp>

#include "cli/commands.hpp"
#include "cli/file_names.hpp"
#include "descent/core/error.hpp"
#include "descent/core/text.hpp"

namespace descent::cli {
namespace {

struct Parsed {
  const Command* command = nullptr;
  CLI::App* app = nullptr;
  // One for each option, in the order of the table; CLI11 writes here.
  std::vector<std::vector<std::string>> values;
  std::vector<std::string> single;
  std::vector<char> flags;
  std::vector<CLI::Option*> options;
};

int exit_status(ErrorCode code) {
  switch (code) {
    case ErrorCode::usage: return kUsage;
    case ErrorCode::formula:
    case ErrorCode::data:
    case ErrorCode::model: return kBadInput;
    case ErrorCode::failed: return kFailed;
    case ErrorCode::system: return kSystem;
    case ErrorCode::out_of_memory: return kOutOfMemory;
    case ErrorCode::internal: return kBug;
  }
  return kBug;
}

std::string help_text(const OptionSpec& spec) {
  std::string text = spec.meaning;
  const std::string range = to_text(spec.interval);
  if (spec.kind == OptionKind::choice) text += " (" + join(spec.choices, ", ") + ")";
  if (!range.empty()) text += " (" + range + ")";
  if (!spec.default_text.empty()) text += " [" + spec.default_text + "]";
  return text;
}

void add_option(CLI::App& app, const OptionSpec& spec, Parsed& parsed, std::size_t index) {
  const std::string name = spec.positional()     ? spec.name
                           : spec.letter != '\0' ? std::string("-") + spec.letter + ",--" + spec.name
                                                 : "--" + spec.name;
  if (spec.kind == OptionKind::flag) {
    app.add_flag_function(
           name, [&flag = parsed.flags[index]](std::int64_t) { flag = 1; }, help_text(spec))
        ->group(spec.group);
    return;
  }
  CLI::Option* option = spec.many ? app.add_option(name, parsed.values[index], help_text(spec))
                                  : app.add_option(name, parsed.single[index], help_text(spec));
  option->type_name(spec.placeholder.empty() ? " " : spec.placeholder)->group(spec.group);
  parsed.options[index] = option;
}

/// CLI11 takes what begins with `-` for an option. A formula may begin with a minus sign: a blank in front tells them
/// apart.
void protect_formula(std::vector<std::string>& args) {
  bool only_arguments = false;  // after a bare --
  for (std::size_t i = 1; i < args.size(); ++i) {
    const std::string& arg = args[i];
    if (only_arguments && arg.starts_with('-')) {
      args[i].insert(args[i].begin(), ' ');
      continue;
    }
    only_arguments = only_arguments || arg == "--";
    if (arg.size() < 2 || arg[0] != '-' || arg[1] == '-' || arg == "-o" || arg == "-h" || arg == "-q") continue;
    if (parse_number(arg) && args[i - 1].starts_with("--")) continue;  // the value of an option: --start -1
    args[i].insert(args[i].begin(), ' ');
  }
}

/// What other programs call things, and what they are called here; the first that the command has is meant.
std::string other_name(const std::string& given, const std::vector<std::string>& known) {
  struct Other {
    const char* given;
    const char* here;
  };
  constexpr Other kOthers[] = {
      {"--lr", "--learning-rate"},
      {"--eta", "--learning-rate"},
      {"--eta0", "--learning-rate"},
      {"--alpha", "--penalty"},
      {"--l2", "--penalty"},
      {"--l1", "--penalty"},
      {"--weight-decay", "--penalty"},
      {"--regularization", "--penalty"},
      {"--epochs", "--max-epochs"},
      {"--epochs", "--max-steps"},
      {"--steps", "--max-steps"},
      {"--iterations", "--max-steps"},
      {"--max-iter", "--max-steps"},
      {"--maxiter", "--max-steps"},
      {"--iter", "--max-steps"},
      {"--tol", "--tolerance"},
      {"--tol", "--gradient-tolerance"},
      {"--gtol", "--gradient-tolerance"},
      {"--xtol", "--step-tolerance"},
      {"--ftol", "--value-tolerance"},
      {"--x0", "--start"},
      {"--init", "--start"},
      {"--initial", "--start"},
      {"--method", "--optimizer"},
      {"--solver", "--optimizer"},
      {"--algorithm", "--optimizer"},
      {"--scheduler", "--schedule"},
      {"--label", "--target"},
      {"--labels", "--target"},
      {"--y", "--target"},
      {"--class", "--target"},
      {"--columns", "--features"},
      {"--test", "--validation"},
      {"--test-size", "--validation"},
      {"--split", "--validation"},
      {"--holdout", "--validation"},
      {"--normalize", "--standardize"},
      {"--scale", "--standardize"},
      {"--hidden", "--model"},
      {"--layers", "--model"},
      {"--random-state", "--seed"},
      {"--out", "--output"},
      {"--save", "--output"},
      {"--verbose", "--progress"},
      {"--jobs", "--threads"},
      {"--n-jobs", "--threads"},
      {"--delimiter", "--separator"},
      {"--sep", "--separator"},
      {"--proba", "--probabilities"},
      {"--dir", "--directory"},
      {"--n", "--rows"},
      {"--size", "--rows"},
      {"--samples", "--rows"},
      {"--batch", "--batch-size"},
      {"-v", "--version"},
      {"-V", "--version"},
      {"optimize", "minimize"},
      {"optimise", "minimize"},
      {"minimum", "minimize"},
      {"solve", "minimize"},
      {"train", "fit"},
      {"learn", "fit"},
      {"test", "evaluate"},
      {"score", "evaluate"},
      {"eval", "evaluate"},
      {"apply", "predict"},
      {"show", "inspect"},
      {"info", "inspect"},
      {"explain", "describe"},
      {"examples", "example"},
      {"demo", "example"},
      {"version", "--version"},
  };
  for (const Other& other : kOthers)
    if (given == other.given && std::find(known.begin(), known.end(), other.here) != known.end())
      return std::string(" (here it is ") + other.here + ")";
  return did_you_mean(given, known);
}

/// A formula may well begin with two minus signs.
std::string behind_dashes(const Command& command, const std::string& given) {
  const bool takes_formula = !command.options.empty() && command.options.front().name == "FORMULA";
  if (!takes_formula || !given.starts_with("--")) return "";
  return "; a formula goes behind --: descent " + command.name + " -- '" + given + "'";
}

[[noreturn]] void refuse_extras(const std::vector<std::string>& extras, const Command* command) {
  std::vector<std::string> known = {"--help", "--version"};
  if (command == nullptr) {
    for (const Command& c : commands()) known.push_back(c.name);
    throw Error(ErrorCode::usage, "there is no command " + descent::quoted(extras.front()) +
                                      other_name(extras.front(), known) + "; `descent --help` lists them");
  }
  for (const OptionSpec& option : command->options)
    if (!option.positional()) known.push_back("--" + option.name);
  const std::string name = extras.front().substr(0, extras.front().find('='));
  const bool is_option = name.size() > 1 && name[0] == '-';
  throw Error(ErrorCode::usage,
              is_option ? "unknown option " + name + other_name(name, known) + "; `descent " + command->name +
                              " --help` lists them" +
                              (other_name(name, known).empty() ? behind_dashes(*command, extras.front()) : "")
                        : "one argument too many: " + descent::quoted(extras.front()) +
                              " (quote a formula or a name with blanks: '...')",
              "descent " + command->name);
}

void refuse_contradictions(const Options& options) {
  const auto has = [&](const char* name) {
    const auto& specs = options.command().options;
    return std::any_of(specs.begin(), specs.end(), [&](const OptionSpec& spec) { return spec.name == name; }) &&
           options.given(name);
  };
  if (has("quiet") && has("progress"))
    throw Error(ErrorCode::usage, "contradicts --progress: leave out one of them", "--quiet");
}

void remark_idle_options(const Options& options, Console& console) {
  for (const OptionSpec& spec : options.command().options) {
    if (spec.needs.empty() || !options.given(spec.name) || options.given(spec.needs) || options.flag("quiet")) continue;
    console.err << "descent: " << spec.spelling() << " has no effect without --" << spec.needs << '\n';
  }
}

/// CLI11 would take `--json=no` for a way to say so.
void refuse_values_of_flags(const std::vector<std::string>& args) {
  const auto command = std::find_if(commands().begin(), commands().end(),
                                    [&](const Command& c) { return !args.empty() && c.name == args.front(); });
  if (command == commands().end()) return;
  for (const std::string& arg : args) {
    if (arg == "--") return;
    const std::size_t equals = arg.find('=');
    if (!arg.starts_with("--") || equals == std::string::npos) continue;
    for (const OptionSpec& spec : command->options)
      if (spec.kind == OptionKind::flag && arg.substr(0, equals) == spec.spelling())
        throw Error(ErrorCode::usage, "takes no value, got " + descent::quoted(arg.substr(equals + 1)),
                    spec.spelling());
  }
}

/// What CLI11 found wrong, in our words: it says which option, as `--start: 1 required x=-1.2,y=1 missing`.
[[noreturn]] void refuse_parse(const CLI::ParseError& error, const Command* command) {
  const std::string what = error.what();
  if (command != nullptr && dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    for (const OptionSpec& spec : command->options) {
      if (!what.starts_with(spec.spelling() + ":")) continue;
      const bool repeated = what.find("At Most") != std::string::npos;
      throw Error(ErrorCode::usage,
                  repeated
                      ? "is given more than once, expected one value"
                      : "expected a value" + (spec.placeholder.empty() ? "" : ", " + spec.placeholder) + ", got none",
                  spec.spelling());
    }
  }
  throw Error(ErrorCode::usage, what, command == nullptr ? "descent" : "descent " + command->name);
}

/// The library's word for an option, as in `learning_rate: must be ...`, in the spelling of the command line: of what
/// was given, so that a rate inside --optimizer is said of that.
Error in_our_words(const Options& options, const Error& error) {
  if (error.code() != ErrorCode::usage && error.code() != ErrorCode::data) return error;
  std::string word = error.where().substr(0, error.where().find(' '));
  const std::string rest = error.where().substr(word.size());
  std::replace(word.begin(), word.end(), '_', '-');
  for (const OptionSpec& spec : options.command().options) {
    if (spec.name != word || (error.code() == ErrorCode::data && !options.given(word))) continue;
    const bool in_optimizer = word == "learning-rate" && !options.given(word) && options.given("optimizer");
    return {error.code(), error.message(), (in_optimizer ? "--optimizer" : spec.spelling()) + rest};
  }
  return error;
}

/// `descent help` is `descent --help`, `descent help fit` is `descent fit --help`.
void understand_help(std::vector<std::string>& args) {
  if (args.empty() || args.front() != "help") return;
  args.erase(args.begin());
  if (!args.empty() && args.front()[0] != '-' &&
      std::none_of(commands().begin(), commands().end(), [&](const Command& c) { return c.name == args.front(); }))
    refuse_extras(args, nullptr);
  args.emplace_back("--help");
}

int parse_and_run(std::vector<std::string> args, Console& console) {
  understand_help(args);
  CLI::App app("Minimise formulas, functions and the losses of models by following gradients.", "descent");
  app.set_help_flag("-h,--help", "Print this help and exit");
  bool version = false;
  app.add_flag("--version", version, "Print the version and what it was built with, and exit");
  app.footer("`descent COMMAND --help` explains one command; `descent example` shows worked examples.");
  app.get_formatter()->column_width(34);

  std::vector<std::unique_ptr<Parsed>> all;
  for (const Command& command : commands()) {
    auto parsed = std::make_unique<Parsed>();
    parsed->command = &command;
    parsed->app = app.add_subcommand(command.name, command.summary);
    parsed->values.resize(command.options.size());
    parsed->single.resize(command.options.size());
    parsed->flags.resize(command.options.size());
    parsed->options.resize(command.options.size());
    parsed->app->set_help_flag("-h,--help", "Print this help and exit");
    parsed->app->description(command.description.empty() ? command.summary : command.description);
    // Options are built for the command in use alone: `descent --version` has no time for 150 of them.
    const bool wanted = !args.empty() && args.front() == command.name;
    for (std::size_t i = 0; wanted && i < command.options.size(); ++i)
      add_option(*parsed->app, command.options[i], *parsed, i);
    if (wanted && !command.examples.empty()) {
      std::string footer = "Examples:";
      for (const std::string& example : command.examples) footer += "\n  " + example;
      parsed->app->footer(footer);
    }
    parsed->app->allow_extras();
    all.push_back(std::move(parsed));
  }
  app.allow_extras();

  refuse_values_of_flags(args);
  if (!args.empty() && (args.front() == "minimize" || args.front() == "tune")) protect_formula(args);
  std::vector<std::string> reversed(args.rbegin(), args.rend());
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    for (const auto& parsed : all)
      if (parsed->app->parsed()) {
        console.out << parsed->app->help("descent");
        return kDone;
      }
    // Descriptions are long where a command explains itself, short in the list.
    for (const auto& parsed : all) parsed->app->description(parsed->command->summary);
    console.out << app.help();
    return kDone;
  } catch (const CLI::ParseError& error) {
    const auto used = std::find_if(all.begin(), all.end(), [](const auto& p) { return p->app->parsed(); });
    refuse_parse(error, used == all.end() ? nullptr : (*used)->command);
  }

  if (version) {
    print_version(console);
    return kDone;
  }
  for (const auto& parsed : all) {
    if (!parsed->app->parsed()) continue;
    const Command& command = *parsed->command;
    std::vector<std::string> extras = parsed->app->remaining();
    if (const auto mark = std::find(extras.begin(), extras.end(), "--"); mark != extras.end()) extras.erase(mark);
    if (!extras.empty()) refuse_extras(extras, &command);
    Options options(command);
    for (std::size_t i = 0; i < command.options.size(); ++i) {
      const OptionSpec& spec = command.options[i];
      if (parsed->flags[i] != 0) options.set(spec.name, {});
      const bool given = parsed->options[i] != nullptr && parsed->options[i]->count() > 0;
      if (given) options.set(spec.name, spec.many ? parsed->values[i] : std::vector<std::string>{parsed->single[i]});
      if (spec.required && !given)
        throw Error(ErrorCode::usage,
                    spec.spelling() + " is missing: " + spec.meaning +
                        (command.examples.empty() ? "" : "; for example: " + command.examples.front()),
                    "descent " + command.name);
    }
    check_file_names(options);
    refuse_contradictions(options);
    remark_idle_options(options, console);
    try {
      return command.run(options, console);
    } catch (const Error& error) {
      throw in_our_words(options, error);
    }
  }
  if (const auto extras = app.remaining(); !extras.empty()) refuse_extras(extras, nullptr);
  for (const auto& parsed : all) parsed->app->description(parsed->command->summary);
  console.out << app.help();
  return args.empty() ? kUsage : kDone;
}

}  // namespace

const std::vector<Command>& commands() {
  static const std::vector<Command> all = {minimize_command(), fit_command(),     tune_command(),    predict_command(),
                                           evaluate_command(), inspect_command(), example_command(), generate_command(),
                                           describe_command(), list_command()};
  return all;
}

int run(std::vector<std::string> args, Console& console) {
  try {
    return parse_and_run(std::move(args), console);
  } catch (const Error& error) {
    console.err << "descent: error: " << error.what() << '\n';
    if (error.code() == ErrorCode::internal)
      console.err << "This is a bug of descent's; please report it with the command that shows it.\n";
    return exit_status(error.code());
  } catch (const std::bad_alloc&) {
    console.err
        << "descent: error: out of memory (a table takes 8 bytes a value, and what comes through a pipe its text "
           "besides: name a file, or take fewer rows or --features)\n";
    return kOutOfMemory;
  } catch (const std::exception& error) {
    console.err << "descent: bug: " << error.what() << "\nPlease report it with the command that shows it.\n";
    return kBug;
  }
}

}  // namespace descent::cli

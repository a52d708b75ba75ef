// `descent generate`: the data sets that tutorials draw.
#include <algorithm>

#include "cli/commands.hpp"
#include "cli/files.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/data/csv.hpp"
#include "descent/data/generate.hpp"

namespace descent::cli {
namespace {

/// The options that are parameters of the generators: their names and meanings come from the generators' tables.
std::vector<OptionSpec> parameter_options() {
  std::vector<OptionSpec> options;
  for (const auto& generator : data::generator_registry().items()) {
    for (const ParamSpec& param : generator.entry.params) {
      OptionSpec option{.name = param.name,
                        .placeholder = "V",
                        .meaning = generator.entry.name + ": " + param.meaning,
                        .group = "Parameters of the kinds"};
      std::replace(option.name.begin(), option.name.end(), '_', '-');
      const auto same =
          std::find_if(options.begin(), options.end(), [&](const OptionSpec& o) { return o.name == option.name; });
      if (same == options.end()) {
        option.meaning += param.default_text.empty() ? "" : " [" + param.default_text + "]";
        options.push_back(std::move(option));
      } else {
        same->meaning +=
            "; " + generator.entry.name + (param.default_text.empty() ? "" : " [" + param.default_text + "]");
      }
    }
  }
  return options;
}

/// `line --slope 3` is the call `line(slope=3)`; the call's own text is accepted as well.
Call call_from(const Options& options) {
  Call call = from_option(options, "KIND", [](const std::string& text) {
    const Call result = parse_call(text);
    return placed(result, [&result] {
      (void)data::generator_registry().at(result.name);
      return result;
    });
  });
  const Entry& entry = data::generator_registry().at(call.name).entry;
  for (const OptionSpec& option : parameter_options()) {
    if (!options.given(option.name)) continue;
    std::string param = option.name;
    std::replace(param.begin(), param.end(), '-', '_');
    const bool takes =
        std::any_of(entry.params.begin(), entry.params.end(), [&](const ParamSpec& p) { return p.name == param; });
    if (!takes)
      throw Error(ErrorCode::usage,
                  "is no parameter of " + entry.name + "; `descent describe " + entry.name + "` lists them",
                  "--" + option.name);
    try {
      call.arguments.push_back(parse_call("f(" + param + "=" + options.text(option.name) + ")").arguments.at(0));
    } catch (const Error&) {
      throw Error(ErrorCode::usage,
                  "expected a number or a list such as [1, 2], got " + descent::quoted(options.text(option.name)),
                  "--" + option.name);
    }
    call.arguments.back().column = 0;
  }
  return call;
}

/// What is refused is said of the option that gave it, or of KIND.
std::unique_ptr<data::RowGenerator> open_generator(const Options& options) {
  const Call call = call_from(options);
  try {
    return data::open_generator(call, {.rows = static_cast<std::uint64_t>(*options.integer("rows")),
                                       .seed = static_cast<std::uint64_t>(*options.integer("seed")),
                                       .stream = data::parse_draw_stream(options.text("stream"))});
  } catch (const Error& error) {
    for (const OptionSpec& option : parameter_options()) {
      std::string param = option.name;
      std::replace(param.begin(), param.end(), '-', '_');
      if (options.given(option.name) && error.code() == ErrorCode::usage &&
          error.message().starts_with("'" + param + "' "))
        throw Error(error.code(), error.message().substr(param.size() + 3), option.spelling());
    }
    if (!error.where().empty() && error.place().column == 0) throw;
    throw said_of("KIND", error);
  }
}

int run_generate(const Options& options, Console& console) {
  const std::string path = options.text("output");
  require_writable(path, "-o");
  const auto table = open_generator(options);
  const bool quiet = options.flag("quiet");
  const StopsItself stops_itself;
  Output output(path, console);
  Progress progress(console, "rows", table->rows(), console.err_is_terminal && !quiet && path != "-");
  constexpr std::size_t kBufferBytes = std::size_t{1} << 18U;
  std::string text = data::csv_line(table->names());
  std::vector<double> values(table->names().size());
  for (std::uint64_t row = 0; row < table->rows(); ++row) {
    table->next(values);
    for (std::size_t j = 0; j < values.size(); ++j) {
      if (j > 0) text += ',';
      append_number(text, values[j]);
    }
    text += '\n';
    progress.update(row + 1);
    if (text.size() < kBufferBytes) continue;
    output.write(text);
    text.clear();
    if (!output.wanted()) return kDone;
    if (console.stop == nullptr || !console.stop->token().stop_requested()) continue;
    progress.clear();
    if (!quiet)
      console.err << "interrupted after " << count_text(static_cast<double>(row + 1)) << " of "
                  << counted(table->rows(), "row") << (path == "-" ? "" : "; " + path + " was not written") << '\n';
    return 128 + *console.signal;
  }
  output.write(text);
  output.commit();
  progress.clear();
  if (quiet || path == "-") return kDone;
  console.err << path << ": " << counted(table->rows(), "row") << " of " << join(table->names()) << '\n';
  for (const std::string& remark : table->remarks()) console.err << "  " << remark << '\n';
  return kDone;
}

}  // namespace

Command generate_command() {
  std::vector<OptionSpec> options = {
      {.name = "KIND",
       .meaning =
           "What to draw: " + join(data::generator_registry().names()) + ", or with parameters: 'blobs(centers=4)'",
       .required = true},
      {.name = "rows",
       .kind = OptionKind::integer,
       .placeholder = "N",
       .meaning = "Number of rows",
       .default_text = "100",
       .interval = {.low = 1, .high = 1e9}},
      {.name = "seed",
       .kind = OptionKind::integer,
       .placeholder = "S",
       .meaning = "Seed of the random numbers",
       .default_text = "0",
       .interval = {.low = 0, .high = 4294967295.0}},
      {.name = "stream",
       .kind = OptionKind::choice,
       .meaning =
           "Whose random numbers: our own, or those that numpy's RandomState or Python's random draw from that seed",
       .default_text = "descent",
       .choices = {"descent", "numpy", "python"}},
      {.name = "output",
       .placeholder = "FILE",
       .meaning = "Where to write; - is standard output",
       .default_text = "-",
       .letter = 'o',
       .file = FileUse::output},
      {.name = "quiet", .kind = OptionKind::flag, .meaning = "No remarks", .letter = 'q'}};
  for (OptionSpec& option : parameter_options()) options.push_back(std::move(option));
  return {.name = "generate",
          .summary = "Make the data sets that tutorials draw: a line, blobs, regression, normal numbers",
          .description =
              "Make the data sets that tutorials draw: a line, blobs, regression, normal numbers. Rows are written as "
              "they are made, and the file gets its name when it is complete; memory does not grow with --rows, except "
              "for rows in random order with --stream numpy or python (at most 250,000,000 numbers).",
          .options = std::move(options),
          .examples = {"descent generate line --rows 100 --seed 42 --stream numpy -o line.csv",
                       "descent generate 'blobs(centers=3)' --rows 300 -o blobs.csv"},
          .run = run_generate};
}

}  // namespace descent::cli

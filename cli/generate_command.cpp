// `descent generate`: the data sets that tutorials draw.
#include <algorithm>

#include "cli/commands.hpp"
#include "cli/files.hpp"
#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/data/generate.hpp"
#include "descent/model/file.hpp"

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
  Call call = parse_call(options.text("KIND"));
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
    call.arguments.push_back(parse_call("f(" + param + "=" + options.text(option.name) + ")").arguments.front());
  }
  return call;
}

int run_generate(const Options& options, Console& console) {
  const std::string output = options.text("output");
  require_writable(output, "-o");
  const auto table = data::generate(call_from(options), {.rows = static_cast<std::size_t>(*options.integer("rows")),
                                                         .seed = static_cast<std::uint64_t>(*options.integer("seed")),
                                                         .stream = data::parse_draw_stream(options.text("stream"))});
  const std::string csv = data::to_csv(table);
  if (output == "-") {
    console.out << csv;
    return kDone;
  }
  model::write_file(output, csv);
  if (options.flag("quiet")) return kDone;
  console.err << output << ": " << count_text(static_cast<double>(table.columns.front().size())) << " rows of "
              << join(table.names) << '\n';
  for (const std::string& remark : table.remarks) console.err << "  " << remark << '\n';
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
       .letter = 'o'},
      {.name = "quiet", .kind = OptionKind::flag, .meaning = "No remarks", .letter = 'q'}};
  for (OptionSpec& option : parameter_options()) options.push_back(std::move(option));
  return {.name = "generate",
          .summary = "Make the data sets that tutorials draw: a line, blobs, regression, normal numbers",
          .description = {},
          .options = std::move(options),
          .examples = {"descent generate line --rows 100 --seed 42 --stream numpy -o line.csv",
                       "descent generate 'blobs(centers=3)' --rows 300 -o blobs.csv"},
          .run = run_generate};
}

}  // namespace descent::cli

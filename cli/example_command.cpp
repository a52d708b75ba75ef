// `descent example`: worked examples that print their commands, run them and say what to look at.
#include <unistd.h>

#include <filesystem>
#include <sstream>

#include <nlohmann/json.hpp>

#include "cli/app.hpp"
#include "cli/commands.hpp"
#include "cli/examples.hpp"
#include "cli/files.hpp"
#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/model/file.hpp"

namespace descent::cli {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

/// The words of a command line: blanks separate, single and double quotes hold together. No expansion of any kind.
std::vector<std::string> words(const std::string& line) {
  std::vector<std::string> result;
  std::string word;
  bool inside = false;
  char quote = '\0';
  for (const char c : line) {
    if (quote != '\0') {
      if (c == quote) {
        quote = '\0';
      } else {
        word += c;
      }
    } else if (c == '\'' || c == '"') {
      quote = c;
      inside = true;
    } else if (c == ' ') {
      if (inside) result.push_back(std::move(word));
      word.clear();
      inside = false;
    } else {
      word += c;
      inside = true;
    }
  }
  if (inside) result.push_back(word);
  return result;
}

/// `data/...` is in the folder that came with descent, unless there is one here.
std::string with_data_folder(std::string line) {
  const std::string folder = data_folder();
  for (std::size_t at = line.find(" data/"); at != std::string::npos; at = line.find(" data/", at + 1)) {
    if (folder.empty())
      throw Error(ErrorCode::system,
                  "the data sets that come with descent are neither beside the program nor in share/descent/data",
                  "descent example");
    line.replace(at + 1, 4, folder);
  }
  return line;
}

/// Goes into `path` for its lifetime.
class WorkingFolder {
 public:
  explicit WorkingFolder(const std::string& path) : before_(fs::current_path()) { fs::current_path(path); }
  ~WorkingFolder() {
    std::error_code ignored;
    fs::current_path(before_, ignored);
  }
  WorkingFolder(const WorkingFolder&) = delete;
  WorkingFolder& operator=(const WorkingFolder&) = delete;

 private:
  fs::path before_;
};

std::string make_folder(const Options& options) {
  std::error_code failed;
  if (options.given("directory")) {
    const fs::path path = fs::absolute(options.text("directory"));
    fs::create_directories(path, failed);
    if (failed)
      throw Error(ErrorCode::system, "cannot create '" + path.string() + "': " + failed.message(), "--directory");
    return path.lexically_normal().string();
  }
  std::string path = (fs::temp_directory_path() / "descent-example-XXXXXX").string();
  if (::mkdtemp(path.data()) == nullptr)
    throw Error(ErrorCode::system, "cannot create a folder for the example's files", path);
  return path;
}

int list_examples(const Options& options, Console& console) {
  if (options.flag("json")) {
    Json list = Json::array();
    for (const Example& example : examples()) list.push_back({{"name", example.name}, {"title", example.title}});
    console.out << Json{{"command", "example"}, {"examples", list}}.dump(2) << '\n';
    return kDone;
  }
  console.out << "Worked examples; `descent example NAME` runs one:\n";
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const Example& example : examples()) pairs.emplace_back(example.name, example.title);
  print_pairs(console.out, pairs);
  return kDone;
}

bool takes_json(const std::string& command) {
  for (const Command& c : commands())
    if (c.name == command)
      for (const OptionSpec& option : c.options)
        if (option.name == "json") return true;
  return false;
}

int run_example(const Options& options, Console& console) {
  if (!options.given("NAME")) return list_examples(options, console);
  const Example& example = find_example(options.text("NAME"));
  const bool as_json = options.flag("json");
  const std::string folder = make_folder(options);
  const WorkingFolder inside(folder);

  Json steps = Json::array();
  if (!as_json) console.out << example.title << "\n\n" << example.text << '\n';
  bool wrote_files = false;
  for (const ExampleStep& step : example.steps) {
    if (!console.out) break;  // | head
    if (!step.file.empty()) {
      model::write_file(step.file, step.content);
      wrote_files = true;
      if (!as_json) console.out << "$ cat " << step.file << '\n' << step.content << '\n';
      continue;
    }
    const std::string line = with_data_folder(step.command);
    std::vector<std::string> args = words(line);
    args.erase(args.begin());
    wrote_files = wrote_files || line.find("--trace ") != std::string::npos || line.find(" -o ") != std::string::npos ||
                  line.find("--report ") != std::string::npos;
    if (!as_json) {
      console.out << "$ " << line << '\n' << std::flush;
      const int status = run(args, console);
      if (status != kDone) console.out << "(exit status " << status << ")\n";
      if (!step.look.empty()) console.out << "\nLook at: " << step.look << '\n';
      console.out << '\n' << std::flush;
      if (status == kInterrupted || status == kTerminated) return status;
      continue;
    }
    if (takes_json(args.front())) args.emplace_back("--json");
    std::ostringstream captured;
    Console quiet{.out = captured, .err = console.err, .stop = console.stop, .signal = console.signal};
    const int status = run(args, quiet);
    const Json parsed = Json::parse(captured.str(), nullptr, false);
    steps.push_back({{"command", line}, {"exit_status", status}});
    steps.back()["output"] = parsed.is_discarded() ? Json(captured.str()) : parsed;
    if (status == kInterrupted || status == kTerminated) return status;
  }
  if (as_json) {
    console.out
        << Json{{"command", "example"}, {"example", example.name}, {"directory", folder}, {"steps", steps}}.dump(2)
        << '\n';
  } else if (wrote_files) {
    console.out << "The files of this example are in " << folder << '\n';
  }
  if (!options.given("directory") && (as_json || !wrote_files)) {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  }
  return kDone;
}

}  // namespace

Command example_command() {
  return {.name = "example",
          .summary = "Worked examples: print the commands of one, run them, say what to look at",
          .description =
              "Without a name, lists the worked examples. With one, prints each of its commands, runs it and says what "
              "to look at.",
          .options =
              {{.name = "NAME", .meaning = "Which one"},
               {.name = "directory", .placeholder = "DIR", .meaning = "Where its files go (a new temporary folder)"},
               {.name = "json", .kind = OptionKind::flag, .meaning = "One JSON object with the output of every step"}},
          .examples = {"descent example", "descent example local-minimum"},
          .run = run_example};
}

}  // namespace descent::cli

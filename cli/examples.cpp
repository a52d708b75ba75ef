#include "cli/examples.hpp"

#include <array>
#include <sstream>
#include <string_view>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"

namespace descent::cli {

// Generated from examples/cli by cmake.
extern const std::array<std::array<std::string_view, 2>, DESCENT_NUM_EXAMPLES> kExampleTexts;

namespace {

/// A line `title: ...`, prose, `<< NAME` ... `>>` for a file, `$ COMMAND`, and `look: ...` for what the command shows.
Example parse_example(std::string_view name, std::string_view text) {
  Example example{.name = std::string(name), .title = {}, .text = {}, .steps = {}};
  std::istringstream lines{std::string(text)};
  std::string line;
  while (std::getline(lines, line)) {
    if (line.starts_with("title: ")) {
      example.title = line.substr(7);
    } else if (line.starts_with("<< ")) {
      ExampleStep step;
      step.file = line.substr(3);
      while (std::getline(lines, line) && line != ">>") step.content += line + "\n";
      example.steps.push_back(std::move(step));
    } else if (line.starts_with("$ ")) {
      example.steps.push_back({.file = {}, .content = {}, .command = line.substr(2), .look = {}});
    } else if (line.starts_with("look: ")) {
      example.steps.back().look = line.substr(6);
    } else if (!line.empty() || !example.text.empty()) {
      if (!example.steps.empty() && !line.empty())
        throw Error(ErrorCode::internal, "prose after the first step: " + line, example.name);
      if (example.steps.empty()) example.text += line + "\n";
    }
  }
  while (example.text.ends_with("\n\n")) example.text.pop_back();
  return example;
}

}  // namespace

const std::vector<Example>& examples() {
  static const std::vector<Example> all = [] {
    std::vector<Example> parsed;
    for (const auto& [name, text] : kExampleTexts) parsed.push_back(parse_example(name, text));
    return parsed;
  }();
  return all;
}

const Example& find_example(const std::string& name) {
  std::vector<std::string> names;
  for (const Example& example : examples()) {
    if (example.name == name) return example;
    names.push_back(example.name);
  }
  throw Error(
      ErrorCode::usage,
      "there is no example " + descent::quoted(name) + did_you_mean(name, names) + "; `descent example` lists them",
      "descent example");
}

}  // namespace descent::cli

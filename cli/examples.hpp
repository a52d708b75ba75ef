// The worked examples, read from examples/cli/*.example when descent was built.
#pragma once

#include <string>
#include <vector>

namespace descent::cli {

/// Either a file to write or a command to run.
struct ExampleStep {
  std::string file;
  std::string content;
  std::string command;
  std::string look;  ///< what to look at in the output
};

struct Example {
  std::string name;
  std::string title;
  std::string text;
  std::vector<ExampleStep> steps;
};

[[nodiscard]] const std::vector<Example>& examples();

/// Throws: Error(usage) with "did you mean".
[[nodiscard]] const Example& find_example(const std::string& name);

}  // namespace descent::cli

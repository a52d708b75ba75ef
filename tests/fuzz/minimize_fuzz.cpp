// Any texts for what `descent minimize` is told of a problem: the first line is the formula, the first letter of every
// other one says which option the rest is for. What is accepted ends with a status of the contract and one JSON object
// whose numbers agree with each other; what is refused names an option or a place.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "cli/app.hpp"

namespace {

/// The option of a line; empty where there is none.
std::string option_of(char letter) {
  switch (letter) {
    case 's': return "--start";
    case 'b': return "--bounds";
    case 'c': return "--subject-to";
    case 'f': return "--fix";
    case 'p': return "--penalty";
    case 'w': return "--within";
    case 'o': return "--optimizer";
    case 't': return "--constraint-tolerance";
    case 'g': return "--gradient-tolerance";
    default: return {};
  }
}

[[noreturn]] void finding(const std::vector<std::string>& words, const std::string& what) {
  for (const std::string& word : words) std::fprintf(stderr, "[%s] ", word.c_str());
  std::fprintf(stderr, "\n%s\n", what.c_str());
  std::abort();
}

bool is_status(int status) {
  using namespace descent::cli;
  return status == kDone || status == kUsage || status == kBadInput || status == kFailed || status == kOutOfMemory;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::istringstream lines(std::string(reinterpret_cast<const char*>(data), size));
  std::vector<std::string> words{"minimize", "--max-steps", "8", "--time-limit", "0.2", "--json"};
  std::string line, formula;
  std::getline(lines, formula);
  while (std::getline(lines, line)) {
    const std::string option = line.empty() ? std::string() : option_of(line[0]);
    if (option.empty()) return 0;
    words.push_back(option + "=" + line.substr(1));
  }
  words.emplace_back("--");
  words.push_back(formula);

  std::ostringstream out, err;
  descent::cli::Console console{.out = out, .err = err};
  const int status = descent::cli::run(words, console);
  if (!is_status(status)) finding(words, "exit status " + std::to_string(status) + ": " + err.str());
  if (out.str().empty()) {
    if (status == descent::cli::kDone || err.str().find("error: ") == std::string::npos)
      finding(words, "nothing is said, exit status " + std::to_string(status));
    return 0;
  }
  const nlohmann::json result = nlohmann::json::parse(out.str(), nullptr, false);
  if (result.is_discarded()) finding(words, "no JSON: " + out.str());
  if ((result["status"] == "converged") != result.contains("certificate"))
    finding(words, "a certificate and no convergence, or the other way round: " + out.str());
  if (result["status"] == "converged" && !result["value"].is_number()) finding(words, "converged to no number");
  if (result["x"].size() != result["gradient"].size()) finding(words, "not a slope for each variable");
  return 0;
}

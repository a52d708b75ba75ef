// The texts of --bounds, --start and --fix, a line each: what is accepted are numbers that belong to the variables, and
// written out again it is read as the same; what is fixed is no variable any more.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "cli/formula_problem.hpp"
#include "descent/core/error.hpp"
#include "descent/core/text.hpp"

namespace {

using namespace descent;
using namespace descent::cli;

const std::vector<std::string> kVariables{"x", "y", "v w", "c=d"};
const char* const kFormula = "(x + 1)^2 + y*`v w` + `c=d`/x";

const Command& command() {
  static const Command result{.name = "minimize",
                              .summary = {},
                              .description = {},
                              .options = {{.name = "bounds"},
                                          {.name = "start"},
                                          {.name = "fix"},
                                          {.name = "data"},
                                          {.name = "threads"},
                                          {.name = "maximize", .kind = OptionKind::flag},
                                          {.name = "quiet", .kind = OptionKind::flag}},
                              .examples = {},
                              .run = nullptr};
  return result;
}

Options with(const char* option, const std::string& text) {
  Options options(command());
  options.set(option, {text});
  return options;
}

[[noreturn]] void finding(const std::string& text, const char* what) {
  std::fprintf(stderr, "'%s': %s\n", text.c_str(), what);
  std::abort();
}

/// Runs `use`; anything but success and a refusal of the option's text is a finding.
template <class Use>
bool done(const Use& use) {
  try {
    use();
    return true;
  } catch (const Error& error) {
    if ((error.code() != ErrorCode::usage && error.code() != ErrorCode::formula) || error.message().empty() ||
        error.where().empty())
      std::abort();
    return false;
  }
}

void read_bounds(const std::string& text) {
  std::vector<Bound> found;
  if (!done([&] { found = bounds(with("bounds", text), kVariables); })) return;
  if (found.size() != kVariables.size()) finding(text, "not a bound for each variable");
  std::string written;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!(found[i].low <= found[i].high)) finding(text, "an empty interval");
    if (found[i].low > 0.0 && std::isinf(found[i].low)) finding(text, "a lower bound that is infinite");
    if (found[i].high < 0.0 && std::isinf(found[i].high)) finding(text, "an upper bound that is infinite");
    written += (i == 0 ? "" : ",") + kVariables[i] + "=";
    if (std::isfinite(found[i].low)) written += number_text(found[i].low);
    written += ":";
    if (std::isfinite(found[i].high)) written += number_text(found[i].high);
  }
  const std::vector<Bound> again = bounds(with("bounds", written), kVariables);
  for (std::size_t i = 0; i < found.size(); ++i)
    if (again[i].low != found[i].low || again[i].high != found[i].high) finding(text, "is read back as another");
}

void read_start(const std::string& text) {
  // Of one variable a number alone will do.
  for (const std::size_t n : {std::size_t{1}, kVariables.size()}) {
    const std::vector<std::string> variables(kVariables.begin(), kVariables.begin() + static_cast<std::ptrdiff_t>(n));
    std::vector<double> found;
    if (!done([&] { found = start_point(with("start", text), variables); })) continue;
    if (found.size() != n) finding(text, "not a number for each variable");
    std::string written;
    for (std::size_t i = 0; i < n; ++i) {
      if (!std::isfinite(found[i])) finding(text, "a start that is not finite");
      written += (i == 0 ? "" : ",") + variables[i] + "=" + number_text(found[i]);
    }
    if (start_point(with("start", written), variables) != found) finding(text, "is read back as another");
  }
}

void read_fixed(const std::string& text) {
  std::ostringstream out, err;
  Console console{.out = out, .err = err};
  OpenFormula opened;
  const Options options = with("fix", text);
  if (!done([&] { opened = open_formula(options, kFormula, console); })) return;
  const std::vector<std::string>& left = opened.objective->variables();
  const auto fixed = parse_pairs(text, "--fix");
  if (left.size() + fixed.size() != kVariables.size()) finding(text, "not every name is a variable or fixed");
  for (const auto& [name, value] : fixed)
    for (const std::string& variable : left)
      if (variable == name) finding(text, "what is fixed is a variable");
  std::vector<double> x(left.size(), 0.75), gradient(left.size());
  const double value = opened.objective->evaluate(x, gradient), alone = opened.objective->evaluate(x, {});
  if (value != alone && !(std::isnan(value) && std::isnan(alone))) finding(text, "another value with a gradient");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<std::string> lines = split({reinterpret_cast<const char*>(data), size}, '\n');
  read_bounds(lines[0]);
  if (lines.size() > 1) read_start(lines[1]);
  if (lines.size() > 2) read_fixed(lines[2]);
  return 0;
}

#include "cli/formula_problem.hpp"

#include <algorithm>
#include <limits>

#include "cli/tables.hpp"
#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/expr/formula.hpp"

namespace descent::cli {

std::vector<double> start_point(const Options& options, const std::vector<std::string>& variables) {
  std::vector<double> start(variables.size(), 0.0);
  if (!options.given("start")) return start;
  const std::string text = options.require_text("start");
  if (text.find('=') == std::string::npos && variables.size() > 1)
    throw Error(ErrorCode::usage,
                "expected NAME=VALUE,... for the variables " + join(variables) + ", got " + descent::quoted(text),
                "--start");
  if (variables.size() == 1 && text.find('=') == std::string::npos) {
    const auto value = parse_number(text);
    if (!value)
      throw Error(ErrorCode::usage,
                  "expected a number, or " + variables[0] + "=NUMBER, got " + descent::quoted(text) +
                      why_no_number(text) +
                      (text == "zeros" || text == "ones" || text == "random" || text == "auto"
                           ? " (zeros, ones and random are for fit; without --start every variable begins at 0)"
                           : ""),
                  "--start");
    return {*value};
  }
  for (const auto& [name, value] : parse_pairs(text, "--start")) {
    const auto found = std::find(variables.begin(), variables.end(), name);
    if (found == variables.end())
      throw Error(ErrorCode::usage,
                  "'" + name + "' is no variable of the formula" + did_you_mean(name, variables) +
                      "; its variables are " + join(variables),
                  "--start");
    start[static_cast<std::size_t>(found - variables.begin())] = require_number(value, "--start " + name);
  }
  return start;
}

std::vector<std::pair<std::string, double>> fixed_variables(const Options& options) {
  std::vector<std::pair<std::string, double>> result;
  if (!options.given("fix")) return result;
  for (const auto& [name, value] : parse_pairs(options.require_text("fix"), "--fix"))
    result.emplace_back(name, require_number(value, "--fix " + name));
  return result;
}

OpenFormula open_formula(const Options& options, const std::string& formula, Console& console) {
  OpenFormula opened;
  const std::string text(trim(formula));
  FormulaData data;
  if (options.given("data")) {
    data = read_columns(options, text, &console);
    const auto threads = static_cast<std::size_t>(options.integer("threads").value_or(0));
    if (data.columns.front().size() > 10000)
      opened.pool = std::make_unique<parallel::Pool>(threads == 0 ? parallel::available_cpus() : threads);
  }
  const auto names_it = [&](const std::string& column) { return uses_name(text, column); };
  if (options.given("data") && std::none_of(data.names.begin(), data.names.end(), names_it))
    throw Error(ErrorCode::usage,
                "the formula uses none of the columns of numbers of " + options.text("data") + ": " + join(data.names),
                "--data");
  const std::vector<std::string> columns = data.names;
  opened.objective = std::make_unique<FormulaObjective>(
      text, std::move(data),
      FormulaOptions{
          .maximize = options.flag("maximize"), .pool = opened.pool.get(), .fixed = fixed_variables(options)});
  if (!options.flag("quiet"))
    for (const std::string& variable : opened.objective->variables())
      if (const std::string meant = did_you_mean(variable, columns); !meant.empty())
        console.err << "descent: note: '" << variable << "' is no column of " << options.text("data")
                    << ", so it is taken as a variable" << meant << '\n';
  return opened;
}

std::vector<Bound> bounds(const Options& options, const std::vector<std::string>& variables) {
  const double infinity = std::numeric_limits<double>::infinity();
  if (!options.given("bounds")) return {};
  std::vector<Bound> result(variables.size(), Bound{.low = -infinity, .high = infinity});
  for (const auto& [name, range] : parse_pairs(options.require_text("bounds"), "--bounds")) {
    const auto found = std::find(variables.begin(), variables.end(), name);
    if (found == variables.end())
      throw Error(ErrorCode::usage,
                  "'" + name + "' is no variable of the formula" + did_you_mean(name, variables) +
                      "; its variables are " + join(variables),
                  "--bounds");
    const auto ends = split(range, ':');
    if (ends.size() != 2)
      throw Error(ErrorCode::usage, "expected " + name + "=LOW:HIGH, got " + descent::quoted(name + "=" + range),
                  "--bounds");
    Bound& bound = result[static_cast<std::size_t>(found - variables.begin())];
    const std::string low(trim(ends[0])), high(trim(ends[1]));
    if (!low.empty()) bound.low = require_number(low, "--bounds " + name);
    if (!high.empty()) bound.high = require_number(high, "--bounds " + name);
    if (bound.low > bound.high)
      throw Error(ErrorCode::usage, "the lower bound of '" + name + "' is above its upper bound: " + range, "--bounds");
  }
  return result;
}

std::shared_ptr<const ProximalTerm> term(const Options& options) {
  if (options.given("penalty") && options.given("within"))
    throw Error(ErrorCode::usage, "goes with --bounds, not with --within", "--penalty");
  for (const char* name : {"penalty", "within"}) {
    if (!options.given(name)) continue;
    std::shared_ptr<const ProximalTerm> result = from_option(options, name, parse_proximal_term);
    const bool wants_set = std::string(name) == "within";
    if (result->is_set() != wants_set)
      throw Error(ErrorCode::usage,
                  wants_set ? "is a term that is added, no set: --penalty " + options.text(name)
                            : "is a set: --within " + options.text(name),
                  std::string("--") + name + " " + result->text());
    return result;
  }
  return nullptr;
}

}  // namespace descent::cli

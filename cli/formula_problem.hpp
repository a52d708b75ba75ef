// A formula as the commands that move in it see it: minimize and tune.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/console.hpp"
#include "cli/options.hpp"
#include "descent/optim/minimize.hpp"
#include "descent/parallel/pool.hpp"
#include "descent/problem/formula_objective.hpp"

namespace descent::cli {

struct OpenFormula {
  std::unique_ptr<parallel::Pool> pool;  ///< null = no threads
  std::unique_ptr<FormulaObjective> objective;
};
/// With the columns of --data, --maximize and --threads. Says which names look like a column and are none.
[[nodiscard]] OpenFormula open_formula(const Options& options, const std::string& formula, Console& console);

/// --fix: variables that are numbers, in the formula and its constraints; empty without.
[[nodiscard]] std::vector<std::pair<std::string, double>> fixed_variables(const Options& options);

/// --start: points where the user put them, 0 elsewhere.
[[nodiscard]] std::vector<double> start_point(const Options& options, const std::vector<std::string>& variables);

/// --bounds; empty without.
[[nodiscard]] std::vector<Bound> bounds(const Options& options, const std::vector<std::string>& variables);

/// What --penalty adds, or the set of --within; null without them. Throws: Error(usage).
[[nodiscard]] std::shared_ptr<const ProximalTerm> term(const Options& options);

}  // namespace descent::cli

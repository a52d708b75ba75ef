// `descent minimize --restarts N --hops N`.
#pragma once

#include <optional>
#include <ostream>
#include <vector>

#include "cli/console.hpp"
#include "cli/json.hpp"
#include "cli/options.hpp"
#include "descent/optim/restarts.hpp"
#include "descent/problem/formula_objective.hpp"

namespace descent::cli {

[[nodiscard]] std::vector<OptionSpec> many_starts_options();

/// The runs that --restarts and --hops ask for; nothing without them. Where a bound is missing the points lie within 10
/// of the start, or 10 times its size. `limits` are those of every run. Throws: Error(usage).
[[nodiscard]] std::optional<RestartResult> many_starts(const Options& options, const std::vector<double>& start,
                                                       const MinimizeOptions& limits, const RunFromStart& run);

/// {runs failed value_evaluations gradient_evaluations minima[{value x runs}]}; `sign` is that of the formula shown.
[[nodiscard]] Json many_starts_json(const RestartResult& found, const std::vector<std::string>& variables, double sign);
void print_many_starts(const RestartResult& found, const std::vector<std::string>& variables, double sign,
                       std::ostream& out);

}  // namespace descent::cli

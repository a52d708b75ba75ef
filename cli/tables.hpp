// Data files as the commands see them, and findings as they show them.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/console.hpp"
#include "cli/options.hpp"
#include "descent/data/csv.hpp"
#include "descent/diagnose/findings.hpp"
#include "descent/problem/formula_objective.hpp"
#include "descent/report/page.hpp"

namespace descent::cli {

/// How csv files are read: --separator, --header, --missing.
[[nodiscard]] std::vector<OptionSpec> reading_options();
[[nodiscard]] data::CsvOptions csv_options(const Options& options);

/// Whether `formula` has `name` in it as a word: `x` is in `2x + 1`, not in `exp(y)`.
[[nodiscard]] bool uses_name(std::string_view formula, std::string_view name);

/// --data and reading_options(), for minimize.
[[nodiscard]] std::vector<OptionSpec> column_options();
/// The number columns of --data. Throws: Error(data) when there are none, or a value is missing.
[[nodiscard]] FormulaData read_columns(const Options& options);

void print_findings(const std::vector<diagnose::Finding>& findings, const Result& result, std::ostream& out);
[[nodiscard]] std::vector<report::Finding> report_findings(const std::vector<diagnose::Finding>& findings,
                                                           const Result& result);

}  // namespace descent::cli

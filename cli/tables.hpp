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
/// With a console, how far the first reading is shows on a terminal, or with --progress.
[[nodiscard]] data::CsvOptions csv_options(const Options& options, Console* console = nullptr);

/// Whether `formula` has `name` in it as a word: `x` is in `2x + 1`, not in `exp(y)`.
[[nodiscard]] bool uses_name(std::string_view formula, std::string_view name);

/// What is wrong with a column of text that a formula uses.
[[nodiscard]] Error number_column_error(const data::ColumnFacts& facts);

/// --data and reading_options(), for minimize.
[[nodiscard]] std::vector<OptionSpec> column_options();
/// The number columns of --data, as `formula` wants them. Throws: Error(data) when there are none, or a value is
/// missing.
[[nodiscard]] FormulaData read_columns(const Options& options, std::string_view formula, Console* console = nullptr);

/// Advice that is the run's `suggestion`, which was printed, is left out.
void print_findings(const std::vector<diagnose::Finding>& findings, std::ostream& out,
                    const std::string& suggestion = {});
[[nodiscard]] std::vector<report::Finding> report_findings(const std::vector<diagnose::Finding>& findings,
                                                           const Result& result);

}  // namespace descent::cli

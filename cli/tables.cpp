#include "cli/tables.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "cli/progress.hpp"
#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/data/memory_source.hpp"

namespace descent::cli {

Error number_column_error(const data::ColumnFacts& facts) {
  if (facts.spoilt_numbers()) return data::not_a_number_error(facts);
  return {ErrorCode::data, "a formula takes columns of numbers, got " + descent::quoted(facts.first_text_value),
          facts.first_text};
}

namespace {

bool shows_progress(const Options& options, const Console& console) {
  const auto asked = [&](std::string_view flag) {
    const auto& all = options.command().options;
    const bool known = std::any_of(all.begin(), all.end(), [&](const OptionSpec& spec) { return spec.name == flag; });
    return known && options.flag(flag);
  };
  return asked("progress") || (console.err_is_terminal && !asked("quiet"));
}

data::ReadObserver reading_progress(Console& console) {
  constexpr double kMegabyte = 1048576.0;
  struct Shown {
    explicit Shown(Console& console) : bytes(console, "MB read", 0, true), rows(console, "rows read", 0, true) {
      bytes.of_rare_calls();
      rows.of_rare_calls();
    }
    Progress bytes, rows;
  };
  // The observer lives as long as the table, its lines until the first reading is over.
  const auto shown = std::make_shared<std::optional<Shown>>();
  return [shown, &console](std::uint64_t so_far, double part) {
    if (part >= 1.0) return shown->reset();
    if (!*shown) shown->emplace(console);
    if (part < 0.0) return (*shown)->bytes.update(static_cast<std::uint64_t>(static_cast<double>(so_far) / kMegabyte));
    if (part > 0.0) (*shown)->rows.set_total(static_cast<std::uint64_t>(static_cast<double>(so_far) / part));
    (*shown)->rows.update(so_far);
  };
}

}  // namespace

bool uses_name(std::string_view formula, std::string_view name) {
  const auto in_name = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<signed char>(c) < 0;
  };
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  for (std::size_t at = formula.find(name); at != std::string_view::npos; at = formula.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if (end < formula.size() && in_name(formula[end])) continue;
    std::size_t before = at;
    while (before > 0 && is_digit(formula[before - 1])) --before;  // 2x is a product
    if (before == 0 || !in_name(formula[before - 1])) return true;
  }
  return false;
}

std::vector<OptionSpec> reading_options() {
  const std::string group = "Reading csv files";
  return {{.name = "separator",
           .placeholder = "C",
           .meaning = "Between values: , ; | tab or space; told from the file when left out",
           .group = group},
          {.name = "header",
           .kind = OptionKind::choice,
           .placeholder = "WHEN",
           .meaning = "Whether the first row holds the names",
           .group = group,
           .default_text = "auto",
           .choices = {"auto", "yes", "no"}},
          {.name = "missing",
           .placeholder = "TEXT",
           .meaning = "Texts that mean no value, besides the empty field, NA, NaN and nan; separated by commas",
           .group = group}};
}

data::CsvOptions csv_options(const Options& options, Console* console) {
  data::CsvOptions csv;
  const std::string separator = options.text("separator");
  if (separator == "tab" || separator == "\\t") {
    csv.separator = '\t';
  } else if (separator == "space") {
    csv.separator = ' ';
  } else if (separator.size() == 1 && std::string(",;|\t ").find(separator) != std::string::npos) {
    csv.separator = separator[0];
  } else if (!separator.empty()) {
    throw Error(ErrorCode::usage, "expected one of , ; | tab space, got " + descent::quoted(separator), "--separator");
  }
  const std::string header = options.text("header");
  csv.header = header == "yes"  ? data::CsvHeader::yes
               : header == "no" ? data::CsvHeader::no
                                : data::CsvHeader::automatic;
  if (options.given("missing"))
    for (const std::string& text : split(options.text("missing"), ',')) csv.missing.emplace_back(trim(text));
  if (console != nullptr && shows_progress(options, *console)) csv.on_read = reading_progress(*console);
  return csv;
}

std::vector<OptionSpec> column_options() {
  std::vector<OptionSpec> options = {
      {.name = "data",
       .placeholder = "FILE.csv",
       .meaning = "Columns become names with one value a row, for sum(...) and mean(...)",
       .group = "Problem",
       .file = FileUse::input}};
  for (OptionSpec& option : reading_options()) options.push_back(std::move(option));
  return options;
}

FormulaData read_columns(const Options& options, std::string_view formula, Console* console) {
  const std::string path = options.text("data");
  auto source = data::open_csv(path, csv_options(options, console));
  const Batch rows = data::read_all(*source);
  FormulaData result;
  for (std::size_t j = 0; j < source->schema().columns.size(); ++j) {
    const ColumnSchema& column = source->schema().columns[j];
    if (column.kind != ColumnKind::number) {  // names of rows and the like
      if (uses_name(formula, column.name)) throw number_column_error(source->facts()[j]);
      continue;
    }
    if (source->facts()[j].num_missing > 0 && uses_name(formula, column.name))
      throw Error(ErrorCode::data,
                  "a value is missing, and a formula needs one in every row (take such rows out first)",
                  source->facts()[j].first_missing);
    result.names.push_back(column.name);
    result.columns.push_back(rows.columns[j].numbers);
  }
  if (result.names.empty()) throw Error(ErrorCode::data, "there is no column of numbers", path);
  if (result.columns.front().empty()) throw Error(ErrorCode::data, "there are no rows", path);
  return result;
}

void print_findings(const std::vector<diagnose::Finding>& findings, std::ostream& out, const std::string& suggestion) {
  for (const diagnose::Finding& finding : findings) {
    out << '\n' << diagnose::to_text(finding.severity) << ": " << printable(finding.what) << '\n';
    if (!finding.evidence.empty()) out << "  " << printable(finding.evidence) << '\n';
    if (!finding.advice.empty() && finding.advice != suggestion) out << "  Try: " << printable(finding.advice) << '\n';
  }
}

std::vector<report::Finding> report_findings(const std::vector<diagnose::Finding>& findings, const Result& result) {
  std::vector<report::Finding> shown;
  if (!result.suggestion.empty()) shown.push_back({.tone = report::tone_of(result.status), .text = result.suggestion});
  for (const diagnose::Finding& finding : findings) {
    const report::Tone tone = finding.severity == diagnose::Severity::problem   ? report::Tone::bad
                              : finding.severity == diagnose::Severity::warning ? report::Tone::warning
                                                                                : report::Tone::neutral;
    std::string detail = finding.evidence;
    if (!finding.advice.empty() && finding.advice != result.suggestion)
      detail += (detail.empty() ? "" : " ") + ("Try: " + finding.advice);
    shown.push_back({.tone = tone, .text = finding.what, .detail = detail});
  }
  return shown;
}

}  // namespace descent::cli

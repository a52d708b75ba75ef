#include "src/data/csv_sniff.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "src/data/number_field.hpp"

namespace descent::data {
namespace {

constexpr std::size_t kSampleBytes = std::size_t{1} << 16U;
constexpr std::size_t kSampleRows = 200;

bool has_number(std::span<const std::string_view> row) {
  return std::any_of(row.begin(), row.end(), [](std::string_view field) { return number_field(field).has_value(); });
}

/// How well a separator cuts the sample.
struct Fit {
  std::size_t rows = 0;
  std::size_t agreeing = 0;  ///< rows with the most frequent number of fields, if that is 2 or more
  bool numbers_in_all = true;
};

Fit try_separator(ByteSource& sample, bool whole, char separator, const CsvLimits& limits) {
  Fit fit;
  std::map<std::size_t, std::size_t> rows_by_width;
  try {
    CsvScanner scanner(sample, separator, limits);
    std::size_t last_width = 0;
    while (fit.rows < kSampleRows && scanner.next_row()) {
      last_width = scanner.fields().size();
      ++rows_by_width[last_width];
      if (fit.rows++ > 0 && !has_number(scanner.fields())) fit.numbers_in_all = false;
    }
    if (!whole && fit.rows > 1 && fit.rows < kSampleRows) {  // the last row is cut off
      --fit.rows;
      --rows_by_width[last_width];
    }
  } catch (const Error&) {
    // Rows up to the damage count; the damage is reported when the file is read.
  }
  for (const auto& [width, rows] : rows_by_width)
    if (width >= 2) fit.agreeing = std::max(fit.agreeing, rows);
  return fit;
}

}  // namespace

char sniff_separator(ByteSource& bytes, const CsvLimits& limits) {
  std::string sample(kSampleBytes, '\0');
  bytes.rewind();
  std::size_t size = 0;
  while (size < sample.size()) {
    const std::size_t got = bytes.read(std::span(sample).subspan(size));
    if (got == 0) break;
    size += got;
  }
  bytes.rewind();
  const bool whole = size < sample.size();
  sample.resize(size);

  char best = ',';
  std::size_t best_agreeing = 0;
  // A semicolon before a comma, because 1,5;2,5 is how half of Europe writes two numbers.
  const auto memory = memory_bytes(std::move(sample));
  for (const char separator : {'\t', ';', ',', '|', ' '}) {
    const Fit fit = try_separator(*memory, whole, separator, limits);
    if (separator == ' ' && !fit.numbers_in_all) continue;
    if (fit.rows > 0 && fit.agreeing == fit.rows) return separator;
    if (separator != ' ' && fit.agreeing > best_agreeing) {
      best = separator;
      best_agreeing = fit.agreeing;
    }
  }
  return best;
}

bool looks_like_header(std::span<const std::string_view> first_row) {
  const bool all_empty =
      std::all_of(first_row.begin(), first_row.end(), [](std::string_view field) { return field.empty(); });
  return !all_empty && !has_number(first_row);
}

}  // namespace descent::data

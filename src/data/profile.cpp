#include "descent/data/profile.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "descent/data/table_source.hpp"
#include "src/data/level_index.hpp"

namespace descent::data {
namespace {

constexpr std::size_t kCommonShown = 10;

/// Mean and sum of squared distances from it, value by value.
/// Reference: B. P. Welford, Technometrics 4(3), 1962.
struct Moments {
  std::uint64_t count = 0;
  double mean = 0.0;
  double squares = 0.0;
  double min = std::numeric_limits<double>::infinity();
  double max = -std::numeric_limits<double>::infinity();

  void add(double value) {
    ++count;
    const double before = value - mean;
    mean += before / static_cast<double>(count);
    squares += before * (value - mean);
    min = std::min(min, value);
    max = std::max(max, value);
  }
};

void take_common(ColumnProfile& column, const TextMap<std::uint64_t>& levels) {
  column.num_levels = levels.size();
  column.common.assign(levels.begin(), levels.end());
  std::sort(column.common.begin(), column.common.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  if (column.common.size() > kCommonShown) column.common.resize(kCommonShown);
}

void take_moments(ColumnProfile& column, const Moments& moments) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  const bool any = moments.count > 0;
  column.min = any ? moments.min : kNone;
  column.max = any ? moments.max : kNone;
  column.mean = any ? moments.mean : kNone;
  column.deviation = any ? std::sqrt(moments.squares / static_cast<double>(moments.count)) : kNone;
}

std::string use_of(const ColumnProfile& column, std::uint64_t rows) {
  if (rows > 0 && column.num_missing == rows) return "left out: no value in any row";
  if (column.kind == ColumnKind::number) return column.min == column.max ? "a number, one value only" : "a number";
  const std::string levels = std::to_string(column.num_levels);
  if (column.more_levels) return "left out: more than " + levels + " different texts";
  if (looks_like_identifier(column.num_levels, rows))
    return "left out: " + levels + " different texts in " + std::to_string(rows) + " rows";
  return column.num_levels == 1 ? "one text only" : "a column for each of " + levels + " texts";
}

}  // namespace

TableProfile profile(BatchSource& source) {
  const auto& columns = source.schema().columns;
  const auto* table = dynamic_cast<const TableSource*>(&source);
  TableProfile result;
  std::vector<Moments> moments(columns.size());
  std::vector<TextMap<std::uint64_t>> levels(columns.size());
  for (const ColumnSchema& column : columns) {
    result.columns.emplace_back();
    result.columns.back().name = column.name;
    result.columns.back().kind = column.kind;
  }
  source.rewind();
  Batch batch;
  while (source.next(batch)) {
    result.rows += batch.num_rows;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      ColumnProfile& column = result.columns[i];
      if (column.kind == ColumnKind::number) {
        for (const double value : batch.columns[i].numbers) {
          if (std::isnan(value)) {
            ++column.num_missing;
          } else {
            moments[i].add(value);
          }
        }
        continue;
      }
      for (std::size_t row = 0; row < batch.num_rows; ++row) {
        const std::string_view text = batch.columns[i].text[row];
        if (text.empty()) {
          ++column.num_missing;
        } else if (const auto found = levels[i].find(text); found != levels[i].end()) {
          ++found->second;
        } else if (levels[i].size() < TableProfile::kMaxLevels) {
          levels[i].emplace(text, 1);
        } else {
          column.more_levels = true;
        }
      }
    }
  }
  source.rewind();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    take_moments(result.columns[i], moments[i]);
    take_common(result.columns[i], levels[i]);
    result.columns[i].use = use_of(result.columns[i], result.rows);
    if (table == nullptr || columns[i].kind != ColumnKind::text || !table->facts()[i].spoilt_numbers()) continue;
    result.columns[i].spoilt_numbers = true;
    result.columns[i].use =
        not_a_number_error(table->facts()[i], "if these are names: --categorical " + columns[i].name).what();
  }
  return result;
}

}  // namespace descent::data

#include "descent/nn/table.hpp"

#include <algorithm>
#include <cmath>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/parallel/reduce.hpp"

namespace descent::nn {
namespace {

[[noreturn]] void refuse(const BatchSource& source, std::uint64_t row, const std::string& column, double value,
                         const char* expected) {
  const std::string got = std::isnan(value) ? "a missing value" : number_text(value);
  throw Error(ErrorCode::data,
              std::string("row ") + std::to_string(row + 1) + ": expected " + expected + ", got " + got,
              Place{.file = source.name(), .name = column});
}

/// Means first, squares of deviations after: a sum of squares would lose the digits of a column far from 0.
Standardization measure(View values, std::size_t columns, View weights) {
  const std::size_t rows = values.size() / columns;
  const auto weight = [&](std::size_t i) { return weights.empty() ? 1.0 : weights[i]; };
  std::vector<double> sums(columns + 1);
  parallel::reduce_rows(nullptr, rows, sums, [&](std::size_t begin, std::size_t end, std::span<double> partial) {
    for (std::size_t i = begin; i < end; ++i) {
      for (std::size_t j = 0; j < columns; ++j) partial[j] += weight(i) * values[i * columns + j];
      partial[columns] += weight(i);
    }
  });
  Standardization result;
  for (std::size_t j = 0; j < columns; ++j) result.means.push_back(sums[j] / sums[columns]);
  std::vector<double> squares(columns);
  parallel::reduce_rows(nullptr, rows, squares, [&](std::size_t begin, std::size_t end, std::span<double> partial) {
    for (std::size_t i = begin; i < end; ++i)
      for (std::size_t j = 0; j < columns; ++j) {
        const double deviation = values[i * columns + j] - result.means[j];
        partial[j] += weight(i) * (deviation * deviation);
      }
  });
  result.scales.assign(columns, 1.0);
  for (std::size_t j = 0; j < columns; ++j) {
    const double deviation = std::sqrt(squares[j] / sums[columns]);
    if (deviation > 1e-14 * std::fabs(result.means[j])) result.scales[j] = deviation;
  }
  return result;
}

}  // namespace

Table Table::read(BatchSource& source) {
  const Schema& schema = source.schema();
  if (schema.num_sparse > 0)
    throw Error(ErrorCode::usage, "sparse features are not read by this learner yet", source.name());
  const std::vector<std::size_t> features = schema.with_role(ColumnRole::feature);
  const std::vector<std::size_t> targets = schema.with_role(ColumnRole::target);
  const std::vector<std::size_t> weight_columns = schema.with_role(ColumnRole::weight);
  if (targets.size() > 1) throw Error(ErrorCode::usage, "more than one target column", source.name());
  if (weight_columns.size() > 1) throw Error(ErrorCode::usage, "more than one weight column", source.name());

  Table table;
  table.num_features = features.size();
  for (const std::size_t j : features) {
    if (schema.columns[j].kind != ColumnKind::number)
      throw Error(ErrorCode::data, "expected an encoded column of numbers, got text",
                  Place{.file = source.name(), .name = schema.columns[j].name});
    table.feature_names.push_back(schema.columns[j].name);
  }
  if (!targets.empty()) {
    table.target_name = schema.columns[targets[0]].name;
    table.levels = schema.columns[targets[0]].levels;
  }
  Batch batch;
  while (source.next(batch)) {
    const auto value = [&](std::size_t column, std::size_t i) { return batch.columns[column].numbers[i]; };
    for (std::size_t i = 0; i < batch.num_rows; ++i) {
      for (const std::size_t j : features) {
        if (!std::isfinite(value(j, i)))
          refuse(source, batch.first_row + i, schema.columns[j].name, value(j, i), "a finite number");
        table.features.push_back(value(j, i));
      }
      for (const std::size_t j : targets) {
        if (!std::isfinite(value(j, i)))
          refuse(source, batch.first_row + i, table.target_name, value(j, i), "a finite number");
        table.targets.push_back(value(j, i));
      }
      for (const std::size_t j : weight_columns) {
        if (!std::isfinite(value(j, i)) || value(j, i) < 0.0)
          refuse(source, batch.first_row + i, schema.columns[j].name, value(j, i), "a weight >= 0");
        table.weights.push_back(value(j, i));
      }
    }
    table.num_rows += batch.num_rows;
  }
  if (table.num_rows == 0) throw Error(ErrorCode::data, "no rows", source.name());
  if (!table.weights.empty() &&
      std::all_of(table.weights.begin(), table.weights.end(), [](double w) { return w == 0.0; }))
    throw Error(ErrorCode::data, "all weights are 0",
                Place{.file = source.name(), .name = schema.columns[weight_columns[0]].name});
  return table;
}

Table Table::split_off(std::span<const std::uint32_t> rows) {
  Table kept, taken;
  for (Table* part : {&kept, &taken}) {
    part->num_features = num_features;
    part->feature_names = feature_names;
    part->target_name = target_name;
    part->levels = levels;
  }
  std::size_t next = 0;
  for (std::size_t i = 0; i < num_rows; ++i) {
    const bool is_taken = next < rows.size() && rows[next] == i;
    if (is_taken) ++next;
    Table& part = is_taken ? taken : kept;
    part.features.insert(part.features.end(), row(i), row(i) + num_features);
    if (!targets.empty()) part.targets.push_back(targets[i]);
    if (!weights.empty()) part.weights.push_back(weights[i]);
    ++part.num_rows;
  }
  *this = std::move(kept);
  return taken;
}

void Standardization::apply(MutableView rows) const {
  if (!active()) return;
  const std::size_t columns = scales.size();
  for (std::size_t first = 0; first + columns <= rows.size(); first += columns)
    for (std::size_t j = 0; j < columns; ++j) rows[first + j] = (rows[first + j] - means[j]) / scales[j];
}

Standardization measure_features(const Table& table) {
  return measure(table.features, table.num_features, table.weights);
}
Standardization measure_target(const Table& table) { return measure(table.targets, 1, table.weights); }

}  // namespace descent::nn

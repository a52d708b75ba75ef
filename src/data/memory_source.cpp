#include "descent/data/memory_source.hpp"

#include <algorithm>
#include <utility>

#include "descent/core/error.hpp"

namespace descent::data {
namespace {

std::size_t column_size(const ColumnSchema& schema, const BatchColumn& column) {
  return schema.kind == ColumnKind::number ? column.numbers.size() : column.text.size();
}

void append(BatchColumn& to, const BatchColumn& from, ColumnKind kind, std::size_t begin, std::size_t end) {
  if (kind == ColumnKind::number) {
    to.numbers.insert(to.numbers.end(), from.numbers.begin() + static_cast<std::ptrdiff_t>(begin),
                      from.numbers.begin() + static_cast<std::ptrdiff_t>(end));
  } else {
    for (std::size_t row = begin; row < end; ++row) to.text.push_back(from.text[row]);
  }
}

}  // namespace

MemorySource::MemorySource(Schema schema, std::vector<BatchColumn> columns, std::string name, std::size_t batch_rows)
    : schema_(std::move(schema)), columns_(std::move(columns)), name_(std::move(name)), batch_rows_(batch_rows) {
  if (columns_.size() != schema_.columns.size())
    throw Error(ErrorCode::usage,
                std::to_string(columns_.size()) + " columns for a schema of " + std::to_string(schema_.columns.size()),
                name_);
  if (batch_rows_ == 0) throw Error(ErrorCode::usage, "batch_rows: allowed >= 1, got 0", name_);
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const std::size_t size = column_size(schema_.columns[i], columns_[i]);
    if (i == 0) num_rows_ = size;
    if (size != num_rows_)
      throw Error(
          ErrorCode::usage,
          "has " + std::to_string(size) + " rows, '" + schema_.columns[0].name + "' has " + std::to_string(num_rows_),
          Place{name_, 0, 0, schema_.columns[i].name});
  }
}

bool MemorySource::next(Batch& batch) {
  const std::size_t end = std::min(num_rows_, position_ + batch_rows_);
  batch.first_row = position_;
  batch.num_rows = end - position_;
  batch.columns.assign(columns_.size(), {});
  batch.sparse = {};
  for (std::size_t i = 0; i < columns_.size(); ++i)
    append(batch.columns[i], columns_[i], schema_.columns[i].kind, position_, end);
  position_ = end;
  return batch.num_rows > 0;
}

double MemorySource::progress() const {
  return num_rows_ == 0 ? 1.0 : static_cast<double>(position_) / static_cast<double>(num_rows_);
}

MemorySource number_table(std::vector<std::string> names, std::vector<std::vector<double>> columns) {
  Schema schema;
  std::vector<BatchColumn> batch_columns;
  for (std::string& name : names)
    schema.columns.push_back({std::move(name), ColumnKind::number, ColumnRole::feature, {}});
  if (!schema.columns.empty()) schema.columns.back().role = ColumnRole::target;
  for (std::vector<double>& column : columns) batch_columns.push_back({std::move(column), {}});
  return {std::move(schema), std::move(batch_columns)};
}

Batch read_all(BatchSource& source) {
  source.rewind();
  const Schema& schema = source.schema();
  Batch all;
  all.columns.resize(schema.columns.size());
  if (schema.num_sparse > 0) all.sparse.begin.push_back(0);
  Batch batch;
  while (source.next(batch)) {
    for (std::size_t i = 0; i < schema.columns.size(); ++i)
      append(all.columns[i], batch.columns[i], schema.columns[i].kind, 0, batch.num_rows);
    if (schema.num_sparse > 0) {
      const std::uint64_t offset = all.sparse.begin.back();
      for (std::size_t row = 1; row < batch.sparse.begin.size(); ++row)
        all.sparse.begin.push_back(offset + batch.sparse.begin[row]);
      all.sparse.index.insert(all.sparse.index.end(), batch.sparse.index.begin(), batch.sparse.index.end());
      all.sparse.value.insert(all.sparse.value.end(), batch.sparse.value.begin(), batch.sparse.value.end());
    }
    all.num_rows += batch.num_rows;
  }
  source.rewind();
  return all;
}

}  // namespace descent::data

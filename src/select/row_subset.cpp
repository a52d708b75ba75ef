#include "descent/select/row_subset.hpp"

#include <algorithm>
#include <utility>

#include "descent/core/error.hpp"

namespace descent::select {
namespace {

void copy_row(const Schema& schema, const Batch& from, std::size_t row, Batch& to) {
  for (std::size_t c = 0; c < schema.columns.size(); ++c) {
    if (schema.columns[c].kind == ColumnKind::number)
      to.columns[c].numbers.push_back(from.columns[c].numbers[row]);
    else
      to.columns[c].text.push_back(from.columns[c].text[row]);
  }
  if (schema.num_sparse == 0) return;
  for (std::uint64_t e = from.sparse.begin[row]; e < from.sparse.begin[row + 1]; ++e) {
    to.sparse.index.push_back(from.sparse.index[e]);
    to.sparse.value.push_back(from.sparse.value[e]);
  }
  to.sparse.begin.push_back(to.sparse.index.size());
}

}  // namespace

RowSubset::RowSubset(BatchSource& source, std::vector<std::uint32_t> rows, std::string part)
    : source_(source), rows_(std::move(rows)), part_(std::move(part)) {
  if (std::adjacent_find(rows_.begin(), rows_.end(), std::greater_equal<>()) != rows_.end())
    throw Error(ErrorCode::usage, "the rows of a subset must rise", name());
}

void RowSubset::rewind() {
  source_.rewind();
  position_ = 0;
}

bool RowSubset::next(Batch& batch) {
  const Schema& schema = source_.schema();
  batch.first_row = position_;
  batch.num_rows = 0;
  batch.columns.assign(schema.columns.size(), {});
  batch.sparse = {};
  if (schema.num_sparse > 0) batch.sparse.begin.push_back(0);
  while (batch.num_rows == 0 && position_ < rows_.size()) {
    if (!source_.next(read_))
      throw Error(ErrorCode::usage, "row " + std::to_string(rows_[position_]) + " lies behind the end", name());
    const std::uint64_t end = read_.first_row + read_.num_rows;
    for (; position_ < rows_.size() && rows_[position_] < end; ++position_, ++batch.num_rows)
      copy_row(schema, read_, rows_[position_] - read_.first_row, batch);
  }
  return batch.num_rows > 0;
}

}  // namespace descent::select

// Some rows of a table, column by column.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace descent {

/// Strings end to end.
struct TextValues {
  std::string bytes;
  std::vector<std::size_t> ends;  ///< ends[i] = first byte after value i

  [[nodiscard]] std::size_t size() const { return ends.size(); }
  [[nodiscard]] std::string_view operator[](std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends[i - 1];
    return std::string_view(bytes).substr(begin, ends[i] - begin);
  }
  void push_back(std::string_view value) {
    bytes.append(value);
    ends.push_back(bytes.size());
  }
  void clear() {
    bytes.clear();
    ends.clear();
  }
};

/// One column; `numbers` or `text` is filled, as its ColumnKind says.
struct BatchColumn {
  std::vector<double> numbers;
  TextValues text;
};

/// Compressed sparse rows. Row i holds the entries begin[i] .. begin[i + 1] - 1; indices rise within a row.
struct SparseRows {
  std::vector<std::uint64_t> begin;
  std::vector<std::uint32_t> index;
  std::vector<double> value;
};

/// Rows first_row .. first_row + num_rows - 1 of a source.
struct Batch {
  std::uint64_t first_row = 0;
  std::size_t num_rows = 0;
  std::vector<BatchColumn> columns;  ///< one for each column of the schema
  SparseRows sparse;                 ///< used when the schema's num_sparse > 0
};

}  // namespace descent

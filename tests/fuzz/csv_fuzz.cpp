// Csv: however the bytes arrive, the rows are the same; and a table that was accepted, written out again, reads back
// as itself.
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/data/csv.hpp"

namespace {

using descent::ColumnKind;
using descent::data::CsvOptions;

/// A table as text: first its columns with their kinds, then each row; equal tables have equal text.
struct Table {
  std::vector<std::string> names;
  std::vector<ColumnKind> kinds;
  std::vector<std::vector<std::string>> rows;
  bool operator==(const Table&) const = default;
};

Table read(const std::string& bytes, CsvOptions options) {
  const auto source = descent::data::read_csv(descent::data::memory_bytes(bytes, "fuzz"), std::move(options));
  Table table{.names = source->schema().names(), .kinds = {}, .rows = {}};
  for (const auto& column : source->schema().columns) table.kinds.push_back(column.kind);
  descent::Batch batch;
  while (source->next(batch)) {
    for (std::size_t row = 0; row < batch.num_rows; ++row) {
      std::vector<std::string>& fields = table.rows.emplace_back();
      for (std::size_t c = 0; c < table.kinds.size(); ++c) {
        if (table.kinds[c] == ColumnKind::text) {
          fields.emplace_back(batch.columns[c].text[row]);
        } else {
          const double value = batch.columns[c].numbers[row];
          fields.push_back(std::isnan(value) ? std::string() : descent::number_text(value));
        }
      }
    }
  }
  if (source->num_rows() != table.rows.size()) std::abort();
  return table;
}

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  CsvOptions whole;
  whole.buffer_bytes = std::size_t{1} << 13U;  // more than max_len, less to clear than the default
  CsvOptions pieces;
  pieces.buffer_bytes = 1 + size % 5;
  pieces.batch_rows = 2;

  Table table;
  std::string error;
  try {
    table = read(bytes, whole);
  } catch (const descent::Error& e) {
    error = e.what();
  }
  try {
    const Table again = read(bytes, pieces);
    require(error.empty(), "refused whole, accepted in pieces");
    require(again == table, "other rows when the bytes arrive in pieces");
  } catch (const descent::Error& e) {
    require(error == e.what(), "another error when the bytes arrive in pieces");
  }
  if (!error.empty()) return 0;

  CsvOptions reread;
  reread.separator = ',';
  reread.buffer_bytes = whole.buffer_bytes;
  reread.header = descent::data::CsvHeader::yes;
  for (std::size_t c = 0; c < table.names.size(); ++c)
    (table.kinds[c] == ColumnKind::text ? reread.text_columns : reread.number_columns).push_back(table.names[c]);
  // After an empty line, which is skipped: the head of a file may not look like a byte order mark or another format.
  std::string text = "\n" + descent::data::csv_line(table.names);
  for (const auto& row : table.rows) text += descent::data::csv_line(row);
  require(read(text, reread) == table, "written out, the table reads back as another");
  return 0;
}

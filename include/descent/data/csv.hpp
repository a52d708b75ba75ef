// Tables in text: values between separators, one row a line, as RFC 4180 says and as people write them.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "descent/data/byte_source.hpp"
#include "descent/data/table_source.hpp"

namespace descent::data {

enum class CsvHeader {
  automatic,  ///< a header unless the first row has a number in it or an empty field; see docs/design/data.md
  yes,
  no,  ///< columns are called c1, c2, ...
};

struct CsvOptions {
  /// One of , ; tab | and space; 0 = told from the first lines: the one that cuts them into the same number of fields.
  char separator = '\0';
  CsvHeader header = CsvHeader::automatic;
  /// Texts that mean "no value", besides the empty field. "n/a", "?" and "-" are not among them: say so if they should
  /// be.
  std::vector<std::string> missing{"NA", "NaN", "nan"};
  /// Columns that stay text even if every value is a number (codes: 007, post codes). Names that are absent are
  /// ignored.
  std::vector<std::string> text_columns{};
  /// Columns that must be numbers: the first value that is not is an Error(data) with its place.
  std::vector<std::string> number_columns{};
  std::size_t max_field_bytes = std::size_t{1} << 20U;  ///< longer fields are refused: most likely a quote never closed
  std::size_t batch_rows = 4096;                        ///< rows a batch, >= 1: a batch of 25 numbers fits in L2
  std::size_t buffer_bytes = std::size_t{1} << 18U;     ///< bytes asked of the source at a time, >= 1
  ReadObserver on_read{};                               ///< of the first pass, every 1024 rows or 64 KiB
};

/// Reads the csv file at `path` ("-" = standard input; gzip unpacked on the way).
///
/// Two passes: the first, here, reads the whole file and settles the types (a column is a number column when every
/// value that is not missing is a number), the second, next(), hands out rows. Fields in double quotes may hold
/// separators, line ends and doubled quotes; lines end in LF, CRLF or CR; a byte order mark is skipped; a row that is
/// an empty line is skipped; blanks around numbers do not count. Numbers are decimal ("1e-3", ".5", "+2"), never
/// hexadecimal; "inf" is text. Throws: Error(system) if it cannot be read; Error(data) with file:line:column for rows
/// with too many or too few fields, a quote never closed, text after a closing quote, bytes that are no UTF-8, NUL
/// bytes, two columns of one name. Reference: Y. Shafranovich, RFC 4180, 2005.
[[nodiscard]] std::unique_ptr<TableSource> open_csv(const std::string& path, CsvOptions options = {});
/// Several files one after the other as one table. Every file has the columns of the first, in any order; separator and
/// header are told for each file, types for all of them together. Throws: as open_csv; Error(data) naming the file and
/// the columns that are missing or too many; Error(usage) when "-" is there twice.
[[nodiscard]] std::unique_ptr<TableSource> open_csv_files(const std::vector<std::string>& paths,
                                                          CsvOptions options = {});
[[nodiscard]] std::unique_ptr<TableSource> read_csv(std::unique_ptr<ByteSource> bytes, CsvOptions options = {});
/// The same from text in memory.
[[nodiscard]] std::unique_ptr<TableSource> csv_from_text(std::string text, CsvOptions options = {},
                                                         std::string name = "memory");

/// `text` as one field of a csv file: in quotes, quotes doubled, when it holds a separator, a quote, a line end, or a
/// blank at either end, or is empty and `quote_empty`.
[[nodiscard]] std::string csv_field(std::string_view text, char separator = ',');

/// Fields joined to one line, ended by "\n".
[[nodiscard]] std::string csv_line(const std::vector<std::string>& fields, char separator = ',');

}  // namespace descent::data

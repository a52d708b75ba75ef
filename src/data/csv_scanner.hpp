// From bytes to rows of fields; knows quotes and line ends, and nothing of names and types.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "descent/core/error.hpp"
#include "descent/data/byte_source.hpp"

namespace descent::data {

/// A record that is longer, or has more fields, is no row of a table that could be fitted; memory stays bounded.
inline constexpr std::size_t kMaxRecordBytes = std::size_t{1} << 26U;
inline constexpr std::size_t kMaxRecordFields = std::size_t{1} << 22U;

struct CsvLimits {
  std::size_t max_field_bytes = std::size_t{1} << 20U;
  std::size_t buffer_bytes = std::size_t{1} << 18U;
};

class CsvScanner {
 public:
  /// Begins at the first row of `bytes`, which must outlive the scanner.
  CsvScanner(ByteSource& bytes, char separator, CsvLimits limits);

  /// The next row that is not an empty line; false after the last. Throws: Error(data) with the place.
  bool next_row();
  /// Of the row found last; valid until the next call. Quotes are gone, blanks around unquoted fields too.
  [[nodiscard]] std::span<const std::string_view> fields() const { return fields_; }
  /// Where field `i` (from 0) of the row found last begins; `i` may be one past the last.
  [[nodiscard]] Place place(std::size_t i) const;
  /// The line in which that row begins.
  [[nodiscard]] std::uint64_t line() const { return line_; }
  void rewind();
  /// Gives file and buffer back until rewind().
  void rest();

 private:
  struct Raw {
    std::size_t begin = 0;  ///< in the buffer
    std::size_t size = 0;
    std::size_t doubled_quotes = 0;
    bool quoted = false;
  };
  enum class Scan { row, blank_line, more_bytes };

  void skip_byte_order_mark();
  [[nodiscard]] Scan scan_row();
  [[nodiscard]] bool scan_field(std::size_t& at);
  [[nodiscard]] bool scan_quoted(std::size_t& at);
  [[nodiscard]] bool end_row(std::size_t at);
  void refill();
  void publish_fields();
  [[nodiscard]] std::size_t skip_blanks(std::size_t at) const;
  [[nodiscard]] bool is_blank(char c) const { return c == ' ' ? separator_ != ' ' : c == '\t' && separator_ != '\t'; }
  [[nodiscard]] std::uint64_t line_ends(std::size_t begin, std::size_t end) const;
  [[nodiscard]] Error error(std::size_t at, const std::string& message) const;
  [[nodiscard]] Error nul_byte(std::size_t at) const;
  [[nodiscard]] Error too_long(const std::string& what) const;

  ByteSource& bytes_;
  char separator_;
  CsvLimits limits_;
  std::array<bool, 256> ends_field_{};

  std::vector<char> buffer_;
  std::size_t filled_ = 0;
  std::uint64_t dropped_ = 0;  ///< bytes of the source before buffer_[0]
  bool at_end_ = false;        ///< nothing comes after buffer_[filled_ - 1]

  std::size_t row_begin_ = 0;
  std::size_t next_row_ = 0;
  std::uint64_t line_ = 1;       ///< of row_begin_
  std::uint64_t row_lines_ = 0;  ///< lines from row_begin_ to next_row_
  std::vector<Raw> raw_;
  std::vector<std::string_view> fields_;
  std::string unquoted_;  ///< fields whose doubled quotes were made single
};

}  // namespace descent::data

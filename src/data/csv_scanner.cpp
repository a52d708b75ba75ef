#include "src/data/csv_scanner.hpp"

#include <algorithm>
#include <cstring>

#include "descent/core/text.hpp"

namespace descent::data {
CsvScanner::CsvScanner(ByteSource& bytes, char separator, CsvLimits limits)
    : bytes_(bytes), separator_(separator), limits_(limits) {
  for (const char c : {separator, '\n', '\r', '\0'}) ends_field_[static_cast<unsigned char>(c)] = true;
  rewind();
}

void CsvScanner::rest() {
  bytes_.rest();
  buffer_ = {};
}

void CsvScanner::rewind() {
  bytes_.rewind();
  if (buffer_.empty()) buffer_.resize(std::max<std::size_t>(1, limits_.buffer_bytes));
  filled_ = row_begin_ = next_row_ = 0;
  dropped_ = 0;
  at_end_ = false;
  line_ = 1;
  row_lines_ = 0;
  raw_.clear();
  fields_.clear();
  skip_byte_order_mark();
}

void CsvScanner::skip_byte_order_mark() {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  constexpr std::size_t kLongestMark = 4;  // UTF-32's, which begins as UTF-16's does
  while (filled_ < kLongestMark && !at_end_) refill();
  const std::string_view start(buffer_.data(), std::min(filled_, kMark.size()));
  if (start == kMark) row_begin_ = next_row_ = kMark.size();
  const bool is_utf32 = filled_ >= 4 && (std::string_view(buffer_.data(), 4) == std::string_view("\xFF\xFE\0\0", 4));
  if (is_utf32)
    throw Error(ErrorCode::data, "is UTF-32, expected UTF-8 (convert it with iconv -f UTF-32 -t UTF-8)", bytes_.name());
  if (start.starts_with("\xFF\xFE") || start.starts_with("\xFE\xFF"))
    throw Error(ErrorCode::data, "is UTF-16, expected UTF-8 (convert it with iconv -f UTF-16 -t UTF-8)", bytes_.name());
}

/// Moves the unfinished row to the front and fills the rest of the buffer, which grows when that row is all of it.
void CsvScanner::refill() {
  std::memmove(buffer_.data(), buffer_.data() + row_begin_, filled_ - row_begin_);
  filled_ -= row_begin_;
  dropped_ += row_begin_;
  row_begin_ = 0;
  if (filled_ > kMaxRecordBytes) throw too_long("64 MiB");
  if (filled_ == buffer_.size()) buffer_.resize(buffer_.size() * 2);
  while (filled_ < buffer_.size()) {
    const std::size_t got = bytes_.read(std::span(buffer_).subspan(filled_));
    if (got == 0) {
      at_end_ = true;
      return;
    }
    filled_ += got;
  }
}

bool CsvScanner::next_row() {
  line_ += row_lines_;
  row_begin_ = next_row_;
  row_lines_ = 0;
  for (;;) {
    if (row_begin_ == filled_ && at_end_) {
      raw_.clear();
      fields_.clear();
      next_row_ = row_begin_;  // a refill may have moved the end
      return false;
    }
    switch (scan_row()) {
      case Scan::row: publish_fields(); return true;
      case Scan::blank_line:
        line_ += row_lines_;
        row_begin_ = next_row_;
        break;
      case Scan::more_bytes: refill(); break;
    }
  }
}

/// From row_begin_ to the end of the row, or as far as the buffer goes: then the row is scanned again from its start
/// once there are more bytes, which the doubling of the buffer keeps linear.
CsvScanner::Scan CsvScanner::scan_row() {
  raw_.clear();
  row_lines_ = 0;
  std::size_t at = row_begin_;
  if (separator_ == ' ')
    while (at < filled_ && buffer_[at] == ' ') ++at;
  for (;;) {
    if (!scan_field(at)) return Scan::more_bytes;
    if (raw_.size() > kMaxRecordFields) throw too_long(std::to_string(kMaxRecordFields) + " fields");
    if (at < filled_ && buffer_[at] == separator_) {
      ++at;
      if (separator_ != ' ') continue;
      while (at < filled_ && buffer_[at] == ' ')
        ++at;  // a run of spaces is one separator, or none at the end of a line
      if (at == filled_ && !at_end_) return Scan::more_bytes;
      if (at < filled_ && buffer_[at] != '\n' && buffer_[at] != '\r') continue;
    }
    if (!end_row(at)) return Scan::more_bytes;
    if (next_row_ - row_begin_ > kMaxRecordBytes) throw too_long("64 MiB");
    return raw_.size() == 1 && raw_[0].size == 0 && !raw_[0].quoted ? Scan::blank_line : Scan::row;
  }
}

bool CsvScanner::scan_field(std::size_t& at) {
  const std::size_t begin = skip_blanks(at);
  if (begin < filled_ && buffer_[begin] == '"') {
    at = begin;
    return scan_quoted(at);
  }
  std::size_t stop = begin;
  while (stop < filled_ && !ends_field_[static_cast<unsigned char>(buffer_[stop])]) ++stop;
  if (stop < filled_ && buffer_[stop] == '\0') throw nul_byte(stop);
  if (stop - begin > limits_.max_field_bytes)
    throw error(begin, "a field of more than " + std::to_string(limits_.max_field_bytes) + " bytes");
  if (stop == filled_ && !at_end_) return false;
  std::size_t last = stop;
  while (last > begin && is_blank(buffer_[last - 1])) --last;
  raw_.push_back({.begin = begin, .size = last - begin});
  at = stop;
  return true;
}

bool CsvScanner::scan_quoted(std::size_t& at) {
  const std::size_t open = at;
  Raw field{.begin = open + 1, .quoted = true};
  std::size_t close = open + 1;
  for (;;) {
    const void* found = close < filled_ ? std::memchr(buffer_.data() + close, '"', filled_ - close) : nullptr;
    const std::size_t stop =
        found == nullptr ? filled_ : static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.data());
    if (const void* nul = close < stop ? std::memchr(buffer_.data() + close, '\0', stop - close) : nullptr)
      throw nul_byte(static_cast<std::size_t>(static_cast<const char*>(nul) - buffer_.data()));
    if (stop - open > limits_.max_field_bytes)
      throw error(open, "a field of more than " + std::to_string(limits_.max_field_bytes) +
                            " bytes; is this quote ever closed?");
    if (found == nullptr) {
      if (!at_end_) return false;
      throw error(open, "the quote that opens here is never closed");
    }
    if (stop + 1 == filled_ && !at_end_) return false;
    if (stop + 1 == filled_ || buffer_[stop + 1] != '"') {
      close = stop;
      break;
    }
    ++field.doubled_quotes;
    close = stop + 2;
  }
  field.size = close - field.begin;
  at = skip_blanks(close + 1);
  if (at == filled_ && !at_end_) return false;
  if (at < filled_ && !ends_field_[static_cast<unsigned char>(buffer_[at])])
    throw error(open, "text follows the closing quote (a quote inside a quoted field is written twice: \"\")");
  if (at < filled_ && buffer_[at] == '\0') throw nul_byte(at);
  row_lines_ += line_ends(field.begin, close);  // only quoted fields hold line ends
  raw_.push_back(field);
  return true;
}

/// At LF, CRLF, CR or the end of the source; false when a CR is the last byte so far.
bool CsvScanner::end_row(std::size_t at) {
  if (at == filled_) {
    next_row_ = at;
    return true;
  }
  if (buffer_[at] == '\r') {
    if (at + 1 == filled_ && !at_end_) return false;
    if (at + 1 < filled_ && buffer_[at + 1] == '\n') ++at;
  }
  next_row_ = at + 1;
  ++row_lines_;
  return true;
}

void CsvScanner::publish_fields() {
  fields_.resize(raw_.size());
  unquoted_.clear();
  std::size_t room = 0;
  for (const Raw& field : raw_)
    if (field.doubled_quotes > 0) room += field.size;
  unquoted_.reserve(room);  // no view into it may move
  for (std::size_t i = 0; i < raw_.size(); ++i) {
    const std::string_view text(buffer_.data() + raw_[i].begin, raw_[i].size);
    if (raw_[i].doubled_quotes == 0) {
      fields_[i] = text;
      continue;
    }
    const std::size_t begin = unquoted_.size();
    for (std::size_t k = 0; k < text.size(); ++k) {
      unquoted_ += text[k];
      if (text[k] == '"') ++k;
    }
    fields_[i] = std::string_view(unquoted_).substr(begin);
  }
}

std::size_t CsvScanner::skip_blanks(std::size_t at) const {
  while (at < filled_ && is_blank(buffer_[at])) ++at;
  return at;
}

std::uint64_t CsvScanner::line_ends(std::size_t begin, std::size_t end) const {
  std::uint64_t count = 0;
  for (std::size_t i = begin; i < end; ++i)
    count += buffer_[i] == '\n' || (buffer_[i] == '\r' && (i + 1 == filled_ || buffer_[i + 1] != '\n')) ? 1 : 0;
  return count;
}

Place CsvScanner::place(std::size_t i) const {
  const std::size_t begin = i < raw_.size() ? raw_[i].begin : row_begin_;
  return {bytes_.name(), line_ + line_ends(row_begin_, begin), i + 1, {}};
}

Error CsvScanner::error(std::size_t at, const std::string& message) const {
  return {ErrorCode::data, message, Place{bytes_.name(), line_ + line_ends(row_begin_, at), raw_.size() + 1, {}}};
}

Error CsvScanner::nul_byte(std::size_t at) const {
  return error(at, "a NUL byte, byte " + std::to_string(dropped_ + at + 1) +
                       " of the file: this is no text (UTF-16? convert it with iconv -f UTF-16 -t UTF-8)");
}

Error CsvScanner::too_long(const std::string& what) const {
  return {ErrorCode::data, "a record of more than " + what + " begins here (are there line ends in this file?)",
          Place{bytes_.name(), line_, 0, {}}};
}

}  // namespace descent::data

#include "descent/data/csv.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <optional>
#include <set>
#include <utility>

#include "descent/core/text.hpp"
#include "src/data/csv_scanner.hpp"
#include "src/data/csv_sniff.hpp"
#include "src/data/level_index.hpp"
#include "src/data/number_field.hpp"

namespace descent::data {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

bool is_ascii(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  std::size_t i = 0;
  for (; i + sizeof(std::uint64_t) <= text.size(); i += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + i, sizeof word);
    if ((word & kHighBits) != 0) return false;
  }
  return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(i), text.end(),
                     [](char c) { return static_cast<signed char>(c) >= 0; });
}

/// The texts that mean "no value".
class MissingTexts {
 public:
  explicit MissingTexts(std::vector<std::string> texts) : texts_(std::move(texts)) {
    for (const std::string& text : texts_)
      if (!text.empty()) begins_[static_cast<unsigned char>(text[0])] = true;
  }
  [[nodiscard]] bool contains(std::string_view field) const {
    if (field.empty()) return true;
    if (!begins_[static_cast<unsigned char>(field[0])]) return false;
    return std::find(texts_.begin(), texts_.end(), field) != texts_.end();
  }

 private:
  std::vector<std::string> texts_;
  std::array<bool, 256> begins_{};
};

bool is_code(std::string_view number) {
  return number.size() > 1 && number[0] == '0' && number[1] >= '0' && number[1] <= '9';
}

std::string separator_name(char separator) {
  switch (separator) {
    case ',': return "commas";
    case ';': return "semicolons";
    case '\t': return "tabs";
    case '|': return "bars";
    default: return "spaces";
  }
}

/// Files people give by mistake, told by their first bytes.
void refuse_other_formats(ByteSource& bytes) {
  struct Format {
    std::string_view magic;
    const char* message;
  };
  constexpr std::array kFormats = {
      Format{std::string_view("PK\x03\x04", 4),
             "is a zip archive or a spreadsheet, expected csv text (export it as csv)"},
      Format{std::string_view("PAR1", 4), "is a Parquet file, expected csv text"},
      Format{std::string_view("\x28\xB5\x2F\xFD", 4),
             "is packed with zstd, expected csv text, plain or gzip (unpack it: zstd -dc FILE)"},
      Format{std::string_view("BZh", 3),
             "is packed with bzip2, expected csv text, plain or gzip (unpack it: bzip2 -dc FILE)"},
      Format{std::string_view("\xFD"
                              "7zXZ",
                              5),
             "is packed with xz, expected csv text, plain or gzip (unpack it: xz -dc FILE)"},
      Format{std::string_view("\x93NUMPY", 6), "is a numpy array, expected csv text"},
      Format{"{\n", "is JSON, expected csv text (a model file comes before the data)"},
      Format{"{\"", "is JSON, expected csv text (a model file comes before the data)"},
  };
  std::array<char, 8> start{};
  std::size_t size = 0;
  while (size < start.size()) {
    const std::size_t got = bytes.read(std::span(start).subspan(size));
    if (got == 0) break;
    size += got;
  }
  bytes.rewind();
  for (const Format& format : kFormats)
    if (std::string_view(start.data(), size).starts_with(format.magic))
      throw Error(ErrorCode::data, format.message, bytes.name());
}

class CsvSource final : public TableSource {
 public:
  CsvSource(std::unique_ptr<ByteSource> bytes, CsvOptions options)
      : bytes_(std::move(bytes)), options_(std::move(options)), missing_(options_.missing) {
    const CsvLimits limits{.max_field_bytes = options_.max_field_bytes, .buffer_bytes = options_.buffer_bytes};
    refuse_other_formats(*bytes_);
    separator_ = options_.separator == '\0' ? sniff_separator(*bytes_, limits) : options_.separator;
    scanner_.emplace(*bytes_, separator_, limits);
    read_header();
    infer_kinds();
    rewind();
  }

  [[nodiscard]] const Schema& schema() const override { return schema_; }
  [[nodiscard]] const std::vector<ColumnFacts>& facts() const override { return facts_; }
  [[nodiscard]] std::uint64_t num_rows() const override { return num_rows_; }
  [[nodiscard]] std::string name() const override { return bytes_->name(); }
  [[nodiscard]] double progress() const override { return bytes_->progress(); }
  [[nodiscard]] std::string format() const override {
    return "separated by " + separator_name(separator_) +
           (has_header_ ? ", names in the first row" : ", no names in the first row");
  }
  [[nodiscard]] Place place(std::size_t row, std::size_t column) const override {
    return {bytes_->name(), lines_.at(row), column + 1, schema_.columns[column].name};
  }
  void rest() override { scanner_->rest(); }
  void read_as_text(std::size_t column) override { schema_.columns[column].kind = ColumnKind::text; }

  void rewind() override {
    scanner_->rewind();
    if (has_header_) (void)scanner_->next_row();
    row_ = 0;
  }

  bool next(Batch& batch) override {
    const std::size_t width = schema_.columns.size();
    batch.first_row = row_;
    batch.num_rows = 0;
    lines_.clear();
    batch.sparse = {};
    batch.columns.resize(width);
    for (BatchColumn& column : batch.columns) {
      column.numbers.clear();
      column.text.clear();
    }
    while (batch.num_rows < options_.batch_rows && scanner_->next_row()) {
      const auto fields = checked_fields();
      for (std::size_t i = 0; i < width; ++i) add_value(batch.columns[i], i, fields[i]);
      lines_.push_back(scanner_->line());
      ++batch.num_rows;
    }
    row_ += batch.num_rows;
    if (row_ > num_rows_ || (batch.num_rows == 0 && row_ < num_rows_)) throw changed();
    return batch.num_rows > 0;
  }

 private:
  void read_header() {
    if (!scanner_->next_row()) throw Error(ErrorCode::data, "holds no rows", bytes_->name());
    const auto first_row = scanner_->fields();
    has_header_ =
        options_.header == CsvHeader::yes || (options_.header == CsvHeader::automatic && looks_like_header(first_row));
    begins_with_remark_ = first_row.front().starts_with('#');
    std::set<std::string, std::less<>> taken;
    if (has_header_)
      for (const std::string_view field : first_row) taken.insert(std::string(field));
    TextMap<std::size_t> seen;
    for (std::size_t i = 0; i < first_row.size(); ++i) {
      std::string name = has_header_ ? std::string(first_row[i]) : std::string{};
      if (!is_utf8(name)) throw not_utf8(i);
      if (name.empty()) {
        name = "c" + std::to_string(i + 1);
        while (has_header_ && taken.contains(name)) name += '_';
      }
      if (const auto [other, is_new] = seen.emplace(name, i); !is_new) {
        Place place = scanner_->place(i);
        place.name = name;
        throw Error(ErrorCode::data,
                    "the name of column " + std::to_string(other->second + 1) +
                        " again (rename one; if this line holds data and no names, say --header no)",
                    place);
      }
      schema_.columns.push_back({std::move(name), ColumnKind::number, ColumnRole::feature, {}});
    }
  }

  /// The pass that settles what each column is.
  void infer_kinds() {
    const std::size_t width = schema_.columns.size();
    facts_.resize(width);
    const LevelIndex number_columns(options_.number_columns), text_columns(options_.text_columns);
    std::vector<bool> must_be_number(width);
    for (std::size_t i = 0; i < width; ++i)
      must_be_number[i] = number_columns.find(schema_.columns[i].name).has_value();
    rewind();
    while (scanner_->next_row()) {
      const auto fields = checked_fields();
      for (std::size_t i = 0; i < width; ++i) {
        ColumnFacts& facts = facts_[i];
        if (missing_.contains(fields[i])) {
          if (facts.num_missing++ == 0) facts.first_missing = place(i);
        } else if (const auto value = number_field(fields[i])) {
          facts.add_number(fields[i], *value);
          if (facts.num_rounded == 1 && facts.first_rounded.line == 0) facts.first_rounded = place(i);
          facts.num_codes += is_code(fields[i]) ? 1 : 0;
        } else {
          if (!is_ascii(fields[i]) && !is_utf8(fields[i])) throw not_utf8(i);
          if (must_be_number[i]) throw not_a_number_error(place(i), fields[i]);
          if (facts.num_texts == 0) facts.first_text = place(i);
          facts.add_text(fields[i]);
        }
      }
      ++num_rows_;
      if (options_.on_read && num_rows_ % 1024 == 0) options_.on_read(num_rows_, std::min(bytes_->progress(), 0.999));
    }
    if (options_.on_read) options_.on_read(num_rows_, 1.0);
    for (std::size_t i = 0; i < width; ++i)
      if (facts_[i].num_texts > 0 || text_columns.find(schema_.columns[i].name))
        schema_.columns[i].kind = ColumnKind::text;
  }

  void add_value(BatchColumn& column, std::size_t i, std::string_view field) {
    const bool is_missing = missing_.contains(field);
    if (schema_.columns[i].kind == ColumnKind::text) {
      if (!is_ascii(field) && !is_utf8(field)) throw not_utf8(i);
      column.text.push_back(is_missing ? std::string_view{} : field);
      return;
    }
    const auto value = is_missing ? kMissing : number_field(field);
    if (!value) throw changed();
    column.numbers.push_back(*value);
  }

  std::span<const std::string_view> checked_fields() {
    const auto fields = scanner_->fields();
    const std::size_t width = schema_.columns.size();
    if (fields.size() == width) return fields;
    const bool more = fields.size() > width;
    throw Error(ErrorCode::data,
                "expected " + std::to_string(width) + (width == 1 ? " field" : " fields") +
                    " as in the first row, got " + std::to_string(fields.size()) +
                    (begins_with_remark_ ? " (the first row begins with #: csv has no remarks, take it out)"
                     : more              ? " (a separator in a text? put the text in double quotes)"
                                         : " (is the line cut off?)"),
                scanner_->place(more ? width : fields.size() - 1));
  }

  [[nodiscard]] Place place(std::size_t i) const {
    Place place = scanner_->place(i);
    place.name = schema_.columns[i].name;
    return place;
  }
  [[nodiscard]] Error not_utf8(std::size_t i) const {
    Place place = scanner_->place(i);
    if (i < schema_.columns.size()) place.name = schema_.columns[i].name;
    return {ErrorCode::data,
            "bytes that are no UTF-8, got " + quoted(scanner_->fields()[i]) +
                " (convert the file: iconv -f latin1 -t utf-8)",
            place};
  }
  [[nodiscard]] Error changed() const { return {ErrorCode::data, "changed while it was being read", bytes_->name()}; }

  std::unique_ptr<ByteSource> bytes_;
  CsvOptions options_;
  MissingTexts missing_;
  std::optional<CsvScanner> scanner_;
  bool has_header_ = false;
  bool begins_with_remark_ = false;
  Schema schema_;
  std::vector<ColumnFacts> facts_;
  std::uint64_t num_rows_ = 0;
  std::uint64_t row_ = 0;
  char separator_ = ',';
  std::vector<std::uint64_t> lines_;  ///< where each row of the last batch begins
};

void check(const CsvOptions& options) {
  constexpr std::string_view kSeparators(",;\t| \0", 6);
  if (kSeparators.find(options.separator) == std::string_view::npos)
    throw Error(ErrorCode::usage, "allowed , ; tab | and space, got " + quoted(std::string_view(&options.separator, 1)),
                "separator");
  const auto at_least_one = [](std::size_t value, const char* name) {
    if (value == 0) throw Error(ErrorCode::usage, "allowed >= 1, got 0", name);
  };
  at_least_one(options.batch_rows, "batch_rows");
  at_least_one(options.buffer_bytes, "buffer_bytes");
  at_least_one(options.max_field_bytes, "max_field_bytes");
}

}  // namespace

std::unique_ptr<TableSource> read_csv(std::unique_ptr<ByteSource> bytes, CsvOptions options) {
  check(options);
  return std::make_unique<CsvSource>(std::move(bytes), std::move(options));
}

std::unique_ptr<TableSource> open_csv(const std::string& path, CsvOptions options) {
  check(options);
  auto bytes = open_bytes(path, options.on_read);
  return read_csv(std::move(bytes), std::move(options));
}

std::unique_ptr<TableSource> csv_from_text(std::string text, CsvOptions options, std::string name) {
  return read_csv(memory_bytes(std::move(text), std::move(name)), std::move(options));
}

}  // namespace descent::data

#include <algorithm>
#include <utility>

#include "descent/core/text.hpp"
#include "descent/data/csv.hpp"
#include "src/data/level_index.hpp"

namespace descent::data {
namespace {

/// Several tables with the same columns, one after the other.
class JoinedSource final : public TableSource {
 public:
  explicit JoinedSource(const std::vector<std::string>& paths, const CsvOptions& options) {
    for (const std::string& path : paths) add(open_csv(path, options));
    for (std::size_t i = 0; i < schema_.columns.size(); ++i)
      if (schema_.columns[i].kind == ColumnKind::text)
        for (const Part& part : parts_) part.source->read_as_text(part.column[i]);
    JoinedSource::rewind();
  }

  [[nodiscard]] const Schema& schema() const override { return schema_; }
  [[nodiscard]] const std::vector<ColumnFacts>& facts() const override { return facts_; }
  [[nodiscard]] std::uint64_t num_rows() const override { return num_rows_; }
  [[nodiscard]] std::string format() const override { return parts_.front().source->format(); }
  [[nodiscard]] std::string name() const override {
    const std::string first = parts_.front().source->name();
    if (parts_.size() == 2) return first + " and " + parts_.back().source->name();
    return first + " and " + std::to_string(parts_.size() - 1) + " more files";
  }
  [[nodiscard]] double progress() const override {
    return num_rows_ == 0 ? 1.0 : static_cast<double>(row_) / static_cast<double>(num_rows_);
  }
  [[nodiscard]] Place place(std::size_t row, std::size_t column) const override {
    return parts_[current_].source->place(row, parts_[current_].column[column]);
  }
  void read_as_text(std::size_t column) override {
    schema_.columns[column].kind = ColumnKind::text;
    for (const Part& part : parts_) part.source->read_as_text(part.column[column]);
  }
  void rest() override {
    for (const Part& part : parts_) part.source->rest();
  }

  void rewind() override {
    if (current_ != 0) parts_[current_].source->rest();
    current_ = 0;
    row_ = 0;
    parts_.front().source->rewind();
  }

  bool next(Batch& batch) override {
    while (!parts_[current_].source->next(in_)) {
      if (current_ + 1 == parts_.size()) {
        batch.first_row = row_;
        batch.num_rows = 0;
        return false;
      }
      parts_[current_++].source->rest();
      parts_[current_].source->rewind();
    }
    batch.first_row = row_;
    batch.num_rows = in_.num_rows;
    batch.sparse = {};
    batch.columns.resize(schema_.columns.size());
    for (std::size_t i = 0; i < batch.columns.size(); ++i)
      std::swap(batch.columns[i], in_.columns[parts_[current_].column[i]]);
    row_ += batch.num_rows;
    return true;
  }

 private:
  struct Part {
    std::unique_ptr<TableSource> source;
    std::vector<std::size_t> column;  ///< where the columns of the whole are in this part
  };

  void add(std::unique_ptr<TableSource> source) {
    Part part{std::move(source), {}};
    const Schema& given = part.source->schema();
    if (parts_.empty()) {
      schema_ = given;
      facts_.resize(schema_.columns.size());
    } else {
      check_columns(*part.source);
    }
    const TextMap<std::size_t> places = places_of(given);
    for (std::size_t i = 0; i < schema_.columns.size(); ++i) {
      const std::size_t from = places.at(schema_.columns[i].name);
      part.column.push_back(from);
      if (given.columns[from].kind == ColumnKind::text) schema_.columns[i].kind = ColumnKind::text;
      facts_[i].add(part.source->facts()[from]);
    }
    num_rows_ += part.source->num_rows();
    part.source->rest();
    parts_.push_back(std::move(part));
  }

  static TextMap<std::size_t> places_of(const Schema& schema) {
    TextMap<std::size_t> places;
    for (std::size_t i = 0; i < schema.columns.size(); ++i) places.emplace(schema.columns[i].name, i);
    return places;
  }

  void check_columns(const TableSource& source) const {
    std::vector<std::string> absent, extra;
    const TextMap<std::size_t> here = places_of(source.schema()), first = places_of(schema_);
    for (const ColumnSchema& column : schema_.columns)
      if (!here.contains(column.name)) absent.push_back("'" + column.name + "'");
    for (const ColumnSchema& column : source.schema().columns)
      if (!first.contains(column.name)) extra.push_back("'" + column.name + "'");
    if (absent.empty() && extra.empty()) return;
    const auto list = [](std::vector<std::string>& names) {
      constexpr std::size_t kShown = 10;
      const std::string plural = names.size() > 1 ? "columns " : "column ";
      if (names.size() > kShown) {
        names.resize(kShown);
        names.emplace_back("...");
      }
      return plural + join(names);
    };
    std::string message = "has not the columns of " + parts_.front().source->name() + ": ";
    const bool none_shared = absent.size() == schema_.columns.size();
    if (!absent.empty()) message += list(absent) + " missing";
    if (!extra.empty()) message += (absent.empty() ? "" : "; ") + list(extra) + " not in the first file";
    if (none_shared) message += " (does its first row hold the names? --header says so)";
    throw Error(ErrorCode::data, message, source.name());
  }

  std::vector<Part> parts_;
  Schema schema_;
  std::vector<ColumnFacts> facts_;
  std::uint64_t num_rows_ = 0;
  std::size_t current_ = 0;
  std::uint64_t row_ = 0;
  Batch in_;
};

}  // namespace

std::unique_ptr<TableSource> open_csv_files(const std::vector<std::string>& paths, CsvOptions options) {
  if (paths.empty()) throw Error(ErrorCode::usage, "expected at least one file, got none", "paths");
  if (std::count(paths.begin(), paths.end(), "-") > 1)
    throw Error(ErrorCode::usage, "standard input can be read once only, got - twice");
  if (paths.size() == 1) return open_csv(paths.front(), std::move(options));
  return std::make_unique<JoinedSource>(paths, options);
}

}  // namespace descent::data

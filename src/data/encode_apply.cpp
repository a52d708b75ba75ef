#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "descent/core/text.hpp"
#include "descent/data/encode.hpp"
#include "src/data/level_index.hpp"

namespace descent::data {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

/// One column of the source on its way to one or more encoded columns.
struct Lane {
  std::size_t from = 0;  ///< column of the source
  bool from_text = false;
  const ColumnEncoding* encoding = nullptr;
  LevelIndex levels;
  std::size_t to = 0;           ///< first encoded column
  std::size_t skip_levels = 0;  ///< 1 with OneHot::drop_first
};

}  // namespace

struct EncodedSource::Impl {
  Impl(Encoder model, BatchSource& from, ApplyOptions how) : encoder(std::move(model)), source(from), options(how) {
    find_columns();
    std::size_t to = 0;
    for (Lane& lane : lanes) {
      lane.to = to;
      to += lane.encoding->categorical
                ? lane.encoding->levels.size() - std::min(lane.skip_levels, lane.encoding->levels.size())
                : 1;
    }
    for (const std::string& feature : encoder.feature_names())
      schema.columns.push_back({feature, ColumnKind::number, ColumnRole::feature, {}});
    if (target) schema.columns.push_back({encoder.target(), ColumnKind::number, ColumnRole::target, encoder.classes()});
    if (weight) schema.columns.push_back({encoder.weight(), ColumnKind::number, ColumnRole::weight, {}});
    report.left_out = notes;
  }

  void find_columns() {
    const Schema& given = source.schema();
    std::vector<std::string> absent;
    const LevelIndex places(given.names());  // Schema::find looks at one name after the other
    const auto locate = [&](const std::string& name) -> std::optional<std::size_t> {
      const auto found = places.find(name);
      if (!found) absent.push_back("'" + name + "'" + did_you_mean(name, given.names()));
      return found;
    };
    for (const ColumnEncoding& input : encoder.inputs()) {
      Lane lane;
      lane.encoding = &input;
      lane.from = locate(input.column).value_or(0);
      if (input.categorical) lane.levels = LevelIndex(input.levels);
      lane.skip_levels = encoder.options().one_hot == OneHot::drop_first ? 1 : 0;
      lanes.push_back(std::move(lane));
    }
    if (options.with_target && !encoder.target().empty()) target = locate(encoder.target());
    if (options.with_weight && !encoder.weight().empty()) weight = locate(encoder.weight());
    const auto names = given.names();
    const bool nameless = !names.empty() && names.front() == "c1" && names.back() == "c" + std::to_string(names.size());
    const bool numbers =
        std::any_of(names.begin(), names.end(), [](const std::string& name) { return parse_number(name).has_value(); });
    const std::string hint = nameless
                                 ? "; there is no row of names, by which the model finds its columns: put them first"
                             : numbers ? "; the first row was read as names, by which the model finds its columns"
                                       : "";
    if (!absent.empty())
      throw Error(
          ErrorCode::data,
          (absent.size() == 1 ? "this column of the model is missing: " : "these columns of the model are missing: ") +
              join(absent) + hint,
          source.name());

    std::vector<bool> used(given.columns.size());
    for (Lane& lane : lanes) {
      lane.from_text = given.columns[lane.from].kind == ColumnKind::text;
      used[lane.from] = true;
      if (lane.from_text && !lane.encoding->categorical) throw not_a_number(lane.from);
    }
    classes = LevelIndex(encoder.classes());
    for (const auto& column : {target, weight}) {
      if (!column) continue;
      const bool must_be_number = column == weight || encoder.classes().empty();
      if (must_be_number && given.columns[*column].kind == ColumnKind::text) throw not_a_number(*column);
    }
    for (std::size_t i = 0; i < used.size(); ++i) {
      const std::string& name = given.columns[i].name;
      if (!used[i] && name != encoder.target() && name != encoder.weight()) notes.push_back({name, "not in the model"});
    }
  }

  [[nodiscard]] Error not_a_number(std::size_t i) const {
    const auto* table = dynamic_cast<const TableSource*>(&source);
    if (table != nullptr && table->facts()[i].num_texts > 0) return not_a_number_error(table->facts()[i]);
    return {ErrorCode::data, "expected numbers, got text", Place{source.name(), 0, 0, source.schema().columns[i].name}};
  }
  [[nodiscard]] Place place(std::size_t row, std::size_t column) const {
    if (const auto* table = dynamic_cast<const TableSource*>(&source)) return table->place(row, column);
    return {source.name(), 0, 0, source.schema().columns[column].name};
  }
  [[nodiscard]] Error missing(std::size_t i, const char* hint) const {
    const auto* table = dynamic_cast<const TableSource*>(&source);
    const Place place = table != nullptr && table->facts()[i].first_missing.line > 0
                            ? table->facts()[i].first_missing
                            : Place{source.name(), 0, 0, source.schema().columns[i].name};
    return {ErrorCode::data, std::string("a value is missing") + hint, place};
  }

  void mark_kept(const Batch& in) {
    keep.assign(in.num_rows, 1);
    const MissingPolicy policy = encoder.options().missing;
    const auto for_missing = [&](std::size_t i, auto&& action) {
      const BatchColumn& values = in.columns[i];
      const bool text = source.schema().columns[i].kind == ColumnKind::text;
      for (std::size_t row = 0; row < in.num_rows; ++row)
        if (text ? values.text[row].empty() : std::isnan(values.numbers[row])) action(row);
    };
    for (const Lane& lane : lanes) {
      for_missing(lane.from, [&](std::size_t row) {
        if (policy == MissingPolicy::error)
          throw missing(lane.from,
                        " (the model was trained on rows without gaps; train it with --missing-values mean)");
        if (policy == MissingPolicy::drop) keep[row] = 0;
        if (policy == MissingPolicy::mean) ++report.values_imputed;
      });
    }
    if (weight)
      for_missing(*weight, [&](std::size_t) { throw missing(*weight, " (every row needs a sample weight)"); });
    if (!target || options.keep_all_rows) return;
    for_missing(*target, [&](std::size_t row) {
      if (policy == MissingPolicy::error) throw missing(*target, "");
      keep[row] = 0;
    });
  }

  void encode_number(const Lane& lane, const Batch& in, Batch& out) const {
    std::vector<double>& values = out.columns[lane.to].numbers;
    const std::vector<double>& from = in.columns[lane.from].numbers;
    const bool impute = encoder.options().missing == MissingPolicy::mean;
    for (std::size_t row = 0; row < in.num_rows; ++row)
      if (keep[row] != 0 || options.keep_all_rows)
        values.push_back(std::isnan(from[row]) && impute ? lane.encoding->mean : from[row]);
  }

  void encode_levels(const Lane& lane, const Batch& in, Batch& out) {
    const std::size_t num_levels = lane.encoding->levels.size();
    const std::size_t width = num_levels - std::min(lane.skip_levels, num_levels);
    for (std::size_t i = 0; i < width; ++i) out.columns[lane.to + i].numbers.assign(out.num_rows, 0.0);
    std::size_t to_row = 0;
    for (std::size_t row = 0; row < in.num_rows; ++row) {
      if (keep[row] == 0 && !options.keep_all_rows) continue;
      const auto text = level_text(lane.from_text, lane.encoding->from_numbers, in.columns[lane.from], row);
      if (text.empty()) {
        if (keep[row] == 0)
          for (std::size_t i = 0; i < width; ++i) out.columns[lane.to + i].numbers[to_row] = kMissing;
      } else if (const auto code = lane.levels.find(text)) {
        if (*code >= lane.skip_levels) out.columns[lane.to + *code - lane.skip_levels].numbers[to_row] = 1.0;
      } else {
        if (report.unseen_levels++ == 0) report.first_unseen = "'" + lane.encoding->column + "': " + quoted(text);
      }
      ++to_row;
    }
  }

  /// The value as the name of a level; empty when missing.
  [[nodiscard]] static std::string level_text(bool from_text, bool from_numbers, const BatchColumn& column,
                                              std::size_t row) {
    if (!from_text) return std::isnan(column.numbers[row]) ? std::string{} : number_text(column.numbers[row]);
    const std::string_view text = column.text[row];
    const auto value = from_numbers ? parse_number(text) : std::nullopt;
    return value ? number_text(*value) : std::string(text);
  }

  void encode_target(const Batch& in, Batch& out) const {
    std::vector<double>& values = out.columns[schema.columns.size() - (weight ? 2 : 1)].numbers;
    const bool text = source.schema().columns[*target].kind == ColumnKind::text;
    for (std::size_t row = 0; row < in.num_rows; ++row) {
      if (keep[row] == 0 && !options.keep_all_rows) continue;
      if (encoder.classes().empty()) {
        values.push_back(in.columns[*target].numbers[row]);
        continue;
      }
      const std::string name = level_text(text, encoder.classes_from_numbers(), in.columns[*target], row);
      const auto code = classes.find(name);
      if (!code && !name.empty())
        throw Error(ErrorCode::data,
                    "expected one of the model's classes " + join(encoder.classes()) + ", got " + quoted(name),
                    place(row, *target));
      values.push_back(code ? static_cast<double>(*code) : kMissing);
    }
  }

  bool next(Batch& out) {
    do {
      out.sparse = {};
      out.first_row = report.rows;
      out.num_rows = 0;
      out.columns.resize(schema.columns.size());
      for (BatchColumn& column : out.columns) column.numbers.clear();
      if (!source.next(rows_in)) return false;
      mark_kept(rows_in);
      const auto kept = static_cast<std::size_t>(std::count(keep.begin(), keep.end(), 1));
      out.num_rows = options.keep_all_rows ? rows_in.num_rows : kept;
      for (const Lane& lane : lanes) {
        if (lane.encoding->categorical) {
          encode_levels(lane, rows_in, out);
        } else {
          encode_number(lane, rows_in, out);
        }
      }
      if (target) encode_target(rows_in, out);
      if (weight) encode_weight(out);
      report.rows += out.num_rows;
      report.rows_dropped += rows_in.num_rows - kept;
    } while (out.num_rows == 0);
    return true;
  }

  void encode_weight(Batch& out) const {
    std::vector<double>& values = out.columns.back().numbers;
    for (std::size_t row = 0; row < rows_in.num_rows; ++row) {
      const double value = rows_in.columns[*weight].numbers[row];
      if (value < 0.0)
        throw Error(ErrorCode::data, "a sample weight must be >= 0, got " + number_text(value), place(row, *weight));
      if (keep[row] != 0 || options.keep_all_rows) values.push_back(value);
    }
  }

  Encoder encoder;
  BatchSource& source;
  ApplyOptions options;
  Schema schema;
  std::vector<Lane> lanes;
  LevelIndex classes;
  std::optional<std::size_t> target, weight;
  std::vector<EncodeReport::Note> notes;
  EncodeReport report;
  Batch rows_in;
  std::vector<char> keep;
};

EncodedSource::EncodedSource(const Encoder& encoder, BatchSource& source, ApplyOptions options)
    : impl_(std::make_unique<Impl>(encoder, source, options)) {
  source.rewind();
}
EncodedSource::~EncodedSource() = default;

const Schema& EncodedSource::schema() const { return impl_->schema; }
bool EncodedSource::next(Batch& batch) { return impl_->next(batch); }
std::string EncodedSource::name() const { return impl_->source.name(); }
double EncodedSource::progress() const { return impl_->source.progress(); }
const EncodeReport& EncodedSource::report() const { return impl_->report; }

void EncodedSource::rewind() {
  impl_->source.rewind();
  impl_->report = {};
  impl_->report.left_out = impl_->notes;
}

std::unique_ptr<EncodedSource> Encoder::apply(BatchSource& source, ApplyOptions options) const {
  return std::make_unique<EncodedSource>(*this, source, options);
}

}  // namespace descent::data

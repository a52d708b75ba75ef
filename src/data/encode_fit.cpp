#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "descent/core/text.hpp"
#include "descent/data/encode.hpp"
#include "src/data/level_index.hpp"

namespace descent::data {
namespace {

/// What one pass over a column gathers.
struct Gathered {
  std::uint64_t present = 0;
  std::uint64_t missing = 0;
  double sum = 0.0;
  double min = std::numeric_limits<double>::infinity();
  double max = -std::numeric_limits<double>::infinity();
  TextMap<std::uint64_t> texts;
  std::map<double, std::uint64_t> values;  ///< of a number column that holds names
  bool too_many_levels = false;

  [[nodiscard]] std::size_t num_levels() const { return texts.size() + values.size(); }
};

}  // namespace

/// One fit of an Encoder: which columns play which part, then what is in them.
class EncoderFit {
 public:
  EncoderFit(BatchSource& source, EncodeOptions options)
      : source_(source), schema_(source.schema()), options_(std::move(options)) {
    if (const auto* table = dynamic_cast<const TableSource*>(&source)) facts_ = table->facts();
  }

  Encoder run() {
    assign_parts();
    gather(/*drop_rows=*/false);
    leave_out_useless();
    refuse_spoilt_columns();
    if (options_.missing == MissingPolicy::error) {
      refuse_missing();
    } else if (has_missing()) {
      gather(/*drop_rows=*/true);
    }
    if (rows_ == 0)
      throw Error(ErrorCode::data,
                  rows_dropped_ > 0 ? "no rows to learn from: every one has a missing value" : "no rows to learn from",
                  source_.name());
    return make();
  }

 private:
  std::size_t column(const std::string& name, const char* role) const {
    if (const auto found = schema_.find(name)) return *found;
    throw Error(
        ErrorCode::usage,
        std::string(role) + " '" + name + "' is no column" + did_you_mean(name, schema_.names()) + "; there are " +
            some_names() +
            (names_are_made_up() ? " (the first row seems to hold values; --header yes if it holds names)" : ""),
        source_.name());
  }

  [[nodiscard]] std::string some_names() const {
    constexpr std::size_t kShown = 40;
    std::vector<std::string> names = schema_.names();
    const std::size_t count = names.size();
    names.resize(std::min(count, kShown));
    return join(names) + (count > kShown ? " and " + count_text(static_cast<double>(count - kShown)) + " more" : "");
  }
  [[nodiscard]] bool names_are_made_up() const {
    const auto* table = dynamic_cast<const TableSource*>(&source_);
    return table != nullptr && table->format().ends_with("no names in the first row");
  }

  void assign_parts() {
    named_ = !options_.features.empty();
    if (!options_.target.empty()) target_ = column(options_.target, "target");
    if (!options_.weight.empty()) weight_ = column(options_.weight, "sample weight");
    for (const std::string& name : options_.categorical) (void)column(name, "categorical column");
    if (weight_ && weight_ == target_) throw twice(options_.weight, "the target and the sample weight");
    std::set<std::size_t> seen;
    for (const std::string& name : options_.features) {
      const std::size_t i = column(name, "feature");
      if (i == target_) throw twice(name, "a feature and the target");
      if (i == weight_) throw twice(name, "a feature and the sample weight");
      if (!seen.insert(i).second) throw twice(name, "a feature twice");
      features_.push_back(i);
    }
    if (!named_)
      for (std::size_t i = 0; i < schema_.columns.size(); ++i)
        if (i != target_ && i != weight_) features_.push_back(i);
    if (weight_ && schema_.columns[*weight_].kind == ColumnKind::text) throw not_a_number(*weight_);
    target_has_classes_ =
        target_ && (options_.target_kind == TargetKind::classes ||
                    (options_.target_kind == TargetKind::automatic &&
                     (schema_.columns[*target_].kind == ColumnKind::text || listed_categorical(*target_))));
    if (target_ && !target_has_classes_ && schema_.columns[*target_].kind == ColumnKind::text)
      throw not_a_number(*target_);
  }

  [[nodiscard]] bool is_categorical(std::size_t i) const {
    if (i == target_) return target_has_classes_;
    return schema_.columns[i].kind == ColumnKind::text || listed_categorical(i);
  }
  [[nodiscard]] bool listed_categorical(std::size_t i) const {
    const auto& listed = options_.categorical;
    return std::find(listed.begin(), listed.end(), schema_.columns[i].name) != listed.end();
  }

  /// One pass; with `drop_rows`, over the rows that the missing policy keeps.
  void gather(bool drop_rows) {
    gathered_.assign(schema_.columns.size(), {});
    rows_ = rows_dropped_ = 0;
    source_.rewind();
    Batch batch;
    std::vector<char> keep;
    while (source_.next(batch)) {
      keep.assign(batch.num_rows, 1);
      if (drop_rows) mark_kept(batch, keep);
      for (const std::size_t i : used_columns()) add(gathered_[i], batch.columns[i], i, keep);
      if (weight_ && !first_negative_weight_) find_negative_weight(batch);
      const auto kept = static_cast<std::uint64_t>(std::count(keep.begin(), keep.end(), 1));
      rows_ += kept;
      rows_dropped_ += batch.num_rows - kept;
    }
    source_.rewind();
  }

  void find_negative_weight(const Batch& batch) {
    const std::vector<double>& weights = batch.columns[*weight_].numbers;
    const auto found = std::find_if(weights.begin(), weights.end(), [](double weight) { return weight < 0.0; });
    if (found == weights.end()) return;
    Place place{source_.name(), 0, 0, schema_.columns[*weight_].name};
    if (const auto* table = dynamic_cast<const TableSource*>(&source_))
      place = table->place(static_cast<std::size_t>(found - weights.begin()), *weight_);
    first_negative_weight_.emplace(*found, place);
  }

  void mark_kept(const Batch& batch, std::vector<char>& keep) const {
    const auto mark = [&](std::size_t i) {
      const BatchColumn& values = batch.columns[i];
      for (std::size_t row = 0; row < keep.size(); ++row)
        if (schema_.columns[i].kind == ColumnKind::text ? values.text[row].empty() : std::isnan(values.numbers[row]))
          keep[row] = 0;
    };
    if (target_) mark(*target_);
    if (options_.missing == MissingPolicy::drop) std::for_each(features_.begin(), features_.end(), mark);
  }

  [[nodiscard]] std::vector<std::size_t> used_columns() const {
    std::vector<std::size_t> used = features_;
    if (target_) used.push_back(*target_);
    if (weight_) used.push_back(*weight_);
    return used;
  }

  void add(Gathered& gathered, const BatchColumn& values, std::size_t i, const std::vector<char>& keep) const {
    const bool categorical = is_categorical(i);
    for (std::size_t row = 0; row < keep.size(); ++row) {
      if (keep[row] == 0) continue;
      if (schema_.columns[i].kind == ColumnKind::text) {
        const std::string_view text = values.text[row];
        if (text.empty()) {
          ++gathered.missing;
          continue;
        }
        if (const auto found = gathered.texts.find(text); found != gathered.texts.end()) {
          ++found->second;
        } else if (gathered.num_levels() < options_.max_levels) {
          gathered.texts.emplace(text, 1);
        } else {
          gathered.too_many_levels = true;
        }
      } else {
        const double value = values.numbers[row];
        if (std::isnan(value)) {
          ++gathered.missing;
          continue;
        }
        gathered.sum += value;
        gathered.min = std::min(gathered.min, value);
        gathered.max = std::max(gathered.max, value);
        if (categorical && (gathered.num_levels() < options_.max_levels || gathered.values.contains(value))) {
          ++gathered.values[value];
        } else if (categorical) {
          gathered.too_many_levels = true;
        }
      }
      ++gathered.present;
    }
  }

  /// Columns nobody asked for by name and from which nothing could be learned.
  void leave_out_useless() {
    std::vector<std::size_t> kept;
    for (const std::size_t i : features_) {
      const std::string why = named_ ? "" : why_useless(i);
      if (why.empty()) {
        kept.push_back(i);
      } else {
        left_out_.push_back({schema_.columns[i].name, why});
      }
    }
    features_ = std::move(kept);
    if (features_.empty()) {
      std::string why;
      for (std::size_t k = 0; k < std::min<std::size_t>(left_out_.size(), 5); ++k)
        why += (k == 0 ? ": " : ", ") + quoted(left_out_[k].column) + " has " + left_out_[k].text;
      if (left_out_.size() > 5) why += ", and " + std::to_string(left_out_.size() - 5) + " more";
      throw Error(ErrorCode::data, "no column is left to learn from" + why, source_.name());
    }
  }

  [[nodiscard]] std::string why_useless(std::size_t i) const {
    const Gathered& gathered = gathered_[i];
    if (gathered.present == 0 && rows_ > 0) return "no value in any row";
    if (schema_.columns[i].kind != ColumnKind::text || spoilt_numbers(i) || listed_categorical(i)) return "";
    const std::string rows = " in " + std::to_string(rows_) + " rows";
    if (gathered.too_many_levels) return "more than " + std::to_string(options_.max_levels) + " different texts" + rows;
    const std::size_t levels = gathered.num_levels();
    if (looks_like_identifier(levels, rows_)) return std::to_string(levels) + " different texts" + rows;
    return "";
  }

  [[nodiscard]] bool spoilt_numbers(std::size_t i) const {
    return !facts_.empty() && facts_[i].spoilt_numbers() && schema_.columns[i].kind == ColumnKind::text &&
           !listed_categorical(i);
  }

  void refuse_spoilt_columns() const {
    for (const std::size_t i : features_) {
      if (spoilt_numbers(i)) throw not_a_number(i);
      if (gathered_[i].too_many_levels) throw too_many_levels(i, "--features can leave it out");
    }
    if (target_ && target_has_classes_ && spoilt_numbers(*target_)) throw not_a_number(*target_);
    if (target_ && gathered_[*target_].too_many_levels) throw too_many_levels(*target_, "is it the right target?");
    if (!weight_) return;
    if (gathered_[*weight_].missing > 0) throw missing(*weight_, "every row needs a sample weight");
    if (first_negative_weight_)
      throw Error(ErrorCode::data, "a sample weight must be >= 0, got " + number_text(first_negative_weight_->first),
                  first_negative_weight_->second);
  }

  [[nodiscard]] bool has_missing() const {
    const auto used = used_columns();
    return std::any_of(used.begin(), used.end(), [&](std::size_t i) { return gathered_[i].missing > 0; });
  }

  void refuse_missing() const {
    for (const std::size_t i : used_columns())
      if (gathered_[i].missing > 0)
        throw missing(
            i,
            i == target_
                ? "leave such rows out with --missing-values drop"
                : "leave such rows out with --missing-values drop, or put the mean there with --missing-values mean");
  }

  Encoder make() {
    Encoder encoder;
    for (const std::size_t i : features_) {
      const Gathered& gathered = gathered_[i];
      ColumnEncoding input;
      input.column = schema_.columns[i].name;
      input.categorical = is_categorical(i);
      if (input.categorical) {
        input.from_numbers = schema_.columns[i].kind == ColumnKind::number;
        input.levels = sorted_levels(gathered);
        if (input.levels.size() == 1) encoder.report_.constant.push_back(input.column + "=" + input.levels[0]);
      } else {
        if (gathered.present > 0) input.mean = gathered.sum / static_cast<double>(gathered.present);
        if (gathered.present == 0)
          throw Error(ErrorCode::data, "holds no value in any row used", Place{source_.name(), 0, 0, input.column});
        if (gathered.min == gathered.max) encoder.report_.constant.push_back(input.column);
      }
      if (options_.missing == MissingPolicy::mean) encoder.report_.values_imputed += gathered.missing;
      encoder.inputs_.push_back(std::move(input));
    }
    if (target_has_classes_) {
      encoder.classes_ = sorted_levels(gathered_[*target_]);
      encoder.classes_from_numbers_ = schema_.columns[*target_].kind == ColumnKind::number;
      if (encoder.classes_.size() < 2)
        throw Error(ErrorCode::data,
                    "needs at least two classes, got " +
                        (encoder.classes_.empty() ? std::string("none") : "only " + quoted(encoder.classes_[0])),
                    Place{source_.name(), 0, 0, options_.target});
    }
    encoder.report_.left_out = std::move(left_out_);
    for (std::size_t i = 0; i < facts_.size(); ++i) {
      const bool used =
          i == target_ || i == weight_ || std::find(features_.begin(), features_.end(), i) != features_.end();
      if (!used || facts_[i].num_rounded == 0 || schema_.columns[i].kind != ColumnKind::number) continue;
      encoder.report_.rounded.push_back({schema_.columns[i].name, descent::to_text(facts_[i].first_rounded)});
    }
    encoder.report_.rows = rows_;
    encoder.report_.rows_dropped = rows_dropped_;
    encoder.options_ = std::move(options_);
    encoder.name_features();
    return encoder;
  }

  [[nodiscard]] static std::vector<std::string> sorted_levels(const Gathered& gathered) {
    std::vector<std::string> levels;
    for (const auto& [value, count] : gathered.values) levels.push_back(number_text(value));
    for (const auto& [text, count] : gathered.texts) levels.push_back(text);
    if (gathered.values.empty()) std::sort(levels.begin(), levels.end());
    return levels;
  }

  [[nodiscard]] Error twice(const std::string& name, const char* what) const {
    return {ErrorCode::usage, std::string("cannot be ") + what, Place{source_.name(), 0, 0, name}};
  }
  [[nodiscard]] Place place(std::size_t i, const Place ColumnFacts::*where) const {
    if (!facts_.empty() && (facts_[i].*where).line > 0) return facts_[i].*where;
    return {source_.name(), 0, 0, schema_.columns[i].name};
  }
  [[nodiscard]] Error not_a_number(std::size_t i) const {
    const std::string& name = schema_.columns[i].name;
    const Place whole{source_.name(), 0, 0, name};
    if (facts_.empty() || facts_[i].num_texts == 0) return {ErrorCode::data, "expected numbers, got text", whole};
    const bool may_be_names = i != weight_ && (i != target_ || options_.target_kind != TargetKind::number);
    if (facts_[i].spoilt_numbers())
      return not_a_number_error(facts_[i], may_be_names ? "if these are names: --categorical " + name : "");
    return {ErrorCode::data,
            "expected a number, got " + quoted(facts_[i].first_text_value) +
                (i == target_ ? " (a target of names wants a loss for classes: --loss log_loss)" : ""),
            facts_[i].first_text};
  }
  [[nodiscard]] Error missing(std::size_t i, const std::string& hint) const {
    const std::uint64_t count = gathered_[i].missing;
    return {ErrorCode::data,
            "a value is missing" +
                (count > 1 ? ", the first of " + std::to_string(count) + " in " + std::to_string(rows_) + " rows"
                           : std::string{}) +
                " (" + hint + ")",
            place(i, &ColumnFacts::first_missing)};
  }
  [[nodiscard]] Error too_many_levels(std::size_t i, const std::string& hint) const {
    return {ErrorCode::data,
            "more than " + std::to_string(options_.max_levels) + " different values to tell apart (" + hint + ")",
            Place{source_.name(), 0, 0, schema_.columns[i].name}};
  }

  BatchSource& source_;
  const Schema& schema_;
  EncodeOptions options_;
  std::vector<ColumnFacts> facts_;
  bool named_ = false;
  std::vector<std::size_t> features_;
  std::optional<std::size_t> target_, weight_;
  bool target_has_classes_ = false;
  std::vector<Gathered> gathered_;
  std::optional<std::pair<double, Place>> first_negative_weight_;
  std::uint64_t rows_ = 0, rows_dropped_ = 0;
  std::vector<EncodeReport::Note> left_out_;
};

Encoder Encoder::fit(BatchSource& source, EncodeOptions options) {
  return EncoderFit(source, std::move(options)).run();
}

}  // namespace descent::data

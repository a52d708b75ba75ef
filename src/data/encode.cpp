#include "descent/data/encode.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "descent/core/text.hpp"

namespace descent::data {
namespace {

const char* to_text(MissingPolicy policy) {
  switch (policy) {
    case MissingPolicy::error: return "error";
    case MissingPolicy::drop: return "drop";
    case MissingPolicy::mean: return "mean";
  }
  return "";
}

MissingPolicy parse_missing(const std::string& text) {
  for (const MissingPolicy policy : {MissingPolicy::error, MissingPolicy::drop, MissingPolicy::mean})
    if (text == to_text(policy)) return policy;
  throw Error(ErrorCode::model, "allowed error, drop, mean, got " + quoted(text), "encoder.missing");
}

}  // namespace

Task Encoder::task() const {
  if (classes_.empty()) return Task::regression;
  return classes_.size() == 2 ? Task::binary : Task::multiclass;
}

CsvOptions Encoder::read_options(CsvOptions base) const {
  for (const ColumnEncoding& input : inputs_)
    if (input.categorical && !input.from_numbers) base.text_columns.push_back(input.column);
  if (!classes_.empty() && !classes_from_numbers_) base.text_columns.push_back(options_.target);
  return base;
}

void Encoder::name_features() {
  feature_names_.clear();
  const std::size_t first_level = options_.one_hot == OneHot::drop_first ? 1 : 0;
  for (const ColumnEncoding& input : inputs_) {
    if (!input.categorical) feature_names_.push_back(input.column);
    for (std::size_t level = first_level; level < input.levels.size(); ++level)
      feature_names_.push_back(input.column + "=" + input.levels[level]);
  }
  std::set<std::string_view> seen;
  for (const std::string& name : feature_names_)
    if (!seen.insert(name).second)
      throw Error(ErrorCode::usage, "two features would have the name '" + name + "'; rename a column");
}

void Encoder::save(ArchiveWriter& archive) const {
  archive.put_text("target", options_.target);
  archive.put_text("weight", options_.weight);
  archive.put_text("missing", to_text(options_.missing));
  archive.put_flag("drop_first_level", options_.one_hot == OneHot::drop_first);
  archive.put_texts("classes", classes_);
  archive.put_flag("classes_from_numbers", classes_from_numbers_);
  archive.put_integer("num_inputs", static_cast<long long>(inputs_.size()));
  archive.begin("inputs");
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    archive.begin(std::to_string(i + 1));  // names of columns may hold anything
    archive.put_text("column", inputs_[i].column);
    archive.put_flag("categorical", inputs_[i].categorical);
    if (inputs_[i].categorical) {
      archive.put_flag("from_numbers", inputs_[i].from_numbers);
      archive.put_texts("levels", inputs_[i].levels);
    } else {
      archive.put_number("mean", inputs_[i].mean);
    }
    archive.end();
  }
  archive.end();
}

Encoder Encoder::load(ArchiveReader& archive) {
  Encoder encoder;
  encoder.options_.target = archive.text("target");
  encoder.options_.weight = archive.text("weight");
  encoder.options_.missing = parse_missing(archive.text("missing"));
  encoder.options_.one_hot = archive.flag("drop_first_level") ? OneHot::drop_first : OneHot::full;
  encoder.classes_ = archive.texts("classes");
  encoder.classes_from_numbers_ = archive.flag("classes_from_numbers");
  encoder.options_.target_kind = encoder.classes_.empty() ? TargetKind::number : TargetKind::classes;
  if (encoder.classes_.size() == 1)
    throw Error(ErrorCode::model, "allowed none or at least two, got one", "encoder.classes");
  const long long num_inputs = archive.integer("num_inputs");
  archive.enter("inputs");
  for (long long i = 1; i <= num_inputs; ++i) {
    archive.enter(std::to_string(i));
    ColumnEncoding input;
    input.column = archive.text("column");
    input.categorical = archive.flag("categorical");
    if (input.categorical) {
      input.from_numbers = archive.flag("from_numbers");
      input.levels = archive.texts("levels");
    } else {
      input.mean = archive.number("mean");
    }
    encoder.options_.features.push_back(input.column);
    if (input.from_numbers) encoder.options_.categorical.push_back(input.column);
    encoder.inputs_.push_back(std::move(input));
    archive.leave();
  }
  archive.leave();
  try {
    encoder.name_features();
  } catch (const Error& error) {
    throw Error(ErrorCode::model, error.message(), "encoder.inputs");
  }
  return encoder;
}

}  // namespace descent::data

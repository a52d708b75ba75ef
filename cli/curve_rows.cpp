#include "cli/curve_rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"

namespace descent::cli {

std::shared_ptr<curve::CurveRows> read_curve_rows(BatchSource& encoded, const curve::Curve& curve,
                                                  const std::string& sigma) {
  auto rows = std::make_shared<curve::CurveRows>();
  rows->names = curve.formula.columns();
  rows->columns.resize(rows->names.size());
  std::size_t count = 0;
  Batch batch;
  encoded.rewind();
  while (encoded.next(batch)) {
    for (std::size_t j = 0; j < encoded.schema().columns.size(); ++j) {
      const std::string& name = encoded.schema().columns[j].name;
      const auto& numbers = batch.columns[j].numbers;
      if (name == sigma) rows->sigma.insert(rows->sigma.end(), numbers.begin(), numbers.end());
      const auto at = std::find(rows->names.begin(), rows->names.end(), name);
      if (at == rows->names.end()) continue;
      auto& column = rows->columns[static_cast<std::size_t>(at - rows->names.begin())];
      column.insert(column.end(), numbers.begin(), numbers.end());
    }
    count += batch.num_rows;
  }
  for (auto& column : rows->columns) column.resize(count, std::numeric_limits<double>::quiet_NaN());  // not used
  return rows;
}

std::string place_of_row(data::TableSource& source, const std::vector<std::string>& columns, std::size_t row) {
  std::vector<std::size_t> places;
  for (const std::string& name : columns)
    if (const auto at = source.schema().find(name)) places.push_back(*at);
  source.rewind();
  Batch batch;
  std::size_t seen = 0;
  while (source.next(batch))
    for (std::size_t i = 0; i < batch.num_rows; ++i) {
      const bool missing = std::any_of(places.begin(), places.end(), [&](std::size_t j) {
        return !batch.columns[j].numbers.empty() && std::isnan(batch.columns[j].numbers[i]);
      });
      if (missing || seen++ < row) continue;
      const Place place = source.place(i, 0);
      return to_text(Place{.file = place.file, .line = place.line, .column = 0, .name = {}});
    }
  return source.name();
}

std::shared_ptr<curve::CurveRows> rows_to_evaluate(const LoadedModel& model, data::TableSource& source) {
  const curve::Curve& curve = model.curve->curve();
  for (const std::string& name : curve.response_columns)
    if (!source.schema().find(name))
      throw Error(ErrorCode::data,
                  "the left side " + curve.response_text + " needs the column '" + name + "'" +
                      did_you_mean(name, source.schema().names()),
                  source.name());
  // The inputs through the model's own encoder, the left side through one that knows no more than these rows.
  const auto inputs = model.encoder.apply(source, {.with_target = false, .with_weight = false, .keep_all_rows = true});
  const auto rows = read_curve_rows(*inputs, curve, {});
  data::EncodeOptions left{.features = curve.response_columns};
  if (model.encoder.options().missing != data::MissingPolicy::error) left.missing = data::MissingPolicy::drop;
  const data::Encoder encoder = data::Encoder::fit(source, left);
  const auto responses = encoder.apply(source, {.keep_all_rows = true});
  const auto truth = read_curve_rows(*responses, curve, {});
  std::vector<std::size_t> used;
  for (std::size_t j = 0; j < rows->names.size(); ++j) {
    const auto is_in = [&](const std::vector<std::string>& names) {
      return std::find(names.begin(), names.end(), rows->names[j]) != names.end();
    };
    if (is_in(curve.response_columns)) rows->columns[j] = truth->columns[j];
    if (is_in(curve.response_columns) || is_in(curve.inputs)) used.push_back(j);
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < rows->size(); ++i) {
    if (std::any_of(used.begin(), used.end(), [&](std::size_t j) { return std::isnan(rows->columns[j][i]); })) continue;
    for (auto& column : rows->columns) column[kept] = column[i];
    ++kept;
  }
  for (auto& column : rows->columns) column.resize(kept);
  std::vector<std::string> complete = curve.response_columns;
  if (model.encoder.options().missing == data::MissingPolicy::drop)
    complete.insert(complete.end(), curve.inputs.begin(), curve.inputs.end());
  rows->place = [&source, complete](std::size_t row) { return place_of_row(source, complete, row); };
  return rows;
}

}  // namespace descent::cli

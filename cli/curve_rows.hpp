// The rows of csv files as a curve reads them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/model_file.hpp"
#include "descent/core/batch_source.hpp"
#include "descent/curve/objective.hpp"
#include "descent/data/encode.hpp"
#include "descent/data/table_source.hpp"

namespace descent::cli {

/// All columns that the curve and `sigma` (empty = none) use; those of `encoded`, which has no others.
[[nodiscard]] std::shared_ptr<curve::CurveRows> read_curve_rows(BatchSource& encoded, const curve::Curve& curve,
                                                                const std::string& sigma);

/// Where the `row`-th of the rows without a missing value in `columns` stands: `obs.csv:9`. Reads up to there again.
[[nodiscard]] std::string place_of_row(data::TableSource& source, const std::vector<std::string>& columns,
                                       std::size_t row);

/// The rows that a fitted curve is compared with whose left side is a formula, which no encoder has as its target:
/// missing values as the model has them, rows without a left side as rows without a target.
[[nodiscard]] std::shared_ptr<curve::CurveRows> rows_to_evaluate(const LoadedModel& model, data::TableSource& source);

}  // namespace descent::cli

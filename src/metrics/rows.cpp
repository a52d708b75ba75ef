#include "src/metrics/rows.hpp"

#include <cmath>
#include <string>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"

namespace descent::metrics {

double check_rows(View truth, View values, std::size_t columns, View weights, const char* metric) {
  if (truth.empty()) throw Error(ErrorCode::data, "there are no rows to judge", metric);
  if (columns == 0) throw Error(ErrorCode::usage, "the number of classes must be at least 1, got 0", metric);
  if (values.size() % columns != 0 || values.size() / columns != truth.size())
    throw Error(ErrorCode::usage,
                "expected " + std::to_string(columns) + " predicted value(s) for each of " +
                    std::to_string(truth.size()) + " rows, got " + std::to_string(values.size()),
                metric);
  if (weights.empty()) return static_cast<double>(truth.size());
  if (weights.size() != truth.size())
    throw Error(ErrorCode::usage,
                "expected one weight for each of " + std::to_string(truth.size()) + " rows, got " +
                    std::to_string(weights.size()),
                metric);
  for (std::size_t i = 0; i < weights.size(); ++i)
    if (!(weights[i] >= 0.0) || std::isinf(weights[i]))
      throw Error(ErrorCode::data,
                  "row " + std::to_string(i) + ": expected a weight >= 0, got " + number_text(weights[i]), metric);
  const double total = lane_sum(weights.size(), [&](std::size_t i) { return weights[i]; });
  if (total == 0.0) throw Error(ErrorCode::data, "all weights are 0", metric);
  return total;
}

std::size_t class_code(View codes, std::size_t i, std::size_t num_classes, const char* metric) {
  const double code = codes[i];
  if (!(code >= 0.0 && code < static_cast<double>(num_classes)) || code != std::floor(code))
    throw Error(ErrorCode::data,
                "row " + std::to_string(i) + ": expected a class code in 0.." + std::to_string(num_classes - 1) +
                    ", got " + number_text(code),
                metric);
  return static_cast<std::size_t>(code);
}

}  // namespace descent::metrics

#include "src/linear/separation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace descent::linear {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The values of one column in the rows of one class, or of several.
struct Range {
  double low = kInfinity;
  double high = -kInfinity;

  [[nodiscard]] bool empty() const { return low > high; }
  void add(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  void add(const Range& other) {
    low = std::min(low, other.low);
    high = std::max(high, other.high);
  }
};

/// Of every class, the range of the classes before it and after it.
std::vector<Range> ranges_of_others(const std::vector<Range>& own) {
  std::vector<Range> result(own.size());
  Range before, after;
  for (std::size_t k = 0; k < own.size(); ++k) {
    result[k].add(before);
    before.add(own[k]);
    const std::size_t last = own.size() - 1 - k;
    result[last].add(after);
    after.add(own[last]);
  }
  return result;
}

}  // namespace

std::optional<double> smallest_margin(View scores, std::size_t outputs, View targets, View weights) {
  double smallest = INFINITY;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (!weights.empty() && weights[i] == 0.0) continue;
    double margin = INFINITY;
    if (outputs == 1) {
      margin = targets[i] * scores[i];
    } else {
      const View row = scores.subspan(i * outputs, outputs);
      const auto own = static_cast<std::size_t>(targets[i]);
      for (std::size_t k = 0; k < outputs; ++k)
        if (k != own) margin = std::min(margin, row[own] - row[k]);
    }
    if (!(margin > 0.0)) return std::nullopt;
    smallest = std::min(smallest, margin);
  }
  if (!(smallest < INFINITY)) return std::nullopt;
  return smallest;
}

std::vector<SeparatingColumn> separating_columns(const DenseRows& rows, View codes, std::size_t num_classes,
                                                 bool intercept) {
  const std::size_t features = rows.num_features();
  const View weights = rows.weights();
  std::vector<Range> ranges(num_classes * features);
  for (std::size_t i = 0; i < rows.num_rows(); ++i) {
    if (!weights.empty() && weights[i] == 0.0) continue;
    Range* of_class = ranges.data() + static_cast<std::size_t>(codes[i]) * features;
    const double* row = rows.row(i);
    for (std::size_t j = 0; j < features; ++j) of_class[j].add(row[j]);
  }
  std::vector<SeparatingColumn> result;
  std::vector<Range> own(num_classes);
  for (std::size_t j = 0; j < features; ++j) {
    for (std::size_t k = 0; k < num_classes; ++k) own[k] = ranges[k * features + j];
    const std::vector<Range> others = ranges_of_others(own);
    // Of two classes one says all about the other.
    for (std::size_t k = num_classes == 2 ? 1 : 0; k < num_classes; ++k) {
      const Range &a = own[k], &b = others[k];
      if (a.empty() || b.empty()) continue;
      const bool above = b.high <= a.low && b.low < a.high && (intercept || (b.high <= 0.0 && 0.0 <= a.low));
      const bool below = a.high <= b.low && a.low < b.high && (intercept || (a.high <= 0.0 && 0.0 <= b.low));
      if (above || below)
        result.push_back({.feature = j,
                          .class_index = k,
                          .above = above,
                          .edge = above ? a.low : a.high,
                          .others_edge = above ? b.high : b.low});
    }
  }
  return result;
}

void to_data_units(const Scaling& scaling, std::vector<SeparatingColumn>& columns) {
  if (!scaling.active()) return;
  for (SeparatingColumn& column : columns) {
    const double mean = scaling.means[column.feature], scale = scaling.scales[column.feature];
    column.edge = column.edge * scale + mean;
    column.others_edge = column.others_edge * scale + mean;
  }
}

}  // namespace descent::linear

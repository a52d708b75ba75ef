// The rows a network learns from, in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "descent/core/batch_source.hpp"
#include "descent/core/span.hpp"

namespace descent::nn {

/// Encoded rows [rows x features], row after row, with targets and weights.
struct Table {
  std::size_t num_rows = 0;
  std::size_t num_features = 0;
  std::vector<double> features;
  std::vector<double> targets;  ///< codes of `levels` for a class target
  std::vector<double> weights;  ///< empty when every row counts once
  std::vector<std::string> feature_names;
  std::string target_name;  ///< empty without a target
  std::vector<std::string> levels;

  [[nodiscard]] const double* row(std::size_t i) const { return features.data() + i * num_features; }

  /// Reads `source` from its present position to its end. Throws: Error(data) naming row and column for a value that is
  /// missing or not finite, a negative weight, no row at all, or weights that are all zero.
  [[nodiscard]] static Table read(BatchSource& source);
  /// Takes the rows named (rising order) out into a new table; the others close up in order.
  [[nodiscard]] Table split_off(std::span<const std::uint32_t> rows);
};

/// x~_j = (x_j - mean_j) / scale_j; empty vectors: as it is.
struct Standardization {
  std::vector<double> means;
  std::vector<double> scales;  ///< population standard deviations; 1 for a column that is constant

  [[nodiscard]] bool active() const { return !scales.empty(); }
  /// Rows of means.size() elements, one after the other.
  void apply(MutableView rows) const;
};

/// Weighted means and population standard deviations of the features, or of the target alone.
/// A column whose deviation is below 1e-14 of its mean is constant.
[[nodiscard]] Standardization measure_features(const Table& table);
[[nodiscard]] Standardization measure_target(const Table& table);

}  // namespace descent::nn

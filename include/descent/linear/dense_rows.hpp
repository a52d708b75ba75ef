// Encoded rows in memory: the one copy of the data that a fit holds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "descent/core/aligned_buffer.hpp"
#include "descent/core/batch_source.hpp"
#include "descent/core/span.hpp"

namespace descent::linear {

/// Rows [rows x features] in row-major order, with targets and weights.
///
/// Kept in pieces of a whole number of blocks of 256 rows (about 2 MiB each), so that reading a source of unknown
/// length never copies what was already read. A row may be read up to 15 elements past its end (the next row, or
/// zeros): kernels need no tails.
class DenseRows {
 public:
  DenseRows() = default;
  explicit DenseRows(std::size_t num_features);

  /// Reads `source` from its present position to its end: feature columns in schema order, the target and the weight
  /// column when there are any. Throws: Error(data) naming row and column for a value that is missing or not finite, a
  /// negative weight, no row at all, or weights that are all zero.
  [[nodiscard]] static DenseRows read(BatchSource& source);

  /// Appends one row. `row` has num_features() elements.
  void append(View row, double target = 0.0, double weight = 1.0);

  [[nodiscard]] std::size_t num_rows() const { return num_rows_; }
  [[nodiscard]] std::size_t num_features() const { return num_features_; }
  [[nodiscard]] const double* row(std::size_t i) const {
    return pieces_[i / rows_per_piece_].data() + (i % rows_per_piece_) * num_features_;
  }
  [[nodiscard]] double* mutable_row(std::size_t i) { return const_cast<double*>(row(i)); }
  /// Rows begin..end-1, which lie in one block of 256. // shape = [end - begin x features], stride = features
  [[nodiscard]] MatrixView block(std::size_t begin, std::size_t end) const {
    return {row(begin), end - begin, num_features_, num_features_};
  }

  [[nodiscard]] View targets() const { return targets_; }  ///< codes of the levels for a class target
  [[nodiscard]] MutableView mutable_targets() { return targets_; }
  [[nodiscard]] View weights() const { return weights_; }  ///< empty when every row counts once
  void set_weights(std::vector<double> weights);           ///< size = num_rows(), or empty

  [[nodiscard]] bool has_target() const { return has_target_; }
  [[nodiscard]] const std::vector<std::string>& feature_names() const { return feature_names_; }
  [[nodiscard]] const std::string& target_name() const { return target_name_; }
  [[nodiscard]] const std::vector<std::string>& levels() const {
    return levels_;
  }  ///< of the target; empty for numbers

  /// Moves the rows named (rising order) into a new object; the others close up in order.
  [[nodiscard]] DenseRows split_off(std::span<const std::uint32_t> rows);

 private:
  void grow();
  std::size_t num_rows_ = 0;
  std::size_t num_features_ = 0;
  std::size_t rows_per_piece_ = 256;
  std::vector<AlignedBuffer<double>> pieces_;
  std::vector<double> targets_;
  std::vector<double> weights_;
  std::vector<std::string> feature_names_;
  std::string target_name_;
  std::vector<std::string> levels_;
  bool has_target_ = false;
};

}  // namespace descent::linear

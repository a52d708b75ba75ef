// Standardising inside a learner, and the way back to the data's own units.
#pragma once

#include <cstddef>
#include <vector>

#include "descent/core/span.hpp"
#include "descent/linear/dense_rows.hpp"
#include "descent/parallel/pool.hpp"

namespace descent::linear {

/// x~_j = (x_j - mean_j) / scale_j. Empty vectors: nothing was done.
struct Scaling {
  std::vector<double> means;   ///< 0 when there is no intercept to take them up
  std::vector<double> scales;  ///< population standard deviations; 1 for a column that is constant

  [[nodiscard]] bool active() const { return !scales.empty(); }
};

/// Weighted means and population standard deviations over the rows. A column whose deviation is below 1e-14 of its
/// largest magnitude is constant. Without `center` the means are 0 and the scales are root mean squares.
[[nodiscard]] Scaling measure(const DenseRows& rows, bool center, parallel::Pool* pool);
void apply(const Scaling& scaling, DenseRows& rows);

/// Parameters are laid out as [outputs x features] coefficients, then `outputs` intercepts (when there are any).
/// standardised -> data units: w_j = w~_j / scale_j, b = b~ - sum_j w_j mean_j; and the inverse.
[[nodiscard]] std::vector<double> to_data_units(const Scaling& scaling, View parameters, std::size_t outputs);
[[nodiscard]] std::vector<double> to_standardized(const Scaling& scaling, View parameters, std::size_t outputs);

}  // namespace descent::linear

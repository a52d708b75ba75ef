// How far predicted numbers are from the true ones.
//
// All take `truth` and `prediction` of the same size, and `weights` >= 0 of that size or empty (1 each). Sums have the
// shape of simd/reduce.hpp (16 virtual lanes), so the bits are the same everywhere.
// Throws: Error(usage) when sizes differ; Error(data) when there are no rows, a weight is negative or not finite, or
// all weights are 0. Values that are not finite are carried through. Differs: from scikit-learn 1.2 in nothing but the
// order of summation.
#pragma once

#include "descent/core/span.hpp"

namespace descent::metrics {

/// Mean squared error: sum_i w_i (t_i - p_i)^2 / sum_i w_i.
[[nodiscard]] double mse(View truth, View prediction, View weights = {});

/// Square root of mse, in the unit of the target.
[[nodiscard]] double rmse(View truth, View prediction, View weights = {});

/// Mean absolute error: sum_i w_i |t_i - p_i| / sum_i w_i.
[[nodiscard]] double mae(View truth, View prediction, View weights = {});

/// Share of the variance that is explained: 1 - sum_i w_i (t_i - p_i)^2 / sum_i w_i (t_i - mean)^2.
/// 1 is perfect, 0 is no better than the mean, below 0 is worse than it. When the target is constant: 1 for a perfect
/// prediction, 0 otherwise. NaN for fewer than two rows.
[[nodiscard]] double r2(View truth, View prediction, View weights = {});

}  // namespace descent::metrics

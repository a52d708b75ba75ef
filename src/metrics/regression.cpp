#include "descent/metrics/regression.hpp"

#include <cmath>
#include <limits>

#include "src/metrics/rows.hpp"

namespace descent::metrics {
namespace {

double sum_of_squares(View truth, View prediction, View weights) {
  return lane_sum(truth.size(), [&](std::size_t i) {
    const double r = truth[i] - prediction[i];
    return weight_at(weights, i) * (r * r);
  });
}

}  // namespace

double mse(View truth, View prediction, View weights) {
  const double total = check_rows(truth, prediction, 1, weights, "mse");
  return sum_of_squares(truth, prediction, weights) / total;
}

double rmse(View truth, View prediction, View weights) {
  const double total = check_rows(truth, prediction, 1, weights, "rmse");
  return std::sqrt(sum_of_squares(truth, prediction, weights) / total);
}

double mae(View truth, View prediction, View weights) {
  const double total = check_rows(truth, prediction, 1, weights, "mae");
  return lane_sum(truth.size(),
                  [&](std::size_t i) { return weight_at(weights, i) * std::fabs(truth[i] - prediction[i]); }) /
         total;
}

double r2(View truth, View prediction, View weights) {
  const double total = check_rows(truth, prediction, 1, weights, "r2");
  if (truth.size() < 2) return std::numeric_limits<double>::quiet_NaN();
  const double mean = lane_sum(truth.size(), [&](std::size_t i) { return weight_at(weights, i) * truth[i]; }) / total;
  const double around_mean = lane_sum(truth.size(), [&](std::size_t i) {
    const double d = truth[i] - mean;
    return weight_at(weights, i) * (d * d);
  });
  const double residual = sum_of_squares(truth, prediction, weights);
  if (around_mean == 0.0) {
    if (std::isnan(residual)) return residual;
    return residual == 0.0 ? 1.0 : 0.0;
  }
  return 1.0 - residual / around_mean;
}

}  // namespace descent::metrics

#include "descent/linear/scaling.hpp"

#include <algorithm>
#include <cmath>

#include "descent/parallel/reduce.hpp"

namespace descent::linear {
namespace {

/// Mean and deviation of a column whose squares leave the range of doubles: the same sums, in units of its largest
/// value.
void measure_extreme(const DenseRows& rows, std::size_t j, bool center, Scaling& scaling) {
  double largest = 0.0, total = 0.0, sum = 0.0, squares = 0.0;
  for (std::size_t i = 0; i < rows.num_rows(); ++i) largest = std::max(largest, std::fabs(rows.row(i)[j]));
  if (largest == 0.0) return;
  const double unit = std::ldexp(1.0, std::clamp(std::ilogb(largest), -1000, 1000));
  const auto weight = [&](std::size_t i) { return rows.weights().empty() ? 1.0 : rows.weights()[i]; };
  for (std::size_t i = 0; i < rows.num_rows(); ++i) {
    sum += weight(i) * (rows.row(i)[j] / unit);
    total += weight(i);
  }
  const double mean = center ? sum / total : 0.0;
  for (std::size_t i = 0; i < rows.num_rows(); ++i) {
    const double deviation = rows.row(i)[j] / unit - mean;
    squares += weight(i) * (deviation * deviation);
  }
  const double deviation = std::sqrt(squares / total);
  scaling.means[j] = mean * unit;
  if (deviation > 1e-14 * std::fabs(mean)) scaling.scales[j] = deviation * unit;
}

}  // namespace

Scaling measure(const DenseRows& rows, bool center, parallel::Pool* pool) {
  const std::size_t features = rows.num_features();
  const View weights = rows.weights();
  const auto weight = [&](std::size_t i) { return weights.empty() ? 1.0 : weights[i]; };

  // Means first, squares of deviations after: one pass with sums of squares would lose all digits of a column whose
  // mean is large against its spread (years, for example).
  std::vector<double> sums(features + 1);
  parallel::reduce_rows(pool, rows.num_rows(), sums,
                        [&](std::size_t begin, std::size_t end, std::span<double> partial) {
                          for (std::size_t i = begin; i < end; ++i) {
                            const double* row = rows.row(i);
                            for (std::size_t j = 0; j < features; ++j) partial[j] += weight(i) * row[j];
                            partial[features] += weight(i);
                          }
                        });
  const double total = sums[features];
  Scaling scaling;
  scaling.means.assign(features, 0.0);
  if (center)
    for (std::size_t j = 0; j < features; ++j) scaling.means[j] = sums[j] / total;

  std::vector<double> squares(features);
  parallel::reduce_rows(pool, rows.num_rows(), squares,
                        [&](std::size_t begin, std::size_t end, std::span<double> partial) {
                          for (std::size_t i = begin; i < end; ++i) {
                            const double* row = rows.row(i);
                            for (std::size_t j = 0; j < features; ++j) {
                              const double deviation = row[j] - scaling.means[j];
                              partial[j] += weight(i) * (deviation * deviation);
                            }
                          }
                        });
  scaling.scales.assign(features, 1.0);
  for (std::size_t j = 0; j < features; ++j) {
    if (!(squares[j] == 0.0 || (squares[j] > 1e-270 && std::isfinite(squares[j]))) ||
        (squares[j] == 0.0 && scaling.means[j] != 0.0 && std::fabs(scaling.means[j]) < 1e-140) ||
        !std::isfinite(scaling.means[j])) {
      measure_extreme(rows, j, center, scaling);
      continue;
    }
    const double deviation = std::sqrt(squares[j] / total);
    // The rounding of a constant column's mean leaves a deviation of some 1e-16 of it; that is not a spread.
    if (deviation > 1e-14 * std::fabs(scaling.means[j])) scaling.scales[j] = deviation;
  }
  return scaling;
}

void apply(const Scaling& scaling, DenseRows& rows) {
  if (!scaling.active()) return;
  const std::size_t features = rows.num_features();
  for (std::size_t i = 0; i < rows.num_rows(); ++i) {
    double* row = rows.mutable_row(i);
    for (std::size_t j = 0; j < features; ++j) row[j] = (row[j] - scaling.means[j]) / scaling.scales[j];
  }
}

std::vector<double> to_data_units(const Scaling& scaling, View parameters, std::size_t outputs) {
  std::vector<double> result(parameters.begin(), parameters.end());
  if (!scaling.active()) return result;
  const std::size_t features = scaling.scales.size();
  const bool intercept = parameters.size() > outputs * features;
  for (std::size_t k = 0; k < outputs; ++k) {
    double shift = 0.0;
    for (std::size_t j = 0; j < features; ++j) {
      double& w = result[k * features + j];
      w /= scaling.scales[j];
      shift += w * scaling.means[j];
    }
    if (intercept) result[outputs * features + k] -= shift;
  }
  return result;
}

std::vector<double> to_standardized(const Scaling& scaling, View parameters, std::size_t outputs) {
  std::vector<double> result(parameters.begin(), parameters.end());
  if (!scaling.active()) return result;
  const std::size_t features = scaling.scales.size();
  const bool intercept = parameters.size() > outputs * features;
  for (std::size_t k = 0; k < outputs; ++k) {
    double shift = 0.0;
    for (std::size_t j = 0; j < features; ++j) {
      double& w = result[k * features + j];
      shift += w * scaling.means[j];
      w *= scaling.scales[j];
    }
    if (intercept) result[outputs * features + k] += shift;
  }
  return result;
}

}  // namespace descent::linear

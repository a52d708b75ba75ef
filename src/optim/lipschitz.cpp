#include "src/optim/lipschitz.hpp"

#include <algorithm>
#include <cmath>

#include "descent/simd/axpy.hpp"

namespace descent {
namespace {

constexpr double kRounding = 0x1p-45;  // of a batch's value, below which a fall says nothing
constexpr double kLargest = 0x1p100;

}  // namespace

std::optional<double> LipschitzEstimate::curvature(std::span<const std::uint32_t> rows, double m, double value,
                                                   View x) {
  simd::linear_combination(1.0, x, -1.0 / m, gradient_, moved_);
  run_.region().project(moved_);
  double slope = 0.0, squared = 0.0;
  for (std::size_t i = 0; i < moved_.size(); ++i) {
    const double d = moved_[i] - x[i];
    slope += gradient_[i] * d;
    squared += d * d;
  }
  if (!(slope < -kRounding * std::fabs(value))) return std::nullopt;
  run_.count_value();
  const double there = run_.objective_time().time([&] { return objective_.evaluate_rows(rows, moved_, {}); });
  return 2.0 * (there - value - slope) / squared;
}

void LipschitzEstimate::look(std::span<const std::uint32_t> rows, double weight, View x) {
  const double value = run_.objective_time().time([&] { return objective_.evaluate_rows(rows, x, gradient_); });
  run_.count_evaluations(1);
  if (!std::isfinite(value) || !std::isfinite(largest_component(gradient_))) return;  // the loop will meet it
  for (double m = value_ / weight; m > 1.0 / kLargest && m < kLargest;) {
    const auto measured = curvature(rows, m, value, x);
    if (!measured) return;
    const bool is_below = *measured <= (1.0 + 0x1p-10) * m;
    if (is_below && (seen_ || *measured >= 0.8 * m)) break;
    // Values that are not finite are too far.
    m = is_below ? std::max(*measured, 0.125 * m) : std::isfinite(*measured) ? std::max(*measured, 1.25 * m) : 2.0 * m;
    value_ = weight * m;
  }
  seen_ = true;
}

}  // namespace descent

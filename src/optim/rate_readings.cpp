// What to read off a curve of loss against rate.
#include <algorithm>
#include <cmath>

#include "descent/optim/rate_range.hpp"

namespace descent {
namespace {

constexpr double kSame = 0.01;  // of the whole fall
constexpr double kBegun = 0.1;

}  // namespace

RateReadings read_rate_curve(std::span<const RatePoint> points, double start_loss, double floor) {
  RateReadings readings;
  std::size_t lowest = points.size();
  for (std::size_t k = 0; k < points.size(); ++k)
    if (std::isfinite(points[k].smoothed) && (lowest == points.size() || points[k].smoothed < points[lowest].smoothed))
      lowest = k;
  if (lowest == points.size()) return readings;
  const double least = points[lowest].smoothed, fall = start_loss - least;
  if (!(fall > floor)) return readings;
  for (std::size_t k = lowest + 1; k < points.size(); ++k)
    if (points[k].smoothed <= least + kSame * fall) lowest = k;
  readings.lowest = points[lowest].rate;
  readings.tenth = points[lowest].rate / 10.0;

  std::size_t steepest = 0;
  double steepest_fall = start_loss - points[0].smoothed;
  for (std::size_t k = 1; k <= lowest; ++k) {
    const double here = points[k - 1].smoothed - points[k].smoothed;
    if (here <= steepest_fall) continue;
    steepest = k;
    steepest_fall = here;
  }
  readings.steepest = points[steepest].rate;

  std::size_t begun = lowest;
  while (begun > 0 && start_loss - points[begun - 1].smoothed >= kBegun * fall) --begun;
  readings.valley = std::sqrt(points[begun].rate) * std::sqrt(points[lowest].rate);
  return readings;
}

}  // namespace descent

#include "src/report/levels.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "descent/core/elementary.hpp"

namespace descent::report {
namespace {

double log10_of(double value) {
  constexpr double kLn10 = 2.302585092994045684;
  return math::log(value) / kLn10;
}

double quantile(std::vector<double>& values, double fraction) {
  const auto nth = values.begin() + static_cast<std::ptrdiff_t>(fraction * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), nth, values.end());
  return *nth;
}

/// The smallest of 1, 2, 2.5, 5 times a power of ten that is at least `step`.
double round_up(double step) {
  const double power = math::pow(10.0, std::floor(log10_of(step)));
  for (const double factor : {1.0, 2.0, 2.5, 5.0})
    if (factor * power >= step) return factor * power;
  return 10.0 * power;
}

/// Multiples of `step` in [low, high], at least two.
std::vector<double> multiples(double low, double high, double step) {
  std::vector<double> values;
  const double first = std::ceil(low / step);
  const double count = std::floor((high - low) / step) + 1.0;
  for (double i = 0.0; i < count && (first + i) * step <= high; i += 1.0) values.push_back((first + i) * step);
  if (values.size() < 2) values = {low, high};
  return values;
}

}  // namespace

Levels choose_levels(View z, View seen, std::size_t count) {
  std::vector<double> finite;
  double low = std::numeric_limits<double>::infinity();
  for (const double value : z)
    if (std::isfinite(value)) finite.push_back(value);
  for (const double value : seen)
    if (std::isfinite(value)) low = std::min(low, value);
  if (finite.empty()) return {.values = {0.0, 1.0}, .base = {}};

  const double high = *std::max_element(finite.begin(), finite.end());
  const double span = high - low;
  if (!(span > 0.0)) return {.values = {low - 0.5, low + 0.5}, .base = {}};
  const double intervals = static_cast<double>(count);
  const bool use_log = !std::isfinite(span) || span > 10.0 * (quantile(finite, 0.5) - low);
  if (!use_log) return {.values = multiples(low, high, round_up(span / intervals)), .base = {}};

  // Zero makes round levels, when it is as good a base as the lowest value.
  const double base = low >= 0.0 && low <= 1e-3 * quantile(finite, 0.5) ? 0.0 : low;
  const double lowest = std::max({quantile(finite, 0.01) - base, 1e-6 * (quantile(finite, 0.5) - base), 1e-300});
  const double highest = std::min(high - base, std::numeric_limits<double>::max());
  const double decades = log10_of(highest) - log10_of(lowest);
  if (!(decades > 0.0)) return {.values = {base + 0.5 * highest, base + highest}, .base = base};
  Levels levels{.values = multiples(log10_of(lowest), log10_of(highest), round_up(decades / intervals)), .base = base};
  for (double& value : levels.values) value = base + math::pow(10.0, value);
  return levels;
}

double on_level_scale(const ContourFigure& figure, double value) {
  if (!std::isfinite(value)) return std::numeric_limits<double>::quiet_NaN();
  if (!figure.level_base) return value;
  // Two decades below the lowest line everything has one colour.
  const double floor = 1e-2 * (figure.levels.front() - *figure.level_base);
  return log10_of(std::max(value - *figure.level_base, floor));
}

}  // namespace descent::report

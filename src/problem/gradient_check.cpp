#include "descent/problem/gradient_check.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"

namespace descent {
namespace {

struct Estimate {
  double slope = std::numeric_limits<double>::quiet_NaN();
  double uncertainty = std::numeric_limits<double>::infinity();
};

/// Ridders' table: central differences for steps that shrink by 1.4, extrapolated in h^2; the entry whose neighbours
/// agree best wins. `f(h)` is the value at distance h along the axis.
template <class F>
Estimate extrapolated_slope(double first_step, const F& f) {
  constexpr std::size_t kSize = 10;
  constexpr double kShrink = 1.4;
  std::array<std::array<double, kSize>, kSize> table{};
  Estimate best;
  double h = first_step;
  std::size_t row = 0;
  for (std::size_t attempt = 0; attempt < 4 * kSize && row < kSize; ++attempt, h /= kShrink) {
    table[0][row] = (f(h) - f(-h)) / (2.0 * h);
    if (!std::isfinite(table[0][row])) {  // outside the domain: come nearer and begin again
      row = 0;
      best = {};
      continue;
    }
    double factor = kShrink * kShrink;
    for (std::size_t j = 1; j <= row; ++j, factor *= kShrink * kShrink) {
      table[j][row] = (table[j - 1][row] * factor - table[j - 1][row - 1]) / (factor - 1.0);
      const double error =
          std::max(std::fabs(table[j][row] - table[j - 1][row]), std::fabs(table[j][row] - table[j - 1][row - 1]));
      if (error <= best.uncertainty) best = {table[j][row], error};
    }
    // Higher orders only get worse once rounding has taken over.
    if (row > 0 && std::fabs(table[row][row] - table[row - 1][row - 1]) >= 2.0 * best.uncertainty &&
        best.uncertainty < 1e-7 * std::fmax(1.0, std::fabs(best.slope)))
      break;
    ++row;
  }
  return best;
}

/// True at a kink, which central differences average away: the slopes on both sides differ, and by as much at a
/// hundredth of the distance, where those of a smooth function differ by a hundredth as much.
template <class F>
bool has_kink(double value, double scale, double tolerance, const F& f) {
  const auto gap = [&](double h) {
    const double right = (f(h) - value) / h;
    const double left = (value - f(-h)) / h;
    return std::fabs(right - left) / std::fmax(1.0, std::fmax(std::fabs(right), std::fabs(left)));
  };
  const double near = 1e-6 * scale;
  const double noise = 16.0 * std::numeric_limits<double>::epsilon() * std::fabs(value) / near;
  const double near_gap = gap(near);
  return near_gap > tolerance + noise && near_gap > 0.1 * gap(100.0 * near);
}

const char* to_text(GradientComponent::Verdict verdict) {
  switch (verdict) {
    case GradientComponent::Verdict::agrees: return "agrees with";
    case GradientComponent::Verdict::differs: return "differs from";
    default: return "cannot be compared with";
  }
}

}  // namespace

double GradientComponent::difference() const {
  return std::fabs(given - numeric) / std::fmax(1.0, std::fmax(std::fabs(given), std::fabs(numeric)));
}

GradientCheck check_gradient(Objective& objective, View x, const GradientCheckOptions& options) {
  const std::size_t n = objective.num_parameters();
  if (x.size() != n)
    throw Error(ErrorCode::usage,
                "expected a point with " + std::to_string(n) + " parameters, got " + std::to_string(x.size()),
                "check_gradient");
  if (!(options.tolerance > 0.0))
    throw Error(ErrorCode::usage, "tolerance must be > 0, got " + number_text(options.tolerance), "check_gradient");
  for (std::size_t i = 0; i < n; ++i)
    if (!std::isfinite(x[i]))
      throw Error(ErrorCode::usage, "the point must be finite, got " + number_text(x[i]),
                  Place{.name = objective.parameter_name(i)});

  std::vector<double> given(n);
  std::vector<double> moved(x.begin(), x.end());
  const double value = objective.evaluate(x, given);

  GradientCheck check;
  using Verdict = GradientComponent::Verdict;
  for (std::size_t i = 0; i < n; ++i) {
    const auto at_distance = [&](double h) {
      moved[i] = x[i] + h;
      const double f = objective.value(moved);
      moved[i] = x[i];
      return f;
    };
    const double scale = std::fmax(1.0, std::fabs(x[i]));
    const Estimate estimate = extrapolated_slope(0.05 * scale, at_distance);
    GradientComponent c{given[i], estimate.slope, estimate.uncertainty, Verdict::agrees};
    if (!std::isfinite(c.given) && std::isfinite(c.numeric))
      c.verdict = Verdict::differs;
    else if (!std::isfinite(c.numeric) || has_kink(value, scale, options.tolerance, at_distance))
      c.verdict = Verdict::uncertain;
    else if (!(c.difference() <= options.tolerance))
      c.verdict = std::fabs(c.given - c.numeric) > 10.0 * c.uncertainty ? Verdict::differs : Verdict::uncertain;
    check.components.push_back(c);
    if (c.verdict == Verdict::differs) check.ok = false;
  }

  const auto rank = [&](std::size_t i) {
    const GradientComponent& c = check.components[i];
    const double d = c.difference();
    return std::pair(c.verdict == Verdict::differs     ? 2
                     : c.verdict == Verdict::uncertain ? 1
                                                       : 0,
                     std::isnan(d) ? std::numeric_limits<double>::infinity() : d);
  };
  for (std::size_t i = 1; i < n; ++i)
    if (rank(i) > rank(check.worst)) check.worst = i;
  const GradientComponent& c = check.components[check.worst];
  check.text = "df/d" + objective.parameter_name(check.worst) + " = " + number_text(c.given, 10) + " " +
               to_text(c.verdict) + " " + number_text(c.numeric, 10) + " by differences (uncertain by " +
               number_text(c.uncertainty, 2) + ")";
  return check;
}

}  // namespace descent

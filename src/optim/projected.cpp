// minimise   f(x), low <= x <= high (or all of space)
// given      f and its gradient, a start
// result     the best point met
// after      spectral_gradient: E. G. Birgin, J. M. Martinez, M. Raydan, "Nonmonotone spectral projected gradient
// methods
//            on convex sets", SIAM J. Optim. 10(4), 2000, algorithm SPG2
//            gradient_descent: L. Armijo, Pacific J. Math. 16(1), 1966, with the projection arc of D. P. Bertsekas,
//            IEEE Trans. Automatic Control 21(2), 1976
#include <algorithm>
#include <cmath>
#include <utility>

#include "descent/optim/search_base.hpp"
#include "src/optim/methods.hpp"

namespace descent {
namespace {

constexpr int kTrialsBySlope = 10;
constexpr double kDecrease = 1e-4;  // SPG2's gamma
constexpr double kRounding = LineSearchOptions{}.rounding;

double first_step(const Point& point) {
  return point.gradient_norm > 0.0 && std::isfinite(point.gradient_norm) ? std::min(1.0, 1.0 / point.gradient_norm)
                                                                         : 1.0;
}

/// g'd for d = P(x - r g) - x. On the border of a set that is no box g itself is large, and g'd all rounding; that it
/// is at most -||d||^2 / r is what makes P the nearest point.
double projected_slope(const Region& region, double slope, double squared, double rate) {
  return region.has_set() ? std::min(slope, -squared / rate) : slope;
}

/// Barzilai and Borwein's two steps: s's / s'y, and s'y / y'y, which is never longer.
double spectral_step(SpectralStep kind, std::uint64_t steps, double ss, double sy, double yy) {
  const bool is_short = kind == SpectralStep::short_step || (kind == SpectralStep::alternating && steps % 2 == 1);
  return is_short ? sy / yy : ss / sy;
}

}  // namespace

Point best_of(Run& run, Point last) {
  if (run.status() == Status::converged || !(run.best().value < last.value)) return last;
  std::copy(run.best().x.begin(), run.best().x.end(), last.x.begin());
  run.evaluate(last);
  return last;
}

Result run_spectral_gradient(Run& run, SpectralStep kind, std::size_t look_back, std::vector<double> start) {
  constexpr double kShortest = 1e-30, kLongest = 1e30;  // the paper's bounds on the spectral step

  Point point = run.begin(std::move(start));
  const std::size_t n = point.x.size();
  Point next = point;
  std::vector<double> direction(n);
  std::vector<double> values(look_back, point.value);
  double spectral = first_step(point);

  while (!run.ended()) {
    for (std::size_t i = 0; i < n; ++i) next.x[i] = point.x[i] - spectral * point.gradient[i];
    run.region().project(next.x);
    for (std::size_t i = 0; i < n; ++i) direction[i] = next.x[i] - point.x[i];
    const double slope =
        projected_slope(run.region(), simd::dot(point.gradient, direction), simd::squared_norm(direction), spectral);
    const double highest = *std::max_element(values.begin(), values.end());

    double step = 1.0;
    bool found = false;
    if (slope < 0.0) {
      for (int trial = 0; trial < 60 && !found; ++trial) {
        for (std::size_t i = 0; i < n; ++i) next.x[i] = point.x[i] + step * direction[i];
        run.region().project(next.x);  // rounding may leave the box by one ulp
        run.evaluate(next);
        if (next.value == -INFINITY) break;
        found = std::isfinite(next.value) && std::isfinite(next.gradient_norm) &&
                next.value <= highest + kDecrease * step * slope + kRounding * std::fabs(highest);
        if (found) break;
        // The minimiser of the parabola through what is known, kept within [0.1, 0.9] of the step.
        const double parabola = -step * step * slope / (2.0 * (next.value - point.value - step * slope));
        step = parabola >= 0.1 * step && parabola <= 0.9 * step ? parabola : 0.5 * step;
      }
    }
    if (!found && next.value != -INFINITY) {
      run.end_without_step(point);
      break;
    }
    if (!run.announce(point, spectral * step)) break;
    std::swap(point, next);  // `next` is now the point before the update
    if (!run.judge(point, next.value, next.x, spectral * step)) break;
    values[run.steps() % look_back] = point.value;

    double ss = 0.0, sy = 0.0, yy = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      const double s = point.x[i] - next.x[i], y = point.gradient[i] - next.gradient[i];
      ss = ss + s * s;
      sy = sy + s * y;
      yy = yy + y * y;
    }
    spectral = sy > 0.0 ? std::clamp(spectral_step(kind, run.steps(), ss, sy, yy), kShortest, kLongest) : kLongest;
    // Towards no curvature at all the paper takes its longest step; a box without ends would overflow.
    if (sy <= 0.0)
      spectral =
          std::min(kLongest, 10.0 * std::max(1.0, largest_component(point.x)) / std::max(point.gradient_norm, 1e-300));
  }
  return run.finish(best_of(run, std::move(point)));
}

Result run_gradient_descent(Run& run, std::vector<double> start) {
  Point point = run.begin(std::move(start));
  const std::size_t n = point.x.size();
  Point next = point;
  double rate = first_step(point);
  double value_scale = 0.0;

  while (!run.ended()) {
    value_scale = std::fmax(value_scale, std::fabs(point.value));
    bool found = false, halved = false;
    for (int trial = 0; trial < 1100 && rate > 0.0; ++trial) {
      for (std::size_t i = 0; i < n; ++i) next.x[i] = point.x[i] - rate * point.gradient[i];
      run.region().project(next.x);
      bool moved = false;
      double slope = 0.0, squared = 0.0;
      for (std::size_t i = 0; i < n; ++i) {
        const double move = next.x[i] - point.x[i];
        moved = moved || move != 0.0;
        slope = slope + point.gradient[i] * move;
        squared = squared + move * move;
      }
      if (!moved) break;
      slope = projected_slope(run.region(), slope, squared, rate);
      run.evaluate(next);
      if (next.value == -INFINITY) {
        found = true;
        break;
      }
      if (std::isfinite(next.value) && std::isfinite(next.gradient_norm)) {
        // f(x') <= f(x) + g'(x' - x) / 2 holds for every rate <= 1 / L: half the decrease a parabola promises at best.
        found = next.value <= point.value + 0.5 * slope;
        // Only near the rate that worked last: a wrong gradient, too, finds values without a difference after enough
        // halvings.
        const double visible = kRounding * std::fabs(point.value);
        if (!found && trial < kTrialsBySlope && std::fabs(next.value - point.value) <= visible &&
            -kDecrease * slope <= kRounding * value_scale) {
          // Values say nothing any more; has the slope along the move changed its sign?
          double change = 0.0;
          for (std::size_t i = 0; i < n; ++i)
            change = change + (next.gradient[i] - point.gradient[i]) * (next.x[i] - point.x[i]);
          found = slope + change <= 0.0;
        }
        if (found) break;
      }
      rate *= 0.5;
      halved = true;
    }
    if (!found) {
      run.end_without_step(point);
      break;
    }
    if (!run.announce(point, rate)) break;
    std::swap(point, next);
    if (!run.judge(point, next.value, next.x, rate)) break;
    if (!halved) rate *= 2.0;
  }
  return run.finish(best_of(run, std::move(point)));
}

}  // namespace descent

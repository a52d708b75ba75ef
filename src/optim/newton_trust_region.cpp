// minimise   f(x) over R^n, f smooth
// given      f, its gradient and products with its Hessian, a start
// result     x with the smallest value accepted; f never rises from step to step by more than rounding
// after      T. Steihaug, "The conjugate gradient method and trust regions in large scale optimization", SIAM J. Numer.
//            Anal. 20(3), 1983; J. Nocedal, S. J. Wright, "Numerical Optimization", 2nd ed., 2006, algorithm 4.1
#include <algorithm>
#include <cmath>
#include <utility>

#include "descent/optim/search_base.hpp"
#include "src/optim/methods.hpp"
#include "src/optim/truncated_newton.hpp"

namespace descent {
namespace {

constexpr double kRounding = LineSearchOptions{}.rounding;
constexpr double kLeastRatio = 1e-4;  // of what f fell by to what the model promised
constexpr double kLongest = LineSearchOptions{}.max_step;
constexpr int kMaxRejections = 200;  // each at least halves the radius, so that it has run out of digits before

/// How far the model's minimum along -g is; where there is none, the size of the start.
double cauchy_length(Run& run, const Point& point) {
  std::vector<double> product(point.x.size());
  run.hessian_product(point.x, point.gradient, product);
  const double gg = slope_along(point.gradient, point.gradient);
  const double curvature = slope_along(point.gradient, product);
  const double length = gg * std::sqrt(gg) / curvature;
  return curvature > 0.0 && std::isfinite(length) ? length : std::max(1.0, std::sqrt(slope_along(point.x, point.x)));
}

}  // namespace

Result run_newton_trust_region(Run& run, double first_radius, std::vector<double> start) {
  Point point = run.begin(std::move(start));
  const std::size_t n = point.x.size();
  Point next = point;
  std::vector<double> s(n), y(n);
  double radius = run.ended() ? 0.0 : first_radius * cauchy_length(run, point);

  while (!run.ended()) {
    const double length = std::sqrt(slope_along(point.gradient, point.gradient));
    bool found = false;
    for (int rejections = 0; rejections < kMaxRejections && !found; ++rejections) {
      const TruncatedNewton step = truncated_newton(
          run, point,
          {.radius = radius, .tolerance = std::min(0.5, std::sqrt(length)), .max_products = most_products(n)});
      for (std::size_t i = 0; i < n; ++i) next.x[i] = point.x[i] + step.p[i];
      const double moved = std::sqrt(slope_along(step.p, step.p));
      if (next.x == point.x || !(step.decrease > 0.0)) break;
      run.evaluate(next);
      if (next.value == -INFINITY) found = true;
      const double noise = kRounding * std::fabs(point.value);
      const double fell = point.value - next.value;
      double ratio = fell / step.decrease;
      // Values differ by rounding only, and so does the model: the gradient tells.
      if (step.decrease <= noise && std::fabs(fell) <= noise)
        ratio = next.gradient_norm < point.gradient_norm ? 1.0 : 0.0;
      if (!std::isfinite(next.value) || !std::isfinite(next.gradient_norm)) ratio = 0.0;
      if (ratio < 0.25)
        radius = 0.25 * moved;
      else if (ratio > 0.75 && step.end != TruncatedNewton::End::converged)
        radius = std::max(radius, 2.0 * moved);
      found = found || ratio >= kLeastRatio;
      if (!found && run.options().stop.stop_requested()) {
        run.end_interrupted("asked to stop");
        return run.finish(std::move(point));
      }
    }
    if (!found) {
      run.end_without_step(point);
      break;
    }
    const double gradient_before = point.gradient_norm;
    if (!take_step(run, point, next, radius, s, y)) break;
    if (radius > kLongest && point.gradient_norm <= 2.0 * gradient_before) {
      run.end_unbounded(point);
      break;
    }
  }
  return run.finish(std::move(point));
}

}  // namespace descent

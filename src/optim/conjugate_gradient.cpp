// minimise   f(x) over R^n, f smooth
// given      f and its gradient, a start
// result     x with the smallest value accepted; f never rises from step to step by more than rounding
// after      W. W. Hager, H. Zhang, "A survey of nonlinear conjugate gradient methods", Pacific J. Optim. 2(1), 2006;
//            the restart of fletcher_reeves: M. J. D. Powell, "Restart procedures for the conjugate gradient method",
//            Math. Prog. 12, 1977
#include <algorithm>
#include <cmath>
#include <utility>

#include "src/optim/methods.hpp"

namespace descent {
namespace {

/// beta of d' = -g' + beta d, with y = g' - g.
double conjugacy(ConjugateBeta kind, View d, View y, View gradient, double next_squared, double squared,
                 double next_dot) {
  switch (kind) {
    case ConjugateBeta::fletcher_reeves:
      // Successive gradients far from right angles: the memory is worth nothing (and would keep the steps short).
      return std::fabs(next_dot) >= 0.2 * next_squared ? 0.0 : next_squared / squared;
    case ConjugateBeta::polak_ribiere: return std::max(0.0, slope_along(gradient, y) / squared);
    case ConjugateBeta::hestenes_stiefel: return std::max(0.0, slope_along(gradient, y) / slope_along(d, y));
    case ConjugateBeta::hager_zhang: break;
  }
  constexpr double kEta = 0.01;  // the paper's
  const double dy = slope_along(d, y);
  const double beta = (slope_along(gradient, y) - 2.0 * slope_along(y, y) * slope_along(gradient, d) / dy) / dy;
  const double least = -1.0 / (std::sqrt(slope_along(d, d)) * std::min(kEta, std::sqrt(squared)));
  return std::max(beta, least);
}

}  // namespace

Result run_conjugate_gradient(Run& run, ConjugateBeta kind, const LineSearchChoice& choice, std::vector<double> start) {
  Point point = run.begin(std::move(start));
  const std::size_t n = point.x.size();
  Point next = point;
  std::vector<double> direction(n), s(n), y(n);
  LineSteps steps(run, choice);
  double beta = 0.0, last_move = 1.0, last_change = 0.0;

  while (!run.ended()) {
    double slope = 0.0;
    bool found = false;
    // First along the conjugate direction; if that fails, steepest descent has one try.
    for (bool steepest = beta == 0.0; !found; steepest = true) {
      for (std::size_t i = 0; i < n; ++i)
        direction[i] = steepest ? -point.gradient[i] : beta * direction[i] - point.gradient[i];
      slope = slope_along(point.gradient, direction);
      // The first-order change of the last step; before there was one, a move of at most 1, or as far as last time.
      const double length = std::sqrt(slope_along(direction, direction));
      double first_step = length > last_move ? last_move / length : 1.0;
      if (!steepest) first_step = last_change / slope;
      found = steps.find(point, direction, slope, first_step, next);
      if (steepest) break;
    }
    if (!found) {
      run.end_without_step(point);
      break;
    }
    const double squared = slope_along(point.gradient, point.gradient);
    const double next_dot = slope_along(next.gradient, point.gradient);
    last_change = steps.step() * slope;
    if (!take_step(run, point, next, steps.step(), s, y)) break;
    if (steps.ran_away()) {
      run.end_unbounded(point);
      break;
    }
    last_move = std::max(1.0, std::sqrt(slope_along(s, s)));
    const double next_squared = slope_along(point.gradient, point.gradient);
    beta = conjugacy(kind, direction, y, point.gradient, next_squared, squared, next_dot);
    if (!std::isfinite(beta)) beta = 0.0;
    // Not downhill any more: begin again.
    if (beta != 0.0 && !(beta * slope_along(point.gradient, direction) < next_squared)) beta = 0.0;
  }
  return run.finish(std::move(point));
}

}  // namespace descent

// minimise   f(x) over R^n, f smooth
// given      f, its gradient and products with its Hessian, a start
// result     x with the smallest value accepted; f never rises from step to step by more than rounding
// after      R. S. Dembo, T. Steihaug, "Truncated-Newton algorithms for large-scale unconstrained optimization", Math.
//            Prog. 26, 1983; J. Nocedal, S. J. Wright, "Numerical Optimization", 2nd ed., 2006, algorithm 7.1
#include <algorithm>
#include <cmath>
#include <utility>

#include "src/optim/methods.hpp"
#include "src/optim/truncated_newton.hpp"

namespace descent {
namespace {

/// How exactly the Newton equations are solved: ever better near a minimum, so that convergence is superlinear.
double forcing(double gradient_length) { return std::min(0.5, std::sqrt(gradient_length)); }

}  // namespace

std::size_t most_products(std::size_t n) {
  constexpr std::size_t kMost = 1000;
  return std::min(2 * n + 4, kMost);
}

Result run_newton_cg(Run& run, const LineSearchChoice& choice, std::vector<double> start) {
  Point point = run.begin(std::move(start));
  const std::size_t n = point.x.size();
  Point next = point;
  std::vector<double> direction(n), s(n), y(n);
  LineSteps steps(run, choice);
  double last_move = 1.0;

  while (!run.ended()) {
    const double length = std::sqrt(slope_along(point.gradient, point.gradient));
    TruncatedNewton newton =
        truncated_newton(run, point, {.tolerance = forcing(length), .max_products = most_products(n)});
    // The curvature was negative at once: p is -g, whose length says nothing.
    bool steepest = newton.end == TruncatedNewton::End::negative_curvature && newton.decrease == 0.0;
    bool found = false;
    for (; !found; steepest = true) {
      for (std::size_t i = 0; i < n; ++i) direction[i] = steepest ? -point.gradient[i] : newton.p[i];
      const double first_step = steepest && length > last_move ? last_move / length : 1.0;
      found = steps.find(point, direction, slope_along(point.gradient, direction), first_step, next);
      if (steepest) break;
    }
    if (!found) {
      run.end_without_step(point);
      break;
    }
    if (!take_step(run, point, next, steps.step(), s, y)) break;
    if (steps.ran_away()) {
      run.end_unbounded(point);
      break;
    }
    last_move = std::max(1.0, std::sqrt(slope_along(s, s)));
  }
  return run.finish(std::move(point));
}

}  // namespace descent

// minimise   f(x) over R^n, f smooth
// given      f and its gradient, a start
// result     x with the smallest value accepted; f never rises from step to step by more than rounding
// after      D. C. Liu, J. Nocedal, "On the limited memory BFGS method for large scale optimization", Math. Prog. 45,
//            1989; J. Nocedal, S. J. Wright, "Numerical Optimization", 2nd ed., 2006, algorithm 6.1 (the matrix itself)
#include <algorithm>
#include <cmath>
#include <utility>

#include "src/optim/methods.hpp"
#include "src/optim/quasi_newton.hpp"

namespace descent {

bool take_step(Run& run, Point& point, Point& next, double step, MutableView s, MutableView y) {
  if (!run.announce(point, step)) return false;
  for (std::size_t i = 0; i < s.size(); ++i) {
    s[i] = next.x[i] - point.x[i];
    y[i] = next.gradient[i] - point.gradient[i];
  }
  std::swap(point, next);
  if (!run.judge(point, next.value, next.x, step)) return false;
  // A rise within rounding is accepted by its slope; the point with the flatter slope is the better one.
  if (point.value >= run.best().value) run.keep_best(point);
  return true;
}

Result run_lbfgs(Run& run, std::size_t memory, const LineSearchChoice& choice, std::vector<double> start) {
  return run_quasi_newton(run, InverseHessian(run.objective().num_parameters(), memory), choice, std::move(start));
}

Result run_bfgs(Run& run, const LineSearchChoice& choice, std::vector<double> start) {
  return run_quasi_newton(run, InverseHessian(run.objective().num_parameters()), choice, std::move(start));
}

Result run_quasi_newton(Run& run, InverseHessian inverse, const LineSearchChoice& choice, std::vector<double> start) {
  Point point = run.begin(std::move(start));
  const std::size_t n = point.x.size();
  Point next = point;
  std::vector<double> direction(n), s(n), y(n);
  LineSteps steps(run, choice);
  double last_move = 1.0;

  while (!run.ended()) {
    bool found = false;
    // First along the quasi-Newton direction; if that fails, its memory is dropped and steepest descent has one try.
    for (bool last_try = false; !found; last_try = true) {
      if (last_try) inverse.reset();
      const bool steepest = inverse.is_identity();
      inverse.descend(point.gradient, direction);
      // Without curvature the gradient's length says nothing about the step: move by at most 1, or as far as last time.
      const double length = steepest ? std::sqrt(slope_along(direction, direction)) : 0.0;
      const double first_step = length > last_move ? last_move / length : 1.0;
      found = steps.find(point, direction, slope_along(point.gradient, direction), first_step, next);
      if (steepest) break;
    }
    if (!found) {
      run.end_without_step(point);
      break;
    }
    const std::uint64_t before = run.steps();
    const bool goes_on = take_step(run, point, next, steps.step(), s, y);
    if (run.steps() > before) inverse.add(s, y);
    if (!goes_on) break;
    if (steps.ran_away()) {
      run.end_unbounded(point);
      break;
    }
    last_move = std::max(1.0, std::sqrt(slope_along(s, s)));
  }
  run.set_inverse_hessian(inverse.take_matrix());
  return run.finish(std::move(point));
}

}  // namespace descent

// minimise   f(x) over R^n, f smooth
// given      f and its gradient, a start
// result     x with the smallest value accepted; f never rises from step to step by more than rounding
// after      D. C. Liu, J. Nocedal, "On the limited memory BFGS method for large scale optimization", Math. Prog. 45,
// 1989
#include <algorithm>
#include <cmath>
#include <utility>

#include "descent/optim/line_search.hpp"
#include "src/optim/methods.hpp"
#include "src/optim/quasi_newton.hpp"

namespace descent {
namespace {

double slope_along(View gradient, View direction) {
  if (gradient.size() >= kSmallVector) return simd::dot(gradient, direction);
  double result = 0.0;
  for (std::size_t i = 0; i < gradient.size(); ++i) result = result + gradient[i] * direction[i];
  return result;
}

void move_along(View from, double step, View direction, MutableView to) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = from[i] + step * direction[i];
}

/// Searches from `from` along `direction`; `to` is the point found.
WolfeSearch::State search_line(Run& run, const Point& from, View direction, double slope, double first_step,
                               double value_scale, Point& to, double& step) {
  WolfeSearch search(from.value, slope, first_step, {.value_scale = value_scale});
  double evaluated = 0.0;
  while (search.is_running()) {
    evaluated = search.step();
    move_along(from.x, evaluated, direction, to.x);
    run.evaluate(to);
    search.report(to.value, slope_along(to.gradient, direction));
  }
  step = search.step();
  if (search.state() == WolfeSearch::State::decreased && step != evaluated) {
    move_along(from.x, step, direction, to.x);
    run.evaluate(to);
  }
  return search.state();
}

bool moved(const Point& from, const Point& to) {
  for (std::size_t i = 0; i < from.x.size(); ++i)
    if (from.x[i] != to.x[i]) return true;
  return false;
}

}  // namespace

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

Result run_lbfgs(Run& run, std::size_t memory, std::vector<double> start) {
  Point point = run.begin(std::move(start));
  const std::size_t n = point.x.size();
  Point next = point;
  std::vector<double> direction(n), s(n), y(n);
  InverseHessian inverse(n, memory);
  double last_move = 1.0, value_scale = 0.0;

  while (!run.ended()) {
    value_scale = std::fmax(value_scale, std::fabs(point.value));
    WolfeSearch::State state = WolfeSearch::State::failed;
    double step = 0.0;
    // First along the quasi-Newton direction; if that fails, its memory is dropped and steepest descent has one try.
    for (bool last_try = false;; last_try = true) {
      if (last_try) inverse.reset();
      const bool steepest = inverse.is_identity();
      inverse.descend(point.gradient, direction);
      const double slope = slope_along(point.gradient, direction);
      if (slope < 0.0 && std::isfinite(slope)) {
        // Without curvature the gradient's length says nothing about the step: move by at most 1, or as far as last
        // time.
        const double length = std::sqrt(slope_along(direction, direction));
        const double first_step = steepest && length > last_move ? last_move / length : 1.0;
        state = search_line(run, point, direction, slope, first_step, value_scale, next, step);
      }
      const bool found = state != WolfeSearch::State::failed && moved(point, next);
      if (found || steepest) {
        if (!found) state = WolfeSearch::State::failed;
        break;
      }
    }
    if (state == WolfeSearch::State::failed) {
      run.end_without_step(point);
      break;
    }
    if (!take_step(run, point, next, step, s, y)) break;
    last_move = std::max(1.0, std::sqrt(slope_along(s, s)));
    inverse.add(s, y);
  }
  return run.finish(std::move(point));
}

}  // namespace descent

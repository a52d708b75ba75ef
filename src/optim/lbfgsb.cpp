// minimise   f(x), low <= x <= high, f smooth
// given      f and its gradient, a start, bounds
// result     x with the smallest value accepted; f never rises from step to step by more than rounding; every x that f
// is
//            asked for lies within the bounds
// after      R. H. Byrd, P. Lu, J. Nocedal, C. Zhu, "A limited memory algorithm for bound constrained optimization",
// SIAM
//            J. Sci. Comput. 16(5), 1995 (the Cauchy point of section 4, the subspace of section 5.1); J. L. Morales,
//            J. Nocedal, "Remark on algorithm 778", ACM TOMS 38(1), 2011 (the subspace's end is projected)
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "descent/optim/more_thuente_search.hpp"
#include "descent/simd/reduce.hpp"
#include "src/optim/compact_hessian.hpp"
#include "src/optim/methods.hpp"

namespace descent {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double short_dot(View a, View b) {
  double result = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) result += a[i] * b[i];
  return result;
}

/// Where the quadratic model is least along the projected gradient path, and which parameters are then at a bound.
struct CauchyPoint {
  std::vector<double> x;
  std::vector<double> c;  // W^T (x - start)
  std::vector<bool> held;
};

CauchyPoint cauchy_point(const Point& point, const std::vector<Bound>& bounds, const CompactHessian& hessian) {
  const std::size_t n = point.x.size(), width = hessian.width();
  CauchyPoint result{.x = point.x, .c = std::vector<double>(width, 0.0), .held = std::vector<bool>(n, false)};
  std::vector<double> direction(n, 0.0), ends(n, kInfinity), w(width);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < n; ++i) {
    const double g = point.gradient[i];
    if (g < 0.0) ends[i] = (point.x[i] - bounds[i].high) / g;
    if (g > 0.0) ends[i] = (point.x[i] - bounds[i].low) / g;
    if (!(ends[i] > 0.0)) {
      result.held[i] = true;
      continue;
    }
    direction[i] = -g;
    if (ends[i] < kInfinity) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return ends[a] < ends[b]; });

  std::vector<double> p = hessian.project(direction);
  double slope = -simd::squared_norm(direction);
  const double first_curvature = -hessian.theta() * slope;
  double curvature = first_curvature - (width > 0 ? short_dot(p, hessian.middle(p)) : 0.0);
  double before = 0.0;
  double least = slope < 0.0 ? -slope / curvature : 0.0;
  for (const std::size_t b : order) {
    const double length = ends[b] - before;
    if (least < length) break;
    const double g = point.gradient[b];
    result.x[b] = g < 0.0 ? bounds[b].high : bounds[b].low;
    result.held[b] = true;
    const double z = result.x[b] - point.x[b];
    for (std::size_t j = 0; j < width; ++j) result.c[j] += length * p[j];
    slope += length * curvature + g * g + hessian.theta() * g * z;
    curvature -= hessian.theta() * g * g;
    if (width > 0) {
      hessian.row(b, w);
      const std::vector<double> mw = hessian.middle(w);
      slope -= g * short_dot(mw, result.c);
      curvature -= 2.0 * g * short_dot(mw, p) + g * g * short_dot(mw, w);
      for (std::size_t j = 0; j < width; ++j) p[j] += g * w[j];
    }
    // Rounding must not turn the model round.
    curvature = std::max(curvature, std::numeric_limits<double>::epsilon() * first_curvature);
    direction[b] = 0.0;
    before = ends[b];
    least = slope < 0.0 ? -slope / curvature : 0.0;
    if (!(slope < 0.0)) break;
  }
  least = std::max(least, 0.0);
  const double reach = before + least;
  for (std::size_t i = 0; i < n; ++i)
    if (!result.held[i]) result.x[i] = std::clamp(point.x[i] + reach * direction[i], bounds[i].low, bounds[i].high);
  for (std::size_t j = 0; j < width; ++j) result.c[j] += least * p[j];
  return result;
}

/// The model's minimum over the parameters that the Cauchy point leaves free, within the bounds: where the search aims
/// at.
std::vector<double> aim(const Point& point, const std::vector<Bound>& bounds, const CompactHessian& hessian) {
  CauchyPoint cauchy = cauchy_point(point, bounds, hessian);
  const std::size_t width = hessian.width();
  std::vector<std::size_t> free;
  for (std::size_t i = 0; i < cauchy.held.size(); ++i)
    if (!cauchy.held[i]) free.push_back(i);
  if (width == 0 || free.empty()) return std::move(cauchy.x);

  // r = Z^T (g + theta (x_c - x) - W M c), v = W^T Z r, N = W^T Z Z^T W / theta
  const double theta = hessian.theta();
  const std::vector<double> mc = hessian.middle(cauchy.c);
  std::vector<double> r(free.size()), v(width, 0.0), n(width * width, 0.0), w(width);
  for (std::size_t k = 0; k < free.size(); ++k) {
    const std::size_t i = free[k];
    hessian.row(i, w);
    r[k] = point.gradient[i] + theta * (cauchy.x[i] - point.x[i]) - short_dot(w, mc);
    for (std::size_t a = 0; a < width; ++a) {
      v[a] += w[a] * r[k];
      for (std::size_t b = 0; b < width; ++b) n[a * width + b] += w[a] * w[b] / theta;
    }
  }
  v = hessian.solve_reduced(n, hessian.middle(v));
  std::vector<double> target = cauchy.x, step(free.size());
  double slope = 0.0, shortest = 1.0;
  for (std::size_t k = 0; k < free.size(); ++k) {
    const std::size_t i = free[k];
    hessian.row(i, w);
    step[k] = -(r[k] + short_dot(w, v) / theta) / theta;
    target[i] = std::clamp(cauchy.x[i] + step[k], bounds[i].low, bounds[i].high);
    if (cauchy.x[i] + step[k] > bounds[i].high) shortest = std::min(shortest, (bounds[i].high - cauchy.x[i]) / step[k]);
    if (cauchy.x[i] + step[k] < bounds[i].low) shortest = std::min(shortest, (bounds[i].low - cauchy.x[i]) / step[k]);
  }
  for (std::size_t i = 0; i < target.size(); ++i) slope += point.gradient[i] * (target[i] - point.x[i]);
  if (slope < 0.0) return target;
  // The projection is no way down: the paper's cut of the step is.
  for (std::size_t k = 0; k < free.size(); ++k) {
    const std::size_t i = free[k];
    target[i] = std::clamp(cauchy.x[i] + shortest * step[k], bounds[i].low, bounds[i].high);
  }
  return target;
}

}  // namespace

Result run_lbfgsb(Run& run, std::size_t memory, std::vector<double> start) {
  const std::vector<Bound>& bounds = run.options().bounds;
  Point point = run.begin(std::move(start));
  const std::size_t n = point.x.size();
  Point next = point;
  CompactHessian hessian(memory);
  std::vector<double> direction(n), s(n), y(n);
  double value_scale = 0.0;

  const auto move_to = [&](double step) {
    for (std::size_t i = 0; i < n; ++i)
      next.x[i] = std::clamp(point.x[i] + step * direction[i], bounds[i].low, bounds[i].high);
    run.evaluate(next);
  };
  while (!run.ended()) {
    value_scale = std::fmax(value_scale, std::fabs(point.value));
    double step = 0.0;
    bool found = false, ran_away = false;
    // First with the curvature that is known; if that fails, it is forgotten and the projected gradient has one try.
    for (bool last_try = hessian.is_identity();; last_try = true) {
      if (last_try) hessian.reset();
      const std::vector<double> target = aim(point, bounds, hessian);
      double slope = 0.0, longest = kInfinity;
      for (std::size_t i = 0; i < n; ++i) {
        direction[i] = target[i] - point.x[i];
        slope += point.gradient[i] * direction[i];
        if (direction[i] > 0.0) longest = std::min(longest, (bounds[i].high - point.x[i]) / direction[i]);
        if (direction[i] < 0.0) longest = std::min(longest, (bounds[i].low - point.x[i]) / direction[i]);
      }
      if (slope < 0.0 && std::isfinite(slope)) {
        // Without curvature the gradient's length says nothing about the step: move by at most 1.
        const double length = std::sqrt(simd::squared_norm(direction));
        const double first = hessian.is_identity() && length > 1.0 ? 1.0 / length : 1.0;
        // The target is within the bounds, whatever rounding makes of the quotients.
        MoreThuenteSearch search(point.value, slope, first,
                                 {.max_step = std::min(std::max(longest, 1.0), 1e20), .value_scale = value_scale});
        double evaluated = 0.0;
        while (search.is_running()) {
          evaluated = search.step();
          move_to(evaluated);
          search.report(next.value, simd::dot(next.gradient, direction));
        }
        step = search.step();
        if (search.state() == SearchState::decreased && step != evaluated) move_to(step);
        found = search.state() != SearchState::failed && next.x != point.x;
        ran_away = search.state() == SearchState::decreased && step >= LineSearchOptions{}.max_step &&
                   simd::dot(next.gradient, direction) >= 2.0 * slope;
      }
      if (found || last_try) break;
    }
    if (!found) {
      run.end_without_step(point);
      break;
    }
    if (!take_step(run, point, next, step, s, y)) break;
    if (ran_away) {
      run.end_unbounded(point);
      break;
    }
    hessian.add(s, y);
  }
  return run.finish(std::move(point));
}

}  // namespace descent

// minimise   f(x) + p(x), f smooth, p with a known proximal map, or the set that it stands for
// given      f and its gradient, a start
// result     the best point met
// after      A. Beck, M. Teboulle, "A fast iterative shrinkage-thresholding algorithm for linear inverse problems",
// SIAM
//            J. Imaging Sci. 2(1), 2009 (with backtracking); B. O'Donoghue, E. Candes, "Adaptive restart for
//            accelerated gradient schemes", Found. Comput. Math. 15, 2015 (gradient scheme)
#include <algorithm>
#include <cmath>
#include <utility>

#include "src/optim/methods.hpp"
#include "src/optim/parabola.hpp"

namespace descent {
namespace {

constexpr int kMaxTrials = 200;
/// A step that was too careful can grow again: one doubling in eight steps costs one failed trial at most.
constexpr std::uint64_t kGrowEvery = 8;

SeenMove seen_move(const Point& from, const Point& to, double from_smooth, double to_smooth) {
  SeenMove move{.excess = to_smooth - from_smooth, .scale = std::fabs(from_smooth) + std::fabs(to_smooth)};
  for (std::size_t i = 0; i < from.x.size(); ++i) {
    const double d = to.x[i] - from.x[i];
    move.excess -= from.gradient[i] * d;
    move.square += d * d;
    move.slope_change += (to.gradient[i] - from.gradient[i]) * d;
  }
  return move;
}

}  // namespace

Result run_proximal_gradient(Run& run, bool accelerated, double first_step, std::vector<double> start) {
  const Region& region = run.region();
  const bool adds = region.adds_term();
  const auto smooth = [&](const Point& point) { return adds ? point.smooth : point.value; };
  Point point = run.begin(std::move(start));
  const std::size_t n = point.x.size();
  Point next = point, ahead = point;  // `ahead` is where the momentum points
  bool at_point = true;               // ahead is point
  double momentum = 1.0;
  double step = first_step;
  if (!(step > 0.0)) {  // a move of at most 1; longer if that is right
    const double length = std::sqrt(slope_along(point.gradient, point.gradient));
    step = length > 1.0 && std::isfinite(length) ? 1.0 / length : 1.0;
  }

  const auto step_from = [&](const Point& from) {
    for (int trial = 0; trial < kMaxTrials; ++trial, step *= 0.5) {
      for (std::size_t i = 0; i < n; ++i) next.x[i] = from.x[i] - step * from.gradient[i];
      region.prox(step, next.x);
      run.evaluate(next);
      if (next.value == -INFINITY) return true;
      const bool finite = std::isfinite(next.value) && std::isfinite(next.gradient_norm);
      if (finite && below_parabola(seen_move(from, next, smooth(from), smooth(next)), step)) return next.x != point.x;
    }
    return false;
  };

  while (!run.ended()) {
    if (!run.announce(point, step)) break;
    if (run.steps() % kGrowEvery == kGrowEvery - 1) step *= 2.0;
    if (!at_point) run.evaluate(ahead);
    bool found = step_from(at_point ? point : ahead);
    if (!found && !at_point) {  // without momentum
      at_point = true;
      momentum = 1.0;
      found = step_from(point);
    }
    if (!found) {
      run.end_without_step(point);
      break;
    }
    const Point& from = at_point ? point : ahead;
    // Restart when the momentum points uphill, or led there.
    double uphill = 0.0;
    for (std::size_t i = 0; i < n; ++i) uphill += (from.x[i] - next.x[i]) * (next.x[i] - point.x[i]);
    const bool restart = uphill > 0.0 || next.value > point.value;
    const double next_momentum = 0.5 * (1.0 + std::sqrt(1.0 + 4.0 * momentum * momentum));
    const double carry = !accelerated || restart ? 0.0 : (momentum - 1.0) / next_momentum;
    momentum = restart ? 1.0 : next_momentum;
    at_point = carry == 0.0;
    if (!at_point) {
      for (std::size_t i = 0; i < n; ++i) ahead.x[i] = next.x[i] + carry * (next.x[i] - point.x[i]);
      region.project(ahead.x);  // f may have no value outside
    }
    std::swap(point, next);
    if (!run.judge(point, next.value, next.x, step)) break;
  }
  return run.finish(best_of(run, std::move(point)));
}

}  // namespace descent

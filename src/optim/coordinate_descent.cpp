// minimise   f(x) + p(x), f smooth, p a sum over the coordinates, within bounds
// given      f and its gradient, a start
// result     x with the smallest value accepted; f + p never rises from step to step by more than rounding
// after      S. J. Wright, "Coordinate descent algorithms", Math. Prog. 151, 2015, algorithm 3; the order `greedy` is
// Gauss
//            and Southwell's; the curvatures are found by backtracking: Y. Nesterov, "Efficiency of coordinate descent
//            methods on huge-scale optimization problems", SIAM J. Optim. 22(2), 2012, section 6.1
#include <algorithm>
#include <cmath>
#include <utility>

#include "descent/core/random.hpp"
#include "src/optim/methods.hpp"
#include "src/optim/parabola.hpp"

namespace descent {
namespace {

constexpr int kMaxTrials = 200;

class Sweeps {
 public:
  Sweeps(Run& run, CoordinateOrder order, Point start)
      : run_(run), order_(order), point_(std::move(start)), next_(point_), curvature_(point_.x.size(), 1.0) {}

  [[nodiscard]] const Point& point() const { return point_; }

  /// As many moves as there are coordinates. True if one of them moved.
  bool sweep() {
    const std::size_t n = point_.x.size();
    bool moved = false;
    if (order_ == CoordinateOrder::random)
      turn_ = random_permutation(n, Rng(0, RandomStream::shuffle, static_cast<std::uint32_t>(run_.steps())));
    for (std::size_t k = 0; k < n; ++k) {
      std::size_t i = k;
      if (order_ == CoordinateOrder::random) i = turn_[k];
      if (order_ == CoordinateOrder::greedy) i = steepest();
      if (i == n) break;
      moved = move(i) || moved;
      if (!std::isfinite(point_.value)) break;
    }
    return moved;
  }

 private:
  /// x_i after a step of 1 / curvature.
  [[nodiscard]] double target(std::size_t i, double curvature) const {
    return run_.region().prox_one(i, 1.0 / curvature, point_.x[i] - point_.gradient[i] / curvature);
  }

  bool move(std::size_t i) {
    curvature_[i] *= 0.5;  // it may have become flatter
    next_.x = point_.x;
    for (int trial = 0; trial < kMaxTrials; ++trial, curvature_[i] *= 2.0) {
      next_.x[i] = target(i, curvature_[i]);
      const double move = next_.x[i] - point_.x[i];
      if (move == 0.0) return false;
      run_.evaluate(next_);
      if (next_.value == -INFINITY) break;
      if (!std::isfinite(next_.value) || !std::isfinite(next_.gradient_norm)) continue;
      const bool adds = run_.region().adds_term();
      const double before = adds ? point_.smooth : point_.value, after = adds ? next_.smooth : next_.value;
      const bool below = below_parabola({.excess = after - before - point_.gradient[i] * move,
                                         .scale = std::fabs(before) + std::fabs(after),
                                         .slope_change = (next_.gradient[i] - point_.gradient[i]) * move,
                                         .square = move * move},
                                        1.0 / curvature_[i]);
      if (!below) continue;
      std::swap(point_, next_);
      return true;
    }
    if (next_.value == -INFINITY) std::swap(point_, next_);
    return next_.value != point_.value && !std::isfinite(point_.value);
  }

  /// The coordinate that a step along it would change most; n where none would.
  [[nodiscard]] std::size_t steepest() const {
    std::size_t best = point_.x.size();
    double most = 0.0;
    for (std::size_t i = 0; i < point_.x.size(); ++i) {
      const double move = std::fabs(target(i, curvature_[i]) - point_.x[i]) * std::sqrt(curvature_[i]);
      if (move > most) {
        most = move;
        best = i;
      }
    }
    return best;
  }

  Run& run_;
  CoordinateOrder order_;
  Point point_, next_;
  std::vector<double> curvature_;
  std::vector<std::uint32_t> turn_;
};

}  // namespace

Result run_coordinate_descent(Run& run, CoordinateOrder order, std::vector<double> start) {
  Sweeps sweeps(run, order, run.begin(std::move(start)));
  std::vector<double> before;
  while (!run.ended()) {
    if (!run.announce(sweeps.point(), 0.0)) break;
    before = sweeps.point().x;
    const double value = sweeps.point().value;
    if (!sweeps.sweep()) {
      run.end_without_step(sweeps.point());
      break;
    }
    if (!run.judge(sweeps.point(), value, before, 0.0)) break;
    if (sweeps.point().value >= run.best().value) run.keep_best(sweeps.point());
  }
  return run.finish(sweeps.point());
}

}  // namespace descent

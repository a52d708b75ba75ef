#include "src/curve/profile.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace descent::curve {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// One side of an interval.
class Side {
 public:
  Side(const ProfileInput& input, std::size_t j, double sign) : in_(input), j_(j), sign_(sign) {
    const std::size_t n = in_.optimum.x.size();
    box_ = in_.bounds;
    if (box_.empty()) box_.assign(n, {.low = -kInfinity, .high = kInfinity});
    limit_ = sign > 0.0 ? box_[j].high : box_[j].low;
    inside_ = in_.optimum.x;
  }

  double end(double step) {
    const double centre = in_.optimum.x[j_];
    double inside = 0.0, tau_inside = 0.0;  // distances from the optimum
    // Small steps first: beyond a hump may lie another valley.
    double outside = 0.125 * (centre != 0.0 ? std::min(step, std::fabs(centre)) : step), tau_outside = 0.0;
    double blocked = kInfinity;  // the nearest distance at which nothing has a value
    constexpr int kMaxTries = 40, kMaxRefits = 40;
    constexpr double kFar = 4096.0;  // times the first step
    for (int i = 0;; ++i) {
      // 0 is where signs change: never stepped over.
      if (centre * sign_ < 0.0 && inside < std::fabs(centre) && outside > std::fabs(centre))
        outside = std::fabs(centre);
      const double value = centre + sign_ * outside;
      const bool beyond = (sign_ > 0.0 && value >= limit_) || (sign_ < 0.0 && value <= limit_);
      if (beyond) outside = std::fabs(limit_ - centre);
      tau_outside = tau(outside);
      if (in_.stop.stop_requested()) break;
      if (tau_outside > in_.t) break;
      if (std::isnan(tau_outside)) {
        blocked = outside;
      } else {
        if (beyond) return limit_;  // the parameter may go no further
        inside = outside;
        tau_inside = tau_outside;
      }
      // Up to where nothing has a value any more the sum has not risen enough.
      const bool at_the_edge = std::isfinite(blocked) && blocked - inside <= 1e-3 * blocked;
      if (i == kMaxTries || outside > kFar * step || at_the_edge) return sign_ * kInfinity;
      outside = blocked < kInfinity ? 0.5 * (inside + blocked) : 1.6 * outside;
    }
    // Regula falsi with the Illinois rule: tau is nearly a straight line.
    int last = 0;
    double weight_inside = tau_inside - in_.t, weight_outside = tau_outside - in_.t;
    for (int i = 0; i < kMaxRefits && outside - inside > 1e-10 * outside; ++i) {
      double next = (inside * weight_outside - outside * weight_inside) / (weight_outside - weight_inside);
      if (!std::isfinite(next) || next <= inside || next >= outside) next = 0.5 * (inside + outside);
      const double distance = tau(next) - in_.t;
      if (std::isnan(distance)) return sign_ * kInfinity;
      if (std::fabs(distance) <= 1e-9 * in_.t || in_.stop.stop_requested()) return centre + sign_ * next;
      if (distance > 0.0) {
        outside = next;
        weight_outside = distance;
        if (last == 1) weight_inside *= 0.5;
        last = 1;
      } else {
        inside = next;
        weight_inside = distance;
        if (last == -1) weight_outside *= 0.5;
        last = -1;
      }
    }
    return centre + sign_ * 0.5 * (inside + outside);
  }

 private:
  /// sqrt(2 (f - f*) / variance) with the parameter `distance` from the optimum; NaN where no refit has a finite value.
  /// Refits begin where the last one inside of the interval ended, and on the tangent at the optimum; the lower counts.
  double tau(double distance) {
    const double value = in_.optimum.x[j_] + sign_ * distance;
    std::vector<double> last = inside_;
    last[j_] = value;
    Refit best = refit(last);
    const std::size_t n = last.size();
    const std::vector<double>& inverse = in_.optimum.information->inverse;
    if (n > 1) {
      std::vector<double> tangent = in_.optimum.x;
      for (std::size_t k = 0; k < n; ++k) {
        const double slope = inverse[k * n + j_] / inverse[j_ * n + j_];
        if (std::isfinite(slope)) tangent[k] += slope * sign_ * distance;
        tangent[k] = std::clamp(tangent[k], box_[k].low, box_[k].high);
      }
      tangent[j_] = value;
      const Refit other = refit(tangent);
      if (other.value < best.value || std::isnan(best.value)) {
        best = other;
        last = std::move(tangent);
      }
    }
    const double rise = 2.0 * (best.value - in_.optimum.value) / in_.variance;
    const double result = std::sqrt(std::max(0.0, rise));
    if (result <= in_.t && !std::isnan(rise)) {
      inside_ = std::move(last);
      return result;
    }
    // What a refit did not bring down is no evidence that nothing does.
    return best.settled ? result : std::numeric_limits<double>::quiet_NaN();
  }

  struct Refit {
    double value = 0.0;
    bool settled = false;
  };
  /// The least value from `x` on, which becomes where it is.
  Refit refit(std::vector<double>& x) {
    if (x.size() == 1) {
      const double value = in_.objective.value(x);
      return {.value = value, .settled = std::isfinite(value)};
    }
    std::vector<Bound> held = box_;
    held[j_] = {.low = x[j_], .high = x[j_]};
    const MinimizeOptions run{.max_steps = 500, .gradient_tolerance = 0.0, .bounds = held, .stop = in_.stop};
    Result result = minimize(in_.objective, x, Optimizer(Method::levenberg_marquardt), run);
    if (!result.ok() || !std::isfinite(result.value)) return {.value = std::numeric_limits<double>::quiet_NaN()};
    x = std::move(result.x);
    // An end on a plateau, where the curve has lost some of its parameters, shows nothing.
    const bool settled = result.information && result.information->rank + 1 >= in_.optimum.information->rank;
    return {.value = result.value, .settled = settled};
  }

  const ProfileInput& in_;
  std::size_t j_;
  double sign_;
  double limit_ = 0.0;
  std::vector<Bound> box_;
  std::vector<double> inside_;  ///< the last refit within the interval
};

}  // namespace

Interval profile_interval(const ProfileInput& input, std::size_t j, double step) {
  return {.low = Side(input, j, -1.0).end(step), .high = Side(input, j, 1.0).end(step)};
}

}  // namespace descent::curve

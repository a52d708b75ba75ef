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
    point_ = in_.optimum.x;
  }

  double end(double step) {
    const double centre = in_.optimum.x[j_];
    double inside = 0.0, tau_inside = 0.0;  // distances from the optimum
    double outside = step, tau_outside = 0.0;
    constexpr int kMaxDoublings = 12, kMaxRefits = 40;
    for (int i = 0;; ++i) {
      const double value = centre + sign_ * outside;
      if ((sign_ > 0.0 && value >= limit_) || (sign_ < 0.0 && value <= limit_)) {
        outside = std::fabs(limit_ - centre);
        tau_outside = tau(outside);
        if (!(tau_outside > in_.t)) return limit_;  // the parameter may go no further
        break;
      }
      tau_outside = tau(outside);
      if (tau_outside > in_.t || in_.stop.stop_requested()) break;
      if (i == kMaxDoublings) return sign_ * kInfinity;
      inside = outside;
      tau_inside = tau_outside;
      outside *= 2.0;
    }
    // Regula falsi with the Illinois rule: tau is nearly a straight line.
    int last = 0;
    double weight_inside = tau_inside - in_.t, weight_outside = tau_outside - in_.t;
    for (int i = 0; i < kMaxRefits && outside - inside > 1e-10 * outside; ++i) {
      double next = (inside * weight_outside - outside * weight_inside) / (weight_outside - weight_inside);
      if (!std::isfinite(next) || next <= inside || next >= outside) next = 0.5 * (inside + outside);
      const double distance = tau(next) - in_.t;
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
  double tau(double distance) {
    std::vector<double> x = point_;
    x[j_] = in_.optimum.x[j_] + sign_ * distance;
    std::vector<Bound> held = box_;
    held[j_] = {.low = x[j_], .high = x[j_]};
    double value = 0.0;
    if (x.size() == 1) {
      value = in_.objective.value(x);
    } else {
      const MinimizeOptions run{.max_steps = 500, .gradient_tolerance = 0.0, .bounds = held, .stop = in_.stop};
      Result result = minimize(in_.objective, x, Optimizer(Method::levenberg_marquardt), run);
      value = result.value;
      if (std::isfinite(value)) point_ = std::move(result.x);  // the next refit begins here
    }
    if (!std::isfinite(value)) return kInfinity;
    return std::sqrt(std::max(0.0, 2.0 * (value - in_.optimum.value) / in_.variance));
  }

  const ProfileInput& in_;
  std::size_t j_;
  double sign_;
  double limit_ = 0.0;
  std::vector<Bound> box_;
  std::vector<double> point_;
};

}  // namespace

Interval profile_interval(const ProfileInput& input, std::size_t j, double step) {
  return {.low = Side(input, j, -1.0).end(step), .high = Side(input, j, 1.0).end(step)};
}

}  // namespace descent::curve

// What all line searches share: what is asked of a step, and the protocol.
#pragma once

#include <algorithm>
#include <cmath>

namespace descent {

struct LineSearchOptions {
  double decrease = 1e-4;  ///< c1: f(a) <= f(0) + c1 a f'(0). Nocedal and Wright's: asks little, so steps stay long
  double curvature = 0.9;  ///< c2: |f'(a)| <= c2 |f'(0)|. 0.9 suits quasi-Newton steps, which are good as they come
  double max_step = 1e20;
  int max_evaluations = 40;  ///< halving alone then reaches the last bit
  /// Below this relative difference of values only slopes are believed: where |f(a) - f(0)| <= rounding |f(0)| and
  /// -c1 a f'(0) <= rounding max(|f(0)|, value_scale), (2 c1 - 1) f'(0) >= f'(a) >= c2 f'(0) also accepts. 32 ulp: what
  /// summing a few terms loses.
  double rounding = 0x1p-47;
  /// The largest |f| of the run so far: f may be 0 by terms that cancel.
  double value_scale = 0.0;
};

enum class SearchState {
  running,    ///< step() is to be evaluated
  accepted,   ///< step(), the one reported last, satisfies the conditions
  decreased,  ///< only the decrease could be had (longest step, or interval at rounding level): step() is the best
  failed,     ///< no step with sufficient decrease was found
  unbounded,  ///< a value was minus infinity
};

/// phi(a) = f(x + a d), asked for one step at a time:
///
///   MoreThuenteSearch search(f, slope, 1.0);
///   while (search.is_running()) search.report(phi(search.step()), slope_at(search.step()));
///
/// Trial values that are not finite count as "too far". No callback, no allocation.
class SearchBase {
 public:
  [[nodiscard]] bool is_running() const { return state_ == SearchState::running; }
  [[nodiscard]] SearchState state() const { return state_; }
  [[nodiscard]] double step() const { return step_; }
  [[nodiscard]] int evaluations() const { return evaluations_; }

 protected:
  struct Sample {
    double step = 0.0, value = 0.0, slope = 0.0;
  };

  /// value = phi(0), slope = phi'(0) < 0, first_step > 0; `failed` if they are not so.
  SearchBase(double value, double slope, double first_step, const LineSearchOptions& options)
      : options_(options), start_{0.0, value, slope}, step_(std::min(first_step, options.max_step)) {
    if (!(slope < 0.0) || !std::isfinite(value) || !(first_step > 0.0)) state_ = SearchState::failed;
  }

  [[nodiscard]] double target_slope() const { return options_.decrease * start_.slope; }
  [[nodiscard]] bool is_low(const Sample& s) const { return s.value <= start_.value + s.step * target_slope(); }
  [[nodiscard]] bool is_flat(const Sample& s) const { return std::fabs(s.slope) <= -options_.curvature * start_.slope; }
  /// A step whose required decrease could be seen in the values has to show it: else a hill's top would do, and a point
  /// of the same value on its other side.
  [[nodiscard]] bool is_low_by_slope(const Sample& s) const {
    const double noise = options_.rounding * std::fabs(start_.value);
    return std::fabs(s.value - start_.value) <= noise &&
           -s.step * target_slope() <= std::fmax(noise, options_.rounding * options_.value_scale) &&
           s.slope <= (2.0 * options_.decrease - 1.0) * start_.slope && s.slope >= options_.curvature * start_.slope;
  }
  void end(SearchState state) { state_ = state; }
  void end(SearchState state, double step) {
    state_ = state;
    step_ = step;
  }

  LineSearchOptions options_;
  Sample start_;
  double step_;
  int evaluations_ = 0;
  SearchState state_ = SearchState::running;
};

/// Relative; of an interval below it the two ends are neighbours.
inline constexpr double kShortestInterval = 1e-15;

}  // namespace descent

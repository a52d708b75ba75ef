// A step along a line that lowers f enough and flattens its slope: the strong Wolfe conditions.
#pragma once

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

/// phi(a) = f(x + a d), asked for one step at a time:
///
///   WolfeSearch search(f, slope, 1.0);
///   while (search.is_running()) search.report(phi(search.step()), slope_at(search.step()));
///
/// Trial values that are not finite count as "too far". No callback, no allocation.
/// Reference: J. J. More, D. J. Thuente, "Line search algorithms with guaranteed sufficient decrease", ACM TOMS 20(3),
/// 1994; the acceptance at rounding level is W. W. Hager, H. Zhang, "A new conjugate gradient method with guaranteed
/// descent and an efficient line search", SIAM J. Optim. 16(1), 2005, section 4.
/// Differs: theirs does not ask whether the decrease could be seen; MINPACK-2's dcsrch has no acceptance at rounding
/// level and no notion of values that are not finite.
class WolfeSearch {
 public:
  enum class State {
    running,    ///< step() is to be evaluated
    accepted,   ///< step(), the one reported last, satisfies the conditions
    decreased,  ///< only the decrease could be had (longest step, or interval at rounding level): step() is the best
    failed,     ///< no step with sufficient decrease was found
    unbounded,  ///< a value was minus infinity
  };

  /// value = phi(0), slope = phi'(0) < 0, first_step > 0.
  WolfeSearch(double value, double slope, double first_step, const LineSearchOptions& options = {});

  [[nodiscard]] bool is_running() const { return state_ == State::running; }
  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] double step() const { return step_; }
  [[nodiscard]] int evaluations() const { return evaluations_; }
  [[nodiscard]] bool has_bracket() const { return bracketed_; }
  /// The ends of the interval that holds an acceptable step, once there is a bracket.
  [[nodiscard]] double low() const { return best_.step < other_.step ? best_.step : other_.step; }
  [[nodiscard]] double high() const { return best_.step < other_.step ? other_.step : best_.step; }

  void report(double value, double slope);

 private:
  struct Sample {
    double step = 0.0, value = 0.0, slope = 0.0;
  };
  void choose(Sample trial);
  void stop_at_best();

  LineSearchOptions options_;
  Sample start_, best_, other_;
  double step_, min_trial_ = 0.0, max_trial_, longest_;
  double width_, previous_width_;
  bool bracketed_ = false;
  bool first_stage_ = true;
  int evaluations_ = 0;
  State state_ = State::running;
};

}  // namespace descent

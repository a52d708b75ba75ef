// More and Thuente's search for a step with the strong Wolfe conditions.
#pragma once

#include "descent/optim/search_base.hpp"

namespace descent {

/// Steps with phi(a) <= phi(0) + c1 a phi'(0) and |phi'(a)| <= c2 |phi'(0)|, by cubic and quadratic interpolation with
/// an interval that shrinks.
/// Reference: J. J. More, D. J. Thuente, "Line search algorithms with guaranteed sufficient decrease", ACM TOMS 20(3),
/// 1994; the acceptance at rounding level is W. W. Hager, H. Zhang, "A new conjugate gradient method with guaranteed
/// descent and an efficient line search", SIAM J. Optim. 16(1), 2005, section 4.
/// Differs: theirs does not ask whether the decrease could be seen; MINPACK-2's dcsrch has no acceptance at rounding
/// level and no notion of values that are not finite.
class MoreThuenteSearch : public SearchBase {
 public:
  MoreThuenteSearch(double value, double slope, double first_step, const LineSearchOptions& options = {});

  [[nodiscard]] bool has_bracket() const { return bracketed_; }
  /// The ends of the interval that holds an acceptable step, once there is a bracket.
  [[nodiscard]] double low() const { return best_.step < other_.step ? best_.step : other_.step; }
  [[nodiscard]] double high() const { return best_.step < other_.step ? other_.step : best_.step; }

  void report(double value, double slope);

 private:
  void choose(Sample trial);
  void stop_at_best();

  Sample best_, other_;
  double min_trial_ = 0.0, max_trial_, longest_;
  double width_, previous_width_;
  bool bracketed_ = false;
  bool first_stage_ = true;
};

}  // namespace descent

// Hager and Zhang's search, whose conditions can still be met where values differ by rounding only.
#pragma once

#include "descent/optim/search_base.hpp"

namespace descent {

/// Steps with the weak Wolfe conditions, phi(a) <= phi(0) + c1 a phi'(0) and phi'(a) >= c2 phi'(0), or with the
/// approximate ones, (2 c1 - 1) phi'(0) >= phi'(a) >= c2 phi'(0), where the values are rounding; by a double secant
/// step on the slopes and bisection.
/// Reference: W. W. Hager, H. Zhang, "Algorithm 851: CG_DESCENT, a conjugate gradient method with guaranteed descent",
/// ACM TOMS 32(1), 2006, section 4 (bracket, update, secant2, line search).
/// Differs: the approximate conditions count only where the decrease asked for cannot be seen in the values
/// (SearchBase), theirs wherever f rises by no more than 1e-6 |f|; values that are not finite are too far.
class HagerZhangSearch : public SearchBase {
 public:
  HagerZhangSearch(double value, double slope, double first_step, const LineSearchOptions& options = {})
      : SearchBase(value, slope, first_step, options), a_(start_), b_(start_) {}

  void report(double value, double slope);

 private:
  enum class Phase { bracket, first_secant, second_secant, middle };

  void bracket(const Sample& trial);
  /// Takes a sample within the interval into it (U0 to U3). False if bisection has to go on first.
  bool update(const Sample& trial);
  void go_on();
  void ask(double step);
  [[nodiscard]] bool is_below_limit(const Sample& s) const;
  [[nodiscard]] static double secant(const Sample& a, const Sample& b);

  Sample a_, b_;                    ///< slopes < 0 and >= 0; a_ no higher than the start
  Sample before_a_{}, before_b_{};  ///< the interval when this round began
  Phase phase_ = Phase::bracket;
  bool bisecting_ = false;
};

}  // namespace descent

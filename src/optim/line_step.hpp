// A step along a line, by the search that was asked for and, where that fails, by another.
#pragma once

#include <limits>

#include "descent/optim/line_search.hpp"
#include "src/optim/run.hpp"

namespace descent {

struct LineSearchChoice {
  LineSearchKind kind = LineSearchKind::more_thuente;
  double curvature = 0.9;  ///< c2
};

[[nodiscard]] inline double slope_along(View gradient, View direction) {
  if (gradient.size() >= kSmallVector) return simd::dot(gradient, direction);
  double result = 0.0;
  for (std::size_t i = 0; i < gradient.size(); ++i) result = result + gradient[i] * direction[i];
  return result;
}

/// The lines that the steps of one run are searched on.
class LineSteps {
 public:
  LineSteps(Run& run, const LineSearchChoice& choice) : run_(run), choice_(choice) {}

  /// The first rungs of a ladder: the chosen search along `direction`, then one that believes slopes (hager_zhang, or
  /// more_thuente in its place). True if a step was found: `to` is there, evaluated, and differs from `from`.
  /// The rungs after that, steepest descent and a reason, are the caller's.
  [[nodiscard]] bool find(const Point& from, View direction, double slope, double first_step, Point& to);
  /// Of the last find().
  [[nodiscard]] double step() const { return step_; }
  /// Of the last find(): f still fell at the longest step, and no faster than at the start.
  [[nodiscard]] bool ran_away() const { return ran_away_; }

 private:
  [[nodiscard]] bool search(LineSearchKind kind, const Point& from, View direction, double slope, double first_step,
                            Point& to);
  /// Neither a lower value nor a smaller gradient for many steps: what is left is rounding, and searches that allow for
  /// it would go on for ever.
  [[nodiscard]] bool wanders(const Point& from);

  Run& run_;
  LineSearchChoice choice_;
  double step_ = 0.0;
  double value_scale_ = 0.0;
  double least_value_ = std::numeric_limits<double>::infinity(), least_gradient_ = least_value_;
  int steps_without_gain_ = 0;
  bool ran_away_ = false;
};

}  // namespace descent

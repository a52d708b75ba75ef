#include "src/optim/line_step.hpp"

#include <cmath>

namespace descent {
namespace {

void move_along(View from, double step, View direction, MutableView to) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = from[i] + step * direction[i];
}

bool differ(const std::vector<double>& a, const std::vector<double>& b) {
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] != b[i]) return true;
  return false;
}

}  // namespace

bool LineSteps::find(const Point& from, View direction, double slope, double first_step, Point& to) {
  value_scale_ = std::fmax(value_scale_, std::fabs(from.value));
  if (!(slope < 0.0) || !std::isfinite(slope) || wanders(from)) return false;
  if (search(choice_.kind, from, direction, slope, first_step, to)) return true;
  const bool had_it = choice_.kind == LineSearchKind::hager_zhang;
  return search(had_it ? LineSearchKind::more_thuente : LineSearchKind::hager_zhang, from, direction, slope, first_step,
                to);
}

bool LineSteps::wanders(const Point& from) {
  constexpr int kMostSteps = 30;
  const bool lower = !(from.value >= least_value_), flatter = !(from.gradient_norm >= least_gradient_);
  if (lower) least_value_ = from.value;
  if (flatter) least_gradient_ = from.gradient_norm;
  steps_without_gain_ = lower || flatter ? 0 : steps_without_gain_ + 1;
  return steps_without_gain_ > kMostSteps;
}

bool LineSteps::search(LineSearchKind kind, const Point& from, View direction, double slope, double first_step,
                       Point& to) {
  LineSearch search(kind, from.value, slope, first_step, {.curvature = choice_.curvature, .value_scale = value_scale_});
  const bool needs_slope = search.needs_slope();
  double evaluated = 0.0;
  while (search.is_running()) {
    evaluated = search.step();
    move_along(from.x, evaluated, direction, to.x);
    if (needs_slope) {
      run_.evaluate(to);
      search.report(to.value, slope_along(to.gradient, direction));
    } else {
      run_.evaluate_value(to);
      search.report(to.value, 0.0);
    }
  }
  step_ = search.step();
  ran_away_ = false;
  if (search.state() == SearchState::failed) return false;
  if (step_ != evaluated) move_along(from.x, step_, direction, to.x);
  if (step_ != evaluated || !needs_slope) {
    run_.evaluate(to);
    if (search.state() == SearchState::accepted && !(std::isfinite(to.value) && std::isfinite(to.gradient_norm)))
      return false;
  }
  ran_away_ = search.state() == SearchState::decreased && step_ >= LineSearchOptions{}.max_step &&
              slope_along(to.gradient, direction) >= 2.0 * slope;
  return differ(from.x, to.x);
}

}  // namespace descent

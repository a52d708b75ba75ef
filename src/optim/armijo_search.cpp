#include "descent/optim/armijo_search.hpp"

namespace descent {

void ArmijoSearch::report(double value) {
  ++evaluations_;
  if (value == -INFINITY) return end(SearchState::unbounded);
  if (std::isfinite(value) && is_low({step_, value, 0.0})) return end(SearchState::accepted);
  double share = 0.5;
  if (std::isfinite(value)) {
    const double parabola = -start_.slope * step_ / (2.0 * (value - start_.value - start_.slope * step_));
    share = std::clamp(parabola, 0.1, 0.5);
  }
  // Where the decrease asked for is below rounding, no value can show it.
  const bool invisible = -step_ * target_slope() <= 0x1p-54 * std::fmax(std::fabs(start_.value), options_.value_scale);
  if (invisible || evaluations_ >= options_.max_evaluations) return end(SearchState::failed, 0.0);
  step_ *= share;
}

}  // namespace descent

#include "descent/optim/zoom_search.hpp"

#include <utility>

namespace descent {
namespace {

constexpr double kExpansion = 4.0;  // the longest step is then within 40 evaluations of the first

}  // namespace

void ZoomSearch::report(double value, double slope) {
  ++evaluations_;
  if (value == -INFINITY) return end(SearchState::unbounded);
  const Sample trial{step_, value, slope};
  const bool finite = std::isfinite(value) && std::isfinite(slope);
  const bool low = finite && is_low(trial);
  if (finite && ((low && is_flat(trial)) || is_low_by_slope(trial))) return end(SearchState::accepted);

  if (!low || (value >= low_.value && (zooming_ || evaluations_ > 1))) {
    high_ = trial;
    zooming_ = true;
  } else {
    const bool ends_swap = zooming_ ? slope * (high_.step - low_.step) >= 0.0 : slope >= 0.0;
    if (ends_swap) {
      high_ = low_;
      zooming_ = true;
    }
    low_ = trial;
    if (!zooming_) {
      if (step_ >= options_.max_step) return end(SearchState::decreased);
      if (evaluations_ >= options_.max_evaluations) return end(SearchState::decreased);
      step_ = std::min(kExpansion * step_, options_.max_step);
      return;
    }
  }
  try_inside();
}

void ZoomSearch::try_inside() {
  const double width = high_.step - low_.step;
  const bool exhausted = evaluations_ >= options_.max_evaluations ||
                         std::fabs(width) <= kShortestInterval * std::max(high_.step, low_.step);
  // The minimiser of the cubic through both ends; the middle where that is no number, or near an end.
  double share = 0.5;
  if (std::isfinite(high_.value) && std::isfinite(high_.slope)) {
    const double d1 = low_.slope + high_.slope - 3.0 * (low_.value - high_.value) / -width;
    const double root = d1 * d1 - low_.slope * high_.slope;
    if (root >= 0.0) {
      const double d2 = std::copysign(std::sqrt(root), width);
      const double cubic = 1.0 - (high_.slope + d2 - d1) / (high_.slope - low_.slope + 2.0 * d2);
      if (cubic >= 0.1 && cubic <= 0.9) share = cubic;
    }
  }
  const double next = low_.step + share * width;
  if (exhausted || next == low_.step || next == high_.step)
    return end(low_.step > 0.0 ? SearchState::decreased : SearchState::failed, low_.step);
  step_ = next;
}

}  // namespace descent

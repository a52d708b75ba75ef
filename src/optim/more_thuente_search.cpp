#include "descent/optim/more_thuente_search.hpp"

#include <algorithm>
#include <cmath>

namespace descent {
namespace {

double largest_of(double a, double b, double c) { return std::max(std::fabs(a), std::max(std::fabs(b), std::fabs(c))); }

/// Root of the slope of the cubic through both samples, as a fraction from `a` to `b` side; More and Thuente's forms.
struct Cubic {
  double theta, gamma;
};
Cubic cubic_of(double step_a, double value_a, double slope_a, double step_b, double value_b, double slope_b) {
  const double theta = 3.0 * (value_a - value_b) / (step_b - step_a) + slope_a + slope_b;
  const double scale = largest_of(theta, slope_a, slope_b);
  const double ratio = theta / scale;
  const double inside = ratio * ratio - (slope_a / scale) * (slope_b / scale);
  return {theta, scale * std::sqrt(std::max(0.0, inside))};
}

}  // namespace

MoreThuenteSearch::MoreThuenteSearch(double value, double slope, double first_step, const LineSearchOptions& options)
    : SearchBase(value, slope, first_step, options),
      best_(start_),
      other_(start_),
      max_trial_(5.0 * first_step),
      longest_(options.max_step),
      width_(options.max_step),
      previous_width_(2.0 * options.max_step) {}

void MoreThuenteSearch::stop_at_best() {
  // `best_` is never above the line of sufficient decrease unless it is the start itself.
  end(best_.step > 0.0 && is_low(best_) ? SearchState::decreased : SearchState::failed, best_.step);
}

void MoreThuenteSearch::report(double value, double slope) {
  ++evaluations_;
  if (value == -INFINITY) return end(SearchState::unbounded);
  if (!std::isfinite(value) || !std::isfinite(slope)) {
    // Too far. Half way back to the best step so far; nothing beyond that is tried again.
    const double shorter = best_.step + 0.5 * (step_ - best_.step);
    if (evaluations_ >= options_.max_evaluations || shorter == best_.step || shorter == step_) return stop_at_best();
    longest_ = shorter;
    max_trial_ = std::min(max_trial_, longest_);
    step_ = shorter;
    return;
  }

  const Sample trial{step_, value, slope};
  const bool decreased = is_low(trial);
  if ((decreased && is_flat(trial)) || is_low_by_slope(trial)) return end(SearchState::accepted);
  if (first_stage_ && decreased && slope >= 0.0) first_stage_ = false;

  const bool exhausted = bracketed_ && (step_ <= min_trial_ || step_ >= max_trial_ ||
                                        max_trial_ - min_trial_ <= kShortestInterval * max_trial_);
  if (step_ == longest_ && decreased && slope <= target_slope()) return end(SearchState::decreased);
  if (exhausted || evaluations_ >= options_.max_evaluations) {
    if (decreased && value <= best_.value) best_ = trial;
    return stop_at_best();
  }

  if (first_stage_ && value <= best_.value && !decreased) {
    // Until a step with decrease and positive slope is known, work on phi(a) - c1 a phi'(0): its minimiser has both.
    const auto shifted = [&](Sample s) {
      return Sample{s.step, s.value - s.step * target_slope(), s.slope - target_slope()};
    };
    const auto restored = [&](Sample s) {
      return Sample{s.step, s.value + s.step * target_slope(), s.slope + target_slope()};
    };
    best_ = shifted(best_);
    other_ = shifted(other_);
    choose(shifted(trial));
    best_ = restored(best_);
    other_ = restored(other_);
  } else {
    choose(trial);
  }

  if (bracketed_) {
    if (std::fabs(other_.step - best_.step) >= 0.66 * previous_width_)
      step_ = best_.step + 0.5 * (other_.step - best_.step);
    previous_width_ = width_;
    width_ = std::fabs(other_.step - best_.step);
    min_trial_ = std::min(best_.step, other_.step);
    max_trial_ = std::max(best_.step, other_.step);
  } else {
    min_trial_ = step_ + 1.1 * (step_ - best_.step);
    max_trial_ = step_ + 4.0 * (step_ - best_.step);
  }
  step_ = std::clamp(step_, 0.0, longest_);
  if (bracketed_ &&
      (step_ <= min_trial_ || step_ >= max_trial_ || max_trial_ - min_trial_ <= kShortestInterval * max_trial_))
    step_ = best_.step;
  // The best step was already evaluated: asking again cannot help.
  if (step_ == best_.step) stop_at_best();
}

/// More and Thuente's choice of the next trial from the best step, the other end and this trial (section 4, cases 1-4).
void MoreThuenteSearch::choose(Sample trial) {
  const bool opposite = trial.slope * std::copysign(1.0, best_.slope) < 0.0;
  double next = 0.0;
  if (trial.value > best_.value) {
    // 1: higher. A minimum lies between: the cubic's, or the mean with the parabola's if that is nearer to the best.
    auto [theta, gamma] = cubic_of(best_.step, best_.value, best_.slope, trial.step, trial.value, trial.slope);
    if (trial.step < best_.step) gamma = -gamma;
    const double ratio = ((gamma - best_.slope) + theta) / (((gamma - best_.slope) + gamma) + trial.slope);
    const double cubic = best_.step + ratio * (trial.step - best_.step);
    const double parabola =
        best_.step + ((best_.slope / ((best_.value - trial.value) / (trial.step - best_.step) + best_.slope)) / 2.0) *
                         (trial.step - best_.step);
    next = std::fabs(cubic - best_.step) < std::fabs(parabola - best_.step) ? cubic : cubic + (parabola - cubic) / 2.0;
    bracketed_ = true;
  } else if (opposite) {
    // 2: lower, the slope changed its sign.
    auto [theta, gamma] = cubic_of(best_.step, best_.value, best_.slope, trial.step, trial.value, trial.slope);
    if (trial.step > best_.step) gamma = -gamma;
    const double ratio = ((gamma - trial.slope) + theta) / (((gamma - trial.slope) + gamma) + best_.slope);
    const double cubic = trial.step + ratio * (best_.step - trial.step);
    const double secant = trial.step + (trial.slope / (trial.slope - best_.slope)) * (best_.step - trial.step);
    next = std::fabs(cubic - trial.step) > std::fabs(secant - trial.step) ? cubic : secant;
    bracketed_ = true;
  } else if (std::fabs(trial.slope) < std::fabs(best_.slope)) {
    // 3: lower, same sign, flatter: extrapolate, but only as far as the cubic points that way.
    auto [theta, gamma] = cubic_of(best_.step, best_.value, best_.slope, trial.step, trial.value, trial.slope);
    if (trial.step > best_.step) gamma = -gamma;
    const double ratio = ((gamma - trial.slope) + theta) / ((gamma + (best_.slope - trial.slope)) + gamma);
    double cubic = trial.step > best_.step ? max_trial_ : min_trial_;
    if (ratio < 0.0 && gamma != 0.0) cubic = trial.step + ratio * (best_.step - trial.step);
    const double secant = trial.step + (trial.slope / (trial.slope - best_.slope)) * (best_.step - trial.step);
    const bool cubic_is_nearer = std::fabs(cubic - trial.step) < std::fabs(secant - trial.step);
    if (bracketed_) {
      next = cubic_is_nearer ? cubic : secant;
      const double limit = trial.step + 0.66 * (other_.step - trial.step);
      next = trial.step > best_.step ? std::min(limit, next) : std::max(limit, next);
    } else {
      next = cubic_is_nearer ? secant : cubic;
      next = std::clamp(next, min_trial_, std::max(min_trial_, max_trial_));
    }
  } else if (bracketed_) {
    // 4: lower, same sign, no flatter: the minimum is towards the other end.
    auto [theta, gamma] = cubic_of(trial.step, trial.value, trial.slope, other_.step, other_.value, other_.slope);
    if (trial.step > other_.step) gamma = -gamma;
    const double ratio = ((gamma - trial.slope) + theta) / (((gamma - trial.slope) + gamma) + other_.slope);
    next = trial.step + ratio * (other_.step - trial.step);
  } else {
    next = trial.step > best_.step ? max_trial_ : min_trial_;
  }

  if (trial.value > best_.value) {
    other_ = trial;
  } else {
    if (opposite) other_ = best_;
    best_ = trial;
  }
  step_ = next;
}

}  // namespace descent

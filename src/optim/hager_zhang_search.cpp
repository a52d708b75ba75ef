#include "descent/optim/hager_zhang_search.hpp"

namespace descent {
namespace {

// The paper's numbers.
constexpr double kExpansion = 5.0;  // rho
constexpr double kShrink = 0.66;    // gamma: a round that shrinks the interval less is followed by a bisection

}  // namespace

/// May `s` be the interval's low end?
bool HagerZhangSearch::is_below_limit(const Sample& s) const {
  return s.value <= start_.value + options_.rounding * std::fabs(start_.value);
}

double HagerZhangSearch::secant(const Sample& a, const Sample& b) {
  return (a.step * b.slope - b.step * a.slope) / (b.slope - a.slope);
}

void HagerZhangSearch::report(double value, double slope) {
  ++evaluations_;
  if (value == -INFINITY) return end(SearchState::unbounded);
  Sample trial{step_, value, slope};
  if (std::isfinite(value) && std::isfinite(slope)) {
    if ((is_low(trial) && slope >= options_.curvature * start_.slope) || is_low_by_slope(trial))
      return end(SearchState::accepted);
  } else {
    trial.value = INFINITY;  // too far, by any slope
    trial.slope = -1.0;
  }
  if (phase_ == Phase::bracket && !bisecting_) return bracket(trial);
  if (!update(trial)) return ask(0.5 * (a_.step + b_.step));
  go_on();
}

void HagerZhangSearch::bracket(const Sample& trial) {
  b_ = trial;
  if (trial.slope >= 0.0 || !is_below_limit(trial)) {
    bisecting_ = trial.slope < 0.0;
    if (bisecting_) {
      a_ = start_;
      return ask(0.5 * b_.step);
    }
    return go_on();
  }
  a_ = trial;
  if (trial.step >= options_.max_step)
    return end(is_low(trial) ? SearchState::decreased : SearchState::failed, trial.step);
  ask(std::min(kExpansion * trial.step, options_.max_step));
}

bool HagerZhangSearch::update(const Sample& trial) {
  if (!bisecting_ && !(trial.step > a_.step && trial.step < b_.step)) return true;
  if (trial.slope >= 0.0) {
    b_ = trial;
    bisecting_ = false;
  } else if (is_below_limit(trial)) {
    a_ = trial;
  } else {
    b_ = trial;
    bisecting_ = true;
  }
  return !bisecting_;
}

/// The next step of the round: two secants, then the middle if they did not shrink the interval enough.
void HagerZhangSearch::go_on() {
  const auto inside = [&](double step) { return step > a_.step && step < b_.step; };
  for (int skipped = 0; skipped < 4; ++skipped) {
    switch (phase_) {
      case Phase::bracket:
      case Phase::middle: {
        before_a_ = a_;
        before_b_ = b_;
        phase_ = Phase::first_secant;
        const double step = secant(a_, b_);
        if (inside(step)) return ask(step);
        break;
      }
      case Phase::first_secant: {
        phase_ = Phase::second_secant;
        const bool new_b = b_.step != before_b_.step, new_a = a_.step != before_a_.step;
        if (new_a == new_b) break;
        const double step = new_b ? secant(before_b_, b_) : secant(before_a_, a_);
        if (inside(step)) return ask(step);
        break;
      }
      case Phase::second_secant:
        phase_ = Phase::middle;
        if (b_.step - a_.step > kShrink * (before_b_.step - before_a_.step)) return ask(0.5 * (a_.step + b_.step));
        break;
    }
  }
  ask(0.5 * (a_.step + b_.step));
}

void HagerZhangSearch::ask(double step) {
  const bool between = phase_ != Phase::bracket || bisecting_;
  const bool exhausted =
      evaluations_ >= options_.max_evaluations ||
      (between && (b_.step - a_.step <= kShortestInterval * b_.step || step == a_.step || step == b_.step));
  if (exhausted) return end(a_.step > 0.0 && is_low(a_) ? SearchState::decreased : SearchState::failed, a_.step);
  step_ = step;
}

}  // namespace descent

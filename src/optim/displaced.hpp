// The second gradient of an update, for the loops: sam's.
#pragma once

#include <vector>

#include "descent/optim/chain_state.hpp"
#include "src/optim/run.hpp"

namespace descent {

/// Asks the chain where it wants its gradient, and takes it there. Costs nothing for chains that want none.
class Displaced {
 public:
  Displaced(Run& run, ChainState& state) : run_(run), state_(state) {}

  /// The gradient for the next update: point's own, or that of the displaced point, which `evaluate` takes and counts.
  /// With bounds that point is moved inside. Null, and the run has ended, if it is not finite and the chain does not
  /// forgive that.
  template <class Evaluate>
  [[nodiscard]] std::vector<double>* gradient(Point& point, const Evaluate& evaluate) {
    if (!state_.displaces()) return &point.gradient;
    there_.x.resize(point.x.size());
    there_.gradient.resize(point.x.size());
    if (!state_.displace(point.gradient, point.x, there_.x)) return &point.gradient;
    run_.region().project(there_.x);
    evaluate(there_);
    const bool goes_on = state_.forgives() || run_.check_finite(there_, ", at the point where sam takes it");
    return goes_on ? &there_.gradient : nullptr;
  }

 private:
  Run& run_;
  ChainState& state_;
  Point there_;
};

}  // namespace descent

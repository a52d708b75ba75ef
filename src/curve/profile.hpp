// Intervals from refits with one parameter fixed.
#pragma once

#include <cstddef>
#include <vector>

#include "descent/curve/fit.hpp"

namespace descent::curve {

struct ProfileInput {
  CurveObjective& objective;
  const Result& optimum;
  const std::vector<Bound>& bounds;
  double variance = 0.0;  ///< of a residual
  double t = 0.0;         ///< quantile
  const StopToken& stop;
};

/// The values of parameter j where tau = sign(p_j - p_j*) sqrt(2 (f - f*) / variance) is -t and t, f being the least
/// value with p_j fixed there. `step` > 0 is where the search begins: t standard errors.
[[nodiscard]] Interval profile_interval(const ProfileInput& input, std::size_t j, double step);

}  // namespace descent::curve

// Where to begin when nobody says.
#pragma once

#include <cstddef>
#include <vector>

#include "descent/curve/fit.hpp"

namespace descent::curve {

struct Guess {
  std::vector<double> start;
  std::size_t tried = 0;  ///< starts looked at
};

/// The best of many starts: parameters without one are drawn from the scales of the data, those in which the curve is
/// linear are solved for, and the most promising are followed some steps. The same for the same seed.
[[nodiscard]] Guess guess_start(const Curve& curve, CurveObjective& objective, const CurveOptions& options,
                                const std::vector<Bound>& bounds);

/// parameters[j] enters f linearly beside the others that are marked: f is linear in all marked ones together.
[[nodiscard]] std::vector<bool> linear_parameters(const Curve& curve);

}  // namespace descent::curve

// Least squares by a linear model within a radius.
#pragma once

#include <vector>

#include "descent/core/residual_objective.hpp"
#include "descent/core/result.hpp"
#include "src/optim/run.hpp"

namespace descent {

/// `first_radius` > 0: of the first step's length over that of the start, both with the columns' norms as units.
[[nodiscard]] Result run_levenberg_marquardt(Run& run, ResidualObjective& objective, std::vector<double> start,
                                             double first_radius);

}  // namespace descent

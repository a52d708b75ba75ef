// Smooth loss plus l1.
#pragma once

#include <vector>

#include "descent/core/objective.hpp"
#include "descent/loss/penalty.hpp"
#include "descent/optim/minimize.hpp"

namespace descent::linear {

/// minimise   f(x) + l1 ||x_0..x_{penalised-1}||_1
/// given      f smooth and convex with its gradient, a start, a first step
/// result     converged when the smallest subgradient has no component above options.gradient_tolerance
///
/// By fista. The result's gradient is the smallest subgradient.
[[nodiscard]] Result proximal_gradient(Objective& smooth, double l1, std::size_t penalised, std::vector<double> start,
                                       double first_step, const MinimizeOptions& options);

}  // namespace descent::linear

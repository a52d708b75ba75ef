// Plain descent on a quadratic, step by step, at a few nanoseconds a step.
#pragma once

#include <vector>

#include "descent/linear/least_squares.hpp"
#include "descent/optim/minimize.hpp"
#include "src/linear/gram_objective.hpp"

namespace descent::linear {

/// True for `sgd` with a constant rate.
[[nodiscard]] bool is_textbook_descent_chain(const Optimizer& optimizer);
/// Nobody watches the steps and only the gradient or the number of steps can end them.
[[nodiscard]] bool can_run_gram_steps(const MinimizeOptions& options);

/// The same run as minimize(objective, start, sgd(rate), options), to rounding: the walk is made in e = theta - theta*,
/// where a step is e = e - rate H e, by a loop that knows its number of parameters. Every rule is judged after every
/// step. What ends the run is handed to minimize(), so that it is said in the same words.
[[nodiscard]] Result gram_steps(const LeastSquaresAnalysis& analysis, GramObjective& objective,
                                std::vector<double> start, const Optimizer& optimizer, const MinimizeOptions& options);

}  // namespace descent::linear

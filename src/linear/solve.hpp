// Which method solves which problem, and how it is run.
#pragma once

#include <string>
#include <vector>

#include "descent/linear/least_squares.hpp"
#include "descent/linear/objective.hpp"
#include "descent/linear/options.hpp"
#include "src/linear/problem.hpp"

namespace descent::linear {

struct SolveInput {
  const Problem* problem = nullptr;
  const LinearOptions* options = nullptr;
  LinearObjective* objective = nullptr;            // over the rows
  const LeastSquaresAnalysis* analysis = nullptr;  // null when there is none
  LinearObjective* held_out = nullptr;             // loss of the held-out rows, no penalty; null when there are none
  std::vector<double> start;                       // in the solver's units
};

struct SolveOutput {
  Result result;
  std::string evaluation = "rows";
  std::size_t batch_size = 0;
  double best_epoch = 0.0;
  std::vector<std::string> remarks;
  double trial_seconds = 0.0;    // spent on finding a rate
  double safe_batch_rate = 0.0;  // of a run in batches that diverged or rose: 1 / (2 L(b)); 0 = not known
};

/// True for the chain `sgd` with a rate of its own: the textbook's iterates, nothing hidden.
[[nodiscard]] bool is_textbook_descent(const LinearOptions& options);
/// The options' optimizer with the options' learning rate put into it. Throws: Error(usage).
[[nodiscard]] Optimizer effective_optimizer(const LinearOptions& options);

[[nodiscard]] SolveOutput solve(SolveInput input);

}  // namespace descent::linear

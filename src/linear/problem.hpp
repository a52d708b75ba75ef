// What a fit minimises, worked out from the options and the target.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "descent/core/estimator.hpp"
#include "descent/linear/dense_rows.hpp"
#include "descent/linear/objective.hpp"
#include "descent/linear/options.hpp"

namespace descent::linear {

struct Problem {
  Task task = Task::regression;
  std::vector<std::string> classes;  // sorted; empty for regression
  std::size_t outputs = 1;
  std::shared_ptr<const loss::Loss> pointwise;  // null = softmax
  loss::Penalty penalty;
  bool probabilistic = false;  // log_loss
  bool least_squares = false;
  std::string loss_text;

  [[nodiscard]] LinearObjective::Settings settings(const LinearOptions& options, parallel::Pool* pool) const;
};

/// Decides task, classes, loss and penalty. Throws: Error(usage), Error(data).
[[nodiscard]] Problem make_problem(const DenseRows& rows, const LinearOptions& options);

/// Class codes 0..K-1 for the rows' targets (numbers as they are for regression).
/// Throws: Error(data) naming the first target that is no class of the problem.
[[nodiscard]] std::vector<double> class_codes(const std::vector<std::string>& classes, const DenseRows& rows);

/// Turns the rows' targets into what the loss wants: signs for two classes, codes for more.
void code_targets(const Problem& problem, DenseRows& rows);

/// Multiplies the rows' weights by their classes'. Targets are still codes. Throws: Error(usage) for unknown classes.
void weigh_classes(const Problem& problem, const ClassWeights& weights, View codes, DenseRows& rows);

}  // namespace descent::linear

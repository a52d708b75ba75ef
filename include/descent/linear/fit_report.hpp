// Everything that is said about a fit; `fit --json` is this object in JSON.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "descent/core/estimator.hpp"
#include "descent/core/result.hpp"
#include "descent/linear/least_squares.hpp"
#include "descent/metrics/summary.hpp"

namespace descent::linear {

using metrics::ClassScores;
using metrics::Evaluated;
using metrics::NamedValue;

/// `intercept`, or `(intercept)` where a feature is called so: in parameters' names, traces and tables.
[[nodiscard]] std::string intercept_name(const std::vector<std::string>& feature_names);

/// One model's numbers in one unit system.
struct Coefficients {
  std::vector<double> intercepts;    ///< one for each output; empty without intercepts
  std::vector<double> coefficients;  ///< shape = [outputs x features]
};

struct BestEpoch {
  double epoch = 0.0;  ///< passes over the rows made when it was reached (= steps for full-batch methods)
  double objective = 0.0;
};

/// A column that separates a class from all others, ties allowed: the class has values >= `edge`, the others
/// <= `others_edge` <= `edge`; the other way round where not `above`.
struct SeparatingColumn {
  std::size_t feature = 0;
  std::size_t class_index = 0;  ///< in FitReport::classes
  bool above = true;
  double edge = 0.0;
  double others_edge = 0.0;
};

struct FitReport {
  Result result;           ///< of the solver, in the units it moved in
  std::string evaluation;  ///< "rows" or "gram"
  Task task = Task::regression;
  std::size_t rows = 0;  ///< learned from
  std::size_t validation_rows = 0;
  std::size_t features = 0;
  std::size_t outputs = 1;
  std::vector<std::string> feature_names;
  std::vector<std::string> classes;          ///< sorted; empty for regression
  std::vector<std::string> parameter_names;  ///< of result.x: what the solver moves, for traces
  double objective = 0.0;                    ///< at the point that is returned
  double loss = 0.0;                         ///< its parts: the data term ...
  double penalty = 0.0;                      ///< ... and the penalty
  double gradient_at_start = 0.0;            ///< max |g_i| where the run began
  BestEpoch best;
  Coefficients coefficients;                 ///< in the data's own units
  std::optional<Coefficients> standardized;  ///< the solver's own, when scaling was on
  std::string loss_text;                     ///< the loss, penalty, chain and batch that were used
  std::string penalty_text;
  std::string loss_scale;
  std::size_t batch_size = 0;
  std::optional<LeastSquaresAnalysis> analysis;  ///< least squares with up to 500 features and no l1
  std::optional<double>
      distance_to_solution;            ///< ||theta - theta*||_2 / ||theta*||_2, in the units the solver moved in
  std::optional<double> relative_gap;  ///< (f - f*) / |f*|
  /// Log loss without a penalty, and every row lies on its class's side: scaling the coefficients up lowers the loss
  /// for ever, so there is no minimum. This is the smallest margin; empty otherwise.
  std::optional<double> separation;
  /// Log loss without a penalty, where the classes are not separable as a whole: columns whose coefficients grow
  /// without end all the same, in the data's own units (a one-hot level that only one class has, or none).
  std::vector<SeparatingColumn> separating;
  std::vector<std::string> remarks;       ///< what was done, one sentence each: scaling, method, batch, defaults
  std::vector<std::string> findings;      ///< what a reader should know: false convergence, missing scaling, divergence
  std::vector<std::string> improvements;  ///< and what was gained: by standardising
  Evaluated train;
  std::optional<Evaluated> validation;
};

}  // namespace descent::linear

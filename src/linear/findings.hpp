// What a reader of a fit should be told.
#pragma once

#include "descent/linear/fit_report.hpp"
#include "descent/linear/objective.hpp"
#include "descent/linear/options.hpp"
#include "descent/linear/scaling.hpp"

namespace descent::linear {

struct FindingInput {
  const LinearOptions* options = nullptr;
  const Scaling* scaling = nullptr;
  double curvature_bound = 0.0;  ///< of a smooth loss without analysis; 0 = not computed
  double safe_batch_rate = 0.0;  ///< of a run in batches that diverged or rose: 1 / (2 L(b)); 0 = not known
  bool textbook = false;         ///< plain descent with a constant rate
};

/// Where nobody chose a method and a gradient test ended a least-squares run more than 1e-6 above its known minimum
/// (columns that nearly repeat each other), the exact solution becomes the result.
void finish_exactly(FitReport& report, const LinearOptions& options, LinearObjective& objective);

/// Compares the end of a least-squares run with its exact solution: fills distance_to_solution and relative_gap, turns
/// the status into `converged` where the exact solution proves it, and writes findings and result.suggestion.
void judge(FitReport& report, const FindingInput& input);

}  // namespace descent::linear

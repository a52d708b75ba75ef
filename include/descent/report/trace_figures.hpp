// Figures of how a run went.
#pragma once

#include <optional>
#include <string>

#include "descent/core/result.hpp"
#include "descent/core/trace.hpp"
#include "descent/report/figure.hpp"

namespace descent::report {

struct TraceFigureOptions {
  /// Adds the point after the last update, which a trace does not hold. Null = only what the trace holds.
  const Result* result = nullptr;
  /// The known minimum, drawn as a dashed line.
  std::optional<double> optimum{};
  /// What to call the objective on axes and in legends.
  std::string objective_name = "objective";
  /// Points drawn for each curve; longer runs are thinned, keeping every peak and valley, and the caption says so.
  std::size_t max_points = 2000;
};

/// Objective against step, with loss and penalty beside it where a penalty acts. Starts on a log axis when the values
/// are all positive and span more than two decades; a switch is offered whenever they are all positive.
/// Throws: Error(usage) when the trace is empty.
[[nodiscard]] Figure loss_curves(const Trace& trace, const TraceFigureOptions& options = {});

/// Largest component of the gradient and length of the step, against step, on a log axis.
[[nodiscard]] Figure gradient_curves(const Trace& trace, const TraceFigureOptions& options = {});

/// Every parameter against step. Throws: Error(usage) when the trace holds no parameters.
[[nodiscard]] Figure parameter_curves(const Trace& trace, const TraceFigureOptions& options = {});

}  // namespace descent::report

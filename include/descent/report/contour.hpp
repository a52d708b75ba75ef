// The picture of a descent in two variables.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "descent/core/objective.hpp"
#include "descent/core/result.hpp"
#include "descent/core/trace.hpp"
#include "descent/report/figure.hpp"

namespace descent::report {

using Function2 = std::function<double(double, double)>;

struct ContourOptions {
  /// Adds the point after the last update to the path. Null = only what the trace holds.
  const Result* result = nullptr;
  std::string title = "Path over the objective";
  std::string value_label = "objective";
  /// Known minima. The end of a converged run is marked without being named here.
  std::vector<Marker> minima{};
  /// Points of the grid along each axis: resolution^2 evaluations. 2 to 1000; 121 shows valleys of 1/50 of the picture.
  std::size_t resolution = 121;
  /// Free space around the path, as a fraction of its extent.
  double margin = 0.15;
  /// Level lines, about.
  std::size_t num_levels = 16;
  /// Points of the path that are drawn and that the slider visits; what a longer run leaves out lies closer than can be
  /// seen.
  std::size_t max_points = 400;
};

/// Level lines of `function` around the path in `trace`, which holds two parameters.
///
/// The grid covers the start and every point with a finite value no worse than about ten times the start's; a run that
/// flies off is shown as far as it can be, and the caption says so. Axes get one scale when the extents are within a
/// factor of 4, so that steps cross level lines at right angles. Levels are spread evenly in log10(z - smallest z) when
/// half of the picture lies below a tenth of its range.
/// Throws: Error(usage) when the trace is empty or does not hold exactly two parameters, or an option is out of range.
[[nodiscard]] ContourFigure contour(const Function2& function, const Trace& trace, const ContourOptions& options = {});

/// The same for an objective with two parameters.
[[nodiscard]] ContourFigure contour(Objective& objective, const Trace& trace, const ContourOptions& options = {});

}  // namespace descent::report

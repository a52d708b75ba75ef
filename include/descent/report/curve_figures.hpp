// Pictures of a fitted curve.
#pragma once

#include "descent/core/span.hpp"
#include "descent/report/figure.hpp"
#include "descent/report/fit_figures.hpp"

namespace descent::report {

/// A curve on a grid with the ends of its confidence band; not finite = a gap. // shapes = [grid]
struct CurveLine {
  View x, y, low, high;
};

/// Points (x, y), the curve through them, and its band. // x, y: shape = [n]
[[nodiscard]] Figure curve_with_band(View x, View y, const CurveLine& line, double confidence,
                                     const FitFigureOptions& options = {});

/// What is left, against the input or the fitted value, with the line at 0. // shapes = [n], [n]
[[nodiscard]] Figure residuals(View x, View residual, const FitFigureOptions& options = {});

}  // namespace descent::report

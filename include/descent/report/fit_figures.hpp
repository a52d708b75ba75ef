// Figures of a fitted model.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "descent/core/span.hpp"
#include "descent/report/figure.hpp"

namespace descent::report {

struct FitFigureOptions {
  std::string x_label = "x";
  std::string y_label = "y";
  /// Points drawn; more are thinned evenly, keeping the extremes, and the caption says so.
  std::size_t max_points = 3000;
};

/// Points (x, y) and the fitted values as a line, drawn in the order of x. // shapes = [n], [n], [n]
/// Throws: Error(usage) when the lengths differ.
[[nodiscard]] Figure line_fit(View x, View y, View fitted, const FitFigureOptions& options = {});

/// Predicted against true values with the diagonal, on which a perfect model puts every point. // shapes = [n], [n]
[[nodiscard]] Figure predicted_vs_true(View truth, View predicted, const FitFigureOptions& options = {});

/// One class's (or the only) coefficients, in the order of the names.
struct CoefficientSeries {
  std::string name;
  std::vector<double> values;
};

/// Bars, the largest magnitude first; at most `max_bars` of them, and the caption says what was left out.
[[nodiscard]] Figure coefficients(std::span<const std::string> names, View values, std::size_t max_bars = 30);
[[nodiscard]] Figure coefficients(std::span<const std::string> names, std::span<const CoefficientSeries> series,
                                  std::size_t max_bars = 30);

/// Counts of true class (rows) against predicted class (columns), shaded by the fraction of the row.
/// `counts`: shape = [classes x classes], row by row.
[[nodiscard]] HeatMapFigure confusion_matrix(std::span<const std::string> classes, View counts);

}  // namespace descent::report

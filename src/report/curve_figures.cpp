#include "descent/report/curve_figures.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "descent/core/text.hpp"
#include "src/report/thin.hpp"

namespace descent::report {
namespace {

std::string percent(double confidence) { return number_text(100.0 * confidence, 4) + " %"; }

std::vector<double> copied(View values) { return {values.begin(), values.end()}; }

}  // namespace

Figure curve_with_band(View x, View y, const CurveLine& line, double confidence, const FitFigureOptions& options) {
  require_same_size(y.size(), x.size(), "y");
  require_same_size(line.y.size(), line.x.size(), "line");
  require_same_size(line.low.size(), line.x.size(), "low");
  require_same_size(line.high.size(), line.x.size(), "high");
  const std::vector<std::size_t> kept = thin_cloud(x, y, options.max_points);
  Figure figure{.title = "Fit of " + options.y_label,
                .caption = "The data, the curve, and between the dashed lines where the curve itself lies with " +
                           percent(confidence) + " confidence (not where new points do).",
                .x = {.label = options.x_label},
                .y = {.label = options.y_label}};
  figure.series = {{.name = "data", .x = picked(x, kept), .y = picked(y, kept), .style = SeriesStyle::points},
                   {.name = "curve", .x = copied(line.x), .y = copied(line.y)}};
  if (std::none_of(line.low.begin(), line.low.end(), [](double value) { return std::isfinite(value); })) {
    figure.caption = "The data and the curve; how well it is known cannot be said.";
    return figure;
  }
  const std::string band = percent(confidence) + " band";
  figure.series.push_back(
      {.name = band + ", low", .x = copied(line.x), .y = copied(line.low), .style = SeriesStyle::dashes});
  figure.series.push_back(
      {.name = band + ", high", .x = copied(line.x), .y = copied(line.high), .style = SeriesStyle::dashes});
  return figure;
}

Figure residuals(View x, View residual, const FitFigureOptions& options) {
  require_same_size(residual.size(), x.size(), "residual");
  const std::vector<std::size_t> kept = thin_cloud(x, residual, options.max_points);
  Figure figure{.title = "Residuals",
                .caption = "What the curve leaves: a pattern here is something it does not describe.",
                .x = {.label = options.x_label},
                .y = {.label = options.y_label}};
  figure.series.push_back(
      {.name = "residuals", .x = picked(x, kept), .y = picked(residual, kept), .style = SeriesStyle::points});
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const double value : x)
    if (std::isfinite(value)) {
      low = std::min(low, value);
      high = std::max(high, value);
    }
  if (low < high)
    figure.series.push_back({.name = "the curve", .x = {low, high}, .y = {0.0, 0.0}, .style = SeriesStyle::dashes});
  return figure;
}

}  // namespace descent::report

#include "descent/report/fit_figures.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "descent/core/text.hpp"
#include "src/report/thin.hpp"

namespace descent::report {
namespace {

std::string thinned_text(std::size_t kept, std::size_t all) {
  if (kept == all) return "";
  return " " + count_text(static_cast<double>(kept)) + " of " + count_text(static_cast<double>(all)) +
         " points are drawn, the extremes among them.";
}

}  // namespace

Figure line_fit(View x, View y, View fitted, const FitFigureOptions& options) {
  require_same_size(y.size(), x.size(), "y");
  require_same_size(fitted.size(), x.size(), "fitted");
  const std::vector<std::size_t> kept = thin_cloud(x, y, options.max_points);
  std::vector<std::size_t> order = kept;
  std::erase_if(order, [&](std::size_t i) { return !std::isfinite(x[i]); });
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });

  Figure figure{.title = "Fit of " + options.y_label,
                .caption = "The data and what the model says for them." + thinned_text(kept.size(), x.size()),
                .x = {.label = options.x_label},
                .y = {.label = options.y_label}};
  figure.series = {{.name = "data", .x = picked(x, kept), .y = picked(y, kept), .style = SeriesStyle::points},
                   {.name = "fit", .x = picked(x, order), .y = picked(fitted, order)}};
  return figure;
}

Figure predicted_vs_true(View truth, View predicted, const FitFigureOptions& options) {
  require_same_size(predicted.size(), truth.size(), "predicted");
  const std::vector<std::size_t> kept = thin_cloud(truth, predicted, options.max_points);
  Figure figure{
      .title = "Predicted against true " + options.y_label,
      .caption = "A perfect model puts every point on the dashed line." + thinned_text(kept.size(), truth.size()),
      .x = {.label = "true " + options.y_label},
      .y = {.label = "predicted " + options.y_label}};
  figure.series.push_back(
      {.name = "rows", .x = picked(truth, kept), .y = picked(predicted, kept), .style = SeriesStyle::points});

  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const View values : {truth, predicted})
    for (const double value : values)
      if (std::isfinite(value)) {
        low = std::min(low, value);
        high = std::max(high, value);
      }
  if (low <= high)
    figure.series.push_back(
        {.name = "predicted = true", .x = {low, high}, .y = {low, high}, .style = SeriesStyle::dashes});
  return figure;
}

Figure coefficients(std::span<const std::string> names, View values, std::size_t max_bars) {
  const std::vector<CoefficientSeries> one{{.name = "coefficient", .values = {values.begin(), values.end()}}};
  return coefficients(names, one, max_bars);
}

Figure coefficients(std::span<const std::string> names, std::span<const CoefficientSeries> series,
                    std::size_t max_bars) {
  std::vector<double> magnitude(names.size(), 0.0);
  for (const CoefficientSeries& one : series) {
    require_same_size(one.values.size(), names.size(), "coefficients");
    for (std::size_t i = 0; i < names.size(); ++i)
      if (std::isfinite(one.values[i])) magnitude[i] = std::max(magnitude[i], std::fabs(one.values[i]));
  }
  std::vector<std::size_t> order(names.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return magnitude[a] > magnitude[b]; });

  Figure figure{.title = "Coefficients",
                .caption = "Largest magnitude first.",
                .x = {.label = "coefficient"},
                .y = {},
                .horizontal = true};
  if (order.size() > max_bars) {
    figure.caption = "The " + std::to_string(max_bars) + " largest in magnitude of " +
                     count_text(static_cast<double>(names.size())) + "; none of the others exceeds " +
                     number_text(magnitude[order[max_bars]], 4) + ".";
    order.resize(max_bars);
  }
  for (const std::size_t index : order) figure.y.categories.push_back(names[index]);
  for (const CoefficientSeries& one : series)
    figure.series.push_back({.name = one.name, .y = picked(one.values, order), .style = SeriesStyle::bars});
  return figure;
}

HeatMapFigure confusion_matrix(std::span<const std::string> classes, View counts) {
  require_same_size(counts.size(), classes.size() * classes.size(), "counts");
  HeatMapFigure figure{.title = "Confusion matrix",
                       .caption =
                           "Rows of the data by true and predicted class; shaded by the share of the true class. "
                           "Right answers lie on the diagonal.",
                       .x = {.label = "predicted", .categories = {classes.begin(), classes.end()}},
                       .y = {.label = "true", .categories = {classes.begin(), classes.end()}},
                       .values = {counts.begin(), counts.end()}};
  for (std::size_t row = 0; row < classes.size(); ++row) {
    const View line = counts.subspan(row * classes.size(), classes.size());
    const double total = std::accumulate(line.begin(), line.end(), 0.0);
    for (const double count : line) figure.shades.push_back(total > 0.0 ? count / total : 0.0);
  }
  return figure;
}

}  // namespace descent::report

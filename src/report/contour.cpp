#include "descent/report/contour.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "src/report/levels.hpp"
#include "src/report/thin.hpp"

namespace descent::report {
namespace {

struct Box {
  Range x;
  Range y;

  void cover(double px, double py) {
    x = {std::min(x.low, px), std::max(x.high, px)};
    y = {std::min(y.low, py), std::max(y.high, py)};
  }
  [[nodiscard]] double width() const { return x.high - x.low; }
  [[nodiscard]] double height() const { return y.high - y.low; }
};

void grow(Range& range, double length) {
  const double middle = 0.5 * (range.low + range.high);
  range = {middle - 0.5 * length, middle + 0.5 * length};
}

/// The path up to the first point that is not finite.
Path recorded_path(const Trace& trace, const Result* result) {
  Path path{.name = "path"};
  const auto add = [&](std::uint64_t step, View point, double value) {
    if (!std::isfinite(point[0]) || !std::isfinite(point[1])) return false;
    path.steps.push_back(step);
    path.x.push_back(point[0]);
    path.y.push_back(point[1]);
    path.value.push_back(value);
    return true;
  };
  for (std::size_t row = 0; row < trace.rows().size(); ++row)
    if (!add(trace.rows()[row].step, trace.parameters(row), trace.rows()[row].objective)) return path;
  if (result != nullptr && result->steps > trace.rows().back().step && result->x.size() == 2)
    add(result->steps, result->x, result->value);
  return path;
}

/// What the picture shows: every point that is not much worse than the start.
Box box_around(const Path& path, const std::vector<Marker>& minima) {
  Box box{{path.x[0], path.x[0]}, {path.y[0], path.y[0]}};
  const double first = path.value[0];
  double best = first;
  for (const double value : path.value)
    if (value < best) best = value;
  const double worst_shown = first + 9.0 * std::max(first - best, std::fabs(first));
  for (std::size_t i = 1; i < path.x.size(); ++i)
    if (path.value[i] <= worst_shown) box.cover(path.x[i], path.y[i]);
  for (const Marker& marker : minima) box.cover(marker.x, marker.y);
  return box;
}

/// Gives the box free space and, where the extents allow it, one scale for both axes. True = one scale.
bool shape_box(Box& box, double margin) {
  if (box.width() == 0.0 && box.height() == 0.0) {
    grow(box.x, 2.0 * std::max(1.0, 0.5 * std::fabs(box.x.low)));
    grow(box.y, 2.0 * std::max(1.0, 0.5 * std::fabs(box.y.low)));
  }
  if (box.width() == 0.0) grow(box.x, box.height());
  if (box.height() == 0.0) grow(box.y, 0.6 * box.width());
  grow(box.x, (1.0 + 2.0 * margin) * box.width());
  grow(box.y, (1.0 + 2.0 * margin) * box.height());

  constexpr double kOneScaleUpTo = 4.0;
  const double ratio = box.width() / box.height();
  if (ratio > kOneScaleUpTo || ratio < 1.0 / kOneScaleUpTo) return false;
  constexpr double kNarrowest = 1.0;  // width over height of the picture
  constexpr double kWidest = 1.6;
  if (ratio < kNarrowest) grow(box.x, kNarrowest * box.height());
  if (ratio > kWidest) grow(box.y, box.width() / kWidest);
  return true;
}

std::vector<double> evenly_spaced(const Range& range, std::size_t count) {
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double t = static_cast<double>(i) / static_cast<double>(count - 1);
    values[i] = (1.0 - t) * range.low + t * range.high;
  }
  return values;
}

void check(const Trace& trace, const ContourOptions& options) {
  const auto refuse = [](const std::string& message, const char* where) {
    throw Error(ErrorCode::usage, message, where);
  };
  if (trace.rows().empty()) refuse("there is nothing to draw: the trace has no rows", "trace");
  if (trace.num_parameters() != 2)
    refuse("expected a trace with 2 parameters, got " + std::to_string(trace.num_parameters()), "contour");
  if (!std::isfinite(trace.parameters(0)[0]) || !std::isfinite(trace.parameters(0)[1]))
    refuse("the start is not finite", "contour");
  if (options.resolution < 2 || options.resolution > 1000)
    refuse("expected an integer in [2, 1000], got " + std::to_string(options.resolution), "resolution");
  if (!(options.margin >= 0.0 && options.margin <= 100.0))
    refuse("expected a number in [0, 100], got " + number_text(options.margin), "margin");
  if (options.num_levels < 2 || options.num_levels > 200)
    refuse("expected an integer in [2, 200], got " + std::to_string(options.num_levels), "num_levels");
}

/// Moves the path into the figure: thinned, without what lies far outside of the picture.
void add_path(const Path& path, std::uint64_t num_thinned, const Box& box, const ContourOptions& options,
              ContourFigure& figure) {
  const std::vector<std::size_t> kept = thin_path(path.x, path.y, box.width(), box.height(), options.max_points);
  Path drawn{.name = path.name};
  std::size_t num_outside = 0;
  for (std::size_t i = 0; i < path.x.size(); ++i)
    if (path.x[i] < box.x.low || path.x[i] > box.x.high || path.y[i] < box.y.low || path.y[i] > box.y.high)
      ++num_outside;
  for (const std::size_t i : kept) {
    // A few picture widths away is far enough to show the direction; beyond that coordinates upset what draws them.
    const bool is_far = std::fabs(path.x[i] - 0.5 * (box.x.low + box.x.high)) > 5.0 * box.width() ||
                        std::fabs(path.y[i] - 0.5 * (box.y.low + box.y.high)) > 5.0 * box.height();
    constexpr double kGap = std::numeric_limits<double>::quiet_NaN();
    drawn.steps.push_back(path.steps[i]);
    drawn.x.push_back(is_far ? kGap : path.x[i]);
    drawn.y.push_back(is_far ? kGap : path.y[i]);
    drawn.value.push_back(path.value[i]);
  }
  // The slider ends where the path leaves for good.
  while (!drawn.x.empty() && std::isnan(drawn.x.back())) {
    drawn.steps.pop_back();
    drawn.x.pop_back();
    drawn.y.pop_back();
    drawn.value.pop_back();
  }
  const std::uint64_t num_points = path.x.size() + num_thinned;
  if (kept.size() < num_points)
    figure.caption += " " + count_text(static_cast<double>(kept.size())) + " of " +
                      count_text(static_cast<double>(num_points)) + " points of the path are drawn" +
                      (num_thinned > 0 ? "." : ", closer together than the eye can tell.");
  if (num_outside > 0)
    figure.caption += " " + count_text(static_cast<double>(num_outside)) + " points lie outside of the picture.";
  figure.paths.push_back(std::move(drawn));
}

}  // namespace

ContourFigure contour(const Function2& function, const Trace& trace, const ContourOptions& options) {
  check(trace, options);
  const Path path = recorded_path(trace, options.result);
  Box box = box_around(path, options.minima);

  const auto name = [&](std::size_t index) {
    return index < trace.parameter_names().size() ? trace.parameter_names()[index] : "x" + std::to_string(index);
  };
  ContourFigure figure{.title = options.title,
                       .x = {.label = name(0)},
                       .y = {.label = name(1)},
                       .value_label = options.value_label,
                       .markers = options.minima};
  figure.equal_scale = shape_box(box, options.margin);
  figure.x.range = box.x;
  figure.y.range = box.y;
  figure.grid_x = evenly_spaced(box.x, options.resolution);
  figure.grid_y = evenly_spaced(box.y, options.resolution);
  figure.z.reserve(options.resolution * options.resolution);
  for (const double y : figure.grid_y)
    for (const double x : figure.grid_x) figure.z.push_back(function(x, y));

  std::vector<double> values = figure.z;
  values.insert(values.end(), path.value.begin(), path.value.end());
  const Levels levels = choose_levels(figure.z, values, options.num_levels);
  figure.levels = levels.values;
  figure.level_base = levels.base;

  figure.caption = "Level lines of the " + options.value_label +
                   (levels.base ? ", evenly spaced in its logarithm" : "") + ", and the path from (" +
                   number_text(path.x.front(), 4) + ", " + number_text(path.y.front(), 4) + ") to (" +
                   number_text(path.x.back(), 4) + ", " + number_text(path.y.back(), 4) + ").";
  add_path(path, trace.num_recorded() - trace.rows().size(), box, options, figure);
  if (options.result != nullptr && options.result->status == Status::converged && options.minima.empty())
    figure.markers.push_back({.name = "minimum found", .x = path.x.back(), .y = path.y.back()});
  return figure;
}

ContourFigure contour(Objective& objective, const Trace& trace, const ContourOptions& options) {
  if (objective.num_parameters() != 2)
    throw Error(ErrorCode::usage,
                "expected an objective of 2 parameters, got one of " + std::to_string(objective.num_parameters()),
                "contour");
  const auto value = [&](double x, double y) { return objective.value(std::array{x, y}); };
  return contour(value, trace, options);
}

}  // namespace descent::report

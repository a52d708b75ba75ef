#include "descent/report/trace_figures.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "src/report/thin.hpp"

namespace descent::report {
namespace {

using Column = std::function<double(std::size_t)>;

void require_rows(const Trace& trace) {
  if (trace.rows().empty()) throw Error(ErrorCode::usage, "there is nothing to draw: the trace has no rows", "trace");
}

bool has_later_point(const Trace& trace, const Result* result) {
  return result != nullptr && result->steps > trace.rows().back().step;
}

/// One curve over the steps of the trace; `last` is its value after the last update, NaN when that is not known.
Series curve(std::string name, const Trace& trace, const TraceFigureOptions& options, const Column& column,
             double last = std::numeric_limits<double>::quiet_NaN()) {
  std::vector<double> x;
  std::vector<double> y;
  for (std::size_t row = 0; row < trace.rows().size(); ++row) {
    x.push_back(static_cast<double>(trace.rows()[row].step));
    y.push_back(column(row));
  }
  if (has_later_point(trace, options.result) && !std::isnan(last)) {
    x.push_back(static_cast<double>(options.result->steps));
    y.push_back(last);
  }
  const std::vector<std::size_t> kept = thin_curve(y, options.max_points);
  return {.name = std::move(name), .x = picked(x, kept), .y = picked(y, kept)};
}

/// Offers a log axis when every finite value is positive; starts on it when they span more than two decades.
void choose_scale(Figure& figure) {
  double low = std::numeric_limits<double>::infinity();
  double high = 0.0;
  for (const Series& series : figure.series)
    for (const double value : series.y) {
      if (!std::isfinite(value)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
  figure.y.log_switch = low > 0.0 && std::isfinite(low);
  figure.y.log = figure.y.log_switch && high > 100.0 * low;
}

void say_thinned(Figure& figure, const Trace& trace) {
  std::uint64_t fewest = trace.num_recorded();
  for (const Series& series : figure.series)
    if (series.style == SeriesStyle::line) fewest = std::min<std::uint64_t>(fewest, series.x.size());
  if (fewest + 1 >= trace.num_recorded()) return;
  figure.caption += " Drawn from about " + count_text(static_cast<double>(fewest)) + " of " +
                    count_text(static_cast<double>(trace.num_recorded())) + " recorded steps; every peak and valley" +
                    (trace.num_recorded() > trace.rows().size() ? " of the objective is kept." : " is kept.");
}

}  // namespace

Figure loss_curves(const Trace& trace, const TraceFigureOptions& options) {
  require_rows(trace);
  const auto& rows = trace.rows();
  const bool has_penalty =
      std::any_of(rows.begin(), rows.end(), [](const Trace::Row& row) { return row.penalty != 0.0; });
  const double last = options.result != nullptr ? options.result->value : std::numeric_limits<double>::quiet_NaN();

  Figure figure{.title = "The " + options.objective_name + ", step by step",
                .x = {.label = "step"},
                .y = {.label = options.objective_name}};
  figure.series.push_back(curve(
      options.objective_name, trace, options, [&](std::size_t row) { return rows[row].objective; }, last));
  if (has_penalty) {
    figure.series.push_back(curve("loss", trace, options, [&](std::size_t row) { return rows[row].loss; }));
    // The penalty of a start at zero is zero: a gap on a log axis, not a reason to forbid it.
    figure.series.push_back(curve("penalty", trace, options, [&](std::size_t row) {
      return rows[row].penalty > 0.0 ? rows[row].penalty : std::numeric_limits<double>::quiet_NaN();
    }));
  }
  if (options.optimum) {
    const std::vector<double>& x = figure.series.front().x;
    figure.series.push_back({.name = "minimum",
                             .x = {x.front(), x.back()},
                             .y = {*options.optimum, *options.optimum},
                             .style = SeriesStyle::dashes});
  }
  choose_scale(figure);

  const double first = rows.front().objective;
  const double end = has_later_point(trace, options.result) ? last : rows.back().objective;
  figure.caption = "From " + number_text(first, 6) + " at step " + std::to_string(rows.front().step) + " to " +
                   number_text(end, 6) + " at step " +
                   count_text(static_cast<double>(has_later_point(trace, options.result) ? options.result->steps
                                                                                         : rows.back().step)) +
                   ".";
  if (has_penalty) figure.caption += " The objective is the sum of loss and penalty.";
  say_thinned(figure, trace);
  return figure;
}

Figure gradient_curves(const Trace& trace, const TraceFigureOptions& options) {
  require_rows(trace);
  const auto& rows = trace.rows();
  constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
  Figure figure{.title = "Gradient and step",
                .caption =
                    "The largest component of the gradient, which the gradient test looks at, and the length of "
                    "each step.",
                .x = {.label = "step"},
                .y = {.label = "size", .log = true, .log_switch = true}};
  figure.series.push_back(curve(
      "largest gradient component", trace, options, [&](std::size_t row) { return rows[row].gradient_norm; },
      options.result != nullptr ? options.result->gradient_norm : kNothing));
  const auto length = [&](std::size_t row) { return row == 0 ? kNothing : rows[row].step_norm; };
  if (rows.size() > 1) figure.series.push_back(curve("length of the step", trace, options, length));
  say_thinned(figure, trace);
  return figure;
}

Figure parameter_curves(const Trace& trace, const TraceFigureOptions& options) {
  require_rows(trace);
  if (trace.num_parameters() == 0 || trace.parameters(0).empty())
    throw Error(ErrorCode::usage,
                "the trace holds no parameters (it keeps them when there are at most " +
                    std::to_string(Trace::kMaxParameters) + ")",
                "trace");
  Figure figure{.title = "Parameters", .x = {.label = "step"}, .y = {.label = "value"}};
  for (std::size_t index = 0; index < trace.num_parameters(); ++index) {
    const double last = options.result != nullptr && index < options.result->x.size()
                            ? options.result->x[index]
                            : std::numeric_limits<double>::quiet_NaN();
    const std::string name =
        index < trace.parameter_names().size() ? trace.parameter_names()[index] : "x" + std::to_string(index);
    figure.series.push_back(curve(
        name, trace, options, [&](std::size_t row) { return trace.parameters(row)[index]; }, last));
  }
  figure.caption = "The parameters that the solver moves, before each update.";
  say_thinned(figure, trace);
  return figure;
}

}  // namespace descent::report

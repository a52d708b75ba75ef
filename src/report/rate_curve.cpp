#include "descent/report/rate_curve.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"

namespace descent::report {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

/// The curve up to `limit`, and after it gaps.
Series curve(std::string name, View rates, View values, double limit) {
  Series series{.name = std::move(name), .x = {rates.begin(), rates.end()}, .y = {}};
  for (const double value : values) series.y.push_back(std::isfinite(value) && value <= limit ? value : kNothing);
  return series;
}

}  // namespace

Figure rate_curve(const RateCurveInput& input) {
  if (input.rates.empty()) throw Error(ErrorCode::usage, "there is nothing to draw: no update was made", "rate_curve");
  if (input.losses.size() != input.rates.size() ||
      (!input.smoothed.empty() && input.smoothed.size() != input.rates.size()))
    throw Error(ErrorCode::usage, "rates and losses have different lengths", "rate_curve");
  const bool smooth =
      !input.smoothed.empty() && !std::equal(input.smoothed.begin(), input.smoothed.end(), input.losses.begin());
  const View judged = smooth ? input.smoothed : input.losses;
  double least = input.start_loss;
  for (const double loss : judged)
    if (std::isfinite(loss)) least = std::min(least, loss);
  double limit = input.start_loss + (input.start_loss - least);
  if (!(limit > input.start_loss)) limit = std::numeric_limits<double>::infinity();

  Figure figure{.title = "The " + input.loss_name + " at growing learning rates",
                .x = {.label = "learning rate", .log = true},
                .y = {.label = input.loss_name}};
  figure.series.push_back(curve(input.loss_name, input.rates, input.losses, limit));
  if (smooth) {
    figure.series.front().style = SeriesStyle::points;
    figure.series.push_back(curve("smoothed", input.rates, input.smoothed, limit));
  }
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const Series& series : figure.series)
    for (const double value : series.y) {
      if (!std::isfinite(value)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
  if (!(low <= high)) low = high = input.start_loss;
  figure.y.log_switch = low > 0.0;
  figure.y.log = figure.y.log_switch && high > 100.0 * low;
  const auto add_line = [&](const std::string& name, double rate, SeriesStyle style) {
    figure.series.push_back(
        {.name = name + " " + number_text(rate, 3), .x = {rate, rate}, .y = {low, high}, .style = style});
  };
  if (input.suggestion) add_line("suggested", *input.suggestion, SeriesStyle::line);
  std::vector<RateMark> marks = input.marks;
  std::stable_sort(marks.begin(), marks.end(), [](const RateMark& a, const RateMark& b) { return a.rate < b.rate; });
  for (const RateMark& mark : marks) add_line(mark.name, mark.rate, SeriesStyle::dashes);

  figure.caption = "One update at each rate, from " + number_text(input.rates.front(), 3) + " to " +
                   number_text(input.rates.back(), 3) + ", each from where the one before ended.";
  if (input.suggestion) figure.caption += " Suggested: " + number_text(*input.suggestion, 3) + ".";
  if (marks.size() > 1) figure.caption += " The dashed lines from left to right are in the order of the legend.";
  std::size_t drawn = judged.size();
  while (drawn > 0 && !(std::isfinite(judged[drawn - 1]) && judged[drawn - 1] <= limit)) --drawn;
  if (drawn < judged.size())
    figure.caption +=
        " From " + number_text(input.rates[drawn], 3) + " on the " + input.loss_name + " is above the picture.";
  return figure;
}

}  // namespace descent::report

#include "src/diagnose/series.hpp"

#include <cmath>

#include "descent/core/elementary.hpp"
#include "descent/diagnose/findings.hpp"

namespace descent::diagnose {

double turning_share(const Trace& trace, std::size_t from) {
  const auto& rows = trace.rows();
  std::size_t turns = 0;
  std::size_t judged = 0;
  for (std::size_t i = from + 2; i < rows.size(); ++i) {
    if (!trace.unbroken(i, 2)) continue;
    ++judged;
    const double before = rows[i - 1].objective - rows[i - 2].objective;
    const double after = rows[i].objective - rows[i - 1].objective;
    if (before * after < 0.0) ++turns;
  }
  return judged == 0 ? 0.0 : static_cast<double>(turns) / static_cast<double>(judged);
}

std::optional<double> mean_cosine(const Trace& trace) {
  const std::size_t n = trace.num_parameters();
  const std::size_t rows = trace.rows().size();
  if (n == 0 || rows < 10) return std::nullopt;
  double sum = 0.0;
  std::size_t count = 0;
  for (std::size_t i = rows / 2 + 2; i < rows; ++i) {
    if (!trace.unbroken(i, 2)) continue;
    const View a = trace.parameters(i - 2);
    const View b = trace.parameters(i - 1);
    const View c = trace.parameters(i);
    double dot = 0.0;
    double first = 0.0;
    double second = 0.0;
    for (std::size_t k = 0; k < n; ++k) {
      dot += (b[k] - a[k]) * (c[k] - b[k]);
      first += (b[k] - a[k]) * (b[k] - a[k]);
      second += (c[k] - b[k]) * (c[k] - b[k]);
    }
    if (!(first > 0.0 && second > 0.0) || !std::isfinite(dot)) continue;
    sum += dot / (std::sqrt(first) * std::sqrt(second));
    ++count;
  }
  if (count == 0) return std::nullopt;
  return sum / static_cast<double>(count);
}

std::optional<double> steps_to_go(const Trace& trace, double tolerance) {
  const auto& rows = trace.rows();
  if (rows.size() < 8 || !(tolerance > 0.0)) return std::nullopt;
  // Least squares of log(gradient_norm) on the step, and on its logarithm, over the last half: a constant factor a
  // step, or a power of the number of steps. What fits better is believed.
  const auto last = static_cast<double>(rows.back().step);
  double best_error = INFINITY;
  std::optional<double> result;
  for (const bool power : {false, true}) {
    const auto abscissa = [&](const Trace::Row& row) {
      const auto step = static_cast<double>(row.step);
      return power ? math::log(std::fmax(step, 1.0)) : step;
    };
    double n = 0.0, mean_x = 0.0, mean_y = 0.0;
    for (std::size_t i = rows.size() / 2; i < rows.size(); ++i) {
      const double g = rows[i].gradient_norm;
      if (!(g > 0.0) || !std::isfinite(g)) return std::nullopt;
      n += 1.0;
      mean_x += abscissa(rows[i]);
      mean_y += math::log(g);
    }
    mean_x /= n;
    mean_y /= n;
    double xy = 0.0, xx = 0.0, yy = 0.0;
    for (std::size_t i = rows.size() / 2; i < rows.size(); ++i) {
      const double x = abscissa(rows[i]) - mean_x;
      const double y = math::log(rows[i].gradient_norm) - mean_y;
      xy += x * y;
      xx += x * x;
      yy += y * y;
    }
    const double slope = xy / xx;
    const double error = yy - slope * xy;
    if (!(slope < 0.0) || !(error < best_error)) continue;
    best_error = error;
    const double x = mean_x + (math::log(tolerance) - mean_y) / slope;
    const double reached = power ? math::exp(std::fmin(x, 700.0)) : x;
    result = reached > last ? std::ceil(reached - last) : 0.0;
  }
  return result;
}

}  // namespace descent::diagnose

#include "src/diagnose/series.hpp"

#include <cmath>

#include "descent/core/elementary.hpp"
#include "descent/diagnose/findings.hpp"

namespace descent::diagnose {

double turning_share(const Trace& trace, std::size_t from) {
  const auto& rows = trace.rows();
  std::size_t turns = 0;
  std::size_t judged = 0;
  for (std::size_t i = from + 2; i < rows.size(); ++i, ++judged) {
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
  // Least squares of log(gradient_norm) on step, over the last half.
  const std::size_t from = rows.size() / 2;
  double n = 0.0;
  double mean_step = 0.0;
  double mean_log = 0.0;
  for (std::size_t i = from; i < rows.size(); ++i) {
    const double g = rows[i].gradient_norm;
    if (!(g > 0.0) || !std::isfinite(g)) return std::nullopt;
    n += 1.0;
    mean_step += static_cast<double>(rows[i].step);
    mean_log += math::log(g);
  }
  mean_step /= n;
  mean_log /= n;
  double covariance = 0.0;
  double variance = 0.0;
  for (std::size_t i = from; i < rows.size(); ++i) {
    const double s = static_cast<double>(rows[i].step) - mean_step;
    covariance += s * (math::log(rows[i].gradient_norm) - mean_log);
    variance += s * s;
  }
  const double slope = covariance / variance;
  if (!(slope < 0.0)) return std::nullopt;
  const auto last = static_cast<double>(rows.back().step);
  const double reached = mean_step + (math::log(tolerance) - mean_log) / slope;
  return reached > last ? std::ceil(reached - last) : 0.0;
}

}  // namespace descent::diagnose

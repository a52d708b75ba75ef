#include <cmath>

#include "descent/core/elementary.hpp"
#include "descent/curve/fit.hpp"

namespace descent::curve {
namespace {

constexpr double kPi = 3.141592653589793;

/// P(|T| <= t) for n degrees of freedom.
double central_probability(double t, std::size_t n) {
  const double root = std::sqrt(static_cast<double>(n));
  const double angle = math::atan(t / root);
  const double cosine = 1.0 / std::sqrt(1.0 + (t / root) * (t / root)), sine = t / root * cosine;
  const bool odd = n % 2 == 1;
  double term = odd ? cosine : 1.0, sum = n == 1 ? 0.0 : term;
  for (std::size_t k = odd ? 2 : 1; k + 3 <= n + (odd ? 0 : 1); k += 2) {
    term *= static_cast<double>(k) / static_cast<double>(k + 1) * cosine * cosine;
    sum += term;
  }
  return odd ? 2.0 / kPi * (angle + sine * sum) : sine * sum;
}

/// P(|Z| <= z) by Simpson's rule.
double normal_probability(double z) {
  constexpr int kParts = 2000;
  const double h = z / kParts;
  double sum = 0.0;
  for (int i = 0; i <= kParts; ++i) {
    const double x = h * i;
    sum += (i == 0 || i == kParts ? 1.0 : i % 2 == 1 ? 4.0 : 2.0) * math::exp(-0.5 * x * x);
  }
  return sum * h / 3.0 * std::sqrt(2.0 / kPi);
}

template <class Probability>
double solve(double confidence, const Probability& probability) {
  double low = 0.0, high = 1.0;
  while (probability(high) < confidence && high < 1e300) high *= 2.0;
  for (int i = 0; i < 200 && low < high; ++i) {
    const double middle = low + 0.5 * (high - low);
    if (middle == low || middle == high) break;
    (probability(middle) < confidence ? low : high) = middle;
  }
  return high;
}

}  // namespace

double student_t_quantile(double confidence, std::size_t degrees_of_freedom) {
  constexpr std::size_t kMostSummed = 10000;
  if (degrees_of_freedom <= kMostSummed)
    return solve(confidence, [&](double t) { return central_probability(t, degrees_of_freedom); });
  // Cornish and Fisher's expansion: the next term is below 1e-11 here.
  const double z = solve(confidence, normal_probability), n = static_cast<double>(degrees_of_freedom);
  return z + (z * z * z + z) / (4.0 * n) + (5.0 * z * z * z * z * z + 16.0 * z * z * z + 3.0 * z) / (96.0 * n * n);
}

}  // namespace descent::curve

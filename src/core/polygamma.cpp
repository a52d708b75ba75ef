#include <array>
#include <cmath>
#include <limits>

#include "descent/core/elementary.hpp"
#include "descent/core/special_functions.hpp"

namespace descent::math {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kPi = 3.141592653589793;
constexpr int kMaxOrder = 64;

/// Bernoulli's numbers B_2, B_4, ..., B_22.
constexpr double kBernoulli[] = {1.0 / 6.0,       -1.0 / 30.0,       1.0 / 42.0,      -1.0 / 30.0,
                                 5.0 / 66.0,      -691.0 / 2730.0,   7.0 / 6.0,       -3617.0 / 510.0,
                                 43867.0 / 798.0, -174611.0 / 330.0, 854513.0 / 138.0};

/// Is x one of 0, -1, -2, ...?
bool at_pole(double x) { return x <= 0.0 && x == std::floor(x); }

/// cot(pi x), the nearest whole number taken off first: that is exact.
double cotangent(double x) {
  const double rest = x - std::round(x);
  return 1.0 / tan(kPi * rest);
}

/// prod_{k=1}^{m} (k/x) / x = m!/x^(m+1), in an order that neither over- nor underflows before the result does.
double falling(int m, double x) {
  double result = 1.0 / x;
  for (int k = 1; k <= m; ++k) result *= k / x;
  return result;
}

/// |polygamma(n, x)| for n >= 1 and x > 0:  n! sum_j (x + j)^-(n+1), from where the asymptotic series has 17 digits on
/// by that.
double magnitude(int n, double x) {
  const double far = n + 12.0;
  double sum = 0.0;
  for (; x < far; x += 1.0) sum += falling(n, x);
  const double square = x * x;
  double series = 1.0 + n / (2.0 * x), term = 0.5 * n * (n + 1) / square;
  int k = 1;
  for (const double b : kBernoulli) {
    series += b * term;
    term *= (n + 2.0 * k) * (n + 2.0 * k + 1.0) / ((2.0 * k + 1.0) * (2.0 * k + 2.0)) / square;
    ++k;
  }
  return sum + falling(n - 1, x) * series;
}

/// (-1)^n pi^-n times the derivative of order n of cot(pi x), at c = cot(pi x):  Q_0 = c, Q_(k+1) = (1 + c^2) Q_k'.
double cotangent_derivative(int n, double c) {
  std::array<double, kMaxOrder + 2> q{}, next{};
  q[1] = 1.0;
  for (int k = 0; k < n; ++k) {
    next.fill(0.0);
    for (std::size_t power = 1; power <= static_cast<std::size_t>(k) + 1; ++power) {
      const double slope = static_cast<double>(power) * q[power];
      next[power - 1] += slope;
      next[power + 1] += slope;
    }
    q = next;
  }
  double result = 0.0;
  for (std::size_t power = static_cast<std::size_t>(n) + 2; power-- > 0;) result = result * c + q[power];
  return result;
}

}  // namespace

double digamma(double x) {
  if (at_pole(x)) return kNaN;
  if (x < 0.0) return x == -kInfinity ? kNaN : digamma(1.0 - x) - kPi * cotangent(x);
  constexpr double kFar = 12.0;
  double below = 0.0;
  for (; x < kFar; x += 1.0) below += 1.0 / x;
  double series = 0.0, power = 1.0 / (x * x);
  const double square = power;
  int k = 1;
  for (const double b : kBernoulli) {
    series += b / (2.0 * k) * power;
    power *= square;
    ++k;
  }
  return (log(x) - 0.5 / x - series) - below;
}

double trigamma(double x) { return polygamma(1.0, x); }

double polygamma(double order, double x) {
  if (!(order >= 0.0 && order <= kMaxOrder) || order != std::floor(order) || std::isnan(x)) return kNaN;
  if (order == 0.0) return digamma(x);
  const int n = static_cast<int>(order);
  const bool odd = n % 2 == 1;
  if (x == kInfinity) return odd ? 0.0 : -0.0;
  if (x > 0.0) return odd ? magnitude(n, x) : -magnitude(n, x);
  if (at_pole(x)) return odd && x != -kInfinity ? kInfinity : kNaN;
  // polygamma(n, x) = (-1)^n (polygamma(n, 1 - x) - pi^(n+1) Q_n(cot(pi x)))
  double powers = kPi;
  for (int k = 0; k < n; ++k) powers *= kPi;
  const double reflected = odd ? magnitude(n, 1.0 - x) : -magnitude(n, 1.0 - x);
  const double difference = reflected - powers * cotangent_derivative(n, cotangent(x));
  return odd ? -difference : difference;
}

}  // namespace descent::math

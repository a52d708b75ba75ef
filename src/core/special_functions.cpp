#include "descent/core/special_functions.hpp"

#include <sleef.h>

#include <array>
#include <cmath>
#include <limits>

#include "descent/core/elementary.hpp"

namespace descent::math {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kPi = 3.14159265358979323846;
// Bernoulli's numbers B_2, B_4, ..., B_24.
constexpr std::array kBernoulli{1.0 / 6,       -1.0 / 30,       1.0 / 42,       -1.0 / 30,
                                5.0 / 66,      -691.0 / 2730,   7.0 / 6,        -3617.0 / 510,
                                43867.0 / 798, -174611.0 / 330, 854513.0 / 138, -236364091.0 / 2730};

bool is_pole(double x) { return x <= 0.0 && x == std::floor(x); }

/// n! for n up to 20 or so: exact up to 22.
double factorial(int n) {
  double result = 1.0;
  for (int k = 2; k <= n; ++k) result *= k;
  return result;
}

/// x^n, n >= 1
double whole_power(double x, int n) {
  double result = x;
  for (int k = 1; k < n; ++k) result *= x;
  return result;
}

/// (-1)^(n+1) psi^(n)(x) for n >= 1 and x large against n. (DLMF 5.15.8)
double asymptotic_polygamma(int n, double x) {
  double term = factorial(n - 1) / whole_power(x, n);
  double total = term + 0.5 * factorial(n) / whole_power(x, n + 1);
  // B_2k (2k + n - 1)! / ((2k)! x^(2k + n))
  double ratio = factorial(n - 1) / whole_power(x, n);
  for (std::size_t k = 1; k <= kBernoulli.size(); ++k) {
    const double top = 2.0 * static_cast<double>(k);
    ratio *= (top + n - 2) * (top + n - 1) / ((top - 1) * top) / (x * x);
    term = kBernoulli[k - 1] * ratio;
    total += term;
    if (std::fabs(term) <= 1e-18 * std::fabs(total)) break;
  }
  return total;
}

}  // namespace

double erfc(double x) { return Sleef_cinz_erfcd1_u15purec(x); }
double gamma(double x) { return Sleef_cinz_tgammad1_u10purec(x); }
double lgamma(double x) {
  return is_pole(x) ? std::numeric_limits<double>::infinity() : Sleef_cinz_lgammad1_u10purec(x);
}

double digamma(double x) {
  if (std::isnan(x) || is_pole(x)) return kNaN;
  if (std::isinf(x)) return x > 0.0 ? x : kNaN;
  if (x < 0.0) return digamma(1.0 - x) - kPi / tan(kPi * (x - std::floor(x)));
  double shift = 0.0;
  for (; x < 10.0; x += 1.0) shift += 1.0 / x;
  const double inverse = 1.0 / (x * x);
  double power = inverse, total = 0.0;
  for (std::size_t k = 1; k <= kBernoulli.size(); ++k, power *= inverse)
    total += kBernoulli[k - 1] / (2.0 * static_cast<double>(k)) * power;
  return log(x) - 0.5 / x - total - shift;
}

double polygamma(double order, double x) {
  constexpr double kFarthest = -1e5;
  if (!(order >= 0.0 && order <= 20.0) || order != std::floor(order) || std::isnan(x)) return kNaN;
  if (order == 0.0) return digamma(x);
  if (is_pole(x) || x < kFarthest) return kNaN;
  const int n = static_cast<int>(order);
  const double enough = 15.0 + n;
  double total = 0.0;
  for (; x < enough; x += 1.0) total += 1.0 / whole_power(x, n + 1);
  const double size = factorial(n) * total + asymptotic_polygamma(n, x);
  return n % 2 == 1 ? size : -size;
}

double j0(double x) { return ::j0(x); }
double j1(double x) { return ::j1(x); }
double y0(double x) { return x < 0.0 ? kNaN : ::y0(x); }
double y1(double x) { return x < 0.0 ? kNaN : ::y1(x); }

double heaviside(double x) { return x > 0.0 ? 1.0 : x < 0.0 ? 0.0 : x == 0.0 ? 0.5 : x; }

}  // namespace descent::math

#include "descent/core/elementary.hpp"

#include <bit>
#include <cmath>
#include <cstdint>

#include <sleef.h>

namespace descent::math {
namespace {

/// high + low = e^z to about 2^-57 of it, for z <= 0: what sigmoid and softplus need so that the error of exp does not
/// add to their own. simd/math_simd.cpp does the same operations on vectors: change both.
struct ExpPair {
  double high, low;
};

ExpPair exp_pair(double z) {
  constexpr double kLog2e = 0x1.71547652b82fep+0;
  constexpr double kLn2High = 0x1.62e42fefap-1, kLn2Low = 0x1.cf79abc9e3b39p-40;  // k * high is exact for |k| < 2^11
  constexpr double kRound = 0x1.8p52;   // adding it leaves round(x) in the low bits
  constexpr double kSmallest = -746.0;  // e^-746 rounds to 0
  constexpr double kCoefficients[] = {1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800,
                                      1.0 / 362880,     1.0 / 40320,     1.0 / 5040,     1.0 / 720,
                                      1.0 / 120,        1.0 / 24,        1.0 / 6,        1.0 / 2};  // 1/13! ... 1/2!
  const auto power_of_two = [](double k) {
    return std::bit_cast<double>((std::bit_cast<std::uint64_t>(k + kRound) + 1023U) << 52U);
  };

  z = z < kSmallest ? kSmallest : z;
  // z = k ln 2 + r, |r| <= 0.35, with what rounding r loses in r_low.
  const double k = (z * kLog2e + kRound) - kRound;
  const double r_high = z - k * kLn2High, r_error = k * kLn2Low;
  const double r = r_high - r_error, r_low = (r_high - r) - r_error;
  // e^r = 1 + r + r^2 (1/2 + r/6 + ...): 1 + r exactly in two parts, the rest into the lower one.
  double series = 1.0 / 87178291200;  // 1/14!
  for (const double c : kCoefficients) series = series * r + c;
  const double one_plus_r = 1.0 + r;
  const double rest = (r - (one_plus_r - 1.0)) + (r_low + (r * r) * series);
  const double high = one_plus_r + rest, low = rest - (high - one_plus_r);
  // Two factors, for 2^k alone would underflow below k = -1022.
  const double k1 = k < -1000.0 ? -1000.0 : k;
  const double scale1 = power_of_two(k1), scale2 = power_of_two(k - k1);
  return {(high * scale1) * scale2, (low * scale1) * scale2};
}

// SLEEF's exp is infinite from 709.7827111 on, its sinh and cosh from 709.78; the true ones from 709.7827129 and
// 710.476 on. Above 709 they are e^c e^(x - c), or half of that, with such c that the factor is within 0.003 ulp of a
// double, and x - c is exact.
constexpr double kNearOverflow = 709.0;
double exp_near_overflow(double x) { return 0x1.019375515d480p+1023 * Sleef_cinz_expd1_u10purec(x - 709.095703125); }
double half_exp(double x) { return 0x1.052d59ee6eb5cp+1023 * Sleef_cinz_expd1_u10purec(x - 709.802734375); }

// Its pow is infinite from the same value on: (|x|^(y/2))^2 tells what is within that last 2e-9 of the range.
double pow_near_overflow(double x, double y, double infinite) {
  const double root = Sleef_cinz_powd1_u10purec(std::fabs(x), 0.5 * y);
  return std::copysign(root * root, infinite);
}

// SLEEF's log1p is infinite for the largest numbers; log(1 + x) and log(x) are the same double long before.
constexpr double kLog1pIsLogFrom = 1e300;
// SLEEF's log1p and tan lose the sign of the smallest numbers. Below these bounds the next term of the series (x^2 / 2,
// x^3 / 3) is less than a quarter of an ulp.
constexpr double kLog1pIsItselfBelow = 0x1p-54, kTanIsItselfBelow = 0x1p-28;

}  // namespace

double exp(double x) { return x > kNearOverflow ? exp_near_overflow(x) : Sleef_cinz_expd1_u10purec(x); }
double expm1(double x) { return Sleef_cinz_expm1d1_u10purec(x); }
double log(double x) { return Sleef_cinz_logd1_u10purec(x); }
double sin(double x) { return Sleef_cinz_sind1_u10purec(x); }
double cos(double x) { return Sleef_cinz_cosd1_u10purec(x); }
double asin(double x) { return Sleef_cinz_asind1_u10purec(x); }
double acos(double x) { return Sleef_cinz_acosd1_u10purec(x); }
double atan(double x) { return Sleef_cinz_atand1_u10purec(x); }
double atan2(double y, double x) { return Sleef_cinz_atan2d1_u10purec(y, x); }
double tanh(double x) { return Sleef_cinz_tanhd1_u10purec(x); }
double erf(double x) { return Sleef_cinz_erfd1_u10purec(x); }
double erfc(double x) { return Sleef_cinz_erfcd1_u15purec(x); }
double gamma(double x) { return Sleef_cinz_tgammad1_u10purec(x); }
double lgamma(double x) { return Sleef_cinz_lgammad1_u10purec(x); }

double log1p(double x) {
  if (std::fabs(x) < kLog1pIsItselfBelow) return x;
  return x > kLog1pIsLogFrom ? log(x) : Sleef_cinz_log1pd1_u10purec(x);
}

double tan(double x) { return std::fabs(x) < kTanIsItselfBelow ? x : Sleef_cinz_tand1_u10purec(x); }

double pow(double x, double y) {
  const double result = Sleef_cinz_powd1_u10purec(x, y);
  const bool by_overflow = std::isinf(result) && std::isfinite(x) && std::isfinite(y) && x != 0.0;
  return by_overflow ? pow_near_overflow(x, y, result) : result;
}

double sinh(double x) {
  const double size = std::fabs(x);
  return size > kNearOverflow ? std::copysign(half_exp(size), x) : Sleef_cinz_sinhd1_u10purec(x);
}

double cosh(double x) {
  const double size = std::fabs(x);
  return size > kNearOverflow ? half_exp(size) : Sleef_cinz_coshd1_u10purec(x);
}

double sigmoid(double x) {
  const ExpPair e = exp_pair(-std::fabs(x));
  const double denominator = 1.0 + e.high, denominator_low = (e.high - (denominator - 1.0)) + e.low;
  const double quotient = e.high / denominator;  // corrected by Newton's step, 1 / denominator being 1 - quotient
  const double small = quotient + (e.low - quotient * denominator_low) * (1.0 - quotient);
  return x >= 0 ? 1.0 - small : small;
}

double softplus(double x) {
  const ExpPair e = exp_pair(-std::fabs(x));
  return (x > 0 ? x : 0.0) + (log1p(e.high) + e.low / (1.0 + e.high));
}

}  // namespace descent::math

// Elementary functions with the same bits on every machine.
//
// Everything that reaches a result uses these (or their vector forms in simd/math, which give the same bits), never
// std::exp and friends: libm chooses a variant per machine. They are SLEEF's deterministic functions, multiply then
// add, at most 1.0 ulp from the true value (2 for sigmoid, softplus, erfc, atan2 with a subnormal result, and sinh,
// cosh, pow next to overflow; of lgamma left of 0 that is an absolute error next to its zeros). Special values are
// those of C, annex F. Square root, abs, floor are exact in IEEE 754 and may be taken from <cmath>. Reference: N.
// Shibata, F. Petrogalli, "SLEEF: A portable vectorized library of C standard mathematical functions", IEEE TPDS 31(6),
// 2020.
#pragma once

namespace descent::math {

[[nodiscard]] double exp(double x);
[[nodiscard]] double expm1(double x);
[[nodiscard]] double log(double x);
[[nodiscard]] double log1p(double x);
[[nodiscard]] double sin(double x);
[[nodiscard]] double cos(double x);
[[nodiscard]] double tan(double x);
[[nodiscard]] double asin(double x);
[[nodiscard]] double acos(double x);
[[nodiscard]] double atan(double x);
[[nodiscard]] double atan2(double y, double x);
[[nodiscard]] double sinh(double x);
[[nodiscard]] double cosh(double x);
[[nodiscard]] double tanh(double x);
[[nodiscard]] double erf(double x);
/// 1 - erf(x), without cancellation far right.
[[nodiscard]] double erfc(double x);
/// The integral of t^(x-1) exp(-t) over t > 0, and on by gamma(x+1) = x gamma(x). Infinite at 0, NaN at -1, -2, ...
[[nodiscard]] double gamma(double x);
/// log|gamma(x)|. Infinite at 0, -1, -2, ...
[[nodiscard]] double lgamma(double x);
[[nodiscard]] double pow(double x, double y);

/// 1 / (1 + exp(-x)), without overflow for any x.
[[nodiscard]] double sigmoid(double x);
/// log(1 + exp(x)), without overflow for any x.
[[nodiscard]] double softplus(double x);

}  // namespace descent::math

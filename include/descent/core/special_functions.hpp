// The derivatives of the gamma function, Bessel functions and the unit step: the same bits on every machine, as
// everything in descent::math. gamma, lgamma and erfc themselves are in elementary.hpp.
//
// Within 1e-13 of the value, relatively, away from their zeros; next to a zero within 1e-15 of the function's size
// nearby. Bessel functions are computed element by element from Chebyshev series in x^2 up to 8, from modulus and phase
// beyond.
// Reference: M. Abramowitz, I. A. Stegun, "Handbook of Mathematical Functions", 1964, chapters 6 and 9.
#pragma once

namespace descent::math {

/// d log|gamma(x)| / dx. NaN at 0, -1, -2, ...
[[nodiscard]] double digamma(double x);
/// polygamma(1, x), the derivative of digamma. Infinite at 0, -1, -2, ...
[[nodiscard]] double trigamma(double x);
/// The derivative of digamma of the given order, a whole number from 0 to 64; NaN for any other. At 0, -1, -2, ...
/// infinite where both sides agree (odd orders), else NaN.
[[nodiscard]] double polygamma(double order, double x);

/// Bessel functions of the first kind, of order 0 and 1.
[[nodiscard]] double j0(double x);
[[nodiscard]] double j1(double x);
/// Of a whole order from -1000 to 1000; NaN for any other. The work grows with the order.
[[nodiscard]] double jn(double order, double x);
/// Bessel functions of the second kind, of order 0 and 1: -infinity at 0, NaN below.
[[nodiscard]] double y0(double x);
[[nodiscard]] double y1(double x);

/// 0 left of 0, 1 right of it, 1/2 at 0.
[[nodiscard]] inline double heaviside(double x) { return x > 0.0 ? 1.0 : (x < 0.0 ? 0.0 : x + 0.5); }

}  // namespace descent::math

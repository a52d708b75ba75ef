// The gamma family, the complement of erf, Bessel functions of orders 0 and 1, and the unit step, on doubles.
//
// The gamma family and erfc have the same bits on every machine, as all of core/elementary.hpp; Bessel functions are
// the C library's, which may differ in the last digits from one machine to another (`bits: libm`).
#pragma once

namespace descent::math {

/// 1 - erf(x), to its last digits far out.
[[nodiscard]] double erfc(double x);
/// Gamma(x), infinite beyond 171.6; NaN at -1, -2, ...
[[nodiscard]] double gamma(double x);
/// log|Gamma(x)|; infinite at 0, -1, -2, ...
[[nodiscard]] double lgamma(double x);
/// psi(x) = Gamma'(x) / Gamma(x); NaN at 0, -1, -2, ...
/// By psi(x) = psi(x + 1) - 1/x and the asymptotic series from 10 on (DLMF 5.5.2, 5.11.2); left of 0 by reflection.
[[nodiscard]] double digamma(double x);
/// psi^(n)(x), the n-th derivative of digamma, for whole n from 0 to 20: NaN for others, at the poles 0, -1, -2, ...,
/// and left of -1e5, where the recurrence would take too long. DLMF 5.15.
[[nodiscard]] double polygamma(double n, double x);

/// Bessel functions of the first and second kind; y0 and y1 are minus infinity at 0 and NaN left of it.
[[nodiscard]] double j0(double x);
[[nodiscard]] double j1(double x);
[[nodiscard]] double y0(double x);
[[nodiscard]] double y1(double x);

/// 0 left of 0, 1 right of it, 1/2 at 0.
[[nodiscard]] double heaviside(double x);

}  // namespace descent::math

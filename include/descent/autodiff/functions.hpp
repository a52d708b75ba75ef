// Elementary functions of Dual and Var: the value is that of descent::math, bit for bit, so it does not depend on how
// the gradient is found. They are found by argument: `using` is not needed, `exp(x[0])` is enough.
//
// At kinks, as descent::expr: the slope of abs at 0 is 0; min and max take the slope of the first argument that attains
// them; where takes that of the branch it takes.
#pragma once

#include <cmath>
#include <concepts>
#include <type_traits>

#include "descent/autodiff/dual.hpp"
#include "descent/autodiff/var.hpp"
#include "descent/core/elementary.hpp"
#include "descent/core/special_functions.hpp"

namespace descent::autodiff {

template <class T>
struct IsDual : std::false_type {};
template <std::size_t N>
struct IsDual<Dual<N>> : std::true_type {};

/// Dual<N>, Var or TangentVar.
template <class T>
concept Differentiable = std::same_as<T, Var> || std::same_as<T, TangentVar> || IsDual<T>::value;

// f(x) and, only where they are kept, f'(x) and f''(x).
template <Differentiable T>
[[nodiscard]] T exp(const T& x) {
  const double v = math::exp(x.value());
  return T::propagate(
      x, v, [&] { return v; }, [&] { return v; });
}
template <Differentiable T>
[[nodiscard]] T expm1(const T& x) {
  const double v = math::expm1(x.value());
  const auto e = [&] { return math::exp(x.value()); };  // v + 1 would cancel far left
  return T::propagate(x, v, e, e);
}
template <Differentiable T>
[[nodiscard]] T log(const T& x) {
  return T::propagate(
      x, math::log(x.value()), [&] { return 1.0 / x.value(); }, [&] { return -1.0 / (x.value() * x.value()); });
}
template <Differentiable T>
[[nodiscard]] T log1p(const T& x) {
  const double t = 1.0 + x.value();
  return T::propagate(
      x, math::log1p(x.value()), [&] { return 1.0 / t; }, [&] { return -1.0 / (t * t); });
}
template <Differentiable T>
[[nodiscard]] T sqrt(const T& x) {
  const double v = std::sqrt(x.value());
  return T::propagate(
      x, v, [&] { return 0.5 / v; }, [&] { return -0.25 / (x.value() * v); });
}
template <Differentiable T>
[[nodiscard]] T abs(const T& x) {
  const double a = x.value();
  return T::propagate(
      x, std::fabs(a), [&] { return a > 0.0 ? 1.0 : (a < 0.0 ? -1.0 : a * 0.0); }, [&] { return a * 0.0; });
}
template <Differentiable T>
[[nodiscard]] T fabs(const T& x) {
  return abs(x);
}
template <Differentiable T>
[[nodiscard]] T sin(const T& x) {
  const double v = math::sin(x.value());
  return T::propagate(
      x, v, [&] { return math::cos(x.value()); }, [&] { return -v; });
}
template <Differentiable T>
[[nodiscard]] T cos(const T& x) {
  const double v = math::cos(x.value());
  return T::propagate(
      x, v, [&] { return -math::sin(x.value()); }, [&] { return -v; });
}
template <Differentiable T>
[[nodiscard]] T tan(const T& x) {
  const double v = math::tan(x.value());
  return T::propagate(
      x, v, [&] { return 1.0 + v * v; }, [&] { return 2.0 * v * (1.0 + v * v); });
}
template <Differentiable T>
[[nodiscard]] T asin(const T& x) {
  const double a = x.value();
  const auto slope = [&] { return 1.0 / std::sqrt((1.0 - a) * (1.0 + a)); };
  return T::propagate(x, math::asin(a), slope, [&] { return slope() * a / ((1.0 - a) * (1.0 + a)); });
}
template <Differentiable T>
[[nodiscard]] T acos(const T& x) {
  const double a = x.value();
  const auto slope = [&] { return -1.0 / std::sqrt((1.0 - a) * (1.0 + a)); };
  return T::propagate(x, math::acos(a), slope, [&] { return slope() * a / ((1.0 - a) * (1.0 + a)); });
}
template <Differentiable T>
[[nodiscard]] T atan(const T& x) {
  const double a = x.value();
  const double t = 1.0 + a * a;
  return T::propagate(
      x, math::atan(a), [&] { return 1.0 / t; }, [&] { return -2.0 * a / (t * t); });
}
template <Differentiable T>
[[nodiscard]] T sinh(const T& x) {
  const double v = math::sinh(x.value());
  return T::propagate(
      x, v, [&] { return math::cosh(x.value()); }, [&] { return v; });
}
template <Differentiable T>
[[nodiscard]] T cosh(const T& x) {
  const double v = math::cosh(x.value());
  return T::propagate(
      x, v, [&] { return math::sinh(x.value()); }, [&] { return v; });
}
template <Differentiable T>
[[nodiscard]] T tanh(const T& x) {
  const double v = math::tanh(x.value());
  const auto slope = [&] {
    const double c = math::cosh(x.value());  // 1 - v^2 would cancel where v is near 1
    return 1.0 / (c * c);
  };
  return T::propagate(x, v, slope, [&] { return -2.0 * v * slope(); });
}
/// 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x
template <Differentiable T>
[[nodiscard]] T erf(const T& x) {
  constexpr double kSlopeAtZero = 1.1283791670955126;  // 2 / sqrt(pi)
  const auto slope = [&] { return kSlopeAtZero * math::exp(-x.value() * x.value()); };
  return T::propagate(x, math::erf(x.value()), slope, [&] { return -2.0 * x.value() * slope(); });
}
/// 1 / (1 + exp(-x))
template <Differentiable T>
[[nodiscard]] T sigmoid(const T& x) {
  const double v = math::sigmoid(x.value());
  const auto rest = [&] { return math::sigmoid(-x.value()); };  // 1 - v would cancel where v is near 1
  return T::propagate(
      x, v, [&] { return v * rest(); }, [&] { return v * rest() * (rest() - v); });
}
/// log(1 + exp(x))
template <Differentiable T>
[[nodiscard]] T softplus(const T& x) {
  const auto slope = [&] { return math::sigmoid(x.value()); };
  return T::propagate(x, math::softplus(x.value()), slope, [&] { return slope() * math::sigmoid(-x.value()); });
}

// Special functions (core/special_functions.hpp).
/// 1 - erf(x)
template <Differentiable T>
[[nodiscard]] T erfc(const T& x) {
  constexpr double kSlopeAtZero = -1.1283791670955126;  // -2 / sqrt(pi)
  const auto slope = [&] { return kSlopeAtZero * math::exp(-x.value() * x.value()); };
  return T::propagate(x, math::erfc(x.value()), slope, [&] { return -2.0 * x.value() * slope(); });
}
template <Differentiable T>
[[nodiscard]] T gamma(const T& x) {
  const double v = math::gamma(x.value());
  return T::propagate(
      x, v, [&] { return v * math::digamma(x.value()); },
      [&] {
        const double psi = math::digamma(x.value());
        return v * (psi * psi + math::trigamma(x.value()));
      });
}
/// log|gamma(x)|
template <Differentiable T>
[[nodiscard]] T lgamma(const T& x) {
  return T::propagate(
      x, math::lgamma(x.value()), [&] { return math::digamma(x.value()); }, [&] { return math::trigamma(x.value()); });
}
/// The derivative of digamma of that order.
template <Differentiable T>
[[nodiscard]] T polygamma(int order, const T& x) {
  return T::propagate(
      x, math::polygamma(order, x.value()), [&] { return math::polygamma(order + 1, x.value()); },
      [&] { return math::polygamma(order + 2, x.value()); });
}
template <Differentiable T>
[[nodiscard]] T digamma(const T& x) {
  return polygamma(0, x);
}
template <Differentiable T>
[[nodiscard]] T trigamma(const T& x) {
  return polygamma(1, x);
}
/// Bessel's J of a whole order. The slopes by neighbouring orders, which are not 0/0 at 0.
template <Differentiable T>
[[nodiscard]] T jn(int order, const T& x) {
  const double a = x.value(), v = math::jn(order, a);
  return T::propagate(
      x, v, [&] { return 0.5 * (math::jn(order - 1, a) - math::jn(order + 1, a)); },
      [&] { return 0.25 * ((math::jn(order - 2, a) + math::jn(order + 2, a)) - 2.0 * v); });
}
template <Differentiable T>
[[nodiscard]] T j0(const T& x) {
  return jn(0, x);
}
template <Differentiable T>
[[nodiscard]] T j1(const T& x) {
  return jn(1, x);
}
template <Differentiable T>
[[nodiscard]] T y0(const T& x) {
  const double a = x.value(), v = math::y0(a);
  return T::propagate(
      x, v, [&] { return -math::y1(a); }, [&] { return math::y1(a) / a - v; });
}
template <Differentiable T>
[[nodiscard]] T y1(const T& x) {
  const double a = x.value(), v = math::y1(a);
  const auto slope = [&] { return math::y0(a) - v / a; };
  return T::propagate(x, v, slope, [&] { return -slope() / a - (1.0 - 1.0 / (a * a)) * v; });
}
/// 0 left of 0, 1 right of it, 1/2 at 0; its slope is 0.
template <Differentiable T>
[[nodiscard]] T heaviside(const T& x) {
  const double v = math::heaviside(x.value());
  const auto flat = [&] { return v * 0.0; };  // NaN stays
  return T::propagate(x, v, flat, flat);
}

/// x^n for a whole n, |n| <= 64: repeated squaring from the top bit, x^6 = (x^2 x)^2; negative ones are 1 over that.
[[nodiscard]] double integer_power(double x, int n);
/// x^p; the multiplications of integer_power where p is a whole number up to 64, descent::math::pow otherwise.
[[nodiscard]] double power(double x, double p);

/// x^p. The slope is p x^(p-1), without a logarithm.
template <Differentiable T>
[[nodiscard]] T pow(const T& x, std::type_identity_t<double> p) {
  const auto slope = [&] { return p == 0.0 ? 0.0 : p * power(x.value(), p - 1.0); };
  return T::propagate(x, power(x.value(), p), slope,
                      [&] { return p == 0.0 || p == 1.0 ? 0.0 : p * (p - 1.0) * power(x.value(), p - 2.0); });
}
/// a^y. Where a = 0 and y > 0 the slope is 0.
template <Differentiable T>
[[nodiscard]] T pow(std::type_identity_t<double> a, const T& y) {
  const double v = math::pow(a, y.value());
  const auto slope = [&] { return v == 0.0 ? 0.0 : v * math::log(a); };
  return T::propagate(y, v, slope, [&] { return v == 0.0 ? 0.0 : slope() * math::log(a); });
}
template <Differentiable T>
[[nodiscard]] T pow(const T& x, const T& y) {
  if constexpr (std::same_as<T, TangentVar>) {
    const Dual<1>&a = x.real(), &b = y.real();
    const Dual<1> f = pow(a, b);
    const bool flat = b == 0.0 && b.slope(0) == 0.0;
    return T::propagate(x, y, f, flat ? 0.0 : b * pow(a, b - 1.0), f == 0.0 ? 0.0 : f * log(a));
  }
  const double v = math::pow(x.value(), y.value());
  const T from_x =
      T::propagate(x, v, [&] { return y.value() == 0.0 ? 0.0 : y.value() * math::pow(x.value(), y.value() - 1.0); });
  const T from_y = T::propagate(y, 0.0, [&] { return v == 0.0 ? 0.0 : v * math::log(x.value()); });
  return from_x + from_y;
}

template <Differentiable T>
[[nodiscard]] T atan2(const T& y, const T& x) {
  if constexpr (std::same_as<T, TangentVar>) {
    const Dual<1>&a = y.real(), &b = x.real();
    const Dual<1> r2 = b * b + a * a;
    return T::propagate(y, x, atan2(a, b), b / r2, -a / r2);
  }
  const double r2 = x.value() * x.value() + y.value() * y.value();
  const T from_y = T::propagate(y, math::atan2(y.value(), x.value()), [&] { return x.value() / r2; });
  return from_y + T::propagate(x, 0.0, [&] { return -y.value() / r2; });
}
template <Differentiable T>
[[nodiscard]] T atan2(const T& y, std::type_identity_t<double> x) {
  return atan2(y, T(x));
}
template <Differentiable T>
[[nodiscard]] T atan2(std::type_identity_t<double> y, const T& x) {
  return atan2(T(y), x);
}

// NaN in either argument is the result: a value that is not finite is never hidden.
template <Differentiable T>
[[nodiscard]] T min(const T& a, const T& b) {
  return a.value() <= b.value() || std::isnan(a.value()) ? a : b;
}
template <Differentiable T>
[[nodiscard]] T min(const T& a, std::type_identity_t<double> b) {
  return min(a, T(b));
}
template <Differentiable T>
[[nodiscard]] T min(std::type_identity_t<double> a, const T& b) {
  return min(T(a), b);
}
template <Differentiable T>
[[nodiscard]] T max(const T& a, const T& b) {
  return a.value() >= b.value() || std::isnan(a.value()) ? a : b;
}
template <Differentiable T>
[[nodiscard]] T max(const T& a, std::type_identity_t<double> b) {
  return max(a, T(b));
}
template <Differentiable T>
[[nodiscard]] T max(std::type_identity_t<double> a, const T& b) {
  return max(T(a), b);
}
/// a if `condition`, else b, with the slope of the one taken.
template <Differentiable T>
[[nodiscard]] T where(bool condition, const T& a, const T& b) {
  return condition ? a : b;
}
template <Differentiable T>
[[nodiscard]] T where(bool condition, const T& a, std::type_identity_t<double> b) {
  return condition ? a : T(b);
}
template <Differentiable T>
[[nodiscard]] T where(bool condition, std::type_identity_t<double> a, const T& b) {
  return condition ? T(a) : b;
}

}  // namespace descent::autodiff

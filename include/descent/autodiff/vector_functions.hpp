// Functions of many numbers at once: on a tape each is one node (or one for each output), not one for each term.
//
// Values are added in 16 virtual lanes, as in simd/reduce.hpp. The two spans of one call have equal sizes.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>

#include "descent/autodiff/functions.hpp"
#include "descent/core/span.hpp"

namespace descent::autodiff {

namespace detail {

/// What slopes are made of: the value, of a TangentVar with its tangent.
template <std::size_t N>
[[nodiscard]] double real(const Dual<N>& x) {
  return x.value();
}
template <class Real>
[[nodiscard]] const Real& real(const BasicVar<Real>& x) {
  return x.real();
}

/// sum of term(0..size-1) in 16 virtual lanes.
template <class Term>
[[nodiscard]] auto lane_sum(std::size_t size, const Term& term) {
  std::array<std::remove_cvref_t<decltype(term(0))>, 16> lane{};
  std::size_t i = 0;
  for (; i + 16 <= size; i += 16)
    for (std::size_t l = 0; l < 16; ++l) lane[l] += term(i + l);
  for (std::size_t l = 0; i + l < size; ++l) lane[l] += term(i + l);
  for (std::size_t width = 8; width > 0; width /= 2)
    for (std::size_t l = 0; l < width; ++l) lane[l] += lane[l + width];
  return lane[0];
}

/// value, with slope slope(i) towards x_i.
template <std::size_t N, class Slope>
[[nodiscard]] Dual<N> fan_in(std::span<const Dual<N>> x, double value, const Slope& slope) {
  Dual<N> moved;
  if constexpr (N > 0)
    for (std::size_t i = 0; i < x.size(); ++i) moved += Dual<N>::propagate(x[i], 0.0, [&] { return slope(i); });
  return moved + value;
}
template <class Real, class Slope>
[[nodiscard]] BasicVar<Real> fan_in(std::span<const BasicVar<Real>> x, std::type_identity_t<Real> value,
                                    const Slope& slope) {
  const auto recorded = std::find_if(x.begin(), x.end(), [](const auto& v) { return v.tape() != nullptr; });
  if (recorded == x.end()) return BasicVar<Real>::constant(value);
  return recorded->tape()->push_fan_in(x, value, slope);
}

}  // namespace detail

/// sum_i x_i
template <Differentiable T>
[[nodiscard]] T sum(std::span<const T> x) {
  const auto value = detail::lane_sum(x.size(), [&](std::size_t i) { return detail::real(x[i]); });
  return detail::fan_in(x, value, [](std::size_t) { return 1.0; });
}

/// sum_i x_i^2
template <Differentiable T>
[[nodiscard]] T squared_norm(std::span<const T> x) {
  using detail::real;
  const auto value = detail::lane_sum(x.size(), [&](std::size_t i) { return real(x[i]) * real(x[i]); });
  return detail::fan_in(x, value, [&](std::size_t i) { return 2.0 * real(x[i]); });
}

/// sum_i a_i x_i
template <Differentiable T>
[[nodiscard]] T dot(View a, std::span<const T> x) {
  const auto value = detail::lane_sum(x.size(), [&](std::size_t i) { return a[i] * detail::real(x[i]); });
  return detail::fan_in(x, value, [&](std::size_t i) { return a[i]; });
}
template <Differentiable T>
[[nodiscard]] T dot(std::span<const T> x, View a) {
  return dot(a, x);
}
/// sum_i x_i y_i
template <Differentiable T>
[[nodiscard]] T dot(std::span<const T> x, std::span<const T> y) {
  using detail::real;
  const auto value = detail::lane_sum(x.size(), [&](std::size_t i) { return real(x[i]) * real(y[i]); });
  return detail::fan_in(x, value, [&](std::size_t i) { return real(y[i]); }) +
         detail::fan_in(y, 0.0, [&](std::size_t i) { return real(x[i]); });
}

namespace detail {

/// The largest of x (NaN if one is), and sum_i exp(x_i - top).
template <class Real>
struct ExponentialSum {
  double top = -std::numeric_limits<double>::infinity();
  Real total = 0.0;
};
template <Differentiable T>
[[nodiscard]] auto exponential_sum(std::span<const T> x) {
  using math::exp;
  ExponentialSum<std::remove_cvref_t<decltype(real(std::declval<const T&>()))>> s;
  for (const T& v : x) s.top = v.value() > s.top || std::isnan(v.value()) ? v.value() : s.top;
  s.total = lane_sum(x.size(), [&](std::size_t i) { return exp(real(x[i]) - s.top); });
  return s;
}

}  // namespace detail

/// log(sum_i exp(x_i)), without overflow; -infinity for no x.
template <Differentiable T>
[[nodiscard]] T log_sum_exp(std::span<const T> x) {
  using math::exp, math::log;
  const auto [top, total] = detail::exponential_sum(x);
  if (std::isinf(top)) return detail::fan_in(x, top, [](std::size_t) { return 0.0; });
  return detail::fan_in(x, top + log(total),
                        [&, m = top, z = total](std::size_t i) { return exp(detail::real(x[i]) - m) / z; });
}

/// out_i = exp(x_i) / sum_j exp(x_j), without overflow. `out` may not be `x`.
template <std::size_t N>
void softmax(std::span<const Dual<N>> x, std::span<Dual<N>> out) {
  const auto [top, total] = detail::exponential_sum(x);
  const Dual<N> level = log_sum_exp(x);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double p = math::exp(x[i].value() - top) / total;
    out[i] = Dual<N>::propagate(x[i] - level, p, [&] { return p; });
  }
}
template <class Real>
void softmax(std::span<const BasicVar<Real>> x, std::span<BasicVar<Real>> out) {
  using math::exp;
  const auto [top, total] = detail::exponential_sum(x);
  for (const auto& v : x)
    if (v.tape() != nullptr) return v.tape()->push_softmax(x, top, total, out);
  for (std::size_t i = 0; i < x.size(); ++i) out[i] = BasicVar<Real>::constant(exp(x[i].real() - top) / total);
}

/// out = A x. // a: shape = [out.size() x x.size()]; must outlive the gradient
template <std::size_t N>
void matvec(MatrixView a, std::span<const Dual<N>> x, std::span<Dual<N>> out) {
  for (std::size_t i = 0; i < a.rows; ++i) out[i] = dot(a.row(i), x);
}
template <class Real>
void matvec(MatrixView a, std::span<const BasicVar<Real>> x, std::span<BasicVar<Real>> out) {
  for (const auto& v : x)
    if (v.tape() != nullptr) return v.tape()->push_matvec(a, x, out);
  for (std::size_t i = 0; i < a.rows; ++i) out[i] = dot(a.row(i), x);
}

}  // namespace descent::autodiff

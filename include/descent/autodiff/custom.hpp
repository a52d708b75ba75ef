// A node of one's own: a value whose derivatives are known otherwise, by a formula of its own or from another library.
//
//   template <class T>
//   T quadratic(std::span<const T> x) {  // q(x) = x^T A x / 2, A symmetric, by a fast product with A
//     std::vector<double> at(x.size()), ax(x.size());
//     for (std::size_t i = 0; i < x.size(); ++i) at[i] = x[i].value();
//     multiply(at, ax);
//     return autodiff::custom(x, {.value = 0.5 * inner(at, ax), .partials = ax},
//                             [&](View v, MutableView product) { multiply(v, product); });
//   }
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <vector>

#include "descent/autodiff/vector_functions.hpp"
#include "descent/core/span.hpp"

namespace descent::autodiff {

/// What is known of f at x.
struct Linearization {
  double value = 0.0;
  View partials{};  ///< df/dx_i. // shape = [operands]
};

/// f(x) with gradients alone: one node. Products with a Hessian do not compile with it, which `objective(n, f)` has.
template <Differentiable T>
[[nodiscard]] T custom(std::span<const T> x, const Linearization& at) {
  static_assert(!std::same_as<T, TangentVar>,
                "this custom node has no second derivatives, so there is no product with the Hessian: give it as third "
                "argument, `[](View v, MutableView product)`; or hand the minimiser the gradient alone, "
                "objective(n, [f = Differentiated(f)](View x, MutableView gradient) mutable { return f.evaluate(x, "
                "gradient); })");
  return detail::fan_in(x, at.value, [&](std::size_t i) { return at.partials[i]; });
}

/// The same with second derivatives: `hessian_product(View v, MutableView product)` fills product = H v, H those of f
/// at x. It is called for products with a Hessian alone, which then allocate.
template <Differentiable T, std::invocable<View, MutableView> HessianProduct>
[[nodiscard]] T custom(std::span<const T> x, const Linearization& at,
                       [[maybe_unused]] const HessianProduct& hessian_product) {
  if constexpr (std::same_as<T, TangentVar>) {
    std::vector<double> v(x.size()), product(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) v[i] = x[i].real().slope(0);
    hessian_product(View(v), MutableView(product));
    const double moved = detail::lane_sum(x.size(), [&](std::size_t i) { return at.partials[i] * v[i]; });
    return detail::fan_in(x, Dual<1>(at.value, {moved}),
                          [&](std::size_t i) { return Dual<1>(at.partials[i], {product[i]}); });
  } else {
    return detail::fan_in(x, at.value, [&](std::size_t i) { return at.partials[i]; });
  }
}

}  // namespace descent::autodiff

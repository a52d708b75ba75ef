// Gradients of generic callables: `f(x)` for `const auto& x`, a span of numbers that are no doubles.
//
// The callable uses + - * /, comparisons, and functions found by argument (`exp(x[0])`, not `std::exp`), in any control
// flow. It is run again for every gradient, so branches and loops may depend on x.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "descent/autodiff/custom.hpp"
#include "descent/autodiff/functions.hpp"
#include "descent/autodiff/hessian_sweep.hpp"
#include "descent/autodiff/recording.hpp"
#include "descent/autodiff/vector_functions.hpp"
#include "descent/core/span.hpp"

namespace descent::autodiff {

/// Up to this many parameters forward duals are used, the tape beyond. At 8 duals take 0.33 of the tape's time for
/// Rosenbrock (benchmarks/autodiff); every further size would be one more instance of the user's function to compile.
inline constexpr std::size_t kForwardLimit = 8;

/// Callable with a span of T, giving something that converts to T.
template <class F, class T>
concept ScalarFunctionOf = std::is_invocable_r_v<T, F&, std::span<const T>>;

/// A callable together with the memory its gradients need. Once warm, nothing is allocated. One thread at a time.
template <class F>
class Differentiated {
  static_assert(
      ScalarFunctionOf<F, Dual<0>>,
      "the function must take any numbers, `[](const auto& x) { ... }`, and return one: a function of doubles "
      "alone cannot be differentiated (give its gradient, or use numeric_objective)");

 public:
  explicit Differentiated(F f) : f_(std::move(f)) {}
  Differentiated(const Differentiated& other) : f_(other.f_) {}
  Differentiated& operator=(const Differentiated& other) {
    f_ = other.f_;
    return *this;
  }

  /// f(x), and df/dx when `gradient` is not empty (then it has the size of x). The value does not depend on that.
  double evaluate(View x, MutableView gradient) {
    if (gradient.empty()) return value(x);
    if (x.size() <= 2) return forward(x, gradient, two_);
    if (x.size() <= 4) return forward(x, gradient, four_);
    if (x.size() <= kForwardLimit) return forward(x, gradient, eight_);
    return reverse(x, gradient);
  }

  /// product = H v, H the second derivatives of f at x, exact to rounding. // v, product: shape = [n]
  /// By the tape at any n: duals over duals would be three more instances of the user's function to compile.
  void hessian_product(View x, View v, MutableView product) {
    if (sweep_ == nullptr) sweep_ = std::make_unique<HessianSweep>();
    sweep_->run(f_, {x, v}, product);
  }

 private:
  double value(View x) {
    plain_.assign(x.begin(), x.end());
    return Dual<0>(std::invoke(f_, std::span<const Dual<0>>(plain_))).value();
  }

  // `moved` is a vector, not an array of N: compilers would warn of x[5] in instances that are never run with it. Its
  // slopes stay from call to call: written anew they would be read back, two at a time, before they have left the store
  // buffer (24 ns instead of 5.3 for Rosenbrock in two dimensions).
  template <std::size_t N>
  double forward(View x, MutableView gradient, std::vector<Dual<N>>& moved) {
    if (moved.size() != x.size()) {
      moved.clear();
      for (std::size_t i = 0; i < x.size(); ++i) moved.push_back(Dual<N>::variable(x[i], i));
    }
    for (std::size_t i = 0; i < x.size(); ++i) moved[i].set_value(x[i]);
    const Dual<N> y(std::invoke(f_, std::span<const Dual<N>>(moved)));
    for (std::size_t i = 0; i < x.size(); ++i) gradient[i] = y.slope(i);
    return y.value();
  }

  double reverse(View x, MutableView gradient) {
    if (recording_ == nullptr) recording_ = std::make_unique<Recording<double>>();
    const double value = recording_->run(f_, x.size(), [&](std::size_t i) { return x[i]; });
    std::ranges::copy(recording_->adjoints(), gradient.begin());
    return value;
  }

  F f_;
  std::vector<Dual<0>> plain_;
  std::vector<Dual<2>> two_;
  std::vector<Dual<4>> four_;
  std::vector<Dual<kForwardLimit>> eight_;
  std::unique_ptr<Recording<double>> recording_;
  std::unique_ptr<HessianSweep> sweep_;
};

/// df/dx at x, for once; for many points keep a Differentiated.
template <class F>
[[nodiscard]] std::vector<double> gradient(F&& f, View x) {
  std::vector<double> result(x.size());
  Differentiated<std::remove_cvref_t<F>> differentiated(std::forward<F>(f));
  differentiated.evaluate(x, result);
  return result;
}

/// H v at x, for once; for many points keep a Differentiated.
template <class F>
[[nodiscard]] std::vector<double> hessian_product(F&& f, View x, View v) {
  std::vector<double> result(x.size());
  Differentiated<std::remove_cvref_t<F>> differentiated(std::forward<F>(f));
  differentiated.hessian_product(x, v, result);
  return result;
}

/// A map R^n -> R^m, `f(x, y)` for `const auto& x, auto y`: fills the span y with m values.
template <class F>
class DifferentiatedMap {
 public:
  DifferentiatedMap(std::size_t num_outputs, F f) : f_(std::move(f)), num_outputs_(num_outputs) {}

  [[nodiscard]] std::size_t num_outputs() const { return num_outputs_; }

  /// y = f(x), and the Jacobian when it is not empty: by forward duals, eight columns a run.
  /// jacobian: shape = [m x n], row by row
  void evaluate(View x, MutableView y, MutableView jacobian) {
    if (jacobian.empty()) {
      plain_.assign(x.begin(), x.end());
      plain_out_.assign(num_outputs_, {});
      std::invoke(f_, std::span<const Dual<0>>(plain_), std::span<Dual<0>>(plain_out_));
      for (std::size_t j = 0; j < num_outputs_; ++j) y[j] = plain_out_[j].value();
      return;
    }
    moved_.assign(x.begin(), x.end());
    for (std::size_t first = 0; first < x.size(); first += kColumns) {
      const std::size_t count = std::min(kColumns, x.size() - first);
      for (std::size_t k = 0; k < count; ++k) moved_[first + k] = Dual<kColumns>::variable(x[first + k], k);
      moved_out_.assign(num_outputs_, {});
      std::invoke(f_, std::span<const Dual<kColumns>>(moved_), std::span<Dual<kColumns>>(moved_out_));
      for (std::size_t j = 0; j < num_outputs_; ++j) {
        y[j] = moved_out_[j].value();
        for (std::size_t k = 0; k < count; ++k) jacobian[j * x.size() + first + k] = moved_out_[j].slope(k);
      }
      for (std::size_t k = 0; k < count; ++k) moved_[first + k] = x[first + k];
    }
  }

  /// product = H v, H the second derivatives of 1/2 sum_j y_j^2 at x: J^T J v and what the curvature of y adds.
  void half_square_hessian_product(View x, View v, MutableView product) {
    const auto half_square = [&](std::span<const TangentVar> recorded) {
      recorded_out_.assign(num_outputs_, {});
      std::invoke(f_, recorded, std::span<TangentVar>(recorded_out_));
      return 0.5 * squared_norm(std::span<const TangentVar>(recorded_out_));
    };
    sweep_.run(half_square, {x, v}, product);
  }

 private:
  static constexpr std::size_t kColumns = 8;
  F f_;
  std::size_t num_outputs_;
  std::vector<Dual<0>> plain_, plain_out_;
  std::vector<Dual<kColumns>> moved_, moved_out_;
  HessianSweep sweep_;
  std::vector<TangentVar> recorded_out_;
};

}  // namespace descent::autodiff

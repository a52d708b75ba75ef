// Objectives from callables: the gradient by automatic differentiation, or as given, or by differences.
#pragma once

#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "descent/autodiff/gradient.hpp"
#include "descent/core/error.hpp"
#include "descent/core/objective.hpp"
#include "descent/core/span.hpp"

namespace descent {

/// Throws: Error(usage) when n is 0, or `names` is neither empty nor n names.
void check_parameters(std::size_t num_parameters, const std::vector<std::string>& names);

/// What objectives of callables share: how many parameters there are, and their names.
template <class Base>
class Named : public Base {
 public:
  /// Throws: as check_parameters.
  Named(std::size_t num_parameters, std::vector<std::string> names)
      : num_parameters_(num_parameters), names_(std::move(names)) {
    check_parameters(num_parameters_, names_);
  }

  [[nodiscard]] std::size_t num_parameters() const final { return num_parameters_; }
  [[nodiscard]] std::string parameter_name(std::size_t index) const final {
    return names_.empty() ? Objective::parameter_name(index) : names_.at(index);
  }

 private:
  std::size_t num_parameters_;
  std::vector<std::string> names_;
};

using CallableObjective = Named<Objective>;

template <class F>
class AutodiffObjective final : public CallableObjective {
 public:
  AutodiffObjective(std::size_t num_parameters, F f, std::vector<std::string> names = {})
      : CallableObjective(num_parameters, std::move(names)), f_(std::move(f)) {}
  double evaluate(View x, MutableView gradient) override { return f_.evaluate(x, gradient); }
  [[nodiscard]] GradientSource gradient_source() const override { return GradientSource::autodiff; }
  void hessian_product(View x, View v, MutableView product) override { f_.hessian_product(x, v, product); }
  [[nodiscard]] GradientSource hessian_source() const override { return GradientSource::autodiff; }

 private:
  autodiff::Differentiated<F> f_;
};

/// F: double(View x, MutableView gradient), where gradient may be empty.
template <class F>
class AnalyticObjective final : public CallableObjective {
 public:
  AnalyticObjective(std::size_t num_parameters, F f, std::vector<std::string> names = {})
      : CallableObjective(num_parameters, std::move(names)), f_(std::move(f)) {}
  double evaluate(View x, MutableView gradient) override { return std::invoke(f_, x, gradient); }
  [[nodiscard]] bool wants_gradient_check() const override { return true; }

 private:
  F f_;
};

/// F: double(View). Costs 2n evaluations for a gradient.
template <class F>
class NumericObjective final : public CallableObjective {
 public:
  NumericObjective(std::size_t num_parameters, F f, std::vector<std::string> names = {})
      : CallableObjective(num_parameters, std::move(names)), f_(std::move(f)) {}

  double evaluate(View x, MutableView gradient) override {
    const double value = std::invoke(f_, x);
    if (gradient.empty()) return value;
    moved_.assign(x.begin(), x.end());
    for (std::size_t i = 0; i < x.size(); ++i) {
      // h = eps^(1/3) max(1, |x|) balances the error of the formula, O(h^2), and of rounding, O(eps / h).
      constexpr double kCubeRootOfEps = 6.055454452393343e-06;
      const double h = kCubeRootOfEps * std::fmax(1.0, std::fabs(x[i]));
      const volatile double above = x[i] + h;  // the points are doubles: what counts is their true distance
      const volatile double below = x[i] - h;
      moved_[i] = above;
      const double f_above = std::invoke(f_, View(moved_));
      moved_[i] = below;
      gradient[i] = (f_above - std::invoke(f_, View(moved_))) / (above - below);
      moved_[i] = x[i];
    }
    return value;
  }
  [[nodiscard]] GradientSource gradient_source() const override { return GradientSource::numeric; }

 private:
  F f_;
  std::vector<double> moved_;
};

/// The function `f` of n parameters, to be minimised.
///
///   objective(2, [](const auto& x) { return x[0] * x[0] + exp(x[1]); })          gradient by autodiff
///   objective(2, [](View x, MutableView gradient) { ...; return value; })        own gradient (empty: not wanted)
///
/// An own gradient is compared with differences where minimize() begins (MinimizeOptions::check_gradient). NaN or
/// infinity says "infeasible here".
/// In the first form write `exp(x[0])`, not `std::exp`: the numbers are no doubles. `names` are the parameters'
/// (default x0, x1, ...). Throws: Error(usage) when n is 0 or the names do not fit.
template <class F>
[[nodiscard]] auto objective(std::size_t num_parameters, F f, std::vector<std::string> names = {}) {
  if constexpr (std::is_invocable_r_v<double, F&, View, MutableView>)
    return AnalyticObjective<F>(num_parameters, std::move(f), std::move(names));
  else
    return AutodiffObjective<F>(num_parameters, std::move(f), std::move(names));
}

/// Value and gradient as two functions: double(View) and void(View, MutableView).
template <class Value, class Gradient>
requires std::is_invocable_r_v<double, Value&, View> && std::is_invocable_v<Gradient&, View, MutableView>
[[nodiscard]] auto objective(std::size_t num_parameters, Value value, Gradient gradient) {
  return objective(
      num_parameters,
      [value = std::move(value), gradient = std::move(gradient)](View x, MutableView out) mutable -> double {
        if (!out.empty()) std::invoke(gradient, x, out);
        return std::invoke(value, x);
      });
}

/// For functions of doubles that nobody can differentiate: central differences, f(x +- h e_i) with
/// h = eps^(1/3) max(1, |x_i|). About 10 digits of the gradient are right when f is smooth and about 1 in size.
template <class F>
[[nodiscard]] auto numeric_objective(std::size_t num_parameters, F f, std::vector<std::string> names = {}) {
  static_assert(std::is_invocable_r_v<double, F&, View>, "the function must be double(View)");
  return NumericObjective<F>(num_parameters, std::move(f), std::move(names));
}

}  // namespace descent

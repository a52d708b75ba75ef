// Half the sum of squared residuals, with the residuals at hand for methods that use them.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "descent/autodiff/gradient.hpp"
#include "descent/core/residual_objective.hpp"
#include "descent/problem/objective.hpp"

namespace descent {

/// 1/2 sum_i r_i^2, and J^T r unless `gradient` is empty; rows in the fixed shape of parallel/reduce.hpp.
/// jacobian: shape = [residuals.size() x gradient.size()]
double half_sum_of_squares(View residuals, View jacobian, MutableView gradient);

/// F: `f(x, r)` for `const auto& x, auto r` fills the span r with the residuals. Jacobian by forward duals.
template <class F>
class LeastSquaresObjective final : public Named<ResidualObjective> {
 public:
  /// Throws: Error(usage) when there is no parameter or no residual.
  LeastSquaresObjective(std::size_t num_parameters, std::size_t num_residuals, F f, std::vector<std::string> names = {})
      : Named(num_parameters, std::move(names)), f_(num_residuals, std::move(f)), r_(num_residuals) {
    if (num_residuals == 0) throw Error(ErrorCode::usage, "needs at least one residual", "least_squares");
  }

  [[nodiscard]] std::size_t num_residuals() const override { return f_.num_outputs(); }

  /// r(x), and dr_i/dx_j unless `jacobian` is empty. // jacobian: shape = [num_residuals x num_parameters]
  void residuals(View x, MutableView r, MutableView jacobian) { f_.evaluate(x, r, jacobian); }

  void residual_rows(View x, std::size_t /*begin*/, MutableView r, MutableView jacobian) override {
    jacobian_.resize(jacobian.size());
    f_.evaluate(x, r, jacobian_);
    for (std::size_t j = 0, n = x.size(); j < n && !jacobian.empty(); ++j)
      for (std::size_t i = 0; i < r.size(); ++i) jacobian[j * r.size() + i] = jacobian_[i * n + j];
  }

  double evaluate(View x, MutableView gradient) override {
    jacobian_.resize(gradient.size() * r_.size());
    f_.evaluate(x, r_, jacobian_);
    return half_sum_of_squares(r_, jacobian_, gradient);
  }
  [[nodiscard]] GradientSource gradient_source() const override { return GradientSource::autodiff; }
  /// The whole Hessian, not J^T J alone.
  void hessian_product(View x, View v, MutableView product) override { f_.half_square_hessian_product(x, v, product); }
  [[nodiscard]] GradientSource hessian_source() const override { return GradientSource::autodiff; }

 private:
  autodiff::DifferentiatedMap<F> f_;
  std::vector<double> r_;
  std::vector<double> jacobian_;
};

/// minimise 1/2 sum_i r_i(x)^2, where `f(x, r)` fills the residuals:
///   least_squares(2, 20, [&](const auto& p, auto r) { for (...) r[i] = p[0] * exp(p[1] * t[i]) - y[i]; })
/// Differs: the factor 1/2 is Ceres's and scipy.optimize.least_squares's, and makes the gradient J^T r.
template <class F>
[[nodiscard]] auto least_squares(std::size_t num_parameters, std::size_t num_residuals, F f) {
  return LeastSquaresObjective<F>(num_parameters, num_residuals, std::move(f));
}

}  // namespace descent

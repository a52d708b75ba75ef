#include "src/optim/stable_rate.hpp"

#include <cmath>

#include "descent/core/random.hpp"
#include "descent/core/text.hpp"
#include "descent/simd/axpy.hpp"
#include "descent/simd/reduce.hpp"

namespace descent {
namespace {

constexpr int kMaxIterations = 100;
constexpr double kAccuracy = 1e-6;  // relative change of the eigenvalue; the advice has three digits

}  // namespace

std::optional<Curvature> largest_curvature(Objective& objective, const std::vector<double>& x) {
  const std::size_t n = x.size();
  std::vector<double> direction(n), ahead(n), behind(n), moved(n);
  const Rng rng(0, RandomStream::general);
  for (std::size_t i = 0; i < n; ++i) direction[i] = rng.normal(i);
  // cbrt(2^-52) balances the rounding and the truncation of a central difference.
  const double h = 0x1p-17 * std::max(1.0, simd::max_abs(x));

  Curvature result;
  for (int iteration = 0; iteration < kMaxIterations; ++iteration) {
    const double length = std::sqrt(simd::squared_norm(direction));
    if (!std::isfinite(length) || length == 0.0) return std::nullopt;
    simd::scale(1.0 / length, direction);
    simd::linear_combination(1.0, x, h, direction, moved);
    objective.evaluate(moved, ahead);
    simd::linear_combination(1.0, x, -h, direction, moved);
    objective.evaluate(moved, behind);
    result.evaluations += 2;
    simd::linear_combination(0.5 / h, ahead, -0.5 / h, behind, ahead);  // H direction
    const double eigenvalue = simd::dot(direction, ahead);
    if (!std::isfinite(eigenvalue)) return std::nullopt;
    const bool settled = std::fabs(eigenvalue - result.largest) <= kAccuracy * std::fabs(eigenvalue);
    result.largest = eigenvalue;
    if (settled) break;
    direction.swap(ahead);
  }
  return result;
}

RateAdvice advise_rate(Objective& objective, const Chain* chain, const std::vector<double>& best,
                       double learning_rate) {
  RateAdvice advice;
  if (chain == nullptr) {
    advice.text = "the objective may have no lower bound; add bounds, or start elsewhere";
    return advice;
  }
  if (is_scale_free(*chain)) {
    advice.text = "try a smaller learning rate, such as " + plain_decimal_text(learning_rate / 10.0, 2) +
                  " (the moves of this rule are about as long as the rate)";
    return advice;
  }
  const auto curvature = largest_curvature(objective, best);
  if (curvature) advice.evaluations = curvature->evaluations;
  if (!curvature || !(curvature->largest > 0.0)) {
    advice.text = "try a smaller learning rate, such as " + plain_decimal_text(learning_rate / 10.0, 2) +
                  ", or the optimizer auto; the objective may have no lower bound";
    return advice;
  }
  advice.text = "try a smaller learning rate: the largest stable one of plain descent at the best point is " +
                plain_decimal_text(2.0 / curvature->largest, 3) + " (2 / largest eigenvalue of the Hessian), got " +
                plain_decimal_text(learning_rate, 3) + "; the optimizer auto needs none";
  return advice;
}

}  // namespace descent

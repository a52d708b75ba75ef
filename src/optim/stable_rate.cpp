#include "src/optim/stable_rate.hpp"

#include <algorithm>
#include <cmath>

#include "descent/core/random.hpp"
#include "descent/core/text.hpp"
#include "descent/simd/axpy.hpp"
#include "descent/simd/reduce.hpp"

namespace descent {
namespace {

/// f_B of one batch.
class BatchObjective final : public Objective {
 public:
  BatchObjective(FiniteSum& sum, const std::vector<std::uint32_t>& rows) : sum_(sum), rows_(rows) {}
  [[nodiscard]] std::size_t num_parameters() const override { return sum_.num_parameters(); }
  double evaluate(View x, MutableView gradient) override { return sum_.evaluate_rows(rows_, x, gradient); }

 private:
  FiniteSum& sum_;
  const std::vector<std::uint32_t>& rows_;
};

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

std::optional<double> stable_rate_times_curvature(const Chain& chain) {
  double limit = 2.0;
  int rates = 0;
  int memories = 0;
  for (const Rule& rule : chain.rules()) {
    if (!rule.restrictions.empty()) return std::nullopt;
    if (rule.is_learning_rate()) {
      ++rates;
      continue;
    }
    for (const Hyper& value : rule.values)
      if (value.schedule() != nullptr) return std::nullopt;
    const auto value = [&](std::size_t i) { return rule.values.at(i).at(0); };
    if (rule.name() == "scale") {
      if (!(value(0) > 0.0)) return std::nullopt;
      limit /= value(0);
    } else if (rule.name() == "trace") {  // momentum, dampening, nesterov
      ++memories;
      const double m = value(0);
      if (value(2) == 0.0)
        limit *= (1.0 + m) / (1.0 - value(1));
      else if (value(1) == 0.0)
        limit *= (1.0 + m) / (1.0 + 2.0 * m);
      else
        return std::nullopt;
    } else if (rule.name() == "ema") {
      ++memories;
      limit *= (1.0 + value(0)) / (1.0 - value(0));
    } else {
      return std::nullopt;
    }
  }
  if (rates != 1 || memories > 1) return std::nullopt;
  return limit;
}

RateAdvice advise_rate(Objective& objective, const Chain* chain, const std::vector<double>& best,
                       double learning_rate) {
  RateAdvice advice;
  if (chain == nullptr) {
    advice.text = "the objective may have no lower bound; add bounds, or start elsewhere";
    return advice;
  }
  for (const Rule& rule : chain->rules())
    if (rule.finds_rate()) {
      advice.text = "the rule found the rate " + plain_decimal_text(learning_rate, 3) +
                    " itself: give it a learning_rate of 0.1, a factor of what it finds, or try the optimizer auto";
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
  const std::optional<double> own = stable_rate_times_curvature(*chain);
  const double limit = own.value_or(2.0) / curvature->largest;
  const std::string got = ", got " + plain_decimal_text(learning_rate, 3);
  if (learning_rate > 0.999 * limit)
    advice.text = "try a learning rate of " + plain_decimal_text(0.5 * limit, 2) + ": the largest stable one" +
                  (own ? "" : " of plain descent") + " at the best point is " + plain_decimal_text(limit, 3) + " (" +
                  number_text(own.value_or(2.0), 4) + " / largest eigenvalue of the Hessian)" + got +
                  "; the optimizer auto needs none";
  else  // curvature grew on the way
    advice.text = "try a smaller learning rate, such as " + plain_decimal_text(learning_rate / 10.0, 2) +
                  ": the curvature is larger elsewhere than at the best point, where " + plain_decimal_text(limit, 3) +
                  " is stable" + got + "; the optimizer auto needs none";
  return advice;
}

RateAdvice advise_batch_rate(FiniteSum& objective, const Chain& chain, const BestPoint& best, double learning_rate,
                             const std::vector<std::vector<std::uint32_t>>& batches) {
  RateAdvice advice;
  double largest = 0.0;
  if (!is_scale_free(chain))
    for (const std::vector<std::uint32_t>& rows : batches) {
      BatchObjective batch(objective, rows);
      const auto curvature = largest_curvature(batch, best.x);
      if (!curvature) continue;
      advice.evaluations += curvature->evaluations;
      largest = std::max(largest, curvature->largest);
    }
  if (!(largest > 0.0)) {
    RateAdvice whole = advise_rate(objective, &chain, best.x, learning_rate);
    whole.evaluations += advice.evaluations;
    return whole;
  }
  advice.text =
      "try a smaller learning rate: the largest stable one of plain descent on single batches at the best point "
      "is about " +
      plain_decimal_text(2.0 / largest, 3) + " (2 / largest eigenvalue of the Hessians of " +
      std::to_string(batches.size()) + " batches), half of it is safer; got " + plain_decimal_text(learning_rate, 3);
  return advice;
}

}  // namespace descent

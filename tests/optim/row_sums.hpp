// Mean losses over rows with a penalty, whose every call is recorded and may fail.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "descent/core/elementary.hpp"
#include "descent/core/finite_sum.hpp"
#include "descent/core/random.hpp"

namespace descent::testing {

enum class RowLoss { squares, logistic };

/// (1/n) sum_i l(t_i'x, y_i) + penalty/2 ||x||^2
class RowSum : public FiniteSum {
 public:
  RowSum(RowLoss loss, std::vector<std::vector<double>> t, std::vector<double> y)
      : loss_(loss), t_(std::move(t)), y_(std::move(y)) {
    for (std::uint32_t i = 0; i < t_.size(); ++i) all_.push_back(i);
  }
  [[nodiscard]] std::size_t num_parameters() const override { return t_.front().size(); }
  [[nodiscard]] std::size_t num_terms() const override { return t_.size(); }
  [[nodiscard]] bool is_mean() const override { return !claims_sum; }
  [[nodiscard]] double last_penalty() const override { return last_penalty_; }
  double evaluate(View x, MutableView gradient) override {
    ++full_passes;
    return sum(all_, x, gradient);
  }
  double evaluate_rows(std::span<const std::uint32_t> rows, View x, MutableView gradient) override {
    batches.emplace_back(rows.begin(), rows.end());
    return sum(rows, x, gradient);
  }

  double penalty = 0.0;
  std::uint64_t fails_at = std::numeric_limits<std::uint64_t>::max();  ///< this call of evaluate or evaluate_rows
  bool fails_in_gradient = false, claims_sum = false;
  std::vector<std::vector<std::uint32_t>> batches;
  std::uint64_t full_passes = 0, calls = 0;

 private:
  double sum(std::span<const std::uint32_t> rows, View x, MutableView gradient) {
    std::vector<double> g(x.size());
    double value = 0.0;
    for (const std::uint32_t i : rows) {
      double score = 0.0;
      for (std::size_t j = 0; j < x.size(); ++j) score += t_[i][j] * x[j];
      double slope = score - y_[i];
      if (loss_ == RowLoss::squares) {
        value += 0.5 * slope * slope;
      } else {
        const double e = math::exp(-y_[i] * score);
        value += math::log1p(e);
        slope = -y_[i] * (e / (1.0 + e));
      }
      for (std::size_t j = 0; j < x.size(); ++j) g[j] += slope * t_[i][j];
    }
    value /= static_cast<double>(rows.size());
    last_penalty_ = 0.0;
    for (std::size_t j = 0; j < x.size(); ++j) {
      g[j] = g[j] / static_cast<double>(rows.size()) + penalty * x[j];
      last_penalty_ += 0.5 * penalty * x[j] * x[j];
    }
    value += last_penalty_;
    const bool fails = calls++ == fails_at;
    if (fails && fails_in_gradient) g[0] = std::nan("");
    for (std::size_t j = 0; j < gradient.size(); ++j) gradient[j] = g[j];
    return fails && !fails_in_gradient ? std::nan("") : value;
  }

  RowLoss loss_;
  double last_penalty_ = 0.0;
  std::vector<std::vector<double>> t_;
  std::vector<double> y_;
  std::vector<std::uint32_t> all_;
};

/// n rows of p normal numbers with noise in the targets, so that no x fits all rows.
inline RowSum random_rows(RowLoss loss, std::size_t n, std::size_t p, double penalty) {
  const Rng rng(5, RandomStream::test);
  std::vector<std::vector<double>> t(n, std::vector<double>(p));
  std::vector<double> y(n);
  for (std::size_t i = 0; i < n; ++i) {
    double score = 0.0;
    for (std::size_t j = 0; j < p; ++j) {
      t[i][j] = rng.normal(i * (p + 1) + j);
      score += (j % 2 == 0 ? 1.0 : -0.5) * t[i][j];
    }
    score += rng.normal(i * (p + 1) + p);
    y[i] = loss == RowLoss::squares ? score : score > 0.0 ? 1.0 : -1.0;
  }
  RowSum result(loss, std::move(t), std::move(y));
  result.penalty = penalty;
  return result;
}

}  // namespace descent::testing

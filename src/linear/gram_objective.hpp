// Least squares through its Hessian: a step costs parameters^2 instead of rows x features.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "descent/linear/least_squares.hpp"
#include "descent/linear/objective.hpp"

namespace descent::linear {

/// f(theta) = f* + e^T H e / 2, e = theta - theta*: the same function as the rows', without the cancellation of
/// ||y||^2 - 2 b^T theta + theta^T A theta, so that values keep their digits near the minimum.
class GramObjective final : public Objective {
 public:
  GramObjective(const LeastSquaresAnalysis& analysis, const LinearObjective& rows)
      : analysis_(&analysis), rows_(&rows) {
    error_.resize(analysis.solution.size());
    image_.resize(analysis.solution.size());
  }
  [[nodiscard]] std::size_t num_parameters() const override { return error_.size(); }
  [[nodiscard]] std::string parameter_name(std::size_t index) const override { return rows_->parameter_name(index); }
  [[nodiscard]] std::vector<ParameterBlock> parameter_blocks() const override { return rows_->parameter_blocks(); }
  [[nodiscard]] double last_penalty() const override { return last_penalty_; }

  double evaluate(View x, MutableView gradient) override {
    const std::size_t size = error_.size();
    for (std::size_t i = 0; i < size; ++i) error_[i] = x[i] - analysis_->solution[i];
    double curved = 0.0;
    for (std::size_t i = 0; i < size; ++i) {
      const double* row = analysis_->hessian.data() + i * size;
      double sum = 0.0;
      for (std::size_t j = 0; j < size; ++j) sum += row[j] * error_[j];
      image_[i] = sum;
      curved += sum * error_[i];
    }
    if (!gradient.empty()) std::copy(image_.begin(), image_.end(), gradient.begin());
    last_penalty_ = rows_->settings().penalty.value(x.first(rows_->rows().num_features()));
    // A rounding below zero (only at the minimum itself) must not undercut f*.
    return analysis_->value + (curved < 0.0 ? 0.0 : 0.5 * curved);
  }

 private:
  const LeastSquaresAnalysis* analysis_;
  const LinearObjective* rows_;
  std::vector<double> error_, image_;
  double last_penalty_ = 0.0;
};

}  // namespace descent::linear

// The loss of a linear model on rows in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "descent/core/aligned_buffer.hpp"
#include "descent/core/finite_sum.hpp"
#include "descent/linear/dense_rows.hpp"
#include "descent/linear/options.hpp"
#include "descent/loss/loss.hpp"
#include "descent/loss/penalty.hpp"
#include "descent/parallel/pool.hpp"

namespace descent::linear {

/// f(w, b) = c(n) sum_i omega_i l(x_i . w + b, y_i) + p(w)
///
/// Parameters: [outputs x features] coefficients, then one intercept for each output; the intercepts are free of p.
/// Several outputs: softmax over K classes (targets are codes), or one pointwise loss for each class against the rest,
/// summed (targets are codes; class k sees +1 for its own rows and -1 for the others).
/// One pass over the rows gives value and gradient; blocks of 256 rows, one fixed tree: the same bits on any threads.
class LinearObjective final : public FiniteSum {
 public:
  struct Settings {
    std::shared_ptr<const loss::Loss> pointwise;  ///< null = softmax
    std::size_t outputs = 1;                      ///< K for several classes
    LossScale scale = LossScale::mean;
    loss::Penalty penalty{};
    bool intercept = true;
    View targets{};                  ///< in place of the rows' own; empty = those
    parallel::Pool* pool = nullptr;  ///< null = no threads
  };

  /// `rows` and the pool must outlive the objective.
  LinearObjective(const DenseRows& rows, Settings settings);

  [[nodiscard]] std::size_t num_parameters() const override;
  [[nodiscard]] std::size_t num_terms() const override { return rows_->num_rows(); }
  double evaluate(View x, MutableView gradient) override;
  double evaluate_rows(std::span<const std::uint32_t> rows, View x, MutableView gradient) override;
  [[nodiscard]] double last_penalty() const override { return last_penalty_; }
  /// `column` or `class:column`; `intercept` or `class:intercept`.
  [[nodiscard]] std::string parameter_name(std::size_t index) const override;
  /// `coefficients`, [outputs x features] (one output: a vector), and `intercepts`, a vector of the outputs.
  [[nodiscard]] std::vector<ParameterBlock> parameter_blocks() const override;

  [[nodiscard]] const Settings& settings() const { return settings_; }
  [[nodiscard]] const DenseRows& rows() const { return *rows_; }
  /// c(n) with n = the sum of the weights.
  [[nodiscard]] double scale() const { return scale_; }
  [[nodiscard]] bool is_mean() const override {
    return settings_.scale == LossScale::mean || settings_.scale == LossScale::half_mean;
  }
  void set_class_names(std::vector<std::string> names) { class_names_ = std::move(names); }

  /// Gauss-Newton bound on the largest eigenvalue of the Hessian: c max l'' lambda_max(X~^T Omega X~) + l2, by power
  /// iteration from a fixed start; infinity when the slope of the loss jumps.
  [[nodiscard]] double curvature_bound();

 private:
  void load_weights(View x);
  void losses(View targets, std::size_t rows, bool with_slopes);
  double finish(View x, MutableView gradient, double loss_sum, double scale);
  const DenseRows* rows_;
  Settings settings_;
  View targets_;
  std::vector<std::string> class_names_;
  double scale_ = 1.0;
  double weight_mean_ = 1.0;
  double last_penalty_ = 0.0;
  std::vector<double> sums_;  // loss, then the gradient
  std::size_t padded_features_ = 0;
  AlignedBuffer<double> weights_;  // of this evaluation, shape = [outputs x padded_features]
  View intercepts_;
};

}  // namespace descent::linear

// The loss of a network on rows in memory: one more objective, behind the interface of formulas and linear models.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "descent/core/finite_sum.hpp"
#include "descent/core/span.hpp"
#include "descent/loss/loss.hpp"
#include "descent/nn/network.hpp"
#include "descent/nn/table.hpp"
#include "descent/parallel/pool.hpp"

namespace descent::nn {

/// f(theta) = 1/n sum_i omega_i l(scores(x_i; theta), y_i) + l2/2 sum_l ||W_l||^2,   n = sum_i omega_i
///
/// l is softmax cross-entropy (targets are codes) or, of one output, a pointwise loss. Biases are free of the penalty.
/// A batch divides by its number of rows times the mean weight of all rows, as linear models do.
/// Blocks of 256 rows, one fixed tree: the same bits on any number of threads.
class NetworkObjective final : public FiniteSum {
 public:
  struct Settings {
    NetworkShape shape{};
    std::shared_ptr<const loss::Loss> pointwise{};  ///< null = softmax; otherwise one output
    double l2 = 0.0;
    parallel::Pool* pool = nullptr;  ///< null = no threads
  };

  /// `table` and the pool must outlive the objective. Throws: Error(usage) for a shape that does not fit.
  NetworkObjective(const Table& table, Settings settings);

  [[nodiscard]] std::size_t num_parameters() const override { return network_.shape().num_parameters(); }
  [[nodiscard]] std::size_t num_terms() const override { return table_->num_rows; }
  double evaluate(View x, MutableView gradient) override;
  double evaluate_rows(std::span<const std::uint32_t> rows, View x, MutableView gradient) override;
  [[nodiscard]] double last_penalty() const override { return last_penalty_; }
  [[nodiscard]] std::string parameter_name(std::size_t index) const override {
    return network_.shape().parameter_name(index);
  }
  [[nodiscard]] std::vector<ParameterBlock> parameter_blocks() const override {
    return network_.shape().parameter_blocks();
  }
  [[nodiscard]] const NetworkShape& shape() const { return network_.shape(); }

 private:
  /// Rows begin..end-1 of `chosen` (of all rows when it is null) into `partial`: loss, then gradient.
  void add_block(const std::uint32_t* chosen, std::size_t begin, std::size_t end, std::span<double> partial) const;
  double finish(View x, MutableView gradient, double scale);

  const Table* table_;
  Settings settings_;
  Network network_;
  double weight_mean_ = 1.0;
  double last_penalty_ = 0.0;
  std::vector<double> sums_;  // loss, then the gradient
};

}  // namespace descent::nn

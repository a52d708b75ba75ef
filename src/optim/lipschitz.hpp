// How steep batches are: the Lipschitz constant of their gradients, from values along them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "descent/core/finite_sum.hpp"
#include "src/optim/run.hpp"

namespace descent {

/// The largest L = weight M of the batches it was shown, where each lies below its parabola of curvature M: with
/// d = P(x - g_B / M) - x,  f_B(x + d) <= f_B(x) + g_B'd + M ||d||^2 / 2. That is asked in the gradient's direction
/// alone: a batch may be steeper elsewhere. 1 where nothing was seen: gradients of 0, falls that rounding hides.
class LipschitzEstimate {
 public:
  LipschitzEstimate(Run& run, FiniteSum& objective)
      : run_(run), objective_(objective), gradient_(objective.num_parameters()), moved_(gradient_.size()) {}

  /// f_B counts `weight` times. The first batch seen may lower L from 1, all may raise it.
  void look(std::span<const std::uint32_t> rows, double weight, View x);
  [[nodiscard]] double value() const { return value_; }

 private:
  /// 2 (f_B(x + d) - f_B(x) - g_B'd) / ||d||^2; nothing if rounding hides the fall.
  [[nodiscard]] std::optional<double> curvature(std::span<const std::uint32_t> rows, double m, double value, View x);

  Run& run_;
  FiniteSum& objective_;
  std::vector<double> gradient_, moved_;
  double value_ = 1.0;
  bool seen_ = false;
};

}  // namespace descent

// The largest learning rate that plain descent can bear near a point: 2 over the Hessian's largest eigenvalue.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "descent/core/finite_sum.hpp"
#include "descent/core/objective.hpp"
#include "descent/core/result.hpp"
#include "descent/optim/chain.hpp"

namespace descent {

struct Curvature {
  double largest = 0.0;  ///< largest eigenvalue of the Hessian in absolute value, with its sign
  std::uint64_t evaluations = 0;
};

/// Power iteration on the Hessian at x, with H v = (grad f(x + h v) - grad f(x - h v)) / 2h. Nothing if it meets values
/// that are not finite.
[[nodiscard]] std::optional<Curvature> largest_curvature(Objective& objective, const std::vector<double>& x);

struct RateAdvice {
  std::string text;
  std::uint64_t evaluations = 0;
};

/// What to try after a chain (null: another method) diverged with `learning_rate`; `best` is the best point it saw.
[[nodiscard]] RateAdvice advise_rate(Objective& objective, const Chain* chain, const std::vector<double>& best,
                                     double learning_rate);

/// The same after passes over batches, whose Hessians are steeper than that of all rows: the largest curvature of some
/// of them, those in `batches`, counts.
[[nodiscard]] RateAdvice advise_batch_rate(FiniteSum& objective, const Chain& chain, const BestPoint& best,
                                           double learning_rate,
                                           const std::vector<std::vector<std::uint32_t>>& batches);

}  // namespace descent

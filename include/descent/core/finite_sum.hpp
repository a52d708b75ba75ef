// An objective that is a scaled sum over rows, plus a penalty.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "descent/core/objective.hpp"

namespace descent {

/// f(x) = c(n) * sum_{i<n} l_i(x) + p(x), with c from the loss scale (1/n, 1/2n, 1, 1/2).
///
/// Stochastic passes see batches B of rows: f_B(x) = c(|B|) * sum_{i in B} l_i(x) + p(x), whose gradient is the
/// textbook's for one row (|B| = 1), a mini-batch, or all rows. With c constant (sum scales) f_B is not scaled up to n
/// rows. Sums have the fixed shape of parallel/reduce.hpp: the same bits for any number of threads.
class FiniteSum : public Objective {
 public:
  /// n
  [[nodiscard]] virtual std::size_t num_terms() const = 0;

  /// f_B(x) for the rows in `rows`, in that order, and its gradient when `gradient` is not empty.
  virtual double evaluate_rows(std::span<const std::uint32_t> rows, View x, MutableView gradient) = 0;

  /// True for c(n) in proportion to 1/n: then f = sum_B (|B| / n) f_B for any partition of the rows into batches B.
  [[nodiscard]] virtual bool is_mean() const { return true; }
};

}  // namespace descent

// An objective that is half a sum of squares, with the squares' roots at hand for methods that use them.
#pragma once

#include <cstddef>

#include "descent/core/objective.hpp"

namespace descent {

/// f(x) = 1/2 sum_{i<m} r_i(x)^2.
///
/// Residuals come in blocks of rows, so that neither they nor the Jacobian need be held at once. evaluate() adds the
/// squares up in the fixed shape of parallel/reduce.hpp; who adds up blocks of 256 in that tree has the same bits.
class ResidualObjective : public Objective {
 public:
  [[nodiscard]] ResidualObjective* as_residuals() final { return this; }

  /// m >= 1
  [[nodiscard]] virtual std::size_t num_residuals() const = 0;

  /// Rows that are computed together: a multiple of 256, or all m of them where they only come together.
  [[nodiscard]] virtual std::size_t rows_per_block() const { return num_residuals(); }

  /// r_i(x) for the rows begin .. begin + residuals.size() - 1 of one block, and dr_i/dx_j unless `jacobian` is empty.
  /// jacobian: shape = [n x rows], column after column of the Jacobian
  virtual void residual_rows(View x, std::size_t begin, MutableView residuals, MutableView jacobian) = 0;

  /// The length of what the residuals are differences of, such as the observations: residuals of 1e-13 of that are
  /// rounding. 0 = not known.
  [[nodiscard]] virtual double residual_scale() const { return 0.0; }
};

}  // namespace descent

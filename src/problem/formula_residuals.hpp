// A formula that is a sum of squares over rows, as residuals.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "descent/core/residual_objective.hpp"
#include "descent/expr/program.hpp"
#include "descent/expr/sum_of_squares.hpp"

namespace descent {

/// r_i = sqrt(2 factor) root_i, so that 1/2 sum r_i^2 is the formula, but for rounding. Several threads may use one.
class FormulaResiduals final : public ResidualObjective {
 public:
  /// `columns` are those of the formula, and must outlive this.
  FormulaResiduals(const expr::SumOfSquares& squares, std::vector<View> columns, std::size_t num_rows);

  [[nodiscard]] std::size_t num_parameters() const override { return names_.size(); }
  [[nodiscard]] std::size_t num_residuals() const override { return num_rows_; }
  [[nodiscard]] std::size_t rows_per_block() const override;
  void residual_rows(View x, std::size_t begin, MutableView residuals, MutableView jacobian) override;
  double evaluate(View x, MutableView gradient) override;
  [[nodiscard]] std::string parameter_name(std::size_t index) const override { return names_[index]; }
  [[nodiscard]] GradientSource gradient_source() const override { return GradientSource::formula; }

 private:
  std::vector<std::string> names_;
  expr::ColumnProgram program_;
  std::vector<View> columns_;
  std::size_t num_rows_;
  double scale_;
};

}  // namespace descent

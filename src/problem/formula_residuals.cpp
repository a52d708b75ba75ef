#include "src/problem/formula_residuals.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "descent/autodiff/vector_functions.hpp"
#include "descent/parallel/reduce.hpp"

namespace descent {

FormulaResiduals::FormulaResiduals(const expr::SumOfSquares& squares, std::vector<View> columns, std::size_t num_rows)
    : names_(squares.root.variables()),
      program_(squares.root),
      columns_(std::move(columns)),
      num_rows_(num_rows),
      scale_(std::sqrt(2.0 * squares.factor / (squares.is_mean ? static_cast<double>(num_rows) : 1.0))) {}

std::size_t FormulaResiduals::rows_per_block() const { return std::min(num_rows_, parallel::kRowsPerBlock); }

void FormulaResiduals::residual_rows(View x, std::size_t begin, MutableView residuals, MutableView jacobian) {
  program_.evaluate(x, columns_, begin, residuals, jacobian);
  for (double& r : residuals) r *= scale_;
  for (double& slope : jacobian) slope *= scale_;
}

double FormulaResiduals::evaluate(View x, MutableView gradient) {
  const std::size_t n = gradient.size();
  std::vector<double> totals(n + 1);
  parallel::reduce_rows(nullptr, num_rows_, totals, [&](std::size_t begin, std::size_t end, std::span<double> partial) {
    const std::size_t rows = end - begin;
    std::vector<double> block((n + 1) * rows);
    const MutableView r = MutableView(block).first(rows), jacobian = MutableView(block).subspan(rows);
    residual_rows(x, begin, r, jacobian);
    partial[0] = autodiff::detail::lane_sum(rows, [&](std::size_t i) { return r[i] * r[i]; });
    for (std::size_t j = 0; j < n; ++j)
      partial[j + 1] = autodiff::detail::lane_sum(rows, [&](std::size_t i) { return jacobian[j * rows + i] * r[i]; });
  });
  std::copy_n(totals.begin() + 1, n, gradient.begin());
  return 0.5 * totals[0];
}

}  // namespace descent

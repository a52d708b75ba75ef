#include "src/curve/not_finite.hpp"

#include <algorithm>
#include <cmath>

#include "descent/core/text.hpp"
#include "descent/expr/derivative.hpp"
#include "descent/expr/not_finite.hpp"

namespace descent::curve {
namespace {

/// `x=-1, y=2`, not more than a few.
std::string assigned(const std::vector<std::string>& names, View values) {
  constexpr std::size_t kShown = 6;
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < std::min(names.size(), kShown); ++i)
    parts.push_back(names[i] + "=" + number_text(values[i]));
  if (names.size() > kShown) parts.emplace_back("...");
  return join(parts);
}

}  // namespace

std::string row_text(const CurveRows& rows, std::size_t row) {
  const std::string number = "row " + count_text(static_cast<double>(row + 1));
  return rows.place ? number + " (" + rows.place(row) + ")" : number;
}

std::string why_not_finite(const Curve& curve, CurveObjective& objective, View x) {
  const CurveRows& rows = objective.rows();
  const std::size_t m = objective.num_residuals(), n = x.size(), block = objective.rows_per_block();
  std::vector<double> residuals(block), jacobian(block * n);
  std::size_t bad = m;
  for (std::size_t begin = 0; begin < m && bad == m; begin += block) {
    const std::size_t count = std::min(block, m - begin);
    objective.residual_rows(x, begin, MutableView(residuals).first(count), MutableView(jacobian).first(count * n));
    for (std::size_t i = 0; i < count && bad == m; ++i) {
      bool finite = std::isfinite(residuals[i]);
      for (std::size_t j = 0; j < n; ++j) finite = finite && std::isfinite(jacobian[j * count + i]);
      if (!finite) bad = begin + i;
    }
  }
  if (bad == m) return {};
  std::vector<double> row, inputs;
  for (const std::vector<double>& column : rows.columns) row.push_back(column[bad]);
  for (const std::string& name : curve.inputs)
    inputs.push_back(
        row[static_cast<std::size_t>(std::find(rows.names.begin(), rows.names.end(), name) - rows.names.begin())]);
  std::string what = "the curve";
  auto part = expr::find_not_finite(curve.formula, x, row);
  const std::vector<expr::Formula> slopes = expr::gradient(curve.formula);
  for (std::size_t j = 0; j < n && !part; ++j) {
    part = expr::find_not_finite(slopes[j], x, row);
    what = "the derivative of the curve by " + curve.parameters[j];
  }
  if (!part) return {};  // its square, or what sigma makes of it
  return what + " is not finite in " + row_text(rows, bad) + ", " + assigned(curve.inputs, inputs) + ", with " +
         assigned(curve.parameters, x) + ": " + part->text + " is " + number_text(part->value);
}

}  // namespace descent::curve

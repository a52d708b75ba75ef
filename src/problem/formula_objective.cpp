#include "descent/problem/formula_objective.hpp"

#include <algorithm>
#include <utility>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/expr/derivative.hpp"
#include "descent/expr/sum_of_squares.hpp"
#include "descent/parallel/reduce.hpp"
#include "src/problem/formula_residuals.hpp"

namespace descent {
namespace {

static_assert(parallel::kRowsPerBlock == expr::kPointsPerBlock, "a block of rows is a block of points");

/// Throws: Error(data). Returns the number of rows; 0 without columns.
std::size_t checked_rows(const FormulaData& data) {
  if (data.names.size() != data.columns.size())
    throw Error(ErrorCode::data, "expected one column for each name, got " + std::to_string(data.names.size()) +
                                     " names and " + std::to_string(data.columns.size()) + " columns");
  for (std::size_t j = 0; j < data.names.size(); ++j) {
    const Place column{.name = data.names[j]};
    if (std::find(data.names.begin(), data.names.begin() + static_cast<std::ptrdiff_t>(j), data.names[j]) !=
        data.names.begin() + static_cast<std::ptrdiff_t>(j))
      throw Error(ErrorCode::data, "two columns have this name; a formula could not tell them apart", column);
    if (data.columns[j].empty()) throw Error(ErrorCode::data, "there are no rows to add up over", column);
    if (data.columns[j].size() != data.columns[0].size())
      throw Error(ErrorCode::data,
                  "expected " + count_text(static_cast<double>(data.columns[0].size())) + " rows like '" +
                      data.names[0] + "', got " + count_text(static_cast<double>(data.columns[j].size())),
                  column);
  }
  return data.columns.empty() ? 0 : data.columns[0].size();
}

}  // namespace

FormulaObjective::FormulaObjective(std::string_view text, FormulaData data, const FormulaOptions& options)
    : sign_(options.maximize ? -1.0 : 1.0), num_rows_(checked_rows(data)), pool_(options.pool) {
  formula_ = expr::parse(text, {.columns = data.names});
  if (!options.fixed.empty()) {
    for (const auto& [name, value] : options.fixed)
      if (std::find(variables().begin(), variables().end(), name) == variables().end())
        throw Error(ErrorCode::usage,
                    "'" + name + "' is no variable of the formula" + did_you_mean(name, variables()) +
                        "; its variables are " + join(variables()),
                    "fix");
    formula_ = expr::parse(text, {.columns = data.names, .constants = options.fixed});
  }
  if (formula_.variables().empty())
    throw Error(ErrorCode::formula,
                "the formula has no variables, so there is nothing to choose" +
                    std::string(!options.fixed.empty() ? ": all of them are fixed"
                                : data.names.empty()   ? ""
                                                       : ": every name in it is a column of the data"),
                "formula");
  data_ = std::make_shared<const FormulaData>(std::move(data));
  columns_.assign(data_->columns.begin(), data_->columns.end());
  program_ = compile(formula_);
  if (formula_.needs_rows() && sign_ > 0.0 && num_parameters() <= kMostResidualParameters)
    if (const auto squares = expr::sum_of_squares(formula_))
      residuals_ = std::make_shared<FormulaResiduals>(*squares, columns_, num_rows_);
}

ResidualObjective* FormulaObjective::as_residuals() { return residuals_.get(); }

// The tangent of a formula with sums may do without them; it runs over rows all the same, with the shape of the sums.
FormulaObjective::Compiled FormulaObjective::compile(const expr::Formula& formula) const {
  if (formula_.needs_rows()) return expr::RowProgram(formula);
  return expr::Program(formula);
}

std::size_t FormulaObjective::num_parameters() const { return formula_.variables().size(); }

double FormulaObjective::run(Compiled& program, View x, MutableView gradient) {
  double value = 0.0;
  if (auto* const plain = std::get_if<expr::Program>(&program)) {
    value = plain->evaluate(x, gradient);
  } else {
    const auto reduce = [&](std::span<double> sums, const auto& block) {
      parallel::reduce_rows(pool_, num_rows_, sums, block);
    };
    value = std::get<expr::RowProgram>(program).evaluate(x, gradient, columns_, num_rows_, reduce);
  }
  if (sign_ < 0.0) {
    value = -value;
    for (double& slope : gradient) slope = -slope;
  }
  return value;
}

double FormulaObjective::evaluate(View x, MutableView gradient) { return run(program_, x, gradient); }

void FormulaObjective::hessian_product(View x, View v, MutableView product) {
  if (std::holds_alternative<std::monostate>(tangent_)) tangent_ = compile(expr::tangent(formula_));
  moving_.assign(x.begin(), x.end());
  moving_.insert(moving_.end(), v.begin(), v.end());
  second_order_.resize(moving_.size());
  run(tangent_, moving_, second_order_);
  std::copy_n(second_order_.begin(), product.size(), product.begin());
}

std::string FormulaObjective::parameter_name(std::size_t index) const { return variables()[index]; }
const std::vector<std::string>& FormulaObjective::variables() const { return formula_.variables(); }
std::string FormulaObjective::text() const { return to_text(formula_); }
std::string FormulaObjective::latex() const { return to_latex(formula_); }
std::string FormulaObjective::gradient_text(std::size_t index) const {
  return to_text(expr::derivative(formula_, variables()[index]));
}
std::string FormulaObjective::gradient_latex(std::size_t index) const {
  return to_latex(expr::derivative(formula_, variables()[index]));
}

double NegatedObjective::evaluate(View x, MutableView gradient) {
  const double value = objective_->evaluate(x, gradient);
  for (double& slope : gradient) slope = -slope;
  return -value;
}

void NegatedObjective::hessian_product(View x, View v, MutableView product) {
  objective_->hessian_product(x, v, product);
  for (double& p : product) p = -p;
}

}  // namespace descent

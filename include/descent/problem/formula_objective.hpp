// A formula as something to minimise: `(1-x)^2 + 100*(y-x^2)^2`, or a sum over the rows of data.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "descent/core/objective.hpp"
#include "descent/expr/formula.hpp"
#include "descent/expr/program.hpp"
#include "descent/parallel/pool.hpp"

namespace descent {

/// What sum(...) and mean(...) run over. Names that are no columns are the variables.
struct FormulaData {
  std::vector<std::string> names{};            ///< of the columns; distinct
  std::vector<std::vector<double>> columns{};  ///< one for each name, all of one length >= 1
};

struct FormulaOptions {
  bool maximize = false;  ///< the objective is -f; text, latex and gradient_text stay those of f
  parallel::Pool* pool =
      nullptr;  ///< threads for sums over rows; must outlive the objective. The bits do not depend on it
  /// Variables that are held at a value and are no parameters then.
  std::vector<std::pair<std::string, double>> fixed{};
};

/// Beyond, a step of levenberg_marquardt, of m n^2 operations, costs more than many of lbfgs.
inline constexpr std::size_t kMostResidualParameters = 100;

/// f as typed (or -f, to maximise), with the gradient by symbolic differentiation.
/// Copies share the data. A point alone is evaluated without blocks; sums run in blocks of 256 rows of fixed shape.
class FormulaObjective final : public Objective {
 public:
  /// Throws: Error(formula) for a wrong text or one without variables; Error(usage) for a fixed name that is none of
  /// them; Error(data) for columns of unequal length,
  /// without rows, repeated or more than there are names.
  explicit FormulaObjective(std::string_view text, FormulaData data = {}, const FormulaOptions& options = {});

  [[nodiscard]] std::size_t num_parameters() const override;
  double evaluate(View x, MutableView gradient) override;
  [[nodiscard]] std::string parameter_name(std::size_t index) const override;
  [[nodiscard]] GradientSource gradient_source() const override { return GradientSource::formula; }
  /// By the formula's second derivatives, compiled at the first call.
  void hessian_product(View x, View v, MutableView product) override;
  [[nodiscard]] GradientSource hessian_source() const override { return GradientSource::formula; }

  /// Of a formula such as mean((y - a*exp(-b*x))^2), of at most kMostResidualParameters variables; not to maximise.
  [[nodiscard]] ResidualObjective* as_residuals() override;

  /// In the order in which the text first names them: parameter i is variables()[i].
  [[nodiscard]] const std::vector<std::string>& variables() const;
  [[nodiscard]] const expr::Formula& formula() const { return formula_; }
  [[nodiscard]] bool maximizes() const { return sign_ < 0; }
  [[nodiscard]] std::size_t num_rows() const { return num_rows_; }

  /// The simplified formula, and df/dx_i, as text that can be typed again and as LaTeX.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::string latex() const;
  [[nodiscard]] std::string gradient_text(std::size_t index) const;
  [[nodiscard]] std::string gradient_latex(std::size_t index) const;

 private:
  /// f and its gradient, or those of its tangent: formulas of variables alone, or of rows.
  using Compiled = std::variant<std::monostate, expr::Program, expr::RowProgram>;
  [[nodiscard]] Compiled compile(const expr::Formula& formula) const;
  double run(Compiled& program, View x, MutableView gradient);

  expr::Formula formula_;
  double sign_ = 1.0;
  std::size_t num_rows_ = 0;
  parallel::Pool* pool_ = nullptr;
  std::shared_ptr<const FormulaData> data_;
  std::vector<View> columns_;                     // views of *data_
  std::shared_ptr<ResidualObjective> residuals_;  // null if it is no sum of squares
  Compiled program_;
  Compiled tangent_;                  // empty until a product with the Hessian is asked for
  std::vector<double> moving_;        // x, then v
  std::vector<double> second_order_;  // H v, then the gradient
};

/// -f: what a maximiser hands to a minimiser. `objective` must outlive it.
class NegatedObjective final : public Objective {
 public:
  explicit NegatedObjective(Objective& objective) : objective_(&objective) {}

  [[nodiscard]] std::size_t num_parameters() const override { return objective_->num_parameters(); }
  double evaluate(View x, MutableView gradient) override;
  [[nodiscard]] double last_penalty() const override { return -objective_->last_penalty(); }
  [[nodiscard]] std::string parameter_name(std::size_t index) const override {
    return objective_->parameter_name(index);
  }
  [[nodiscard]] std::vector<ParameterBlock> parameter_blocks() const override { return objective_->parameter_blocks(); }
  [[nodiscard]] GradientSource gradient_source() const override { return objective_->gradient_source(); }
  void hessian_product(View x, View v, MutableView product) override;
  [[nodiscard]] GradientSource hessian_source() const override { return objective_->hessian_source(); }

 private:
  Objective* objective_;
};

}  // namespace descent

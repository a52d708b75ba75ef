// A curve and the rows it is to follow, as half a sum of squares.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "descent/core/residual_objective.hpp"
#include "descent/curve/curve.hpp"
#include "descent/expr/program.hpp"
#include "descent/parallel/pool.hpp"

namespace descent::curve {

/// What rows far from the curve count: 1/2 sum_i s^2 rho((r_i / s)^2). The names are scipy's (least_squares, `loss`).
enum class Robust : std::uint8_t {
  none,     ///< rho(z) = z
  huber,    ///< z up to 1, then 2 sqrt(z) - 1
  soft_l1,  ///< 2 (sqrt(1 + z) - 1)
  cauchy,   ///< log(1 + z)
  tukey,    ///< (1 - (1 - z)^3) / 3 up to 1, then 1/3: far rows count nothing. Has several minima
};

[[nodiscard]] const char* to_text(Robust robust);
/// Throws: Error(usage) with "did you mean".
[[nodiscard]] Robust parse_robust(std::string_view text);

/// t with t^2 = s^2 rho((r/s)^2) and the sign of r: least squares of t is the robust sum. `slope`: dt/dr; `weight`:
/// rho', what the row counts beside one on the curve.
struct RobustResidual {
  double t = 0.0, slope = 1.0, weight = 1.0;
};
[[nodiscard]] RobustResidual robust_residual(Robust robust, double scale, double residual);

/// psi', the derivative of psi = rho' r.
[[nodiscard]] double robust_slope(Robust robust, double scale, double residual);

/// Rows of a table. Columns all of one length.
struct CurveRows {
  std::vector<std::string> names{};            ///< of the columns, as the curve was read against
  std::vector<std::vector<double>> columns{};  ///< one for each name
  std::vector<double> sigma{};                 ///< standard deviation of each row's response, > 0; empty = 1 each
  std::function<std::string(std::size_t row)> place{};  ///< where a row comes from, for messages: `obs.csv:9`

  [[nodiscard]] std::size_t size() const { return columns.empty() ? 0 : columns.front().size(); }
};

/// The curve with numbers in place of sum(...) and mean(...), those that they are over `rows`: it predicts other rows
/// with them. Throws: Error(data) for one that is not finite.
[[nodiscard]] Curve settle_sums(const Curve& curve, const CurveRows& rows);

/// f(p) = 1/2 sum_i t_i^2 of r_i = (f(x_i; p) - y_i) / sigma_i. Copies share the rows.
class CurveObjective final : public ResidualObjective {
 public:
  /// `curve` without sums (settle_sums). Throws: Error(data) for rows without an end, a response or sigma that is not
  /// finite or not > 0, naming the row.
  CurveObjective(const Curve& curve, std::shared_ptr<const CurveRows> rows, parallel::Pool* pool = nullptr);

  [[nodiscard]] std::size_t num_parameters() const override { return parameters_.size(); }
  [[nodiscard]] std::size_t num_residuals() const override { return response_.size(); }
  [[nodiscard]] std::size_t rows_per_block() const override;
  void residual_rows(View x, std::size_t begin, MutableView residuals, MutableView jacobian) override;
  double evaluate(View x, MutableView gradient) override;
  [[nodiscard]] double residual_scale() const override { return scale_of_response_; }
  [[nodiscard]] std::string parameter_name(std::size_t index) const override { return parameters_.at(index); }
  [[nodiscard]] GradientSource gradient_source() const override { return GradientSource::formula; }

  void set_robust(Robust robust, double scale) {
    robust_ = robust;
    robust_scale_ = scale;
  }
  [[nodiscard]] View response() const { return response_; }
  [[nodiscard]] const CurveRows& rows() const { return *rows_; }
  /// f(x_i; p), and its derivatives by the parameters unless empty. // partials: shape = [n x rows]
  void values(View x, MutableView out, MutableView partials = {}) const;

 private:
  void rows_at(View x, std::size_t begin, MutableView residuals, MutableView jacobian) const;

  std::vector<std::string> parameters_;
  expr::ColumnProgram program_;
  std::shared_ptr<const CurveRows> rows_;
  std::vector<View> columns_;
  std::vector<double> response_;
  parallel::Pool* pool_;
  Robust robust_ = Robust::none;
  double robust_scale_ = 1.0;
  double scale_of_response_ = 0.0;
};

}  // namespace descent::curve

// Formulas made ready to be evaluated often: value and gradient together.
//
// A program holds the operations of f and of all df/dx_i, shared parts once, in a stated order, so a point gives the
// same bits alone, in a block of 256, on every CPU target and with or without its gradient. Integer powers up to 64 are
// multiplications by repeated squaring from the top bit: x^6 = (x^2*x)^2; negative ones are 1 over that.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "descent/core/aligned_buffer.hpp"
#include "descent/core/doubled.hpp"
#include "descent/core/span.hpp"
#include "descent/expr/formula.hpp"

namespace descent::expr {

/// Points evaluated at a time by the kernels.
inline constexpr std::size_t kPointsPerBlock = 256;

/// A formula of variables alone. Cheap to copy (the code is shared); one object is used by one thread at a time.
class Program {
 public:
  /// Throws: Error(usage) if the formula needs rows: those take a RowProgram.
  explicit Program(const Formula& formula);

  [[nodiscard]] std::size_t num_variables() const;
  /// Arithmetic operations for a value alone, and for a value with its gradient.
  [[nodiscard]] std::size_t num_operations(bool with_gradient) const;

  /// f(x), and its gradient unless that is empty. // x, gradient: shape = [num_variables]
  double evaluate(View x, MutableView gradient = {});

  /// values[p] = f at point p, whose coordinates are coordinates[i][p]; partials[i][p] = df/dx_i there, unless
  /// `partials` is empty. All spans of one length. // coordinates, partials: shape = [num_variables][points]
  void evaluate_points(std::span<const View> coordinates, MutableView values,
                       std::span<const MutableView> partials = {});

 private:
  struct State;
  std::shared_ptr<const State> state_;
  std::vector<double> slots_;    // one number for each value of the code
  AlignedBuffer<double> lanes_;  // kPointsPerBlock numbers for each register of the block code
};

/// A formula with one value for each row (Formula::per_row, or none of the columns): variables are the same in all
/// rows. Safe to use from several threads at once.
class ColumnProgram {
 public:
  /// Throws: Error(usage) if the formula contains sum(...) or mean(...).
  explicit ColumnProgram(const Formula& formula);

  [[nodiscard]] std::size_t num_variables() const;

  /// values[r] = f in row r, and partials[i * rows + r] = df/dx_i there unless `partials` is empty, for the rows
  /// begin .. begin + values.size() - 1 of `columns`, which are those of formula.columns().
  void evaluate(View x, std::span<const View> columns, std::size_t begin, MutableView values,
                MutableView partials) const;

 private:
  struct State;
  std::shared_ptr<const State> state_;
};

/// The same in doubled precision, a row at a time: for design matrices whose powers must not be rounded. + - * / and
/// whole powers up to 64 have about 31 digits; what else a formula calls has those of a double.
class DoubledProgram {
 public:
  /// Throws: Error(usage) if the formula contains sum(...) or mean(...).
  explicit DoubledProgram(const Formula& formula);

  [[nodiscard]] std::size_t num_variables() const;

  /// out[0] = f, out[1 + i] = df/dx_i; `row` has a number for each of formula.columns(). // out: shape = [variables +
  /// 1]
  void evaluate(std::span<const Doubled> x, View row, std::span<Doubled> out);

 private:
  struct State;
  std::shared_ptr<const State> state_;
  std::vector<Doubled> values_;  // of the nodes
};

/// Adds up over rows: must call `block(begin, end, partial)` so that every row lies in exactly one block of at most
/// kPointsPerBlock rows, each with a `partial` of sums.size() zeros of its own, and put the total into `sums`. `block`
/// may be called from several threads at once. parallel::reduce_rows is such a function.
using RowReduction = std::function<void(
    std::span<double> sums,
    const std::function<void(std::size_t begin, std::size_t end, std::span<double> partial)>& block)>;

/// A formula with sum(...) or mean(...) over rows. Nested sums are evaluated from the inside out, one pass over the
/// rows per level. Within a block values are added in 16 virtual lanes (simd::sum).
class RowProgram {
 public:
  explicit RowProgram(const Formula& formula);

  [[nodiscard]] std::size_t num_variables() const;
  [[nodiscard]] std::size_t num_operations(bool with_gradient) const;
  /// Passes over the rows for one evaluation: the depth to which sums are nested.
  [[nodiscard]] std::size_t num_passes() const;

  /// f(x), and its gradient unless that is empty. `columns` are those of formula.columns(), all with `num_rows` rows.
  double evaluate(View x, MutableView gradient, std::span<const View> columns, std::size_t num_rows,
                  const RowReduction& reduce);

 private:
  struct State;
  std::shared_ptr<const State> state_;
};

}  // namespace descent::expr

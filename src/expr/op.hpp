// The operations of a formula's graph.
#pragma once

#include <cstdint>

#include "src/expr/function_list.hpp"

namespace descent::expr {

enum class Op : std::uint8_t {
  // Leaves. `one row per value` leaves (column) occur below sum and mean only.
  constant,
  pi,
  e,
  variable,
  column,
  // Arithmetic. Subtraction is add of a scale by -1, division mul of a pow to -1.
  add,    ///< two or more terms, none an add, in order of appearance
  scale,  ///< num/den times the one argument, which is neither a number (but 1) nor a scale
  mul,    ///< 2 to kMaxFlatFactors factors in canonical order
  pow,    ///< base, exponent
  // Comparisons: 1 or 0.
  eq,
  ne,
  lt,
  le,
  gt,
  ge,
  // Choices and sums over rows.
  where,  ///< condition, taken if not 0, taken if 0
  min,    ///< of two; more are a balanced tree
  max,
  sum,
  mean,
// Functions.
#define DESCENT_EXPR_OP(name, ...) name,
  DESCENT_EXPR_FUNCTIONS(DESCENT_EXPR_OP)
#undef DESCENT_EXPR_OP
};

[[nodiscard]] constexpr bool is_comparison(Op op) { return op >= Op::eq && op <= Op::ge; }
[[nodiscard]] constexpr bool is_reduction(Op op) { return op == Op::sum || op == Op::mean; }
/// One of function_list.hpp.
[[nodiscard]] constexpr bool is_function(Op op) { return op >= Op::abs; }
/// Nodes that a reverse sweep treats as leaves with partial derivatives of their own.
[[nodiscard]] constexpr bool is_opaque(Op op) { return op >= Op::where && op <= Op::mean; }

}  // namespace descent::expr

// The functions a formula may call, by name.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "src/expr/op.hpp"
#include "src/expr/operations.hpp"

namespace descent::expr {

struct Function {
  std::string_view name;
  Op op;
  std::string_view arguments;   ///< as messages show them: "y, x"
  bool or_more = false;         ///< takes any number of arguments beyond those
  std::string_view latex = {};  ///< empty: set upright by its own name
};

[[nodiscard]] constexpr std::size_t num_arguments(const Function& function) {
  std::size_t count = 1;
  for (const char c : function.arguments) count += c == ',' ? 1 : 0;
  return count;
}

/// In alphabetical order; sign, which nobody means by a mistyped sin, last.
[[nodiscard]] std::span<const Function> functions();
/// Null when there is none of that name.
[[nodiscard]] const Function* find_function(std::string_view name);
/// Of a function's op; null for operators.
[[nodiscard]] const Function* find_function(Op op);

/// Where no bracket follows, the name is that of a variable or column: y0 + a*exp(-b*x).
[[nodiscard]] bool is_also_a_name(const Function& function);
/// The first argument is a number that the reader checks: jn(2, x).
[[nodiscard]] constexpr bool has_order(Op op) { return op == Op::jn || op == Op::polygamma; }

/// How many numbers it reads.
[[nodiscard]] std::size_t num_arguments(Operation op);
/// f(0) if that is exact; NaN if not. Only of the functions in function_list.hpp, as is the next.
[[nodiscard]] double value_at_zero(Op op);
/// df/d(argument i) as a formula of the arguments' names and of f, the value.
[[nodiscard]] std::string_view slope_text(Op op, std::size_t i);

/// What to write for a name that other languages use: `log(x)` for ln. Empty when nothing is known.
[[nodiscard]] std::string_view alias_hint(std::string_view name);

}  // namespace descent::expr

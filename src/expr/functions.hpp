// The functions a formula may call, by name.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "src/expr/op.hpp"

namespace descent::expr {

struct Function {
  std::string_view name;
  Op op;
  std::size_t min_arguments;
  std::size_t max_arguments;  ///< 0 = no limit
  std::string_view latex;     ///< empty: set upright by its own name
};

/// In alphabetical order; sign, which nobody means by a mistyped sin, last.
[[nodiscard]] std::span<const Function> functions();
/// Null when there is none of that name.
[[nodiscard]] const Function* find_function(std::string_view name);
/// Of a function's op; "" for operators.
[[nodiscard]] std::string_view function_name(Op op);

/// What to write for a name that other languages use: `log(x)` for ln. Empty when nothing is known.
[[nodiscard]] std::string_view alias_hint(std::string_view name);

}  // namespace descent::expr

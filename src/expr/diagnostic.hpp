// Refusing a formula: what is wrong, where, and the line with a caret under it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace descent::expr {

/// Throws Error(formula) for the byte `at` of `text` (text.size() = its end):
///
///     formula, column 3: unknown function 'sinn' (did you mean 'sin'?)
///       1+sinn(x)
///         ^
///
/// Columns count code points; a formula of several lines gives `formula:LINE:COLUMN`. Long lines are cut around the
/// place.
[[noreturn]] void refuse(std::string_view text, std::size_t at, const std::string& message);

}  // namespace descent::expr

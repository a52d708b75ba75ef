// One form for formulas whose numbers do not fit together.
#pragma once

#include <string_view>

#include "descent/expr/formula.hpp"

namespace descent::expr {

/// Text to formula, once. `variables` get the first indices, whether the text names them or not.
[[nodiscard]] Formula parse_once(std::string_view text, const ParseOptions& options,
                                 const std::vector<std::string>& variables);

/// A slope of function_list.hpp: the order of jn and polygamma is a name there.
[[nodiscard]] Formula parse_slope(std::string_view text);

/// 1e300*1e300*x cannot become one number, and which of several such numbers are combined depends on the order in which
/// they come. So a formula with numbers left over (Graph::numbers_left) is printed and read until that changes nothing.
/// Formulas too long or too deep to be read back stay as they are.
[[nodiscard]] Formula settle(Formula formula);

}  // namespace descent::expr

// The text of a curve, read against the columns of a table: `y = a*exp(-b*x) + c`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "descent/expr/formula.hpp"

namespace descent::curve {

/// y = f(x; p): a response on the left, on the right a formula of columns and parameters.
struct Curve {
  std::string text;                           ///< as typed
  std::string response_text;                  ///< the left side, as typed: `y`, or `log(y)`
  std::string formula_text;                   ///< the right side, as typed
  expr::Formula response;                     ///< one value a row, of columns alone
  expr::Formula formula;                      ///< one value a row
  std::vector<std::string> parameters;        ///< the names on the right that are no columns, in order of appearance
  std::vector<std::string> inputs;            ///< the columns on the right
  std::vector<std::string> response_columns;  ///< the columns on the left

  /// The left side is one column and nothing else.
  [[nodiscard]] bool plain_response() const {
    return response_columns.size() == 1 && response_text == response_columns[0];
  }
};

/// True for `y = f`: a sign of equality that is no part of ==, <=, >= or !=.
[[nodiscard]] bool is_curve(std::string_view text);

/// `text` is `RESPONSE = FORMULA`, or FORMULA alone where `target` names the response's column.
/// Throws: Error(formula) with column and caret; for a left side with parameters, or a right side without.
[[nodiscard]] Curve parse_curve(std::string_view text, const std::vector<std::string>& columns,
                                std::string_view target = {});

}  // namespace descent::curve

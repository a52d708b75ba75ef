// The text of a curve, read against the columns of a table: `y = a*exp(-b*x) + c`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "descent/expr/formula.hpp"

namespace descent::curve {

/// A call of sum or mean, as typed, and what it is over some rows.
struct ColumnSum {
  std::string text;
  double value = 0.0;
};

/// y = f(x; p): a response on the left, on the right a formula of columns and parameters.
struct Curve {
  std::string text;                           ///< as typed
  std::string response_text;                  ///< the left side, as typed: `y`, or `log(y)`
  std::string formula_text;                   ///< the right side, as typed
  expr::Formula response;                     ///< one value a row, of columns alone
  expr::Formula formula;                      ///< one value a row
  std::vector<std::string> parameters;        ///< the names on the right that are no columns, in order of appearance
  std::vector<std::string> inputs;            ///< the columns on the right, outside of sums
  std::vector<std::string> response_columns;  ///< the columns on the left, outside of sums
  std::vector<std::string> sum_columns;       ///< the columns in sums; none once settle_sums() has put numbers there
  std::vector<ColumnSum> sums;                ///< what settle_sums() put numbers in place of

  /// The left side is one column and nothing else.
  [[nodiscard]] bool plain_response() const {
    return response_columns.size() == 1 && response_text == response_columns[0];
  }
};

/// True for `y = f`: a sign of equality that is no part of ==, <=, >= or !=.
[[nodiscard]] bool is_curve(std::string_view text);

/// `text` is `RESPONSE = FORMULA`, or FORMULA alone where `target` names the response's column.
/// sum(...) and mean(...) of columns alone may stand anywhere: over the rows that are fitted they are numbers.
/// Throws: Error(formula) with column and caret; for a left side with parameters, a right side without, or a sum with.
[[nodiscard]] Curve parse_curve(std::string_view text, const std::vector<std::string>& columns,
                                std::string_view target = {});

}  // namespace descent::curve

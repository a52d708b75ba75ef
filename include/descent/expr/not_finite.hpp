// Which part of a formula is to blame for a value that is not finite.
#pragma once

#include <optional>
#include <string>

#include "descent/core/span.hpp"
#include "descent/expr/formula.hpp"

namespace descent::expr {

struct NotFinitePart {
  std::string text;    ///< `log(x - 1)`
  double value = 0.0;  ///< NaN or infinite
};

/// The innermost part that is not finite although everything it is made of is, on the way that was taken: of a where,
/// the branch. Nothing if the formula is finite at `x` and `row`, which has a number for each of formula.columns().
/// Throws: Error(usage) if the formula contains sum(...) or mean(...).
[[nodiscard]] std::optional<NotFinitePart> find_not_finite(const Formula& formula, View x, View row);

}  // namespace descent::expr

// Classes that a linear model can tell apart without error: log loss without a penalty has no minimum then.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "descent/core/span.hpp"
#include "descent/linear/dense_rows.hpp"
#include "descent/linear/fit_report.hpp"
#include "descent/linear/scaling.hpp"

namespace descent::linear {

/// The smallest distance between a row's score for its class and for any other, if all are > 0. targets: signs for one
/// output, codes for several. Rows of weight 0 do not count; empty weights: all count.
[[nodiscard]] std::optional<double> smallest_margin(View scores, std::size_t outputs, View targets, View weights);

/// Columns of which one side of some value holds rows of one class alone, or of all others alone, ties at the value
/// allowed: the direction along that column never raises the loss of any row and lowers that of some, for ever, so the
/// coefficient grows without end. One pass over the rows; combinations of columns are not looked for.
/// `codes`: the class of each row. `intercept`: whether the value may be any; without one it is 0.
/// Reference: A. Albert, J. A. Anderson, "On the existence of maximum likelihood estimates in logistic regression
/// models", Biometrika 71(1), 1984 (complete and quasi-complete separation).
[[nodiscard]] std::vector<SeparatingColumn> separating_columns(const DenseRows& rows, View codes,
                                                               std::size_t num_classes, bool intercept);

/// Their edges, from what was scaled inside to the data's own units.
void to_data_units(const Scaling& scaling, std::vector<SeparatingColumn>& columns);

}  // namespace descent::linear

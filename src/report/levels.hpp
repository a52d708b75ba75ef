// Which values get a level line, and where a value stands among them.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "descent/core/span.hpp"
#include "descent/report/figure.hpp"

namespace descent::report {

struct Levels {
  std::vector<double> values;  ///< ascending; at least two
  std::optional<double> base;  ///< set: evenly spaced in log10(value - base)
};

/// About `count` levels for the values `z` of a grid; `seen` holds every value known, the path's among them.
/// Evenly spaced round numbers, or evenly spaced logarithms when half of z lies in the lowest tenth of its range.
[[nodiscard]] Levels choose_levels(View z, View seen, std::size_t count);

/// `value` on the scale on which the levels of `figure` are evenly spaced; NaN for no value.
[[nodiscard]] double on_level_scale(const ContourFigure& figure, double value);

}  // namespace descent::report

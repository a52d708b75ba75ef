// Is a gradient that somebody wrote right where a run begins?
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "descent/core/span.hpp"
#include "src/optim/region.hpp"

namespace descent {

struct Point;

struct WrongSlope {
  std::size_t coordinate = 0;
  double given = 0.0, found = 0.0;
};

/// The coordinate whose slope at `start` differs most from central differences of four lengths, by more than a
/// hundredth and more than rounding at each of them; nothing if the slope along one direction fits. No verdict on kinks
/// (where differences to both sides differ), beside values that are not finite, on coordinates at a bound, within other
/// sets, and beyond the first 1,000 coordinates.
[[nodiscard]] std::optional<WrongSlope> wrong_slope(const std::function<double(View)>& value, const Point& start,
                                                    const std::vector<Bound>& bounds, bool in_a_set);

}  // namespace descent

// The figure of a learning-rate range test.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "descent/core/span.hpp"
#include "descent/report/figure.hpp"

namespace descent::report {

/// A rate worth a line across the picture.
struct RateMark {
  std::string name;
  double rate = 0.0;
};

struct RateCurveInput {
  View rates{};     ///< rising, > 0. // shape = [n]
  View losses{};    ///< after the update with each rate. // shape = [n]
  View smoothed{};  ///< their running mean; empty, or equal to the losses: there is none. // shape = [n]
  double start_loss = 0.0;
  std::optional<double> suggestion{};
  std::vector<RateMark> marks{};  ///< others
  std::string loss_name = "loss";
};

/// Loss against rate on a logarithmic axis, raw and smoothed, with a line at the suggestion and dashed ones at the
/// marks, which the legend names from left to right. The picture ends where the loss is as far above the start as it
/// fell below: what comes then is beyond any scale, and the caption says at which rate. Throws: Error(usage) when the
/// lengths differ or there is nothing to draw.
[[nodiscard]] Figure rate_curve(const RateCurveInput& input);

}  // namespace descent::report

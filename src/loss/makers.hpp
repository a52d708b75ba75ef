// The one list of losses is in loss.cpp; each maker and its Entry lie beside the formulas.
#pragma once

#include "descent/loss/loss.hpp"

namespace descent::loss {

void add_regression_losses(Registry<LossMaker>& registry);
void add_classification_losses(Registry<LossMaker>& registry);

/// A loss that is one formula. `Formula::at(s, y, curvature)` gives value, slope and, when asked, curvature.
struct Point {
  double value, slope, curvature;
};

/// Runs `formula(s, y) -> Point` over the spans; the compiler drops what is not stored.
template <class Formula>
void evaluate_formula(View scores, View targets, MutableView values, MutableView slopes, Formula formula) {
  if (slopes.empty()) {
    for (std::size_t i = 0; i < scores.size(); ++i) values[i] = formula(scores[i], targets[i]).value;
    return;
  }
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const Point point = formula(scores[i], targets[i]);
    values[i] = point.value;
    slopes[i] = point.slope;
  }
}

template <class Formula>
void curvature_formula(View scores, View targets, MutableView out, Formula formula) {
  for (std::size_t i = 0; i < scores.size(); ++i) out[i] = formula(scores[i], targets[i]).curvature;
}

}  // namespace descent::loss

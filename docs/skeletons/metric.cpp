// A metric. Three places, named below; `descent list metrics`, describe, evaluate and their tests follow from the
// entry.
#include <cmath>

#include "descent/metrics/registry.hpp"

namespace descent::metrics {

// 1. include/descent/metrics/regression.hpp: a plain function of spans.

/// Largest absolute error: max_i |t_i - p_i|; what a guarantee would have to hold.
/// Rows of weight 0 do not count. Differs: from scikit-learn's max_error by taking weights.
[[nodiscard]] double max_error(View truth, View prediction, View weights = {});

// 2. src/metrics/regression.cpp

double max_error(View truth, View prediction, View weights) {
  double largest = 0.0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const double error = std::fabs(truth[i] - prediction[i]);
    if (!weights.empty() && weights[i] == 0.0) continue;
    if (!(error <= largest)) largest = error;  // NaN is carried through
  }
  return largest;
}

// 3. src/metrics/registry.cpp, one entry in make_registry()

void add_max_error(Registry<Metric>& r);
void add_max_error(Registry<Metric>& r) {
  r.add({.name = "max_error",
         .kind = "metric",
         .summary = "largest absolute error; lower is better",
         .formula = "max_i |t_i - p_i|",
         .example = "max_error"},
        {Needs::values, false,
         [](const Predictions& p, const BoundArguments&) { return max_error(p.truth, p.values, p.weights); }});
}

}  // namespace descent::metrics

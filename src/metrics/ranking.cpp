#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "descent/metrics/classification.hpp"
#include "src/metrics/rows.hpp"

namespace descent::metrics {
namespace {

/// Area for `positive(i)` against the rest, by score(i).
template <class Positive, class Score>
double area(std::size_t rows, View weights, Positive positive, Score score) {
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  std::vector<std::size_t> order(rows);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = 0; i < rows; ++i)
    if (std::isnan(score(i))) return kNaN;
  // Rows of equal score are added in the order of the rows: one result for one input.
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return score(a) < score(b); });

  double negatives = 0.0;  // weight of class 0 below the current score
  double positives = 0.0;
  double pairs = 0.0;  // weight of the pairs in the right order
  for (std::size_t first = 0; first < rows;) {
    double tied_positive = 0.0;
    double tied_negative = 0.0;
    std::size_t i = first;
    for (; i < rows && score(order[i]) == score(order[first]); ++i)
      (positive(order[i]) ? tied_positive : tied_negative) += weight_at(weights, order[i]);
    pairs += tied_positive * (negatives + 0.5 * tied_negative);
    negatives += tied_negative;
    positives += tied_positive;
    first = i;
  }
  if (positives == 0.0 || negatives == 0.0) return kNaN;
  return pairs / (positives * negatives);
}

}  // namespace

double roc_auc(View truth, View scores, View weights) {
  constexpr const char* kName = "roc_auc";
  check_rows(truth, scores, 1, weights, kName);
  for (std::size_t i = 0; i < truth.size(); ++i) static_cast<void>(class_code(truth, i, 2, kName));
  return area(
      truth.size(), weights, [&](std::size_t i) { return truth[i] == 1.0; }, [&](std::size_t i) { return scores[i]; });
}

double roc_auc_one_vs_rest(View truth, View scores, std::size_t num_classes, View weights) {
  constexpr const char* kName = "roc_auc";
  check_rows(truth, scores, num_classes, weights, kName);
  for (std::size_t i = 0; i < truth.size(); ++i) static_cast<void>(class_code(truth, i, num_classes, kName));
  double sum = 0.0;
  for (std::size_t c = 0; c < num_classes; ++c)
    sum += area(
        truth.size(), weights, [&](std::size_t i) { return truth[i] == static_cast<double>(c); },
        [&](std::size_t i) { return scores[i * num_classes + c]; });
  return sum / static_cast<double>(num_classes);
}

}  // namespace descent::metrics

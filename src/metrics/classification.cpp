#include "descent/metrics/classification.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "descent/core/elementary.hpp"
#include "src/metrics/rows.hpp"

namespace descent::metrics {
namespace {

double quotient(double a, double b) { return b == 0.0 ? 0.0 : a / b; }

Scores scores_of(double true_positive, double labelled, double support) {
  return {.precision = quotient(true_positive, labelled),
          .recall = quotient(true_positive, support),
          .f1 = quotient(2.0 * true_positive, labelled + support),
          .support = support};
}

}  // namespace

double accuracy(View truth, View labels, View weights) {
  const double total = check_rows(truth, labels, 1, weights, "accuracy");
  return lane_sum(truth.size(), [&](std::size_t i) { return truth[i] == labels[i] ? weight_at(weights, i) : 0.0; }) /
         total;
}

ConfusionMatrix confusion_matrix(View truth, View labels, std::size_t num_classes, View weights) {
  constexpr const char* kName = "confusion_matrix";
  check_rows(truth, labels, 1, weights, kName);
  ConfusionMatrix result{num_classes, std::vector<double>(num_classes * num_classes)};
  for (std::size_t i = 0; i < truth.size(); ++i)
    result.weight[class_code(truth, i, num_classes, kName) * num_classes + class_code(labels, i, num_classes, kName)] +=
        weight_at(weights, i);
  return result;
}

std::vector<Scores> scores_by_class(const ConfusionMatrix& confusion) {
  std::vector<Scores> result;
  for (std::size_t c = 0; c < confusion.num_classes; ++c) {
    double support = 0.0;
    double labelled = 0.0;
    for (std::size_t other = 0; other < confusion.num_classes; ++other) {
      support += confusion(c, other);
      labelled += confusion(other, c);
    }
    result.push_back(scores_of(confusion(c, c), labelled, support));
  }
  return result;
}

Scores average_scores(const ConfusionMatrix& confusion, Average average) {
  const std::vector<Scores> classes = scores_by_class(confusion);
  Scores sum;
  double hits = 0.0;
  double divisor = 0.0;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const double w = average == Average::macro ? 1.0 : classes[c].support;
    divisor += w;
    hits += confusion(c, c);
    sum.precision += w * classes[c].precision;
    sum.recall += w * classes[c].recall;
    sum.f1 += w * classes[c].f1;
    sum.support += classes[c].support;
  }
  if (average == Average::micro) return scores_of(hits, sum.support, sum.support);
  return {.precision = quotient(sum.precision, divisor),
          .recall = quotient(sum.recall, divisor),
          .f1 = quotient(sum.f1, divisor),
          .support = sum.support};
}

double log_loss(View truth, View probabilities, std::size_t num_classes, View weights) {
  constexpr const char* kName = "log_loss";
  const double total = check_rows(truth, probabilities, num_classes, weights, kName);
  constexpr double kEps = std::numeric_limits<double>::epsilon();
  return lane_sum(truth.size(),
                  [&](std::size_t i) {
                    const View row = probabilities.subspan(i * num_classes, num_classes);
                    double sum = 0.0;
                    for (const double p : row) sum += std::clamp(p, kEps, 1.0 - kEps);
                    const double p = std::clamp(row[class_code(truth, i, num_classes, kName)], kEps, 1.0 - kEps);
                    // A row of weight 0 is left out: 0 * NaN would not be.
                    const double w = weight_at(weights, i);
                    return w == 0.0 ? 0.0 : w * -math::log(p / sum);
                  }) /
         total;
}

}  // namespace descent::metrics

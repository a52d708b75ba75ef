// Metrics by name: `rmse`, `f1(average=micro)`.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "descent/core/estimator.hpp"
#include "descent/core/param_table.hpp"
#include "descent/core/registry.hpp"
#include "descent/core/span.hpp"

namespace descent::metrics {

/// What is known about the rows of a data set and what a model said about them; leave empty what there is none of.
struct Predictions {
  View truth;                   ///< numbers, or class codes 0..num_classes-1
  View values;                  ///< predicted numbers (regression)
  View labels;                  ///< predicted class codes
  View scores;                  ///< decision function; shape = [rows] for two classes, else [rows x num_classes]
  View probabilities;           ///< shape = [rows x num_classes]
  std::size_t num_classes = 0;  ///< 0 for regression
  View weights;                 ///< sample weights; empty = 1 each
};

enum class Needs { values, labels, scores, probabilities };

struct Metric {
  Needs needs = Needs::values;
  bool higher_is_better = false;
  double (*compute)(const Predictions&, const BoundArguments&) = nullptr;
};

[[nodiscard]] const Registry<Metric>& metric_registry();

/// True if `predictions` holds what the metric needs.
[[nodiscard]] bool applies(const Metric& metric, const Predictions& predictions);

/// The metric written as `text`. Throws: Error(usage) when it is unknown, wrongly called, or needs what is not there.
[[nodiscard]] double evaluate(std::string_view text, const Predictions& predictions);

/// What is reported when nobody says what: mse rmse mae r2; accuracy log_loss precision recall f1 roc_auc.
[[nodiscard]] const std::vector<std::string>& default_metrics(Task task);

}  // namespace descent::metrics

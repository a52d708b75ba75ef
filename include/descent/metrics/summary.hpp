// What is said about a model on some rows: the usual metrics, class by class where there are classes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "descent/core/estimator.hpp"
#include "descent/core/span.hpp"

namespace descent::metrics {

struct NamedValue {
  std::string name;
  double value = 0.0;
};

/// A class against the rest.
struct ClassScores {
  std::string name;
  double precision = 0.0, recall = 0.0, f1 = 0.0;
  double support = 0.0;  ///< weight of its rows
};

/// How well a model does on some rows.
struct Evaluated {
  std::vector<NamedValue> values;  ///< mse rmse mae r2, or accuracy log_loss precision_macro ... roc_auc, in this order
  std::vector<ClassScores> classes;  ///< classification only
  std::vector<double> confusion;     ///< weights, [true x predicted], row-major; classification only
  [[nodiscard]] std::optional<double> find(std::string_view name) const;
};

struct Scored {
  Task task = Task::regression;
  const std::vector<std::string>& classes;  ///< sorted; empty for regression
  View truth;                               ///< numbers, or codes of `classes`
  View scores;         ///< of Estimator::decision_function: the larger decides, of one the sign (above 0: class 1)
  View probabilities;  ///< shape = [rows x classes]; empty when the model has none
  View weights;        ///< empty = 1 each
};

[[nodiscard]] Evaluated summarize(const Scored& scored);

}  // namespace descent::metrics

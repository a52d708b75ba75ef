// How good a way of learning is on rows it has not seen.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "descent/core/batch_source.hpp"
#include "descent/core/estimator.hpp"
#include "descent/core/result.hpp"
#include "descent/select/split.hpp"

namespace descent::select {

struct MetricValue {
  std::string name;  ///< as it was asked for: `f1(average=micro)`
  double value = 0.0;
};

/// The metrics of `estimator` on the rows of `source` (rewound first): encoded rows, as it was fitted on, with a target
/// column and perhaps a weight column. Without names: the task's default metrics, less those that need probabilities
/// when the model has none. Throws: Error(usage) when there is no target or the features do not fit the model;
/// Error(data) when there are no rows.
[[nodiscard]] std::vector<MetricValue> score(const Estimator& estimator, BatchSource& source,
                                             const std::vector<std::string>& metrics = {});

struct CrossValidation {
  struct Fold {
    Result result;                     ///< of the fit on the other folds
    std::vector<MetricValue> metrics;  ///< on the rows held back
  };
  struct Summary {
    std::string name;
    double mean = 0.0;
    double standard_deviation = 0.0;  ///< between the folds, divisor k - 1; NaN for one fold
  };
  std::vector<Fold> folds;
  std::vector<Summary> summary;  ///< one for each metric
};

/// Makes a fresh estimator, fits it on each split's train rows and scores it on its test rows. Rows are read from
/// `source` again for every pass of every fold: it should lie in memory. The test rows are not shown to the fit.
/// Throws: whatever fitting and scoring throw; Error(usage) when there are no splits.
[[nodiscard]] CrossValidation cross_validate(const std::function<std::unique_ptr<Estimator>()>& make_estimator,
                                             BatchSource& source, const std::vector<Split>& splits,
                                             const std::vector<std::string>& metrics = {});

}  // namespace descent::select

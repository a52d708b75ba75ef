// A model that learns from rows and predicts for rows; what cross-validation and model files see of a learner.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "descent/core/archive.hpp"
#include "descent/core/batch_source.hpp"
#include "descent/core/result.hpp"
#include "descent/core/span.hpp"
#include "descent/core/trace.hpp"

namespace descent {

enum class Task { regression, binary, multiclass };

[[nodiscard]] const char* to_text(Task task);

/// Rows come encoded: features are number columns in a fixed order, a class target holds codes into its levels.
class Estimator {
 public:
  Estimator() = default;
  Estimator(const Estimator&) = delete;
  Estimator& operator=(const Estimator&) = delete;
  virtual ~Estimator() = default;

  /// Learns from `train`; `validation` may be null. Options were given when the estimator was made.
  virtual Result fit(BatchSource& train, BatchSource* validation) = 0;

  [[nodiscard]] virtual Task task() const = 0;
  /// Sorted; empty for regression. The larger of two is the positive one.
  [[nodiscard]] virtual const std::vector<std::string>& classes() const = 0;

  /// Scores: one column for regression and binary (the margin), one for each class otherwise.
  /// `features`: shape = [rows x num_features]; `scores`: shape = [rows x num_scores].
  virtual void decision_function(MatrixView features, MutableView scores) const = 0;
  [[nodiscard]] virtual std::size_t num_features() const = 0;
  [[nodiscard]] virtual std::size_t num_scores() const = 0;

  /// Probabilities of the classes, shape = [rows x classes]; false when this model has none (hinge).
  virtual bool probabilities(MatrixView features, MutableView out) const = 0;

  virtual void save(ArchiveWriter& archive) const = 0;
};

}  // namespace descent

#include "descent/select/cross_validate.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "descent/core/error.hpp"
#include "descent/metrics/registry.hpp"
#include "descent/select/row_subset.hpp"

namespace descent::select {
namespace {

/// What a model says of rows, gathered.
struct Gathered {
  std::vector<double> truth, weights, scores, probabilities, labels;
};

class Scorer {
 public:
  Scorer(const Estimator& estimator, const BatchSource& source) : estimator_(estimator) {
    const Schema& schema = source.schema();
    features_ = schema.with_role(ColumnRole::feature);
    weights_ = schema.with_role(ColumnRole::weight);
    const std::vector<std::size_t> targets = schema.with_role(ColumnRole::target);
    if (targets.size() != 1)
      throw Error(ErrorCode::usage, "needs one target column, got " + std::to_string(targets.size()), source.name());
    target_ = targets[0];
    if (schema.num_sparse > 0)
      throw Error(ErrorCode::usage, "scoring takes dense rows, these are sparse", source.name());
    if (features_.size() != estimator.num_features())
      throw Error(ErrorCode::usage,
                  "the model has " + std::to_string(estimator.num_features()) + " features, the rows have " +
                      std::to_string(features_.size()),
                  source.name());
    for (const std::size_t c : features_)
      if (schema.columns[c].kind != ColumnKind::number)
        throw Error(ErrorCode::usage, "features must be encoded as numbers, this one is text",
                    Place{.file = source.name(), .name = schema.columns[c].name});
  }

  void add(const Batch& batch) {
    const std::size_t n = batch.num_rows;
    rows_.resize(n * features_.size());
    for (std::size_t j = 0; j < features_.size(); ++j)
      for (std::size_t i = 0; i < n; ++i) rows_[i * features_.size() + j] = batch.columns[features_[j]].numbers[i];
    const MatrixView features{rows_.data(), n, features_.size(), features_.size()};

    append(gathered_.truth, batch.columns[target_].numbers);
    if (!weights_.empty()) append(gathered_.weights, batch.columns[weights_[0]].numbers);
    block_.resize(n * estimator_.num_scores());
    estimator_.decision_function(features, block_);
    append(gathered_.scores, block_);
    if (estimator_.task() == Task::regression) return;
    block_.resize(n * estimator_.classes().size());
    if (estimator_.probabilities(features, block_)) append(gathered_.probabilities, block_);
  }

  [[nodiscard]] metrics::Predictions predictions() {
    metrics::Predictions p{.truth = gathered_.truth, .weights = gathered_.weights};
    if (estimator_.task() == Task::regression) {
      p.values = gathered_.scores;
      return p;
    }
    gathered_.labels.clear();
    const std::size_t k = estimator_.num_scores();
    for (std::size_t i = 0; i < gathered_.truth.size(); ++i) {
      const auto row = gathered_.scores.begin() + static_cast<std::ptrdiff_t>(i * k);
      gathered_.labels.push_back(
          k == 1 ? (*row > 0.0 ? 1.0 : 0.0)
                 : static_cast<double>(std::max_element(row, row + static_cast<std::ptrdiff_t>(k)) - row));
    }
    p.labels = gathered_.labels;
    p.scores = gathered_.scores;
    p.probabilities = gathered_.probabilities;
    p.num_classes = estimator_.classes().size();
    return p;
  }

 private:
  static void append(std::vector<double>& to, const std::vector<double>& from) {
    to.insert(to.end(), from.begin(), from.end());
  }

  const Estimator& estimator_;
  std::vector<std::size_t> features_, weights_;
  std::size_t target_ = 0;
  std::vector<double> rows_, block_;
  Gathered gathered_;
};

CrossValidation::Summary summary_of(const std::vector<CrossValidation::Fold>& folds, std::size_t metric) {
  const auto k = static_cast<double>(folds.size());
  double mean = 0.0;
  for (const auto& fold : folds) mean += fold.metrics[metric].value;
  mean /= k;
  double squares = 0.0;
  for (const auto& fold : folds) squares += (fold.metrics[metric].value - mean) * (fold.metrics[metric].value - mean);
  return {folds[0].metrics[metric].name, mean,
          folds.size() > 1 ? std::sqrt(squares / (k - 1.0)) : std::numeric_limits<double>::quiet_NaN()};
}

}  // namespace

std::vector<MetricValue> score(const Estimator& estimator, BatchSource& source,
                               const std::vector<std::string>& metrics) {
  Scorer scorer(estimator, source);
  source.rewind();
  for (Batch batch; source.next(batch);) scorer.add(batch);
  const metrics::Predictions predictions = scorer.predictions();
  if (predictions.truth.empty()) throw Error(ErrorCode::data, "there are no rows to judge", source.name());

  std::vector<MetricValue> values;
  for (const std::string& name : metrics.empty() ? metrics::default_metrics(estimator.task()) : metrics) {
    if (metrics.empty() && !metrics::applies(metrics::metric_registry().at(name).item, predictions)) continue;
    values.push_back({name, metrics::evaluate(name, predictions)});
  }
  return values;
}

CrossValidation cross_validate(const std::function<std::unique_ptr<Estimator>()>& make_estimator, BatchSource& source,
                               const std::vector<Split>& splits, const std::vector<std::string>& metrics) {
  if (splits.empty()) throw Error(ErrorCode::usage, "needs at least one split, got 0", "cross_validate");
  CrossValidation result;
  for (const Split& split : splits) {
    const std::unique_ptr<Estimator> estimator = make_estimator();
    RowSubset train(source, split.train, "train");
    train.rewind();
    Result fitted = estimator->fit(train, nullptr);
    RowSubset test(source, split.test, "test");
    result.folds.push_back({std::move(fitted), score(*estimator, test, metrics)});
  }
  for (std::size_t m = 0; m < result.folds[0].metrics.size(); ++m)
    result.summary.push_back(summary_of(result.folds, m));
  return result;
}

}  // namespace descent::select

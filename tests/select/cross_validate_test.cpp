#include "descent/select/cross_validate.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "descent/core/error.hpp"
#include "select/table.hpp"

namespace descent::select {
namespace {

/// Predicts c x, with c the mean of y / x over the rows it was fitted on; a class is 1 where c x > 0.
class Ratio final : public Estimator {
 public:
  explicit Ratio(Task task, bool has_probabilities = true) : task_(task), has_probabilities_(has_probabilities) {}
  Result fit(BatchSource& train, BatchSource*) override {
    double sum = 0;
    double n = 0;
    for (Batch batch; train.next(batch);)
      for (std::size_t i = 0; i < batch.num_rows; ++i) {
        sum += batch.columns[2].numbers[i] / batch.columns[0].numbers[i];
        ++n;
      }
    ratio_ = task_ == Task::regression ? sum / n : 1.0;
    Result result;
    result.epochs = 1;
    result.steps = static_cast<std::uint64_t>(n);
    return result;
  }
  [[nodiscard]] Task task() const override { return task_; }
  [[nodiscard]] const std::vector<std::string>& classes() const override { return classes_; }
  void decision_function(MatrixView features, MutableView scores) const override {
    for (std::size_t i = 0; i < features.rows; ++i) scores[i] = ratio_ * features(i, 0);
  }
  [[nodiscard]] std::size_t num_features() const override { return 1; }
  [[nodiscard]] std::size_t num_scores() const override { return 1; }
  bool probabilities(MatrixView features, MutableView out) const override {
    for (std::size_t i = 0; i < features.rows; ++i) {
      out[2 * i + 1] = features(i, 0) > 0 ? 0.9 : 0.1;
      out[2 * i] = 1 - out[2 * i + 1];
    }
    return has_probabilities_;
  }
  void save(ArchiveWriter&) const override {}

 private:
  Task task_;
  bool has_probabilities_;
  std::vector<std::string> classes_{"no", "yes"};
  double ratio_ = 0;
};

TEST(CrossValidate, FitsOnTheOthersAndScoresTheRowsHeldBack) {
  // y / x is 1 for rows 0-2 and 4 for rows 3-5.
  Table table({1, 2, 4, 1, 2, 4}, {1, 2, 4, 4, 8, 16}, 4);
  const std::vector<Split> splits{{{3, 4, 5}, {0, 1, 2}}, {{0, 1, 2}, {3, 4, 5}}};
  const CrossValidation result =
      cross_validate([] { return std::make_unique<Ratio>(Task::regression); }, table, splits, {"mae", "rmse"});
  ASSERT_EQ(result.folds.size(), 2U);
  EXPECT_EQ(result.folds[0].result.steps, 3U);
  EXPECT_EQ(result.folds[0].metrics[0].name, "mae");
  EXPECT_DOUBLE_EQ(result.folds[0].metrics[0].value, 7.0);  // predicts 4x for x: errors 3, 6, 12
  EXPECT_DOUBLE_EQ(result.folds[1].metrics[0].value, 7.0);
  EXPECT_DOUBLE_EQ(result.folds[1].metrics[1].value, std::sqrt((9.0 + 36.0 + 144.0) / 3));
  ASSERT_EQ(result.summary.size(), 2U);
  EXPECT_EQ(result.summary[0].name, "mae");
  EXPECT_DOUBLE_EQ(result.summary[0].mean, 7.0);
  EXPECT_EQ(result.summary[0].standard_deviation, 0.0);
}

TEST(CrossValidate, TheDeviationIsBetweenFolds) {
  Table table({1, 1, 1, 1}, {0, 0, 1, 3}, 4);
  const std::vector<Split> splits{{{0, 1}, {2}}, {{0, 1}, {3}}};
  const CrossValidation result =
      cross_validate([] { return std::make_unique<Ratio>(Task::regression); }, table, splits, {"mae"});
  EXPECT_DOUBLE_EQ(result.summary[0].mean, 2.0);
  EXPECT_DOUBLE_EQ(result.summary[0].standard_deviation, std::sqrt(2.0));
  EXPECT_TRUE(
      std::isnan(cross_validate([] { return std::make_unique<Ratio>(Task::regression); }, table, {splits[0]}, {"mae"})
                     .summary[0]
                     .standard_deviation));
}

TEST(Score, GivesTheDefaultMetricsOfAClassifier) {
  Table table({-1, -2, 1, 3}, {0, 1, 1, 1}, 3, {"no", "yes"});
  const std::vector<MetricValue> values = score(Ratio(Task::binary), table);
  ASSERT_EQ(values.size(), 6U);
  EXPECT_EQ(values[0].name, "accuracy");
  Ratio fitted(Task::binary);
  fitted.fit(table, nullptr);
  EXPECT_EQ(score(fitted, table, {"accuracy"})[0].value, 0.75);
  EXPECT_EQ(score(fitted, table, {"recall"})[0].value, 2.0 / 3);
  EXPECT_NEAR(score(fitted, table, {"log_loss"})[0].value, -(3 * std::log(0.9) + std::log(0.1)) / 4, 1e-15);
}

TEST(Score, LeavesOutWhatNeedsProbabilitiesWhenThereAreNone) {
  Table table({-1, -2, 1, 3}, {0, 1, 1, 1}, 3, {"no", "yes"});
  for (const MetricValue& value : score(Ratio(Task::binary, false), table)) EXPECT_NE(value.name, "log_loss");
  EXPECT_THROW(static_cast<void>(score(Ratio(Task::binary, false), table, {"log_loss"})), Error);
}

TEST(CrossValidate, RefusesNothingToDo) {
  Table table({1, 2}, {1, 2}, 2);
  EXPECT_THROW(static_cast<void>(cross_validate([] { return std::make_unique<Ratio>(Task::regression); }, table, {})),
               Error);
  Table empty({}, {}, 2);
  EXPECT_THROW(static_cast<void>(score(Ratio(Task::regression), empty)), Error);
}

}  // namespace
}  // namespace descent::select

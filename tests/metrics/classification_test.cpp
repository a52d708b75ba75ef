#include "descent/metrics/classification.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "descent/core/error.hpp"
#include "metrics/golden.hpp"

namespace descent::metrics {
namespace {

using Values = std::vector<double>;

void expect_relative(double got, double want) { EXPECT_NEAR(got, want, 1e-12 * std::fabs(want)); }

void expect_scores(const Scores& got, const Values& want, std::size_t column, std::size_t columns) {
  expect_relative(got.precision, want.at(column));
  expect_relative(got.recall, want.at(columns + column));
  expect_relative(got.f1, want.at(2 * columns + column));
}

TEST(ClassificationMetrics, AgreeWithScikitLearn) {
  auto cases = golden_cases();
  for (const char* name : {"binary", "binary weighted", "three classes", "four classes weighted"}) {
    SCOPED_TRACE(name);
    ASSERT_TRUE(cases.contains(name));
    GoldenCase& c = cases[name];
    const auto k = static_cast<std::size_t>(c["classes"].at(0));
    expect_relative(accuracy(c["truth"], c["labels"], c["weights"]), c["accuracy"].at(0));
    expect_relative(log_loss(c["truth"], c["probabilities"], k, c["weights"]), c["log_loss"].at(0));

    const ConfusionMatrix confusion = confusion_matrix(c["truth"], c["labels"], k, c["weights"]);
    EXPECT_EQ(confusion.weight, c["confusion"]);
    const std::vector<Scores> by_class = scores_by_class(confusion);
    ASSERT_EQ(by_class.size(), k);
    for (std::size_t j = 0; j < k; ++j) expect_scores(by_class[j], c["by_class"], j, k);
    expect_scores(average_scores(confusion, Average::macro), c["macro"], 0, 1);
    expect_scores(average_scores(confusion, Average::micro), c["micro"], 0, 1);
    expect_scores(average_scores(confusion, Average::weighted), c["weighted"], 0, 1);

    Values rounded = c["probabilities"];
    for (double& p : rounded) p = std::round(p * 100) / 100;
    expect_relative(roc_auc_one_vs_rest(c["truth"], rounded, k, c["weights"]), c["roc_auc"].at(0));
    if (k == 2) {
      Values second;
      for (std::size_t i = 1; i < rounded.size(); i += 2) second.push_back(rounded[i]);
      expect_relative(roc_auc(c["truth"], second, c["weights"]), c["roc_auc"].at(0));
    }
  }
}

TEST(ClassificationMetrics, AQuotientOfZerosIsZero) {
  // Class 2 is never predicted and class 0 never true.
  const ConfusionMatrix confusion = confusion_matrix(Values{1, 2, 1}, Values{0, 1, 1}, 3);
  const std::vector<Scores> scores = scores_by_class(confusion);
  EXPECT_EQ(scores[2].precision, 0.0);
  EXPECT_EQ(scores[0].recall, 0.0);
  EXPECT_EQ(scores[0].f1, 0.0);
  EXPECT_EQ(average_scores(confusion, Average::macro).recall, 0.5 / 3);
}

TEST(ClassificationMetrics, ACertainWrongProbabilityCostsMinusLogEps) {
  const double eps = std::numeric_limits<double>::epsilon();
  EXPECT_NEAR(log_loss(Values{0}, Values{0, 1}, 2), -std::log(eps), 1e-13);
  EXPECT_NEAR(log_loss(Values{1}, Values{0, 1}, 2), eps, 1e-18);
  EXPECT_TRUE(std::isnan(log_loss(Values{0}, Values{std::nan(""), 1}, 2)));
}

TEST(RocAuc, CountsPairsWithTiesAsOneHalf) {
  EXPECT_EQ(roc_auc(Values{0, 0, 1, 1}, Values{0.1, 0.4, 0.35, 0.8}), 0.75);
  EXPECT_EQ(roc_auc(Values{0, 1}, Values{0.5, 0.5}), 0.5);
  EXPECT_EQ(roc_auc(Values{0, 1, 1}, Values{1, 0, 2}, Values{1, 1, 3}), 0.75);
  EXPECT_EQ(roc_auc(Values{0, 1}, Values{-std::numeric_limits<double>::infinity(), 0.0}), 1.0);
}

TEST(RocAuc, IsNotANumberWhereItHasNoMeaning) {
  EXPECT_TRUE(std::isnan(roc_auc(Values{1, 1}, Values{0.2, 0.5})));
  EXPECT_TRUE(std::isnan(roc_auc(Values{0, 1}, Values{0.2, 0.5}, Values{1, 0})));
  EXPECT_TRUE(std::isnan(roc_auc(Values{0, 1}, Values{0.2, std::nan("")})));
}

TEST(ClassificationMetrics, RefuseCodesThatAreNoClass) {
  for (const double bad : {-1.0, 2.0, 0.5, std::nan("")}) {
    EXPECT_THROW(static_cast<void>(confusion_matrix(Values{0, bad}, Values{0, 1}, 2)), Error) << bad;
    EXPECT_THROW(static_cast<void>(confusion_matrix(Values{0, 1}, Values{0, bad}, 2)), Error) << bad;
    EXPECT_THROW(static_cast<void>(roc_auc(Values{0, bad}, Values{0, 1})), Error) << bad;
    EXPECT_THROW(static_cast<void>(log_loss(Values{bad}, Values{0.5, 0.5}, 2)), Error) << bad;
  }
  EXPECT_THROW(static_cast<void>(log_loss(Values{0, 1}, Values{0.5, 0.5}, 2)), Error);
  EXPECT_THROW(static_cast<void>(log_loss(Values{0, 1}, Values{0.5, 0.5}, 0)), Error);
  try {
    static_cast<void>(confusion_matrix(Values{0, 2}, Values{0, 1}, 2));
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "confusion_matrix: row 1: expected a class code in 0..1, got 2");
  }
}

}  // namespace
}  // namespace descent::metrics

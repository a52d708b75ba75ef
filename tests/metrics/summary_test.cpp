#include "descent/metrics/summary.hpp"

#include <gtest/gtest.h>

namespace descent::metrics {
namespace {

TEST(Summary, OfNumbersHasTheRegressionMetrics) {
  const std::vector<std::string> none;
  const std::vector<double> truth{1, 2, 3}, scores{1, 2, 5};
  const Evaluated result = summarize({.task = Task::regression,
                                      .classes = none,
                                      .truth = truth,
                                      .scores = scores,
                                      .probabilities = {},
                                      .weights = {}});
  EXPECT_DOUBLE_EQ(result.find("mse").value(), 4.0 / 3.0);
  EXPECT_DOUBLE_EQ(result.find("r2").value(), -1.0);
  EXPECT_FALSE(result.find("accuracy").has_value());
  EXPECT_TRUE(result.classes.empty());
}

TEST(Summary, OfTwoClassesDecidesByTheSignOfTheScore) {
  const std::vector<std::string> classes{"no", "yes"};
  const std::vector<double> truth{0, 0, 1, 1}, scores{-1, 0, 2, -3}, weights{1, 1, 1, 5};
  const Evaluated result = summarize({.task = Task::binary,
                                      .classes = classes,
                                      .truth = truth,
                                      .scores = scores,
                                      .probabilities = {},
                                      .weights = weights});
  EXPECT_DOUBLE_EQ(result.find("accuracy").value(), 3.0 / 8.0);  // a score of 0 is class 0
  EXPECT_EQ(result.confusion, (std::vector<double>{2, 0, 5, 1}));
  EXPECT_EQ(result.classes[1].name, "yes");
  EXPECT_FALSE(result.find("log_loss").has_value());
}

TEST(Summary, OfMoreClassesDecidesByTheLargestScore) {
  const std::vector<std::string> classes{"a", "b", "c"};
  const std::vector<double> truth{0, 1, 2}, scores{3, 1, 2, 1, 2, 3, 0, 0, 1};
  const std::vector<double> probabilities{0.5, 0.25, 0.25, 0.25, 0.25, 0.5, 0.25, 0.25, 0.5};
  const Evaluated result = summarize({.task = Task::multiclass,
                                      .classes = classes,
                                      .truth = truth,
                                      .scores = scores,
                                      .probabilities = probabilities,
                                      .weights = {}});
  EXPECT_DOUBLE_EQ(result.find("accuracy").value(), 2.0 / 3.0);
  EXPECT_TRUE(result.find("log_loss").has_value());
  EXPECT_EQ(result.confusion, (std::vector<double>{1, 0, 0, 0, 0, 1, 0, 0, 1}));
}

}  // namespace
}  // namespace descent::metrics

#include "descent/metrics/registry.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "descent/core/error.hpp"

namespace descent::metrics {
namespace {

using Values = std::vector<double>;

struct Example {
  Values truth{0, 1, 1, 0, 0};
  Values labels{0, 1, 0, 0, 1};
  Values scores{-2, 1, -0.5, -1, 0.5};
  Values probabilities{0.9, 0.1, 0.2, 0.8, 0.6, 0.4, 0.7, 0.3, 0.4, 0.6};

  [[nodiscard]] Predictions classes() const {
    return {.truth = truth, .labels = labels, .scores = scores, .probabilities = probabilities, .num_classes = 2};
  }
  [[nodiscard]] Predictions numbers() const { return {.truth = truth, .values = scores}; }
};

TEST(MetricRegistry, ItsExamplesRunOnWhatTheyNeed) {
  const Example example;
  for (const auto& named : metric_registry().items()) {
    const bool numeric = named.item.needs == Needs::values;
    const Predictions fits = numeric ? example.numbers() : example.classes();
    const Predictions other = numeric ? example.classes() : example.numbers();
    EXPECT_TRUE(applies(named.item, fits)) << named.entry.name;
    EXPECT_FALSE(applies(named.item, other)) << named.entry.name;
    EXPECT_NO_THROW(static_cast<void>(evaluate(named.entry.example, fits))) << named.entry.name;
    EXPECT_THROW(static_cast<void>(evaluate(named.entry.example, other)), Error) << named.entry.name;
    EXPECT_EQ(named.entry.kind, "metric");
  }
}

TEST(MetricRegistry, HigherIsBetterIsWhereAPerfectPredictionScoresMore) {
  const Example worse;
  Example best;
  best.labels = best.truth;
  best.scores = best.truth;
  best.probabilities = {1, 0, 0, 1, 0, 1, 1, 0, 1, 0};
  for (const auto& named : metric_registry().items()) {
    const bool numeric = named.item.needs == Needs::values;
    const double a = evaluate(named.entry.name, numeric ? worse.numbers() : worse.classes());
    const double b = evaluate(named.entry.name, numeric ? best.numbers() : best.classes());
    EXPECT_EQ(named.item.higher_is_better, b > a) << named.entry.name;
    EXPECT_NE(a, b) << named.entry.name;
  }
}

TEST(MetricRegistry, AveragesByTaskUnlessToldOtherwise) {
  const Example example;
  EXPECT_EQ(evaluate("recall", example.classes()), 0.5);
  EXPECT_EQ(evaluate("recall(positive)", example.classes()), 0.5);
  EXPECT_EQ(evaluate("recall(average=macro)", example.classes()), (2.0 / 3 + 0.5) / 2);
  EXPECT_EQ(evaluate("precision(average=micro)", example.classes()), 0.6);
  Predictions three = example.classes();
  three.num_classes = 3;
  EXPECT_EQ(evaluate("recall", three), (2.0 / 3 + 0.5) / 3);  // the third class has no rows: 0
  EXPECT_THROW(static_cast<void>(evaluate("recall(positive)", three)), Error);
}

TEST(MetricRegistry, RefusesWithAHint) {
  const Example example;
  try {
    static_cast<void>(evaluate("acuracy", example.classes()));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::usage);
    EXPECT_NE(std::string(error.what()).find("did you mean 'accuracy'?"), std::string::npos) << error.what();
  }
  EXPECT_THROW(static_cast<void>(evaluate("f1(average=median)", example.classes())), Error);
  Predictions hinge = example.classes();
  hinge.probabilities = {};
  try {
    static_cast<void>(evaluate("log_loss", hinge));
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "log_loss: needs probabilities, which this model does not give");
  }
}

TEST(MetricRegistry, KnowsEveryDefault) {
  for (const Task task : {Task::regression, Task::binary, Task::multiclass})
    for (const std::string& name : default_metrics(task)) EXPECT_NE(metric_registry().find(name), nullptr) << name;
}

}  // namespace
}  // namespace descent::metrics

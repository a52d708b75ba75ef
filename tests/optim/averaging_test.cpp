// Averaging rules in runs: their average is what is reported.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "descent/optim/minimize.hpp"
#include "descent/optim/minimize_sum.hpp"
#include "tests/optim/objectives.hpp"

namespace descent {
namespace {

using ::testing::HasSubstr;

/// f = mean over rows of (x - y_i)^2 / 2: with batches of one the iterate walks about, its average does not.
class MeanOfRows : public FiniteSum {
 public:
  explicit MeanOfRows(std::vector<double> rows) : rows_(std::move(rows)) {}
  [[nodiscard]] std::size_t num_parameters() const override { return 1; }
  [[nodiscard]] std::size_t num_terms() const override { return rows_.size(); }
  double evaluate(View x, MutableView g) override {
    double sum = 0.0, slope = 0.0;
    for (const double y : rows_) {
      sum += 0.5 * (x[0] - y) * (x[0] - y);
      slope += x[0] - y;
    }
    if (!g.empty()) g[0] = slope / static_cast<double>(rows_.size());
    return sum / static_cast<double>(rows_.size());
  }
  double evaluate_rows(std::span<const std::uint32_t> rows, View x, MutableView g) override {
    double sum = 0.0;
    g[0] = 0.0;
    for (const std::uint32_t i : rows) {
      ++seen;
      // A sensor that fails now and then: not a matter of the row.
      const double y = fails_every > 0 && seen % fails_every == 0 ? std::nan("") : rows_[i];
      sum += 0.5 * (x[0] - y) * (x[0] - y);
      g[0] += (x[0] - y) / static_cast<double>(rows.size());
    }
    return sum / static_cast<double>(rows.size());
  }
  std::uint64_t seen = 0, fails_every = 0;

 private:
  std::vector<double> rows_;
};

std::vector<double> rows() {
  std::vector<double> y;
  for (int i = 0; i < 64; ++i) y.push_back(5.0 + ((i * 37) % 64 - 31.5) / 16.0);
  return y;  // mean 5
}

SumOptions batches_of_one(std::uint64_t epochs) {
  SumOptions options;
  options.run.gradient_tolerance = 0;
  options.batch_size = 1;
  options.max_epochs = epochs;
  return options;
}

TEST(Averaging, ReportsTheAverageWithItsOwnValueAndGradientAndTheIterateBesideIt) {
  for (const char* text : {"sgd(0.3) | polyak_average(100)", "sgd(0.3) | ema_average(0.99)",
                           "sgd(0.3) | swa(100, every=8)", "sgd(0.3) | lookahead(9, slow_step=0.1)"}) {
    MeanOfRows objective(rows());
    const Result result = minimize_sum(objective, {0.0}, parse_optimizer(text), batches_of_one(20));
    ASSERT_EQ(result.iterate.size(), 1U) << text;
    EXPECT_NE(result.x, result.iterate) << text;
    EXPECT_LT(std::fabs(result.x[0] - 5.0), 0.3) << text;
    std::vector<double> gradient(1);
    EXPECT_EQ(result.value, objective.evaluate(result.x, gradient)) << text;
    EXPECT_EQ(result.gradient, gradient) << text;
    EXPECT_LE(result.best.value, result.value) << text;
    EXPECT_EQ(result.best.value, objective.value(result.best.x)) << text;
  }
}

TEST(Averaging, TheAverageOfANoisyRunIsBetterThanItsIterate) {
  MeanOfRows objective(rows());
  const Result result =
      minimize_sum(objective, {0.0}, parse_optimizer("sgd(0.5) | polyak_average(64)"), batches_of_one(30));
  EXPECT_LT(std::fabs(result.x[0] - 5.0), 0.1 * std::fabs(result.iterate[0] - 5.0));
  EXPECT_EQ(result.best.x, result.x);
}

TEST(Averaging, TheCallbackAfterAnEpochSeesTheAverage) {
  for (const std::size_t batch : {std::size_t{0}, std::size_t{16}}) {
    MeanOfRows objective(rows());
    SumOptions options = batches_of_one(5);
    options.batch_size = batch;
    std::vector<double> seen;
    options.on_epoch = [&](const EpochInfo& info) {
      seen.assign(info.x.begin(), info.x.end());
      return info.epoch < 4;
    };
    const Result result = minimize_sum(objective, {0.0}, parse_optimizer("sgd(0.1) | ema_average(0.9)"), options);
    EXPECT_EQ(seen, result.x);
    EXPECT_NE(seen, result.iterate);
  }
}

TEST(Averaging, ACertificateIsAlwaysThatOfX) {
  testing::Given objective = testing::quadratic(2, 2.0);
  // Here the iterate meets the test long before the mean of all points does.
  const Result mean = minimize(objective, {-1.0, 4.0}, parse_optimizer("sgd(0.1) | polyak_average"));
  EXPECT_EQ(mean.status, Status::converged);
  EXPECT_TRUE(mean.iterate.empty());
  EXPECT_LE(mean.gradient_norm, 1e-8);
  EXPECT_THAT(mean.reason, HasSubstr("its average does not meet the test yet"));
  EXPECT_EQ(mean.certificate->bound, mean.gradient_norm);
  // And here both do.
  const Result both =
      minimize(objective, {-1.0, 4.0}, parse_optimizer("sgd(0.1) | ema_average(0.01)"), {.gradient_tolerance = 1e-6});
  EXPECT_EQ(both.status, Status::converged);
  EXPECT_EQ(both.iterate.size(), 2U);
  EXPECT_EQ(both.certificate->bound, both.gradient_norm);
  EXPECT_LE(both.gradient_norm, 1e-6);
}

TEST(Averaging, WithinBoundsTheAverageIsToo) {
  testing::Given objective = testing::quadratic(2, 2.0);
  const Result result = minimize(objective, {0.0, 0.0}, parse_optimizer("sgd(0.4) | ema_average(0.5)"),
                                 {.max_steps = 5, .gradient_tolerance = 0, .bounds = {{-0.5, 0.5}, {-0.5, 0.5}}});
  for (const double x : result.x) EXPECT_LE(std::fabs(x), 0.5);
}

TEST(Averaging, WithinBoundsTheAverageIsOfThePointsThatWereThere) {
  // f = (x - 3)^2 + (y + 4)^2 pushes x to 1 and y to -2 at once; the moves before the projection go far beyond.
  testing::Given objective = testing::quadratic(2, 2.0);
  for (const char* average :
       {"polyak_average", "ema_average(0.5)", "swa(0, every=2)", "lookahead(2) | polyak_average"}) {
    std::vector<std::vector<double>> points;
    const Result result = minimize(objective, {0.0, 0.0}, parse_optimizer(std::string("sgd(0.3) | ") + average),
                                   {.max_steps = 4,
                                    .gradient_tolerance = 0,
                                    .bounds = {{-5.0, 0.25}, {-5.0, 5.0}},
                                    .observer = [&](const StepInfo& progress) {
                                      points.emplace_back(progress.x.begin(), progress.x.end());
                                      return true;
                                    }});
    double lowest = 0.25;
    for (std::size_t k = 1; k < points.size(); ++k) lowest = std::min(lowest, points[k][0]);
    EXPECT_GE(result.x[0], lowest) << average;
    EXPECT_LE(result.x[0], 0.25) << average;
    if (std::string(average) != "polyak_average") continue;
    double mean = result.iterate[1];
    for (std::size_t k = 1; k < points.size(); ++k) mean += points[k][1];
    EXPECT_NEAR(result.x[1], mean / 4.0, 1e-12);
    mean = result.iterate[0];
    for (std::size_t k = 1; k < points.size(); ++k) mean += points[k][0];
    EXPECT_NEAR(result.x[0], mean / 4.0, 1e-12);
  }
}

TEST(Averaging, RulesWithAnAverageOfTheirOwnTakeNoBounds) {
  testing::Given objective = testing::quadratic(2, 2.0);
  for (const char* rule : {"schedule_free_sgd(0.1)", "schedule_free_adamw(0.1)", "asgd(0.1)"}) try {
      (void)minimize(objective, {0.0, 0.0}, parse_optimizer(rule), {.bounds = {{-1, 1}, {-1, 1}}});
      ADD_FAILURE() << rule;
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("which bounds do not reach"));
    }
}

TEST(Averaging, HeldBackUpdatesAreNoSmallChange) {
  testing::Given objective = testing::quadratic(2, 2.0);
  const Result result =
      minimize(objective, {-1.0, 4.0}, parse_optimizer("accumulate(3) | sgd(0.1)"),
               {.max_steps = 30, .gradient_tolerance = 0, .step_tolerance = 1e-12, .value_tolerance = 1e-15});
  EXPECT_EQ(result.status, Status::step_limit);
  EXPECT_EQ(result.steps, 30U);
}

TEST(Averaging, BatchesThatAreNotFiniteAreSkippedIfTheChainSaysSo) {
  for (const bool skips : {true, false}) {
    MeanOfRows objective(rows());
    objective.fails_every = 50;
    const Result result = minimize_sum(
        objective, {0.0},
        parse_optimizer(skips ? "skip_if_not_finite | sgd(inverse_scaling(0.5, 1))" : "sgd(inverse_scaling(0.5, 1))"),
        batches_of_one(20));
    EXPECT_EQ(result.status, skips ? Status::step_limit : Status::diverged);
    EXPECT_EQ(result.steps, skips ? 20U * 64U : 49U);
    if (skips) {
      EXPECT_NEAR(result.x[0], 5.0, 0.3);
    }
  }
}

TEST(Averaging, GradientsThatNeverGetFiniteEndTheRunAsDiverged) {
  MeanOfRows objective(rows());
  objective.fails_every = 1;
  const Result result =
      minimize_sum(objective, {0.0}, parse_optimizer("skip_if_not_finite(7) | sgd(0.1)"), batches_of_one(20));
  EXPECT_EQ(result.status, Status::diverged);
  EXPECT_EQ(result.steps, 8U);
  EXPECT_EQ(result.fault->what, "parameter");
}

TEST(Averaging, FreezingWorksByTheObjectivesOwnNames) {
  testing::Given objective = testing::quadratic(2, 2.0);
  const std::string name = objective.parameter_name(1);
  const Result result = minimize(objective, {-1.0, 4.0}, parse_optimizer("adam(0.1) | freeze(" + name + ")"),
                                 {.max_steps = 20, .gradient_tolerance = 0});
  EXPECT_NE(result.x[0], -1.0);
  EXPECT_EQ(result.x[1], 4.0);
}

}  // namespace
}  // namespace descent

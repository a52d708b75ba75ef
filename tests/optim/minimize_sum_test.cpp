#include "descent/optim/minimize_sum.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "descent/core/error.hpp"
#include "tests/optim/objectives.hpp"

namespace descent {
namespace {

using ::testing::HasSubstr;
using testing::Line;
using testing::line_of_b4;

SumOptions passes(std::size_t batch_size, std::uint64_t epochs, Shuffle shuffle = Shuffle::none) {
  return {.run = {.max_steps = 1000000, .gradient_tolerance = 0},
          .batch_size = batch_size,
          .max_epochs = epochs,
          .shuffle = shuffle};
}

TEST(MinimizeSum, APassUsesEveryRowOnceInCeilOfRowsOverBatchUpdates) {
  for (const std::size_t batch : {1, 3, 10, 33, 99}) {
    auto f = line_of_b4();
    const Result result = minimize_sum(f, {0, 0}, sgd(0.01), passes(batch, 3, Shuffle::epoch));
    const std::size_t updates = (100 + batch - 1) / batch;
    EXPECT_EQ(result.steps, 3 * updates);
    EXPECT_EQ(result.epochs, 3U);
    ASSERT_EQ(f.batches.size(), 3 * updates);
    for (std::size_t epoch = 0; epoch < 3; ++epoch) {
      std::vector<std::uint32_t> rows;
      for (std::size_t b = epoch * updates; b < (epoch + 1) * updates; ++b) {
        EXPECT_FALSE(f.batches[b].empty());
        rows.insert(rows.end(), f.batches[b].begin(), f.batches[b].end());
      }
      std::sort(rows.begin(), rows.end());
      ASSERT_EQ(rows.size(), 100U);
      for (std::uint32_t i = 0; i < 100; ++i) EXPECT_EQ(rows[i], i);
    }
  }
}

TEST(MinimizeSum, ShufflesAnewForEveryEpochAndTheSameForTheSameSeed) {
  auto first = line_of_b4(), second = line_of_b4(), other = line_of_b4();
  SumOptions options = passes(10, 2, Shuffle::epoch);
  const Result a = minimize_sum(first, {0, 0}, sgd(0.01), options),
               b = minimize_sum(second, {0, 0}, sgd(0.01), options);
  options.seed = 1;
  const Result c = minimize_sum(other, {0, 0}, sgd(0.01), options);
  EXPECT_EQ(first.batches, second.batches);
  EXPECT_EQ(a.x, b.x);
  EXPECT_NE(first.batches, other.batches);
  EXPECT_NE(a.x, c.x);
  EXPECT_NE(first.batches[0], first.batches[10]);
}

TEST(MinimizeSum, WithoutShufflingTakesRowsInOrder) {
  auto f = line_of_b4();
  (void)minimize_sum(f, {0, 0}, sgd(0.01), passes(40, 1));
  ASSERT_EQ(f.batches.size(), 3U);
  EXPECT_EQ(f.batches[2].front(), 80U);
  EXPECT_EQ(f.batches[2].size(), 20U);
}

TEST(MinimizeSum, EndsInTheMiddleOfAnEpochAtTheStepLimit) {
  auto f = line_of_b4();
  SumOptions options = passes(10, 5);
  options.run.max_steps = 23;
  const Result result = minimize_sum(f, {0, 0}, adam(0.01), options);
  EXPECT_EQ(result.status, Status::step_limit);
  EXPECT_EQ(result.steps, 23U);
  EXPECT_EQ(result.epochs, 2U);
}

TEST(MinimizeSum, ReportsValuesOfAllRowsForTheLastAndTheBestPoint) {
  auto f = line_of_b4();
  const Result result = minimize_sum(f, {0, 0}, sgd(0.1), passes(7, 4, Shuffle::epoch));
  std::vector<double> gradient(2);
  EXPECT_EQ(f.evaluate(result.x, gradient), result.value);
  EXPECT_EQ(gradient, result.gradient);
  EXPECT_EQ(f.value(result.best.x), result.best.value);
  EXPECT_LE(result.best.value, result.value);
}

TEST(MinimizeSum, KeepsTheBestEpochBesideALastOneThatIsASpike) {
  auto f = line_of_b4();
  // Rates that are far too long at the end only.
  std::uint64_t updates = 0;
  const Chain spike = chain(sgd(0.05), custom_rule("spike", [&](RuleBlock& block) {
                              if (++updates > 40)
                                for (double& u : block.update) u *= 100.0;
                            }));
  const Result result = minimize_sum(f, {0, 0}, spike, passes(10, 5));
  EXPECT_LT(result.best.step, result.steps);
  EXPECT_LT(result.best.value, result.value);
  EXPECT_EQ(result.best.step, 40U);
}

TEST(MinimizeSum, TheEpochCallbackSeesEveryEpochAndCanStop) {
  for (const std::size_t batch : {0, 10}) {
    auto f = line_of_b4();
    std::vector<std::uint64_t> epochs;
    SumOptions options = passes(batch, 50);
    options.on_epoch = [&](const EpochInfo& info) {
      epochs.push_back(info.epoch);
      EXPECT_EQ(info.step, info.epoch * (batch == 0 ? 1 : 10));
      return info.epoch < 4;
    };
    options.epoch_stop_reason = "the validation loss rose";
    const Result result = minimize_sum(f, {0, 0}, sgd(0.01), options);
    EXPECT_EQ(epochs, (std::vector<std::uint64_t>{1, 2, 3, 4}));
    EXPECT_EQ(result.status, Status::small_change);
    EXPECT_EQ(result.reason, "the validation loss rose");
    EXPECT_EQ(result.epochs, 4U);
  }
}

TEST(MinimizeSum, ABatchOfAllRowsIsFullBatchDescent) {
  auto f = line_of_b4(), g = line_of_b4();
  const Result sum = minimize_sum(f, {0, 0}, sgd(0.01), passes(100, 20));
  const Result plain = minimize(g, {0, 0}, sgd(0.01), {.max_steps = 20, .gradient_tolerance = 0});
  EXPECT_EQ(sum.x, plain.x);
  EXPECT_EQ(sum.epochs, 20U);
  EXPECT_TRUE(f.batches.empty());
}

TEST(MinimizeSum, TheStepOfAMeanDoesNotDependOnTheBatchSize) {
  // Equal rows: batches of any size have the same gradient, and adam's first move is its rate.
  for (const std::size_t batch : {1, 4, 8}) {
    Line f(std::vector<double>(16, 1.0), std::vector<double>(16, 5.0));
    SumOptions options = passes(batch, 1);
    options.run.max_steps = 1;
    const Result result = minimize_sum(f, {0, 0}, adam(0.1), options);
    EXPECT_NEAR(result.x[0], 0.1, 1e-9) << batch;
  }
}

TEST(MinimizeSum, StopsByTheGradientOfAllRowsAfterAnEpoch) {
  auto f = line_of_b4();
  SumOptions options = passes(50, 100000);
  options.run.gradient_tolerance = 1e-6;
  const Result result = minimize_sum(f, {0, 0}, sgd(0.5), options);  // the rows fit exactly: no noise at the minimum
  EXPECT_EQ(result.status, Status::converged) << result.reason;
  EXPECT_NEAR(result.x[1], 3.0, 1e-4);
  EXPECT_EQ(result.steps % 2, 0U);
}

TEST(MinimizeSum, JudgesChangesOfValueByTheMeanOfAnEpoch) {
  auto f = line_of_b4();
  SumOptions options = passes(10, 100000);
  options.run.value_tolerance = 1e-6;
  const Result result = minimize_sum(f, {0, 0}, sgd(0.1), options);
  EXPECT_EQ(result.status, Status::small_change);
  EXPECT_EQ(result.steps, result.epochs * 10);
}

TEST(MinimizeSum, FindsDivergenceWithinAnEpoch) {
  auto f = line_of_b4();
  const Result result = minimize_sum(f, {0, 0}, sgd(100.0), passes(1, 1000));
  EXPECT_EQ(result.status, Status::diverged);
  ASSERT_TRUE(result.fault);
  EXPECT_EQ(result.fault->step, result.steps);
  EXPECT_THAT(result.suggestion, HasSubstr("largest stable"));
  EXPECT_TRUE(std::isfinite(result.best.value));
}

TEST(MinimizeSum, WeighsThePartialBatchByItsRowsWhenAsked) {
  // Rows 0 to 9 in batches of 9, in order: without weights the last row moves as far as the nine before it.
  std::vector<double> x(10, 1.0), y(10, 0.0);
  y[9] = 10.0;
  for (const bool weigh : {false, true}) {
    Line f(x, y);
    SumOptions options = passes(9, 3000);
    options.weigh_partial_batch = weigh;
    const Result result = minimize_sum(f, {0, 0}, sgd(inverse_scaling(0.1, 0.75)), options);
    EXPECT_NEAR(result.x[0] + result.x[1], weigh ? 1.0 : 5.0, 0.05);  // the mean, or one half for the last row alone
  }
}

TEST(MinimizeSum, SuggestsARateThatHoldsInItsBatches) {
  // One row in ten is steep: the mean of all bears 2 / L = 0.2, the row alone a tenth of that.
  std::vector<double> x(50, 0.1), y(50, 1.0);
  for (std::size_t i = 0; i < 50; i += 10) x[i] = 10.0;
  Line f(x, y);
  const Result result = minimize_sum(f, {0, 0}, sgd(0.3), passes(1, 1000, Shuffle::epoch));
  ASSERT_EQ(result.status, Status::diverged);
  const std::string::size_type at = result.suggestion.find("is about ");
  ASSERT_NE(at, std::string::npos) << result.suggestion;
  const double suggested = std::stod(result.suggestion.substr(at + 9));
  Line again(x, y);
  const Result half = minimize_sum(again, {0, 0}, sgd(0.5 * suggested), passes(1, 1000, Shuffle::epoch));
  EXPECT_EQ(half.status, Status::step_limit) << half.reason;
  EXPECT_LT(half.value, f.value(std::vector<double>{0.0, 0.0}));
}

TEST(MinimizeSum, RefusesBatchesWhereTheMethodNeedsAllRows) {
  auto f = line_of_b4();
  EXPECT_THROW((void)minimize_sum(f, {0, 0}, parse_optimizer("lbfgs"), passes(10, 1)), Error);
  Line empty({}, {});
  EXPECT_THROW((void)minimize_sum(empty, {0, 0}, sgd(0.1), passes(10, 1)), Error);
  EXPECT_EQ(minimize_sum(f, {0, 0}, Optimizer()).status, Status::converged);
}

TEST(MinimizeSum, ReportsTheAverageOfARuleThatAverages) {
  std::vector<double> t(100), y(100);
  for (std::size_t i = 0; i < 100; ++i) {
    t[i] = static_cast<double>(i % 10) / 10.0;
    y[i] = 2.0 + 3.0 * t[i] + static_cast<double>((i * 7) % 11) / 5.0;  // no line goes through all
  }
  Line noisy(t, y), averaged(t, y);
  const SumOptions options = passes(1, 50, Shuffle::epoch);
  const double optimum = minimize_sum(averaged, {0, 0}, parse_optimizer("lbfgs"), {}).value;
  const Result iterate = minimize_sum(noisy, {0, 0}, sgd(0.1), options);
  const Result average = minimize_sum(averaged, {0, 0}, parse_chain("asgd(0.1, lr_decay=0, t0=2000)"), options);
  EXPECT_EQ(iterate.steps, average.steps);
  EXPECT_LT(average.value - optimum, 0.2 * (iterate.value - optimum));
  EXPECT_EQ(average.value, averaged.value(average.x));
}

}  // namespace
}  // namespace descent

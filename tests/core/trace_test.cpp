#include "descent/core/trace.hpp"

#include <gtest/gtest.h>

#include "descent/core/error.hpp"

namespace descent {
namespace {

StepInfo info_at(std::uint64_t step, View x) {
  return {.step = step,
          .epoch = 1,
          .seconds = 0.5,
          .objective = 3.0,
          .loss = 2.0,
          .penalty = 1.0,
          .gradient_norm = 0.1,
          .step_norm = 0.25,
          .learning_rate = 1e-3,
          .x = x};
}

TEST(Trace, RecordsRowsAndThePathOfTheParameters) {
  Trace trace({"w", "b"});
  const Observer observer = trace.recorder();
  const std::vector<double> first = {1.0, 2.0}, second = {3.0, 4.0};
  EXPECT_TRUE(observer(info_at(0, first)));
  EXPECT_TRUE(observer(info_at(1, second)));
  ASSERT_EQ(trace.rows().size(), 2U);
  EXPECT_EQ(trace.rows()[1].step, 1U);
  EXPECT_EQ(trace.rows()[1].objective, 3.0);
  EXPECT_EQ(trace.parameters(0)[1], 2.0);
  EXPECT_EQ(trace.parameters(1)[0], 3.0);
}

TEST(Trace, KeepsEveryNthStepAndTheFirst) {
  Trace trace({"x"}, 10);
  const std::vector<double> x = {1.0};
  for (std::uint64_t step = 0; step <= 25; ++step) trace.record(info_at(step, x));
  ASSERT_EQ(trace.rows().size(), 3U);
  EXPECT_EQ(trace.rows()[0].step, 0U);
  EXPECT_EQ(trace.rows()[2].step, 20U);
  EXPECT_THROW(Trace({}, 0), Error);
}

TEST(Trace, NamesParametersThatHaveNoNames) {
  Trace trace({"w"});
  const std::vector<double> x = {1.0, 2.0, 3.0};
  trace.record(info_at(0, x));
  EXPECT_EQ(trace.parameter_names(), (std::vector<std::string>{"w", "x1", "x2"}));
}

TEST(Trace, KeepsThirtyTwoParametersAndNoneOfMore) {
  for (const std::size_t size : {Trace::kMaxParameters, Trace::kMaxParameters + 1}) {
    Trace trace;
    const std::vector<double> x(size, 1.0);
    trace.record(info_at(0, x));
    trace.record(info_at(1, x));
    EXPECT_EQ(trace.num_parameters(), size == 32 ? 32U : 0U);
    EXPECT_EQ(trace.parameters(1).size(), trace.num_parameters());
    EXPECT_EQ(column_names(trace).size(), 9 + trace.num_parameters());
    EXPECT_EQ(row_fields(trace, 1).size(), column_names(trace).size());
  }
}

TEST(Trace, RefusesARunOfAnotherSize) {
  Trace trace;
  const std::vector<double> x(3, 1.0), y(2, 1.0);
  trace.record(info_at(0, x));
  EXPECT_THROW(trace.record(info_at(1, y)), Error);
  EXPECT_EQ(trace.rows().size(), 1U);
}

TEST(Trace, MarksParametersThatAreNamedLikeAColumn) {
  Trace trace({"loss", "w"});
  const std::vector<double> x = {1.0, 2.0};
  trace.record(info_at(0, x));
  EXPECT_EQ(column_names(trace),
            (std::vector<std::string>{"step", "epoch", "seconds", "objective", "loss", "penalty", "gradient_norm",
                                      "step_norm", "learning_rate", "param:loss", "w"}));
}

TEST(Trace, WritesNumbersThatReadBack) {
  Trace trace({"w"});
  const std::vector<double> x = {-0.1};
  StepInfo info = info_at(7, x);
  info.objective = std::numeric_limits<double>::infinity();
  info.loss = std::numeric_limits<double>::quiet_NaN();
  trace.record(info);
  EXPECT_EQ(row_fields(trace, 0),
            (std::vector<std::string>{"7", "1", "0.5", "inf", "nan", "1", "0.1", "0.25", "0.001", "-0.1"}));
}

}  // namespace
}  // namespace descent

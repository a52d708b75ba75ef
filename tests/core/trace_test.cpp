#include "descent/core/trace.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

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
    EXPECT_EQ(trace_columns(trace.parameter_names()).size(), 9 + trace.num_parameters());
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
  EXPECT_EQ(trace_columns({"loss", "w"}),
            (std::vector<std::string>{"step", "epoch", "seconds", "objective", "loss", "penalty", "gradient_norm",
                                      "step_norm", "learning_rate", "param:loss", "w"}));
}

/// A run of which the objective falls, with a spike, a dip and a gap that must be seen.
Trace long_run(std::uint64_t steps, std::size_t max_rows) {
  Trace trace({"x", "y"}, 1, max_rows);
  for (std::uint64_t step = 0; step < steps; ++step) {
    const std::vector<double> x = {static_cast<double>(step), -static_cast<double>(step)};
    StepInfo info = info_at(step, x);
    info.objective = 1.0 / (1.0 + static_cast<double>(step));
    if (step == steps / 3) info.objective = 50.0;
    if (step == steps / 2) info.objective = -50.0;
    if (step == steps / 3 * 2) info.objective = std::numeric_limits<double>::quiet_NaN();
    if (step == steps / 4) info.gradient_norm = 7.0;
    trace.record(info);
  }
  return trace;
}

TEST(Trace, KeepsShortRunsWholeWhenItIsBounded) {
  const Trace trace = long_run(256, 256);
  EXPECT_EQ(trace.rows().size(), 256U);
  EXPECT_TRUE(trace.unbroken(255, 255));
}

TEST(Trace, DoesNotGrowWithTheRunWhenItIsBounded) {
  for (const std::uint64_t steps : {257U, 1000U, 100000U, 1000003U}) {
    const Trace trace = long_run(steps, 256);
    const auto& rows = trace.rows();
    ASSERT_LE(rows.size(), 256U);
    ASSERT_GE(rows.size(), 64U);
    EXPECT_EQ(trace.num_recorded(), steps);
    EXPECT_EQ(rows.front().step, 0U);
    EXPECT_EQ(rows.back().step, steps - 1);
    EXPECT_TRUE(trace.unbroken(31, 31));
    EXPECT_TRUE(trace.unbroken(rows.size() - 1, 31));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      ASSERT_TRUE(i == 0 || rows[i - 1].step < rows[i].step);
      ASSERT_EQ(trace.parameters(i)[0], static_cast<double>(rows[i].step));
      ASSERT_EQ(trace.parameters(i)[1], -static_cast<double>(rows[i].step));
    }
  }
}

TEST(Trace, KeepsWhatStandsOutWhenItIsBounded) {
  const Trace trace = long_run(1000003, 256);
  double highest = 0.0, lowest = 0.0, steepest = 0.0;
  bool gap = false;
  std::uint64_t widest = 0;
  for (std::size_t i = 0; i < trace.rows().size(); ++i) {
    const Trace::Row& row = trace.rows()[i];
    highest = std::max(highest, std::isnan(row.objective) ? 0.0 : row.objective);
    lowest = std::min(lowest, std::isnan(row.objective) ? 0.0 : row.objective);
    steepest = std::max(steepest, row.gradient_norm);
    gap = gap || std::isnan(row.objective);
    if (i > 0) widest = std::max(widest, row.step - trace.rows()[i - 1].step);
  }
  EXPECT_EQ(highest, 50.0);
  EXPECT_EQ(lowest, -50.0);
  EXPECT_EQ(steepest, 7.0);
  EXPECT_TRUE(gap);
  EXPECT_LT(widest, 1000003U / 12);  // stretches are equally long: none is left blank
  EXPECT_EQ(trace.rows()[trace.row_at(1000002)].step, 1000002U);
  EXPECT_LE(trace.rows()[trace.row_at(500000)].step, 500000U + widest);
}

}  // namespace
}  // namespace descent

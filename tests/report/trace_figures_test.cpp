#include "descent/report/trace_figures.hpp"

#include <array>
#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "descent/core/error.hpp"

namespace descent::report {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Trace trace_of(std::size_t num_rows, double penalty = 0.0) {
  Trace trace({"w"});
  for (std::size_t k = 0; k < num_rows; ++k) {
    const std::array<double, 1> x{static_cast<double>(k)};
    const double value = 100.0 / static_cast<double>(k + 1);
    trace.record({.step = k,
                  .objective = value + penalty,
                  .loss = value,
                  .penalty = penalty,
                  .gradient_norm = value / 2,
                  .step_norm = k == 0 ? 0.0 : 1.0,
                  .x = x});
  }
  return trace;
}

TEST(LossCurves, EndWithThePointAfterTheLastUpdate) {
  const Result result{.value = 20.0, .gradient_norm = 5.0, .steps = 3};
  const Figure figure = loss_curves(trace_of(3), {.result = &result});
  ASSERT_EQ(figure.series.size(), 1U);
  EXPECT_THAT(figure.series[0].x, ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(figure.series[0].y.back(), 20.0);
  EXPECT_THAT(figure.caption, HasSubstr("From 100 at step 0 to 20 at step 3"));
}

TEST(LossCurves, ShowLossAndPenaltyApartWhereAPenaltyActs) {
  const Figure figure = loss_curves(trace_of(3, 0.5));
  ASSERT_EQ(figure.series.size(), 3U);
  EXPECT_EQ(figure.series[1].name, "loss");
  EXPECT_EQ(figure.series[2].y[1], 0.5);
}

TEST(LossCurves, StartOnALogAxisOnlyWhenPositiveAndWide) {
  EXPECT_TRUE(loss_curves(trace_of(500)).y.log);
  EXPECT_FALSE(loss_curves(trace_of(50)).y.log);
  EXPECT_TRUE(loss_curves(trace_of(50)).y.log_switch);
  EXPECT_FALSE(loss_curves(trace_of(500, -1.0)).y.log_switch);
  EXPECT_FALSE(loss_curves(trace_of(500), {.optimum = 0.0}).y.log);
}

TEST(LossCurves, SayWhenTheyAreThinned) {
  const Figure figure = loss_curves(trace_of(5000), {.max_points = 400});
  EXPECT_LE(figure.series[0].x.size(), 400U);
  EXPECT_THAT(figure.caption, HasSubstr("of 5,000 recorded steps"));
  EXPECT_THAT(loss_curves(trace_of(50)).caption, ::testing::Not(HasSubstr("recorded")));
}

TEST(LossCurves, RefuseAnEmptyTrace) { EXPECT_THROW((void)loss_curves(Trace{}), Error); }

TEST(GradientCurves, LeaveOutTheStepThatLedToTheStart) {
  const Figure figure = gradient_curves(trace_of(3));
  EXPECT_TRUE(figure.y.log);
  EXPECT_EQ(figure.series[0].y[0], 50.0);
  EXPECT_TRUE(std::isnan(figure.series[1].y[0]));
  EXPECT_EQ(figure.series[1].y[1], 1.0);
}

TEST(ParameterCurves, AreNamedAndRefusedWhenTheTraceHasNone) {
  const Figure figure = parameter_curves(trace_of(4));
  EXPECT_EQ(figure.series[0].name, "w");
  EXPECT_THAT(figure.series[0].y, ElementsAre(0, 1, 2, 3));
  Trace wide;
  const std::array<double, 33> x{};
  wide.record({.x = x});
  EXPECT_THROW((void)parameter_curves(wide), Error);
}

}  // namespace
}  // namespace descent::report

#include "descent/report/contour.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "descent/core/error.hpp"
#include "src/report/levels.hpp"

namespace descent::report {
namespace {

using ::testing::HasSubstr;

double rosenbrock(double x, double y) { return (1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x); }
double bowl(double x, double y) { return x * x + y * y; }

Trace trace_of(const Function2& function, const std::vector<std::pair<double, double>>& points) {
  Trace trace({"x", "y"});
  for (std::size_t k = 0; k < points.size(); ++k) {
    const std::array<double, 2> x{points[k].first, points[k].second};
    trace.record({.step = k, .objective = function(x[0], x[1]), .x = x});
  }
  return trace;
}

TEST(Contour, CoversThePathWithAMarginAtOneScale) {
  const Trace trace = trace_of(rosenbrock, {{-1.2, 1.0}, {0.0, 0.0}, {1.0, 1.0}});
  const ContourFigure figure = contour(rosenbrock, trace);
  EXPECT_LE(figure.grid_x.front(), -1.2 - 0.15 * 2.2 + 1e-12);
  EXPECT_GE(figure.grid_x.back(), 1.0 + 0.15 * 2.2 - 1e-12);
  EXPECT_LT(figure.grid_y.front(), 0.0);
  EXPECT_GT(figure.grid_y.back(), 1.0);
  EXPECT_TRUE(figure.equal_scale);
  ASSERT_EQ(figure.z.size(), 121U * 121U);
  EXPECT_EQ(figure.z[3 * 121 + 7], rosenbrock(figure.grid_x[7], figure.grid_y[3]));
  EXPECT_EQ(figure.paths[0].x.size(), 3U);
}

TEST(Contour, SpreadsLevelsInTheLogarithmWhereTheRangeIsHugeOnly) {
  const std::vector<std::pair<double, double>> points{{-1.0, 1.0}, {1.0, 1.0}};
  const ContourFigure valley = contour(rosenbrock, trace_of(rosenbrock, {{-1.2, 1.0}, {0.5, 0.2}, {1.0, 1.0}}));
  ASSERT_TRUE(valley.level_base.has_value());
  EXPECT_EQ(*valley.level_base, 0.0);
  EXPECT_FALSE(contour(bowl, trace_of(bowl, points)).level_base.has_value());
  for (const ContourFigure& figure : {valley, contour(bowl, trace_of(bowl, points))}) {
    ASSERT_GE(figure.levels.size(), 5U);
    EXPECT_LE(figure.levels.size(), 20U);
    const double step = on_level_scale(figure, figure.levels[1]) - on_level_scale(figure, figure.levels[0]);
    for (std::size_t i = 1; i < figure.levels.size(); ++i)
      EXPECT_NEAR(on_level_scale(figure, figure.levels[i]) - on_level_scale(figure, figure.levels[i - 1]), step, 1e-9);
  }
}

TEST(Contour, OfARunThatFliesOffShowsTheStartAndSaysSo) {
  std::vector<std::pair<double, double>> points;
  double y = 1.0;
  for (int k = 0; k < 400; ++k, y *= -3.0) points.emplace_back(0.5, y);
  points.emplace_back(std::numeric_limits<double>::infinity(), 0.0);
  const ContourFigure figure = contour(bowl, trace_of(bowl, points));
  EXPECT_LT(figure.grid_y.back(), 100.0);
  EXPECT_LE(figure.grid_y.front(), -3.0);
  EXPECT_THAT(figure.caption, HasSubstr("points lie outside"));
  for (const double value : figure.paths[0].y) EXPECT_LT(std::fabs(value), 1000.0);
  EXPECT_EQ(figure.paths[0].y.size(), figure.paths[0].steps.size());
}

TEST(Contour, OfAStartThatNeverMovesHasAWindowAroundIt) {
  const ContourFigure figure = contour(bowl, trace_of(bowl, {{3.0, 3.0}}));
  EXPECT_LT(figure.grid_x.front(), 2.0);
  EXPECT_GT(figure.grid_x.back(), 4.0);
}

TEST(Contour, MarksTheEndOfAConvergedRun) {
  const Trace trace = trace_of(bowl, {{1.0, 1.0}, {0.5, 0.5}});
  const Result converged{.status = Status::converged, .x = {0.0, 0.0}, .steps = 2};
  const Result stopped{.status = Status::step_limit, .x = {0.0, 0.0}, .steps = 2};
  const ContourFigure figure = contour(bowl, trace, {.result = &converged});
  ASSERT_EQ(figure.markers.size(), 1U);
  EXPECT_EQ(figure.paths[0].x.back(), 0.0);
  EXPECT_EQ(figure.paths[0].steps.back(), 2U);
  EXPECT_TRUE(contour(bowl, trace, {.result = &stopped}).markers.empty());
}

TEST(Contour, RefusesWhatIsNotAPathInAPlane) {
  Trace line({"x"});
  const std::array<double, 1> x{1.0};
  line.record({.x = x});
  EXPECT_THROW((void)contour(bowl, line), Error);
  EXPECT_THROW((void)contour(bowl, Trace({"x", "y"})), Error);
  EXPECT_THROW((void)contour(bowl, trace_of(bowl, {{1, 1}}), {.resolution = 1}), Error);
}

TEST(Levels, EndForValuesThatDifferInTheirLastBitsOnlyOrNotAtAll) {
  const std::vector<double> close{1e17, 1e17 + 16.0, 1e17 + 32.0};
  EXPECT_GE(choose_levels(close, close, 16).values.size(), 2U);
  const std::vector<double> equal(4, 2.5);
  EXPECT_EQ(choose_levels(equal, equal, 16).values.size(), 2U);
  const std::vector<double> none(4, std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(choose_levels(none, none, 16).values.size(), 2U);
  const std::vector<double> huge{-1.7e308, 0.0, 1.7e308};
  for (const double value : choose_levels(huge, huge, 16).values) EXPECT_TRUE(std::isfinite(value));
}

}  // namespace
}  // namespace descent::report

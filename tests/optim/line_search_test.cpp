#include "descent/optim/line_search.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

namespace descent {
namespace {

struct Line {
  std::function<double(double)> value, slope;
};

struct Found {
  WolfeSearch::State state;
  double step;
  int evaluations;
};

Found search_on(const Line& line, double first_step, const LineSearchOptions& options = {}) {
  WolfeSearch search(line.value(0.0), line.slope(0.0), first_step, options);
  while (search.is_running()) search.report(line.value(search.step()), line.slope(search.step()));
  return {search.state(), search.step(), search.evaluations()};
}

// The functions of More and Thuente's section 5.
Line more_thuente_1() {  // beta = 2
  return {[](double a) { return -a / (a * a + 2.0); },
          [](double a) { return (a * a - 2.0) / ((a * a + 2.0) * (a * a + 2.0)); }};
}
Line more_thuente_2() {  // beta = 0.004
  return {[](double a) { return std::pow(a + 0.004, 5.0) - 2.0 * std::pow(a + 0.004, 4.0); },
          [](double a) { return 5.0 * std::pow(a + 0.004, 4.0) - 8.0 * std::pow(a + 0.004, 3.0); }};
}
Line yanai(double beta1, double beta2) {  // the paper's functions 4 to 6
  const auto gamma = [](double b) { return std::sqrt(1.0 + b * b) - b; };
  const double g1 = gamma(beta1), g2 = gamma(beta2);
  return {[=](double a) { return g1 * std::hypot(1.0 - a, beta2) + g2 * std::hypot(a, beta1); },
          [=](double a) { return -g1 * (1.0 - a) / std::hypot(1.0 - a, beta2) + g2 * a / std::hypot(a, beta1); }};
}

TEST(LineSearch, SatisfiesTheStrongWolfeConditionsFromStartsFarTooShortAndFarTooLong) {
  const struct {
    Line line;
    LineSearchOptions options;
  } cases[] = {{more_thuente_1(), {.decrease = 1e-3, .curvature = 0.1}},
               {more_thuente_2(), {.decrease = 0.1, .curvature = 0.1}},
               {yanai(0.001, 0.001), {.decrease = 1e-3, .curvature = 1e-3}},
               {yanai(0.01, 0.001), {.decrease = 1e-3, .curvature = 1e-3}},
               {yanai(0.001, 0.01), {.decrease = 1e-3, .curvature = 1e-3}}};
  for (const auto& [line, options] : cases)
    for (const double first_step : {1e-3, 1e-1, 1e1, 1e3}) {
      const Found found = search_on(line, first_step, options);
      ASSERT_EQ(found.state, WolfeSearch::State::accepted) << first_step;
      EXPECT_LE(line.value(found.step), line.value(0) + options.decrease * found.step * line.slope(0));
      EXPECT_LE(std::fabs(line.slope(found.step)), options.curvature * std::fabs(line.slope(0)));
      EXPECT_LE(found.evaluations, 15) << first_step;  // the paper's tables need at most 13
    }
}

TEST(LineSearch, TakesAGoodFirstStepAsItIs) {
  const Found found =
      search_on({[](double a) { return (a - 1.0) * (a - 1.0); }, [](double a) { return 2.0 * (a - 1.0); }}, 1.0);
  EXPECT_EQ(found.state, WolfeSearch::State::accepted);
  EXPECT_EQ(found.step, 1.0);
  EXPECT_EQ(found.evaluations, 1);
}

TEST(LineSearch, KeepsTheBracketWhenTheSlopeVanishes) {
  // A plateau above the start from 1 on: its slope of 0 is flat enough, its value is not low enough.
  const auto value = [](double a) { return a >= 1.0 ? 1.0 : -a + 2.0 * a * a; };
  const auto slope = [](double a) { return a >= 1.0 ? 0.0 : -1.0 + 4.0 * a; };
  WolfeSearch search(0.0, -1.0, 4.0, {.curvature = 0.1});
  double low = 0.0, high = 1e20;
  while (search.is_running()) {
    search.report(value(search.step()), slope(search.step()));
    if (!search.has_bracket()) continue;
    EXPECT_GE(search.low(), low);
    EXPECT_LE(search.high(), high);
    EXPECT_LE(search.low(), 0.25);  // the minimiser stays inside
    EXPECT_GE(search.high(), 0.25);
    low = search.low();
    high = search.high();
  }
  EXPECT_EQ(search.state(), WolfeSearch::State::accepted);
  EXPECT_NEAR(search.step(), 0.25, 0.025);
}

TEST(LineSearch, TakesValuesThatAreNotFiniteForTooFar) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Line barrier{[=](double a) { return a < 0.3 ? -std::log(0.3 - a) - 10.0 * a : nan; },
                     [=](double a) { return a < 0.3 ? 1.0 / (0.3 - a) - 10.0 : nan; }};
  const Found found = search_on(barrier, 1e6);
  EXPECT_EQ(found.state, WolfeSearch::State::accepted);
  EXPECT_NEAR(found.step, 0.2, 0.1);
}

TEST(LineSearch, SaysUnboundedAtMinusInfinity) {
  const Line line{[](double a) { return a > 10.0 ? -std::numeric_limits<double>::infinity() : -a; },
                  [](double) { return -1.0; }};
  EXPECT_EQ(search_on(line, 1.0).state, WolfeSearch::State::unbounded);
}

TEST(LineSearch, FailsWhereNothingIsLower) {
  // A wrong gradient: the slope says down, every value is up.
  EXPECT_EQ(search_on({[](double a) { return a; }, [](double) { return -1.0; }}, 1.0).state,
            WolfeSearch::State::failed);
  // No descent direction at all.
  EXPECT_EQ(WolfeSearch(0.0, 1.0, 1.0).state(), WolfeSearch::State::failed);
  EXPECT_EQ(WolfeSearch(0.0, std::numeric_limits<double>::quiet_NaN(), 1.0).state(), WolfeSearch::State::failed);
}

TEST(LineSearch, StopsAtTheLongestStepWithADecrease) {
  const Found found = search_on({[](double a) { return -a; }, [](double) { return -1.0; }}, 1.0, {.max_step = 100.0});
  EXPECT_EQ(found.state, WolfeSearch::State::decreased);
  EXPECT_EQ(found.step, 100.0);
}

TEST(LineSearch, DoesNotStepToTheSameValueOnTheOtherSideOfAHill) {
  // f(1 - 2 a) of -x^2 + x^4: 0 at a = 0 and again on the hill's top, a = 1/2, where the slope is 0.
  const Line line{[](double a) { return std::pow(1 - 2 * a, 4) - std::pow(1 - 2 * a, 2); },
                  [](double a) { return -2 * (4 * std::pow(1 - 2 * a, 3) - 2 * (1 - 2 * a)); }};
  const Found found = search_on(line, 0.5);
  EXPECT_EQ(found.state, WolfeSearch::State::accepted);
  EXPECT_LT(line.value(found.step), -0.1);
}

TEST(LineSearch, BelievesSlopesWhereValuesAreAllRounding) {
  // 1e8 + (a - 1)^2 1e-9: no value differs from 1e8, the slope still points to 1.
  const Line line{[](double a) { return 1e8 + 1e-9 * (a - 1.0) * (a - 1.0); },
                  [](double a) { return 2e-9 * (a - 1.0); }};
  const Found found = search_on(line, 1.2);
  EXPECT_EQ(found.state, WolfeSearch::State::accepted);
  EXPECT_EQ(found.step, 1.2);
}

}  // namespace
}  // namespace descent

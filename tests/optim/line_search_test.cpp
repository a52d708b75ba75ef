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
  SearchState state;
  double step;
  int evaluations;
};

Found search_on(const Line& line, double first_step, const LineSearchOptions& options = {}) {
  MoreThuenteSearch search(line.value(0.0), line.slope(0.0), first_step, options);
  while (search.is_running()) search.report(line.value(search.step()), line.slope(search.step()));
  return {search.state(), search.step(), search.evaluations()};
}

double line_decrease(const Line& line, double step) { return line.value(step) - line.value(0.0); }

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
      ASSERT_EQ(found.state, SearchState::accepted) << first_step;
      EXPECT_LE(line.value(found.step), line.value(0) + options.decrease * found.step * line.slope(0));
      EXPECT_LE(std::fabs(line.slope(found.step)), options.curvature * std::fabs(line.slope(0)));
      EXPECT_LE(found.evaluations, 15) << first_step;  // the paper's tables need at most 13
    }
}

TEST(LineSearch, TakesAGoodFirstStepAsItIs) {
  const Found found =
      search_on({[](double a) { return (a - 1.0) * (a - 1.0); }, [](double a) { return 2.0 * (a - 1.0); }}, 1.0);
  EXPECT_EQ(found.state, SearchState::accepted);
  EXPECT_EQ(found.step, 1.0);
  EXPECT_EQ(found.evaluations, 1);
}

TEST(LineSearch, KeepsTheBracketWhenTheSlopeVanishes) {
  // A plateau above the start from 1 on: its slope of 0 is flat enough, its value is not low enough.
  const auto value = [](double a) { return a >= 1.0 ? 1.0 : -a + 2.0 * a * a; };
  const auto slope = [](double a) { return a >= 1.0 ? 0.0 : -1.0 + 4.0 * a; };
  MoreThuenteSearch search(0.0, -1.0, 4.0, {.curvature = 0.1});
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
  EXPECT_EQ(search.state(), SearchState::accepted);
  EXPECT_NEAR(search.step(), 0.25, 0.025);
}

TEST(LineSearch, TakesValuesThatAreNotFiniteForTooFar) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Line barrier{[=](double a) { return a < 0.3 ? -std::log(0.3 - a) - 10.0 * a : nan; },
                     [=](double a) { return a < 0.3 ? 1.0 / (0.3 - a) - 10.0 : nan; }};
  const Found found = search_on(barrier, 1e6);
  EXPECT_EQ(found.state, SearchState::accepted);
  EXPECT_NEAR(found.step, 0.2, 0.1);
}

TEST(LineSearch, SaysUnboundedAtMinusInfinity) {
  const Line line{[](double a) { return a > 10.0 ? -std::numeric_limits<double>::infinity() : -a; },
                  [](double) { return -1.0; }};
  EXPECT_EQ(search_on(line, 1.0).state, SearchState::unbounded);
}

TEST(LineSearch, FailsWhereNothingIsLower) {
  // A wrong gradient: the slope says down, every value is up.
  EXPECT_EQ(search_on({[](double a) { return a; }, [](double) { return -1.0; }}, 1.0).state, SearchState::failed);
  // No descent direction at all.
  EXPECT_EQ(MoreThuenteSearch(0.0, 1.0, 1.0).state(), SearchState::failed);
  EXPECT_EQ(MoreThuenteSearch(0.0, std::numeric_limits<double>::quiet_NaN(), 1.0).state(), SearchState::failed);
}

TEST(LineSearch, StopsAtTheLongestStepWithADecrease) {
  const Found found = search_on({[](double a) { return -a; }, [](double) { return -1.0; }}, 1.0, {.max_step = 100.0});
  EXPECT_EQ(found.state, SearchState::decreased);
  EXPECT_EQ(found.step, 100.0);
}

TEST(LineSearch, DoesNotStepToTheSameValueOnTheOtherSideOfAHill) {
  // f(1 - 2 a) of -x^2 + x^4: 0 at a = 0 and again on the hill's top, a = 1/2, where the slope is 0.
  const Line line{[](double a) { return std::pow(1 - 2 * a, 4) - std::pow(1 - 2 * a, 2); },
                  [](double a) { return -2 * (4 * std::pow(1 - 2 * a, 3) - 2 * (1 - 2 * a)); }};
  const Found found = search_on(line, 0.5);
  EXPECT_EQ(found.state, SearchState::accepted);
  EXPECT_LT(line.value(found.step), -0.1);
}

TEST(LineSearch, BelievesSlopesWhereValuesAreAllRounding) {
  // 1e8 + (a - 1)^2 1e-9: no value differs from 1e8, the slope still points to 1.
  const Line line{[](double a) { return 1e8 + 1e-9 * (a - 1.0) * (a - 1.0); },
                  [](double a) { return 2e-9 * (a - 1.0); }};
  const Found found = search_on(line, 1.2);
  EXPECT_EQ(found.state, SearchState::accepted);
  EXPECT_EQ(found.step, 1.2);
}

// What each search promises, recomputed here from the functions themselves.
Found search_of_kind(LineSearchKind kind, const Line& line, double first_step, const LineSearchOptions& options = {}) {
  LineSearch search(kind, line.value(0.0), line.slope(0.0), first_step, options);
  while (search.is_running()) search.report(line.value(search.step()), line.slope(search.step()));
  return {search.state(), search.step(), search.evaluations()};
}

constexpr LineSearchKind kKinds[] = {LineSearchKind::more_thuente, LineSearchKind::zoom, LineSearchKind::hager_zhang,
                                     LineSearchKind::armijo};

TEST(LineSearchKinds, EveryAcceptedStepSatisfiesItsInequalities) {
  const Line lines[] = {
      more_thuente_1(),    more_thuente_2(),
      yanai(0.001, 0.001), yanai(0.01, 0.001),
      yanai(0.001, 0.01),  {[](double a) { return std::cosh(a - 3.0); }, [](double a) { return std::sinh(a - 3.0); }}};
  for (const LineSearchKind kind : kKinds)
    for (const Line& line : lines)
      for (const double first_step : {1e-3, 1e-1, 1e1, 1e3}) {
        const LineSearchOptions options{.decrease = 1e-3, .curvature = 0.1};
        const Found found = search_of_kind(kind, line, first_step, options);
        ASSERT_EQ(found.state, SearchState::accepted) << to_text(kind) << " from " << first_step;
        EXPECT_LE(line.value(found.step), line.value(0) + options.decrease * found.step * line.slope(0));
        const double slope = line.slope(found.step), most = options.curvature * line.slope(0);
        if (kind != LineSearchKind::armijo) {
          EXPECT_GE(slope, most) << to_text(kind);
        }
        const bool strong = kind == LineSearchKind::more_thuente || kind == LineSearchKind::zoom;
        if (strong) {
          EXPECT_LE(std::fabs(slope), -most) << to_text(kind);
        }
        // Yanai's kinks are rounded within 1e-3: the textbook's zoom halves its way there.
        EXPECT_LE(found.evaluations, kind == LineSearchKind::zoom ? 32 : 20) << to_text(kind) << " from " << first_step;
      }
}

TEST(LineSearchKinds, TakeValuesThatAreNotFiniteForTooFar) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Line barrier{[=](double a) { return a < 0.3 ? -std::log(0.3 - a) - 10.0 * a : nan; },
                     [=](double a) { return a < 0.3 ? 1.0 / (0.3 - a) - 10.0 : nan; }};
  for (const LineSearchKind kind : kKinds) {
    const Found found = search_of_kind(kind, barrier, 1e3);
    EXPECT_EQ(found.state, SearchState::accepted) << to_text(kind);
    EXPECT_LT(line_decrease(barrier, found.step), 0.0) << to_text(kind);
  }
}

TEST(LineSearchKinds, SayUnboundedAtMinusInfinityAndFailWhereNothingIsLower) {
  const Line falling{[](double a) { return a > 10.0 ? -std::numeric_limits<double>::infinity() : -a; },
                     [](double) { return -1.0; }};
  const Line wrong{[](double a) { return a; }, [](double) { return -1.0; }};
  for (const LineSearchKind kind : kKinds) {
    EXPECT_EQ(search_of_kind(kind, falling, 100.0).state, SearchState::unbounded) << to_text(kind);
    EXPECT_EQ(search_of_kind(kind, wrong, 1.0).state, SearchState::failed) << to_text(kind);
    EXPECT_EQ(LineSearch(kind, 0.0, 1.0, 1.0).state(), SearchState::failed) << to_text(kind);
  }
}

TEST(LineSearchKinds, BelieveSlopesWhereValuesAreAllRounding) {
  const Line line{[](double a) { return 1e8 + 1e-9 * (a - 1.0) * (a - 1.0); },
                  [](double a) { return 2e-9 * (a - 1.0); }};
  for (const LineSearchKind kind : {LineSearchKind::more_thuente, LineSearchKind::zoom, LineSearchKind::hager_zhang})
    EXPECT_EQ(search_of_kind(kind, line, 1.2).state, SearchState::accepted) << to_text(kind);
}

TEST(LineSearchKinds, StopAtTheLongestStepWithADecrease) {
  const Line line{[](double a) { return -a; }, [](double) { return -1.0; }};
  for (const LineSearchKind kind : {LineSearchKind::more_thuente, LineSearchKind::zoom, LineSearchKind::hager_zhang}) {
    const Found found = search_of_kind(kind, line, 1.0, {.max_step = 100.0});
    EXPECT_EQ(found.state, SearchState::decreased) << to_text(kind);
    EXPECT_EQ(found.step, 100.0) << to_text(kind);
  }
}

}  // namespace
}  // namespace descent

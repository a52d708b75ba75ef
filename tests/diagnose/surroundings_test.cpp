#include "descent/diagnose/surroundings.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "tests/diagnose/function.hpp"

namespace descent::diagnose {
namespace {

Function curve(const std::function<double(double)>& f, const std::function<double(double)>& slope) {
  return Function(1, [=](View x, MutableView g) {
    if (!g.empty()) g[0] = slope(x[0]);
    return f(x[0]);
  });
}

/// a x^2 + b y^2 + c x y.
Function surface(double a, double b, double c) {
  return Function(2, [=](View x, MutableView g) {
    if (!g.empty()) {
      g[0] = 2.0 * a * x[0] + c * x[1];
      g[1] = 2.0 * b * x[1] + c * x[0];
    }
    return a * x[0] * x[0] + b * x[1] * x[1] + c * x[0] * x[1];
  });
}

/// As a run leaves it that ended at x.
Result ended(Function& f, std::vector<double> x, Status status = Status::converged, std::uint64_t steps = 5) {
  Result result;
  result.status = status;
  result.gradient.resize(x.size());
  result.value = f.evaluate(x, result.gradient);
  for (const double g : result.gradient) result.gradient_norm = std::max(result.gradient_norm, std::fabs(g));
  result.x = std::move(x);
  result.steps = steps;
  if (status == Status::converged) result.certificate = Certificate{"gradient", result.gradient_norm};
  f.evaluations = 0;
  return result;
}

std::vector<std::string> names(const std::vector<Finding>& found) {
  std::vector<std::string> result;
  for (const Finding& finding : found) result.push_back(finding.name);
  return result;
}
using Names = std::vector<std::string>;

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(Surroundings, AStrictMinimumIsNotSpokenOf) {
  Function f = surface(1, 50, 3);
  EXPECT_EQ(names(surroundings(f, ended(f, {1e-10, -1e-11}))), Names{});
  EXPECT_LE(f.evaluations, 2U * 2U + 6U + 2U);
  Function quartic = curve([](double x) { return x * x * x * x; }, [](double x) { return 4 * x * x * x; });
  EXPECT_EQ(names(surroundings(quartic, ended(quartic, {1e-3}))), Names{});
  Function kink =
      curve([](double x) { return std::fabs(x); }, [](double x) { return x > 0   ? 1.0
                                                                         : x < 0 ? -1.0
                                                                                 : 0.0; });
  EXPECT_EQ(names(surroundings(kink, ended(kink, {0.0}))), Names{});
}

TEST(Surroundings, ASaddleIsNamedWithItsDirectionItsCurvatureAndAStartThatIsLower) {
  Function f = surface(0, 0, 1);
  const auto found = surroundings(f, ended(f, {0, 0}));
  ASSERT_EQ(names(found), Names{"saddle_point"});
  EXPECT_EQ(found[0].severity, Severity::problem);
  EXPECT_TRUE(contains(found[0].what, "falls along 0.707 x - 0.707 y")) << found[0].what;
  EXPECT_EQ(found[0].evidence, "curvature -1 along 0.707 x - 0.707 y, 1 along 0.707 x + 0.707 y");
  EXPECT_TRUE(contains(found[0].advice, "--start x=0.0707,y=-0.0707 (value -0.004998)")) << found[0].advice;
  EXPECT_NEAR(found[0].direction[0], -found[0].direction[1], 1e-7);
}

TEST(Surroundings, ASaddleOfManyVariablesIsFoundToo) {
  Function f(200, [](View x, MutableView g) {
    double value = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double c = i == 150 ? -2.0 : 1.0 + 0.01 * static_cast<double>(i);
      value += 0.5 * c * x[i] * x[i];
      if (!g.empty()) g[i] = c * x[i];
    }
    return value;
  });
  const auto found = surroundings(f, ended(f, std::vector<double>(200, 0.0)));
  ASSERT_EQ(names(found), Names{"saddle_point"});
  EXPECT_TRUE(contains(found[0].what, "x150")) << found[0].what;
  EXPECT_LE(f.evaluations, 100U);
}

TEST(Surroundings, AMaximumIsNotAMinimumUnlessOneWasAskedFor) {
  Function f = surface(-1, -3, 0);
  EXPECT_EQ(names(surroundings(f, ended(f, {0, 0}))), Names{"maximum"});
  Function negated = surface(1, 3, 0);  // what --maximize of it minimises
  EXPECT_EQ(names(surroundings(negated, ended(negated, {0, 0}), {.maximizes = true})), Names{});
  Function saddle = surface(-1, 1, 0);
  const auto found = surroundings(saddle, ended(saddle, {0, 0}), {.maximizes = true});
  ASSERT_EQ(names(found), Names{"saddle_point"});
  EXPECT_TRUE(contains(found[0].what, "not a maximum")) << found[0].what;
  EXPECT_TRUE(contains(found[0].what, "rises along x")) << found[0].what;
  EXPECT_TRUE(contains(found[0].evidence, "curvature 2 along x")) << found[0].evidence;
}

TEST(Surroundings, WhereSlopeAndCurvatureVanishTheValueDecides) {
  // A4: flat at 0, but 1 is lower.
  Function f = curve([](double x) { return ((((5 * x - 36) * x + 82.5) * x - 60) * x) * x * x + 36; },
                     [](double x) { return (((30 * x - 180) * x + 330) * x - 180) * x * x; });
  const auto found = surroundings(f, ended(f, {0.0}));
  ASSERT_EQ(names(found), Names{"inflection_point"});
  EXPECT_TRUE(contains(found[0].what, "falls along x")) << found[0].what;
  EXPECT_TRUE(contains(found[0].advice, "--start x=1")) << found[0].advice;
  Function hill = curve([](double x) { return -x * x * x * x; }, [](double x) { return -4 * x * x * x; });
  EXPECT_EQ(names(surroundings(hill, ended(hill, {0.0}))), Names{"maximum"});
}

TEST(Surroundings, AGradientThatDiesOutIsNoMinimum) {
  Function f = curve([](double x) { return std::exp(-x); }, [](double x) { return -std::exp(-x); });
  const auto found = surroundings(f, ended(f, {19.0}));
  ASSERT_EQ(names(found), Names{"no_minimum_in_sight"});
  EXPECT_TRUE(contains(found[0].what, "flattens out, and x still moves at every step")) << found[0].what;
  EXPECT_TRUE(contains(found[0].advice, "--bounds x=:10")) << found[0].advice;
  Function beside(2, [](View x, MutableView g) {
    if (!g.empty()) {
      g[0] = -std::exp(-x[0]);
      g[1] = 2.0 * x[1];
    }
    return std::exp(-x[0]) + x[1] * x[1];
  });
  EXPECT_EQ(names(surroundings(beside, ended(beside, {19.0, 0.0}))), Names{"no_minimum_in_sight"});
  Function cubic = curve([](double x) { return x * x * x; }, [](double x) { return 3 * x * x; });
  for (const double x : {0.0, 5e-5}) {
    const auto passing = surroundings(cubic, ended(cubic, {x}));
    ASSERT_EQ(names(passing), Names{"no_minimum_in_sight"}) << x;
    EXPECT_TRUE(contains(passing[0].what, "in passing")) << passing[0].what;
  }
}

TEST(Surroundings, ASmallGradientOfAFlatFunctionIsToldFromAMinimum) {
  Function f = curve([](double x) { return 1e-9 * (x - 5) * (x - 5); }, [](double x) { return 2e-9 * (x - 5); });
  const auto found = surroundings(f, ended(f, {0.0}));
  ASSERT_EQ(names(found), Names{"far_from_minimum"});
  EXPECT_TRUE(contains(found[0].what, "about 5 away")) << found[0].what;
  EXPECT_EQ(found[0].advice, "ask for a smaller gradient: --gradient-tolerance 1e-12");
}

TEST(Surroundings, AMinimumThatIsOneOfManyIsARemark) {
  Function f = surface(1, 1, 2);  // (x + y)^2
  const auto found = surroundings(f, ended(f, {0.5, -0.5}));
  ASSERT_EQ(names(found), Names{"flat_direction"});
  EXPECT_EQ(found[0].severity, Severity::remark);
  EXPECT_TRUE(contains(found[0].what, "along 0.707 x - 0.707 y")) << found[0].what;
}

TEST(Surroundings, AStartThatIsStationaryIsSaidToBe) {
  Function bowl = surface(1, 2, 0);
  auto found = surroundings(bowl, ended(bowl, {0, 0}, Status::converged, 0));
  ASSERT_EQ(names(found), Names{"start_is_stationary"});
  EXPECT_EQ(found[0].severity, Severity::remark);
  EXPECT_TRUE(contains(found[0].what, "the start is a minimum already")) << found[0].what;
  Function saddle = surface(1, -2, 0);
  found = surroundings(saddle, ended(saddle, {0, 0}, Status::converged, 0));
  EXPECT_EQ(names(found), (Names{"saddle_point", "start_is_stationary"}));
}

TEST(Surroundings, ABoundHoldsWhatItHolds) {
  const double infinity = std::numeric_limits<double>::infinity();
  Function f = surface(-1, 1, 0);
  const std::vector<double> low{-infinity, -1.0}, high{1.0, 1.0};
  // At the bound x = 1 the value would fall outside: y alone decides.
  EXPECT_EQ(names(surroundings(f, ended(f, {1.0, 0.0}), {.region = {.low = low, .high = high}})), Names{});
  const std::vector<double> right{0.0, -1.0};
  const auto found = surroundings(f, ended(f, {0.0, 0.0}), {.region = {.low = right, .high = high}});
  ASSERT_EQ(names(found), Names{"saddle_point"});
  EXPECT_TRUE(contains(found[0].advice, "--start x=0.1,y=0")) << found[0].advice;
}

TEST(Surroundings, AStartThatTheBoundsHoldIsAMinimum) {
  Function f = surface(1, 1, 0);
  const std::vector<double> low{1.0, 2.0}, high{5.0, 5.0};
  Result result = ended(f, {1.0, 2.0}, Status::converged, 0);
  result.gradient_norm = 0.0;  // projected
  const auto found = surroundings(f, result, {.region = {.low = low, .high = high}});
  ASSERT_EQ(names(found), Names{"start_is_stationary"});
  EXPECT_EQ(found[0].severity, Severity::remark);
  EXPECT_EQ(found[0].what, "the start is a minimum already: no update was made");
  EXPECT_EQ(found[0].evidence, "where the run began the value falls only out of the bounds of x, y");
}

TEST(Surroundings, OnlyAGradientTestIsLookedInto) {
  Function f = surface(1, -1, 0);
  EXPECT_EQ(names(surroundings(f, ended(f, {0, 0}, Status::small_change))), Names{});
  EXPECT_EQ(f.evaluations, 0U);
}

TEST(LookAhead, AValueThatFallsForEverNeedsNoMoreSteps) {
  Function f = curve([](double x) { return x; }, [](double) { return 1.0; });
  const auto found = look_ahead(f, ended(f, {-1000.0}, Status::step_limit));
  ASSERT_EQ(names(found), Names{"no_minimum_in_sight"});
  EXPECT_TRUE(contains(found[0].what, "keeps falling along -x")) << found[0].what;
  EXPECT_TRUE(contains(found[0].advice, "--bounds x=-1000:")) << found[0].advice;
  // A line search that went as far as it may ends where no step is seen any more in x.
  EXPECT_EQ(names(look_ahead(f, ended(f, {-1e20}, Status::line_search_failed))), Names{"no_minimum_in_sight"});
  Function bowl = surface(1, 2, 0);
  for (const Status status : {Status::step_limit, Status::line_search_failed})
    EXPECT_EQ(names(look_ahead(bowl, ended(bowl, {3, 4}, status))), Names{});
}

TEST(LookAhead, AKinkIsToldFromASteepValley) {
  Function f(2, [](View x, MutableView g) {
    if (!g.empty()) {
      g[0] = x[0] < 0 ? -1.0 : 1.0;
      g[1] = x[1] < 0 ? -1.0 : 1.0;
    }
    return std::fabs(x[0]) + std::fabs(x[1]);
  });
  const auto found = look_ahead(f, ended(f, {1e-30, 1e-30}, Status::line_search_failed));
  ASSERT_EQ(names(found), Names{"kink"});
  EXPECT_TRUE(contains(found[0].what, "looks like a minimum at a kink")) << found[0].what;
  Function steep = surface(1, 1e9, 0);
  EXPECT_EQ(names(look_ahead(steep, ended(steep, {0, 1e-12}, Status::line_search_failed))), Names{});
}

}  // namespace
}  // namespace descent::diagnose

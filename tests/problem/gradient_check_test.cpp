#include "descent/problem/gradient_check.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "descent/core/error.hpp"
#include "descent/problem/objective.hpp"

namespace descent {
namespace {

using Values = std::vector<double>;
using Verdict = GradientComponent::Verdict;

TEST(GradientCheck, PassesARightGradientWithDigitsToSpare) {
  auto f = objective(3, [](const auto& x) { return sin(x[0]) * exp(x[1]) + x[2] * x[2] * x[0]; });
  const GradientCheck check = check_gradient(f, Values{0.4, -1.0, 3.0});
  EXPECT_TRUE(check.ok) << check.text;
  for (const GradientComponent& c : check.components) {
    EXPECT_EQ(c.verdict, Verdict::agrees);
    EXPECT_LT(c.difference(), 1e-10);
    EXPECT_LT(c.uncertainty, 1e-8);
  }
}

TEST(GradientCheck, NamesTheComponentThatIsWrong) {
  auto f = objective(3,
                     [](View x, MutableView g) {
                       if (!g.empty()) {
                         g[0] = 2.0 * x[0];
                         g[1] = 2.0 * x[1] * (1.0 + 1e-4);
                         g[2] = 2.0 * x[2];
                       }
                       return x[0] * x[0] + x[1] * x[1] + x[2] * x[2];
                     },
                     {"a", "b", "c"});
  const GradientCheck check = check_gradient(f, Values{1.0, 2.0, 3.0});
  EXPECT_FALSE(check.ok);
  EXPECT_EQ(check.worst, 1U);
  EXPECT_EQ(check.components[0].verdict, Verdict::agrees);
  EXPECT_EQ(check.components[1].verdict, Verdict::differs);
  EXPECT_EQ(check.text.find("df/db = 4.0004 differs from 4 "), 0U) << check.text;
}

TEST(GradientCheck, TellsAWrongSignAndAForgottenFactor) {
  for (const double factor : {-1.0, 0.5, 2.0, 0.0}) {
    auto f = objective(1, [factor](View x, MutableView g) {
      if (!g.empty()) g[0] = factor * std::cos(x[0]);
      return std::sin(x[0]);
    });
    EXPECT_FALSE(check_gradient(f, Values{0.3}).ok) << factor;
  }
}

TEST(GradientCheck, IsUncertainAtAKink) {
  auto f = objective(1, [](const auto& x) { return abs(x[0] - 2.0); });
  const GradientCheck check = check_gradient(f, Values{2.0});
  EXPECT_TRUE(check.ok);
  EXPECT_EQ(check.components[0].verdict, Verdict::uncertain);
  EXPECT_EQ(check_gradient(f, Values{2.5}).components[0].verdict, Verdict::agrees);
}

TEST(GradientCheck, ComesNearerWhereTheDomainEnds) {
  auto f = objective(1, [](const auto& x) { return log(x[0]); });
  const GradientCheck check = check_gradient(f, Values{0.01});
  EXPECT_TRUE(check.ok) << check.text;
  EXPECT_EQ(check.components[0].verdict, Verdict::agrees);
  EXPECT_NEAR(check.components[0].numeric, 100.0, 1e-5);
}

TEST(GradientCheck, AGradientThatIsNotFiniteDiffers) {
  auto f = objective(1, [](View x, MutableView g) {
    if (!g.empty()) g[0] = std::nan("");
    return x[0] * x[0];
  });
  EXPECT_FALSE(check_gradient(f, Values{1.0}).ok);
}

TEST(GradientCheck, RefusesAPointThatDoesNotFit) {
  auto f = objective(2, [](const auto& x) { return x[0] * x[1]; });
  EXPECT_THROW(static_cast<void>(check_gradient(f, Values{1.0})), Error);
  EXPECT_THROW(static_cast<void>(check_gradient(f, Values{1.0, std::nan("")})), Error);
  EXPECT_THROW(static_cast<void>(check_gradient(f, Values{1.0, 1.0}, {.tolerance = 0.0})), Error);
}

}  // namespace
}  // namespace descent

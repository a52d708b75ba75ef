#include "descent/problem/objective.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace descent {
namespace {

using Values = std::vector<double>;

const auto rosenbrock = [](const auto& x) {
  auto a = 1.0 - x[0], b = x[1] - x[0] * x[0];
  return a * a + 100.0 * b * b;
};

Values rosenbrock_gradient(View x) {
  const double b = x[1] - x[0] * x[0];
  return {-2.0 * (1.0 - x[0]) - 400.0 * x[0] * b, 200.0 * b};
}

void expect_rosenbrock(Objective& f, double tolerance) {
  const Values x{-1.2, 1.0};
  Values g(2);
  EXPECT_DOUBLE_EQ(f.evaluate(x, g), 24.2);
  EXPECT_EQ(f.value(x), f.evaluate(x, g));
  const Values want = rosenbrock_gradient(x);
  for (std::size_t i = 0; i < 2; ++i) EXPECT_NEAR(g[i], want[i], tolerance * std::fabs(want[i]));
}

TEST(Objective, OfAGenericCallableHasItsGradientByAutodiff) {
  auto f = objective(2, rosenbrock);
  EXPECT_EQ(f.gradient_source(), GradientSource::autodiff);
  EXPECT_EQ(f.num_parameters(), 2U);
  EXPECT_EQ(f.parameter_name(1), "x1");
  expect_rosenbrock(f, 1e-15);
}

TEST(Objective, OfAGenericCallableHasItsHessianByAutodiffAndOthersByDifferences) {
  auto f = objective(2, rosenbrock);
  EXPECT_EQ(f.hessian_source(), GradientSource::autodiff);
  Values product(2);
  f.hessian_product(Values{-1.2, 1.0}, Values{2.0, -3.0}, product);
  EXPECT_DOUBLE_EQ(product[0], 2.0 * 1330.0 - 3.0 * 480.0);
  EXPECT_DOUBLE_EQ(product[1], 2.0 * 480.0 - 3.0 * 200.0);
  auto given = objective(2, [](View x, MutableView gradient) {
    const Values g = rosenbrock_gradient(x);
    std::copy_n(g.begin(), gradient.size(), gradient.begin());
    return 0.0;
  });
  EXPECT_EQ(given.hessian_source(), GradientSource::numeric);
  given.hessian_product(Values{-1.2, 1.0}, Values{2.0, -3.0}, product);
  EXPECT_NEAR(product[0], 1220.0, 1e-5);
}

TEST(Objective, TakesValueAndGradientInOneCallable) {
  int gradients = 0;
  auto f = objective(2, [&](View x, MutableView gradient) {
    if (!gradient.empty()) {
      ++gradients;
      const Values g = rosenbrock_gradient(x);
      std::copy(g.begin(), g.end(), gradient.begin());
    }
    const double b = x[1] - x[0] * x[0];
    return (1.0 - x[0]) * (1.0 - x[0]) + 100.0 * b * b;
  });
  EXPECT_EQ(f.gradient_source(), GradientSource::analytic);
  expect_rosenbrock(f, 1e-15);
  EXPECT_EQ(gradients, 2);  // not asked for with the value alone
}

TEST(Objective, TakesValueAndGradientAsTwoCallables) {
  auto f = objective(
      2, [](View x) { return 100.0 * (x[1] - x[0] * x[0]) * (x[1] - x[0] * x[0]) + (1.0 - x[0]) * (1.0 - x[0]); },
      [](View x, MutableView g) {
        const Values values = rosenbrock_gradient(x);
        std::copy(values.begin(), values.end(), g.begin());
      });
  EXPECT_EQ(f.gradient_source(), GradientSource::analytic);
  expect_rosenbrock(f, 1e-15);
}

TEST(Objective, ByDifferencesHasTenDigits) {
  auto f = numeric_objective(2, [](View x) {
    const double b = x[1] - x[0] * x[0];
    return (1.0 - x[0]) * (1.0 - x[0]) + 100.0 * b * b;
  });
  EXPECT_EQ(f.gradient_source(), GradientSource::numeric);
  expect_rosenbrock(f, 1e-9);
}

TEST(Objective, ACopyHasItsOwnMemory) {
  auto f = objective(20, [](const auto& x) { return squared_norm(x); });
  Values g(20), h(20);
  f.evaluate(Values(20, 1.0), g);
  auto copy = f;
  copy.evaluate(Values(20, 2.0), h);
  f.evaluate(Values(20, 1.0), g);
  EXPECT_EQ(g, Values(20, 2.0));
  EXPECT_EQ(h, Values(20, 4.0));
}

TEST(Objective, CarriesNames) {
  auto f = objective(2, rosenbrock, {"width", "height"});
  EXPECT_EQ(f.parameter_name(0), "width");
  EXPECT_EQ(f.parameter_name(1), "height");
}

TEST(Objective, RefusesNoParametersAndNamesThatDoNotFit) {
  EXPECT_THROW(static_cast<void>(objective(0, rosenbrock)), Error);
  EXPECT_THROW(static_cast<void>(objective(2, rosenbrock, {"x"})), Error);
  EXPECT_THROW(static_cast<void>(numeric_objective(0, [](View) { return 0.0; })), Error);
}

TEST(Objective, ReturnsWhatIsNotFiniteAsItIs) {
  auto f = objective(1, [](const auto& x) { return log(x[0]); });
  Values g(1);
  EXPECT_TRUE(std::isnan(f.evaluate(Values{-1.0}, g)));
  EXPECT_EQ(f.evaluate(Values{0.0}, g), -std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace descent

#include "descent/problem/least_squares_objective.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "descent/problem/gradient_check.hpp"

namespace descent {
namespace {

using Values = std::vector<double>;

TEST(LeastSquares, IsHalfTheSumOfSquaresWithGradientJTransposedR) {
  // r = (x0 - 1, x0 x1, x1^2)
  auto f = least_squares(2, 3, [](const auto& x, auto r) {
    r[0] = x[0] - 1.0;
    r[1] = x[0] * x[1];
    r[2] = x[1] * x[1];
  });
  const Values x{3.0, 2.0};
  Values g(2), r(3), jacobian(6);
  EXPECT_EQ(f.evaluate(x, g), 0.5 * (4.0 + 36.0 + 16.0));
  EXPECT_EQ(f.value(x), 28.0);
  EXPECT_EQ(g, (Values{2.0 + 6.0 * 2.0, 6.0 * 3.0 + 4.0 * 4.0}));
  f.residuals(x, r, jacobian);
  EXPECT_EQ(r, (Values{2, 6, 4}));
  EXPECT_EQ(jacobian, (Values{1, 0, 2, 3, 0, 4}));
  EXPECT_EQ(f.num_residuals(), 3U);
}

TEST(LeastSquares, OfManyRowsAgreesWithItsGradientCheck) {
  constexpr std::size_t kRows = 700;  // more than two blocks
  Values t(kRows), y(kRows);
  for (std::size_t i = 0; i < kRows; ++i) {
    t[i] = static_cast<double>(i) / kRows;
    y[i] = 2.0 * std::exp(-1.3 * t[i]) + 0.5 + 0.01 * std::sin(100.0 * t[i]);
  }
  auto f = least_squares(3, kRows, [&](const auto& p, auto r) {
    for (std::size_t i = 0; i < kRows; ++i) r[i] = p[0] * exp(-p[1] * t[i]) + p[2] - y[i];
  });
  const GradientCheck check = check_gradient(f, Values{1.0, 1.0, 0.0}, {.tolerance = 1e-8});
  EXPECT_TRUE(check.ok) << check.text;
}

TEST(LeastSquares, HasTheWholeHessianNotTheGaussNewtonOne) {
  // 1/2 ((x - 1)^2 + x^2 y^2 + y^4): xx 1 + y^2, xy 2 x y, yy x^2 + 6 y^2
  auto f = least_squares(2, 3, [](const auto& x, auto r) {
    r[0] = x[0] - 1.0;
    r[1] = x[0] * x[1];
    r[2] = x[1] * x[1];
  });
  EXPECT_EQ(f.hessian_source(), GradientSource::autodiff);
  Values product(2);
  f.hessian_product(Values{3.0, 2.0}, Values{1.0, 10.0}, product);
  EXPECT_EQ(product, (Values{5.0 + 10.0 * 12.0, 12.0 + 10.0 * 33.0}));
  auto copy = f;
  copy.hessian_product(Values{3.0, 2.0}, Values{1.0, 0.0}, product);
  EXPECT_EQ(product, (Values{5.0, 12.0}));
}

TEST(LeastSquares, RefusesNoResiduals) {
  EXPECT_THROW(static_cast<void>(least_squares(1, 0, [](const auto&, auto) {})), Error);
}

}  // namespace
}  // namespace descent

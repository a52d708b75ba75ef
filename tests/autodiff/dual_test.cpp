#include "descent/autodiff/dual.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <type_traits>

#include "descent/autodiff/functions.hpp"

namespace descent::autodiff {
namespace {

using D = Dual<2>;

static_assert(std::is_trivially_copyable_v<D>);
static_assert(sizeof(D) == 3 * sizeof(double));
static_assert(sizeof(Dual<0>) <= 2 * sizeof(double));

TEST(Dual, ArithmeticFollowsTheRulesOfDifferentiation) {
  const D x = D::variable(3.0, 0);
  const D y = D::variable(-2.0, 1);
  const D f = x * y + x / y - 2.0 * x + (1.0 - y) * 4.0 + 6.0 / x - y / 4.0;
  EXPECT_EQ(f.value(), -6.0 - 1.5 - 6.0 + 12.0 + 2.0 + 0.5);
  EXPECT_DOUBLE_EQ(f.slope(0), -2.0 - 0.5 - 2.0 - 6.0 / 9.0);
  EXPECT_DOUBLE_EQ(f.slope(1), 3.0 - 3.0 / 4.0 - 4.0 - 0.25);
}

TEST(Dual, CompoundAssignmentIsTheSameArithmetic) {
  const D x = D::variable(3.0, 0);
  D y = x;
  y += x;
  y *= x;
  y -= 1;
  y /= x;
  y *= 0.5;
  y -= x;
  y += 2.0;
  y /= 4;
  EXPECT_DOUBLE_EQ(y.value(), ((18.0 - 1) / 3 * 0.5 - 3 + 2) / 4);
  EXPECT_DOUBLE_EQ(y.slope(0), ((2.0 + 1.0 / 9.0) * 0.5 - 1.0) / 4);
  EXPECT_EQ(y.slope(1), 0.0);
}

TEST(Dual, ComparesByValue) {
  const D x = D::variable(3.0, 0);
  EXPECT_TRUE(x > 2 && x >= 3.0 && x == D(3.0) && x != 4.0 && 2 < x);
  EXPECT_FALSE(D(std::numeric_limits<double>::quiet_NaN()) == x);
}

TEST(Dual, ADirectionThatDoesNotMoveStaysZeroWhereASlopeIsInfinite) {
  const D x = D::variable(0.0, 0);
  const D f = sqrt(x) + D::variable(5.0, 1);
  EXPECT_EQ(f.slope(0), std::numeric_limits<double>::infinity());
  EXPECT_EQ(f.slope(1), 1.0);
}

TEST(Dual, WithoutDirectionsGivesTheSameValue) {
  const auto f = [](const auto& x) { return exp(x) * sin(x) + pow(x, 3) / tanh(x) - log1p(x); };
  for (const double v : {0.1, 0.7, 2.5, 11.0}) EXPECT_EQ(f(Dual<0>(v)).value(), f(D::variable(v, 0)).value());
}

}  // namespace
}  // namespace descent::autodiff

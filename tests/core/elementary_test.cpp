// Special values, as C (annex F) has them. Accuracy and the same bits everywhere are proved in
// tests/simd/math_test.cpp.
#include "descent/core/elementary.hpp"

#include <gtest/gtest.h>

#include <cfloat>
#include <cmath>
#include <limits>

namespace descent {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(Elementary, CarryNan) {
  for (const auto function :
       {math::exp, math::expm1, math::log, math::log1p, math::sin, math::cos, math::tan, math::asin, math::acos,
        math::atan, math::sinh, math::cosh, math::tanh, math::erf, math::sigmoid, math::softplus})
    EXPECT_TRUE(std::isnan(function(kNan)));
  EXPECT_TRUE(std::isnan(math::atan2(kNan, 1.0)));
  EXPECT_TRUE(std::isnan(math::pow(kNan, 2.0)));
}

TEST(Elementary, KeepTheSignOfZero) {
  for (const auto function :
       {math::expm1, math::log1p, math::sin, math::tan, math::asin, math::atan, math::sinh, math::tanh, math::erf}) {
    EXPECT_TRUE(function(-0.0) == 0.0 && std::signbit(function(-0.0)));
    EXPECT_FALSE(std::signbit(function(0.0)));
    EXPECT_EQ(function(-DBL_TRUE_MIN), -DBL_TRUE_MIN);
  }
}

TEST(Elementary, AreExactWhereTheTruthIs) {
  EXPECT_EQ(math::exp(0.0), 1.0);
  EXPECT_EQ(math::log(1.0), 0.0);
  EXPECT_EQ(math::cos(0.0), 1.0);
  EXPECT_EQ(math::cosh(0.0), 1.0);
  EXPECT_EQ(math::acos(1.0), 0.0);
  EXPECT_EQ(math::sigmoid(0.0), 0.5);
  EXPECT_EQ(math::pow(3.0, 4.0), 81.0);
  EXPECT_EQ(math::pow(2.0, -1074.0), DBL_TRUE_MIN);
}

TEST(Elementary, EndWhereTheNumbersEnd) {
  EXPECT_EQ(math::exp(kInfinity), kInfinity);
  EXPECT_EQ(math::exp(-kInfinity), 0.0);
  EXPECT_EQ(math::exp(709.79), kInfinity);
  EXPECT_LT(math::exp(709.78271289338397), kInfinity);
  EXPECT_GT(math::exp(-745.13), 0.0);
  EXPECT_EQ(math::log(0.0), -kInfinity);
  EXPECT_TRUE(std::isnan(math::log(-1.0)));
  EXPECT_EQ(math::log1p(-1.0), -kInfinity);
  EXPECT_LT(math::log1p(DBL_MAX), 710.0);
  EXPECT_LT(math::sinh(710.4758), kInfinity);
  EXPECT_LT(math::cosh(-710.4758), kInfinity);
  EXPECT_EQ(math::sinh(-710.4759), -kInfinity);
  EXPECT_EQ(math::tanh(1000.0), 1.0);
  EXPECT_EQ(math::erf(30.0), 1.0);
  EXPECT_EQ(math::erf(-30.0), -1.0);
  EXPECT_TRUE(std::isnan(math::asin(1.0000000000000002)));
  EXPECT_TRUE(std::isnan(math::sin(kInfinity)));
  EXPECT_EQ(math::atan2(0.0, -1.0), 0x1.921fb54442d18p+1);
  EXPECT_EQ(math::atan2(-0.0, -1.0), -0x1.921fb54442d18p+1);
}

TEST(Pow, FollowsTheTableOfC) {
  EXPECT_EQ(math::pow(0.0, 0.0), 1.0);
  EXPECT_EQ(math::pow(kNan, 0.0), 1.0);
  EXPECT_EQ(math::pow(1.0, kNan), 1.0);
  EXPECT_EQ(math::pow(-1.0, kInfinity), 1.0);
  EXPECT_EQ(math::pow(-8.0, 3.0), -512.0);
  EXPECT_TRUE(std::isnan(math::pow(-8.0, 1.0 / 3.0)));
  EXPECT_EQ(math::pow(-0.0, -3.0), -kInfinity);
  EXPECT_EQ(math::pow(0.5, -kInfinity), kInfinity);
}

TEST(Sigmoid, NeitherOverflowsNorLosesItsTail) {
  EXPECT_EQ(math::sigmoid(kInfinity), 1.0);
  EXPECT_EQ(math::sigmoid(-kInfinity), 0.0);
  EXPECT_EQ(math::sigmoid(1e308), 1.0);
  EXPECT_EQ(math::sigmoid(-1e308), 0.0);
  EXPECT_EQ(math::sigmoid(-740.0), math::exp(-740.0));
  EXPECT_NEAR(math::sigmoid(2.0) + math::sigmoid(-2.0), 1.0, 1e-16);
}

TEST(Softplus, IsItsArgumentFarOutAndExpFarDown) {
  EXPECT_EQ(math::softplus(800.0), 800.0);
  EXPECT_EQ(math::softplus(kInfinity), kInfinity);
  EXPECT_EQ(math::softplus(-kInfinity), 0.0);
  EXPECT_EQ(math::softplus(-1e308), 0.0);
  EXPECT_NEAR(math::softplus(-50.0) / math::exp(-50.0), 1.0, 1e-15);
  EXPECT_NEAR(math::softplus(0.0), 0.69314718055994531, 1e-16);
}

}  // namespace
}  // namespace descent

// Special functions: values by mpmath, and what happens where they end. The same bits everywhere are proved in
// tests/simd/math_test.cpp.
#include "descent/core/special_functions.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <functional>
#include <limits>
#include <map>
#include <sstream>
#include <string>

#include "descent/core/elementary.hpp"

namespace descent {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

const std::map<std::string, std::function<double(double, double)>> kFunctions = {
    {"erfc", [](double, double x) { return math::erfc(x); }},
    {"gamma", [](double, double x) { return math::gamma(x); }},
    {"lgamma", [](double, double x) { return math::lgamma(x); }},
    {"digamma", [](double, double x) { return math::digamma(x); }},
    {"trigamma", [](double, double x) { return math::trigamma(x); }},
    {"polygamma", [](double n, double x) { return math::polygamma(n, x); }},
    {"j0", [](double, double x) { return math::j0(x); }},
    {"j1", [](double, double x) { return math::j1(x); }},
    {"jn", [](double n, double x) { return math::jn(n, x); }},
    {"y0", [](double, double x) { return math::y0(x); }},
    {"y1", [](double, double x) { return math::y1(x); }},
};

TEST(Special, AreMpmathsToThirteenDigits) {
  std::ifstream file(DESCENT_SOURCE_DIR "/tests/golden/special_functions.txt");
  std::map<std::string, double> worst;
  std::map<std::string, int> count;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream words(line);
    std::string name, order, x, expected;
    words >> name >> order >> x >> expected;
    const double n = order == "-" ? 0.0 : std::stod(order), at = std::stod(x), value = std::stod(expected);
    const double error = std::fabs(kFunctions.at(name)(n, at) / value - 1.0);
    EXPECT_LE(error, 1e-13) << line << ", got " << kFunctions.at(name)(n, at);
    worst[name] = std::fmax(worst[name], error);
    ++count[name];
  }
  for (const auto& [name, function] : kFunctions) EXPECT_GE(count[name], 100) << name;
  for (const auto& [name, error] : worst) RecordProperty(name, std::to_string(error * 1e16));
}

TEST(Special, NextToZerosTheyAreWithinRoundingOfTheirSizeNearby) {
  EXPECT_NEAR(math::j0(2.4048255576957728), 0.0, 1e-15);
  EXPECT_NEAR(math::j0(30.634606468431975), 0.0, 1e-15);
  EXPECT_NEAR(math::j1(3.8317059702075123), 0.0, 1e-15);
  EXPECT_NEAR(math::y0(0.89357696627916752), 0.0, 1e-15);
  EXPECT_NEAR(math::y1(2.1971413260310171), 0.0, 1e-15);
  EXPECT_NEAR(math::digamma(1.4616321449683624), 0.0, 1e-15);
  EXPECT_EQ(math::lgamma(1.0), 0.0);
  EXPECT_EQ(math::lgamma(2.0), 0.0);
}

TEST(Special, CarryNan) {
  for (const auto function :
       {math::erfc, math::gamma, math::lgamma, math::digamma, math::trigamma, math::j0, math::j1, math::y0, math::y1})
    EXPECT_TRUE(std::isnan(function(kNan)));
  for (const auto function : {math::polygamma, math::jn}) {
    EXPECT_TRUE(std::isnan(function(2.0, kNan)));
    EXPECT_TRUE(std::isnan(function(kNan, 2.0)));
    EXPECT_TRUE(std::isnan(function(1.5, 2.0)));
    EXPECT_TRUE(std::isnan(function(1e300, 2.0)));
  }
}

TEST(Gamma, HasThePolesOfC) {
  EXPECT_EQ(math::gamma(0.0), kInfinity);
  EXPECT_EQ(math::gamma(-0.0), -kInfinity);
  EXPECT_TRUE(std::isnan(math::gamma(-1.0)));
  EXPECT_TRUE(std::isnan(math::gamma(-kInfinity)));
  EXPECT_EQ(math::gamma(kInfinity), kInfinity);
  EXPECT_LT(math::gamma(171.62), kInfinity);
  EXPECT_EQ(math::gamma(171.63), kInfinity);
  EXPECT_EQ(math::gamma(5.0), 24.0);
  for (const double x : {0.0, -0.0, -1.0, -1e300, kInfinity, -kInfinity}) EXPECT_EQ(math::lgamma(x), kInfinity);
}

TEST(Polygamma, IsInfiniteOrNanAtThePoles) {
  for (const double x : {0.0, -0.0, -1.0, -7.0, -1e300}) {
    EXPECT_TRUE(std::isnan(math::digamma(x)));
    EXPECT_EQ(math::trigamma(x), kInfinity);
    EXPECT_TRUE(std::isnan(math::polygamma(2.0, x)));
    EXPECT_EQ(math::polygamma(3.0, x), kInfinity);
  }
  EXPECT_EQ(math::digamma(kInfinity), kInfinity);
  EXPECT_EQ(math::trigamma(kInfinity), 0.0);
  for (const double n : {0.0, 1.0, 2.0}) EXPECT_TRUE(std::isnan(math::polygamma(n, -kInfinity)));
  EXPECT_TRUE(std::isnan(math::polygamma(-1.0, 2.0)));
  EXPECT_TRUE(std::isnan(math::polygamma(65.0, 2.0)));
  EXPECT_EQ(math::digamma(5e-324), -kInfinity);
  EXPECT_EQ(math::polygamma(0.0, 2.5), math::digamma(2.5));
}

TEST(Bessel, EndsWhereTheNumbersEnd) {
  EXPECT_EQ(math::j0(0.0), 1.0);
  EXPECT_TRUE(math::j1(-0.0) == 0.0 && std::signbit(math::j1(-0.0)));
  EXPECT_EQ(math::j1(1e-300), 0.5e-300);
  for (const double x : {kInfinity, -kInfinity}) {
    EXPECT_EQ(math::j0(x), 0.0);
    EXPECT_EQ(math::j1(x), 0.0);
    EXPECT_EQ(math::jn(5.0, x), 0.0);
  }
  EXPECT_EQ(math::y0(kInfinity), 0.0);
  EXPECT_EQ(math::y1(kInfinity), 0.0);
  for (const auto y : {math::y0, math::y1}) {
    EXPECT_EQ(y(0.0), -kInfinity);
    EXPECT_EQ(y(-0.0), -kInfinity);
    EXPECT_TRUE(std::isnan(y(-1.0)));
    EXPECT_TRUE(std::isnan(y(-kInfinity)));
  }
  EXPECT_LT(std::fabs(math::j0(1e300)), 1e-149);
}

TEST(Bessel, OfWholeOrderAreThoseOfOrderZeroAndOneAndOddOrEven) {
  for (const double x : {0.0, 1e-9, 0.3, 2.0, 7.5, 40.0}) {
    EXPECT_EQ(math::jn(0.0, x), math::j0(x));
    EXPECT_EQ(math::jn(1.0, x), math::j1(x));
    for (const double n : {2.0, 3.0, 10.0}) {
      const double sign = n == 3.0 ? -1.0 : 1.0;
      EXPECT_EQ(math::jn(n, -x), sign * math::jn(n, x));
      EXPECT_EQ(math::jn(-n, x), sign * math::jn(n, x));
    }
  }
  EXPECT_EQ(math::jn(2.0, 0.0), 0.0);
  EXPECT_EQ(math::jn(1000.0, 1.0), 0.0);
  EXPECT_TRUE(std::isnan(math::jn(1001.0, 1.0)));
}

}  // namespace
}  // namespace descent

#include "descent/core/special_functions.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

namespace descent::math {
namespace {

TEST(SpecialFunctions, AreScipysToTwelveDigits) {
  const std::map<std::string, double (*)(double)> functions{{"erfc", erfc},       {"gamma", gamma}, {"lgamma", lgamma},
                                                            {"digamma", digamma}, {"j0", j0},       {"j1", j1},
                                                            {"y0", y0},           {"y1", y1}};
  std::ifstream file(DESCENT_SOURCE_DIR "/tests/golden/special_functions.txt");
  int read = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.front() == '#') continue;
    std::istringstream words(line);
    std::string name, value_text;
    double n = 0.0, x = 0.0;
    words >> name;
    if (name == "polygamma") words >> n;
    words >> x >> value_text;
    const double wanted = std::strtod(value_text.c_str(), nullptr);  // subnormals too
    const double got = name == "polygamma" ? polygamma(n, x) : functions.at(name)(x);
    // Near a zero of the function its value is what cancellation leaves.
    const double scale = std::fmax(std::fabs(wanted), name == "erfc" || name == "polygamma" ? 0.0 : 0.3);
    EXPECT_NEAR(got, wanted, 1e-12 * scale) << line;
    ++read;
  }
  EXPECT_GT(read, 400);
}

TEST(SpecialFunctions, HavePolesWhereTheyAreSaidToBe) {
  for (const double pole : {0.0, -1.0, -2.0, -7.0}) {
    EXPECT_TRUE(std::isnan(digamma(pole))) << pole;
    EXPECT_TRUE(std::isnan(polygamma(1, pole))) << pole;
    EXPECT_EQ(lgamma(pole), HUGE_VAL) << pole;
    EXPECT_FALSE(std::isfinite(gamma(pole))) << pole;
  }
  EXPECT_EQ(gamma(172.0), HUGE_VAL);
  EXPECT_EQ(y0(0.0), -HUGE_VAL);
  EXPECT_TRUE(std::isnan(y1(-1.0)));
  EXPECT_TRUE(std::isnan(polygamma(0.5, 1.0)));
  EXPECT_TRUE(std::isnan(polygamma(21, 1.0)));
  for (auto f : {erfc, gamma, lgamma, digamma, j0, j1, y0, y1, heaviside}) EXPECT_TRUE(std::isnan(f(std::nan(""))));
}

TEST(SpecialFunctions, PolygammaIsTheDerivativeOfTheOneBefore) {
  for (const double x : {0.3, 1.0, 4.5, 20.0, -0.5, -3.3})
    for (int n = 0; n < 6; ++n) {
      const double h = 1e-5;
      const double slope = (polygamma(n, x + h) - polygamma(n, x - h)) / (2 * h);
      EXPECT_NEAR(polygamma(n + 1, x), slope, 1e-5 * std::fabs(slope) + 1e-7) << n << ", " << x;
    }
}

TEST(SpecialFunctions, HeavisideIsHalfAtZero) {
  EXPECT_EQ(heaviside(-1e-300), 0.0);
  EXPECT_EQ(heaviside(0.0), 0.5);
  EXPECT_EQ(heaviside(2.0), 1.0);
}

}  // namespace
}  // namespace descent::math

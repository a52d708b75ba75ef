#include "src/report/thin.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace descent::report {
namespace {

bool holds(const std::vector<std::size_t>& kept, std::size_t index) {
  return std::find(kept.begin(), kept.end(), index) != kept.end();
}

TEST(ThinCurve, KeepsEveryPointOfAShortCurve) {
  const std::vector<double> y(100, 1.0);
  EXPECT_EQ(thin_curve(y, 100).size(), 100U);
}

TEST(ThinCurve, KeepsPeaksValleysGapsAndEndsOfAMillionPoints) {
  std::vector<double> y(1'000'000);
  for (std::size_t i = 0; i < y.size(); ++i) y[i] = std::sin(static_cast<double>(i) * 1e-4);
  y[123'457] = 50.0;
  y[777'777] = -50.0;
  y[500'001] = std::numeric_limits<double>::quiet_NaN();
  const std::vector<std::size_t> kept = thin_curve(y, 2000);
  EXPECT_LE(kept.size(), 2000U);
  EXPECT_TRUE(std::is_sorted(kept.begin(), kept.end()));
  for (const std::size_t index : {0U, 123'457U, 500'001U, 777'777U, 999'999U}) EXPECT_TRUE(holds(kept, index)) << index;
}

TEST(ThinCloud, KeepsTheExtremesOfBothAxesAndOfTheirDifference) {
  std::vector<double> x(50'000);
  std::vector<double> y(50'000);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = y[i] = std::fmod(static_cast<double>(i) * 0.618, 1.0);
  x[11] = -3.0;
  y[22] = 9.0;
  y[33] = x[33] - 5.0;
  const std::vector<std::size_t> kept = thin_cloud(x, y, 1000);
  EXPECT_LE(kept.size(), 1000U);
  for (const std::size_t index : {11U, 22U, 33U}) EXPECT_TRUE(holds(kept, index)) << index;
}

TEST(ThinPath, LeavesOutOnlyWhatLiesCloserThanCanBeSeen) {
  std::vector<double> x;
  std::vector<double> y;
  for (int i = 0; i < 20'000; ++i) {  // slows down towards (0, 0), as descents do
    const double t = std::exp(-1e-3 * i);
    x.push_back(t);
    y.push_back(t * t);
  }
  const std::vector<std::size_t> kept = thin_path(x, y, 1.0, 1.0, 400);
  EXPECT_LE(kept.size(), 400U);
  EXPECT_EQ(kept.front(), 0U);
  EXPECT_EQ(kept.back(), 19'999U);
  for (std::size_t k = 1; k < kept.size(); ++k)
    EXPECT_LT(std::hypot(x[kept[k]] - x[kept[k - 1]], y[kept[k]] - y[kept[k - 1]]), 0.02);
}

TEST(ThinPath, IsThinnedEvenlyWhenItJumpsAbout) {
  std::vector<double> x;
  for (int i = 0; i < 1000; ++i) x.push_back(i % 2 == 0 ? -1.0 : 1.0);
  const std::vector<std::size_t> kept = thin_path(x, x, 2.0, 2.0, 100);
  EXPECT_EQ(kept.size(), 100U);
  EXPECT_EQ(kept.back(), 999U);
}

}  // namespace
}  // namespace descent::report

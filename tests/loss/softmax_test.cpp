#include "descent/loss/softmax.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace descent::loss {
namespace {

double value(std::vector<double> scores, double code) {
  double result = 0.0;
  softmax_cross_entropy(scores, {&code, 1}, scores.size(), {&result, 1}, {});
  return result;
}

TEST(Softmax, OfEqualScoresIsTheLogarithmOfTheNumberOfClasses) {
  EXPECT_NEAR(value({0.0, 0.0, 0.0}, 1.0), 1.0986122886681098, 1e-15);
  EXPECT_NEAR(value({700.0, 700.0}, 0.0), 0.69314718055994531, 1e-15);
}

TEST(Softmax, SlopesAreTheDerivativeOfTheValue) {
  const std::vector<double> scores{0.3, -1.2, 2.0, 0.9, 0.1, 0.1, -5.0, 4.0};
  const std::vector<double> codes{2.0, 3.0};
  std::vector<double> values(2), slopes(8);
  softmax_cross_entropy(scores, codes, 4, values, slopes);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    std::vector<double> up = scores, down = scores;
    up[i] += 1e-6;
    down[i] -= 1e-6;
    std::vector<double> above(2), below(2);
    softmax_cross_entropy(up, codes, 4, above, {});
    softmax_cross_entropy(down, codes, 4, below, {});
    EXPECT_NEAR(slopes[i], (above[i / 4] - below[i / 4]) / 2e-6, 1e-9);
  }
}

TEST(Softmax, WithTwoClassesIsTheLogisticLossOfTheDifference) {
  for (const double s : {-30.0, -2.0, 0.0, 0.5, 40.0})
    EXPECT_NEAR(value({0.0, s}, 1.0), std::log1p(std::exp(-s)), 1e-15 * (1 + std::fabs(s)));
}

TEST(Softmax, KeepsItsPrecisionWhenTheOwnClassIsFarAhead) {
  EXPECT_NEAR(value({0.0, 50.0}, 1.0), 1.9287498479639178e-22, 1e-36);
  std::vector<double> scores{0.0, 50.0}, slopes(2);
  const double code = 1.0;
  double loss = 0.0;
  softmax_cross_entropy(scores, {&code, 1}, 2, {&loss, 1}, slopes);
  EXPECT_NEAR(slopes[1], -1.9287498479639178e-22, 1e-36);
}

TEST(Softmax, HoldsForScoresOfAnySize) {
  EXPECT_EQ(value({1e308, -1e308}, 0.0), 0.0);
  EXPECT_EQ(value({0.0, 1e6}, 0.0), 1e6);
}

TEST(Softmax, MayWriteItsSlopesOverTheScores) {
  std::vector<double> scores{0.3, -1.2, 2.0}, apart(3), values(1), same(1);
  const double code = 0.0;
  softmax_cross_entropy(scores, {&code, 1}, 3, values, apart);
  softmax_cross_entropy(scores, {&code, 1}, 3, same, scores);
  EXPECT_EQ(scores, apart);
  EXPECT_EQ(values, same);
}

TEST(Softmax, ProbabilitiesAddUpToOne) {
  std::vector<double> rows{1.0, 2.0, 3.0, -1000.0, 0.0, 1000.0};
  softmax(rows, 3);
  EXPECT_NEAR(rows[0] + rows[1] + rows[2], 1.0, 1e-15);
  EXPECT_EQ(rows[5], 1.0);
  EXPECT_EQ(rows[3], 0.0);
}

}  // namespace
}  // namespace descent::loss

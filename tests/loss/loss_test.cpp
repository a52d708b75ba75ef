#include "descent/loss/loss.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace descent::loss {
namespace {

struct At {
  double value, slope, curvature;
};

At at(const Loss& loss, double score, double target) {
  At result{};
  loss.evaluate({&score, 1}, {&target, 1}, {&result.value, 1}, {&result.slope, 1});
  loss.curvature({&score, 1}, {&target, 1}, {&result.curvature, 1});
  return result;
}

std::vector<std::shared_ptr<const Loss>> all_losses() {
  std::vector<std::shared_ptr<const Loss>> result;
  for (const auto& named : loss_registry().items()) {
    result.push_back(parse_loss(named.entry.name));
    result.push_back(parse_loss(named.entry.example));
    if (const auto smooth = result.back()->smoothed(0.05)) result.push_back(smooth);
  }
  return result;
}

std::vector<double> targets_of(const Loss& loss) {
  if (loss.target() == TargetKind::sign) return {-1.0, 1.0};
  return {-3.0, 0.0, 0.25, 7.0};
}

// Kinks lie at whole multiples of 0.05 for the parameters used; these scores keep a distance of at least 0.004 from
// them.
std::vector<double> scores() {
  std::vector<double> result;
  for (int i = -200; i <= 200; ++i) result.push_back(0.05 * i + 0.0063);
  return result;
}

TEST(Loss, SlopeIsTheDerivativeOfTheValueForEveryLossInTheRegistry) {
  for (const auto& loss : all_losses())
    for (const double y : targets_of(*loss))
      for (const double s : scores()) {
        const double h = 1e-6;
        const double numeric = (at(*loss, s + h, y).value - at(*loss, s - h, y).value) / (2 * h);
        EXPECT_NEAR(at(*loss, s, y).slope, numeric, 1e-7 * std::max(1.0, std::fabs(numeric)))
            << loss->text() << " s " << s << " y " << y;
      }
}

TEST(Loss, CurvatureIsTheDerivativeOfTheSlopeAndNeverAboveItsBound) {
  for (const auto& loss : all_losses())
    for (const double y : targets_of(*loss))
      for (const double s : scores()) {
        const double h = 1e-6;
        const double numeric = (at(*loss, s + h, y).slope - at(*loss, s - h, y).slope) / (2 * h);
        const double curvature = at(*loss, s, y).curvature;
        EXPECT_NEAR(curvature, numeric, 1e-6 * std::max(1.0, std::fabs(numeric)))
            << loss->text() << " s " << s << " y " << y;
        EXPECT_LE(curvature, loss->max_curvature());
      }
}

TEST(Loss, EveryLossIsConvexAndNeverNegative) {
  for (const auto& loss : all_losses())
    for (const double y : targets_of(*loss)) {
      double before = -1e300;
      for (const double s : scores()) {
        EXPECT_GE(at(*loss, s, y).value, 0.0) << loss->text();
        EXPECT_GE(at(*loss, s, y).slope, before) << loss->text() << " at " << s;
        before = at(*loss, s, y).slope;
      }
    }
}

TEST(Loss, SmoothedStaysBelowByAtMostTheWidth) {
  int found = 0;
  for (const auto& loss : all_losses()) {
    EXPECT_TRUE(loss->smooth() || loss->smoothed(0.1) != nullptr) << loss->text();
    for (const double width : {1.0, 1e-3}) {
      const auto smooth = loss->smoothed(width);
      if (smooth == nullptr) continue;
      ++found;
      EXPECT_TRUE(smooth->smooth());
      for (const double y : targets_of(*loss))
        for (const double s : scores()) {
          const double gap = at(*loss, s, y).value - at(*smooth, s, y).value;
          EXPECT_GE(gap, -1e-14) << loss->text();
          EXPECT_LE(gap, width + 1e-14) << loss->text();
        }
    }
  }
  EXPECT_GE(found, 8);  // hinge, perceptron, epsilon_insensitive and quantile
}

TEST(Loss, TextReadsBackToTheSameLoss) {
  EXPECT_EQ(parse_loss("huber")->text(), "huber(1.35)");
  EXPECT_EQ(parse_loss("huber:0.5")->text(), "huber(0.5)");
  EXPECT_EQ(parse_loss(" quantile( q = 0.9 ) ")->text(), "quantile(0.9)");
  for (const auto& named : loss_registry().items()) {
    const auto loss = parse_loss(named.entry.example);
    EXPECT_EQ(parse_loss(loss->text())->text(), loss->text());
  }
}

TEST(Loss, RefusesWhatItDoesNotKnowWithAHint) {
  EXPECT_THROW(
      {
        try {
          (void)parse_loss("squared_eror");
        } catch (const Error& error) {
          EXPECT_EQ(error.code(), ErrorCode::usage);
          EXPECT_NE(std::string(error.what()).find("squared_error"), std::string::npos) << error.what();
          throw;
        }
      },
      Error);
  EXPECT_THROW((void)parse_loss("huber(0)"), Error);
  EXPECT_THROW((void)parse_loss("quantile(1)"), Error);
  EXPECT_THROW((void)parse_loss("hinge(1)"), Error);
}

TEST(Loss, CompatDecidesWhetherTheHingeSlopesAtItsKink) {
  EXPECT_EQ(at(*parse_loss("hinge"), 1.0, 1.0).slope, 0.0);
  EXPECT_EQ(at(*parse_loss("hinge", Compat::sklearn_1_2), 1.0, 1.0).slope, -1.0);
  EXPECT_EQ(at(*parse_loss("hinge", Compat::sklearn_1_2), -1.0, -1.0).slope, 1.0);
  EXPECT_EQ(at(*parse_loss("perceptron"), 0.0, 1.0).slope, 0.0);
  EXPECT_EQ(at(*parse_loss("perceptron", Compat::sklearn_1_2), 0.0, 1.0).slope, -1.0);
  EXPECT_EQ(at(*parse_loss("hinge", Compat::sklearn_1_2), 1.0, 1.0).value, 0.0);
  EXPECT_THROW((void)parse_compat("sklearn"), Error);
}

// Formulas evaluated in exact arithmetic or, for the logarithms, to 17 digits with mpmath-grade closed forms.
TEST(Loss, HasTheTextbookValues) {
  EXPECT_EQ(at(*parse_loss("squared_error"), 1.0, 3.0).value, 4.0);
  EXPECT_EQ(at(*parse_loss("squared_error"), 1.0, 3.0).slope, -4.0);
  EXPECT_EQ(at(*parse_loss("huber(1)"), 0.5, 0.0).value, 0.125);
  EXPECT_EQ(at(*parse_loss("huber(1)"), -3.0, 0.0).value, 2.5);
  EXPECT_EQ(at(*parse_loss("huber(1)"), -3.0, 0.0).slope, -1.0);
  EXPECT_EQ(at(*parse_loss("epsilon_insensitive(0.5)"), 2.0, 0.0).value, 1.5);
  EXPECT_EQ(at(*parse_loss("squared_epsilon_insensitive(0.5)"), 2.0, 0.0).value, 2.25);
  EXPECT_EQ(at(*parse_loss("quantile(0.75)"), 1.0, 3.0).value, 1.5);
  EXPECT_EQ(at(*parse_loss("quantile(0.75)"), 3.0, 1.0).value, 0.5);
  EXPECT_EQ(at(*parse_loss("hinge"), 0.25, 1.0).value, 0.75);
  EXPECT_EQ(at(*parse_loss("squared_hinge"), -1.0, 1.0).value, 4.0);
  EXPECT_EQ(at(*parse_loss("modified_huber"), -2.0, 1.0).value, 8.0);
  EXPECT_EQ(at(*parse_loss("perceptron"), -2.0, 1.0).value, 2.0);
  EXPECT_DOUBLE_EQ(at(*parse_loss("log_loss"), 0.0, 1.0).value, 0.69314718055994531);
  EXPECT_EQ(at(*parse_loss("log_loss"), 0.0, 1.0).slope, -0.5);
}

TEST(Loss, LogLossKeepsItsPrecisionFarFromZero) {
  const auto loss = parse_loss("log_loss");
  EXPECT_NEAR(at(*loss, 50.0, 1.0).value, 1.9287498479639178e-22, 1e-37);  // exp(-50) to first order
  EXPECT_EQ(at(*loss, -1000.0, 1.0).value, 1000.0);
  EXPECT_EQ(at(*loss, -1000.0, 1.0).slope, -1.0);
  EXPECT_EQ(at(*loss, 1000.0, 1.0).value, 0.0);
  EXPECT_TRUE(std::isnan(at(*loss, std::nan(""), 1.0).value));
}

TEST(Loss, ASpanHasTheBitsOfItsElementsOneByOne) {
  for (const auto& loss : all_losses()) {
    std::vector<double> s = scores();
    s.push_back(800.0);
    s.push_back(-800.0);
    std::vector<double> y(s.size());
    for (std::size_t i = 0; i < y.size(); ++i) y[i] = i % 3 == 0 ? -1.0 : 1.0;
    std::vector<double> values(s.size()), slopes(s.size());
    loss->evaluate(s, y, values, slopes);
    for (std::size_t i = 0; i < s.size(); ++i) {
      EXPECT_EQ(values[i], at(*loss, s[i], y[i]).value) << loss->text() << " at " << s[i];
      EXPECT_EQ(slopes[i], at(*loss, s[i], y[i]).slope) << loss->text() << " at " << s[i];
    }
  }
}

TEST(Loss, ValuesAreTheSameWithAndWithoutSlopes) {
  for (const auto& loss : all_losses()) {
    const std::vector<double> s = scores();
    const std::vector<double> y(s.size(), loss->target() == TargetKind::sign ? -1.0 : 0.3);
    std::vector<double> with(s.size()), without(s.size()), slopes(s.size());
    loss->evaluate(s, y, with, slopes);
    loss->evaluate(s, y, without, {});
    EXPECT_EQ(with, without) << loss->text();
  }
}

}  // namespace
}  // namespace descent::loss

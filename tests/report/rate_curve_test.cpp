#include "descent/report/rate_curve.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "descent/core/error.hpp"

namespace descent::report {
namespace {

using ::testing::HasSubstr;

const std::vector<double> kRates{0.01, 0.1, 1.0, 10.0, 100.0};

TEST(RateCurve, EndsWhereTheLossIsAsFarAboveTheStartAsItFellBelowAndSaysSo) {
  const std::vector<double> losses{-1.0, -3.0, -5.0, 3.5, 1e300};  // fell by 5 from 0
  const Figure figure = rate_curve({.rates = kRates, .losses = losses, .start_loss = 0.0, .loss_name = "value"});
  ASSERT_EQ(figure.series.size(), 1U);
  EXPECT_TRUE(figure.x.log);
  EXPECT_FALSE(figure.y.log_switch) << "negative values have no logarithm";
  EXPECT_EQ(figure.series[0].style, SeriesStyle::line);
  EXPECT_EQ(figure.series[0].y[3], 3.5);
  EXPECT_TRUE(std::isnan(figure.series[0].y[4]));
  EXPECT_THAT(figure.caption, HasSubstr("From 100 on the value is above the picture."));
}

TEST(RateCurve, MarksAreLinesAcrossWhatIsDrawn) {
  const std::vector<double> losses{10.0, 4.0, 0.01, 12.0, std::numeric_limits<double>::infinity()};
  const std::vector<double> smoothed{10.0, 7.0, 3.0, 8.0, std::numeric_limits<double>::infinity()};
  const Figure figure = rate_curve({.rates = kRates,
                                    .losses = losses,
                                    .smoothed = smoothed,
                                    .start_loss = 10.0,
                                    .suggestion = 0.1,
                                    .marks = {{.name = "lowest", .rate = 1.0}, {.name = "steepest", .rate = 0.02}}});
  ASSERT_EQ(figure.series.size(), 5U);
  EXPECT_EQ(figure.series[0].style, SeriesStyle::points);
  EXPECT_EQ(figure.series[1].name, "smoothed");
  EXPECT_EQ(figure.series[2].name, "suggested 0.1");
  EXPECT_EQ(figure.series[2].style, SeriesStyle::line);
  EXPECT_EQ(figure.series[3].name, "steepest 0.02");
  EXPECT_EQ(figure.series[4].name, "lowest 1");
  EXPECT_EQ(figure.series[4].style, SeriesStyle::dashes);
  EXPECT_EQ(figure.series[2].x, (std::vector<double>{0.1, 0.1}));
  EXPECT_EQ(figure.series[2].y, (std::vector<double>{0.01, 12.0}));
  EXPECT_TRUE(figure.y.log) << "12 is more than 100 times 0.01";
  EXPECT_THAT(figure.caption, HasSubstr("Suggested: 0.1."));
}

TEST(RateCurve, ACurveThatNeverFellIsDrawnWhole) {
  const std::vector<double> losses{2.0, 3.0, 4.0, 50.0, 1e9};
  const Figure figure = rate_curve({.rates = kRates, .losses = losses, .start_loss = 1.0});
  EXPECT_EQ(figure.series[0].y, losses);
}

TEST(RateCurve, RefusesWhatCannotBeDrawn) {
  EXPECT_THROW((void)rate_curve({}), Error);
  const std::vector<double> two{1.0, 2.0};
  EXPECT_THROW((void)rate_curve({.rates = kRates, .losses = two}), Error);
}

}  // namespace
}  // namespace descent::report

#include "descent/report/fit_figures.hpp"

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "descent/core/error.hpp"

namespace descent::report {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(LineFit, DrawsTheLineInTheOrderOfX) {
  const Figure figure = line_fit(std::array{3.0, 1.0, 2.0}, std::array{30.0, 11.0, 19.0}, std::array{30.0, 10.0, 20.0});
  EXPECT_THAT(figure.series[0].x, ElementsAre(3, 1, 2));
  EXPECT_THAT(figure.series[1].x, ElementsAre(1, 2, 3));
  EXPECT_THAT(figure.series[1].y, ElementsAre(10, 20, 30));
}

TEST(LineFit, RefusesLengthsThatDiffer) {
  EXPECT_THROW((void)line_fit(std::array{1.0, 2.0}, std::array{1.0}, std::array{1.0, 2.0}), Error);
}

TEST(PredictedVsTrue, HasTheDiagonalOverAllThatIsFinite) {
  const Figure figure =
      predicted_vs_true(std::array{1.0, 5.0, std::nan("")}, std::array{-2.0, 4.0, 3.0}, {.y_label = "price"});
  EXPECT_EQ(figure.x.label, "true price");
  EXPECT_THAT(figure.series[1].x, ElementsAre(-2, 5));
  EXPECT_THAT(figure.series[1].y, ElementsAre(-2, 5));
  EXPECT_EQ(figure.series[1].style, SeriesStyle::dashes);
}

TEST(PredictedVsTrue, SaysHowManyOfManyPointsItDraws) {
  std::vector<double> values(10'000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i);
  const Figure figure = predicted_vs_true(values, values, {.max_points = 500});
  EXPECT_LE(figure.series[0].x.size(), 500U);
  EXPECT_THAT(figure.caption, HasSubstr("of 10,000 points are drawn"));
}

TEST(Coefficients, StandLargestFirstAndSayWhatWasLeftOut) {
  std::vector<std::string> names;
  std::vector<double> values;
  for (int i = 0; i < 40; ++i) {
    names.push_back("c" + std::to_string(i));
    values.push_back(i % 2 == 0 ? i : -i);
  }
  const Figure figure = coefficients(names, values);
  ASSERT_EQ(figure.y.categories.size(), 30U);
  EXPECT_EQ(figure.y.categories[0], "c39");
  EXPECT_EQ(figure.series[0].y[0], -39.0);
  EXPECT_THAT(figure.caption, HasSubstr("The 30 largest in magnitude of 40; none of the others exceeds 9."));
}

TEST(Coefficients, OfSeveralClassesAreOrderedByTheLargestAmongThem) {
  const std::vector<std::string> names{"a", "b"};
  const std::vector<CoefficientSeries> series{{"one", {3.0, 0.0}}, {"two", {0.0, -4.0}}};
  const Figure figure = coefficients(names, series);
  EXPECT_THAT(figure.y.categories, ElementsAre("b", "a"));
  EXPECT_THAT(figure.series[1].y, ElementsAre(-4.0, 0.0));
}

TEST(ConfusionMatrix, IsShadedByTheShareOfTheTrueClass) {
  const std::vector<std::string> classes{"no", "yes"};
  const HeatMapFigure figure = confusion_matrix(classes, std::array{3.0, 1.0, 0.0, 0.0});
  EXPECT_THAT(figure.values, ElementsAre(3, 1, 0, 0));
  EXPECT_THAT(figure.shades, ElementsAre(0.75, 0.25, 0.0, 0.0));
  EXPECT_THROW((void)confusion_matrix(classes, std::array{1.0}), Error);
}

}  // namespace
}  // namespace descent::report

#include "descent/report/gnuplot.hpp"

#include <array>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "descent/core/error.hpp"
#include "descent/report/fit_figures.hpp"

namespace descent::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Figure small_figure() {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  return {.title = "Fit of y",
          .x = {.label = "x (m)", .range = Range{0.0, 4.0}},
          .y = {.label = "y", .log = true},
          .series = {{.name = "data", .x = {0, 1, 2, 3}, .y = {1.5, kNan, 2.25, 1e-7}, .style = SeriesStyle::points},
                     {.name = "fit", .x = {0, 3}, .y = {1, 2}},
                     {.name = "ideal", .x = {0, 3}, .y = {1, 1}, .style = SeriesStyle::dashes}}};
}

TEST(GnuplotScript, OfASmallFigureIsTheGoldenOne) {
  std::ifstream file(std::string(DESCENT_SOURCE_DIR) + "/tests/golden/report/small_figure.gp", std::ios::binary);
  std::ostringstream golden;
  golden << file.rdbuf();
  EXPECT_EQ(gnuplot_script(small_figure(), {.output = "fit.svg"}), golden.str());
}

TEST(GnuplotScript, KeepsNamesFromTheDataInsideSingleQuotes) {
  Figure figure = small_figure();
  figure.series[0].name = "`touch owned`' ; system 'x'\nset output";
  const std::string script = gnuplot_script(figure);
  EXPECT_THAT(script, HasSubstr("title '`touch owned`'' ; system ''x'' set output'"));
}

TEST(GnuplotScript, DrawsLyingBarsAndCells) {
  const std::string bars = gnuplot_script(coefficients(std::array<std::string, 2>{"a", "b"}, std::array{1.0, -2.0}));
  EXPECT_THAT(bars, HasSubstr("set ytics ('b' 0, 'a' 1)"));
  EXPECT_THAT(bars, HasSubstr("set yrange [1.5:-0.5]"));
  const std::string cells =
      gnuplot_script(confusion_matrix(std::array<std::string, 2>{"a", "b"}, std::array{3.0, 1.0, 0.0, 4.0}));
  EXPECT_THAT(cells, HasSubstr("1 0 0.25 1\n"));
}

TEST(GnuplotScript, ForATerminalIsPlainUnlessColoursAreAskedFor) {
  const std::string mono = gnuplot_script(small_figure(), {.terminal = GnuplotTerminal::dumb});
  EXPECT_THAT(mono, HasSubstr("set terminal dumb noenhanced size 79,24 mono"));
  EXPECT_THAT(mono, Not(HasSubstr("rgb")));
  EXPECT_THAT(gnuplot_script(small_figure(), {.terminal = GnuplotTerminal::dumb, .color = true}), HasSubstr(" ansi\n"));
}

TEST(GnuplotScript, WidensAnAxisOnWhichEveryValueIsTheSame) {
  Figure figure{.title = "one"};
  figure.series = {{.name = "rows", .x = {4.0, 4.0}, .y = {0.0, 0.0}, .style = SeriesStyle::points}};
  const std::string script = gnuplot_script(figure, {.terminal = GnuplotTerminal::svg});
  EXPECT_NE(script.find("set xrange [2:6]"), std::string::npos) << script;
  EXPECT_NE(script.find("set yrange [-1:1]"), std::string::npos) << script;
  EXPECT_NE(script.find("pointsize 0.9"), std::string::npos) << script;
  figure.series[0].x[0] = 3.0;
  EXPECT_EQ(gnuplot_script(figure, {.terminal = GnuplotTerminal::svg}).find("set xrange"), std::string::npos);
}

TEST(GnuplotScript, RefusesSizesThatMakeNoSense) {
  EXPECT_THROW((void)gnuplot_script(small_figure(), {.width = -1}), Error);
  EXPECT_THROW((void)gnuplot_script(small_figure(), {.height = 30'000}), Error);
}

TEST(GnuplotTerminal, IsChosenByTheEndingOfTheFile) {
  EXPECT_EQ(gnuplot_terminal("a.svg"), GnuplotTerminal::svg);
  EXPECT_EQ(gnuplot_terminal("dir.svg/a.png"), GnuplotTerminal::png);
  EXPECT_EQ(gnuplot_terminal("a.jpeg"), std::nullopt);
}

}  // namespace
}  // namespace descent::report

#include "descent/report/figure.hpp"

#include <gtest/gtest.h>

#include "descent/report/contour.hpp"
#include "descent/report/fit_figures.hpp"
#include "descent/report/gnuplot.hpp"
#include "descent/report/page.hpp"
#include "descent/report/trace_figures.hpp"

namespace descent::report {
namespace {

TEST(AnyFigure, TellsTitleAndCaptionOfEveryKind) {
  EXPECT_EQ(title(AnyFigure{Figure{.title = "lines", .caption = "a"}}), "lines");
  EXPECT_EQ(title(AnyFigure{ContourFigure{.title = "levels", .caption = "b"}}), "levels");
  EXPECT_EQ(caption(AnyFigure{HeatMapFigure{.title = "cells", .caption = "c"}}), "c");
}

}  // namespace
}  // namespace descent::report

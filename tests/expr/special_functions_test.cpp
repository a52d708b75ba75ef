// Functions that are not elementary, in every program: values, slopes of any order, and names that are also variables.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "descent/core/elementary.hpp"
#include "descent/core/error.hpp"
#include "descent/core/special_functions.hpp"
#include "descent/expr/derivative.hpp"
#include "descent/expr/formula.hpp"
#include "descent/expr/program.hpp"
#include "descent/simd/target.hpp"

namespace descent::expr {
namespace {

const std::vector<std::string> kCalls = {"erfc(x)",         "gamma(x)", "lgamma(x)",   "digamma(x)", "trigamma(x)",
                                         "polygamma(2, x)", "j0(x)",    "j1(x)",       "jn(2, x)",   "jn(5, x)",
                                         "y0(x)",           "y1(x)",    "heaviside(x)"};

double value(const Formula& formula, double x) {
  Program program(formula);
  return program.evaluate({&x, 1});
}

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

TEST(SpecialFunctions, HaveTheBitsOfDescentMathInEveryProgramOnEveryTarget) {
  constexpr std::size_t kRows = 2 * kPointsPerBlock + 13;
  std::vector<double> x(kRows), values(kRows), partials(kRows);
  for (std::size_t i = 0; i < kRows; ++i) x[i] = i == 7 ? 0.0 : -3.0 + 0.05 * static_cast<double>(i);
  for (const std::string& call : kCalls) {
    Program program(parse(call));
    const ColumnProgram rows(parse("p*" + call, {.columns = {"x"}, .per_row = true}));
    RowProgram of_one_row(parse("sum(" + call + ")", {.columns = {"x"}}));
    DoubledProgram doubled(parse(call));
    for (const std::string& target : simd::supported_targets()) {
      simd::force_target(target);
      const std::vector<View> coordinates{x}, columns{x};
      const std::vector<MutableView> slopes{partials};
      program.evaluate_points(coordinates, values, slopes);
      std::vector<double> by_rows(kRows);
      const double p = 1.0;
      rows.evaluate({&p, 1}, columns, 0, by_rows, {});
      for (std::size_t i = 0; i < kRows; ++i) {
        double slope = 0.0;
        const double alone = program.evaluate({&x[i], 1}, {&slope, 1});
        ASSERT_TRUE(same(values[i], alone)) << call << " at " << x[i] << " on " << target;
        ASSERT_TRUE(same(partials[i], slope)) << call << " at " << x[i] << " on " << target;
        ASSERT_TRUE(same(by_rows[i], alone)) << call << " at " << x[i] << " on " << target;
        Doubled at(x[i]), out[2];
        doubled.evaluate({&at, 1}, {}, out);
        ASSERT_TRUE(same(out[0].value(), alone)) << call << " at " << x[i];
        const std::vector<View> row{View(x).subspan(i, 1)};
        const auto reduce = [](std::span<double> sums, const auto& block) { block(0, 1, sums); };
        ASSERT_TRUE(same(of_one_row.evaluate({}, {}, row, 1, reduce), alone)) << call << " at " << x[i];
      }
    }
    simd::reset_target();
  }
  EXPECT_EQ(value(parse("gamma(x)"), 4.5), math::gamma(4.5));
  EXPECT_EQ(value(parse("jn(3, x)"), 4.5), math::jn(3.0, 4.5));
  EXPECT_EQ(value(parse("polygamma(3, x)"), 4.5), math::polygamma(3.0, 4.5));
}

TEST(SpecialFunctions, DerivativesUpToTheThirdAreThoseOfDifferences) {
  for (const std::string& call : kCalls) {
    Formula f = parse(call);
    for (int order = 1; order <= 3; ++order) {
      const Formula slope = derivative(f, "x");
      for (const double x : {-1.3, 0.4, 1.7, 5.2, 11.0}) {
        if (x < 0.0 && call.starts_with("y")) continue;
        const double h = 1e-3;
        const double coarse = (value(f, x + h) - value(f, x - h)) / (2.0 * h);
        const double fine = (value(f, x + 0.5 * h) - value(f, x - 0.5 * h)) / h;
        const double difference = (4.0 * fine - coarse) / 3.0;
        EXPECT_NEAR(value(slope, x), difference, 1e-8 * (1.0 + std::fabs(difference))) << to_text(slope) << " at " << x;
      }
      f = parse(to_text(slope));
      EXPECT_TRUE(f == slope) << to_text(slope);
      if (f.variables().empty()) break;  // heaviside
    }
  }
}

TEST(SpecialFunctions, BesselFunctionsHaveEveryDerivativeAtZero) {
  Formula f = parse("j1(x)");
  for (const double expected : {0.5, 0.0, -0.375, 0.0}) {
    f = derivative(f, "x");
    EXPECT_EQ(value(f, 0.0), expected) << to_text(f);
  }
}

TEST(SpecialFunctions, HeavisideIsAHalfAtZero) {
  const Formula f = parse("heaviside(x)");
  EXPECT_EQ(value(f, -1e-300), 0.0);
  EXPECT_EQ(value(f, 0.0), 0.5);
  EXPECT_EQ(value(f, -0.0), 0.5);
  EXPECT_EQ(value(f, 1e-300), 1.0);
  EXPECT_TRUE(std::isnan(value(f, std::nan(""))));
  EXPECT_TRUE(has_kinks(f));
  EXPECT_EQ(to_text(parse("heaviside(3) + heaviside(0)")), "1.5");
}

TEST(SpecialFunctions, NamesWithoutABracketAreVariables) {
  EXPECT_EQ(parse("y0 + gamma*exp(-j1*x)").variables(), (std::vector<std::string>{"y0", "gamma", "j1", "x"}));
  for (const char* text : {"y0 + y0(x)", "gamma*gamma(gamma)", "2*y1^2", "y0*(x + y1)", "jn + jn(2, j0)"}) {
    EXPECT_EQ(to_text(parse(text)), text);
    EXPECT_TRUE(parse(to_text(parse(text))) == parse(text));
  }
  EXPECT_EQ(to_latex(parse("gamma*gamma(x) + y0")), R"(\gamma \Gamma\left(x\right) + y_{0})");
  EXPECT_EQ(used_columns(parse("a*y0", {.columns = {"y0"}, .per_row = true})), std::vector<std::string>{"y0"});
}

TEST(SpecialFunctions, OrdersThatHaveAFunctionOfTheirOwnAreThatFunction) {
  EXPECT_EQ(to_text(parse("jn(0, x) + jn(1, x)")), "j0(x) + j1(x)");
  EXPECT_EQ(to_text(parse("polygamma(0, x) + polygamma(1, x)")), "digamma(x) + trigamma(x)");
  EXPECT_EQ(to_text(derivative(parse("polygamma(3 - 1, x)"), "x")), "polygamma(3, x)");
}

}  // namespace
}  // namespace descent::expr

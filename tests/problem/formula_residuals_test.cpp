#include "src/problem/formula_residuals.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "descent/problem/formula_objective.hpp"

namespace descent {
namespace {

FormulaData rows(std::size_t count) {
  FormulaData data{.names = {"t", "y"}, .columns = {{}, {}}};
  for (std::size_t i = 0; i < count; ++i) {
    const double t = static_cast<double>(i) / static_cast<double>(count);
    data.columns[0].push_back(t);
    data.columns[1].push_back(2.0 * std::exp(-3.0 * t) + 0.1 * std::sin(static_cast<double>(7 * i)));
  }
  return data;
}

TEST(FormulaResiduals, AreHalfASumOfSquaresThatIsTheFormula) {
  for (const char* text :
       {"sum((y - a*exp(-b*t))^2)", "mean((y - a*exp(-b*t))^2)", "0.25*mean(3*(y - a*exp(-b*t))^2)"}) {
    FormulaObjective f(text, rows(1000));
    ResidualObjective* const residuals = f.as_residuals();
    ASSERT_NE(residuals, nullptr) << text;
    EXPECT_EQ(residuals->num_residuals(), 1000U);
    EXPECT_EQ(residuals->parameter_name(1), "b");
    const std::vector<double> x{1.5, 2.0};
    std::vector<double> expected(2), got(2);
    const double value = f.evaluate(x, expected);
    EXPECT_NEAR(residuals->evaluate(x, got), value, 1e-13 * value) << text;
    for (std::size_t j = 0; j < 2; ++j) EXPECT_NEAR(got[j], expected[j], 1e-12 * std::fabs(expected[j])) << text;
  }
}

TEST(FormulaResiduals, OfRowsAreThoseOfTheirBlock) {
  FormulaObjective f("sum((y - a*exp(-b*t))^2)", rows(600));
  ResidualObjective& residuals = *f.as_residuals();
  ASSERT_EQ(residuals.rows_per_block(), 256U);
  const std::vector<double> x{1.5, 2.0};
  double total = 0.0;
  for (std::size_t begin = 0; begin < 600; begin += 256) {
    const std::size_t count = std::min<std::size_t>(256, 600 - begin);
    std::vector<double> r(count), jacobian(2 * count);
    residuals.residual_rows(x, begin, r, jacobian);
    for (std::size_t i = 0; i < count; ++i) {
      const double t = static_cast<double>(begin + i) / 600.0;
      EXPECT_NEAR(jacobian[count + i], std::sqrt(2.0) * 1.5 * t * std::exp(-2.0 * t), 1e-13);
      total += r[i] * r[i];
    }
  }
  EXPECT_NEAR(0.5 * total, f.value(x), 1e-12 * f.value(x));
}

TEST(FormulaResiduals, AreNotGivenWhereTheFormulaIsNoSumOfSquaresToBeMinimised) {
  EXPECT_EQ(FormulaObjective("(1-x)^2 + 100*(z-x^2)^2").as_residuals(), nullptr);
  EXPECT_EQ(FormulaObjective("sum((y - a*t)^2) + a^2", rows(5)).as_residuals(), nullptr);
  EXPECT_EQ(FormulaObjective("sum((y - a*t)^2)", rows(5), {.maximize = true}).as_residuals(), nullptr);
}

}  // namespace
}  // namespace descent

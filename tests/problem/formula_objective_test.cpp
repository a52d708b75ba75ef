#include "descent/problem/formula_objective.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "descent/core/error.hpp"
#include "descent/core/random.hpp"

namespace descent {
namespace {

TEST(FormulaObjective, GivesValueGradientAndItsText) {
  FormulaObjective f("x^2 + 3y^2");
  std::vector<double> gradient(2);
  EXPECT_EQ(f.evaluate(std::vector{1.0, 2.0}, gradient), 13.0);
  EXPECT_EQ(gradient, (std::vector{2.0, 12.0}));
  EXPECT_EQ(f.gradient_text(0), "2*x");
  EXPECT_EQ(f.gradient_text(1), "6*y");
  EXPECT_EQ(f.gradient_latex(1), "6 y");
  EXPECT_EQ(f.gradient_source(), GradientSource::formula);
}

TEST(FormulaObjective, OrdersItsParametersAsTheTextNamesThem) {
  const FormulaObjective f("sin(beta) + alpha*beta + 0*gone");
  EXPECT_EQ(f.variables(), (std::vector<std::string>{"beta", "alpha", "gone"}));
  EXPECT_EQ(f.parameter_name(1), "alpha");
  EXPECT_EQ(f.gradient_text(2), "0");
}

TEST(FormulaObjective, ValueAloneHasTheBitsOfValueWithGradient) {
  FormulaObjective f("exp(-x*y)*(x-y)^3/(1+x^2) + x*y*(x-y)");
  const Rng rng(1);
  for (std::uint64_t i = 0; i < 100; ++i) {
    const std::vector<double> x{rng.normal(2 * i), rng.normal(2 * i + 1)};
    std::vector<double> gradient(2);
    EXPECT_EQ(f.value(x), f.evaluate(x, gradient));
  }
}

TEST(FormulaObjective, MaximizesByTurningTheSign) {
  FormulaObjective f("-x^2", {}, {.maximize = true});
  std::vector<double> gradient(1);
  EXPECT_EQ(f.evaluate(std::vector{3.0}, gradient), 9.0);
  EXPECT_EQ(gradient[0], 6.0);
  EXPECT_EQ(f.gradient_text(0), "-2*x");
  FormulaObjective g("-x^2");
  NegatedObjective negated(g);
  EXPECT_EQ(negated.evaluate(std::vector{3.0}, gradient), 9.0);
  EXPECT_EQ(gradient[0], 6.0);
}

FormulaData line(std::size_t rows) {
  const Rng rng(7);
  FormulaData data{{"u", "v"}, {std::vector<double>(rows), std::vector<double>(rows)}};
  for (std::size_t i = 0; i < rows; ++i) {
    data.columns[0][i] = rng.normal(2 * i);
    data.columns[1][i] = 2.0 * data.columns[0][i] - 1.0 + 0.1 * rng.normal(2 * i + 1);
  }
  return data;
}

TEST(FormulaObjective, AddsUpOverRowsAsAPlainLoopDoes) {
  const FormulaData data = line(1000);
  FormulaObjective f("mean((a*u + b - v)^2) + 0.5*a^2", data);
  std::vector<double> gradient(2);
  const double a = 0.3, b = -0.2, value = f.evaluate(std::vector{a, b}, gradient);
  double expected = 0.0, slope_a = 0.0, slope_b = 0.0;
  for (std::size_t i = 0; i < 1000; ++i) {
    const double r = a * data.columns[0][i] + b - data.columns[1][i];
    expected += r * r / 1000;
    slope_a += 2 * r * data.columns[0][i] / 1000;
    slope_b += 2 * r / 1000;
  }
  EXPECT_NEAR(value, expected + 0.5 * a * a, 1e-12 * expected);
  EXPECT_NEAR(gradient[0], slope_a + a, 1e-12 * std::abs(slope_a));
  EXPECT_NEAR(gradient[1], slope_b, 1e-12 * std::abs(slope_b));
}

TEST(FormulaObjective, SumsNestFromTheInsideOut) {
  FormulaObjective f("sum((u - mean(u) - c)^2)", {{"u"}, {{1.0, 2.0, 6.0}}});
  std::vector<double> gradient(1);
  EXPECT_EQ(f.evaluate(std::vector{0.0}, gradient), 4.0 + 1.0 + 9.0);
  EXPECT_EQ(gradient[0], 0.0);
}

TEST(FormulaObjective, GivesTheSameBitsOnAnyNumberOfThreads) {
  const char* text = "sum(log1p(exp(-v*(a*u + b)))) + a^2";
  std::vector<double> expected(2), gradient(2);
  const std::vector<double> x{0.7, -0.3};
  FormulaObjective serial(text, line(5000));
  const double value = serial.evaluate(x, expected);
  for (const std::size_t threads : {1, 2, 3, 4, 8}) {
    parallel::Pool pool(threads);
    FormulaObjective f(text, line(5000), {.pool = &pool});
    EXPECT_EQ(f.evaluate(x, gradient), value);
    EXPECT_EQ(gradient, expected);
  }
}

TEST(FormulaObjective, CopiesAreIndependent) {
  FormulaObjective f("mean((a*u - v)^2)", line(300));
  auto* moved = new FormulaObjective(f);
  FormulaObjective copy(*moved);
  delete moved;
  EXPECT_EQ(copy.value(std::vector{1.5}), f.value(std::vector{1.5}));
}

TEST(FormulaObjective, RefusesDataThatIsNoTable) {
  EXPECT_THROW(FormulaObjective("a*sum(u)", {{"u", "v"}, {{1.0}, {1.0, 2.0}}}), Error);
  EXPECT_THROW(FormulaObjective("a*sum(u)", {{"u", "u"}, {{1.0}, {1.0}}}), Error);
  EXPECT_THROW(FormulaObjective("a*sum(u)", {{"u"}, {{}}}), Error);
  EXPECT_THROW(FormulaObjective("a*sum(u)", {{"u"}, {}}), Error);
  EXPECT_THROW(FormulaObjective("1 + 2"), Error);
}

TEST(FormulaObjective, FixedVariablesAreNumbersInTheFormulaAndNoParameters) {
  FormulaObjective f("(x - a)^2 + a*y^2", {}, {.fixed = {{"a", 3.0}}});
  EXPECT_EQ(f.variables(), (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(f.text(), FormulaObjective("(x - 3)^2 + 3*y^2").text());
  std::vector<double> gradient(2);
  EXPECT_EQ(f.evaluate(std::vector<double>{4.0, 1.0}, gradient), 4.0);
  EXPECT_EQ(gradient, (std::vector<double>{2.0, 6.0}));
  EXPECT_THROW(FormulaObjective("x^2", {}, {.fixed = {{"y", 3.0}}}), Error);
  EXPECT_THROW(FormulaObjective("x^2", {}, {.fixed = {{"x", 3.0}}}), Error);
}

}  // namespace
}  // namespace descent

#include "descent/problem/formula_objective.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
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

/// (g(x + h v) - g(x - h v)) / 2h
std::vector<double> differences_along(Objective& f, const std::vector<double>& x, const std::vector<double>& v) {
  std::vector<double> product(x.size());
  f.Objective::hessian_product(x, v, product);
  return product;
}

double inner(const std::vector<double>& a, const std::vector<double>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

TEST(HessianProduct, OfRosenbrockIsTheOneByHand) {
  FormulaObjective f("(1-x)^2 + 100*(y-x^2)^2");
  EXPECT_EQ(f.hessian_source(), GradientSource::formula);
  std::vector<double> product(2);
  for (const double x : {-1.2, 0.5, 1.0}) {
    const double y = 0.75;
    f.hessian_product(std::vector{x, y}, std::vector{2.0, -3.0}, product);
    const double xx = 2 - 400 * y + 1200 * x * x, xy = -400 * x, yy = 200;
    EXPECT_NEAR(product[0], 2 * xx - 3 * xy, 1e-12 * 5000);
    EXPECT_NEAR(product[1], 2 * xy - 3 * yy, 1e-12 * 5000);
  }
}

TEST(HessianProduct, OfAMaximumTurnsTheSign) {
  FormulaObjective f("x^3*y"), up("x^3*y", {}, {.maximize = true});
  NegatedObjective negated(f);
  EXPECT_EQ(negated.hessian_source(), GradientSource::formula);
  const std::vector<double> x{2.0, 5.0}, v{1.0, 1.0};
  std::vector<double> product(2);
  f.hessian_product(x, v, product);
  EXPECT_EQ(product, (std::vector{60.0 + 12.0, 12.0}));
  up.hessian_product(x, v, product);
  EXPECT_EQ(product, (std::vector{-72.0, -12.0}));
  negated.hessian_product(x, v, product);
  EXPECT_EQ(product, (std::vector{-72.0, -12.0}));
}

TEST(HessianProduct, OfFormulasWithoutCurvatureIsZero) {
  FormulaObjective flat("3*x - abs(y) + z"), rows("a*sum(u) + mean(b - u)", {{"u"}, {{1.0, 2.0}}});
  std::vector<double> product(3, 7.0);
  flat.hessian_product(std::vector{1.0, 2.0, 3.0}, std::vector{1.0, 1.0, 1.0}, product);
  EXPECT_EQ(product, (std::vector{0.0, 0.0, 0.0}));
  product.assign(2, 7.0);
  rows.hessian_product(std::vector{1.0, 2.0}, std::vector{1.0, 1.0}, product);
  EXPECT_EQ(product, (std::vector{0.0, 0.0}));
}

TEST(HessianProduct, AgreesWithDifferencesAndIsSymmetric) {
  const FormulaData data{{"u", "d a"}, {line(1000).columns}};
  std::vector<FormulaObjective> objectives;
  for (const char* text :
       {"exp(-x*y)*(x-y)^3/(1+x^2) + x*y*(x-y)", "sin(x)*cos(y)*tan(z/4) + atan2(x+3, y) + sqrt(x^2 + (z+2)^2)",
        "log1p(x^2) + sqrt(3+y) + erf(x*z) + tanh(y)*sigmoid(z) + softplus(x-z)",
        "where(x > y, x^3*z, y^2) + max(x*y, z^2) + min(x^2, y^3) + abs(x*y*z)",
        "(2+x^2)^y + x^4*y^-2 + asin(z/9) + acos(x/9) + sinh(y) + cosh(z) + expm1(x)", "`d x`^2*x + `dd x`*exp(x)"})
    objectives.emplace_back(text);
  for (const char* text : {"sum(log1p(exp(-`d a`*(a*u + b)))) + a^2", "mean((a*exp(b*u/4) - `d a`)^2) * c",
                           "sum((u - mean(u*b) - a*c)^2)/1000 + log(1 + mean(where(u > 0, (a*u)^2, b^3)))"})
    objectives.emplace_back(text, data);
  const Rng rng(11);
  std::uint64_t index = 0;
  for (FormulaObjective& f : objectives)
    for (int i = 0; i < 20; ++i) {
      const std::size_t n = f.num_parameters();
      std::vector<double> x(n), u(n), v(n), hu(n), hv(n);
      for (double& value : x) value = 0.2 + 1.5 * rng.uniform(index++);
      for (double& value : u) value = rng.normal(index++);
      for (double& value : v) value = rng.normal(index++);
      f.hessian_product(x, u, hu);
      f.hessian_product(x, v, hv);
      const std::vector<double> expected = differences_along(f, x, v);
      double size = 1.0;
      for (const double p : expected) size = std::fmax(size, std::fabs(p));
      for (std::size_t k = 0; k < n; ++k) EXPECT_NEAR(hv[k], expected[k], 1e-7 * size) << f.text() << " " << k;
      EXPECT_NEAR(inner(u, hv), inner(v, hu), 1e-12 * size * 10) << f.text();
    }
}

TEST(HessianProduct, HasTheSameBitsOnAnyNumberOfThreadsAndInCopies) {
  const char* text = "sum(log1p(exp(-v*(a*u + b)))) + a^2";
  const std::vector<double> x{0.7, -0.3}, v{1.0, 2.0};
  std::vector<double> expected(2), product(2);
  FormulaObjective serial(text, line(5000));
  serial.hessian_product(x, v, expected);
  for (const std::size_t threads : {2, 3, 8}) {
    parallel::Pool pool(threads);
    FormulaObjective f(text, line(5000), {.pool = &pool});
    f.hessian_product(x, v, product);
    EXPECT_EQ(product, expected);
  }
  FormulaObjective(serial).hessian_product(x, v, product);
  EXPECT_EQ(product, expected);
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

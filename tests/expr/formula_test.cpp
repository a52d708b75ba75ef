#include "descent/expr/formula.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "descent/core/error.hpp"
#include "descent/expr/derivative.hpp"
#include "descent/expr/program.hpp"

namespace descent::expr {
namespace {

double at(const std::string& text, std::vector<double> x = {}) { return Program(parse(text)).evaluate(x); }

TEST(Formula, ReadsPrecedenceAsMathematiciansDo) {
  const std::vector<std::pair<const char*, double>> table = {
      {"1+2*3", 7},
      {"(1+2)*3", 9},
      {"2-3-4", -5},
      {"16/4/2", 2},
      {"2^3^2", 512},
      {"(2^3)^2", 64},
      {"-2^2", -4},
      {"(-2)^2", 4},
      {"2^-2", 0.25},
      {"2^-2^2", 0.0625},
      {"2*-3", -6},
      {"1--1", 2},
      {"+3", 3},
      {"1/2*4", 2},
      {"-3^2*2", -18},
      {"2(3+4)", 14},
      {"(1+2)(3+4)", 21},
      {"2^3(4)", 32},
      {"6/2(1+2)", 9},
      {"1e2", 100},
      {"1.5e-1", 0.15},
      {".5", 0.5},
      {"5.", 5},
      {"1<2", 1},
      {"2<=1", 0},
      {"1+1==2", 1},
      {"1!=1", 0},
      {"(3>2)*5", 5},
      {"where(1<2,3,4)", 3},
      {"min(3,1,2)", 1},
      {"max(3,1,2)", 3},
      {"pow(2,10)", 1024},
      {"abs(-3)", 3},
      {"2pi/pi", 2},
  };
  for (const auto& [text, value] : table) EXPECT_EQ(at(text), value) << text;
}

// tests/golden/expr.py: 3,000 random texts with few brackets, read by Python with ** for ^.
TEST(Formula, ReadsPrecedenceAndAssociativityAsPythonDoes) {
  std::ifstream file(DESCENT_SOURCE_DIR "/tests/golden/expr.txt");
  std::string line;
  ASSERT_TRUE(std::getline(file, line) && line.starts_with("# Python"));
  int count = 0;
  std::array<double, 3> point{};
  for (double value = 0.0; file >> point[0] >> point[1] >> point[2] >> value && std::getline(file, line); ++count) {
    const std::string text = line.substr(1);
    const Formula formula = parse(text);
    std::vector<double> x;
    for (const std::string& name : formula.variables()) x.push_back(point[static_cast<std::size_t>(name[0] - 'x')]);
    EXPECT_NEAR(Program(formula).evaluate(x), value, 1e-12 * std::fabs(value)) << text << " is " << to_text(formula);
  }
  EXPECT_EQ(count, 3000);
}

TEST(Formula, HasATangentOverItsVariablesAndTheirDirections) {
  const Formula f = tangent(parse("x^2*y + 0*z"));
  EXPECT_EQ(f.variables(), (std::vector<std::string>{"x", "y", "z", "d x", "d y", "d z"}));
  EXPECT_EQ(to_text(f), "2*`d x`*x*y + `d y`*x^2");
  EXPECT_EQ(tangent(parse("3*`d x` + x")).variables(), (std::vector<std::string>{"d x", "x", "d d x", "dd x"}));
  EXPECT_EQ(tangent(parse("a*sum(`d a`)", {.columns = {"d a"}})).variables(), (std::vector<std::string>{"a", "dd a"}));
  // One sum for each sum of the formula, however many variables are in it.
  EXPECT_EQ(to_text(tangent(parse("sum((a*u + b)^2)", {.columns = {"u"}}))), "2*sum((a*u + b)*(`d a`*u + `d b`))");
  EXPECT_EQ(to_text(tangent(parse("max(x, y)"))), "where(x >= y, `d x`, `d y`)");
  EXPECT_EQ(to_text(tangent(parse("1 + 2"))), "0");
}

TEST(Formula, PrintsTheDerivativesOfTheAcceptanceCases) {
  const auto f = parse("x^2+3y^2");
  EXPECT_EQ(to_text(derivative(f, "x")), "2*x");
  EXPECT_EQ(to_text(derivative(f, "y")), "6*y");
  const auto rosenbrock = parse("(1-x)^2 + 100*(y-x^2)^2");
  EXPECT_EQ(to_text(derivative(rosenbrock, "x")), "-2*(1 - x) - 400*x*(y - x^2)");
  EXPECT_EQ(to_text(derivative(rosenbrock, "y")), "200*(y - x^2)");
}

}  // namespace
}  // namespace descent::expr

// How formulas look, as text and in LaTeX.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "descent/expr/derivative.hpp"
#include "descent/expr/formula.hpp"

namespace descent::expr {
namespace {

const ParseOptions kData{.columns = {"u", "petal length"}};

std::string latex(const std::string& text) { return to_latex(parse(text, kData)); }

/// A call of every function: what it reads back as, and its LaTeX.
const std::map<std::string, std::pair<std::string, std::string>> kCalls = {
    {"abs", {"abs(x)", R"(\left|x\right|)"}},
    {"acos", {"acos(x)", R"(\arccos\left(x\right))"}},
    {"asin", {"asin(x)", R"(\arcsin\left(x\right))"}},
    {"atan", {"atan(x)", R"(\arctan\left(x\right))"}},
    {"atan2", {"atan2(x, y)", R"(\operatorname{atan2}\left(x, y\right))"}},
    {"cos", {"cos(x)", R"(\cos\left(x\right))"}},
    {"cosh", {"cosh(x)", R"(\cosh\left(x\right))"}},
    {"digamma", {"digamma(x)", R"(\psi\left(x\right))"}},
    {"erf", {"erf(x)", R"(\operatorname{erf}\left(x\right))"}},
    {"erfc", {"erfc(x)", R"(\operatorname{erfc}\left(x\right))"}},
    {"exp", {"exp(x)", R"(e^{x})"}},
    {"expm1", {"expm1(x)", R"(\operatorname{expm1}\left(x\right))"}},
    {"gamma", {"gamma(x)", R"(\Gamma\left(x\right))"}},
    {"heaviside", {"heaviside(x)", R"(\operatorname{heaviside}\left(x\right))"}},
    {"j0", {"j0(x)", R"(J_{0}\left(x\right))"}},
    {"j1", {"j1(x)", R"(J_{1}\left(x\right))"}},
    {"jn", {"jn(2, x)", R"(\operatorname{jn}\left(2, x\right))"}},
    {"lgamma", {"lgamma(x)", R"(\operatorname{lgamma}\left(x\right))"}},
    {"log", {"log(x)", R"(\log\left(x\right))"}},
    {"log1p", {"log1p(x)", R"(\operatorname{log1p}\left(x\right))"}},
    {"max", {"max(x, y, 2)", R"(\max\left(x, y, 2\right))"}},
    {"mean", {"mean(u)", R"(\frac{1}{n} \sum_{i} u_{i})"}},
    {"min", {"min(x, y, 2)", R"(\min\left(x, y, 2\right))"}},
    {"polygamma", {"polygamma(2, x)", R"(\operatorname{polygamma}\left(2, x\right))"}},
    {"pow", {"x^y", R"(x^{y})"}},
    {"sigmoid", {"sigmoid(x)", R"(\operatorname{sigmoid}\left(x\right))"}},
    {"sign", {"sign(x)", R"(\operatorname{sign}\left(x\right))"}},
    {"sin", {"sin(x)", R"(\sin\left(x\right))"}},
    {"sinh", {"sinh(x)", R"(\sinh\left(x\right))"}},
    {"softplus", {"softplus(x)", R"(\operatorname{softplus}\left(x\right))"}},
    {"sqrt", {"sqrt(x)", R"(\sqrt{x})"}},
    {"sum", {"sum(u)", R"(\sum_{i} u_{i})"}},
    {"tan", {"tan(x)", R"(\tan\left(x\right))"}},
    {"tanh", {"tanh(x)", R"(\tanh\left(x\right))"}},
    {"trigamma", {"trigamma(x)", R"(\operatorname{trigamma}\left(x\right))"}},
    {"where",
     {"where(x < y, x, y)", R"(\begin{cases} x & \text{if } \left[x < y\right] \\ y & \text{otherwise} \end{cases})"}},
    {"y0", {"y0(x)", R"(Y_{0}\left(x\right))"}},
    {"y1", {"y1(x)", R"(Y_{1}\left(x\right))"}},
};

TEST(Print, EveryFunctionAsTextAndInLatex) {
  for (const std::string& name : function_names()) {
    ASSERT_TRUE(kCalls.contains(name)) << name << " has no example here";
    const auto& [text, expected] = kCalls.at(name);
    const Formula formula = parse(name == "pow" ? "pow(x, y)" : text, kData);
    EXPECT_EQ(to_text(formula), text);
    EXPECT_EQ(to_latex(formula), expected);
  }
}

TEST(Print, EveryFunctionHasItsDerivative) {
  const std::map<std::string, std::string> slopes = {{"abs", "sign(x)"},
                                                     {"acos", "-1/sqrt(1 - x^2)"},
                                                     {"asin", "1/sqrt(1 - x^2)"},
                                                     {"atan", "1/(1 + x^2)"},
                                                     {"atan2", "y/(x^2 + y^2)"},
                                                     {"cos", "-sin(x)"},
                                                     {"cosh", "sinh(x)"},
                                                     {"digamma", "trigamma(x)"},
                                                     {"erfc", "-2*exp(-x^2)/sqrt(pi)"},
                                                     {"gamma", "digamma(x)*gamma(x)"},
                                                     {"heaviside", "0"},
                                                     {"j0", "-j1(x)"},
                                                     {"j1", "(j0(x) - jn(2, x))/2"},
                                                     {"jn", "(j1(x) - jn(3, x))/2"},
                                                     {"lgamma", "digamma(x)"},
                                                     {"polygamma", "polygamma(3, x)"},
                                                     {"trigamma", "polygamma(2, x)"},
                                                     {"y0", "-y1(x)"},
                                                     {"y1", "y0(x) - y1(x)/x"},
                                                     {"erf", "2*exp(-x^2)/sqrt(pi)"},
                                                     {"exp", "exp(x)"},
                                                     {"expm1", "exp(x)"},
                                                     {"log", "1/x"},
                                                     {"log1p", "1/(1 + x)"},
                                                     {"max", "where(x >= max(y, 2), 1, 0)"},
                                                     {"min", "where(x <= min(y, 2), 1, 0)"},
                                                     {"pow", "y*x^(y - 1)"},
                                                     {"sigmoid", "sigmoid(x)*sigmoid(-x)"},
                                                     {"sign", "0"},
                                                     {"sin", "cos(x)"},
                                                     {"sinh", "cosh(x)"},
                                                     {"softplus", "sigmoid(x)"},
                                                     {"sqrt", "1/(2*sqrt(x))"},
                                                     {"tan", "1 + tan(x)^2"},
                                                     {"tanh", "1/cosh(x)^2"},
                                                     {"where", "where(x < y, 1, 0)"}};
  for (const auto& [name, example] : kCalls) {
    if (name == "sum" || name == "mean") continue;
    ASSERT_TRUE(slopes.contains(name)) << name;
    EXPECT_EQ(to_text(derivative(parse(example.first), "x")), slopes.at(name)) << name;
  }
  EXPECT_EQ(to_text(derivative(parse("atan2(y, x)"), "x")), "-y/(y^2 + x^2)");
  EXPECT_EQ(to_text(derivative(parse("sum((u*x - 1)^2)", kData), "x")), "2*sum(u*(x*u - 1))");
  EXPECT_EQ(to_text(derivative(parse("mean(exp(u*x))", kData), "x")), "mean(u*exp(x*u))");
}

TEST(Print, BracketsStandWhereSomethingBindsMoreLoosely) {
  for (const char* text : {"2*x",
                           "-x^2",
                           "(-x)^2",
                           "x^y^z",
                           "(x^y)^z",
                           "2^(-y)",
                           "x^(1/3)",
                           "x^-1.5",
                           "-2*(1 - x) - 400*x*(y - x^2)",
                           "x/(2*y)",
                           "x*y/z",
                           "1/(1 + x^2)",
                           "z*(x < y)",
                           "(x + y < z) + 1",
                           "-(x + y)",
                           "x - (y < z)",
                           "2*x*(y/3 - 1)",
                           "`petal length`*x",
                           "`sin` + `pi` + `2x`",
                           "where(x <= 0, -x, x)"})
    EXPECT_EQ(to_text(parse(text)), text);
}

TEST(Print, LatexOfTheRest) {
  EXPECT_EQ(latex("(1-x)^2 + 100*(y-x^2)^2"), R"(\left(1 - x\right)^{2} + 100 \left(y - x^{2}\right)^{2})");
  EXPECT_EQ(latex("-x/(2y)"), R"(-\frac{x}{2 y})");
  EXPECT_EQ(latex("x^(1/3)"), R"(x^{\frac{1}{3}})");
  EXPECT_EQ(latex("exp(-x)^2"), R"(\left(e^{-x}\right)^{2})");
  EXPECT_EQ(latex("1.5e20*x + 1e-7"), R"(1.5 \cdot 10^{20} x + 10^{-7})");
  EXPECT_EQ(latex("2*3^x"), R"(2 \cdot 3^{x})");
  EXPECT_EQ(latex("pi*e"), R"(\pi e)");
  EXPECT_EQ(latex("x1 + x_2 + theta_3 + Omega + width + `a b_%`"),
            R"(x_{1} + x_{2} + \theta_{3} + \Omega + \mathrm{width} + \text{a b\_\%})");
  EXPECT_EQ(latex("sum((x*`petal length` - u)^2)/2"),
            R"(\frac{\sum_{i} \left(x \text{petal length}_{i} - u_{i}\right)^{2}}{2})");
  EXPECT_EQ(latex("(x != y)*(x >= 1)"), R"(\left(\left[x \ne y\right]\right) \left(\left[x \ge 1\right]\right))");
}

}  // namespace
}  // namespace descent::expr

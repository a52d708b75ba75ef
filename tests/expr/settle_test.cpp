// What is printed is read back to the same graph, also where numbers cannot be made one and products are too long.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "descent/core/error.hpp"
#include "descent/expr/derivative.hpp"
#include "descent/expr/formula.hpp"

namespace descent::expr {
namespace {

const ParseOptions kData{.columns = {"u", "v"}};

/// Formulas of numbers at the ends of the range, long products and quotients, and powers that are not unrolled.
class Awkward {
 public:
  explicit Awkward(unsigned seed) : engine_(seed) {}

  std::string sum(int depth) {
    std::string text = product(depth);
    for (int n = below(4); n > 0; --n) text += (below(2) != 0 ? "+" : "-") + product(depth);
    return text;
  }

 private:
  int below(int n) { return static_cast<int>(engine_() % static_cast<unsigned>(n)); }

  template <std::size_t N>
  std::string one_of(const char* const (&list)[N]) {
    return list[below(static_cast<int>(N))];
  }

  std::string product(int depth) {
    std::string text = power(depth);
    for (int n = below(5) != 0 ? below(3) : below(24); n > 0; --n) text += (below(3) != 0 ? "*" : "/") + power(depth);
    return text;
  }

  std::string power(int depth) {
    const std::string base = atom(depth);
    if (below(4) != 0) return base;
    return base + "^" +
           one_of({"2", "3", "-1", "-2", "0.5", "-0.5", "65", "-65", "1.5", "x", "(1/3)", "(2/3)", "0", "1e6", "1e7"});
  }

  std::string atom(int depth) {
    const int kind = below(10);
    if (kind < 3)
      return one_of({"0", "1", "2", "7", "0.1", "0.3", "4.6", "1e300", "1e-300", "1e308", "1e-320", "1e200", "1e22",
                     "9007199254740993", "0.123456789012345678", "3.3e-5", "(-1)", "(-2)"});
    if (kind < 7 || depth == 0)
      return one_of({"x", "x", "x", "y", "y", "z", "a", "b", "c", "d", "f", "g", "h", "i", "j", "k", "l", "m", "n"});
    if (kind == 7) return one_of({"abs(", "sqrt(", "log(", "exp(", "sin(", "sum(u*", "mean(v+"}) + sum(depth - 1) + ")";
    if (kind == 8) return one_of({"min(", "max(", "atan2("}) + sum(depth - 1) + "," + sum(depth - 1) + ")";
    return "(" + sum(depth - 1) + ")";
  }

  std::mt19937 engine_;
};

void expect_read_back(const Formula& formula, const std::string& from) {
  const std::string text = to_text(formula);
  const Formula again = parse(text, kData);
  EXPECT_TRUE(again == formula) << from << "\n" << text << "\n" << to_text(again);
}

TEST(Settle, AwkwardFormulasAndTheirDerivativesAreReadBack) {
  Awkward random(5);
  int count = 0;
  while (count < 4000) {
    const std::string text = random.sum(2);
    if (text.size() > 200) continue;
    ++count;
    const Formula formula = parse(text, kData);
    expect_read_back(formula, text);
    for (const Formula& slope : gradient(formula)) expect_read_back(slope, text);
  }
}

TEST(Settle, NumbersFoldWheneverThereIsRoom) {
  const auto text = [](const char* formula) { return to_text(parse(formula, kData)); };
  EXPECT_EQ(text("1e300*1e300*1e-300*x"), "1e+300*x");
  EXPECT_EQ(text("x*1e308*10*0.01"), "1e+307*x");
  EXPECT_EQ(text("1/3 + 0.1 - 1/3 + 0.1"), "0.2");
  EXPECT_EQ(text("z + 2*(x + y) - (x + y)"), "z + x + y");
  EXPECT_EQ(text("1e300*1e300*x"), "1e+300*1e+300*x");
}

TEST(Settle, AProductTooLongToOpenUpIsOneForm) {
  // Each slope loses a factor, and then fits.
  const Formula formula = parse("g^2x9/r/(r^2x^2y2/m^2y)qy/q/qx/y/x^2yx^2xm/mx/m");
  for (const Formula& slope : gradient(formula)) expect_read_back(slope, "slope");
}

TEST(Settle, VariablesKeepTheirPlaces) {
  const Formula formula = parse("0*gone + y*1e300*x*1e300*1e-300");
  EXPECT_EQ(formula.variables(), (std::vector<std::string>{"gone", "y", "x"}));
  EXPECT_EQ(to_text(formula), "1e+300*x*y");
  EXPECT_EQ(to_text(derivative(formula, "y")), "1e+300*x");
}

}  // namespace
}  // namespace descent::expr

#include <gtest/gtest.h>

#include <cmath>

#include "descent/core/error.hpp"
#include "descent/expr/formula.hpp"
#include "descent/expr/program.hpp"

namespace descent::expr {
namespace {

TEST(ColumnProgram, HasOneValueForEachRowAndSlopesByTheVariablesAlone) {
  const std::vector<std::string> names{"t", "unused", "u"};
  const Formula formula = parse("a*exp(-b*t) + u*where(t > 3, b, a)", {.columns = names, .per_row = true});
  EXPECT_TRUE(formula.per_row());
  EXPECT_EQ(used_columns(formula), (std::vector<std::string>{"t", "u"}));
  const ColumnProgram program(formula);
  ASSERT_EQ(program.num_variables(), 2U);
  constexpr std::size_t kRows = 700;  // several blocks, the last one short
  std::vector<double> t(kRows), u(kRows), values(kRows), partials(2 * kRows);
  for (std::size_t i = 0; i < kRows; ++i) {
    t[i] = 0.01 * static_cast<double>(i);
    u[i] = std::sin(static_cast<double>(i));
  }
  const std::vector<View> columns{t, {}, u};
  const std::vector<double> x{1.5, 0.8};
  program.evaluate(x, columns, 0, values, partials);
  for (std::size_t i = 0; i < kRows; ++i) {
    const double decay = std::exp(-0.8 * t[i]), taken = t[i] > 3 ? 0.8 : 1.5;
    EXPECT_NEAR(values[i], 1.5 * decay + u[i] * taken, 1e-14);
    EXPECT_NEAR(partials[i], decay + (t[i] > 3 ? 0.0 : u[i]), 1e-14);
    EXPECT_NEAR(partials[kRows + i], -1.5 * t[i] * decay + (t[i] > 3 ? u[i] : 0.0), 1e-14);
  }
  // Rows from the middle, with and without slopes: the same bits.
  std::vector<double> some(100);
  program.evaluate(x, columns, 431, some, {});
  for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(some[i], values[431 + i]);
}

TEST(DoubledProgram, KeepsTheDigitsThatDoublesLose) {
  const Formula formula = parse("a*t^10 + b/t - 0.1*c + d*exp(t)", {.columns = {"t"}, .per_row = true});
  DoubledProgram program(formula);
  ASSERT_EQ(program.num_variables(), 4U);
  const std::vector<Doubled> x{Doubled(1.0), Doubled(1.0), Doubled(1.0), Doubled(0.0)};
  std::vector<Doubled> out(5);
  const double t = 3.0;
  program.evaluate(x, {&t, 1}, out);
  EXPECT_EQ(out[1].value(), 59049.0);  // df/da = t^10
  // 59049 + 1/3 - 1/10: the decimal 0.1, not the double next to it.
  const Doubled expected = Doubled(59049.0) + Doubled(1.0) / Doubled(3.0) - Doubled(1.0) / Doubled(10.0);
  EXPECT_LE(std::fabs((out[0] - expected).value()), 1e-26);
  EXPECT_EQ(out[2].high, 1.0 / 3.0);
  EXPECT_NEAR(out[4].value(), std::exp(3.0), 1e-14);
  // Beside the doubles of the other program.
  const ColumnProgram plain(formula);
  std::vector<double> value(1), partials(4);
  const std::vector<double> in{1.0, 1.0, 1.0, 0.0};
  const std::vector<View> columns{View(&t, 1)};
  plain.evaluate(in, columns, 0, value, partials);
  EXPECT_NEAR(out[0].value(), value[0], 1e-10);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(out[1 + i].value(), partials[i], 1e-11);
}

TEST(ColumnProgram, WantsNoSums) {
  const Formula formula = parse("a*sum(t)", {.columns = {"t"}, .per_row = true});
  EXPECT_FALSE(formula.per_row());
  EXPECT_THROW(ColumnProgram program(formula), Error);
}

TEST(ColumnProgram, ColumnsOutsideOfSumsAreForCurvesOnly) {
  EXPECT_THROW((void)parse("a*t", {.columns = {"t"}}), Error);
  EXPECT_EQ(to_text(parse("a*t", {.columns = {"t"}, .per_row = true})), "a*t");
}

}  // namespace
}  // namespace descent::expr

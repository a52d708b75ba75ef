#include "random_formula.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "descent/core/error.hpp"
#include "descent/expr/derivative.hpp"
#include "descent/expr/formula.hpp"
#include "descent/expr/program.hpp"
#include "descent/simd/target.hpp"

namespace descent::expr {
namespace {

using testing::Dual;
using testing::Generator;

/// x, y, z in the order of formula.variables().
std::vector<double> reorder(const Formula& formula, const std::array<double, 3>& point) {
  std::vector<double> x;
  for (const std::string& name : formula.variables()) x.push_back(point[static_cast<std::size_t>(name[0] - 'x')]);
  return x;
}

bool near(long double a, long double b) { return std::fabs(a - b) <= 1e-9L * std::fabs(b); }

// Symbolic against forward differentiation in long double and against a five-point difference in long double. Judged
// where forward differentiation in double agrees with itself in long double to 1e-11: elsewhere the problem, not the
// derivative, loses the digits.
TEST(RandomFormulas, SymbolicEqualsAutomaticEqualsNumeric) {
  Generator random(20);
  int checked = 0, numeric = 0;
  for (int trial = 0; trial < 200000 && checked < 10000; ++trial) {
    const auto tree = random.tree(1 + random.below(4));
    const std::string text = testing::text_of(tree);
    const Formula formula = parse(text);
    if (formula.variables().empty()) continue;
    Program program(formula);
    std::array<double, 3> point{};
    for (double& x : point) x = random.uniform(-2.5, 2.5);
    std::vector<double> gradient(formula.variables().size());
    const double value = program.evaluate(reorder(formula, point), gradient);
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      const auto which = static_cast<std::size_t>(formula.variables()[i][0] - 'x');
      std::vector<Dual<long double>> fine(3);
      std::vector<Dual<double>> coarse(3);
      for (std::size_t j = 0; j < 3; ++j) {
        fine[j] = {point[j], j == which ? 1.0L : 0.0L};
        coarse[j] = {point[j], j == which ? 1.0 : 0.0};
      }
      long double margin = 1.0L;
      double coarse_margin = 1.0;
      const auto expected = testing::evaluate(tree, fine, margin);
      const auto rough = testing::evaluate(tree, coarse, coarse_margin);
      if (!std::isfinite(expected.v) || !std::isfinite(expected.d) || margin < 1e-3L) continue;
      if (std::fabs(expected.v) > 1e100L || std::fabs(expected.d) > 1e100L) continue;
      if (!(std::fabs(rough.d - expected.d) <= 1e-11L * std::fabs(expected.d))) continue;
      if (!(std::fabs(rough.v - expected.v) <= 1e-11L * std::fabs(expected.v))) continue;
      ++checked;
      ASSERT_TRUE(near(value, expected.v)) << text << ": " << value << ", " << expected.v;
      ASSERT_TRUE(near(gradient[i], expected.d))
          << text << ": d/d" << formula.variables()[i] << " = " << to_text(derivative(formula, formula.variables()[i]))
          << " = " << gradient[i] << ", " << expected.d;

      const auto difference = [&](long double h) {
        const auto shifted = [&](long double by) {
          auto moved = fine;
          moved[which].v += by;
          return testing::evaluate(tree, moved, margin).v;
        };
        return (8 * (shifted(h) - shifted(-h)) - (shifted(2 * h) - shifted(-2 * h))) / (12 * h);
      };
      const long double once = difference(1e-4L), twice = difference(2e-4L);
      const long double rounding = 1e-19L * std::fabs(expected.v) / 1e-4L;
      if (margin < 1e-3L || !(std::fabs(once - twice) + rounding <= 1e-11L * std::fabs(once))) continue;
      ++numeric;
      ASSERT_TRUE(near(gradient[i], once)) << text;
    }
  }
  EXPECT_GE(checked, 10000);
  EXPECT_GE(numeric, 5000);
}

TEST(RandomFormulas, PrintAndParseBackToTheSameGraph) {
  Generator random(21);
  for (int trial = 0; trial < 10000; ++trial) {
    const std::string text = testing::text_of(random.tree(1 + random.below(5)));
    const Formula formula = parse(text);
    std::vector<Formula> all = gradient(formula);
    all.push_back(formula);
    for (const Formula& one : all) {
      const std::string printed = to_text(one);
      const Formula again = parse(printed);
      ASSERT_TRUE(again == one) << text << "\n" << printed << "\n" << to_text(again);
      EXPECT_FALSE(to_latex(one).empty());
    }
  }
}

bool same_bits(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) || (a == b && std::signbit(a) == std::signbit(b));
}

TEST(RandomFormulas, BlocksGiveTheBitsOfSinglePointsOnEveryTarget) {
  Generator random(22);
  constexpr std::size_t kPoints = 2 * kPointsPerBlock + 13;
  for (int trial = 0; trial < 100; ++trial) {
    const Formula formula = parse(testing::text_of(random.tree(1 + random.below(5))));
    const std::size_t n = formula.variables().size();
    Program program(formula);
    std::vector<std::vector<double>> points(n, std::vector<double>(kPoints)), slopes = points;
    for (auto& coordinate : points)
      for (double& x : coordinate) x = random.below(8) == 0 ? random.below(3) - 1.0 : random.uniform(-3, 3);
    std::vector<double> values(kPoints);
    const std::vector<View> coordinates(points.begin(), points.end());
    const std::vector<MutableView> partials(slopes.begin(), slopes.end());
    for (const std::string& target : simd::supported_targets()) {
      simd::force_target(target);
      program.evaluate_points(coordinates, values, partials);
      for (std::size_t p = 0; p < kPoints; ++p) {
        std::vector<double> x(n), gradient(n);
        for (std::size_t i = 0; i < n; ++i) x[i] = points[i][p];
        const double value = program.evaluate(x, gradient);
        ASSERT_TRUE(same_bits(values[p], value)) << to_text(formula) << " on " << target << ", point " << p;
        ASSERT_TRUE(same_bits(program.evaluate(x), value)) << to_text(formula);
        for (std::size_t i = 0; i < n; ++i)
          ASSERT_TRUE(same_bits(slopes[i][p], gradient[i])) << to_text(formula) << " on " << target << ", point " << p;
      }
    }
    simd::reset_target();
  }
}

}  // namespace
}  // namespace descent::expr

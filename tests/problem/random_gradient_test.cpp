// The ways to derivatives against each other: the formula's own, forward duals and the reverse tape; and the two to
// products with the Hessian.
#include <gtest/gtest.h>

#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "descent/autodiff/gradient.hpp"
#include "descent/problem/formula_objective.hpp"
#include "expr/random_formula.hpp"

namespace descent {
namespace {

namespace random = expr::testing;

/// More parameters than forward duals are used for, so that the tape is.
constexpr std::size_t kMany = autodiff::kForwardLimit + 1;

std::vector<double> automatic(const random::Tree& tree, std::vector<double> x, std::size_t num_parameters) {
  x.resize(num_parameters, 0.0);
  return autodiff::gradient([&](const auto& numbers) { return random::value(tree, numbers); }, x);
}

bool near(double a, double b) { return std::fabs(a - b) <= 1e-9 * std::fabs(b); }

TEST(RandomGradients, OfAFormulaOfDualsAndOfATapeAreTheSame) {
  random::Generator generator(23);
  random::Count count;
  int cancelled = 0, outside = 0;
  while (count.cases < 10000) {
    const auto drawn = random::draw_case(generator, count);
    if (!drawn) continue;
    FormulaObjective formula(drawn->text);
    const auto& names = formula.variables();
    std::vector<double> x, symbolic(names.size());
    for (const std::string& name : names) x.push_back(drawn->point[static_cast<std::size_t>(name[0] - 'x')]);
    static_cast<void>(formula.evaluate(x, symbolic));
    const auto forward = automatic(drawn->tree, drawn->point, 3), reverse = automatic(drawn->tree, drawn->point, kMany);
    for (std::size_t k = 0; k < names.size(); ++k) {
      const auto i = static_cast<std::size_t>(names[k][0] - 'x');
      if (near(forward[i], symbolic[k]) && near(reverse[i], symbolic[k])) continue;
      if (std::isnan(forward[i]) || std::isnan(reverse[i])) {
        // Only where a part is not in its domain that simplification takes out: asin(2*x)^0.
        ++outside;
        continue;
      }
      // Terms that cancel may leave 0 in one way of computing and rounding in another.
      ASSERT_TRUE(symbolic[k] == 0.0 || forward[i] == 0.0 || reverse[i] == 0.0)
          << drawn->text << ": d/d" << names[k] << " = " << symbolic[k] << ", " << forward[i] << ", " << reverse[i];
      ASSERT_LE(std::fabs(forward[i] - symbolic[k]), 1e-12) << drawn->text;
      ASSERT_LE(std::fabs(reverse[i] - symbolic[k]), 1e-12) << drawn->text;
      ++cancelled;
    }
  }
  EXPECT_LE(cancelled, 20);
  EXPECT_LE(outside, 50);
  EXPECT_LE(count.never_smooth, 200);
}

TEST(RandomHessians, OfAFormulaAndOfATapeAreTheSame) {
  random::Generator generator(29);
  random::Count count;
  const std::vector<double> direction{0.7, -1.1, 0.4};
  int cancelled = 0, outside = 0;
  while (count.cases < 10000) {
    const auto drawn = random::draw_case(generator, count);
    if (!drawn) continue;
    FormulaObjective formula(drawn->text);
    const auto& names = formula.variables();
    std::vector<double> x, v, symbolic(names.size());
    for (const std::string& name : names) {
      x.push_back(drawn->point[static_cast<std::size_t>(name[0] - 'x')]);
      v.push_back(direction[static_cast<std::size_t>(name[0] - 'x')]);
    }
    formula.hessian_product(x, v, symbolic);
    const auto recorded = autodiff::hessian_product(
        [&](const auto& numbers) { return random::value(drawn->tree, numbers); }, drawn->point, direction);
    double size = 0.0;
    for (const double p : symbolic) size = std::fmax(size, std::fabs(p));
    for (std::size_t k = 0; k < names.size(); ++k) {
      const double got = recorded[static_cast<std::size_t>(names[k][0] - 'x')];
      if (std::fabs(got - symbolic[k]) <= 1e-9 * size) continue;
      if (std::isnan(got) || std::isnan(symbolic[k])) {
        // As above, and formulas where cosh overflows in the second derivative of tanh.
        ++outside;
        continue;
      }
      // asin(sin(x)) is straight: what is left of terms that cancel.
      ASSERT_LE(std::fabs(got - symbolic[k]), 1e-10) << drawn->text << ": " << symbolic[k] << ", " << got;
      ++cancelled;
    }
  }
  EXPECT_LE(cancelled, 80);
  EXPECT_LE(outside, 30);
}

}  // namespace
}  // namespace descent

#include "src/curve/linear_solution.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "descent/curve/fit.hpp"

namespace descent::curve {
namespace {

std::shared_ptr<CurveRows> table(std::vector<double> x, std::vector<double> y) {
  auto rows = std::make_shared<CurveRows>();
  rows->names = {"x", "y"};
  rows->columns = {std::move(x), std::move(y)};
  return rows;
}

/// y = 1 + x + ... + x^5 for x = 0..20: NIST's Wampler1, whose exact solution is six ones.
std::shared_ptr<CurveRows> wampler() {
  std::vector<double> x, y;
  for (int i = 0; i <= 20; ++i) {
    x.push_back(i);
    double value = 0.0;
    for (int k = 0; k < 6; ++k) value = value * i + 1.0;
    y.push_back(value);
  }
  return table(x, y);
}

const char* const kPolynomial = "y = b0 + b1*x + b2*x^2 + b3*x^3 + b4*x^4 + b5*x^5";

TEST(LinearSolution, IsExactWherePowersOfAColumnAreNearlyDependent) {
  const auto solution = solve_linear(parse_curve(kPolynomial, {"x", "y"}), *wampler());
  ASSERT_TRUE(solution);
  for (const double value : solution->x) EXPECT_EQ(value, 1.0);
  EXPECT_LE(solution->sum_of_squares, 1e-40);
  EXPECT_LE(solution->correction, 1e-20);
}

TEST(LinearSolution, TakesLargeResidualsAndConstantsAndWeights) {
  // Two weighted groups around a line with a constant part: the weighted means of y - 3 x decide.
  auto rows = table({0, 0, 1, 1}, {1.0, 3.0, 10.0, 20.0});
  rows->sigma = {1.0, 1.0, 1.0, 2.0};
  const auto solution = solve_linear(parse_curve("y = 3*x + a + b*x", {"x", "y"}), *rows);
  ASSERT_TRUE(solution);
  EXPECT_NEAR(solution->x[0], 2.0, 1e-15);
  EXPECT_NEAR(solution->x[1], 12.0 - 3.0 - 2.0, 1e-14);
  EXPECT_NEAR(solution->sum_of_squares, 1.0 + 1.0 + 4.0 + 16.0, 1e-13);
}

TEST(LinearSolution, IsNothingWhereThereIsNone) {
  const std::vector<std::string> names{"x", "y"};
  EXPECT_FALSE(solve_linear(parse_curve("y = a*exp(b*x)", names), *wampler()));
  EXPECT_FALSE(solve_linear(parse_curve("y = a*x + b*2*x", names), *wampler()));  // dependent
  EXPECT_FALSE(solve_linear(parse_curve(kPolynomial, names), *table({1, 2}, {3, 4})));
}

// Numbers of doubled precision have no infinity to go through: 2^-inf is 0 to doubles and no number to them.
TEST(LinearSolution, LeavesToDoublesWhatIsInfiniteOnTheWay) {
  const Curve curve = parse_curve("y = m + 2^-(1e200*x)^2", {"x", "y"});
  const auto rows = table({0.0, 1.0, 2.0, 3.0}, {2.0, 1.0, 1.5, 0.5});
  EXPECT_FALSE(solve_linear(curve, *rows));
  const CurveReport report = fit_curve(curve, rows);
  EXPECT_EQ(report.result.status, Status::converged);
  EXPECT_NEAR(report.result.x[0], 1.0, 1e-12);
  EXPECT_NEAR(report.result.value, 0.25, 1e-12);  // half the sum of squares
}

TEST(LinearSolution, IsWhatALinearCurvesFitGivesWithItsCertificate) {
  const Curve curve = parse_curve(kPolynomial, {"x", "y"});
  const CurveReport report = fit_curve(curve, wampler());
  EXPECT_EQ(report.result.status, Status::converged);
  EXPECT_EQ(report.result.certificate->kind, "exact_solution");
  for (const CurveParameter& parameter : report.parameters) {
    EXPECT_EQ(parameter.value, 1.0);
    EXPECT_FALSE(parameter.guessed);
  }
  EXPECT_EQ(report.starts_tried, 0U);
}

}  // namespace
}  // namespace descent::curve

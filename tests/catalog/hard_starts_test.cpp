// Least squares from starts ten and a hundred times as far as the customary ones (docs/more_garbow_hillstrom.md).
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "descent/optim/minimize.hpp"
#include "descent/optim/optimizer.hpp"
#include "descent/problem/test_functions.hpp"

namespace descent {
namespace {

struct HardStart {
  std::string function;
  double factor;
};

void expect_solved(const HardStart& hard) {
  TestProblem problem = make_test_problem(hard.function);
  std::vector<double> start = problem.start;
  for (double& x : start) x *= hard.factor;
  const Result result = minimize(*problem.residuals, start, Optimizer(Method::levenberg_marquardt));
  EXPECT_NEAR(2.0 * result.value, problem.minimum, 1e-6 * problem.minimum + 1e-12)
      << hard.function << " x " << hard.factor << ": " << result.reason;
}

TEST(HardStarts, ScalesOfAFarStartDoNotHoldLevenbergMarquardtBack) {
  expect_solved({"chebyquad(dimension=8)", 10.0});
  expect_solved({"chebyquad(dimension=8)", 100.0});
}

TEST(HardStarts, WhereScalingCrawlsLevenbergMarquardtGoesOnWithoutIt) { expect_solved({"powell_badly_scaled", 10.0}); }

TEST(HardStarts, WhatScalingIsForStaysSolved) {
  expect_solved({"meyer", 1.0});
  expect_solved({"osborne_1", 1.0});
  expect_solved({"powell_badly_scaled", 1.0});
}

}  // namespace
}  // namespace descent

#include <gtest/gtest.h>

#include <cmath>

#include "descent/core/elementary.hpp"
#include "descent/optim/minimize.hpp"
#include "tests/optim/objectives.hpp"

namespace descent {
namespace {

using testing::Given;
using testing::quadratic;
using testing::rosenbrock;

/// J. J. More, B. S. Garbow, K. E. Hillstrom, "Testing unconstrained optimization software", ACM TOMS 7(1), 1981, (5).
Given beale() {
  return {2, [](View x, MutableView g) {
            const double y[] = {1.5, 2.25, 2.625};
            double value = 0.0, power = 1.0, g0 = 0.0, g1 = 0.0;
            for (int i = 0; i < 3; ++i) {
              const double previous = power;
              power *= x[1];
              const double r = y[i] - x[0] * (1.0 - power);
              value += r * r;
              g0 += -2.0 * r * (1.0 - power);
              g1 += 2.0 * r * x[0] * (i + 1) * previous;
            }
            if (!g.empty()) {
              g[0] = g0;
              g[1] = g1;
            }
            return value;
          }};
}

/// The same collection, (13): singular Hessian at its minimum.
Given powell_singular() {
  return {4, [](View x, MutableView g) {
            const double a = x[0] + 10 * x[1], b = x[2] - x[3], c = x[1] - 2 * x[2], d = x[0] - x[3];
            if (!g.empty()) {
              g[0] = 2 * a + 40 * d * d * d;
              g[1] = 20 * a + 4 * c * c * c;
              g[2] = 10 * b - 8 * c * c * c;
              g[3] = -10 * b - 40 * d * d * d;
            }
            return a * a + 5 * b * b + c * c * c * c + 10 * d * d * d * d;
          }};
}

/// Chained Rosenbrock in n variables, from -1.2, 1, -1.2, 1, ...
Given long_rosenbrock(std::size_t n) {
  return {n, [n](View x, MutableView g) {
            double value = 0.0;
            for (std::size_t i = 0; i < n && !g.empty(); ++i) g[i] = 0.0;
            for (std::size_t i = 0; i + 1 < n; ++i) {
              const double a = 1.0 - x[i], b = x[i + 1] - x[i] * x[i];
              value += a * a + 100.0 * b * b;
              if (g.empty()) continue;
              g[i] += -2.0 * a - 400.0 * x[i] * b;
              g[i + 1] += 200.0 * b;
            }
            return value;
          }};
}

void expect_minimum(Given f, std::vector<double> start, const std::vector<double>& minimum, double accuracy,
                    std::uint64_t evaluations, const char* method = "lbfgs") {
  const Result result = minimize(f, std::move(start), parse_optimizer(method));
  EXPECT_EQ(result.status, Status::converged) << result.reason;
  for (std::size_t i = 0; i < minimum.size(); ++i) EXPECT_NEAR(result.x[i], minimum[i], accuracy) << i;
  EXPECT_LE(result.gradient_evaluations, evaluations);
}

// scipy 1.10.1's L-BFGS-B with 10 pairs, gtol 1e-8, ftol 0 takes 46, 17, 61 and 228 evaluations: a tenth more is
// allowed.
TEST(Lbfgs, FindsTheMinimaOfTheStandardFunctionsInAboutAsManyEvaluationsAsScipy) {
  expect_minimum(rosenbrock(), {-1.2, 1.0}, {1.0, 1.0}, 1e-8, 51);
  expect_minimum(beale(), {1.0, 1.0}, {3.0, 0.5}, 1e-7, 19);
  expect_minimum(powell_singular(), {3.0, -1.0, 0.0, 1.0}, {0.0, 0.0, 0.0, 0.0}, 1e-2, 67);
  std::vector<double> start(30);
  for (std::size_t i = 0; i < 30; ++i) start[i] = i % 2 == 0 ? -1.2 : 1.0;
  expect_minimum(long_rosenbrock(30), start, std::vector<double>(30, 1.0), 1e-7, 251);
}

TEST(Lbfgs, TheMatrixItselfAndPairsSolveAnIllConditionedQuadratic) {
  for (const char* method : {"lbfgs(memory=3)", "lbfgs(memory=8)", "lbfgs(memory=100)"}) {
    auto f = quadratic(8, 1e6);
    const Result result = minimize(f, std::vector<double>(8, 0.0), parse_optimizer(method));
    EXPECT_EQ(result.status, Status::converged) << method << ": " << result.reason;
    for (std::size_t i = 0; i < 8; ++i)
      EXPECT_NEAR(result.x[i], 1.0 + 0.25 * static_cast<double>(i % 7), 1e-7) << method;
  }
}

TEST(Lbfgs, ReachesItsToleranceBesideALargeConstantWhereValuesAreAllRounding) {
  Given f(2, [](View x, MutableView g) {
    const double a = x[0] - 1.0, b = x[1] + 2.0;
    if (!g.empty()) {
      g[0] = 2.0 * a;
      g[1] = 20.0 * b;
    }
    return 1e6 + a * a + 10.0 * (b * b);
  });
  const Result result = minimize(f, {30.0, 40.0}, {.gradient_tolerance = 1e-10});
  EXPECT_EQ(result.status, Status::converged) << result.reason;
}

TEST(Lbfgs, StepsBackFromWhereTheFunctionIsNotDefined) {
  // x - log x, minimum at 1; the first step from 1e-3 would leave the domain the other way.
  Given f(1, [](View x, MutableView g) {
    if (!g.empty()) g[0] = 1.0 - 1.0 / x[0];
    return x[0] - math::log(x[0]);
  });
  for (const double start : {1e-3, 30.0}) {
    const Result result = minimize(f, {start}, {.max_steps = 200});
    EXPECT_EQ(result.status, Status::converged) << result.reason;
    EXPECT_NEAR(result.x[0], 1.0, 1e-8);
  }
}

}  // namespace
}  // namespace descent

// The cases that people's own programs compute, to the digits they print.
#include <gtest/gtest.h>

#include <cmath>

#include "descent/optim/minimize.hpp"
#include "descent/optim/minimize_sum.hpp"
#include "tests/optim/objectives.hpp"

namespace descent {
namespace {

using testing::line_of_b4;
using testing::one_variable;

constexpr double kAccuracy = 1e-9;  // relative
#define EXPECT_CLOSE(actual, expected) EXPECT_NEAR(actual, expected, kAccuracy* std::fabs(expected))

MinimizeOptions until_the_move_is(double tolerance, std::uint64_t limit = 10000) {
  return {.max_steps = limit, .gradient_tolerance = 0, .step_tolerance = tolerance};
}

TEST(Acceptance, PlainDescentOnAParabolaTakesTheTextbookSteps) {  // A1
  auto f = one_variable([](double x) { return x * x + 4 * x + 4; }, [](double x) { return 2 * x + 4; });
  const std::pair<std::uint64_t, double> points[] = {{1, -0.4}, {2, -0.72}, {10, -1.7852516352}};
  const double values[] = {2.56, 1.6384, 0.0461168601};
  for (int i = 0; i < 3; ++i) {
    const Result result = minimize(f, {0.0}, sgd(0.1), {.max_steps = points[i].first, .gradient_tolerance = 0});
    EXPECT_EQ(result.status, Status::step_limit);
    EXPECT_EQ(result.steps, points[i].first);
    EXPECT_CLOSE(result.x[0], points[i].second);
    EXPECT_NEAR(result.value, values[i], 1e-10);  // the case cuts its tenth digit off
  }
}

TEST(Acceptance, PlainDescentStopsWhereTheMoveIsSmall) {  // A2
  auto f = one_variable([](double x) { return 0.1 * x * x + math::sin(0.1 * x * x); },
                        [](double x) { return 0.2 * x + 0.2 * x * math::cos(0.1 * x * x); });
  const Result result = minimize(f, {3.0}, sgd(0.1), until_the_move_is(1e-6, 1000));
  EXPECT_EQ(result.status, Status::small_change);
  EXPECT_EQ(result.steps, 289U);
  EXPECT_CLOSE(result.x[0], 2.3961845786107356e-05);
}

TEST(Acceptance, MomentumAsAMeanOfGradients) {  // A3
  auto f = one_variable([](double x) { return 4 * x * x; }, [](double x) { return 8 * x; });
  const Result result =
      minimize(f, {6.0}, momentum(0.1, {.momentum = 0.9, .form = MomentumForm::ema}), until_the_move_is(1e-6));
  EXPECT_EQ(result.steps, 230U);
  EXPECT_CLOSE(result.x[0], -3.265851595292336e-05);
}

TEST(Acceptance, RmspropWithEpsilonOutsideTheRoot) {  // A4
  auto f = one_variable([](double x) { return ((((5 * x - 36) * x + 82.5) * x - 60) * x * x) * x + 36; },
                        [](double x) { return (((30 * x - 180) * x + 330) * x - 180) * x * x; });
  const Result result =
      minimize(f, {4.0}, parse_optimizer("rmsprop(0.01, rho=0.9, epsilon=1e-8)"), until_the_move_is(1e-6));
  EXPECT_EQ(result.steps, 166U);
  EXPECT_CLOSE(result.x[0], 3.0000004279434656);
}

TEST(Acceptance, TheMoveIsMadeThenJudged) {  // A6
  auto f = one_variable([](double x) { return x * x; }, [](double x) { return 2 * x; });
  const Result result = minimize(f, {10.0}, sgd(0.2), until_the_move_is(1e-6));
  EXPECT_EQ(result.steps, 31U);
  EXPECT_CLOSE(result.x[0], 1.3264435183243986e-06);
}

TEST(Acceptance, BatchStochasticAndMomentumPassesOverALine) {  // B4
  const SumOptions batch{
      .run = {.max_steps = 1000000, .gradient_tolerance = 0}, .max_epochs = 100, .shuffle = Shuffle::none};
  SumOptions rows = batch;
  rows.batch_size = 1;
  const auto check = [](const Result& result, double intercept, double slope, std::uint64_t steps) {
    EXPECT_EQ(result.status, Status::step_limit);
    EXPECT_EQ(result.epochs, 100U);
    EXPECT_EQ(result.steps, steps);
    EXPECT_NEAR(result.x[0], intercept, 5e-9);
    EXPECT_NEAR(result.x[1], slope, 5e-9);
  };
  auto f = line_of_b4();
  check(minimize_sum(f, {0, 0}, sgd(0.01), batch), 1.96463029, 1.16518408, 100);
  check(minimize_sum(f, {0, 0}, sgd(0.01), rows), 2.00162355, 2.99744542, 10000);
  check(minimize_sum(f, {0, 0}, momentum(0.01, {.momentum = 0.9, .form = MomentumForm::velocity}), batch), 2.43925095,
        2.20615770, 100);
}

}  // namespace
}  // namespace descent

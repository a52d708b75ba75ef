#include "descent/curve/objective.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "descent/core/error.hpp"
#include "descent/core/random.hpp"

namespace descent::curve {
namespace {

using testing::HasSubstr;

std::shared_ptr<CurveRows> decay(std::size_t count) {
  auto rows = std::make_shared<CurveRows>();
  rows->names = {"x", "y"};
  rows->columns.resize(2);
  const Rng rng(1, RandomStream::test);
  for (std::size_t i = 0; i < count; ++i) {
    const double x = 10.0 * static_cast<double>(i) / static_cast<double>(count);
    rows->columns[0].push_back(x);
    rows->columns[1].push_back(2.0 * std::exp(-0.7 * x) + 0.5 + 0.01 * rng.normal(i));
  }
  return rows;
}

TEST(CurveObjective, AddsUpHalfTheSquaresAndTheirSlopesInTheSameBitsWithAnyNumberOfThreads) {
  const auto rows = decay(3000);
  const Curve curve = parse_curve("y = a*exp(-b*x) + c", rows->names);
  const std::vector<double> p{1.0, 0.5, 0.1};
  CurveObjective objective(curve, rows);
  std::vector<double> gradient(3);
  const double value = objective.evaluate(p, gradient);
  double expected = 0.0;
  std::vector<double> slopes(3);
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const double x = rows->columns[0][i], decay = std::exp(-p[1] * x);
    const double r = p[0] * decay + p[2] - rows->columns[1][i];
    expected += 0.5 * r * r;
    slopes[0] += r * decay;
    slopes[1] -= r * p[0] * x * decay;
    slopes[2] += r;
  }
  EXPECT_NEAR(value, expected, 1e-12 * expected);
  for (std::size_t j = 0; j < 3; ++j) EXPECT_NEAR(gradient[j], slopes[j], 1e-11 * std::fabs(slopes[j]));
  for (const std::size_t threads : {2, 3, 4}) {
    parallel::Pool pool(threads);
    CurveObjective threaded(curve, rows, &pool);
    std::vector<double> again(3);
    EXPECT_EQ(threaded.evaluate(p, again), value);
    EXPECT_EQ(again, gradient);
  }
}

TEST(CurveObjective, RobustResidualsSquareToTheRobustSumAndHaveItsSlope) {
  for (const Robust robust : {Robust::huber, Robust::soft_l1, Robust::cauchy, Robust::tukey})
    for (const double r : {-9.0, -2.0, -0.3, 1e-3, 0.5, 1.9, 2.1, 30.0}) {
      const double s = 2.0, z = (r / s) * (r / s);
      const double rho = robust == Robust::huber     ? (z <= 1 ? z : 2 * std::sqrt(z) - 1)
                         : robust == Robust::soft_l1 ? 2 * (std::sqrt(1 + z) - 1)
                         : robust == Robust::cauchy  ? std::log1p(z)
                         : z < 1                     ? (1 - std::pow(1 - z, 3)) / 3
                                                     : 1.0 / 3;
      const RobustResidual at = robust_residual(robust, s, r);
      EXPECT_NEAR(at.t * at.t, s * s * rho, 1e-7 * s * s * rho) << to_text(robust) << " " << r;
      EXPECT_EQ(std::signbit(at.t), std::signbit(r));
      const double h = 1e-6 * std::fabs(r);
      const double slope = (robust_residual(robust, s, r + h).t - robust_residual(robust, s, r - h).t) / (2 * h);
      EXPECT_NEAR(at.slope, slope, 1e-6) << to_text(robust) << " " << r;
    }
  EXPECT_EQ(robust_residual(Robust::none, 2.0, 5.0).t, 5.0);
}

TEST(CurveObjective, WhatCannotBeFittedIsRefusedWithItsRow) {
  auto rows = decay(5);
  rows->columns[1][3] = NAN;
  const Curve curve = parse_curve("y = a*x", rows->names);
  try {
    CurveObjective objective(curve, rows);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::data);
    EXPECT_THAT(error.what(), HasSubstr("row 4"));
  }
  rows = decay(5);
  rows->sigma = {1, 1, 0, 1, 1};
  EXPECT_THROW(CurveObjective(curve, rows), Error);
  EXPECT_THROW(CurveObjective(curve, std::make_shared<CurveRows>(CurveRows{.names = {"x", "y"}, .columns = {{}, {}}})),
               Error);
  EXPECT_THROW((void)parse_robust("hubber"), Error);
}

TEST(CurveObjective, ValuesWhoseSquaresAreNoNumbersAreRefused) {
  const auto refusal = [](double size, std::vector<double> sigma) -> std::string {
    auto rows = std::make_shared<CurveRows>();
    rows->names = {"x", "y"};
    rows->columns = {{1, 2, 3}, {2 * size, 3 * size, 5 * size}};
    rows->sigma = std::move(sigma);
    try {
      const CurveObjective objective(parse_curve("y = a*x", rows->names), rows);
    } catch (const Error& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_EQ(refusal(1e-200, {}),
            "'y': the values go up to 5e-200, and squares of numbers so small are lost: fit a multiple, with 1e200*(y) "
            "on the left");
  EXPECT_EQ(
      refusal(1e180, {}),
      "'y': the values go up to 5e+180, and squares of numbers so large are lost: fit a multiple, with 1e-180*(y) "
      "on the left");
  EXPECT_EQ(refusal(1e-200, {1e-202, 1e-202, 1e-202}), "accepted");
  EXPECT_EQ(refusal(1e-100, {}), "accepted");
  EXPECT_EQ(refusal(1e140, {}), "accepted");
  EXPECT_EQ(refusal(0.0, {}), "accepted");
}

}  // namespace
}  // namespace descent::curve

#include "descent/curve/fit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "descent/core/error.hpp"
#include "descent/core/random.hpp"
#include "descent/curve/curve_model.hpp"
#include "src/curve/guess.hpp"
#include "tests/core/path_archive.hpp"

namespace descent::curve {
namespace {

using testing::ElementsAre;

const std::vector<std::string> kColumns{"x", "y"};

std::shared_ptr<CurveRows> table(std::vector<double> x, std::vector<double> y) {
  auto rows = std::make_shared<CurveRows>();
  rows->names = kColumns;
  rows->columns = {std::move(x), std::move(y)};
  return rows;
}

/// y = 2 exp(-0.7 x) + 0.5 with normal errors.
std::shared_ptr<CurveRows> decay(std::size_t count, double noise, std::uint64_t seed = 1) {
  std::vector<double> x, y;
  const Rng rng(seed, RandomStream::test);
  for (std::size_t i = 0; i < count; ++i) {
    x.push_back(8.0 * static_cast<double>(i) / static_cast<double>(count));
    y.push_back(2.0 * std::exp(-0.7 * x.back()) + 0.5 + noise * rng.normal(i));
  }
  return table(x, y);
}

Curve decay_curve() { return parse_curve("y = a*exp(-b*x) + c", kColumns); }

/// NIST's Misra1a: 14 rows.
std::shared_ptr<CurveRows> misra() {
  return table({77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0},
               {10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78});
}

TEST(FitCurve, ReachesTheCertifiedValuesAndDeviationsOfMisra1a) {
  const Curve curve = parse_curve("y = b1*(1-exp(-b2*x))", kColumns);
  const CurveReport report = fit_curve(curve, misra(), {.start = {500.0, 0.0001}});
  EXPECT_EQ(report.result.status, Status::converged);
  EXPECT_EQ(report.result.certificate->kind, "relative_offset");
  EXPECT_NEAR(report.parameters[0].value, 2.3894212918e+02, 1e-8 * 2.4e2);
  EXPECT_NEAR(report.parameters[1].value, 5.5015643181e-04, 1e-8 * 5.5e-4);
  EXPECT_NEAR(*report.parameters[0].standard_error, 2.7070075241e+00, 1e-8 * 2.7);
  EXPECT_NEAR(*report.parameters[1].standard_error, 7.2668688436e-06, 1e-8 * 7.3e-6);
  EXPECT_NEAR(report.residual_sd, 1.0187876330e-01, 1e-9);
  EXPECT_NEAR(report.sum_of_squares, 1.2455138894e-01, 1e-9);
  EXPECT_EQ(report.degrees_of_freedom, 12U);
}

TEST(FitCurve, TheCertificateHoldsInLongDouble) {
  const auto rows = misra();
  const CurveReport report =
      fit_curve(parse_curve("y = b1*(1-exp(-b2*x))", kColumns), rows, {.start = {500.0, 0.0001}});
  // The cosine of the residuals with either column of the Jacobian bounds the relative offset from below.
  long double rr = 0, jr[2] = {0, 0}, jj[2] = {0, 0};
  const long double b1 = report.result.x[0], b2 = report.result.x[1];
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const long double x = rows->columns[0][i], e = std::exp(-b2 * x);
    const long double r = b1 * (1 - e) - rows->columns[1][i], j[2] = {1 - e, b1 * x * e};
    rr += r * r;
    for (int k = 0; k < 2; ++k) {
      jr[k] += j[k] * r;
      jj[k] += j[k] * j[k];
    }
  }
  for (int k = 0; k < 2; ++k) EXPECT_LE(std::fabs(static_cast<double>(jr[k] / std::sqrt(jj[k] * rr))), 1e-10) << k;
  EXPECT_LE(report.result.certificate->bound, 1e-8);
}

TEST(FitCurve, IsTheSameWhateverTheStartTheRowsOrderAndTheUnits) {
  const auto rows = decay(40, 0.02);
  const CurveReport one = fit_curve(decay_curve(), rows, {.start = {1.0, 1.0, 0.0}});
  const CurveReport other = fit_curve(decay_curve(), rows, {.start = {5.0, 0.1, -3.0}});
  auto turned = std::make_shared<CurveRows>(*rows);
  for (auto& column : turned->columns) std::reverse(column.begin(), column.end());
  auto scaled = std::make_shared<CurveRows>(*rows);
  for (double& x : scaled->columns[0]) x *= 1e6;
  const CurveReport reversed = fit_curve(decay_curve(), turned, {.start = {1.0, 1.0, 0.0}});
  const CurveReport in_micro = fit_curve(decay_curve(), scaled, {.start = {1.0, 1e-6, 0.0}});
  for (std::size_t j = 0; j < 3; ++j) {
    const double value = one.parameters[j].value, error = *one.parameters[j].standard_error;
    EXPECT_NEAR(other.parameters[j].value, value, 1e-7 * error);
    EXPECT_NEAR(reversed.parameters[j].value, value, 1e-7 * error);
    EXPECT_NEAR(in_micro.parameters[j].value * (j == 1 ? 1e6 : 1.0), value, 1e-7 * error);
  }
}

TEST(FitCurve, GuessesAStartWhenNoneIsGiven) {
  const CurveReport report = fit_curve(decay_curve(), decay(40, 0.02));
  EXPECT_EQ(report.result.status, Status::converged);
  EXPECT_NEAR(report.parameters[0].value, 2.0, 0.1);
  EXPECT_NEAR(report.parameters[1].value, 0.7, 0.1);
  EXPECT_TRUE(report.parameters[0].guessed);
  EXPECT_GT(report.starts_tried, 1U);
  const CurveReport partly = fit_curve(decay_curve(), decay(40, 0.02), {.start = {{}, 0.5, {}}});
  EXPECT_FALSE(partly.parameters[1].guessed);
  EXPECT_NEAR(partly.parameters[0].value, 2.0, 0.1);
  // The same seed gives the same start.
  const CurveReport again = fit_curve(decay_curve(), decay(40, 0.02));
  for (std::size_t j = 0; j < 3; ++j) EXPECT_EQ(again.parameters[j].start, report.parameters[j].start);
}

TEST(FitCurve, GuessesCurvesOfSeveralKinds) {
  struct Case {
    const char* text;
    std::vector<double> truth;
  };
  const Case cases[] = {{"y = a + b*x", {3.0, -2.0}},
                        {"y = top/(1 + exp(-k*(x - x0)))", {10.0, 1.5, 4.0}},
                        {"y = h*exp(-((x - m)/w)^2)", {7.0, 3.0, 0.8}},
                        {"y = v*x/(k + x)", {12.0, 2.0}},
                        {"y = a*sin(w*x + p)", {2.0, 1.3, 0.4}}};
  for (const Case& c : cases) {
    const Curve curve = parse_curve(c.text, kColumns);
    std::vector<double> x, y(60);
    for (int i = 0; i < 60; ++i) x.push_back(0.1 + 8.0 * i / 60.0);
    auto rows = table(x, y);
    CurveObjective(curve, rows).values(c.truth, rows->columns[1]);
    const CurveReport report = fit_curve(curve, rows);
    EXPECT_EQ(report.result.status, Status::converged) << c.text << ": " << report.result.reason;
    EXPECT_LT(report.sum_of_squares, 1e-12) << c.text;
  }
}

TEST(FitCurve, FindsTheParametersThatEnterLinearly) {
  EXPECT_THAT(linear_parameters(decay_curve()), ElementsAre(true, false, true));
  EXPECT_THAT(linear_parameters(parse_curve("y = a*b*x", kColumns)), ElementsAre(true, false));
}

TEST(FitCurve, NamesTheParametersThatTheRowsDoNotTellApart) {
  const Curve curve = parse_curve("y = a*b*x + c", kColumns);
  const CurveReport report = fit_curve(curve, decay(20, 0.1), {.start = {1.0, 1.0, 0.0}});
  EXPECT_THAT(report.not_told_apart, ElementsAre("a", "b"));
  EXPECT_EQ(report.rank, 2U);
  EXPECT_FALSE(report.parameters[0].standard_error.has_value());
  EXPECT_EQ(report.degrees_of_freedom, 18U);
}

TEST(FitCurve, HoldsBounds) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  CurveOptions options{.start = {1.0, 1.0, 0.0},
                       .bounds = {{-kInfinity, kInfinity}, {0.9, kInfinity}, {-kInfinity, kInfinity}}};
  const auto rows = decay(40, 0.02);
  const CurveReport report = fit_curve(decay_curve(), rows, options);
  EXPECT_EQ(report.result.status, Status::converged) << report.result.reason;
  EXPECT_EQ(report.parameters[1].value, 0.9);
  EXPECT_TRUE(report.parameters[1].at_bound);
  EXPECT_FALSE(report.parameters[1].standard_error.has_value());
  // The others are where least squares with b = 0.9 puts them.
  const CurveReport fixed = fit_curve(parse_curve("y = a*exp(-0.9*x) + c", kColumns), rows, {.start = {1.0, 0.0}});
  EXPECT_NEAR(report.parameters[0].value, fixed.parameters[0].value, 1e-9);
  EXPECT_NEAR(report.parameters[2].value, fixed.parameters[1].value, 1e-9);
  EXPECT_NEAR(*report.parameters[0].standard_error, *fixed.parameters[0].standard_error, 1e-9);
  // Equal bounds hold a parameter fixed.
  options.bounds[1] = {0.9, 0.9};
  EXPECT_NEAR(fit_curve(decay_curve(), rows, options).parameters[0].value, fixed.parameters[0].value, 1e-9);
}

TEST(FitCurve, OfALineTheProfileIsTheWaldInterval) {
  const CurveReport report = fit_curve(parse_curve("y = a + b*x", kColumns), decay(15, 0.1), {.start = {0.0, 0.0}});
  for (const CurveParameter& parameter : report.parameters) {
    EXPECT_NEAR(parameter.profile->low, parameter.wald->low, 1e-7 * *parameter.standard_error);
    EXPECT_NEAR(parameter.profile->high, parameter.wald->high, 1e-7 * *parameter.standard_error);
  }
}

TEST(FitCurve, TheProfilesEndsAreWhereTheSumOfSquaresHasRisenByTSquared) {
  const auto rows = decay(25, 0.1);
  const CurveReport report = fit_curve(decay_curve(), rows, {.start = {1.0, 1.0, 0.0}});
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (const bool high : {false, true}) {
    const double end = high ? report.parameters[1].profile->high : report.parameters[1].profile->low;
    const CurveReport held =
        fit_curve(decay_curve(), rows,
                  {.start = {2.0, end, 0.5}, .bounds = {{-kInfinity, kInfinity}, {end, end}, {-kInfinity, kInfinity}}});
    const double tau = std::sqrt((held.sum_of_squares - report.sum_of_squares)) / report.residual_sd;
    EXPECT_NEAR(tau, report.t_quantile, 1e-6);
  }
}

TEST(FitCurve, IntervalsHoldTheTruthAsOftenAsTheySay) {
  // 400 tables: the count of hits is binomial, 380 expected with a deviation of 4.4; 5 deviations is 358.
  int wald = 0, profile = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const CurveReport report = fit_curve(decay_curve(), decay(20, 0.05, seed), {.start = {2.0, 0.7, 0.5}});
    const CurveParameter& b = report.parameters[1];
    wald += b.wald->low <= 0.7 && 0.7 <= b.wald->high ? 1 : 0;
    profile += b.profile->low <= 0.7 && 0.7 <= b.profile->high ? 1 : 0;
  }
  EXPECT_GE(wald, 350);  // its centre is right to first order only
  EXPECT_GE(profile, 358);
  EXPECT_LE(profile, 398);
}

TEST(FitCurve, SigmaWeighsRowsAndAbsoluteSigmaSetsTheErrors) {
  auto rows = decay(30, 0.05);
  const CurveReport plain = fit_curve(decay_curve(), rows, {.start = {1.0, 1.0, 0.0}});
  rows->sigma.assign(30, 0.05);
  const CurveReport weighted = fit_curve(decay_curve(), rows, {.start = {1.0, 1.0, 0.0}});
  const CurveReport absolute = fit_curve(decay_curve(), rows, {.start = {1.0, 1.0, 0.0}, .absolute_sigma = true});
  for (std::size_t j = 0; j < 3; ++j) {
    EXPECT_NEAR(weighted.parameters[j].value, plain.parameters[j].value, 1e-7);
    EXPECT_NEAR(*weighted.parameters[j].standard_error, *plain.parameters[j].standard_error, 1e-7);
    EXPECT_NEAR(*absolute.parameters[j].standard_error, *plain.parameters[j].standard_error * 0.05 / plain.residual_sd,
                1e-7);
  }
}

TEST(FitCurve, ARobustSumIsNotMovedByAFewFarRows) {
  auto rows = decay(60, 0.02);
  const auto truth = decay(60, 0.02);
  for (const std::size_t i : {5U, 20U, 33U, 47U}) rows->columns[1][i] += 5.0;
  for (const Robust robust : {Robust::huber, Robust::soft_l1, Robust::cauchy, Robust::tukey}) {
    const CurveReport report = fit_curve(decay_curve(), rows, {.start = {1.0, 1.0, 0.0}, .robust = robust});
    EXPECT_EQ(report.result.status, Status::converged) << to_text(robust) << ": " << report.result.reason;
    EXPECT_NEAR(report.parameters[0].value, 2.0, 0.1) << to_text(robust);
    EXPECT_NEAR(report.parameters[1].value, 0.7, 0.1) << to_text(robust);
    EXPECT_NEAR(report.parameters[2].value, 0.5, 0.05) << to_text(robust);
    EXPECT_GE(report.rows_down_weighted, 4U);
  }
  const CurveReport plain = fit_curve(decay_curve(), rows, {.start = {1.0, 1.0, 0.0}});
  EXPECT_GT(std::fabs(plain.parameters[2].value - 0.5), 0.1);
}

TEST(FitCurve, OtherMethodsMinimiseTheSameSumAndAreDescribedTheSame) {
  const auto rows = decay(40, 0.05);
  const CurveReport lm = fit_curve(decay_curve(), rows, {.start = {1.0, 1.0, 0.0}});
  CurveOptions options{.start = {1.0, 1.0, 0.0}, .optimizer = Optimizer(Method::lbfgs)};
  options.run.gradient_tolerance = 1e-10;
  const CurveReport lbfgs = fit_curve(decay_curve(), rows, options);
  for (std::size_t j = 0; j < 3; ++j) {
    EXPECT_NEAR(lbfgs.parameters[j].value, lm.parameters[j].value, 1e-6);
    EXPECT_NEAR(*lbfgs.parameters[j].standard_error, *lm.parameters[j].standard_error, 1e-6);
  }
}

TEST(FitCurve, AStartThatIsNotFiniteIsDivergedAndSaysWhere) {
  const CurveReport report =
      fit_curve(parse_curve("y = a*log(b*x - 100)", kColumns), decay(5, 0.1), {.start = {1.0, 1.0}});
  EXPECT_EQ(report.result.status, Status::diverged);
  EXPECT_FALSE(report.result.ok());
  EXPECT_EQ(report.result.reason,
            "the curve is not finite in row 1, x=0, with a=1, b=1: log(b*x - 100) is nan, at the start");
  auto rows = table({1, 2, -3}, {1, 4, 9});
  rows->place = [](std::size_t row) { return "obs.csv:" + std::to_string(row + 2); };
  EXPECT_EQ(fit_curve(parse_curve("y = a*x^b", kColumns), rows, {.start = {1.0, 1.0}}).result.reason,
            "the derivative of the curve by b is not finite in row 3 (obs.csv:4), x=-3, with a=1, b=1: log(x) is nan, "
            "at the start");
}

TEST(FitCurve, OptionsThatDoNotFitAreRefused) {
  EXPECT_THROW((void)fit_curve(decay_curve(), decay(9, 0.1), {.start = {1.0}}), Error);
  EXPECT_THROW((void)fit_curve(decay_curve(), decay(9, 0.1), {.robust_scale = 2.0}), Error);
  EXPECT_THROW((void)fit_curve(decay_curve(), decay(9, 0.1), {.confidence = 1.0}), Error);
}

TEST(FitCurve, ACurveWithKinksIsNotTakenForALine) {
  const auto rows = table({0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {4, 3, 2, 1, 0, 1, 2, 3, 4, 5});
  const CurveReport report = fit_curve(parse_curve("y = abs(x-b)", kColumns), rows, {.start = {3.5}});
  EXPECT_NEAR(report.parameters[0].value, 4.0, 1e-9);
  EXPECT_LT(report.sum_of_squares, 1e-15);
}

TEST(FitCurve, AProfileBeginsItsRefitsInsideOfTheInterval) {
  // Michaelis and Menten's curve on nearly straight data: refits from outside end beyond the pole at x = -b.
  const auto rows =
      table({0.5, 1, 2, 3, 4, 6}, {0.7583821864, 1.0208356909, 1.9708210919, 2.5965046974, 2.2933418853, 4.3412188439});
  const CurveReport report = fit_curve(parse_curve("y = a*x/(b+x)", kColumns), rows);
  const CurveParameter& a = report.parameters[0];
  ASSERT_TRUE(a.profile);
  EXPECT_NEAR(a.value, 11.7456, 1e-3);
  EXPECT_NEAR(a.profile->low, 3.7, 0.2);
}

TEST(FitCurve, WhatIsGivenOfAStartIsKept) {
  const CurveReport report = fit_curve(decay_curve(), decay(40, 0.02), {.start = {{}, 0.5, {}}});
  EXPECT_EQ(report.parameters[1].start, 0.5);
}

TEST(FitCurve, RobustErrorsAreAsLargeAsTheParametersSpread) {
  // 200 tables: the mean of the standard errors against the spread of the estimates, which is known to 5 %.
  for (const auto& [robust, scale] : {std::pair{Robust::huber, 0.05}, {Robust::cauchy, 0.1}, {Robust::tukey, 0.3}}) {
    double sum = 0.0, squares = 0.0, error = 0.0;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
      const CurveReport report = fit_curve(decay_curve(), decay(60, 0.1, seed),
                                           {.start = {2.0, 0.7, 0.5}, .robust = robust, .robust_scale = scale});
      const double b = report.parameters[1].value;
      sum += b / 200;
      squares += b * b / 200;
      error += report.parameters[1].standard_error.value_or(0.0) / 200;
    }
    const double spread = std::sqrt(squares - sum * sum);
    EXPECT_GT(error, 0.75 * spread) << to_text(robust);
    EXPECT_LT(error, 1.35 * spread) << to_text(robust);
  }
}

TEST(FitCurve, WhereNothingReactsToAParameterNothingHasConverged) {
  const CurveReport underflow =
      fit_curve(parse_curve("y = a*exp(b*x)", kColumns), table({1, 2, 3}, {2, 4, 6}), {.start = {1.0, -2000.0}});
  EXPECT_NE(underflow.result.status, Status::converged);
  const CurveReport saddle =
      fit_curve(parse_curve("y = a^2*x", kColumns), table({1, 2, 3}, {2, 4, 6}), {.start = {0.0}});
  EXPECT_NE(saddle.result.status, Status::converged);
}

TEST(FitCurve, KnownSigmasGiveErrorsWithoutDegreesOfFreedomAndNormalIntervals) {
  auto rows = table({1, 2, 3}, {2, 3, 5});
  rows->sigma = {0.1, 0.1, 0.2};
  const Curve curve = parse_curve("y = a*exp(-b*x) + c", kColumns);
  // scipy 1.10: curve_fit(absolute_sigma=True)
  const CurveReport report = fit_curve(curve, rows, {.start = {1.0, -0.5, 0.5}, .absolute_sigma = true});
  EXPECT_NEAR(*report.parameters[0].standard_error, 0.372, 1e-3);
  EXPECT_NEAR(*report.parameters[1].standard_error, 0.206, 1e-3);
  EXPECT_NEAR(*report.parameters[2].standard_error, 0.600, 1e-3);
  EXPECT_NEAR(report.t_quantile, 1.959963984540054, 1e-9);
  rows->sigma.clear();
  EXPECT_FALSE(
      fit_curve(curve, rows, {.start = {1.0, -0.5, 0.5}, .absolute_sigma = true}).parameters[0].standard_error);
}

TEST(FitCurve, LineSearchMethodsEndByTheirGradient) {
  const CurveReport report =
      fit_curve(decay_curve(), decay(40, 0.05), {.start = {1.0, 1.0, 0.0}, .optimizer = Optimizer(Method::lbfgs)});
  EXPECT_EQ(report.result.status, Status::converged) << report.result.reason;
  EXPECT_EQ(report.result.certificate->kind, "gradient");
}

TEST(StudentT, QuantilesAreTheClosedFormsAndThoseOfTables) {
  EXPECT_NEAR(student_t_quantile(0.95, 1), std::tan(0.475 * 3.141592653589793), 1e-12);
  EXPECT_NEAR(student_t_quantile(0.95, 2), 0.95 * std::sqrt(2.0 / (4.0 * 0.975 * 0.025)), 1e-13);
  // scipy 1.10: t.ppf(0.975, n), t.ppf(0.995, n), itself right to 9 digits
  EXPECT_NEAR(student_t_quantile(0.95, 5), 2.5705818366147395, 1e-8);
  EXPECT_NEAR(student_t_quantile(0.95, 28), 2.048407141795244, 1e-8);
  EXPECT_NEAR(student_t_quantile(0.99, 10), 3.169272667175838, 1e-8);
  EXPECT_NEAR(student_t_quantile(0.95, 100000), 1.9599877075346093, 1e-8);
}

TEST(CurveModel, IsTheSameAfterItWasWrittenAndRead) {
  CurveModel model(decay_curve(), {.start = {1.0, 1.0, 0.0}});
  model.fit(decay(40, 0.02));
  PathArchive archive;
  model.save(archive);
  const auto again = CurveModel::load(archive);
  const double x = 1.5;
  EXPECT_EQ(again->predict({&x, 1}).value, model.predict({&x, 1}).value);
  EXPECT_EQ(again->predict({&x, 1}).standard_error, model.predict({&x, 1}).standard_error);
  double score = 0.0;
  again->decision_function({&x, 1, 1, 1}, {&score, 1});
  EXPECT_EQ(score, model.predict({&x, 1}).value);
}

TEST(CurveModel, ADamagedOneIsRefused) {
  CurveModel model(decay_curve(), {.start = {1.0, 1.0, 0.0}});
  model.fit(decay(40, 0.02));
  const auto refuses = [&](const auto& damage) {
    PathArchive archive;
    model.save(archive);
    damage(archive);
    try {
      (void)CurveModel::load(archive);
    } catch (const Error& error) {
      return error.code() == ErrorCode::model;
    }
    return false;
  };
  EXPECT_TRUE(refuses([](PathArchive& a) { a.numbers_["curve.values"].pop_back(); }));
  EXPECT_TRUE(refuses([](PathArchive& a) { a.numbers_["curve.covariance"].pop_back(); }));
  EXPECT_TRUE(refuses([](PathArchive& a) { a.texts_["curve.formula"] = {"a*exp("}; }));
  EXPECT_TRUE(refuses([](PathArchive& a) { a.texts_["curve.parameters"] = {"a", "c", "b"}; }));
}

}  // namespace
}  // namespace descent::curve

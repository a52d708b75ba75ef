#include "descent/diagnose/findings.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace descent::diagnose {
namespace {

/// Plain descent on (a x^2 + b y^2) / 2 from (1, 1), recorded as the optimizers record.
struct Descent {
  Trace trace{std::vector<std::string>{"x", "y"}};
  Result result;

  Descent(double a, double b, double rate, std::uint64_t steps, Status status = Status::step_limit) {
    std::vector<double> x{1.0, 1.0};
    std::vector<double> curvature{a, b};
    result.best.value = 1e300;
    double step_norm = 0;
    for (std::uint64_t k = 0;; ++k) {
      const double gx = a * x[0];
      const double gy = b * x[1];
      const double value = 0.5 * (gx * x[0] + gy * x[1]);
      const double norm = std::max(std::fabs(gx), std::fabs(gy));
      if (value < result.best.value) result.best = {k, value, x};
      if (k == steps) {
        result.value = value;
        result.gradient_norm = norm;
        break;
      }
      trace.record({.step = k,
                    .objective = value,
                    .loss = value,
                    .gradient_norm = norm,
                    .step_norm = step_norm,
                    .learning_rate = rate,
                    .x = x});
      x[0] -= rate * gx;
      x[1] -= rate * gy;
      step_norm = rate * std::hypot(gx, gy);
    }
    result.status = status;
    result.x = x;
    result.steps = steps;
    result.learning_rate = rate;
  }
};

std::vector<std::string> names(const std::vector<Finding>& found) {
  std::vector<std::string> result;
  for (const Finding& finding : found) result.push_back(finding.name);
  return result;
}

using Names = std::vector<std::string>;

/// Null when it was not found.
const Finding* find(const std::vector<Finding>& found, const std::string& name) {
  for (const Finding& finding : found)
    if (finding.name == name) return &finding;
  return nullptr;
}

TEST(Findings, AGoodRunHasNone) {
  const Descent run(1, 2, 0.6, 60, Status::converged);
  EXPECT_EQ(names(findings(run.trace, run.result,
                           {.largest_curvature = 2, .smallest_curvature = 1, .stable_rate_times_curvature = 2})),
            Names{});
}

TEST(Findings, ASmallChangeIsNotAMinimum) {
  const Descent run(1, 1000, 1e-3, 20, Status::small_change);
  const auto found = findings(run.trace, run.result);
  ASSERT_EQ(names(found), Names{"stopped_early"});
  EXPECT_EQ(found[0].severity, Severity::problem);
  EXPECT_EQ(found[0].evidence.find("gradient 0.98019 at the end, 1000 at the start; about 18,"), 0U)
      << found[0].evidence;

  const auto judged = findings(run.trace, run.result, {.excess = 0.25});
  EXPECT_NE(judged[0].evidence.find("25 % above the exact minimum"), std::string::npos) << judged[0].evidence;
  EXPECT_EQ(names(findings(run.trace, run.result, {.excess = 1e-9})), Names{});
}

TEST(Findings, DivergenceSaysWhereAndWhichRateIsStable) {
  Descent run(1, 4, 0.6, 30, Status::diverged);
  run.result.fault = Fault{.step = 31, .what = "objective", .coordinate = 1};
  const auto found = findings(run.trace, run.result, {.largest_curvature = 4, .stable_rate_times_curvature = 2});
  ASSERT_EQ(names(found), Names{"diverged"});
  EXPECT_EQ(found[0].evidence,
            "objective not finite at step 31, coordinate 'y'; learning rate 0.6; the largest stable one is 0.5");
  EXPECT_NE(findings(run.trace, run.result)[0].advice.find("divide the learning rate by 10"), std::string::npos);
  EXPECT_EQ(findings(run.trace, run.result, {.chooses_steps = true})[0].advice,
            "start elsewhere, or bound the parameters");
}

TEST(Findings, ARisingObjectiveIsAProblem) {
  const Descent run(1, 4, 0.52, 30);
  const auto found = findings(run.trace, run.result, {.largest_curvature = 4, .stable_rate_times_curvature = 2});
  EXPECT_EQ(found[0].name, "rising");
  EXPECT_EQ(found[0].severity, Severity::problem);
  EXPECT_NE(found[0].advice.find("stable below 0.5"), std::string::npos) << found[0].advice;
  EXPECT_NE(find(found, "rate_too_large"), nullptr);
}

TEST(Findings, JumpingAcrossTheValleyIsOscillation) {
  const Descent run(0.01, 1, 1.99, 40);
  const auto found = findings(run.trace, run.result);
  const Finding* oscillating = find(found, "oscillating");
  ASSERT_NE(oscillating, nullptr);
  EXPECT_NE(oscillating->evidence.find("point against each other"), std::string::npos);
  const auto sampled = findings(run.trace, run.result, {.sampled_rows = true});
  EXPECT_EQ(find(sampled, "oscillating"), nullptr);
}

TEST(Findings, ALastEpochThatIsASpikeIsNamed) {
  Descent run(1, 2, 0.5, 40, Status::converged);
  run.result.value = 0.8;  // the start had 1.5
  const auto found = findings(run.trace, run.result);
  ASSERT_EQ(names(found), Names{"last_is_not_best"});
  EXPECT_EQ(found[0].evidence.find("value 0.8 at the end, "), 0U);
  EXPECT_NE(found[0].evidence.find(" at step 40 of 40"), std::string::npos) << found[0].evidence;
}

TEST(Findings, AStepLimitReachedWhileImprovingTellsTheStepsToGo) {
  // The gradient shrinks by 0.9 a step: from 0.9^50 to 1e-8 it takes ln(1e-8)/ln(0.9) - 50 = 124.8 steps more.
  const Descent run(1, 1, 0.1, 50);
  const auto found = findings(run.trace, run.result);
  const Finding* improving = find(found, "still_improving");
  ASSERT_NE(improving, nullptr);
  EXPECT_NE(improving->evidence.find("about 126 more steps"), std::string::npos) << improving->evidence;
  EXPECT_EQ(improving->advice, "--max-steps 200");
}

TEST(Findings, AMinimumOutOfSightIsNoNumberOfSteps) {
  // The gradient falls by 1e-12 of itself a step: 1e13 steps to go.
  Trace trace({"x"});
  for (std::uint64_t k = 0; k < 100; ++k)
    trace.record({.step = k,
                  .objective = 1.0 - 1e-3 * static_cast<double>(k),
                  .gradient_norm = std::exp(-1e-12 * static_cast<double>(k) * 1e3),
                  .learning_rate = 1e-3,
                  .x = {}});
  Result result;
  result.status = Status::step_limit;
  result.steps = 100;
  result.value = 0.9;
  result.best = {.step = 100, .value = 0.9, .x = {}};
  result.gradient_norm = 1.0;
  for (const bool chooses : {true, false}) {
    const auto found = findings(trace, result, {.gradient_tolerance = 1e-8, .chooses_steps = chooses});
    const Finding* improving = find(found, "still_improving");
    ASSERT_NE(improving, nullptr);
    EXPECT_NE(improving->evidence.find("more than 1,000 times as many steps"), std::string::npos);
    EXPECT_NE(improving->advice.find(chooses ? "whether there is a minimum" : "a faster method"), std::string::npos);
  }
}

TEST(Findings, ARunWhoseBestIsLongPastIsNotStillImproving) {
  Descent run(1, 1, 0.1, 50);
  run.result.best.step = 10;
  EXPECT_EQ(find(findings(run.trace, run.result), "still_improving"), nullptr);
}

TEST(StepsToGo, FitsAConstantFactor) {
  const Descent run(1, 1, 0.1, 50);
  // Counted from the last row (before update 50): ln(1e-8)/ln(0.9) - 49 = 125.8.
  EXPECT_EQ(steps_to_go(run.trace, 1e-8), 126.0);
  EXPECT_EQ(steps_to_go(run.trace, 1.0), 0.0);
  EXPECT_EQ(steps_to_go(Descent(1, 1, 2.1, 50).trace, 1e-8), std::nullopt);
  EXPECT_EQ(steps_to_go(Descent(1, 1, 0.1, 5).trace, 1e-8), std::nullopt);
}

TEST(Findings, ARateFarTooSmallIsSeenWithAndWithoutTheCurvature) {
  const Descent run(1, 2, 1e-5, 100);
  const auto known = findings(run.trace, run.result, {.largest_curvature = 2, .stable_rate_times_curvature = 2});
  const Finding* small = find(known, "rate_too_small");
  ASSERT_NE(small, nullptr);
  EXPECT_EQ(small->evidence, "learning rate 1e-05, stable below 1");
  EXPECT_EQ(small->advice, "take about 0.5");
  const auto guessed = findings(run.trace, run.result);
  const Finding* parallel = find(guessed, "rate_too_small");
  ASSERT_NE(parallel, nullptr);
  EXPECT_NE(parallel->evidence.find("mean cosine"), std::string::npos);
}

TEST(Findings, APenaltyThatGrowsIsShownInItsParts) {
  Trace trace;
  for (std::uint64_t k = 0; k < 10; ++k) {
    const double loss = 1.0 - 0.05 * static_cast<double>(k);
    const double penalty = 0.1 * static_cast<double>(k);
    trace.record({.step = k, .objective = loss + penalty, .loss = loss, .penalty = penalty, .gradient_norm = 1});
  }
  Result result;
  result.steps = 10;
  result.value = 1.5;
  result.best = {0, 1.0, {}};
  const auto found = findings(trace, result);
  const Finding* parts = find(found, "penalty_grows");
  ASSERT_NE(parts, nullptr);
  EXPECT_EQ(parts->evidence, "loss 1 -> 0.55, penalty 0 -> 0.9, total 1 -> 1.45");
  EXPECT_EQ(find(found, "rising"), nullptr);  // explained by its parts
}

TEST(Findings, AConditionNumberIsGivenInSteps) {
  const Descent run(1, 1, 0.1, 300, Status::converged);
  const Facts facts{.largest_curvature = 3284.246, .smallest_curvature = 0.253711, .can_standardize = true};
  const auto found = findings(run.trace, run.result, facts);
  ASSERT_EQ(names(found), Names{"ill_conditioned"});
  EXPECT_EQ(found[0].evidence.find("condition number 12,945"), 0U) << found[0].evidence;
  EXPECT_NE(found[0].advice.find("--standardize yes"), std::string::npos);
}

TEST(Findings, TheMostSevereComesFirst) {
  const Descent run(0.0001, 4, 0.52, 30);
  const auto found = findings(run.trace, run.result,
                              {.largest_curvature = 4, .smallest_curvature = 0.0001, .stable_rate_times_curvature = 2});
  ASSERT_GE(found.size(), 3U);
  for (std::size_t i = 1; i < found.size(); ++i) EXPECT_GE(found[i - 1].severity, found[i].severity);
  EXPECT_STREQ(to_text(found[0].severity), "problem");
}

TEST(Findings, AnEmptyTraceIsNoTrouble) {
  Result result;
  for (const Status status : {Status::converged, Status::small_change, Status::step_limit, Status::diverged}) {
    result.status = status;
    EXPECT_NO_THROW(static_cast<void>(findings(Trace(), result)));
  }
}

}  // namespace
}  // namespace descent::diagnose

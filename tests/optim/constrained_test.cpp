#include "descent/optim/constrained.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "descent/core/error.hpp"

namespace descent {
namespace {

using testing::HasSubstr;

/// A function whose gradient is by central differences in long double: exact to about 13 digits.
class Function final : public Objective {
 public:
  using Body = std::function<long double(const std::vector<long double>&)>;
  Function(std::size_t n, Body body) : n_(n), body_(std::move(body)) {}
  [[nodiscard]] std::size_t num_parameters() const override { return n_; }
  double evaluate(View x, MutableView gradient) override {
    ++values;
    gradients += gradient.empty() ? 0 : 1;
    std::vector<long double> at(x.begin(), x.end());
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      const long double h = 1e-6L * std::max(1.0L, std::fabs(at[i])), kept = at[i];
      at[i] = kept + h;
      const long double above = body_(at);
      at[i] = kept - h;
      gradient[i] = static_cast<double>((above - body_(at)) / (2 * h));
      at[i] = kept;
    }
    return static_cast<double>(body_(at));
  }
  std::uint64_t values = 0, gradients = 0;

 private:
  std::size_t n_;
  Body body_;
};

using Vec = std::vector<long double>;

/// W. Hock, K. Schittkowski, "Test Examples for Nonlinear Programming Codes", 1981.
struct Problem {
  const char* name;
  std::size_t n;
  Function::Body f;
  std::vector<Function::Body> equal, at_most;
  std::vector<Bound> bounds;
  std::vector<double> start;
  double minimum;
};

std::vector<Problem> problems() {
  constexpr double kInf = std::numeric_limits<double>::infinity();
  std::vector<Problem> list;
  list.push_back({"HS6",
                  2,
                  [](const Vec& x) { return (1 - x[0]) * (1 - x[0]); },
                  {[](const Vec& x) { return 10 * (x[1] - x[0] * x[0]); }},
                  {},
                  {},
                  {-1.2, 1},
                  0.0});
  list.push_back({"HS7",
                  2,
                  [](const Vec& x) { return std::log(1 + x[0] * x[0]) - x[1]; },
                  {[](const Vec& x) { return (1 + x[0] * x[0]) * (1 + x[0] * x[0]) + x[1] * x[1] - 4; }},
                  {},
                  {},
                  {2, 2},
                  -std::sqrt(3.0)});
  list.push_back({"HS10",
                  2,
                  [](const Vec& x) { return x[0] - x[1]; },
                  {},
                  {[](const Vec& x) { return 3 * x[0] * x[0] - 2 * x[0] * x[1] + x[1] * x[1] - 1; }},
                  {},
                  {-10, 10},
                  -1.0});
  list.push_back({"HS12",
                  2,
                  [](const Vec& x) { return x[0] * x[0] / 2 + x[1] * x[1] - x[0] * x[1] - 7 * x[0] - 7 * x[1]; },
                  {},
                  {[](const Vec& x) { return 4 * x[0] * x[0] + x[1] * x[1] - 25; }},
                  {},
                  {0, 0},
                  -30.0});
  list.push_back({"HS14",
                  2,
                  [](const Vec& x) { return (x[0] - 2) * (x[0] - 2) + (x[1] - 1) * (x[1] - 1); },
                  {[](const Vec& x) { return x[0] - 2 * x[1] + 1; }},
                  {[](const Vec& x) { return x[0] * x[0] / 4 + x[1] * x[1] - 1; }},
                  {},
                  {2, 2},
                  9 - 2.875 * std::sqrt(7.0)});
  list.push_back({"HS28",
                  3,
                  [](const Vec& x) { return (x[0] + x[1]) * (x[0] + x[1]) + (x[1] + x[2]) * (x[1] + x[2]); },
                  {[](const Vec& x) { return x[0] + 2 * x[1] + 3 * x[2] - 1; }},
                  {},
                  {},
                  {-4, 1, 1},
                  0.0});
  list.push_back({"HS35",
                  3,
                  [](const Vec& x) {
                    return 9 - 8 * x[0] - 6 * x[1] - 4 * x[2] + 2 * x[0] * x[0] + 2 * x[1] * x[1] + x[2] * x[2] +
                           2 * x[0] * x[1] + 2 * x[0] * x[2];
                  },
                  {},
                  {[](const Vec& x) { return x[0] + x[1] + 2 * x[2] - 3; }},
                  {{0, kInf}, {0, kInf}, {0, kInf}},
                  {0.5, 0.5, 0.5},
                  1.0 / 9.0});
  list.push_back({"HS39",
                  4,
                  [](const Vec& x) { return -x[0]; },
                  {[](const Vec& x) { return x[1] - x[0] * x[0] * x[0] - x[2] * x[2]; },
                   [](const Vec& x) { return x[0] * x[0] - x[1] - x[3] * x[3]; }},
                  {},
                  {},
                  {2, 2, 2, 2},
                  -1.0});
  list.push_back(
      {"HS43",
       4,
       [](const Vec& x) {
         return x[0] * x[0] + x[1] * x[1] + 2 * x[2] * x[2] + x[3] * x[3] - 5 * x[0] - 5 * x[1] - 21 * x[2] + 7 * x[3];
       },
       {},
       {[](const Vec& x) {
          return x[0] * x[0] + x[1] * x[1] + x[2] * x[2] + x[3] * x[3] + x[0] - x[1] + x[2] - x[3] - 8;
        },
        [](const Vec& x) { return x[0] * x[0] + 2 * x[1] * x[1] + x[2] * x[2] + 2 * x[3] * x[3] - x[0] - x[3] - 10; },
        [](const Vec& x) { return 2 * x[0] * x[0] + x[1] * x[1] + x[2] * x[2] + 2 * x[0] - x[1] - x[3] - 5; }},
       {},
       {0, 0, 0, 0},
       -44.0});
  list.push_back({"HS71",
                  4,
                  [](const Vec& x) { return x[0] * x[3] * (x[0] + x[1] + x[2]) + x[2]; },
                  {[](const Vec& x) { return x[0] * x[0] + x[1] * x[1] + x[2] * x[2] + x[3] * x[3] - 40; }},
                  {[](const Vec& x) { return 25 - x[0] * x[1] * x[2] * x[3]; }},
                  std::vector<Bound>(4, Bound{1, 5}),
                  {1, 5, 5, 1},
                  17.0140173});
  list.push_back({"HS76",
                  4,
                  [](const Vec& x) {
                    return x[0] * x[0] + x[1] * x[1] / 2 + x[2] * x[2] + x[3] * x[3] / 2 - x[0] * x[2] + x[2] * x[3] -
                           x[0] - 3 * x[1] + x[2] - x[3];
                  },
                  {},
                  {[](const Vec& x) { return x[0] + 2 * x[1] + x[2] + x[3] - 5; },
                   [](const Vec& x) { return 3 * x[0] + x[1] + 2 * x[2] - x[3] - 4; },
                   [](const Vec& x) { return 1.5L - x[1] - 4 * x[2]; }},
                  std::vector<Bound>(4, Bound{0, kInf}),
                  {0.5, 0.5, 0.5, 0.5},
                  -4.681818181818182});
  return list;
}

TEST(Constrained, ReachesTheMinimaOfHockAndSchittkowskiWithTheirMultipliers) {
  for (const Problem& problem : problems()) {
    Function f(problem.n, problem.f);
    std::vector<Function> functions;
    for (const auto* list : {&problem.equal, &problem.at_most})
      for (const auto& body : *list) functions.emplace_back(problem.n, body);
    std::vector<Constraint> constraints;
    for (std::size_t i = 0; i < functions.size(); ++i)
      constraints.push_back({.function = &functions[i], .equality = i < problem.equal.size()});
    const ConstrainedResult run =
        minimize_constrained(f, constraints, problem.start, {.gradient_tolerance = 1e-7, .bounds = problem.bounds});
    EXPECT_EQ(run.result.status, Status::converged) << problem.name << ": " << run.result.reason;
    EXPECT_NEAR(run.result.value, problem.minimum, 2e-7 * std::max(1.0, std::fabs(problem.minimum))) << problem.name;
    EXPECT_LE(run.violation, 1e-8) << problem.name;
    EXPECT_EQ(run.result.value, f.value(run.result.x)) << problem.name;
    if (!run.result.certificate) continue;
    EXPECT_EQ(run.result.certificate->kind, "kkt");
    // The first-order conditions, recomputed.
    std::vector<double> gradient(problem.n), slope(problem.n);
    (void)f.evaluate(run.result.x, gradient);
    for (std::size_t i = 0; i < constraints.size(); ++i) {
      (void)functions[i].evaluate(run.result.x, slope);
      for (std::size_t j = 0; j < problem.n; ++j) gradient[j] += run.multipliers[i] * slope[j];
      if (constraints[i].equality) continue;
      EXPECT_GE(run.multipliers[i], 0.0);
      EXPECT_LE(std::min(run.multipliers[i], -run.values[i]), 1e-6) << problem.name;
    }
    for (std::size_t j = 0; j < problem.n; ++j) {
      const bool held = !problem.bounds.empty() && (run.result.x[j] <= problem.bounds[j].low + 1e-12 ||
                                                    run.result.x[j] >= problem.bounds[j].high - 1e-12);
      if (held) continue;
      EXPECT_NEAR(gradient[j], 0.0, 1e-5) << problem.name << " " << j;
    }
  }
}

TEST(Constrained, WithoutConstraintsItIsLbfgs) {
  Function f(2, [](const Vec& x) { return (x[0] - 1) * (x[0] - 1) + (x[1] + 2) * (x[1] + 2); });
  const ConstrainedResult run = minimize_constrained(f, {}, {5.0, 5.0});
  EXPECT_EQ(run.result.status, Status::converged);
  EXPECT_NEAR(run.result.x[0], 1.0, 1e-8);
}

TEST(Constrained, WhatNoPointSatisfiesIsNoSuccess) {
  Function f(1, [](const Vec& x) { return x[0] * x[0]; });
  Function low(1, [](const Vec&x) { return x[0] + 1; }), high(1, [](const Vec&x) { return 1 - x[0]; });
  const Constraint constraints[] = {{&low, false}, {&high, false}};  // x <= -1 and x >= 1
  const ConstrainedResult run = minimize_constrained(f, constraints, {0.3});
  EXPECT_NE(run.result.status, Status::converged);
  EXPECT_FALSE(run.result.certificate);
  EXPECT_NEAR(run.violation, 1.0, 1e-3);
  EXPECT_THAT(run.result.reason, HasSubstr("violated by"));
}

TEST(Constrained, AnObjectiveThatOnlyTheConstraintsHoldBackIsHeldBack) {
  Function f(1, [](const Vec& x) { return -x[0] * x[0] * x[0] * x[0]; });
  Function disc(1, [](const Vec& x) { return x[0] * x[0] - 4; });
  const Constraint constraints[] = {{&disc, false}};
  const ConstrainedResult run = minimize_constrained(f, constraints, {0.5}, {.gradient_tolerance = 1e-6});
  EXPECT_NEAR(run.result.value, -16.0, 1e-4) << run.result.reason;
}

TEST(Constrained, CountsWhatItAsksAndStopsWhenAsked) {
  Function f(2, [](const Vec& x) { return x[0] + x[1]; });
  Function circle(2, [](const Vec& x) { return x[0] * x[0] + x[1] * x[1] - 2; });
  const Constraint constraints[] = {{&circle, true}};
  const ConstrainedResult run = minimize_constrained(f, constraints, {3.0, -1.0}, {.gradient_tolerance = 1e-7});
  EXPECT_NEAR(run.result.value, -2.0, 1e-7);
  EXPECT_EQ(run.result.gradient_evaluations, f.gradients);
  const ConstrainedResult limited = minimize_constrained(f, constraints, {3.0, -1.0}, {.max_steps = 2});
  EXPECT_EQ(limited.result.status, Status::step_limit);
  EXPECT_EQ(limited.result.steps, 2U);
  std::uint64_t seen = 0;
  const ConstrainedResult stopped = minimize_constrained(
      f, constraints, {3.0, -1.0}, {.observer = [&](const StepInfo& info) { return seen = info.step, info.step < 3; }});
  EXPECT_EQ(stopped.result.status, Status::interrupted);
  EXPECT_EQ(seen, 3U);
}

TEST(Constrained, RefusesWhatDoesNotFit) {
  Function f(2, [](const Vec& x) { return x[0] + x[1]; });
  Function other(1, [](const Vec& x) { return x[0]; });
  const Constraint wrong[] = {{&other, false}};
  EXPECT_THROW((void)minimize_constrained(f, wrong, {0.0, 0.0}), Error);
  EXPECT_THROW((void)minimize_constrained(f, {}, {0.0}), Error);
  EXPECT_THROW((void)minimize_constrained(f, {}, {0.0, 0.0}, {.gradient_tolerance = 0.0}), Error);
  EXPECT_THROW((void)minimize_constrained(f, {}, {0.0, 0.0}, {}, 0.0), Error);
}

}  // namespace
}  // namespace descent

#include "descent/optim/restarts.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>

#include "descent/core/elementary.hpp"
#include "descent/core/error.hpp"

namespace descent {
namespace {

std::atomic<std::uint64_t> g_calls{0};

/// Rastrigin's function with its minimum at `centre`: a grid of minima one apart, the least 0.
class Rastrigin final : public Objective {
 public:
  explicit Rastrigin(std::size_t n) : n_(n) {}
  [[nodiscard]] std::size_t num_parameters() const override { return n_; }
  double evaluate(View x, MutableView gradient) override {
    ++g_calls;
    constexpr double kTwoPi = 6.283185307179586;
    double total = 0.0;
    for (std::size_t i = 0; i < n_; ++i) {
      const double d = x[i] - 0.3;
      total += d * d + 10.0 - 10.0 * math::cos(kTwoPi * d);
      if (!gradient.empty()) gradient[i] = 2.0 * d + 10.0 * kTwoPi * math::sin(kTwoPi * d);
    }
    return total;
  }

 private:
  std::size_t n_;
};

const auto kMake = [] { return std::make_unique<Rastrigin>(2); };
const std::vector<Bound> kBox(2, Bound{-5.12, 5.12});

TEST(Restarts, FindTheLeastOfManyMinima) {
  const RestartResult found =
      minimize_restarts(kMake, {4.0, 4.0}, {}, {.bounds = kBox}, {.restarts = 200, .box = kBox});
  EXPECT_EQ(found.best.status, Status::converged);
  EXPECT_NEAR(found.best.value, 0.0, 1e-12);
  EXPECT_NEAR(found.best.x[0], 0.3, 1e-8);
  EXPECT_EQ(found.runs, 201U);
  EXPECT_GT(found.minima.size(), 20U);
  for (std::size_t i = 1; i < found.minima.size(); ++i) EXPECT_LE(found.minima[i - 1].value, found.minima[i].value);
  EXPECT_EQ(found.minima.front().value, found.best.value);
  // One run ends in the nearest.
  Rastrigin f(2);
  EXPECT_GT(minimize(f, {4.0, 4.0}, {.bounds = kBox}).value, 1.0);
}

TEST(Restarts, HopsGoDownFromMinimumToMinimum) {
  const RestartResult still = minimize_restarts(kMake, {4.0, 4.0}, {}, {}, {.restarts = 0, .box = kBox});
  const RestartResult hopped = minimize_restarts(kMake, {4.0, 4.0}, {}, {}, {.restarts = 0, .hops = 200, .box = kBox});
  EXPECT_LT(hopped.best.value, still.best.value);
  EXPECT_NEAR(hopped.best.value, 0.0, 1e-12);
}

TEST(Restarts, AreTheSameForASeedWithAnyNumberOfThreads) {
  RestartOptions options{.restarts = 40, .hops = 20, .box = kBox, .seed = 3};
  const RestartResult one = minimize_restarts(kMake, {4.0, 4.0}, {}, {}, options);
  for (const std::size_t threads : {2, 3, 4}) {
    parallel::Pool pool(threads);
    options.pool = &pool;
    const RestartResult many = minimize_restarts(kMake, {4.0, 4.0}, {}, {}, options);
    EXPECT_EQ(many.best.x, one.best.x);
    EXPECT_EQ(many.start, one.start);
    EXPECT_EQ(many.minima.size(), one.minima.size());
    EXPECT_EQ(many.value_evaluations, one.value_evaluations);
  }
  options.pool = nullptr;
  options.seed = 4;
  EXPECT_NE(minimize_restarts(kMake, {4.0, 4.0}, {}, {}, options).start, one.start);
}

TEST(Restarts, TheBestCanBeRunAgainFromItsStart) {
  const RestartResult found = minimize_restarts(kMake, {4.0, 4.0}, {}, {}, {.restarts = 30, .box = kBox});
  Rastrigin f(2);
  const Result again = minimize(f, found.start);
  EXPECT_EQ(again.x, found.best.x);
  EXPECT_EQ(again.value, found.best.value);
}

TEST(Restarts, CountEveryEvaluationAndStopWhenAsked) {
  g_calls = 0;
  const RestartResult found = minimize_restarts(kMake, {4.0, 4.0}, {}, {}, {.restarts = 10, .box = kBox});
  EXPECT_EQ(found.value_evaluations, g_calls.load());
  StopSource stop;
  stop.request_stop();
  const RestartResult stopped =
      minimize_restarts(kMake, {4.0, 4.0}, {}, {.stop = stop.token()}, {.restarts = 50, .box = kBox});
  EXPECT_EQ(stopped.runs, 1U);
  EXPECT_EQ(stopped.best.status, Status::interrupted);
}

TEST(Restarts, WhatConstraintsDoNotHoldForIsNeverBetter) {
  // Where x < 5 the run ends lower, but breaks a constraint.
  const RunFromStart run = [](const std::vector<double>& start) {
    RunEnd end{.feasible = start[0] >= 5.0};
    end.result.status = Status::converged;
    end.result.x = start;
    end.result.value = start[0];
    return end;
  };
  const RestartResult found = minimize_restarts(run, {1.0}, {.restarts = 20, .box = {{0.0, 10.0}}});
  EXPECT_TRUE(found.feasible);
  EXPECT_GE(found.best.value, 5.0);
  EXPECT_EQ(found.best.value, found.minima.front().value);
  EXPECT_GT(found.failed, 0U);
  const RestartResult none = minimize_restarts(run, {1.0}, {.restarts = 20, .box = {{0.0, 4.0}}});
  EXPECT_FALSE(none.feasible);
  EXPECT_EQ(none.failed, 21U);
  EXPECT_TRUE(none.minima.empty());
}

TEST(Restarts, WantAFiniteBox) {
  EXPECT_THROW((void)minimize_restarts(kMake, {0.0, 0.0}, {}, {}, {.box = {{0.0, 1.0}}}), Error);
  EXPECT_THROW((void)minimize_restarts(kMake, {0.0, 0.0}, {}, {}, {.box = {{0.0, 1.0}, {0.0, INFINITY}}}), Error);
}

}  // namespace
}  // namespace descent

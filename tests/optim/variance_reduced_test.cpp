// svrg, saga and sarah: exact minima in batches with a constant rate.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "descent/core/error.hpp"
#include "descent/optim/minimize_sum.hpp"
#include "tests/optim/objectives.hpp"
#include "tests/optim/row_sums.hpp"

namespace descent {
namespace {

using ::testing::HasSubstr;
using testing::random_rows;
using testing::RowLoss;
using testing::RowSum;

const char* const kMethods[] = {"svrg", "svrg(inner_epochs=2)", "saga", "sarah", "sarah(inner_epochs=2)"};

SumOptions passes(std::size_t batch_size, std::uint64_t epochs, Shuffle shuffle = Shuffle::epoch) {
  return {.run = {.max_steps = 10000000, .gradient_tolerance = 0},
          .batch_size = batch_size,
          .max_epochs = epochs,
          .shuffle = shuffle};
}

std::string refusal(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::usage);
    return error.what();
  }
  return "";
}

double least(RowSum f) {
  return minimize(f, std::vector<double>(f.num_parameters()), Optimizer(Method::lbfgs), {.gradient_tolerance = 1e-12})
      .value;
}

/// Rows with x in (1), targets 0, 0, 0, 4: batches of 2 have gradients x and x - 2, of 3 x and x - 4.
RowSum four_rows() { return {RowLoss::squares, {{1}, {1}, {1}, {1}}, {0, 0, 0, 4}}; }

TEST(VarianceReduced, FirstUpdatesAreThoseWorkedOutByHand) {
  // f = (1/4) sum (x - y_i)^2 / 2, g = x - 1. From 3 with rate 1/2.
  const auto after = [](const char* text, std::size_t batch, std::uint64_t steps) {
    RowSum f = four_rows();
    SumOptions options = passes(batch, 0, Shuffle::none);
    options.run.max_steps = steps;
    return minimize_sum(f, {3.0}, parse_optimizer(text), options).x[0];
  };
  // Equal groups: g_B differs by a constant, so every correction is exact and x - 1 halves: 3, 2, 1.5, 1.25.
  for (const char* text : {"svrg(0.5)", "saga(0.5)", "sarah(0.5)"}) {
    EXPECT_EQ(after(text, 2, 1), 2.0) << text;
    EXPECT_EQ(after(text, 2, 2), 1.5) << text;
  }
  EXPECT_EQ(after("svrg(0.5)", 2, 3), 1.25);
  // Groups {0, 1, 2} and {3} weigh 3/2 and 1/2. svrg: v = 2; then, of the row 3, v = (2 - 3)/2 + 2 = 3/2.
  EXPECT_EQ(after("svrg(0.5)", 3, 1), 2.0);
  EXPECT_EQ(after("svrg(0.5)", 3, 2), 1.25);
  // sarah: the same until z and x_before part; in the third update v = 3/2 (1.25 - 2) + 3/2 = 3/8.
  EXPECT_EQ(after("sarah(0.5, inner_epochs=2)", 3, 2), 1.25);
  EXPECT_EQ(after("sarah(0.5, inner_epochs=2)", 3, 3), 1.0625);
  // svrg there: v = 3/2 (1.25 - 3) + 2 = -5/8.
  EXPECT_EQ(after("svrg(0.5, inner_epochs=2)", 3, 3), 1.5625);
  // saga: the table is 3, -1 with the mean (9 - 1)/4 = 2; v = 2, x = 2. Then v = (1/2)(-2 + 1) + 2 = 3/2 and the mean
  // is (9 - 2)/4 = 7/4, x = 1.25. Then v = (3/2)(1.25 - 3) + 7/4 = -7/8.
  EXPECT_EQ(after("saga(0.5)", 3, 1), 2.0);
  EXPECT_EQ(after("saga(0.5)", 3, 2), 1.25);
  EXPECT_EQ(after("saga(0.5)", 3, 3), 1.6875);
}

TEST(VarianceReduced, AnEpochsMovesAverageToTheWholeGradientWhereXStandsStill) {
  // With a rate of 2^-60 x stands still, and what its moves add up to is K times the gradient, whatever the last batch.
  for (const std::size_t batch : {1, 3, 7, 20, 22})
    for (const char* name : {"svrg", "saga"}) {
      RowSum f = random_rows(RowLoss::logistic, 23, 1, 0.3);
      std::vector<double> gradient(1);
      f.evaluate(std::vector<double>{0.0}, gradient);
      const std::size_t updates = (23 + batch - 1) / batch;
      for (const Shuffle shuffle : {Shuffle::none, Shuffle::epoch}) {
        const Result result =
            minimize_sum(f, {0.0}, parse_optimizer(std::string(name) + "(1e-18)"), passes(batch, 4, shuffle));
        EXPECT_NEAR(result.x[0] / (-1e-18 * 4.0 * static_cast<double>(updates)), gradient[0],
                    1e-12 * std::fabs(gradient[0]))
            << name << ' ' << batch;
      }
    }
}

TEST(VarianceReduced, ReachTheExactMinimumWithAConstantRateWhereSgdStalls) {
  for (const RowLoss loss : {RowLoss::squares, RowLoss::logistic})
    for (const std::size_t batch : {1, 16, 30}) {
      const RowSum rows = random_rows(loss, 200, 5, 0.1);
      const double lowest = least(rows);
      const double rate = loss == RowLoss::squares ? 0.02 : 0.1;
      RowSum f = rows;
      const Result stalls = minimize_sum(f, std::vector<double>(5), sgd(rate), passes(batch, 60));
      EXPECT_GT(stalls.value - lowest, 1e-6) << batch;
      for (const char* name : kMethods) {
        RowSum g = rows;
        const Optimizer optimizer = with_learning_rate(parse_optimizer(name), rate);
        // Linearly: every fifth of the run gains digits until only rounding is left.
        const std::uint64_t epochs = batch == 1 ? 60 : 400;
        const double half =
            minimize_sum(g, std::vector<double>(5), optimizer, passes(batch, epochs / 4)).value - lowest;
        const double whole = minimize_sum(g, std::vector<double>(5), optimizer, passes(batch, epochs)).value - lowest;
        EXPECT_LT(whole, 1e-10) << name << ' ' << batch;
        EXPECT_LT(whole, std::max(0.1 * half, 1e-15)) << name << ' ' << batch;
      }
    }
}

TEST(VarianceReduced, FindARateThatConverges) {
  for (const double scale : {1e-3, 1.0, 1e3})  // of the rows, so of the rate by its square
    for (const RowLoss loss : {RowLoss::squares, RowLoss::logistic})
      for (const char* name : kMethods)
        for (const std::size_t batch : {1, 7, 50}) {
          const Rng rng(3, RandomStream::test);
          std::vector<std::vector<double>> t(120, std::vector<double>(4));
          std::vector<double> y(120);
          for (std::size_t i = 0; i < 120; ++i) {
            for (std::size_t j = 0; j < 4; ++j) t[i][j] = scale * rng.normal(i * 5 + j);
            y[i] = t[i][0] / scale + rng.normal(i * 5 + 4);
            if (loss == RowLoss::logistic) y[i] = y[i] > 0.0 ? 1.0 : -1.0;
          }
          RowSum f(loss, t, y);
          f.penalty = 0.01 * scale * scale;
          const double lowest = least(f);
          RowSum watched = f;
          SumOptions options = passes(batch, batch == 50 ? 3000 : 600);
          options.on_epoch = [&](const EpochInfo& info) { return watched.value(info.x) - lowest > 1e-10; };
          const Result result = minimize_sum(f, std::vector<double>(4), parse_optimizer(name), options);
          EXPECT_LE(result.value - lowest, 1e-10)
              << name << ' ' << batch << ' ' << scale << ' ' << result.learning_rate;
          EXPECT_EQ(result.optimizer, name);
          EXPECT_GT(result.learning_rate, 0.0);
        }
}

TEST(VarianceReduced, TheDefaultsTakeTheFewestPasses) {
  // Eight sums, to a gap of 1e-10; an epoch of batches at two points is two passes.
  const auto passes_of = [](const char* name, double times_lipschitz) {
    double total = 0.0;
    for (const RowLoss loss : {RowLoss::squares, RowLoss::logistic})
      for (const double penalty : {0.1, 0.001})
        for (const std::size_t batch : {1, 16}) {
          RowSum f = random_rows(loss, 400, 8, penalty);
          const double lowest = least(f);
          const std::vector<double> start(8);
          SumOptions options = passes(batch, 0);
          options.run.max_steps = 1;
          const double step = 3.0 * minimize_sum(f, start, parse_optimizer("saga"), options).learning_rate;  // 1 / L
          options = passes(batch, 1500);
          RowSum watched = f;
          double gap = 1.0;
          options.on_epoch = [&](const EpochInfo& info) { return (gap = watched.value(info.x) - lowest) > 1e-10; };
          f.full_passes = 0;
          const Result result =
              minimize_sum(f, start, with_learning_rate(parse_optimizer(name), step / times_lipschitz), options);
          EXPECT_LE(gap, 1e-10) << name << ' ' << times_lipschitz;
          const double whole = static_cast<double>(f.full_passes);
          const double batches = static_cast<double>((400 + batch - 1) / batch);
          total += whole + (static_cast<double>(result.gradient_evaluations) - whole) / batches;
        }
    return total;
  };
  for (const char* name : {"svrg", "sarah"}) {
    const double chosen = passes_of(name, 2.0);
    EXPECT_LT(chosen, passes_of(name, 4.0)) << name;
    EXPECT_LT(chosen, passes_of(name, 1.0)) << name;
    EXPECT_LT(1.2 * chosen, passes_of((std::string(name) + "(inner_epochs=2)").c_str(), 2.0)) << name;
  }
  const double chosen = passes_of("saga", 3.0);
  EXPECT_LT(chosen, passes_of("saga", 6.0));
  EXPECT_LT(chosen, passes_of("saga", 1.0));
}

TEST(VarianceReduced, TheGradientOfAllRowsCertifies) {
  for (const char* name : kMethods) {
    RowSum f = random_rows(RowLoss::logistic, 100, 4, 0.1);
    SumOptions options = passes(8, 1000);
    options.run.gradient_tolerance = 1e-9;
    const Result result = minimize_sum(f, std::vector<double>(4), parse_optimizer(name), options);
    EXPECT_EQ(result.status, Status::converged) << name << ": " << result.reason;
    std::vector<double> gradient(4);
    EXPECT_EQ(f.evaluate(result.x, gradient), result.value);
    EXPECT_EQ(gradient, result.gradient);
    for (const double g : gradient) EXPECT_LE(std::fabs(g), 1e-9);
    EXPECT_EQ(result.steps, result.epochs * 13);
  }
}

TEST(VarianceReduced, CountWhatTheyEvaluate) {
  const auto counted = [](const char* name, std::uint64_t whole, std::uint64_t batches) {
    RowSum f = random_rows(RowLoss::squares, 100, 2, 0.1);
    const Result result = minimize_sum(f, {0, 0}, parse_optimizer(name), passes(10, 4));
    EXPECT_EQ(f.full_passes, whole) << name;
    EXPECT_EQ(f.batches.size(), batches) << name;
    EXPECT_EQ(result.gradient_evaluations, whole + batches) << name;
    EXPECT_EQ(result.value_evaluations, whole + batches) << name;
    EXPECT_EQ(result.steps, 40U);
    EXPECT_EQ(result.epochs, 4U);
  };
  counted("svrg(0.01)", 5, 4 * 2 * 9);  // the first update of a loop is the whole gradient's
  counted("sarah(0.01, inner_epochs=2)", 3, 2 * 2 * 19);
  counted("saga(0.01)", 2, 5 * 10);  // the table, then one a batch
}

TEST(VarianceReduced, AnEpochVisitsEveryRowOnceAndSagaKeepsItsGroups) {
  RowSum f = random_rows(RowLoss::squares, 23, 2, 0.1);
  (void)minimize_sum(f, {0, 0}, parse_optimizer("saga(0.01)"), passes(5, 3));
  ASSERT_EQ(f.batches.size(), 20U);
  const std::vector<std::vector<std::uint32_t>> groups(f.batches.begin(), f.batches.begin() + 5);
  std::vector<std::vector<std::uint32_t>> orders;
  for (std::size_t epoch = 1; epoch <= 3; ++epoch) {
    const auto first = f.batches.begin() + static_cast<std::ptrdiff_t>(5 * epoch);
    EXPECT_TRUE(std::is_permutation(first, first + 5, groups.begin())) << epoch;
    EXPECT_FALSE(std::equal(first, first + 5, groups.begin() + 0) && epoch == 3) << "no fresh order";
  }
  RowSum g = random_rows(RowLoss::squares, 23, 2, 0.1);
  (void)minimize_sum(g, {0, 0}, parse_optimizer("svrg(0.01, inner_epochs=2)"), passes(5, 2));
  ASSERT_EQ(g.batches.size(), 2U * 9U);
  std::vector<std::uint32_t> second;  // the second pass, each batch at x and at the snapshot
  for (std::size_t k = 8; k < 18; k += 2) {
    EXPECT_EQ(g.batches[k], g.batches[k + 1]);
    second.insert(second.end(), g.batches[k].begin(), g.batches[k].end());
  }
  std::sort(second.begin(), second.end());
  ASSERT_EQ(second.size(), 23U);
  for (std::uint32_t i = 0; i < 23; ++i) EXPECT_EQ(second[i], i);
}

TEST(VarianceReduced, AreTheSameForTheSameSeedAndOthersForAnother) {
  for (const char* name : kMethods) {
    const auto run = [&](std::uint64_t seed) {
      RowSum f = random_rows(RowLoss::logistic, 60, 3, 0.1);
      SumOptions options = passes(7, 3);
      options.seed = seed;
      return minimize_sum(f, {0, 0, 0}, parse_optimizer(name), options).x;
    };
    EXPECT_EQ(run(1), run(1)) << name;
    EXPECT_NE(run(1), run(2)) << name;
  }
}

TEST(VarianceReduced, ACallThatFailsNeverEndsInSuccess) {
  for (const char* text : {"svrg(0.05)", "saga(0.05)", "sarah(0.05, inner_epochs=2)", "svrg", "saga"}) {
    RowSum counting = random_rows(RowLoss::squares, 20, 2, 0.1);
    SumOptions options = passes(6, 3);
    options.run.gradient_tolerance = 1e-300;
    options.run.bounds = {{-0.5, 0.5}, {-5.0, 5.0}};
    (void)minimize_sum(counting, {0, 0}, parse_optimizer(text), options);
    const bool finds_rate = std::string(text).find('(') == std::string::npos;
    for (const bool in_gradient : {false, true})
      for (std::uint64_t call = 0; call < counting.calls; ++call) {
        RowSum f = random_rows(RowLoss::squares, 20, 2, 0.1);
        f.fails_at = call;
        f.fails_in_gradient = in_gradient;
        const Result result = minimize_sum(f, {0, 0}, parse_optimizer(text), options);
        if (finds_rate && result.status == Status::step_limit) {  // a trial of the rate failed: the run does without
          EXPECT_TRUE(std::isfinite(result.value) && std::isfinite(result.x[0])) << text << ' ' << call;
          continue;
        }
        EXPECT_EQ(result.status, Status::diverged) << text << ", call " << call << ": " << result.reason;
        EXPECT_TRUE(result.fault);
      }
  }
}

TEST(VarianceReduced, ARateTooLargeDivergesWithAdvice) {
  for (const char* text : {"svrg(10)", "saga(10)", "sarah(10)"}) {
    RowSum f = random_rows(RowLoss::squares, 100, 3, 0.1);
    const Result result = minimize_sum(f, {0, 0, 0}, parse_optimizer(text), passes(4, 1000));
    EXPECT_EQ(result.status, Status::diverged) << text;
    EXPECT_THAT(result.suggestion, HasSubstr("largest stable")) << text;
    EXPECT_TRUE(std::isfinite(result.best.value));
  }
}

TEST(VarianceReduced, BoundsAreHeldAndTheirMinimumFound) {
  for (const char* name : kMethods) {
    RowSum f = random_rows(RowLoss::logistic, 100, 2, 0.1);
    SumOptions options = passes(8, 2000);
    options.run.bounds = {{-0.2, 0.2}, {-2.0, 2.0}};
    options.run.gradient_tolerance = 1e-9;
    options.run.observer = [](const StepInfo& info) {
      EXPECT_LE(std::fabs(info.x[0]), 0.2);
      return true;
    };
    const Result result = minimize_sum(f, {5, 0}, parse_optimizer(name), options);
    EXPECT_EQ(result.status, Status::converged) << name << ' ' << result.reason;
    EXPECT_EQ(result.x[0], 0.2) << name;
  }
}

TEST(VarianceReduced, TheCallbackSeesEveryEpochAndTheObserverEveryUpdate) {
  for (const char* name : kMethods) {
    RowSum f = random_rows(RowLoss::logistic, 50, 2, 0.1);
    SumOptions options = passes(12, 50);
    std::uint64_t updates = 0, epochs = 0;
    options.run.observer = [&](const StepInfo& info) {
      EXPECT_EQ(info.step, updates++);
      return true;
    };
    options.on_epoch = [&](const EpochInfo& info) {
      EXPECT_EQ(info.epoch, ++epochs);
      EXPECT_EQ(info.step, 5 * epochs);
      return epochs < 3;
    };
    const Result stopped = minimize_sum(f, {0, 0}, parse_optimizer(name), options);
    EXPECT_EQ(stopped.status, Status::small_change);
    EXPECT_EQ(updates, 15U);
    EXPECT_EQ(f.value(stopped.x), stopped.value);

    options.run.observer = [&](const StepInfo& info) { return info.step < 7; };
    options.on_epoch = {};
    const Result interrupted = minimize_sum(f, {0, 0}, parse_optimizer(name), options);
    EXPECT_EQ(interrupted.status, Status::interrupted);
    EXPECT_EQ(interrupted.steps, 7U);
    EXPECT_EQ(f.value(interrupted.x), interrupted.value);
    EXPECT_EQ(f.value(interrupted.best.x), interrupted.best.value);
    EXPECT_LE(interrupted.best.value, interrupted.value);

    options.run.observer = [&](const StepInfo&) { return false; };
    const Result at_once = minimize_sum(f, {0, 0}, parse_optimizer(name), options);
    EXPECT_EQ(at_once.value, f.value(at_once.x)) << "of all rows, though a batch was looked at";
  }
}

TEST(VarianceReduced, WhatTheyCannotDoIsRefusedWithWhatCan) {
  RowSum f = four_rows();
  auto quadratic = testing::quadratic(2, 10);
  EXPECT_THAT(refusal([&] {
                (void)minimize(quadratic, {0, 0}, parse_optimizer("svrg"));
              }),
              HasSubstr("--batch-size 16"));
  for (const std::size_t all : {0, 4, 9})
    EXPECT_THAT(refusal([&] { (void)minimize_sum(f, {0}, parse_optimizer("saga"), passes(all, 1)); }),
                HasSubstr("smaller than all rows"));
  SumOptions options = passes(2, 1);
  options.run.term = parse_proximal_term("l1(1)");
  EXPECT_THAT(refusal([&] { (void)minimize_sum(f, {0}, parse_optimizer("sarah"), options); }), HasSubstr("terms"));
  f.claims_sum = true;
  EXPECT_THAT(refusal([&] { (void)minimize_sum(f, {0}, parse_optimizer("svrg"), passes(2, 1)); }), HasSubstr("mean"));
  EXPECT_THAT(refusal([&] { (void)parse_optimizer("clip_by_value(1) | svrg"); }), HasSubstr("cannot be part"));

  // 2^15 groups of 2^13 numbers are 2 GiB; nothing of that is allocated.
  class Widened final : public FiniteSum {
   public:
    [[nodiscard]] std::size_t num_parameters() const override { return 1 << 13; }
    [[nodiscard]] std::size_t num_terms() const override { return 1 << 15; }
    double evaluate(View, MutableView) override { return 0.0; }
    double evaluate_rows(std::span<const std::uint32_t>, View, MutableView) override { return 0.0; }
  } large;
  EXPECT_THAT(
      refusal([&] { (void)minimize_sum(large, std::vector<double>(1 << 13), parse_optimizer("saga"), passes(1, 1)); }),
      ::testing::AllOf(HasSubstr("2 GiB"), HasSubstr("svrg")));
}

TEST(VarianceReduced, TheRateIsANumberOrFound) {
  const auto replaced = [](const char* text, const Schedule& rate) {
    return to_text(with_learning_rate(parse_optimizer(text), rate));
  };
  EXPECT_EQ(to_text(parse_optimizer("svrg(0.5, inner_epochs=3)")), "svrg(learning_rate=0.5, inner_epochs=3)");
  EXPECT_EQ(to_text(parse_optimizer("svrg(learning_rate=0.5, inner_epochs=3)")),
            "svrg(learning_rate=0.5, inner_epochs=3)");
  EXPECT_EQ(to_text(parse_optimizer("saga(auto)")), "saga");
  EXPECT_EQ(replaced("sarah", 0.1), "sarah(learning_rate=0.1)");
  EXPECT_EQ(replaced("svrg(0.1, inner_epochs=2)", Schedule::automatic()), "svrg(inner_epochs=2)");
  EXPECT_THAT(refusal([&] { (void)replaced("saga", cosine(0.1, 10)); }), HasSubstr("constant rate"));
}

TEST(VarianceReduced, ARateOfAutoSeesAFewSteepRowsAmongMany) {
  std::vector<std::vector<double>> t;
  std::vector<double> y;
  const Rng rng(5, RandomStream::test);
  for (std::uint64_t i = 0; i < 400; ++i) {
    const double steepness = i % 200 == 123 ? 30.0 : 1.0;
    t.push_back({steepness * rng.normal(2 * i), steepness * rng.normal(2 * i + 1)});
    y.push_back(t.back()[0] - 2.0 * t.back()[1] + 0.3 * rng.normal(1000 + i));
  }
  for (const char* method : {"svrg", "saga", "sarah"}) {
    RowSum f(RowLoss::squares, t, y);
    const double lowest = least(f);
    const Result result = minimize_sum(f, {0.0, 0.0}, parse_optimizer(method), passes(1, 800));
    EXPECT_LT(result.value - lowest, 1e-6) << method << ": " << result.reason;
  }
}

TEST(VarianceReduced, AnObserverSeesThePenaltyOfThePointItIsShown) {
  for (const char* method : {"svrg", "svrg(0.02)", "sarah", "sarah(0.02)", "saga", "sgd(0.02)", "sam | sgd(0.02)"}) {
    RowSum f = random_rows(RowLoss::logistic, 23, 2, 0.3);
    f.penalty = 0.1;
    SumOptions options = passes(4, 3);
    std::uint64_t seen = 0;
    options.run.observer = [&](const StepInfo& info) {
      double wanted = 0.0;
      for (const double v : info.x) wanted += 0.5 * 0.1 * v * v;
      EXPECT_DOUBLE_EQ(info.penalty, wanted) << method << " at step " << info.step;
      EXPECT_NEAR(info.loss + info.penalty, info.objective, 1e-15) << method;
      ++seen;
      return true;
    };
    (void)minimize_sum(f, {1.0, -2.0}, parse_optimizer(method), options);
    EXPECT_EQ(seen, 18U) << method;
  }
}

}  // namespace
}  // namespace descent

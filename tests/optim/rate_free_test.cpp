// Rules that find their rate (prodigy, dadapt_adam, dog, dowg, adgd, polyak) and the schedule-free ones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "descent/core/error.hpp"
#include "descent/core/random.hpp"
#include "descent/optim/chain_state.hpp"
#include "descent/optim/minimize.hpp"
#include "descent/simd/target.hpp"
#include "tests/optim/golden_problems.hpp"
#include "tests/optim/memory_archive.hpp"
#include "tests/optim/objectives.hpp"

namespace descent {
namespace {

using ::testing::HasSubstr;

const char* const kChains[] = {
    "prodigy",
    "prodigy(cosine(0.5, 10), beta1=0.5, beta2=0.9, weight_decay=0.1, bias_correction=true, growth_rate=1.5)",
    "clip_by_global_norm(3) | prodigy(d0=1e-3, safeguard_warmup=true, beta3=0.8, d_coef=2)",
    "dadapt_adam",
    "add_decayed_weights(0.1) | dadapt_adam(0.5, weight_decay=0.1, growth_rate=2, bias_correction=true, d0=1e-2)",
    "dog",
    "dog(cosine(2, 10), initial_move=0.1) | trace(0.5)",
    "dog(initial_move=0.01, per_block=true)",
    "clip_by_global_norm(5) | dog(per_block=true) | add_decayed_weights(0.01)",
    "dowg",
    "clip_by_value(2) | dowg(0.5, initial_move=0.01, epsilon=0.1, per_block=true) | trace(0.5)",
    "adgd",
    "clip_by_value(4) | adgd(0.5, first_rate=1e-3)",
    "polyak",
    "clip_by_value(1) | polyak(0.5, minimum=-2, max_rate=0.1) | trace(0.5)",
    "schedule_free_sgd(0.01)",
    ("clip_by_global_norm(2) | schedule_free_sgd(step_decay(0.1, 4), momentum=0.5, warmup_steps=5, r=1, "
     "weight_decay=0.1)"),
    "schedule_free_adamw",
    "clip_by_value(2) | schedule_free_adamw(0.1, beta1=0.8, beta2=0.9, warmup_steps=3, weight_decay=0.1, r=0.5)",
};

std::vector<ParameterBlock> blocks_of(std::size_t n) {
  if (n < 4) return {};
  return {{"W", n / 4, 3}, {"b", n - 3 * (n / 4), 1}};
}

/// sum of c_i (x_i - t_i)^2 / 2 and a gradient with the noise of one batch.
double evaluate(const std::vector<double>& x, std::uint64_t step, std::vector<double>& g) {
  const Rng rng(9, RandomStream::test, static_cast<std::uint32_t>(step));
  double value = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double c = std::ldexp(1.0, static_cast<int>(i % 7) - 3), off = x[i] - 0.1 * static_cast<double>(i % 13);
    value += 0.5 * c * off * off;
    g[i] = i % 11 == 3 ? 0.0 : c * off + 0.01 * rng.normal(i);
  }
  return value;
}

struct Trip {
  std::vector<double> x, reported;
  double rate = 0.0;
};

Trip travel(const std::string& text, std::size_t n, ChainPath path, int steps = 12) {
  ChainState state(parse_chain(text), n, {.path = path, .blocks = blocks_of(n)});
  std::vector<double> g(n);
  Trip trip{.x = std::vector<double>(n, 1.0), .reported = std::vector<double>(n), .rate = 0.0};
  for (int k = 0; k < steps; ++k) {
    const double value = evaluate(trip.x, static_cast<std::uint64_t>(k), g);
    state.update(g, trip.x, value);
  }
  state.solution(trip.x, trip.reported);
  trip.rate = state.learning_rate();
  return trip;
}

TEST(RateFree, RunsBlockByBlockExactlyLikeTheReferenceOnEveryTarget) {
  for (const std::string& target : simd::supported_targets()) {
    simd::force_target(target);
    for (const char* text : kChains)
      for (const std::size_t n : {1, 2, 15, 16, 17, 255, 256, 257, 1000}) {
        SCOPED_TRACE(target + ": " + text + ", n = " + std::to_string(n));
        const Trip expected = travel(text, n, ChainPath::reference);
        for (const ChainPath path : {ChainPath::blocks, ChainPath::fastest}) {
          const Trip got = travel(text, n, path);
          ASSERT_EQ(got.x, expected.x);
          ASSERT_EQ(got.reported, expected.reported);
          ASSERT_EQ(got.rate, expected.rate);
        }
      }
  }
  simd::reset_target();
}

TEST(RateFree, ThreadsNeverChangeABit) {
  parallel::Pool pool(3);
  const std::size_t n = 40000;
  for (const char* text : kChains) {
    ChainState one(parse_chain(text), n), three(parse_chain(text), n, {.pool = &pool});
    std::vector<double> x(n, 1.0), y(n, 1.0), g(n);
    for (std::uint64_t k = 0; k < 3; ++k) {
      const double value = evaluate(x, k, g);
      one.update(g, x, value);
      three.update(g, y, value);
    }
    ASSERT_EQ(x, y) << text;
  }
}

/// A first move of 1e-6 is a few units in the last place of a float, so the paths part; where they lead they do not.
TEST(RateFree, FloatsDescendLikeDoubles) {
  const golden::Problem problem = golden::quadratic();
  std::vector<double> g(7);
  const double begun = problem.evaluate(problem.start, 0, g);
  for (const char* text : kChains) {
    ChainState wide(parse_chain(text), 7);
    BasicChainState<float> narrow(parse_chain(text), 7);
    std::vector<double> x = problem.start, at(7);
    std::vector<float> y(x.begin(), x.end()), narrow_g(7);
    for (std::uint64_t k = 0; k < 200; ++k) {
      const double value = problem.evaluate(x, k, g);
      wide.update(g, x, value);
      at.assign(y.begin(), y.end());
      const double narrow_value = problem.evaluate(at, k, g);
      narrow_g.assign(g.begin(), g.end());
      narrow.update(narrow_g, y, narrow_value);
      if (k == 20 || k == 199) {
        EXPECT_NEAR(narrow_value, value, 0.05 * begun) << text << ", update " << k;
      }
    }
  }
}

TEST(RateFree, SavedAndLoadedAtAnyStepItContinuesWithTheSameBits) {
  for (const char* text : kChains)
    for (const std::uint64_t saved_at : {1U, 2U, 9U}) {
      const ChainOptions options{.blocks = blocks_of(20)};
      ChainState first(parse_chain(text), 20, options), second(parse_chain(text), 20, options);
      std::vector<double> x(20, 1.0), g(20), from_first(20), from_second(20);
      for (std::uint64_t k = 0; k < saved_at; ++k) first.update(g, x, evaluate(x, k, g));
      MemoryArchive memory;
      first.save(memory);
      second.load(memory);
      std::vector<double> y = x;
      for (std::uint64_t k = saved_at; k < saved_at + 6; ++k) {
        EXPECT_EQ(first.learning_rate(), second.learning_rate());
        const double value = evaluate(x, k, g);
        first.update(g, x, value);
        second.update(g, y, value);
      }
      first.solution(x, from_first);
      second.solution(y, from_second);
      EXPECT_EQ(x, y) << text << ", saved after " << saved_at;
      EXPECT_EQ(from_first, from_second) << text << ", saved after " << saved_at;
    }
}

TEST(RateFree, AGradientThatIsNotFiniteIsNeverHidden) {
  for (const char* text : {"prodigy", "dadapt_adam", "dog", "dowg", "dog(per_block=true)", "adgd", "polyak",
                           "schedule_free_sgd(1)", "schedule_free_adamw"})
    for (const std::size_t n : {3, 40}) {
      ChainState state(parse_chain(text), n);
      std::vector<double> x(n, 1.0), g(n, 1.0);
      state.update(g, x, 1.0);
      g[1] = std::numeric_limits<double>::quiet_NaN();
      state.update(g, x, 1.0);
      EXPECT_TRUE(std::isnan(x[1])) << text;
    }
}

TEST(RateFree, AGradientOfZeroMovesNothingAndSpoilsNothing) {
  for (const char* text : {"prodigy", "dadapt_adam", "dog", "dowg", "adgd", "polyak", "schedule_free_sgd(1)"}) {
    ChainState state(parse_chain(text), 2);
    std::vector<double> x{1.0, 2.0}, g{0.0, 0.0};
    for (int k = 0; k < 3; ++k) state.update(g, x, 1.0);
    EXPECT_EQ(x, (std::vector<double>{1.0, 2.0})) << text;
    g = {1.0, 4.0};
    for (int k = 0; k < 3; ++k) state.update(g, x, 1.0);
    EXPECT_LT(x[1], 2.0) << text;
    EXPECT_TRUE(std::isfinite(x[0])) << text;
  }
}

TEST(RateFree, TheRateInForceIsReported) {
  // f = 3 ||x||^2 / 2 from (1, 2): f = 7.5, ||g||^2 = 45.
  std::vector<double> x{1.0, 2.0};
  ChainState state(parse_chain("polyak(0.5)"), 2);
  EXPECT_EQ(state.learning_rate(), 0.0);
  state.update(std::vector<double>{3.0, 6.0}, x, 7.5);
  EXPECT_DOUBLE_EQ(state.learning_rate(), 0.5 * 7.5 / 45.0);
  EXPECT_DOUBLE_EQ(x[1], 2.0 - 0.5 * 7.5 / 45.0 * 6.0);

  ChainState warm(parse_chain("schedule_free_sgd(0.4, warmup_steps=4)"), 2);
  warm.update(std::vector<double>{1.0, 1.0}, x);
  EXPECT_DOUBLE_EQ(warm.learning_rate(), 0.1);

  // The first curvature of adgd is that of the steepest direction: between both, and so is the rate, 1 / (2 L).
  testing::Given objective = testing::quadratic(2, 4.0);
  std::vector<double> rates;
  const Result result = minimize(objective, {3.0, 3.0}, parse_optimizer("adgd(first_rate=0.125)"),
                                 {.max_steps = 2, .observer = [&](const StepInfo& info) {
                                    rates.push_back(info.learning_rate);
                                    return true;
                                  }});
  ASSERT_GE(rates.size(), 2U);
  EXPECT_EQ(rates[0], 0.0);
  EXPECT_EQ(rates[1], 0.125);
  EXPECT_GT(result.learning_rate, 0.125);
  EXPECT_LT(result.learning_rate, 0.5);
}

TEST(RateFree, PolyakAsksForTheValueAndRefusesABoundThatIsNone) {
  const auto message = [](const char* text, double value) -> std::string {
    std::vector<double> x{1.0};
    try {
      ChainState(parse_chain(text), 1).update(std::vector<double>{1.0}, x, value);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::usage);
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(message("polyak", std::nan("")), HasSubstr("needs the objective's value"));
  EXPECT_THAT(message("polyak(minimum=2)", 1.5), HasSubstr("got 2, and the value is 1.5"));
  EXPECT_EQ(message("polyak(minimum=2)", 2.0 - 1e-10), "");
  EXPECT_EQ(message("polyak(minimum=2)", 2.5), "");
}

TEST(RateFree, ADivergedRunIsToldTheRateThatTheRuleFound) {
  testing::Given square = testing::one_variable([](double x) { return x * x; }, [](double x) { return 2.0 * x; });
  const Result result = minimize(square, {1.0}, parse_optimizer("polyak(50)"), {.max_steps = 10000});
  ASSERT_EQ(result.status, Status::diverged);
  EXPECT_THAT(result.suggestion, HasSubstr("the rule found the rate"));
  EXPECT_THAT(result.suggestion, HasSubstr("learning_rate of 0.1"));
}

TEST(RateFree, ALimitOfGrowthBelowOneIsRefused) {
  for (const char* rule : {"prodigy", "dadapt_adam"}) {
    EXPECT_THROW((void)parse_chain(std::string(rule) + "(growth_rate=0.5)"), Error);
    EXPECT_NO_THROW((void)parse_chain(std::string(rule) + "(growth_rate=1)"));
    EXPECT_THROW((void)parse_chain(std::string(rule) + "(auto)"), Error);
  }
}

TEST(RateFree, BlocksOfTheirOwnHaveRatesOfTheirOwn) {
  // Two blocks whose gradients differ in size by 1e6: the same moves relative to 1 + ||x_0||.
  std::vector<double> x{1.0, 1.0}, y{1.0, 1.0};
  const std::vector<ParameterBlock> blocks{{"a", 1, 1}, {"b", 1, 1}};
  ChainState own(parse_chain("dog(initial_move=0.01, epsilon=1e-30, per_block=true)"), 2, {.blocks = blocks});
  ChainState shared(parse_chain("dog(initial_move=0.01, epsilon=1e-30)"), 2, {.blocks = blocks});
  own.update(std::vector<double>{1e-3, 1e3}, x);
  shared.update(std::vector<double>{1e-3, 1e3}, y);
  EXPECT_NEAR(x[0], 0.98, 1e-15);
  EXPECT_NEAR(x[1], 0.98, 1e-15);
  EXPECT_NEAR(y[0], 1.0, 1e-7);
}

TEST(ScheduleFree, ReportsTheAverageOfItsStepsAndTakesGradientsBetween) {
  // Constant rate: x is the plain mean of z_1 .. z_t, y = (1 - momentum) z + momentum x.
  const double rate = 0.1, momentum = 0.75;
  ChainState state(parse_chain("schedule_free_sgd(0.1, momentum=0.75)"), 1);
  std::vector<double> y{2.0}, reported(1);
  double z = 2.0, mean = 0.0;
  for (int t = 1; t <= 30; ++t) {
    const double gradient = 3.0 * (y[0] - 0.5);
    z -= rate * gradient;
    mean += (z - mean) / t;
    state.update(std::vector<double>{gradient}, y);
    state.solution(y, reported);
    ASSERT_NEAR(reported[0], mean, 1e-12) << t;
    ASSERT_NEAR(y[0], (1.0 - momentum) * z + momentum * mean, 1e-12) << t;
  }
}

}  // namespace
}  // namespace descent

// Every rule of the families sign, variance, ftrl, and what stands around rules.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "descent/optim/chain_state.hpp"
#include "descent/optim/optimizer.hpp"
#include "descent/parallel/pool.hpp"
#include "descent/simd/target.hpp"
#include "tests/optim/chain_checks.hpp"
#include "tests/optim/memory_archive.hpp"

namespace descent {
namespace {

using ::testing::HasSubstr;

/// Elementwise: one pass over memory.
const char* const kElementwise[] = {
    "sign_sgd(0.1)",
    "signum(step_decay(0.1, 3), momentum=0.8, weight_decay=0.1)",
    "lion(0.1)",
    "lion(0.1, beta1=0.7, beta2=cosine(0.9, 20), weight_decay=0.3)",
    "adabelief(0.05)",
    "adabelief(0.05, beta1=0.5, epsilon=1e-3, epsilon_root=0, weight_decay=0.1)",
    "yogi(0.05)",
    "yogi(0.05, beta2=0.9, form=plain)",
    "adan(0.05)",
    "adan(cosine(0.05, 8), beta1=0.9, beta3=0.8, weight_decay=0.2)",
    "adan(0.05, weight_decay=0.2, decay=decoupled)",
    "ademamix(0.05)",
    "ademamix(0.05, beta1=0, beta3=0.99, alpha_warm_up=6, beta3_warm_up=9)",
    "adopt(0.05)",
    "adopt(0.05, beta1=0.5, clipping=none, weight_decay=0.1)",
    "ftrl(0.1)",
    "ftrl(warm_up(0.2, 3), beta=0.5, l1=0.7, l2=0.1)",
    "clip_by_value(2) | scale_by_sign | scale_by_learning_rate(0.1)",
    "scale_by_lion | scale_by_adan | scale_by_belief | add_proximal_decay(0.1) | scale_by_learning_rate(0.01)",
    "scale_by_yogi | scale_by_ademamix | scale_by_learning_rate(0.01)",
    "scale_by_adopt | scale(0.1)",
    "accumulate(3) | add_decayed_weights(0.1) | adam(0.1)",
    "accumulate(1) | trace(0.9) | accumulate(2) | adopt(0.1)",
    "zero_nans | add_noise(eta=0.5, seed=3) | momentum(0.1)",
    "adam(0.1) | lookahead(4, slow_step=0.3)",
    "momentum(0.1) | lookahead(2) | ema_average(0.5)",
    "sgd(0.1) | polyak_average(5)",
    "sgd(0.1) | swa(2, every=3)",
    "freeze(W) | adamw(0.1) | freeze(b)",
    "scale_by_adam | only(W, add_decayed_weights(0.3)) | scale_by_learning_rate(0.1)",
    "only(W, [clip_by_value(2), adam(cosine(0.1, 9))]) | except(W, momentum(0.1, form=velocity))",
    "clip_by_value(5) | only(b, [add_noise(eta=0.5, seed=3), lion(0.1)]) | only(W, ftrl(0.1, l1=0.5)) | freeze(b)",
    "only(W, [accumulate(3), adopt(0.1)]) | only(b, [accumulate(2), sgd(0.1)]) | freeze(b)",
    "only(W, [adan(0.1, weight_decay=0.2), lookahead(3)]) | except(W, [adan(0.2, weight_decay=0.2), swa(2, every=3)])",
    "only([W, b], except(b, adam(0.1))) | except(W, rmsprop(0.1)) | ema_average(0.5)",
};
/// A block or row at a time, or a sum over everything, somewhere in the middle.
const char* const kWhole[] = {
    "clip_by_block_norm(3) | sgd(0.1)",
    "scale_by_adam | clip_by_block_rms(0.5) | scale_by_learning_rate(0.1)",
    "adaptive_clip(0.1) | momentum(0.1)",
    "centralize | adaptive_clip(0.2, epsilon=0.1) | centralize | sgd(0.1)",
    "normalize | sgd(0.1)",
    "trace(0.5) | normalize | adan(0.1) | lookahead(3)",
    "accumulate(2) | skip_if_not_finite | clip_by_global_norm(2) | lion(0.1) | swa(2)",
    "skip_if_not_finite(2) | adam(0.1)",
    "only(W, [clip_by_global_norm(2), adam(0.1)]) | except(W, [normalize, sgd(0.1)])",
    ("scale(0.5) | only(b, [skip_if_not_finite(2), clip_by_block_rms(0.5), momentum(0.1)]) | "
     "except(b, [centralize, sgd(0.1)])"),
    "except(b, muon(0.1)) | only(b, [scale_by_rms, clip_by_global_norm(1), sgd(0.1)]) | polyak_average(3)",
    "only(W, soap(0.1, max_dimension=40)) | only(b, [accumulate(2), lamb(0.1)])",
    "only(W, dadapt_adam) | only(b, dog(per_block=true))",
    "sam(0.3) | clip_by_value(2) | adam(0.1)",
    "sam(cosine(0.3, 20), adaptive=true) | accumulate(2) | momentum(0.1) | lookahead(2)",
    "sam(0.1, adaptive=true, eta=0.5) | skip_if_not_finite(2) | adamw(0.1)",
};
std::vector<std::string> all_chains() {
  std::vector<std::string> result(std::begin(kElementwise), std::end(kElementwise));
  result.insert(result.end(), std::begin(kWhole), std::end(kWhole));
  return result;
}

bool has_groups(const std::string& text) {
  return text.find("only(") != std::string::npos || text.find("except(") != std::string::npos;
}

/// Two rows and a vector.
std::vector<ParameterBlock> blocks_of(std::size_t n) {
  if (n < 5) return {{"W", 1, n}, {"b", 0, 1}};
  const std::size_t columns = n / 3;
  return {{"W", 2, columns}, {"b", n - 2 * columns, 1}};
}
std::vector<double> start_of(std::size_t n) {
  std::vector<double> x(n);
  const Rng rng(8, RandomStream::test);
  for (std::size_t i = 0; i < n; ++i) x[i] = rng.normal(i);
  return x;
}
constexpr std::uint64_t kSteps = 12;
/// Made once for each size: they cost more than the rules.
const std::vector<std::vector<double>>& gradients_of(std::size_t n) {
  static std::map<std::size_t, std::vector<std::vector<double>>> made;
  auto& gradients = made[n];
  for (std::uint64_t k = gradients.size(); k < kSteps; ++k) gradients.push_back(gradient_of(n, k));
  return gradients;
}
/// x, and what would be reported.
std::pair<std::vector<double>, std::vector<double>> run(const Chain& chain, std::size_t n, ChainOptions options,
                                                        bool some_bad = false) {
  options.blocks = blocks_of(n);
  ChainState state(chain, n, options);
  std::vector<double> x = start_of(n), solution(n);
  for (std::uint64_t k = 0; k < kSteps; ++k) {
    std::vector<double> g = gradients_of(n)[k];
    if (some_bad && k % 4 == 1) g[n / 2] = std::numeric_limits<double>::quiet_NaN();
    update(state, g, x);
  }
  state.solution(x, solution);
  return {x, solution};
}

TEST(RuleFamilies, RunBlockByBlockExactlyLikeTheReferenceOnEveryTarget) {
  for (const std::string& target : simd::supported_targets()) {
    simd::force_target(target);
    for (const std::string& text : all_chains()) {
      const Chain chain = parse_chain(text);
      for (const std::size_t n : {1, 2, 15, 16, 17, 255, 256, 257, 1000}) {
        if (n < 5 && has_groups(text)) continue;  // b is empty there
        SCOPED_TRACE(target + ": " + text + ", n = " + std::to_string(n));
        const bool some_bad = text.find("skip") != std::string::npos && !has_groups(text);
        const auto expected = run(chain, n, {.path = ChainPath::reference}, some_bad);
        ASSERT_EQ(run(chain, n, {.path = ChainPath::blocks}, some_bad), expected);
        ASSERT_EQ(run(chain, n, {}, some_bad), expected);
        ASSERT_TRUE(
            std::all_of(expected.first.begin(), expected.first.end(), [](double v) { return std::isfinite(v); }));
      }
    }
  }
  simd::reset_target();
}

TEST(RuleFamilies, AnyNumberOfThreadsGivesTheSameBits) {
  parallel::Pool pool(3);
  const std::size_t n = 33000;
  for (const std::string& text : all_chains()) {
    const Chain chain = parse_chain(text);
    EXPECT_EQ(run(chain, n, {.pool = &pool}), run(chain, n, {})) << text;
  }
}

TEST(RuleFamilies, ElementwiseChainsGoOnceOverMemoryAndTwiceBehindAGlobalNorm) {
  const std::size_t n = 1000, blocks = 4;
  const std::vector<double> g = gradient_of(n, 0);
  for (const char* text : kElementwise)
    for (const bool clips : {false, true}) {
      if (std::string(text).find("clip_by_global_norm") != std::string::npos) continue;
      ChainState state(parse_chain((clips ? "clip_by_global_norm(1) | " : "") + std::string(text)), n,
                       {.blocks = blocks_of(n)});
      std::vector<double> x(n, 1.0);
      for (std::uint64_t k = 0; k < 6; ++k) state.update(g, x);
      EXPECT_EQ(state.block_visits(), 6 * blocks * (clips ? 2U : 1U)) << text;
    }
}

TEST(RuleFamilies, StateSavedMidRunContinuesWithTheSameBits) {
  for (const std::string& text : all_chains()) {
    const Chain chain = parse_chain(text);
    const std::size_t n = 20;
    const ChainOptions options{.blocks = blocks_of(n)};
    for (const std::uint64_t stop : {1, 2, 5, 6, 7}) {
      ChainState first(chain, n, options);
      std::vector<double> x(n, 1.0);
      for (std::uint64_t k = 0; k < stop; ++k) update(first, gradient_of(n, k), x);
      MemoryArchive memory;
      first.save(memory);
      ChainState second(chain, n, options);
      second.load(memory);
      std::vector<double> y = x, x_solution(n), y_solution(n);
      for (std::uint64_t k = stop; k < stop + 6; ++k) {
        update(first, gradient_of(n, k), x);
        update(second, gradient_of(n, k), y);
      }
      first.solution(x, x_solution);
      second.solution(y, y_solution);
      ASSERT_EQ(x, y) << text << " after " << stop;
      ASSERT_EQ(x_solution, y_solution) << text << " after " << stop;
    }
  }
}

/// f = sum c_i (x_i - t_i)^2 / 2, the minimum far from 0; the largest distance to it after `steps`.
template <class T>
double distance_after(const std::string& text, const std::vector<T>& start, int steps) {
  const std::size_t n = start.size();
  BasicChainState<T> state(parse_chain(text), n, {.blocks = {{"W", 2, n / 2}}});
  std::vector<T> x = start, g(n);
  for (int k = 0; k < steps; ++k) {
    for (std::size_t i = 0; i < n; ++i)
      g[i] = static_cast<T>(0.5 + 0.25 * static_cast<double>(i)) * (x[i] - static_cast<T>(3 + static_cast<int>(i)));
    state.update(g, x);
  }
  std::vector<T> solution(n);
  state.solution(x, solution);
  double distance = 0.0;
  for (std::size_t i = 0; i < n; ++i)
    distance = std::max(distance, std::fabs(static_cast<double>(solution[i]) - (3.0 + static_cast<double>(i))));
  return distance;
}

TEST(RuleFamilies, MinimiseFromSeveralStartsInDoubleAndFloatWithTheMinimumAwayFromTheOrigin) {
  const char* const chains[] = {
      "sign_sgd(cosine(0.05, 1000))",
      "signum(cosine(0.05, 1000))",
      "lion(cosine(0.05, 1000))",
      "adabelief(cosine(0.3, 1000), epsilon=1e-8, epsilon_root=1e-8)",
      "yogi(cosine(0.3, 1000))",
      "yogi(cosine(0.3, 1000), form=plain, epsilon=1e-8)",
      "adan(cosine(0.3, 1000))",
      "ademamix(cosine(0.1, 1000), beta3=0.99)",
      "adopt(cosine(0.3, 1000), beta2=0.999)",
      "ftrl(10)",
      "accumulate(2) | momentum(0.2)",
      "skip_if_not_finite | zero_nans | adam(cosine(0.3, 1000))",
      "add_noise(eta=1e-6) | sgd(0.3)",
      "sgd(0.3) | lookahead",
      "sgd(0.3) | polyak_average(500)",
      "sgd(0.3) | ema_average(0.9)",
      "sgd(0.3) | swa(500, every=10)",
      "clip_by_block_norm(1) | sgd(0.3)",
      "clip_by_block_rms(1) | sgd(0.3)",
      "adaptive_clip(0.1) | sgd(0.3)",
      "normalize | sgd(cosine(0.3, 1000))",
  };
  const std::vector<std::vector<double>> starts{{0, 0, 0, 0}, {10, -3, 5, 1}, {3, 4, 5, 6.5}, {-1, -2, -3, -4}};
  for (const char* text : chains)
    for (const std::vector<double>& start : starts) {
      EXPECT_LT(distance_after<double>(text, start, 1000), 0.02) << text;
      EXPECT_LT(distance_after<float>(text, {start.begin(), start.end()}, 1000), 0.02) << text;
    }
}

TEST(RuleFamilies, FtrlMakesZerosThatAreExactly0AndKeepsTheRest) {
  const std::size_t n = 50;
  std::vector<double> x(n, 1.0), g(n);
  ChainState state(parse_chain("ftrl(0.5, l1=30)"), n);
  for (int k = 0; k < 300; ++k) {
    for (std::size_t i = 0; i < n; ++i) g[i] = x[i] - (i % 2 == 0 ? 0.05 : 4.0);
    state.update(g, x);
  }
  for (std::size_t i = 0; i < n; ++i)
    if (i % 2 == 0) {
      EXPECT_EQ(x[i], 0.0);
    } else {
      EXPECT_GT(x[i], 2.0);
    }
}

TEST(RuleFamilies, AccumulationIsTheStepOfTheMeanAndItsScheduleCountsSteps) {
  ChainState gathered(parse_chain("accumulate(2) | clip_by_global_norm(1) | adam(step_decay(0.1, 1))"), 3);
  ChainState plain(parse_chain("clip_by_global_norm(1) | adam(step_decay(0.1, 1))"), 3);
  std::vector<double> x(3, 1.0), y(3, 1.0);
  for (std::uint64_t k = 0; k < 10; k += 2) {
    const std::vector<double> a = gradient_of(3, k), b = gradient_of(3, k + 1);
    const std::vector<double> before = x;
    gathered.update(a, x);
    EXPECT_EQ(x, before);
    EXPECT_FALSE(gathered.moved());
    gathered.update(b, x);
    EXPECT_TRUE(gathered.moved());
    std::vector<double> mean(3);
    for (std::size_t i = 0; i < 3; ++i) mean[i] = (a[i] + b[i]) / 2.0;
    plain.update(mean, y);
    EXPECT_EQ(x, y);
    EXPECT_EQ(gathered.learning_rate(), plain.learning_rate());
  }
}

TEST(RuleFamilies, SkippingLeavesOutBadGradientsUntilTooManyComeInARow) {
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  ChainState state(parse_chain("skip_if_not_finite(2) | adam(0.1)"), 2), untouched(parse_chain("adam(0.1)"), 2);
  std::vector<double> x{1.0, 1.0}, y = x;
  const auto good = [&] {
    state.update(std::vector<double>{1.0, 2.0}, x);
    untouched.update(std::vector<double>{1.0, 2.0}, y);
    EXPECT_EQ(x, y);
  };
  good();
  for (const double bad : {nan, infinity}) {
    state.update(std::vector<double>{1.0, bad}, x);
    EXPECT_EQ(x, y);
  }
  good();
  for (int k = 0; k < 2; ++k) state.update(std::vector<double>{nan, 1.0}, x);
  EXPECT_EQ(x, y);
  state.update(std::vector<double>{nan, 1.0}, x);
  EXPECT_TRUE(std::isnan(x[0]));
}

TEST(RuleFamilies, NeverHideAValueThatIsNotFinite) {
  for (const char* text : kElementwise) {
    if (std::string(text).starts_with("zero_nans") || std::string(text).starts_with("freeze")) continue;
    for (const std::size_t n : {3, 40}) {
      if (n < 5 && has_groups(text)) continue;
      ChainState state(parse_chain(text), n, {.blocks = blocks_of(n)});
      std::vector<double> x(n, 1.0);
      for (std::uint64_t k = 0; k < 8; ++k) {
        std::vector<double> g(n, 1.0);
        if (k == 3) g[1] = std::numeric_limits<double>::quiet_NaN();
        state.update(g, x);
      }
      EXPECT_TRUE(std::isnan(x[1])) << text;
    }
  }
}

TEST(RuleFamilies, FrozenParametersStayToTheLastBitAndAreFoundByBlockOrName) {
  const auto run_frozen = [](const char* text, ChainOptions options) {
    ChainState state(parse_chain(text), 600, std::move(options));
    std::vector<double> x(600, 0.1);
    for (std::uint64_t k = 0; k < 5; ++k) state.update(gradient_of(600, k), x);
    return x;
  };
  const std::vector<double> free = run_frozen("adamw(0.1)", {});
  const std::vector<double> blocks = run_frozen(
      "adamw(0.1) | freeze(layer)", {.blocks = {{"layer.W", 10, 30}, {"head", 200, 1}, {"layer.b", 100, 1}}});
  const std::vector<double> names =
      run_frozen("adamw(0.1) | freeze(p7) | freeze(p300)",
                 {.parameter_name = [](std::size_t i) { return "p" + std::to_string(i); }});
  for (std::size_t i = 0; i < 600; ++i) {
    EXPECT_EQ(blocks[i], i < 300 || i >= 500 ? 0.1 : free[i]) << i;
    EXPECT_EQ(names[i], i == 7 || i == 300 ? 0.1 : free[i]) << i;
  }
}

std::string refusal(const char* text, ChainOptions options = {}) {
  try {
    ChainState state(parse_chain(text), 4, std::move(options));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::usage);
    return error.what();
  }
  return "";
}

TEST(RuleFamilies, RefuseWhatMakesNoSense) {
  EXPECT_THAT(refusal("freeze(W2) | sgd(0.1)", {.blocks = {{"W", 3, 1}, {"b", 1, 1}}}),
              HasSubstr("no block or parameter is called \"W2\"; there are W, b"));
  EXPECT_THAT(refusal("freeze(W) | sgd(0.1)"), HasSubstr("none has a name here"));
  EXPECT_THAT(refusal("lookahead | sgd(0.1)"), HasSubstr("at the end of the chain"));
  EXPECT_THAT(refusal("sgd(0.1) | ema_average | clip_by_value(1)"), HasSubstr("clip_by_value cannot stand behind it"));
  // What takes the move for a finished one would average, or go back to, points that are not there.
  for (const char* first : {"schedule_free_sgd(0.1)", "schedule_free_adamw(0.1)", "asgd(0.1)", "sgd(0.1) | swa(1)",
                            "sgd(0.1) | polyak_average", "sgd(0.1) | ema_average"})
    for (const char* second : {"freeze(p)", "clip_by_value(1)", "scale(0.5)", "lookahead", "ema_average", "swa(1)"})
      EXPECT_THAT(refusal((std::string(first) + " | " + second).c_str(), {.blocks = {{"p", 4, 1}}}),
                  HasSubstr("cannot stand behind it"))
          << first << " " << second;
  EXPECT_THAT(refusal("sgd(0.1) | lookahead | freeze(p)", {.blocks = {{"p", 4, 1}}}), HasSubstr("put lookahead at"));
  EXPECT_THAT(refusal("ftrl(0.1) | scale(0.5)"), HasSubstr("put ftrl at the end"));
  EXPECT_EQ(refusal("ftrl(0.1) | freeze(p)", {.blocks = {{"p", 4, 1}}}), "");
  EXPECT_EQ(refusal("sgd(0.1) | lookahead | ema_average"), "");
  for (const char* twice :
       {"sgd(0.1) | adam(0.1)", "dog(1) | sgd(0.1)", "polyak | polyak", "adamw(0.1) | schedule_free_sgd(0.1)"})
    EXPECT_THAT(refusal(twice), HasSubstr("both have a learning rate")) << twice;
  EXPECT_EQ(refusal("only(p, sgd(0.1)) | except(p, adam(0.1))", {.blocks = {{"p", 3, 1}, {"q", 1, 1}}}), "");
  EXPECT_THAT(refusal("sgd(0.1) | add_proximal_decay(0.1)"), HasSubstr("put it in front of sgd"));
  EXPECT_THAT(refusal("yogi(0.1, form=plain, initial_accumulator=0.1)"), HasSubstr("belongs to form=corrected"));
  EXPECT_THAT(refusal("lookahead(0)"), HasSubstr("'period' must be a whole number >= 1"));
  ChainState ftrl(parse_chain("ftrl(cosine(0.1, 2))"), 1);
  std::vector<double> x{1.0};
  EXPECT_THROW(for (int k = 0; k < 4; ++k) ftrl.update(std::vector<double>{1.0}, x), Error);
}

}  // namespace
}  // namespace descent

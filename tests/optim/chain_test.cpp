#include "descent/optim/chain.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "descent/core/error.hpp"
#include "descent/core/random.hpp"
#include "descent/optim/chain_state.hpp"
#include "descent/optim/optimizer.hpp"
#include "descent/simd/target.hpp"
#include "tests/optim/chain_checks.hpp"
#include "tests/optim/chains_of_the_table.hpp"
#include "tests/optim/memory_archive.hpp"

namespace descent {
namespace {

std::vector<double> run(const Chain& chain, std::size_t n, ChainPath path, int steps = 12) {
  ChainState state(chain, n, {.path = path});
  std::vector<double> x(n);
  const Rng rng(8, RandomStream::test);
  for (std::size_t i = 0; i < n; ++i) x[i] = rng.normal(i);
  for (int k = 0; k < steps; ++k) update(state, gradient_of(n, static_cast<std::uint64_t>(k)), x, 1.0);
  return x;
}

const char* const kChains[] = {
    "sgd(0.1)",
    "sgd(cosine(0.1, 8))",
    "momentum(0.1)",
    "momentum(0.1, momentum=0.8, dampening=0.3)",
    "momentum(step_decay(0.1, 3), form=velocity)",
    "momentum(0.1, form=ema)",
    "nesterov(inverse_scaling(0.1))",
    "rmsprop(0.01)",
    "rmsprop(0.01, momentum=0.9)",
    "adam(0.05)",
    "adam(warm_up(cosine(0.05, 5), 4), beta1=0.7, beta2=0.95, epsilon=1e-3)",
    "adamw(0.05, weight_decay=0.3)",
    "ema(0.5) | scale(0.1)",
    "trace(0.9, nesterov=true) | clip_by_global_norm(2) | add_decayed_weights(0.1) | sgd(0.01)",
    "clip_by_global_norm(3) | scale_by_rms | clip_by_global_norm(0.5) | trace(0.5) | clip_by_value(0.1)",
};
const char* const kClips[] = {"", "clip_by_value(0.5) | ", "clip_by_global_norm(4) | ", "clip_by_global_norm(1e9) | "};

void expect_like_the_reference(const std::string& target, const std::string& text, std::vector<std::size_t> sizes) {
  const Chain chain = parse_chain(text);
  for (const std::size_t n : sizes) {
    SCOPED_TRACE(target + ": " + to_text(chain) + ", n = " + std::to_string(n));
    const std::vector<double> expected = run(chain, n, ChainPath::reference);
    ASSERT_EQ(run(chain, n, ChainPath::blocks), expected);
    ASSERT_EQ(run(chain, n, ChainPath::fastest), expected);
  }
}

TEST(Chain, RunsFusedAndBlockByBlockExactlyLikeTheReferenceOnEveryTarget) {
  for (const std::string& target : simd::supported_targets()) {
    simd::force_target(target);
    for (const char* clip : kClips)
      for (const char* text : kChains)
        expect_like_the_reference(target, std::string(clip) + text, {1, 2, 15, 16, 17, 255, 256, 257, 1000});
    for (const std::string& text : chains_of_the_table()) expect_like_the_reference(target, text, {1, 17, 300});
  }
  simd::reset_target();
}

TEST(Chain, PresetsWithAndWithoutClippingAreFused) {
  for (const char* clip : kClips)
    for (const char* text :
         {"sgd(0.1)", "momentum(0.1)", "momentum(0.1, form=velocity)", "momentum(0.1, form=ema)", "nesterov(0.1)",
          "adam(0.1)", "adamw(0.1)", "scale_by_adam | scale_by_learning_rate(0.1)"}) {
      const Chain chain = parse_chain(std::string(clip) + text);
      EXPECT_TRUE(ChainState(chain, 3).is_fused()) << to_text(chain);
      EXPECT_FALSE(ChainState(chain, 3, {.path = ChainPath::blocks}).is_fused());
    }
  EXPECT_FALSE(ChainState(parse_chain("adam(0.1) | clip_by_value(1)"), 3).is_fused());
}

TEST(Chain, APresetIsTheChainOfItsPrimitives) {
  const std::pair<const char*, const char*> same[] = {
      {"adamw(0.1)", "scale_by_adam() | add_decayed_weights(0.01) | scale_by_learning_rate(0.1)"},
      {"momentum(0.1)", "trace(0.9) | scale_by_learning_rate(0.1)"},
      {"momentum(0.1, form=velocity)", "scale_by_learning_rate(0.1) | trace(0.9)"},
      {"nesterov(0.1)", "trace(0.9, nesterov=true) | scale_by_learning_rate(0.1)"},
      {"rmsprop(0.1)", "scale_by_rms | scale_by_learning_rate(0.1)"},
      {"sgd(0.1)", "scale(0.1)"},
      {"rmsprop(0.1, centered=true, form=velocity, momentum=0.5)",
       "scale_by_rms(centered=true) | scale_by_learning_rate(0.1) | trace(0.5)"},
      {"adagrad(0.1, lr_decay=0.5)", "scale_by_adagrad(lr_decay=0.5) | scale_by_learning_rate(0.1)"},
      {"adadelta(1)", "scale_by_adadelta | scale_by_learning_rate(1)"},
      {"amsgrad(0.1, weight_decay=0.2)", "add_decayed_weights(0.2) | scale_by_amsgrad | scale(0.1)"},
      {"adamaxw(0.1)", "scale_by_adamax | add_decayed_weights(0.01) | scale(0.1)"},
      {"nadamw(0.1)", "scale_by_nadam | add_decayed_weights(0.01) | scale(0.1)"},
      {"radam(0.1)", "scale_by_radam | scale(0.1)"},
      {"torch.adam(0.1)", "adam(0.1)"},
      {"torch.adamw(0.1)", "adamw(0.1)"},
      {"torch.sgd(0.1, momentum=0.9, nesterov=true)", "nesterov(0.1)"},
      {"torch.radam(0.1)", "radam(0.1, epsilon_placement=uncorrected)"},
  };
  for (const auto& [preset, primitives] : same)
    EXPECT_EQ(run(parse_chain(preset), 40, ChainPath::fastest), run(parse_chain(primitives), 40, ChainPath::fastest))
        << preset;
}

TEST(Chain, PermutingTheCoordinatesPermutesTheTrajectory) {
  const std::size_t n = 300;
  for (const char* text : {"adam(0.1)", "momentum(0.1)", "rmsprop(0.1)"}) {
    ChainState forward(parse_chain(text), n), backward(parse_chain(text), n);
    std::vector<double> x(n, 1.0), y(n, 1.0);
    for (std::uint64_t k = 0; k < 5; ++k) {
      std::vector<double> g = gradient_of(n, k);
      forward.update(g, x);
      std::reverse(g.begin(), g.end());
      backward.update(g, y);
    }
    std::reverse(y.begin(), y.end());
    EXPECT_EQ(x, y) << text;
  }
}

TEST(Chain, ClippingByGlobalNormKeepsTheDirectionAndIsExactForHugeAndTinyGradients) {
  for (const double size : {1.0, 1e160, 1e-160}) {
    std::vector<double> x{0.0, 0.0};
    ChainState state(chain(clip_by_global_norm(1e-10 * size), scale(1.0)), 2);
    state.update(std::vector<double>{3.0 * size, 4.0 * size}, x);
    EXPECT_NEAR(x[0] / (-0.6e-10 * size), 1.0, 1e-15) << size;
    EXPECT_NEAR(x[1] / (-0.8e-10 * size), 1.0, 1e-15) << size;
  }
  std::vector<double> untouched{0.0, 0.0};
  ChainState state(chain(clip_by_global_norm(5.0), sgd(1.0)), 2);
  state.update(std::vector<double>{3.0, 4.0}, untouched);
  EXPECT_EQ(untouched, (std::vector<double>{-3.0, -4.0}));
}

TEST(Chain, NeverHidesAValueThatIsNotFinite) {
  std::vector<std::string> texts = chains_of_the_table();
  texts.insert(texts.end(), {"sgd(0.1)", "adam(0.1)", "rmsprop(0.1)", "momentum(0.1)"});
  for (const char* clip : kClips)
    for (const std::string& text : texts)
      for (const std::size_t n : {3, 40}) {
        if (*clip != '\0' && text.starts_with("sam")) continue;  // stands in front
        std::vector<double> x(n, 1.0), g(n, 1.0);
        g[1] = std::numeric_limits<double>::quiet_NaN();
        ChainState state(parse_chain(clip + text), n);
        if (state.forgives()) continue;                        // that is what it is for
        for (int k = 0; k < 4; ++k) update(state, g, x, 1.0);  // some only look at first (adopt, soap, accumulate)
        EXPECT_TRUE(std::isnan(x[1])) << clip << text;
      }
}

TEST(Chain, ACustomRuleSeesEveryElementOnceInBlocks) {
  std::size_t seen = 0, largest = 0;
  const Chain sign = chain(custom_rule("sign",
                                       [&](RuleBlock& block) {
                                         seen += block.update.size();
                                         largest = std::max(largest, block.update.size());
                                         for (double& u : block.update) u = u > 0 ? 1.0 : u < 0 ? -1.0 : 0.0;
                                       }),
                           scale_by_learning_rate(0.5));
  std::vector<double> x(1000, 3.0);
  ChainState(sign, 1000).update(std::vector<double>(1000, -7.0), x);
  EXPECT_EQ(x, std::vector<double>(1000, 3.5));
  EXPECT_EQ(seen, 1000U);
  EXPECT_EQ(largest, kRuleBlock);
  EXPECT_EQ(to_text(sign), "sign | scale_by_learning_rate(0.5)");
}

TEST(ChainState, SavedAndLoadedItContinuesWithTheSameBits) {
  std::vector<std::string> texts = chains_of_the_table();
  texts.insert(texts.end(), std::begin(kChains), std::end(kChains));
  for (const std::string& text : texts) {
    const Chain chain = parse_chain(text);
    ChainState first(chain, 20);
    std::vector<double> x(20, 1.0);
    for (std::uint64_t k = 0; k < 5; ++k) update(first, gradient_of(20, k), x, 1.0);
    MemoryArchive memory;
    first.save(memory);
    ChainState second(chain, 20);
    second.load(memory);
    std::vector<double> y = x;
    for (std::uint64_t k = 5; k < 9; ++k) {
      EXPECT_EQ(first.learning_rate(), second.learning_rate());
      update(first, gradient_of(20, k), x, 1.0);
      update(second, gradient_of(20, k), y, 1.0);
    }
    EXPECT_EQ(x, y) << text;
    EXPECT_EQ(second.steps(), 9U);
  }
}

TEST(ChainState, RefusesTheStateOfAnotherChainOrSize) {
  ChainState adam_state(adam(0.1), 4);
  MemoryArchive memory;
  adam_state.save(memory);
  EXPECT_THROW(ChainState(adam(0.1), 5).load(memory), Error);
  EXPECT_THROW(ChainState(sgd(0.1), 4).load(memory), Error);
  EXPECT_THROW(ChainState(sgd(Schedule::automatic()), 4), Error);
}

}  // namespace
}  // namespace descent

// What holds for every rule of the table, and what is known to go wrong in rules.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <numeric>
#include <set>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/optim/chain_state.hpp"
#include "src/optim/rules/ftrl.hpp"
#include "src/optim/rules/rule_def.hpp"
#include "tests/optim/chain_checks.hpp"
#include "tests/optim/chains_of_the_table.hpp"
#include "tests/optim/memory_archive.hpp"

namespace descent {
namespace {

// A quadratic whose minimum is not at the origin.
constexpr std::size_t kSize = 6;
template <class T>
T target(std::size_t i) {
  return static_cast<T>(i % 2 == 0 ? 1.0 + 0.5 * static_cast<double>(i) : -2.0 + 0.25 * static_cast<double>(i));
}
template <class T>
double value_at(const std::vector<T>& x) {
  double value = 0.0;
  for (std::size_t i = 0; i < kSize; ++i) {
    const double off = static_cast<double>(x[i]) - static_cast<double>(target<T>(i));
    value += 0.5 * std::ldexp(1.0, static_cast<int>(i % 4) - 1) * off * off;
  }
  return value;
}
template <class T>
double reached(const Chain& chain, double start, int steps) {
  BasicChainState<T> state(chain, kSize);
  std::vector<T> x(kSize, static_cast<T>(start)), g(kSize), solution(kSize);
  for (int k = 0; k < steps; ++k) {
    for (std::size_t i = 0; i < kSize; ++i)
      g[i] = static_cast<T>(std::ldexp(1.0, static_cast<int>(i % 4) - 1)) * (x[i] - target<T>(i));
    const double before = value_at(x);
    update(state, g, x, before);
  }
  state.solution(x, solution);
  const double value = value_at(solution) / value_at(std::vector<T>(kSize, static_cast<T>(start)));
  return std::isnan(value) ? std::numeric_limits<double>::infinity() : value;
}

/// The entry with its defaults where it is a whole optimizer, else its example: each with rates that fall to 0.
std::vector<Chain> trials(const Entry& entry, int steps) {
  const bool whole = std::any_of(entry.params.begin(), entry.params.end(),
                                 [](const ParamSpec& spec) { return spec.name == "learning_rate"; });
  const Chain chain = parse_chain(whole ? entry.name : entry.example);
  if (chain.learning_rate() == nullptr) return {chain};
  std::vector<Chain> result;
  if (!chain.learning_rate()->is_auto()) result.push_back(chain);
  for (const double rate : {0.01, 0.03, 0.1, 0.3, 1.0, 10.0}) try {
      // ftrl's rate is what x is made of, not what it moves by: falling to 0 it would take x back to the start.
      const bool falls = entry.name != "ftrl";
      result.push_back(with_learning_rate(chain, falls ? cosine(rate, steps + 1) : Schedule(rate)));
    } catch (const Error&) {  // a first step, not a factor
    }
  return result;
}

template <class T>
void expect_minimises(const Entry& entry) {
  constexpr int kSteps = 2000;
  for (const double start : {-3.0, 0.0, 7.0}) {
    double best = std::numeric_limits<double>::infinity();
    for (const Chain& chain : trials(entry, kSteps)) try {
        best = std::min(best, reached<T>(chain, start, kSteps));
      } catch (const Error&) {  // polyak refuses a value that is no number: that rate was too long
      }
    EXPECT_LT(best, 1e-4) << entry.name << " from " << start << ", " << 8 * sizeof(T) << " bits";
  }
}

TEST(Rules, EachMinimisesFromSeveralStartsInDoubleAndFloat) {
  for (const auto& named : optimizer_registry().items()) {
    if (parse_optimizer(named.entry.example).method != Method::chain) continue;
    if (!takes_vectors(with_a_rate(named.entry.example))) continue;
    expect_minimises<double>(named.entry);
    expect_minimises<float>(named.entry);
  }
}

TEST(Rules, EachHasAtLeastThreeGoldenTrajectories) {
  std::map<std::string, std::set<std::string>> texts_of;
  for (const auto& file : std::filesystem::directory_iterator(DESCENT_SOURCE_DIR "/tests/golden/rules")) {
    if (file.path().extension() != ".txt") continue;
    std::ifstream lines(file.path());
    for (std::string line; std::getline(lines, line);) {
      if (line.front() == '#') continue;
      const std::string text = line.substr(0, line.find('\t'));
      for (const Rule& rule : parse_chain(text).rules()) texts_of[std::string(rule.name())].insert(text);
    }
  }
  for (const std::string& text : chains_of_the_table())
    for (const Rule& rule : parse_chain(text).rules())
      EXPECT_GE(texts_of[std::string(rule.name())].size(), 3U) << rule.name() << ", in " << text;
}

TEST(Rules, ThreadsDoNotChangeABitOfAnyRule) {
  parallel::Pool pool(2);
  const std::size_t n = 40000;
  std::vector<double> g(n), start(n);
  for (std::size_t i = 0; i < n; ++i) {
    g[i] = std::ldexp(static_cast<double>((i * 37) % 101) - 50.0, static_cast<int>(i % 13) - 9);
    start[i] = 1.0 + static_cast<double>(i % 7);
  }
  for (const std::string& text : chains_of_the_table()) {
    std::vector<double> alone = start, shared = start;
    ChainState one(parse_chain(text), n), two(parse_chain(text), n, {.pool = &pool});
    for (int k = 0; k < 3; ++k) {
      update(one, g, alone, 1.0);
      update(two, g, shared, 1.0);
    }
    EXPECT_EQ(alone, shared) << text;
  }
}

TEST(Rules, WhatTheyRememberOfGradientsThatHaveEndedIsNeverSubnormal) {
  const auto expect_normal = [](const std::string& text, std::size_t n, std::vector<ParameterBlock> blocks) {
    BasicChainState<float> state(parse_chain(text), n, {.blocks = std::move(blocks)});
    std::vector<float> x(n, 1.0F), g(n);
    for (std::size_t i = 0; i < n; ++i) g[i] = 1e-3F * static_cast<float>(i % 7 + 1);
    for (int t = 0; t < 2500; ++t) {  // 0.95^2500 is 1e-56
      if (t == 3) g.assign(n, 0.0F);
      update(state, g, x, 1.0);
    }
    MemoryArchive archive;
    state.save(archive);
    for (const auto& [name, values] : archive.values) {
      const auto bad = std::find_if(values.begin(), values.end(), [](double v) {
        return v != 0.0 && std::fabs(v) < std::numeric_limits<float>::min();
      });
      EXPECT_TRUE(bad == values.end()) << text << ": " << name << " has " << *bad;
    }
  };
  for (const std::string& text : chains_of_the_table())
    for (const std::size_t n : {std::size_t{3}, std::size_t{100}}) expect_normal(text, n, {});
  for (const char* text : {"muon(0.01)", "soap(0.01)", "adafactor", "adamw(0.01)"})
    expect_normal(text, 26, {{.name = "w", .rows = 4, .columns = 5}, {.name = "b", .rows = 6}});
}

TEST(Rules, BiasCorrectionsKeepTwelveDigitsOverAHundredThousandUpdates) {
  for (const double beta : {0.0, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999}) {
    double state[2] = {1.0, 0.0};
    const long double logarithm = std::log(static_cast<long double>(beta));
    for (int t = 1; t <= 100000; ++t) {
      const double got = rules::next_bias(state, beta);
      const long double exact = beta == 0.0 ? 1.0L : -std::expm1(static_cast<long double>(t) * logarithm);
      ASSERT_LT(std::fabs(static_cast<double>((got - exact) / exact)), 1e-12) << beta << ", t = " << t;
    }
  }
}

TEST(Rules, RadamRectifiesInDoubleForFloatsToo) {
  // n_t - 4 is a difference of two numbers near 2000 when dividing begins: in float a percent would be lost.
  ChainState wide(parse_chain("radam(0.01)"), 1);
  BasicChainState<float> narrow(parse_chain("radam(0.01)"), 1);
  std::vector<double> x{0.0};
  std::vector<float> y{0.0F};
  for (int k = 0; k < 20; ++k) {
    const double before = x[0];
    const float float_before = y[0];
    wide.update(std::vector<double>{1.0}, x);
    narrow.update(std::vector<float>{1.0F}, y);
    EXPECT_NEAR((x[0] - before) / static_cast<double>(y[0] - float_before), 1.0, 1e-4) << k;
  }
}

double after(const char* text, std::vector<double> gradients, double x = 2.0) {
  ChainState state(parse_chain(text), 1);
  std::vector<double> at{x};
  for (const double g : gradients) state.update(std::vector<double>{g}, at);
  return at[0];
}

TEST(Rules, TorchSgdDampsFromTheSecondUpdateAndDecaysWithoutMomentum) {
  EXPECT_EQ(after("torch.sgd(0.5, momentum=0.5, dampening=0.5)", {1.0}), 1.5);
  EXPECT_EQ(after("torch.sgd(0.5, momentum=0.5, dampening=0.5)", {1.0, 1.0}), 1.0);  // b = 0.5 + 0.5
  EXPECT_EQ(after("torch.sgd(0.5, weight_decay=0.5)", {1.0}), 1.0);                  // g = 1 + 0.5 * 2
  EXPECT_EQ(after("torch.sgd(0.5, maximize=true, weight_decay=0.5)", {1.0}), 2.0);   // g = -1 + 0.5 * 2
  EXPECT_THROW((void)parse_chain("torch.sgd(0.1, nesterov=true)"), Error);
  EXPECT_THROW((void)parse_chain("torch.sgd(0.1, momentum=0.9, dampening=0.1, nesterov=true)"), Error);
}

TEST(Rules, CoupledDecayIsSeenByTheQuotientAndDecoupledIsNot) {
  // One update of Adam moves by r whatever the gradient is: decay in it disappears, decay beside it does not.
  EXPECT_NEAR(after("adam(0.1, weight_decay=1)", {1.0}), 1.9, 1e-8);
  EXPECT_NEAR(after("adamw(0.1, weight_decay=1)", {1.0}), 1.9 - 0.1 * 2.0, 1e-8);
}

TEST(Rules, ClippingInTorchsFormIsALittleShort) {
  ChainState state(parse_chain("clip_by_global_norm(1, form=torch) | scale(1)"), 2);
  std::vector<double> x{0.0, 0.0};
  state.update(std::vector<double>{3.0, 4.0}, x);
  EXPECT_NEAR(std::hypot(x[0], x[1]), 0.9999998, 1e-9);
  ChainState exact(parse_chain("clip_by_global_norm(1) | scale(1)"), 2);
  x = {0.0, 0.0};
  exact.update(std::vector<double>{3.0, 4.0}, x);
  EXPECT_DOUBLE_EQ(std::hypot(x[0], x[1]), 1.0);
}

TEST(Rules, AsgdReportsTheMeanOfItsIterates) {
  ChainState state(parse_chain("asgd(0.1, lr_decay=0, t0=2)"), 1);
  std::vector<double> x{0.0}, solution{0.0}, iterates;
  for (int k = 0; k < 10; ++k) {
    state.update(std::vector<double>{k % 2 == 0 ? -1.0 : 0.5}, x);
    iterates.push_back(x[0]);
    state.solution(x, solution);
    // Updates 1 to 4 copy (t - 1 - t0 <= 1); from then on the mean of iterates 4, 5, ...
    const std::size_t first = std::min<std::size_t>(iterates.size() - 1, 3);
    const double mean = std::accumulate(iterates.begin() + static_cast<long>(first), iterates.end(), 0.0) /
                        static_cast<double>(iterates.size() - first);
    EXPECT_NEAR(solution[0], mean, 1e-15) << k;
  }
  EXPECT_NE(solution[0], x[0]);
  EXPECT_TRUE(state.has_solution());
}

TEST(Rules, RpropKeepsItsStepsWithinTheirLimitsAndRefusesEmptyOnes) {
  EXPECT_NEAR(after("rprop(0.5, max_step=1)", std::vector<double>(10, 1.0)), 2.0 - (0.5 + 0.6 + 0.72 + 0.864 + 6.0),
              1e-12);
  EXPECT_NEAR(after("rprop(0.5)", {1.0, -1.0, -1.0}), 2.0 - 0.5 + 0.0 + 0.25, 1e-15);
  EXPECT_THROW((void)parse_chain("rprop(0.1, min_step=2, max_step=1)"), Error);
  EXPECT_THROW((void)parse_chain("torch.rprop(0.1, min_step=2, max_step=1)"), Error);
}

TEST(Rules, CenteredRmspropOfEqualGradientsStaysFinite) {
  ChainState state(parse_chain("torch.rmsprop(0.001, rho=0.1, centered=true)"), 1);
  std::vector<double> x{0.0};
  for (int k = 0; k < 200; ++k) state.update(std::vector<double>{0.3}, x);
  EXPECT_TRUE(std::isfinite(x[0]));
}

TEST(Rules, TorchsNamesReadBack) {
  EXPECT_EQ(to_text(parse_chain("clip_by_global_norm(1, form=torch)|torch.adam( 0.01 ,amsgrad=true)")),
            "clip_by_global_norm(1, form=torch) | torch.adam(0.01, amsgrad=true)");
  EXPECT_EQ(to_text(with_learning_rate(parse_chain("torch.adamw(0.001, weight_decay=0.1)"), cosine(0.1, 10))),
            "torch.adamw(cosine(0.1, 10), weight_decay=0.1)");
  for (const char* wrong : {"torch.", "torch.adm", ".adam", "torch..adam", "torch.adam.w"})
    EXPECT_THROW((void)parse_chain(wrong), Error) << wrong;
}

TEST(Rules, EachHasANameAndRoomForItsSlots) {
  for (const std::string& text : chains_of_the_table())
    for (const Rule& rule : parse_chain(text).rules()) {
      EXPECT_FALSE(rule.name().empty()) << text;
      EXPECT_LE(rule.def->num_slots, std::size(rules::Elements<double>{}.slots)) << text;
    }
}

TEST(Rules, AKernelThatReadsMoreSlotsThanItsRuleHasIsNamedInItsFirstUpdate) {
  const rules::RuleDef def{.name = "short",
                           .num_slots = 1,  // ftrl_elements reads z and n
                           .prepare = [](rules::Values, const rules::Update&, std::span<double>,
                                         rules::Numbers&) { return rules::Flow::go_on; },
                           .kernel64 = rules::ftrl_elements,
                           .kernel32 = rules::ftrl_elements};
  const Chain chain(Chain::Link{.call = Call{.name = "short"}, .rules = {Rule{.def = &def}}});
  for (const std::size_t n : {std::size_t{1}, std::size_t{300}}) {
    ChainState state(chain, n);
    std::vector<double> x(n, 1.0);
    try {
      state.update(std::vector<double>(n, 1.0), x);
      FAIL() << "went on";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::internal);
      EXPECT_NE(std::string(error.what()).find("num_slots must be at least 2"), std::string::npos) << error.what();
    }
  }
}

}  // namespace
}  // namespace descent

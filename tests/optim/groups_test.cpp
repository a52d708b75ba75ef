// only and except: links for some parameters.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "descent/core/error.hpp"
#include "descent/optim/chain_state.hpp"
#include "descent/optim/makers/wrappers.hpp"
#include "descent/optim/minimize.hpp"
#include "descent/optim/minimize_sum.hpp"
#include "descent/optim/optimizer.hpp"
#include "descent/parallel/pool.hpp"
#include "tests/optim/chain_checks.hpp"
#include "tests/optim/memory_archive.hpp"
#include "tests/optim/objectives.hpp"

namespace descent {
namespace {

using ::testing::HasSubstr;

/// A network's blocks: 300 + 20 + 100 + 5 parameters.
const std::vector<ParameterBlock> kBlocks{
    {"layer1.weights", 20, 15}, {"layer1.bias", 20, 1}, {"layer2.weights", 5, 20}, {"layer2.bias", 5, 1}};
constexpr std::size_t kSize = 425;
bool is_weight(std::size_t i) { return i < 300 || (i >= 320 && i < 420); }

std::vector<double> run(const std::string& text, ChainPath path = ChainPath::fastest, std::uint64_t steps = 9) {
  ChainState state(parse_chain(text), kSize, {.path = path, .blocks = kBlocks});
  std::vector<double> x(kSize, 0.5);
  for (std::uint64_t k = 0; k < steps; ++k) state.update(gradient_of(kSize, k), x);
  return x;
}

template <class Work>
std::string refusal(const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::usage);
    return error.what();
  }
  return "it was taken";
}
std::string made(const char* text, ChainOptions options = {.blocks = kBlocks}) {
  return refusal([&] { ChainState state(parse_chain(text), kSize, std::move(options)); });
}

TEST(Groups, DecayOfWeightsAloneLeavesBiasesWithoutIt) {
  const std::vector<double> with = run("adamw(0.01, weight_decay=0.3)"), without = run("adam(0.01)");
  const std::vector<double> got =
      run("scale_by_adam | only(weights, add_decayed_weights(0.3)) | scale_by_learning_rate(0.01)");
  for (std::size_t i = 0; i < kSize; ++i) EXPECT_EQ(got[i], is_weight(i) ? with[i] : without[i]) << i;
}

/// What a chain makes of these parameters when there are no others.
std::vector<double> alone(const std::string& text, bool weights) {
  std::vector<ParameterBlock> blocks;
  for (const ParameterBlock& block : kBlocks)
    if ((block.columns > 1) == weights) blocks.push_back(block);
  const std::size_t n = weights ? 400 : 25;
  ChainState state(parse_chain(text), n, {.blocks = blocks});
  std::vector<double> x(n, 0.5), solution(n);
  for (std::uint64_t k = 0; k < 9; ++k) {
    const std::vector<double> all = gradient_of(kSize, k);
    std::vector<double> g;
    for (std::size_t i = 0; i < kSize; ++i)
      if (is_weight(i) == weights) g.push_back(all[i]);
    state.update(g, x);
  }
  state.solution(x, solution);
  return solution;
}

TEST(Groups, EachRunsAsIfThereWereNoOtherParametersOnEveryPath) {
  const std::pair<const char*, const char*> pairs[] = {
      {"adam(0.01)", "sgd(0.1)"},
      {"[clip_by_global_norm(0.5), adam(0.01)]", "[normalize, momentum(0.1)]"},
      {"muon(0.01)", "lion(0.01)"},
      {"soap(0.01)", "[accumulate(2), adopt(0.1)]"},
      {"[skip_if_not_finite, lamb(0.01)]", "dadapt_adam"},
      {"prodigy", "[clip_by_block_norm(1), adafactor]"},
      {"adan(0.1, weight_decay=0.1)", "adan(cosine(0.02, 5), weight_decay=0.5)"},
      {"[adam(0.01), polyak_average(2)]", "[sgd(0.1), lookahead(2), ema_average(0.5)]"},
      {"[accumulate(3), schedule_free_adamw(0.01)]", "ftrl(0.1)"},
      {"dog(per_block=true)", "[add_noise(seed=4), rprop(0.01)]"},
  };
  const auto chain_of = [](std::string links) {
    if (links.front() != '[') return links;
    links = links.substr(1, links.size() - 2);
    for (std::size_t at; (at = links.find("), ")) != std::string::npos;) links.replace(at, 3, ") | ");
    for (const char* word : {"normalize, ", "skip_if_not_finite, "})
      if (const std::size_t at = links.find(word); at != std::string::npos)
        links.replace(at + std::string(word).size() - 2, 2, " | ");
    return links;
  };
  parallel::Pool pool(3);
  for (const auto& [weights, biases] : pairs) {
    const std::string text =
        "only(weights, " + std::string(weights) + ") | except(weights, " + std::string(biases) + ")";
    const std::vector<double> w = alone(chain_of(weights), true), b = alone(chain_of(biases), false);
    for (const ChainPath path : {ChainPath::fastest, ChainPath::blocks, ChainPath::reference}) {
      ChainState state(parse_chain(text), kSize, {.path = path, .pool = &pool, .blocks = kBlocks});
      std::vector<double> x(kSize, 0.5), solution(kSize);
      for (std::uint64_t k = 0; k < 9; ++k) state.update(gradient_of(kSize, k), x);
      state.solution(x, solution);
      std::size_t next_w = 0, next_b = 0;
      for (std::size_t i = 0; i < kSize; ++i)
        ASSERT_EQ(solution[i], is_weight(i) ? w[next_w++] : b[next_b++]) << text << ' ' << i;
    }
  }
}

TEST(Groups, AnyNumberOfThreadsGivesTheSameBits) {
  const std::size_t n = 70000;
  const std::vector<ParameterBlock> blocks{{"W", 200, 300}, {"b", 10000, 1}};
  const Chain chain = parse_chain(
      "only(W, [clip_by_global_norm(3), adam(0.01)]) | except(W, [clip_by_value(1), sgd(0.1)]) | ema_average(0.9)");
  std::vector<double> expected;
  for (const std::size_t threads : {1, 2, 3, 4, 8}) {
    parallel::Pool pool(threads);
    ChainState state(chain, n, {.pool = &pool, .blocks = blocks});
    std::vector<double> x(n, 0.5);
    for (std::uint64_t k = 0; k < 3; ++k) state.update(gradient_of(n, k), x);
    if (expected.empty()) expected = x;
    EXPECT_EQ(x, expected) << threads;
  }
}

TEST(Groups, HeldBackUpdatesAreThoseOfTheGroup) {
  ChainState state(parse_chain("only(a, [accumulate(2), sgd(0.5)]) | except(a, [accumulate(4), sgd(0.5)])"), 2,
                   {.blocks = {{"a", 1, 1}, {"b", 1, 1}}});
  std::vector<double> x{0.0, 0.0};
  const std::vector<double> g{1.0, 1.0};
  std::vector<std::vector<double>> points;
  std::vector<bool> moved;
  for (int k = 0; k < 4; ++k) {
    state.update(g, x);
    points.push_back(x);
    moved.push_back(state.moved());
  }
  EXPECT_EQ(points, (std::vector<std::vector<double>>{{0, 0}, {-0.5, 0}, {-0.5, 0}, {-1.0, -0.5}}));
  EXPECT_EQ(moved, (std::vector<bool>{false, true, false, true}));
}

TEST(Groups, AGradientThatIsNotFiniteIsSkippedWhereItIs) {
  const Chain chain = parse_chain("only(a, [skip_if_not_finite(5), sgd(0.5)]) | except(a, sgd(0.5))");
  for (const ChainPath path : {ChainPath::fastest, ChainPath::reference}) {
    ChainState state(chain, 2, {.path = path, .blocks = {{"a", 1, 1}, {"b", 1, 1}}});
    std::vector<double> x{0.0, 0.0};
    state.update(std::vector<double>{std::nan(""), 1.0}, x);
    EXPECT_EQ(x, (std::vector<double>{0.0, -0.5}));
    EXPECT_TRUE(state.moved());
    state.update(std::vector<double>{1.0, std::nan("")}, x);
    EXPECT_EQ(x[0], -0.5);
    EXPECT_TRUE(std::isnan(x[1]));
  }
}

TEST(Groups, NamesAreWholePartsOfBlocksNamesElseParameters) {
  const std::vector<double> start(kSize, 0.5);
  const auto moves = [&](const std::string& names) {
    const std::vector<double> x =
        run("only(" + names + ", sgd(0.1)) | except(" + names + ", freeze(layer1)) | freeze(" +
            (names == "bias" ? "weights" : "layer2.bias") + ")");
    std::size_t count = 0;
    for (std::size_t i = 0; i < kSize; ++i) count += x[i] != 0.5 ? 1 : 0;
    return count;
  };
  EXPECT_GT(moves("bias"), 20U);
  EXPECT_THAT(made("only(bia, sgd(0.1))"),
              HasSubstr("no block or parameter is called \"bia\"; there are layer1.weights, layer1.bias"));
  EXPECT_THAT(made("only([bias, layer3], sgd(0.1))"), HasSubstr("\"layer3\""));
  EXPECT_THAT(made("except([weights, bias], sgd(0.1))"), HasSubstr("no parameter left for it (except weights, bias)"));
  EXPECT_THAT(made("only(W, sgd(0.1))", {}), HasSubstr("none has a name here"));
  ChainState by_name(parse_chain("only(p1, sgd(0.5)) | except(p1, scale(0.25))"), 3,
                     {.parameter_name = [](std::size_t i) { return "p" + std::to_string(i); }});
  std::vector<double> x(3, 0.0);
  by_name.update(std::vector<double>{1.0, 1.0, 1.0}, x);
  EXPECT_EQ(x, (std::vector<double>{-0.25, -0.5, -0.25}));
}

TEST(Groups, ReadBackAndAreMadeInCpp) {
  for (const char* text :
       {"only(weights, adam(0.01)) | except(weights, [clip_by_value(1), sgd(0.1)])",
        "scale_by_adam | only([a, b.c], add_decayed_weights(0.01)) | scale_by_learning_rate(cosine(0.1, 100))",
        "only(a, [centralize, except(b, sgd(0.1))])"})
    EXPECT_EQ(to_text(parse_chain(text)), text);
  EXPECT_EQ(to_text(parse_chain("only([a],[adam( 0.010, beta1=0.9)])")), "only(a, adam(0.01))");
  EXPECT_EQ(to_text(chain(only({"a"}, adam(0.01)), except({"a", "b"}, chain(clip_by_value(1), sgd(0.1))))),
            "only(a, adam(0.01)) | except([a, b], [clip_by_value(1), sgd(0.1)])");
  EXPECT_THAT(refusal([] { (void)only({}, sgd(0.1)); }), HasSubstr("needs the names"));
  EXPECT_THAT(refusal([] { (void)parse_chain("only(a)"); }), HasSubstr("'links' is missing"));
  EXPECT_THAT(refusal([] { (void)parse_chain("only(1, sgd(0.1))"); }), HasSubstr("a list of names such as [a, b]"));
  EXPECT_THAT(refusal([] { (void)parse_chain("only([a, b(1)], sgd(0.1))"); }), HasSubstr("a list of names"));
  EXPECT_THAT(refusal([] { (void)parse_chain("only(a, 0.1)"); }), HasSubstr("a link of a chain"));
  EXPECT_THAT(refusal([] { (void)parse_chain("only(a, lbfgs)"); }), HasSubstr("'lbfgs' chooses its own steps"));
  EXPECT_THAT(refusal([] { (void)parse_chain("only(a, adma(0.1))"); }),
              HasSubstr("column 9: unknown optimizer \"adma\" (did you mean 'adam'?)"));
}

TEST(Groups, RatesAreReplacedInEachAndAutoIsAloneWhereItStands) {
  EXPECT_EQ(
      to_text(with_learning_rate(parse_chain("only(a, [clip_by_value(1), adam(0.01)]) | except(a, sgd(0.1))"), 0.5)),
      "only(a, [clip_by_value(1), adam(0.5)]) | except(a, sgd(0.5))");
  EXPECT_FALSE(is_plain_descent(parse_chain("only(a, sgd(0.1))")));
  EXPECT_FALSE(stable_rate_times_curvature(parse_chain("only(a, sgd(0.1))")).has_value());
  EXPECT_EQ(to_text(first_group(parse_chain("clip_by_value(1) | except(a, adam(0.1)) | only(a, sgd(0.2)) | freeze(c) | "
                                            "except(a, ema(0.5))"))),
            "clip_by_value(1) | adam(0.1) | ema(0.5)");
}

TEST(Groups, WhatNeedsOthersIsRefused) {
  EXPECT_THAT(made("only(weights, accumulate(2)) | adam(0.1)"),
              HasSubstr("accumulate holds back updates of some parameters only, and adam behind it"));
  EXPECT_THAT(made("only(weights, [sgd(0.1), lookahead]) | scale(0.5)"), HasSubstr("at the end of the chain"));
  EXPECT_THAT(made("scale_by_adan | add_proximal_decay(0.1) | only(bias, sgd(0.1)) | except(bias, sgd(0.2))"),
              HasSubstr("put it into each group"));
  EXPECT_THAT(made("only(weights, sam) | sgd(0.1)"), HasSubstr("cannot be restricted"));
  EXPECT_THAT(made("only(bias, torch.muon) | except(bias, torch.muon)"), HasSubstr("is a vector of"));
}

/// f = |x - 1|^2 / 2 in two blocks.
class Blocks final : public Objective {
 public:
  [[nodiscard]] std::size_t num_parameters() const override { return 3; }
  [[nodiscard]] std::vector<ParameterBlock> parameter_blocks() const override { return {{"a", 1, 1}, {"b", 2, 1}}; }
  double evaluate(View x, MutableView gradient) override {
    double value = 0.0;
    for (std::size_t i = 0; i < 3; ++i) {
      value += 0.5 * (x[i] - 1.0) * (x[i] - 1.0);
      if (!gradient.empty()) gradient[i] = x[i] - 1.0;
    }
    return value;
  }
};

TEST(Groups, MinimizeHandsThemTheBlocksAndRefusesParametersWithoutARate) {
  const MinimizeOptions options{.max_steps = 1, .gradient_tolerance = 0};
  const Result result =
      minimize(Blocks(), {0.0, 0.0, 0.0}, parse_optimizer("only(a, sgd(0.5)) | except(a, sgd(0.25))"), options);
  EXPECT_EQ(result.x, (std::vector<double>{0.5, 0.25, 0.25}));
  EXPECT_THAT(refusal([&] {
                (void)minimize(Blocks(), {0, 0, 0}, parse_optimizer("only(a, sgd(0.5))"), options);
              }),
              HasSubstr("no link with a learning rate is for \"b\""));
  const Result frozen = minimize(Blocks(), {0.0, 0.0, 0.0}, parse_optimizer("only(a, sgd(0.5)) | freeze(b)"), options);
  EXPECT_EQ(frozen.x, (std::vector<double>{0.5, 0.0, 0.0}));
  const Result chosen =
      minimize(Blocks(), {0.0, 0.0, 0.0}, parse_optimizer("only(a, sgd(0.5)) | except(a, adam(auto))"), options);
  EXPECT_THAT(chosen.optimizer, HasSubstr("only(a, sgd(0.5)) | except(a, adam(1"));  // the range test's
}

TEST(Groups, TheStateOfOtherParametersIsRefused) {
  const Chain chain = parse_chain("only(a, adam(0.1)) | except(a, sgd(0.1))");
  const auto named = [](const char* names) {
    return ChainOptions{.parameter_name = [names](std::size_t i) { return std::string(1, names[i]); }};
  };
  ChainState first(chain, 3, named("abc")), other(chain, 3, named("bac"));
  MemoryArchive memory;
  first.save(memory);
  EXPECT_NO_THROW(ChainState(chain, 3, named("abc")).load(memory));
  try {
    other.load(memory);
    FAIL() << "it was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::model);
    EXPECT_THAT(error.what(), HasSubstr("other parameters"));
  }
}

TEST(Groups, RememberNothingOfOtherParameters) {
  ChainState state(parse_chain("only(bias, adam(0.1)) | except(bias, sgd(0.1))"), kSize, {.blocks = kBlocks});
  MemoryArchive memory;
  state.save(memory);
  EXPECT_EQ(memory.numbers("slot0").size(), 25U);
}

TEST(Groups, WorkWithRowsAndOnFloats) {
  const Chain chain = parse_chain("only(a, adam(0.1)) | except(a, momentum(0.1))");
  const ChainOptions options{.blocks = {{"a", 2, 1}, {"b", 4, 1}}};
  ChainState dense(chain, 6, options), sparse(chain, 6, options);
  BasicChainState<float> narrow(chain, 6, options);
  std::vector<double> x(6, 0.0), y(6, 0.0);
  std::vector<float> z(6, 0.0F);
  const std::vector<std::size_t> rows{0, 1, 2};
  for (int k = 0; k < 3; ++k) {
    const std::vector<double> g{1, 2, 3, 4, 5, 6};
    dense.update(g, x);
    sparse.update_rows({.rows = rows, .values = g, .width = 2}, y);
    narrow.update(std::vector<float>(g.begin(), g.end()), z);
  }
  EXPECT_EQ(x, y);
  for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(x[i], static_cast<double>(z[i]), 1e-5);
}

TEST(Groups, ACustomRuleSeesItsParametersAtTheirOwnPlaces) {
  const auto times_index = custom_rule("count", [](RuleBlock& block) {
    for (std::size_t i = 0; i < block.update.size(); ++i) block.update[i] *= static_cast<double>(block.first + i);
  });
  const Chain chain = descent::chain(except({"b"}, times_index), only({"b"}, scale(0.5)));
  const std::vector<ParameterBlock> blocks{{"a", 2, 1}, {"b", 300, 1}, {"c", 1, 1}};
  for (const ChainPath path : {ChainPath::fastest, ChainPath::reference}) {
    ChainState state(chain, 303, {.path = path, .blocks = blocks});
    std::vector<double> x(303, 0.0);
    state.update(std::vector<double>(303, 2.0), x);
    for (std::size_t i = 0; i < 303; ++i) EXPECT_EQ(x[i], i >= 2 && i < 302 ? -1.0 : -2.0 * static_cast<double>(i));
  }
}

}  // namespace
}  // namespace descent

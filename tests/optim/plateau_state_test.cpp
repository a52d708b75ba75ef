#include "descent/optim/plateau_state.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>

#include "descent/core/error.hpp"
#include "descent/optim/chain_state.hpp"
#include "descent/optim/minimize.hpp"
#include "descent/optim/minimize_sum.hpp"
#include "tests/optim/chain_checks.hpp"
#include "tests/optim/memory_archive.hpp"
#include "tests/optim/objectives.hpp"

namespace descent {
namespace {

/// Falls, then swings: cuts happen at several places.
double told(std::uint64_t k) { return 1.0 / (1.0 + static_cast<double>(k)) + 0.1 * static_cast<double>(k % 3); }

TEST(PlateauState, CutsWhenMoreThanPatienceValuesInARowAreNoBetter) {
  PlateauState state(plateau(1.0, {.factor = 0.5, .patience = 2}));
  std::vector<bool> cuts;
  for (const double value : {5.0, 4.0, 4.0, 4.0, 4.0, 3.0, 3.5, 3.5, 2.0}) cuts.push_back(state.tell(value, 0));
  EXPECT_EQ(cuts, (std::vector<bool>{false, false, false, false, true, false, false, false, false}));
  EXPECT_EQ(state.rate(0), 0.5);
}

TEST(PlateauState, AValueThatIsNotFiniteIsNoImprovement) {
  PlateauState state(plateau(1.0, {.factor = 0.5, .patience = 0}));
  EXPECT_TRUE(state.tell(std::nan(""), 1));
  EXPECT_TRUE(state.tell(std::numeric_limits<double>::infinity(), 2));
  EXPECT_FALSE(state.tell(1.0, 3));
}

TEST(PlateauState, BelowZeroAnImprovementIsStillLower) {
  PlateauState state(plateau(1.0, {.factor = 0.5, .patience = 0, .threshold = 0.1}));
  EXPECT_FALSE(state.tell(-10.0, 1));
  EXPECT_TRUE(state.tell(-9.5, 2));  // better for torch: -9.5 < -10 (1 - 0.1)
  EXPECT_TRUE(state.tell(-10.9, 3));
  EXPECT_FALSE(state.tell(-11.1, 4));
}

TEST(PlateauState, ACutBelowEpsilonIsNotMadeAndNoneGoesBelowMin) {
  PlateauState fine(plateau(1e-7, {.patience = 0}));
  EXPECT_FALSE(fine.tell(1.0, 1));
  EXPECT_TRUE(fine.tell(1.0, 2));   // to 1e-8: changes by 9e-8
  EXPECT_FALSE(fine.tell(1.0, 3));  // to 1e-9: changes by 9e-9
  EXPECT_NEAR(fine.rate(4), 1e-8, 1e-20);
  PlateauState bounded(plateau(1.0, {.patience = 0, .min = 0.3}));
  for (int i = 0; i < 9; ++i) bounded.tell(1.0, 0);  // all of them before update 0
  EXPECT_EQ(bounded.rate(0), 0.3);
  EXPECT_EQ(bounded.cuts(), 1U);
}

TEST(PlateauState, MultipliesAScheduleAndItsFloorNeverLiftsIt) {
  PlateauState state(plateau(warm_up(1.0, 9), {.factor = 0.5, .patience = 0, .min = 0.3}));
  EXPECT_EQ(state.rate(0), 0.1);
  state.tell(1.0, 1);
  EXPECT_TRUE(state.tell(1.0, 9));
  EXPECT_EQ(state.rate(9), 0.5);
  EXPECT_EQ(state.rate(8), 0.9);  // before the cut
  PlateauState early(plateau(warm_up(1.0, 9), {.factor = 0.5, .patience = 0, .min = 0.3}));
  early.tell(1.0, 1);
  EXPECT_TRUE(early.tell(1.0, 4));  // 0.5 to 0.3
  EXPECT_EQ(early.rate(4), 0.3);
  EXPECT_EQ(early.rate(9), 0.5);
  EXPECT_EQ(early.rate(3), 0.4);
}

TEST(PlateauState, SavedAndLoadedAtAnyStepItContinuesWithTheSameBits) {
  const Schedule schedule = plateau(cosine(0.3, 50), {.factor = 0.7, .patience = 1, .cooldown = 2, .min = 0.01});
  for (std::uint64_t stop = 0; stop < 30; ++stop) {
    PlateauState first(schedule);
    for (std::uint64_t k = 0; k < stop; ++k) first.tell(told(k), k + 1);
    MemoryArchive memory;
    first.save(memory);
    PlateauState second(schedule), copy = first;
    second.load(memory);
    for (std::uint64_t k = stop; k < 60; ++k) {
      ASSERT_EQ(first.rate(k), second.rate(k)) << stop << " " << k;
      ASSERT_EQ(first.rate(k), copy.rate(k));
      first.tell(told(k), k + 1);
      second.tell(told(k), k + 1);
      copy.tell(told(k), k + 1);
    }
    EXPECT_GT(first.cuts(), 3U);
  }
}

TEST(PlateauState, RefusesTheStateOfAnotherScheduleDamageAndWhatIsNoPlateau) {
  PlateauState state(plateau(0.1));
  MemoryArchive memory;
  state.save(memory);
  EXPECT_THROW(PlateauState(plateau(0.2)).load(memory), Error);
  memory.values["cuts"] = {-1.0};
  EXPECT_THROW(state.load(memory), Error);
  EXPECT_THROW(PlateauState{cosine(0.1, 5)}, Error);
  EXPECT_THROW(PlateauState{Schedule::automatic()}, Error);
}

TEST(Plateau, HasNoRateOfItsOwn) {
  const Schedule schedule = plateau(0.1);
  EXPECT_TRUE(schedule.needs_value());
  EXPECT_FALSE(schedule.is_constant());
  EXPECT_THROW((void)schedule(0), Error);
}

TEST(Plateau, MustBeOutermost) {
  for (const char* text : {"warm_up(plateau(0.1), 5)", "chained([plateau(0.1), 1])", "sequence([plateau(0.1), 1], [5])",
                           "plateau(plateau(0.1))"}) {
    try {
      (void)parse_schedule(text);
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_NE(error.message().find("must be outermost"), std::string::npos) << error.what();
    }
  }
}

TEST(Plateau, MinimizeTellsItTheObjectiveOfEveryUpdate) {
  // A rate above 2 / L on the first coordinate alone makes the objective rise until it is cut.
  auto f = testing::quadratic(3, 10);
  const Schedule schedule = plateau(0.25, {.factor = 0.5, .patience = 2});
  std::vector<double> rates, objectives;
  const MinimizeOptions options{.max_steps = 40, .gradient_tolerance = 0, .observer = [&](const StepInfo& row) {
                                  rates.push_back(row.learning_rate);
                                  objectives.push_back(row.objective);
                                  return true;
                                }};
  const Result result = minimize(f, {0, 0, 0}, momentum(schedule), options);
  EXPECT_EQ(result.steps, 40U);
  EXPECT_NE(result.optimizer.find("plateau(0.25, factor=0.5, patience=2)"), std::string::npos) << result.optimizer;
  PlateauState state(schedule);
  ASSERT_EQ(rates.size(), 40U);
  for (std::uint64_t k = 0; k < rates.size(); ++k) {
    EXPECT_EQ(rates[k], state.rate(k)) << k;
    state.tell(objectives[k], k + 1);
  }
  EXPECT_GT(state.cuts(), 1U);
}

TEST(Plateau, MinimizeSumTellsItTheMeanOfEveryEpoch) {
  auto f = testing::line_of_b4();
  const Schedule schedule = plateau(1.2, {.factor = 0.5, .patience = 1, .threshold = 0.9});
  std::vector<double> rates, means;
  SumOptions options{.run = {.max_steps = 100000, .gradient_tolerance = 0}, .batch_size = 30, .max_epochs = 20};
  options.run.observer = [&](const StepInfo& row) {
    rates.push_back(row.learning_rate);
    return true;
  };
  options.on_epoch = [&](const EpochInfo& info) {
    means.push_back(info.mean_objective);
    return true;
  };
  (void)minimize_sum(f, {0, 0}, sgd(schedule), options);
  ASSERT_EQ(means.size(), 20U);
  ASSERT_EQ(rates.size(), 80U);  // four updates an epoch
  PlateauState state(schedule);
  for (std::uint64_t k = 0; k < 80; ++k) {
    EXPECT_EQ(rates[k], state.rate(k)) << k;
    if (k % 4 == 3) state.tell(means[k / 4], k + 1);
  }
  EXPECT_GT(state.cuts(), 1U);
}

TEST(Plateau, AChainRunByHandIsToldTheObjective) {
  const Schedule schedule = plateau(0.5, {.factor = 0.5, .patience = 1});
  ChainState state(momentum(schedule), 1);
  EXPECT_TRUE(state.needs_value());
  EXPECT_FALSE(ChainState(momentum(0.5), 1).needs_value());
  PlateauState expected(schedule);
  std::vector<double> x{1.0};
  for (std::uint64_t k = 0; k < 30; ++k) {
    ASSERT_EQ(state.learning_rate(), expected.rate(k)) << k;
    state.tell(told(k));
    expected.tell(told(k), k + 1);
    state.update(std::vector<double>{0.01}, x);
  }
  EXPECT_GT(expected.cuts(), 3U);
}

TEST(Plateau, IsPartOfTheStateOfItsChainSavedAndLoadedAtAnyStep) {
  for (const char* text :
       {"momentum(plateau(0.1, factor=0.5, patience=1))",
        "sam(0.1) | accumulate(2) | adam(plateau(warm_up(0.1, 5), factor=0.7, patience=0, cooldown=1))",
        "only(a, sgd(plateau(0.1, factor=0.9, patience=0))) | except(a, adamw(plateau(0.2, patience=1), "
        "weight_decay=plateau(0.3, factor=0.5, patience=2))) | lookahead(3)"}) {
    const Chain chain = parse_chain(text);
    const ChainOptions options{.blocks = {{"a", 3, 1}, {"b", 2, 2}}};
    const auto step = [](ChainState& state, std::vector<double>& x, std::uint64_t k) {
      state.tell(told(k));
      update(state, gradient_of(7, k), x);
    };
    for (std::uint64_t stop = 0; stop < 25; ++stop) {
      ChainState first(chain, 7, options), second(chain, 7, options);
      std::vector<double> x(7, 1.0);
      for (std::uint64_t k = 0; k < stop; ++k) step(first, x, k);
      MemoryArchive memory;
      first.save(memory);
      second.load(memory);
      ChainState copy = first;
      std::vector<double> y = x, z = x;
      for (std::uint64_t k = stop; k < stop + 12; ++k) {
        ASSERT_EQ(first.learning_rate(), second.learning_rate()) << text << ' ' << stop << ' ' << k;
        step(first, x, k);
        step(second, y, k);
        step(copy, z, k);
      }
      ASSERT_EQ(x, y) << text << ' ' << stop;
      ASSERT_EQ(x, z) << text << ' ' << stop;
    }
  }
}

TEST(Plateau, ADamagedStateIsRefusedAndChangesNothing) {
  ChainState state(sgd(plateau(0.1, {.patience = 0})), 1);
  std::vector<double> x{0.0};
  state.tell(1.0);
  state.update(std::vector<double>{1.0}, x);
  MemoryArchive memory;
  state.save(memory);
  memory.values["rule0_value0.cuts"] = {-1.0};
  ChainState other(sgd(plateau(0.1, {.patience = 0})), 1);
  EXPECT_THROW(other.load(memory), Error);
  EXPECT_EQ(other.steps(), 0U);
}

TEST(Plateau, TwoRunsOfOneOptimizerDoNotShareTheirState) {
  const Optimizer optimizer = momentum(plateau(0.25, {.factor = 0.5, .patience = 2}));
  const MinimizeOptions options{.max_steps = 40, .gradient_tolerance = 0};
  auto f = testing::quadratic(3, 10);
  const Result first = minimize(f, {0, 0, 0}, optimizer, options), second = minimize(f, {0, 0, 0}, optimizer, options);
  EXPECT_EQ(first.x, second.x);
  EXPECT_LT(first.learning_rate, 0.25);
}

}  // namespace
}  // namespace descent

#include "descent/optim/schedule.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "descent/core/error.hpp"
#include "descent/optim/chain.hpp"

namespace descent {
namespace {

std::vector<double> rates(const Schedule& schedule, std::initializer_list<std::uint64_t> steps) {
  std::vector<double> result;
  for (const std::uint64_t k : steps) result.push_back(schedule(k));
  return result;
}

void expect_rates(const Schedule& schedule, std::initializer_list<std::uint64_t> steps,
                  const std::vector<double>& expected) {
  const std::vector<double> actual = rates(schedule, steps);
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i)
    EXPECT_NEAR(actual[i], expected[i], 1e-15) << to_text(schedule) << " at " << std::data(steps)[i];
}

TEST(Schedule, GivesTheRatesOfItsFormula) {
  expect_rates(0.25, {0, 1, 1000000}, {0.25, 0.25, 0.25});
  expect_rates(constant(0.25), {0, 7}, {0.25, 0.25});
  expect_rates(step_decay(0.8, 3), {0, 2, 3, 5, 6}, {0.8, 0.8, 0.4, 0.4, 0.2});
  expect_rates(step_decay(1.0, 2, 0.1), {0, 1, 2, 4}, {1.0, 1.0, 0.1, 0.01});
  expect_rates(exponential(1.0, 0.5), {0, 1, 3}, {1.0, 0.5, 0.125});
  expect_rates(exponential(1.0, 0.25, 2), {0, 1, 2}, {1.0, 0.5, 0.25});
  expect_rates(polynomial(1.0, 4), {0, 1, 3, 4, 9}, {1.0, 0.75, 0.25, 0.0, 0.0});
  expect_rates(polynomial(1.0, 4, {.power = 2, .end = 0.2}), {0, 2, 4, 5}, {1.0, 0.4, 0.2, 0.2});
  expect_rates(cosine(1.0, 4), {0, 1, 2, 4}, {1.0, 0.5 + std::sqrt(0.125), 0.5, 0.0});
  expect_rates(cosine(1.0, 4, {.end = 0.5}), {0, 2, 4}, {1.0, 0.75, 0.5});
  expect_rates(inverse_scaling(1.0), {0, 3, 99}, {1.0, 0.5, 0.1});
  expect_rates(inverse_scaling(1.0, 1.0, {.steps = 10}), {0, 10, 90}, {1.0, 0.5, 0.1});
  expect_rates(inverse_scaling(1.0, 0.25), {0, 15, 255}, {1.0, 0.5, 0.25});
}

TEST(Schedule, CosineStaysAtItsEndInsteadOfClimbingAgain) { EXPECT_EQ(cosine(1.0, 4, {.end = 0.5})(6), 0.5); }

TEST(Schedule, WarmUpClimbsToTheFirstRateWithoutAJumpAndNeverWastesAnUpdate) {
  expect_rates(warm_up(0.5, 4), {0, 1, 3, 4, 5}, {0.1, 0.2, 0.4, 0.5, 0.5});
  const Schedule schedule = warm_up(cosine(0.5, 10), 4);
  EXPECT_EQ(schedule(4), cosine(0.5, 10)(0));
  EXPECT_EQ(schedule(9), cosine(0.5, 10)(5));
}

TEST(Schedule, StaircaseJumpsAndAFloorHolds) {
  const ExponentialOptions stairs{.steps = 3, .staircase = true};
  expect_rates(exponential(1.0, 0.5, stairs), {0, 2, 3, 5, 6}, {1.0, 1.0, 0.5, 0.5, 0.25});
  expect_rates(exponential(1.0, 0.5, {.end = 0.2}), {0, 1, 2, 3, 1000}, {1.0, 0.5, 0.25, 0.2, 0.2});
}

TEST(Schedule, AMilestoneGivenTwiceCutsTwice) {
  expect_rates(multi_step(1.0, {2, 4, 4}, 0.5), {0, 1, 2, 3, 4, 9}, {1.0, 1.0, 0.5, 0.5, 0.125, 0.125});
  expect_rates(multi_step(1.0, {0}, 0.5), {0, 1}, {0.5, 0.5});
  expect_rates(multi_step(0.25, {}), {0, 9}, {0.25, 0.25});
}

TEST(Schedule, PiecewiseHoldsOrJoinsItsValues) {
  expect_rates(piecewise({1, 0.5, 0.1}, {2, 6}), {0, 1, 2, 5, 6, 7}, {1, 1, 0.5, 0.5, 0.1, 0.1});
  expect_rates(piecewise({1, 0.5, 0.1}, {2, 6}, Interpolation::linear), {0, 1, 2, 4, 6, 7},
               {1, 0.75, 0.5, 0.3, 0.1, 0.1});
  expect_rates(piecewise({1, 0, 0.4}, {4, 6}, Interpolation::cosine), {0, 2, 4, 5, 6}, {1, 0.5, 0, 0.2, 0.4});
  expect_rates(piecewise({0.3}, {}), {0, 9}, {0.3, 0.3});
}

TEST(Schedule, CosineClimbsBackOnlyWhenAsked) {
  const Schedule wave = cosine(1.0, 4, {.end = 0.5, .then = AfterCosine::climb});
  expect_rates(wave, {0, 2, 4, 6, 8, 12}, {1.0, 0.75, 0.5, 0.75, 1.0, 0.5});
  // No error grows with k: the same bits a million periods on.
  EXPECT_EQ(wave(8000000003), wave(3));
  EXPECT_EQ(to_text(wave), "cosine(1, 4, end=0.5, then=climb)");
}

TEST(Schedule, RestartsBeginAgainWithALongerPeriod) {
  const Schedule schedule = cosine_restarts(1.0, 2, {.growth = 3, .end = 0.5});
  expect_rates(schedule, {0, 1, 2, 5, 8, 17, 26}, {1.0, 0.75, 1.0, 0.75, 1.0, 0.75, 1.0});
  EXPECT_EQ(cosine_restarts(1.0, 7)(7000000000003), cosine_restarts(1.0, 7)(3));
}

TEST(Schedule, OneCycleEndsAtItsLastUpdateAndStays) {
  const Schedule schedule = one_cycle(1.0, 11, {.rise = 0.5, .form = Interpolation::linear, .start_divisor = 10});
  expect_rates(schedule, {0, 10, 11, 1000000}, {0.1, 1e-5, 1e-5, 1e-5});
  expect_rates(one_cycle(1.0, 10, {.rise = 0.1}), {0, 9}, {1.0, 4e-6});  // a rise of no length: at the top at once
  expect_rates(one_cycle(1.0, 10, {.rise = 1}), {0, 9, 10}, {0.04, 1.0, 4e-6});
  expect_rates(one_cycle_momentum(11, {.rise = 0.5}), {0, 10, 11}, {0.95, 0.95, 0.95});
}

TEST(Schedule, WarmUpOfEachKindBeginsAtItsStartAndIsFollowedByTheScheduleFromZero) {
  for (const WarmUpForm form :
       {WarmUpForm::linear, WarmUpForm::constant, WarmUpForm::cosine, WarmUpForm::exponential}) {
    const Schedule schedule = warm_up(polynomial(0.8, 10), 4, {.form = form, .start = 0.25});
    expect_rates(schedule, {0, 4, 9, 14}, {0.2, 0.8, 0.4, 0.0});
    EXPECT_EQ(warm_up(0.5, 4, {.form = form})(0), 0.5 * (1.0 / 5.0));
  }
  expect_rates(warm_up(1.0, 4, {.form = WarmUpForm::constant, .start = 0.25}), {0, 3, 4}, {0.25, 0.25, 1.0});
  expect_rates(warm_up(1.0, 4, {.form = WarmUpForm::cosine, .start = 0}), {0, 1, 2},
               {0.0, 0.5 - std::sqrt(0.125), 0.5});
  expect_rates(warm_up(1.0, 4, {.form = WarmUpForm::exponential, .start = 0.0625}), {0, 1, 2, 3},
               {0.0625, 0.125, 0.25, 0.5});
}

TEST(Schedule, WarmUpStableDecayHasThreeParts) {
  const StableSteps steps{.warm_up = 3, .stable = 5, .decay = 4};
  expect_rates(warm_up_stable_decay(0.4, steps), {0, 1, 2, 3, 7, 8, 9, 12}, {0.1, 0.2, 0.3, 0.4, 0.4, 0.4, 0.2, 0.0});
  expect_rates(warm_up_stable_decay(0.4, steps, {.form = CoolDown::linear, .end = 0.2, .start = 0}), {0, 10, 12, 13},
               {0.0, 0.3, 0.2, 0.2});
  expect_rates(warm_up_stable_decay(0.4, {.decay = 2}, {.form = CoolDown::cosine}), {0, 1, 2}, {0.4, 0.2, 0.0});
}

TEST(Schedule, InverseSqrtIsHighestAtTheEndOfItsWarmUp) {
  expect_rates(inverse_sqrt(1.0, 4), {0, 1, 3, 15, 63}, {0.25, 0.5, 1.0, 0.5, 0.25});
}

TEST(Schedule, SequenceBeginsEachPartAtItsOwnZeroAndChainedMultiplies) {
  const Schedule first = exponential(1.0, 0.5), second = step_decay(0.8, 2);
  const Schedule joined = sequence({first, second, 0.1}, {2, 5});
  expect_rates(joined, {0, 1, 2, 3, 4, 5, 9}, {1.0, 0.5, 0.8, 0.8, 0.4, 0.1, 0.1});
  EXPECT_EQ(to_text(joined), "sequence([exponential(1, 0.5), step_decay(0.8, 2), 0.1], [2, 5])");
  const Schedule product = chained({joined, step_decay(1.0, 1)});
  for (const std::uint64_t k : {0, 1, 4}) EXPECT_EQ(product(k), joined(k) * step_decay(1.0, 1)(k));
  EXPECT_EQ(sequence({0.1, 0.2}, {4})(5), 0.2);
  EXPECT_EQ(sequence({0.1}, {})(5), 0.1);
}

TEST(Schedule, OfAFunctionGoesWhereverASchedulesGoesButCannotBeTyped) {
  const Schedule schedule = Schedule::function([](std::uint64_t k) { return 1.0 / (1.0 + static_cast<double>(k)); });
  expect_rates(schedule, {0, 1, 3}, {1.0, 0.5, 0.25});
  EXPECT_EQ(warm_up(schedule, 2)(3), 0.5);
  EXPECT_EQ(sequence({0.3, schedule}, {5})(6), 0.5);
  EXPECT_EQ((*sgd(schedule).learning_rate())(3), 0.25);
  EXPECT_EQ(to_text(sgd(warm_up(schedule, 2))), "sgd(warm_up(function, 2))");
  EXPECT_THROW((void)parse_schedule("function"), Error);
  EXPECT_THROW((void)parse_schedule("warm_up(function(1), 2)"), Error);
  EXPECT_THROW((void)Schedule::function({}), Error);
  EXPECT_THROW((void)Schedule::function([](std::uint64_t) { return -1.0; })(0), Error);
  EXPECT_THROW((void)Schedule::function([](std::uint64_t) { return std::nan(""); })(0), Error);
}

TEST(Schedule, TextReadsBack) {
  for (const char* text : {"0.01",
                           "auto",
                           "step_decay(0.1, 1000)",
                           "exponential(0.1, 0.5, steps=1000)",
                           "polynomial(0.1, 5000, end=0.001)",
                           "exponential(0.1, 0.5, staircase=true, end=0.01)",
                           "cosine(0.05, 5000)",
                           "inverse_scaling(0.1, power=0.25)",
                           "warm_up(cosine(0.05, 5000), 100)",
                           "warm_up(0.1, 10)",
                           "warm_up(0.1, 10, form=cosine, start=0)",
                           "multi_step(0.1, [1, 2, 2])",
                           "piecewise([0.1, 0], [5], form=cosine)",
                           "cyclic(0.1, 0.2, 5, down=7)",
                           "cyclic(0.1, 0.2, 5, form=exp_range, factor=0.9)",
                           "one_cycle_momentum(9, low=0.8, phases=3)",
                           "sequence([0.1, warm_up(cosine(0.1, 5), 3), sequence([1, 2], [3])], [7, 9])",
                           "chained([0.1])",
                           "plateau(warm_up(0.1, 5), patience=3)",
                           "warm_up_stable_decay(0.1, 5, 6, 7, form=linear, start=0)"})
    EXPECT_EQ(to_text(parse_schedule(text)), text);
  EXPECT_EQ(to_text(parse_schedule("constant(0.1)")), "0.1");
  EXPECT_EQ(to_text(parse_schedule("sequence([constant(0.1),cosine(0.1,steps=5,end=0)],boundaries=[3])")),
            "sequence([0.1, cosine(0.1, 5)], [3])");
  EXPECT_EQ(to_text(parse_schedule("cyclic(0.1, 0.2, 5, down=auto)")), "cyclic(0.1, 0.2, 5)");
}

TEST(Schedule, ExamplesOfTheTableAreValidReadBackAndFiniteForEveryUpdate) {
  for (const auto& named : schedule_registry().items()) {
    const Schedule schedule = parse_schedule(named.entry.example);
    const std::string text = to_text(schedule);
    EXPECT_EQ(to_text(parse_schedule(text)), text);
    if (schedule.needs_value()) continue;
    const Schedule again = parse_schedule(text);
    for (const std::uint64_t k :
         {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{999}, std::uint64_t{100000}, UINT64_MAX}) {
      EXPECT_TRUE(schedule(k) >= 0.0 && schedule(k) <= 1.0) << text << " at " << k;
      EXPECT_EQ(schedule(k), again(k)) << text << " at " << k;
    }
  }
}

TEST(Schedule, EveryParameterHasAReasonForItsDefault) {
  for (const auto& named : schedule_registry().items())
    for (const ParamSpec& spec : named.entry.params)
      EXPECT_EQ(spec.default_text.empty(), spec.why.empty()) << named.entry.name << "." << spec.name;
}

std::string refusal(const std::string& text) {
  try {
    (void)parse_schedule(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::usage);
    return error.what();
  }
  return "accepted";
}

TEST(Schedule, RefusesByNameWhatIntervalsCannotSay) {
  EXPECT_EQ(refusal("multi_step(0.1, [5, 3])"), "column 1 'multi_step': 'milestones' must rise, got 3 after 5");
  EXPECT_EQ(refusal("piecewise([1, 2], [5, 7])"),
            "column 1 'piecewise': 'values' must be one more than boundaries, got 2 values for 2 boundaries");
  EXPECT_EQ(refusal("piecewise([1, 2, 3], [5, 5])"), "column 1 'piecewise': 'boundaries' must rise, got 5 after 5");
  EXPECT_EQ(refusal("exponential(0.1, 0.5, end=0.2)"),
            "column 1 'exponential': 'end' must be <= the rate 0.1, got 0.2");
  EXPECT_EQ(refusal("sequence([0.1, 0.2], [])"),
            "column 1 'sequence': 'schedules' must be one more than boundaries, got 2 schedules for 0 boundaries");
  EXPECT_EQ(refusal("sequence([0.1, 0.2], [1.5])"), "column 1 'sequence': 'boundaries' must be whole numbers, got 1.5");
  EXPECT_EQ(refusal("chained([])"), "column 1 'chained': 'schedules' must not be empty");
  EXPECT_EQ(refusal("one_cycle(1, 10, rise=0.6, phases=3)"),
            "column 1 'one_cycle': 'rise' must be <= 0.5 with phases=3: the fall takes as long");
  EXPECT_EQ(refusal("cyclic(1, 2, 3, factor=0.5)"), "column 1 'cyclic': 'factor' is of form=exp_range alone");
  EXPECT_EQ(refusal("warm_up(1, 5, form=exponential, start=0)"),
            "column 1 'warm_up': 'start' must be > 0 with form=exponential, got 0");
}

TEST(Schedule, RefusesWhatIsNoRate) {
  for (const char* text : {"0",
                           "-1",
                           "nan",
                           "inf",
                           "1e400",
                           "",
                           "automatic",
                           "cosine(0.1)",
                           "cosine(0, 10)",
                           "cosine(0.1, 0)",
                           "cosine(0.1, 10, end=-1)",
                           "step_decay(0.1, 0)",
                           "step_decay(0.1, 5, factor=2)",
                           "exponential(0.1, 0)",
                           "warm_up(0.1, 1.5)",
                           "warm_up(auto, 5)",
                           "0.1 0.2",
                           "cosine(cosine(0.1, 2), 2)",
                           "cosine(0.1, 5, then=fall)",
                           "piecewise([-1, 1], [5])",
                           "piecewise([1, 1], [0])",
                           "cosine_restarts(0.1, 5, growth=1.5)",
                           "one_cycle(0.1, 1)",
                           "one_cycle(0.1, 10, phases=4)",
                           "cyclic(1, 2, 0)",
                           "cyclic(1, 2, 3, down=0)",
                           "warm_up(0.1, 5, start=2)",
                           "warm_up_stable_decay(0.1, 1, 1, 0)",
                           "inverse_sqrt(0.1, 0)",
                           "sequence([0.1, auto], [5])",
                           "sequence(0.1, [])",
                           "sequence([0.1, cosin(0.1, 5)], [5])",
                           "chained([0])",
                           "plateau(0.1, factor=1)",
                           "plateau(0)",
                           "plateau(0.1, patience=-1)",
                           "plateau(auto)"})
    EXPECT_THROW((void)parse_schedule(text), Error) << text;
}

}  // namespace
}  // namespace descent

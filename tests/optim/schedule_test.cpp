#include "descent/optim/schedule.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "descent/core/error.hpp"

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

TEST(Schedule, TextReadsBack) {
  for (const char* text :
       {"0.01", "auto", "constant(0.1)", "step_decay(0.1, 1000)", "exponential(0.1, 0.5, steps=1000)",
        "polynomial(0.1, 5000, end=0.001)", "cosine(0.05, 5000)", "inverse_scaling(0.1, power=0.25)",
        "warm_up(cosine(0.05, 5000), 100)", "warm_up(0.1, 10)"})
    EXPECT_EQ(to_text(parse_schedule(text)), text == std::string("constant(0.1)") ? "0.1" : text);
}

TEST(Schedule, ExamplesOfTheTableAreValidAndFallFromTheirFirstRate) {
  for (const auto& named : schedule_registry().items()) {
    const Schedule schedule = parse_schedule(named.entry.example);
    EXPECT_GT(schedule(0), 0.0);
    EXPECT_LE(schedule(100000), named.entry.name == "warm_up" ? 1.0 : schedule(0));
  }
}

TEST(Schedule, RefusesWhatIsNoRate) {
  for (const char* text :
       {"0", "-1", "nan", "inf", "1e400", "", "automatic", "cosine(0.1)", "cosine(0, 10)", "cosine(0.1, 0)",
        "cosine(0.1, 10, end=-1)", "step_decay(0.1, 0)", "step_decay(0.1, 5, factor=2)", "exponential(0.1, 0)",
        "warm_up(0.1, 1.5)", "warm_up(auto, 5)", "0.1 0.2", "cosine(cosine(0.1, 2), 2)"})
    EXPECT_THROW((void)parse_schedule(text), Error) << text;
}

}  // namespace
}  // namespace descent

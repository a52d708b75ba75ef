// The tables of PyTorch's own tests (test/optim/test_lrscheduler.py, BSD-3), in our spelling. Theirs are compared at
// 1e-5; ours at 1e-12.
#include <gtest/gtest.h>

#include <cmath>

#include "descent/optim/plateau_state.hpp"

namespace descent {
namespace {

using Values = std::vector<double>;

struct Run {
  double value;
  int times = 1;
};
/// {{0.05, 3}, {0.005, 3}}: a value and how often it stands in the table.
Values table(std::initializer_list<Run> runs) {
  Values result;
  for (const Run& run : runs) result.insert(result.end(), static_cast<std::size_t>(run.times), run.value);
  return result;
}

void expect_values(const Schedule& schedule, const Values& expected) {
  for (std::size_t k = 0; k < expected.size(); ++k)
    EXPECT_NEAR(schedule(k), expected[k], 1e-12 * std::max(std::fabs(expected[k]), 1e-3))
        << to_text(schedule) << " at " << k;
}

double half_cosine(double from, double to, double p) {
  return to + (from - to) / 2 * (std::cos(std::acos(-1.0) * p) + 1);
}

TEST(TorchTables, StepAndMultiStep) {
  expect_values(step_decay(0.05, 3, 0.1), table({{0.05, 3}, {0.005, 3}, {0.0005, 3}, {0.00005, 3}}));
  expect_values(multi_step(0.05, {2, 5, 9}), table({{0.05, 2}, {0.005, 3}, {0.0005, 4}, {0.00005, 3}}));
}

TEST(TorchTables, ConstantLRAndLinearLR) {
  expect_values(warm_up(0.05, 5, {.form = WarmUpForm::constant, .start = 0.5}), table({{0.025, 5}, {0.05, 5}}));
  expect_values(warm_up(0.05, 4, {.start = 0.5}), {0.025, 0.03125, 0.0375, 0.04375, 0.05, 0.05, 0.05});
  expect_values(polynomial(0.0125, 4, {.end = 0.03}), {0.0125, 0.016875, 0.02125, 0.025625, 0.03, 0.03});
  // The defaults, from update 0 on.
  expect_values(warm_up(1, 5, {.start = 1.0 / 3}), {1.0 / 3, 7.0 / 15, 9.0 / 15, 11.0 / 15, 13.0 / 15, 1, 1});
  expect_values(sequence({polynomial(0.2, 4, {.end = 1.6}), polynomial(1.6, 4, {.end = 0.2})}, {4}),
                {0.2, 0.55, 0.9, 1.25, 1.6, 1.25, 0.9, 0.55});
}

TEST(TorchTables, ExponentialPolynomialCosine) {
  Values exponentials, polynomials, cosines;
  for (int k = 0; k < 10; ++k) {
    exponentials.push_back(0.05 * std::pow(0.9, k));
    polynomials.push_back(k < 5 ? std::pow(1.0 - k / 5.0, 0.9) * 0.05 : 0.0);
    cosines.push_back(half_cosine(0.05, 1e-10, k / 10.0));
  }
  expect_values(exponential(0.05, 0.9), exponentials);
  expect_values(polynomial(0.05, 5, {.power = 0.9}), polynomials);
  expect_values(cosine(0.05, 10, {.end = 1e-10}), cosines);
  const double a = 0.5 + std::sqrt(0.125);
  expect_values(cosine(1, 4, {.then = AfterCosine::climb}), {1, a, 0.5, 1 - a, 0, 1 - a, 0.5, a, 1, a});
}

TEST(TorchTables, SequentialLR) {
  expect_values(sequence({exponential(0.05, 0.8), step_decay(0.05, 4, 0.1)}, {3}),
                table({{0.05}, {0.04}, {0.032}, {0.05, 4}, {0.005, 4}, {0.0005, 4}, {0.00005, 4}}));
  const Schedule low = warm_up(0.05, 3, {.form = WarmUpForm::constant, .start = 0.1});
  expect_values(sequence({low, exponential(0.05, 0.8), step_decay(0.05, 2, 0.1)}, {3, 6}),
                table({{0.005, 3}, {0.05}, {0.04}, {0.032}, {0.05, 2}, {0.005, 2}, {0.0005, 2}}));
  Values then = table({{0.005, 3}});
  for (int k = 0; k < 10; ++k) then.push_back(0.05 * std::pow(0.9, k));
  expect_values(sequence({low, exponential(0.05, 0.9)}, {3}), then);
  const Schedule both =
      chained({warm_up(0.05, 5, {.start = 0.1}), warm_up(1, 5, {.form = WarmUpForm::constant, .start = 0.1})});
  expect_values(sequence({both, warm_up(0.05, 5, {.form = WarmUpForm::constant, .start = 0.5})}, {5}),
                table({{0.0005}, {0.0014}, {0.0023}, {0.0032}, {0.0041}, {0.025, 5}}));
}

TEST(TorchTables, ChainedScheduler) {
  const Schedule climb = warm_up(1, 3, {.start = 0.4});
  expect_values(chained({0.05, climb}), table({{0.02}, {0.03}, {0.04}, {0.05, 9}}));
  expect_values(chained({multi_step(0.05, {4, 8, 10}), climb}),
                table({{0.02}, {0.03}, {0.04}, {0.05}, {0.005, 4}, {0.0005, 2}, {0.00005, 3}}));
  Values three;
  for (int k = 0; k < 9; ++k) three.push_back(0.05 * std::pow(0.9, k) * (k < 4 ? 0.2 : 1) * std::pow(0.1, k / 3));
  expect_values(chained({exponential(0.05, 0.9), warm_up(1, 4, {.form = WarmUpForm::constant, .start = 0.2}),
                         step_decay(1, 3, 0.1)}),
                three);
  expect_values(chained({step_decay(0.05, 3, 0.1), multi_step(1, {2, 5, 9})}),
                table({{0.05, 2}, {0.005}, {5e-4, 2}, {5e-5}, {5e-6, 3}, {5e-8}}));
  expect_values(chained({step_decay(0.05, 3, 0.1), warm_up(1, 4, {.form = WarmUpForm::constant, .start = 0.4})}),
                table({{0.02, 3}, {0.002}, {0.005, 2}, {0.0005, 3}, {0.00005, 3}}));
}

TEST(TorchTables, CyclicLRAndItsMomentum) {
  const auto expect_cycle = [](double up, CyclicOptions options, const Values& rates) {
    expect_values(cyclic({.start = 1, .peak = 5}, up, options), rates);
    Values momenta;
    for (const double rate : rates) momenta.push_back(6 - rate);
    expect_values(cyclic({.start = 5, .peak = 1}, up, options), momenta);
  };
  expect_cycle(4, {}, {1, 2, 3, 4, 5, 4, 3, 2, 1, 2, 3});
  expect_cycle(4, {.form = CyclicForm::triangular2},
               {1, 2, 3, 4, 5, 4, 3, 2, 1, 1.5, 2, 2.5, 3, 2.5, 2, 1.5, 1, 1.25, 1.5, 1.75, 2, 1.75});
  expect_cycle(4, {.down = 6}, {1, 2, 3, 4, 5, 13. / 3, 11. / 3, 3, 7. / 3, 5. / 3, 1});
  expect_cycle(2, {.down = 6, .form = CyclicForm::triangular2},
               {1,      3, 5,      13. / 3, 11. / 3, 3,   7. / 3, 5. / 3,  1,       2,   3,      8. / 3,
                7. / 3, 2, 5. / 3, 4. / 3,  1,       1.5, 2,      11. / 6, 10. / 6, 1.5, 8. / 6, 7. / 6});
  const auto shrinking = [](const Values& heights) {
    Values rates;
    for (std::size_t k = 0; k < heights.size(); ++k)
      rates.push_back(1 + heights[k] * 4 * std::pow(0.9, static_cast<double>(k)));
    return rates;
  };
  expect_cycle(4, {.form = CyclicForm::exp_range, .factor = 0.9},
               shrinking({0, 0.25, 0.5, 0.75, 1, 0.75, 0.5, 0.25, 0, 0.25, 0.5, 0.75, 1}));
  expect_cycle(2, {.down = 6, .form = CyclicForm::exp_range, .factor = 0.9},
               shrinking({0, 0.5, 1, 5. / 6, 4. / 6, 0.5, 2. / 6, 1. / 6, 0, 0.5, 1, 5. / 6, 4. / 6}));
}

TEST(TorchTables, OneCycleLRAndItsMomentum) {
  expect_values(one_cycle(25, 10, {.form = Interpolation::linear, .end_divisor = 2}),
                {1, 13, 25, 21.5, 18, 14.5, 11, 7.5, 4, 0.5});
  expect_values(one_cycle_momentum(10, {.low = 1, .high = 22, .form = Interpolation::linear}),
                {22, 11.5, 1, 4, 7, 10, 13, 16, 19, 22});
  expect_values(one_cycle(25, 10, {.rise = 0.4, .form = Interpolation::linear, .phases = 3, .end_divisor = 4}),
                {1, 9, 17, 25, 17, 9, 1, 0.75, 0.5, 0.25});
  expect_values(one_cycle_momentum(10, {.low = 1, .high = 22, .rise = 0.4, .form = Interpolation::linear, .phases = 3}),
                {22, 15, 8, 1, 8, 15, 22, 22, 22, 22});
  Values rates = {1, 13, 25}, momenta = {22, 11.5, 1};
  for (int i = 1; i <= 7; ++i) {
    rates.push_back(half_cosine(25, 0.5, i / 7.0));
    momenta.push_back(half_cosine(1, 22, i / 7.0));
  }
  expect_values(one_cycle(25, 10, {.end_divisor = 2}), rates);
  expect_values(one_cycle_momentum(10, {.low = 1, .high = 22}), momenta);
}

TEST(TorchTables, CosineAnnealingWarmRestarts) {
  for (const int growth : {1, 2, 4}) {
    Values rates;
    for (int k = 0, since = 0, period = 10; k < 100; ++k, ++since) {
      if (since >= period) {
        since -= period;
        period *= growth;
      }
      rates.push_back(half_cosine(0.05, 1e-10, static_cast<double>(since) / period));
    }
    expect_values(cosine_restarts(0.05, 10, {.growth = static_cast<double>(growth), .end = 1e-10}), rates);
  }
}

TEST(TorchTables, LambdaLR) {
  Values rates;
  for (int k = 0; k < 10; ++k) rates.push_back(0.4 * std::pow(0.8, k));
  expect_values(Schedule::function([](std::uint64_t k) { return 0.4 * std::pow(0.8, static_cast<double>(k)); }), rates);
}

/// Their tables begin after the first value was told.
void expect_plateau(const Schedule& schedule, const Values& told, const Values& expected) {
  PlateauState state(schedule);
  for (std::size_t k = 0; k < expected.size() && k < told.size(); ++k) {
    state.tell(told[k], k + 1);
    EXPECT_NEAR(state.rate(k + 1), expected[k], 1e-12 * expected[k]) << to_text(schedule) << " after value " << k;
  }
}

Values series(int count, double (*value)(double)) {
  Values result;
  for (int i = 0; i < count; ++i) result.push_back(value(i));
  return result;
}

TEST(TorchTables, ReduceLROnPlateau) {
  constexpr ThresholdMode kAbsolute = ThresholdMode::absolute;
  expect_plateau(plateau(0.5, {.patience = 5, .threshold = 0.01, .threshold_mode = kAbsolute, .cooldown = 5}),
                 series(10, [](double i) { return 10 - i * 0.0167; }), table({{0.5, 10}}));
  expect_plateau(plateau(0.5, {.patience = 5, .threshold = 0.1, .threshold_mode = kAbsolute}),
                 series(22, [](double i) { return 10 - i * 0.0165; }),
                 table({{0.5, 6}, {0.05, 7}, {0.005, 7}, {0.0005, 2}}));
  // mode="max" is -value.
  expect_plateau(plateau(0.5, {.patience = 5, .threshold_mode = kAbsolute, .cooldown = 5}),
                 table({{0.8, 2}, {0.234, 20}}), table({{0.5, 8}, {0.05, 11}, {0.005, 3}}));
  expect_plateau(plateau(0.5, {.patience = 3, .threshold = 0.1}),
                 series(20, [](double i) { return -1.5 * std::pow(1.025, i); }), table({{0.5, 20}}));
  const Schedule cooling = plateau(0.5, {.patience = 5, .threshold = 0.1, .cooldown = 5});
  const Values slowly = series(20, [](double i) { return -1.5 * std::pow(1.005, i); });
  expect_plateau(cooling, slowly, table({{0.5, 6}, {0.05, 11}, {0.005, 3}}));
  expect_plateau(plateau(0.5, {.threshold = 0.1}), series(20, [](double i) { return 1.5 * std::pow(0.85, i); }),
                 table({{0.5, 20}}));
  expect_plateau(cooling, table({{1, 7}, {0.6}, {0.5, 12}}), table({{0.5, 6}, {0.05, 11}, {0.005, 3}}));
  for (const double min : {0.4, 0.3})
    expect_plateau(plateau(0.5, {.patience = 5, .threshold = 0.1, .cooldown = 5, .min = min}), slowly,
                   table({{0.5, 6}, {min, 14}}));
  // Measured: cut on the third bad value, as patience 2 says.
  expect_plateau(plateau(1, {.patience = 2}), table({{1, 5}}), {1, 1, 1, 0.1, 0.1});
}

}  // namespace
}  // namespace descent

#include "descent/nn/objective.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "descent/core/error.hpp"
#include "descent/optim/minimize_sum.hpp"
#include "descent/optim/optimizer.hpp"
#include "descent/simd/target.hpp"
#include "tests/nn/tables.hpp"

namespace descent::nn {
namespace {

struct Case {
  const char* name;
  std::vector<std::size_t> widths;
  Activation activation;
  std::size_t classes;  // 0: squared error
  double l2;
  bool weighted;
};

class Gradients : public testing::TestWithParam<Case> {};

INSTANTIATE_TEST_SUITE_P(Networks, Gradients,
                         testing::Values(Case{"relu_softmax", {4, 9, 3}, Activation::relu, 3, 0.01, false},
                                         Case{"tanh_softmax_weighted", {4, 9, 5, 3}, Activation::tanh, 3, 0.0, true},
                                         Case{"tanh_squared", {4, 6, 1}, Activation::tanh, 0, 0.1, false},
                                         Case{"relu_squared_weighted", {4, 20, 17, 1}, Activation::relu, 0, 0.0, true},
                                         Case{"identity_logistic", {4, 3, 1}, Activation::identity, 2, 0.02, true},
                                         Case{"no_hidden_layer", {4, 3}, Activation::relu, 3, 0.02, false}),
                         [](const auto& network) { return std::string(network.param.name); });

TEST_P(Gradients, AreThoseOfCentralDifferences) {
  const Case& c = GetParam();
  Table table = random_table(300, 4, c.classes);  // two blocks
  if (c.classes == 2)
    for (double& target : table.targets) target = 2.0 * target - 1.0;
  if (c.weighted)
    for (std::size_t i = 0; i < table.num_rows; ++i) table.weights.push_back(static_cast<double>(i % 4));
  const NetworkShape shape{.widths = c.widths, .activation = c.activation};
  const auto pointwise = c.classes == 0   ? loss::parse_loss("squared_error")
                         : c.classes == 2 ? loss::parse_loss("log_loss")
                                          : nullptr;
  NetworkObjective objective(table, {.shape = shape, .pointwise = pointwise, .l2 = c.l2});
  std::vector<double> x = initial_parameters(shape, Initialization::automatic, 2);
  const Rng rng(9, RandomStream::test);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] += 0.1 * rng.normal(i);  // biases, too

  std::vector<std::uint32_t> rows(90);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<std::uint32_t>(7 * i % 300);
  for (const bool batch : {false, true}) {
    const auto value = [&](View at) { return batch ? objective.evaluate_rows(rows, at, {}) : objective.value(at); };
    std::vector<double> gradient(x.size());
    if (batch) {
      (void)objective.evaluate_rows(rows, x, gradient);
    } else {
      (void)objective.evaluate(x, gradient);
    }
    for (std::size_t i = 0; i < x.size(); ++i) {
      // Small, so that hardly a row crosses a kink of relu within it.
      constexpr double kStep = 1e-6;
      std::vector<double> moved = x;
      moved[i] = x[i] + kStep;
      const double above = value(moved);
      moved[i] = x[i] - kStep;
      EXPECT_NEAR(gradient[i], (above - value(moved)) / (2 * kStep), 1e-7) << objective.parameter_name(i);
    }
  }
}

TEST(NetworkObjective, HasTheSameBitsOnAnyNumberOfThreadsAndEveryTarget) {
  const Table table = random_table(2000, 5, 3);
  const NetworkShape shape{.widths = {5, 33, 3}, .activation = Activation::tanh};
  const std::vector<double> x = initial_parameters(shape, Initialization::glorot, 1);
  std::vector<double> expected(x.size()), gradient(x.size());
  NetworkObjective alone(table, {.shape = shape, .l2 = 0.1});
  const double value = alone.evaluate(x, expected);
  for (const std::size_t threads : {2u, 3u}) {
    parallel::Pool pool(threads);
    NetworkObjective shared(table, {.shape = shape, .l2 = 0.1, .pool = &pool});
    EXPECT_EQ(shared.evaluate(x, gradient), value);
    EXPECT_EQ(gradient, expected) << threads;
  }
  for (const std::string& target : simd::supported_targets()) {
    simd::force_target(target);
    EXPECT_EQ(alone.evaluate(x, gradient), value) << target;
    EXPECT_EQ(gradient, expected) << target;
  }
  simd::reset_target();
}

TEST(NetworkObjective, ABatchOfAllRowsInOrderIsTheWholeSum) {
  const Table table = random_table(700, 3, 3);
  const NetworkShape shape{.widths = {3, 8, 3}};
  NetworkObjective objective(table, {.shape = shape, .l2 = 0.1});
  const std::vector<double> x = initial_parameters(shape, Initialization::he, 1);
  std::vector<double> whole(x.size()), batch(x.size());
  std::vector<std::uint32_t> rows(table.num_rows);
  std::iota(rows.begin(), rows.end(), 0U);
  EXPECT_EQ(objective.evaluate(x, whole), objective.evaluate_rows(rows, x, batch));
  EXPECT_EQ(whole, batch);
}

TEST(NetworkObjective, ABatchMayNameRowsMoreThanOnce) {
  const Table table = random_table(5, 3, 3);
  const NetworkShape shape{.widths = {3, 4, 3}};
  NetworkObjective objective(table, {.shape = shape});
  const std::vector<double> x = initial_parameters(shape, Initialization::he, 1);
  std::vector<std::uint32_t> rows;
  for (int k = 0; k < 3; ++k)
    for (std::uint32_t i = 0; i < 5; ++i) rows.push_back(i);
  EXPECT_NEAR(objective.evaluate_rows(rows, x, {}), objective.value(x), 1e-14);
}

TEST(NetworkObjective, AWeightOfTwoIsTheRowTwiceAndOfZeroNoRow) {
  const NetworkShape shape{.widths = {3, 8, 3}};
  const std::vector<double> x = initial_parameters(shape, Initialization::he, 1);
  Table weighted = random_table(40, 3, 3), twice = weighted;
  weighted.weights.assign(40, 1.0);
  weighted.weights[5] = 2.0;
  twice.features.insert(twice.features.end(), twice.row(5), twice.row(5) + 3);
  twice.targets.push_back(twice.targets[5]);
  twice.num_rows = 41;
  EXPECT_NEAR(NetworkObjective(weighted, {.shape = shape}).value(x), NetworkObjective(twice, {.shape = shape}).value(x),
              1e-14);
}

TEST(NetworkObjective, ThePenaltyIsOnWeightsAlone) {
  const Table table = random_table(10, 1, 0);
  const NetworkShape shape{.widths = {1, 2, 1}};
  NetworkObjective objective(table, {.shape = shape, .pointwise = loss::parse_loss("squared_error"), .l2 = 3.0});
  const std::vector<double> x{1, 2, 100, 100, 3, 4, 100};  // weights 1 2 and 3 4; biases 100
  const double value = objective.value(x);
  EXPECT_DOUBLE_EQ(objective.last_penalty(), 1.5 * (1 + 4 + 9 + 16));
  NetworkObjective plain(table, {.shape = shape, .pointwise = loss::parse_loss("squared_error")});
  EXPECT_DOUBLE_EQ(value - objective.last_penalty(), plain.value(x));
}

TEST(NetworkObjective, RulesForMatricesSeeItsLayers) {
  const Table table = random_table(200, 4, 3);
  const NetworkShape shape{.widths = {4, 16, 3}};
  NetworkObjective objective(table, {.shape = shape});
  const std::vector<double> start = initial_parameters(shape, Initialization::he, 1);
  const double before = objective.value(start);
  for (const char* text : {"muon(0.02)", "lamb(0.01)", "adafactor(0.05)", "adam(0.01)", "prodigy"}) {
    SumOptions options;
    options.batch_size = 50;
    options.max_epochs = 20;
    const Result result = minimize_sum(objective, start, parse_optimizer(text), options);
    EXPECT_LT(result.value, before) << text;
  }
}

TEST(NetworkObjective, WhatDoesNotFitIsRefused) {
  const Table table = random_table(10, 2, 3);
  const NetworkObjective::Settings narrow{.shape = {.widths = {3, 4, 3}}};
  EXPECT_THROW(NetworkObjective(table, narrow), Error);
  NetworkObjective::Settings pointwise;
  pointwise.shape.widths = {2, 4, 3};
  pointwise.pointwise = loss::parse_loss("log_loss");
  EXPECT_THROW(NetworkObjective(table, pointwise), Error);
}

}  // namespace
}  // namespace descent::nn

#include "descent/nn/network.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "descent/core/elementary.hpp"
#include "descent/core/error.hpp"
#include "descent/nn/options.hpp"
#include "descent/simd/reduce.hpp"

namespace descent::nn {
namespace {

TEST(Network, ScoresAreThoseWorkedOutByHand) {
  Network network({.widths = {2, 2, 1}, .activation = Activation::relu});
  // W1 = [1 2; -1 1], b1 = [0.5 -3], W2 = [2 10], b2 = [-1]
  network.load(std::vector<double>{1, 2, -1, 1, 0.5, -3, 2, 10, -1});
  std::vector<std::vector<double>> layers;
  const std::vector<double> inputs{1, 1, 0, 4};
  network.forward(inputs.data(), 2, layers);
  EXPECT_EQ(layers[0], (std::vector<double>{3.5, 0, 8.5, 1}));
  EXPECT_EQ(layers[1], (std::vector<double>{6, 26}));
}

TEST(Network, TanhIsTheLibrarysOwn) {
  Network network({.widths = {1, 1, 1}, .activation = Activation::tanh});
  network.load(std::vector<double>{0.5, 0.25, 1, 0});
  std::vector<std::vector<double>> layers;
  const std::vector<double> inputs{3};
  network.forward(inputs.data(), 1, layers);
  EXPECT_EQ(layers[1][0], math::tanh(1.75));
}

TEST(Network, BlocksAndParametersAreNamedByLayer) {
  const NetworkShape shape{.widths = {2, 32, 3}};
  EXPECT_EQ(shape.num_parameters(), 2u * 32 + 32 + 32 * 3 + 3);
  const auto blocks = shape.parameter_blocks();
  ASSERT_EQ(blocks.size(), 4u);
  EXPECT_EQ(blocks[0].name, "layer1.weights");
  EXPECT_EQ(blocks[0].rows, 32u);
  EXPECT_EQ(blocks[0].columns, 2u);
  EXPECT_EQ(blocks[1].name, "layer1.bias");
  EXPECT_EQ(blocks[3].name, "layer2.bias");
  EXPECT_EQ(shape.parameter_name(0), "layer1.weights[0,0]");
  EXPECT_EQ(shape.parameter_name(5), "layer1.weights[2,1]");
  EXPECT_EQ(shape.parameter_name(64 + 31), "layer1.bias[31]");
  EXPECT_EQ(shape.parameter_name(96), "layer2.weights[0,0]");
  EXPECT_EQ(shape.parameter_name(shape.num_parameters() - 1), "layer2.bias[2]");
}

TEST(Network, AHeStartHasVarianceTwoOverInputs) {
  const NetworkShape shape{.widths = {50, 400, 1}};
  const std::vector<double> x = initial_parameters(shape, Initialization::automatic, 3);
  const View weights = View(x).first(50 * 400);
  const double n = static_cast<double>(weights.size());
  // The mean of n squares of normals has deviation sqrt(2 / n) of itself: five of them.
  EXPECT_NEAR(simd::squared_norm(weights) / n, 0.04, 0.04 * 5 * std::sqrt(2 / n));
  EXPECT_NEAR(simd::sum(weights) / n, 0.0, 5 * 0.2 / std::sqrt(n));
  for (std::size_t i = shape.bias_at(0); i < shape.weights_at(1); ++i) EXPECT_EQ(x[i], 0.0);
}

TEST(Network, AGlorotStartIsUniformWithinItsReach) {
  const NetworkShape shape{.widths = {50, 400, 1}, .activation = Activation::tanh};
  const std::vector<double> x = initial_parameters(shape, Initialization::automatic, 3);
  const View weights = View(x).first(50 * 400);
  const double reach = std::sqrt(6.0 / 450.0), n = static_cast<double>(weights.size());
  EXPECT_LE(simd::max_abs(weights), reach);
  EXPECT_GT(simd::max_abs(weights), 0.999 * reach);
  EXPECT_NEAR(simd::squared_norm(weights) / n, reach * reach / 3, 5 * reach * reach / std::sqrt(n));
}

TEST(Network, AStartIsAFunctionOfTheSeedAlone) {
  const NetworkShape shape{.widths = {3, 8, 2}};
  EXPECT_EQ(initial_parameters(shape, Initialization::he, 5), initial_parameters(shape, Initialization::he, 5));
  EXPECT_NE(initial_parameters(shape, Initialization::he, 5), initial_parameters(shape, Initialization::he, 6));
  // Widening the second layer leaves the first one as it was.
  const std::vector<double> narrow = initial_parameters(shape, Initialization::he, 5);
  const std::vector<double> wide = initial_parameters({.widths = {3, 8, 9}}, Initialization::he, 5);
  EXPECT_TRUE(std::equal(narrow.begin(), narrow.begin() + 32, wide.begin()));
}

TEST(Network, ShapesThatAreNoneAreRefused) {
  EXPECT_THROW(Network({.widths = {3}}), Error);
  EXPECT_THROW(Network({.widths = {3, 0, 1}}), Error);
  EXPECT_THROW(check(NetworkShape{.widths = {1'000'000, 1'000'000, 1}}), Error);
  EXPECT_THROW((void)parse_activation("rely"), Error);
}

TEST(Network, HiddenWidthsAreReadFromTheModelsText) {
  EXPECT_EQ(parse_hidden("mlp:32"), (std::vector<std::size_t>{32}));
  EXPECT_EQ(parse_hidden("mlp:64,32"), (std::vector<std::size_t>{64, 32}));
  EXPECT_EQ(to_text({64, 32}), "mlp:64,32");
  for (const char* text : {"mlp", "mlp:", "mlp:0", "mlp:3,", "mlp:x", "mlp:-2", "mlp:2000000"})
    EXPECT_THROW((void)parse_hidden(text), Error) << text;
}

}  // namespace
}  // namespace descent::nn

#include "descent/nn/network.hpp"

#include <algorithm>
#include <cmath>

#include "descent/core/error.hpp"
#include "descent/core/random.hpp"
#include "descent/core/text.hpp"
#include "descent/core/words.hpp"
#include "descent/simd/math.hpp"
#include "src/nn/multiply.hpp"

namespace descent::nn {
namespace {

constexpr double kMaxParameters = 2147483648.0;

constexpr Word<Activation> kActivations[] = {
    {"relu", Activation::relu}, {"tanh", Activation::tanh}, {"identity", Activation::identity}};
constexpr Word<Initialization> kInitializations[] = {
    {"auto", Initialization::automatic}, {"he", Initialization::he}, {"glorot", Initialization::glorot}};

void activate(Activation activation, MutableView values) {
  switch (activation) {
    case Activation::relu:
      for (double& v : values) v = v < 0.0 ? 0.0 : v;  // NaN stays
      return;
    case Activation::tanh: simd::tanh(values, values); return;
    case Activation::identity: return;
  }
}

/// slopes *= the activation's derivative where its value is `outputs`.
void multiply_by_slope(Activation activation, View outputs, MutableView slopes) {
  switch (activation) {
    case Activation::relu:
      for (std::size_t i = 0; i < slopes.size(); ++i) slopes[i] = outputs[i] > 0.0 ? slopes[i] : 0.0;
      return;
    case Activation::tanh:
      for (std::size_t i = 0; i < slopes.size(); ++i) slopes[i] *= 1.0 - outputs[i] * outputs[i];
      return;
    case Activation::identity: return;
  }
}

}  // namespace

Activation parse_activation(std::string_view text) { return parse_word(text, "activation", kActivations); }
Initialization parse_initialization(std::string_view text) {
  return parse_word(text, "initialization", kInitializations);
}
const char* to_text(Activation activation) { return word_of(activation, kActivations); }
const char* to_text(Initialization initialization) { return word_of(initialization, kInitializations); }

std::size_t NetworkShape::weights_at(std::size_t layer) const {
  std::size_t index = 0;
  for (std::size_t l = 0; l < layer; ++l) index += (inputs(l) + 1) * outputs(l);
  return index;
}

std::vector<ParameterBlock> NetworkShape::parameter_blocks() const {
  std::vector<ParameterBlock> blocks;
  for (std::size_t l = 0; l < num_layers(); ++l) {
    const std::string layer = "layer" + std::to_string(l + 1);
    blocks.push_back({.name = layer + ".weights", .rows = outputs(l), .columns = inputs(l)});
    blocks.push_back({.name = layer + ".bias", .rows = outputs(l), .columns = 1});
  }
  return blocks;
}

std::string NetworkShape::parameter_name(std::size_t index) const {
  std::size_t l = 0;
  while (l + 1 < num_layers() && index >= weights_at(l + 1)) ++l;
  const std::string layer = "layer" + std::to_string(l + 1);
  if (index >= bias_at(l)) return layer + ".bias[" + std::to_string(index - bias_at(l)) + "]";
  const std::size_t at = index - weights_at(l);
  return layer + ".weights[" + std::to_string(at / inputs(l)) + "," + std::to_string(at % inputs(l)) + "]";
}

void check(const NetworkShape& shape) {
  if (shape.widths.size() < 2)
    throw Error(ErrorCode::usage, "expected at least inputs and outputs, got " + std::to_string(shape.widths.size()),
                "widths");
  double parameters = 0.0;
  for (std::size_t l = 0; l < shape.widths.size(); ++l) {
    if (shape.widths[l] == 0) throw Error(ErrorCode::usage, "expected widths >= 1, got 0", "widths");
    if (l > 0) parameters += (static_cast<double>(shape.widths[l - 1]) + 1.0) * static_cast<double>(shape.widths[l]);
  }
  if (parameters > kMaxParameters)
    throw Error(ErrorCode::usage,
                "expected at most " + count_text(kMaxParameters) + " parameters, got " + count_text(parameters),
                "widths");
}

std::vector<double> initial_parameters(const NetworkShape& shape, Initialization initialization, std::uint64_t seed) {
  check(shape);
  if (initialization == Initialization::automatic)
    initialization = shape.activation == Activation::relu ? Initialization::he : Initialization::glorot;
  std::vector<double> parameters(shape.num_parameters());
  for (std::size_t l = 0; l < shape.num_layers(); ++l) {
    const Rng rng(seed, RandomStream::start, static_cast<std::uint32_t>(l));
    const double in = static_cast<double>(shape.inputs(l)), out = static_cast<double>(shape.outputs(l));
    const double deviation = std::sqrt(2.0 / in), reach = std::sqrt(6.0 / (in + out));
    double* weights = parameters.data() + shape.weights_at(l);
    for (std::size_t j = 0; j < shape.inputs(l) * shape.outputs(l); ++j)
      weights[j] =
          initialization == Initialization::he ? deviation * rng.normal(j) : reach * (2.0 * rng.uniform(j) - 1.0);
  }
  return parameters;
}

Network::Network(NetworkShape shape) : shape_(std::move(shape)) {
  check(shape_);
  transposed_.resize(shape_.num_layers());
  for (std::size_t l = 0; l < shape_.num_layers(); ++l) transposed_[l].resize(shape_.inputs(l) * shape_.outputs(l));
}

void Network::load(View parameters) {
  parameters_.assign(parameters.begin(), parameters.end());
  for (std::size_t l = 0; l < shape_.num_layers(); ++l) {
    const std::size_t in = shape_.inputs(l), out = shape_.outputs(l);
    const double* weights = parameters_.data() + shape_.weights_at(l);
    for (std::size_t o = 0; o < out; ++o)
      for (std::size_t i = 0; i < in; ++i) transposed_[l][i * out + o] = weights[o * in + i];
  }
}

void Network::forward(const double* inputs, std::size_t rows, std::vector<std::vector<double>>& layers) const {
  layers.resize(shape_.num_layers());
  const double* below = inputs;
  for (std::size_t l = 0; l < shape_.num_layers(); ++l) {
    const std::size_t in = shape_.inputs(l), out = shape_.outputs(l);
    layers[l].resize(rows * out);
    const double* bias = parameters_.data() + shape_.bias_at(l);
    for (std::size_t i = 0; i < rows; ++i) std::copy_n(bias, out, layers[l].data() + i * out);
    multiply_add({.rows = rows,
                  .columns = out,
                  .inner = in,
                  .a = below,
                  .a_row = in,
                  .a_column = 1,
                  .b = transposed_[l].data(),
                  .b_stride = out,
                  .c = layers[l].data(),
                  .c_stride = out});
    if (l + 1 < shape_.num_layers()) activate(shape_.activation, layers[l]);
    below = layers[l].data();
  }
}

void Network::backward(const double* inputs, std::size_t rows, std::vector<std::vector<double>>& layers,
                       std::vector<double>& slopes, MutableView gradient) const {
  for (std::size_t l = shape_.num_layers(); l-- > 0;) {
    const std::size_t in = shape_.inputs(l), out = shape_.outputs(l);
    multiply_add({.rows = out,
                  .columns = in,
                  .inner = rows,
                  .a = slopes.data(),
                  .a_row = 1,
                  .a_column = out,
                  .b = l > 0 ? layers[l - 1].data() : inputs,
                  .b_stride = in,
                  .c = gradient.data() + shape_.weights_at(l),
                  .c_stride = in});
    double* bias = gradient.data() + shape_.bias_at(l);
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t o = 0; o < out; ++o) bias[o] += slopes[i * out + o];
    if (l == 0) return;
    // The layer above is done with its outputs: their memory takes the slopes of this one's inputs.
    std::vector<double>& below = layers[l];
    below.assign(rows * in, 0.0);
    multiply_add({.rows = rows,
                  .columns = in,
                  .inner = out,
                  .a = slopes.data(),
                  .a_row = out,
                  .a_column = 1,
                  .b = parameters_.data() + shape_.weights_at(l),
                  .b_stride = in,
                  .c = below.data(),
                  .c_stride = in});
    multiply_by_slope(shape_.activation, layers[l - 1], below);
    slopes.swap(below);
  }
}

}  // namespace descent::nn

// Layers in a row: what a multi-layer perceptron is made of, and its scores.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "descent/core/parameter_block.hpp"
#include "descent/core/span.hpp"

namespace descent::nn {

enum class Activation {
  relu,      ///< max(0, z); slope 0 at 0
  tanh,      ///< slope 1 - tanh(z)^2
  identity,  ///< a linear model in factors
};

enum class Initialization {
  automatic,  ///< he for relu, glorot otherwise
  he,         ///< w ~ N(0, 2 / inputs of the layer)
  glorot,     ///< w ~ U(-r, r), r = sqrt(6 / (inputs + outputs of the layer))
};

/// `relu`, `tanh`, `identity`; `auto`, `he`, `glorot`. Throw: Error(usage).
[[nodiscard]] Activation parse_activation(std::string_view text);
[[nodiscard]] Initialization parse_initialization(std::string_view text);
[[nodiscard]] const char* to_text(Activation activation);
[[nodiscard]] const char* to_text(Initialization initialization);

/// a_0 = x;  a_l = activation(W_l a_{l-1} + b_l);  scores = W_L a_{L-1} + b_L
///
/// Parameters stand layer by layer: W_l row by row [outputs x inputs], then b_l.
struct NetworkShape {
  std::vector<std::size_t> widths;  ///< inputs, hidden layers, outputs: at least two, each >= 1
  Activation activation = Activation::relu;

  [[nodiscard]] std::size_t num_layers() const { return widths.size() - 1; }
  [[nodiscard]] std::size_t inputs(std::size_t layer) const { return widths[layer]; }
  [[nodiscard]] std::size_t outputs(std::size_t layer) const { return widths[layer + 1]; }
  [[nodiscard]] std::size_t num_outputs() const { return widths.back(); }
  [[nodiscard]] std::size_t num_parameters() const { return weights_at(num_layers()); }
  /// Index of a layer's first weight; of the layer after the last, the number of parameters.
  [[nodiscard]] std::size_t weights_at(std::size_t layer) const;
  [[nodiscard]] std::size_t bias_at(std::size_t layer) const {
    return weights_at(layer) + inputs(layer) * outputs(layer);
  }
  /// `layer1.weights` [outputs x inputs], `layer1.bias`, `layer2.weights`, ...
  [[nodiscard]] std::vector<ParameterBlock> parameter_blocks() const;
  /// `layer1.weights[2,0]`: output 2, input 0; `layer1.bias[2]`.
  [[nodiscard]] std::string parameter_name(std::size_t index) const;

  bool operator==(const NetworkShape&) const = default;
};

/// Throws: Error(usage) for fewer than two widths, one that is 0, or more than 2^31 parameters.
void check(const NetworkShape& shape);

/// Random weights, biases 0. Weight j of layer l (from 0) is draw j of substream l of RandomStream::start.
/// Reference: K. He, X. Zhang, S. Ren, J. Sun, "Delving deep into rectifiers", ICCV 2015, eq. 10; X. Glorot, Y. Bengio,
/// "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010, eq. 16.
/// Differs: PyTorch draws the weights of nn.Linear from U(-1/sqrt(inputs), 1/sqrt(inputs)) and its biases, too.
[[nodiscard]] std::vector<double> initial_parameters(const NetworkShape& shape, Initialization initialization,
                                                     std::uint64_t seed);

/// A network whose parameters are laid out for its forward pass.
class Network {
 public:
  Network() = default;
  explicit Network(NetworkShape shape);

  /// Takes new parameters; size = num_parameters().
  void load(View parameters);
  [[nodiscard]] const NetworkShape& shape() const { return shape_; }
  /// What load() was given.
  [[nodiscard]] View parameters() const { return parameters_; }

  /// The layers' outputs for `rows` rows of inputs, one vector each; the last are the scores. // shape = [rows x width]
  void forward(const double* inputs, std::size_t rows, std::vector<std::vector<double>>& layers) const;

  /// gradient += d(sum_i s_i . slopes_i)/d parameters, where `layers` are forward()'s. `slopes`, [rows x outputs], is
  /// overwritten, as are the layers.
  void backward(const double* inputs, std::size_t rows, std::vector<std::vector<double>>& layers,
                std::vector<double>& slopes, MutableView gradient) const;

 private:
  NetworkShape shape_;
  std::vector<double> parameters_;
  std::vector<std::vector<double>> transposed_;  // of the weights: [inputs x outputs]
};

}  // namespace descent::nn

#include "descent/nn/objective.hpp"

#include <algorithm>

#include "descent/core/error.hpp"
#include "descent/loss/softmax.hpp"
#include "descent/parallel/reduce.hpp"
#include "descent/simd/axpy.hpp"
#include "descent/simd/reduce.hpp"

namespace descent::nn {
namespace {

/// Memory of one block, kept by each thread.
struct Scratch {
  std::vector<double> inputs, targets, weights, values, slopes;
  std::vector<std::vector<double>> layers;
};

Scratch& scratch() {
  thread_local Scratch memory;
  return memory;
}

}  // namespace

NetworkObjective::NetworkObjective(const Table& table, Settings settings)
    : table_(&table), settings_(std::move(settings)), network_(settings_.shape) {
  const NetworkShape& shape = network_.shape();
  if (shape.widths.front() != table.num_features)
    throw Error(ErrorCode::usage,
                "the network has " + std::to_string(shape.widths.front()) + " inputs, the rows have " +
                    std::to_string(table.num_features) + " features",
                "widths");
  if (settings_.pointwise != nullptr && shape.num_outputs() != 1)
    throw Error(ErrorCode::usage, "the loss " + settings_.pointwise->text() + " needs one output", "widths");
  if (!(settings_.l2 >= 0.0)) throw Error(ErrorCode::usage, "expected a strength >= 0", "l2");
  if (!table.weights.empty()) weight_mean_ = simd::sum(table.weights) / static_cast<double>(table.num_rows);
  sums_.resize(num_parameters() + 1);
}

void NetworkObjective::add_block(const std::uint32_t* chosen, std::size_t begin, std::size_t end,
                                 std::span<double> partial) const {
  Scratch& memory = scratch();
  const std::size_t rows = end - begin, features = table_->num_features;
  const bool weighted = !table_->weights.empty();
  const double* inputs = nullptr;
  View targets, weights;
  if (chosen == nullptr) {
    inputs = table_->row(begin);
    targets = View(table_->targets).subspan(begin, rows);
    if (weighted) weights = View(table_->weights).subspan(begin, rows);
  } else {
    memory.inputs.resize(rows * features);
    memory.targets.resize(rows);
    if (weighted) memory.weights.resize(rows);
    for (std::size_t i = 0; i < rows; ++i) {
      const std::size_t r = chosen[begin + i];
      std::copy_n(table_->row(r), features, memory.inputs.data() + i * features);
      memory.targets[i] = table_->targets[r];
      if (weighted) memory.weights[i] = table_->weights[r];
    }
    inputs = memory.inputs.data();
    targets = View(memory.targets).first(rows);
    if (weighted) weights = View(memory.weights).first(rows);
  }
  network_.forward(inputs, rows, memory.layers);
  const std::vector<double>& scores = memory.layers.back();
  const bool with_gradient = partial.size() > 1;
  memory.values.resize(rows);
  memory.slopes.resize(with_gradient ? scores.size() : 0);
  if (settings_.pointwise != nullptr) {
    settings_.pointwise->evaluate(scores, targets, memory.values, memory.slopes);
  } else {
    loss::softmax_cross_entropy(scores, targets, network_.shape().num_outputs(), memory.values, memory.slopes);
  }
  partial[0] = weighted ? simd::dot(memory.values, weights) : simd::sum(memory.values);
  if (!with_gradient) return;
  const std::size_t outputs = network_.shape().num_outputs();
  if (weighted)
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t k = 0; k < outputs; ++k) memory.slopes[i * outputs + k] *= weights[i];
  network_.backward(inputs, rows, memory.layers, memory.slopes, partial.subspan(1));
}

double NetworkObjective::evaluate(View x, MutableView gradient) {
  network_.load(x);
  const std::span<double> sums(sums_.data(), gradient.empty() ? 1 : sums_.size());
  parallel::reduce_rows(settings_.pool, num_terms(), sums,
                        [this](std::size_t begin, std::size_t end, std::span<double> partial) {
                          add_block(nullptr, begin, end, partial);
                        });
  return finish(x, gradient, 1.0 / (static_cast<double>(num_terms()) * weight_mean_));
}

double NetworkObjective::evaluate_rows(std::span<const std::uint32_t> rows, View x, MutableView gradient) {
  network_.load(x);
  const std::span<double> sums(sums_.data(), gradient.empty() ? 1 : sums_.size());
  if (rows.size() <= parallel::kRowsPerBlock) {  // one block: no tree to walk
    std::fill(sums.begin(), sums.end(), 0.0);
    add_block(rows.data(), 0, rows.size(), sums);
  } else {
    parallel::reduce_rows(settings_.pool, rows.size(), sums,
                          [&](std::size_t begin, std::size_t end, std::span<double> partial) {
                            add_block(rows.data(), begin, end, partial);
                          });
  }
  return finish(x, gradient, 1.0 / (static_cast<double>(rows.size()) * weight_mean_));
}

double NetworkObjective::finish(View x, MutableView gradient, double scale) {
  const NetworkShape& shape = network_.shape();
  if (!gradient.empty()) {
    std::copy(sums_.begin() + 1, sums_.end(), gradient.begin());
    simd::scale(scale, gradient);
  }
  last_penalty_ = 0.0;
  if (settings_.l2 > 0.0)
    for (std::size_t l = 0; l < shape.num_layers(); ++l) {
      const std::size_t first = shape.weights_at(l), size = shape.inputs(l) * shape.outputs(l);
      const View weights = x.subspan(first, size);
      last_penalty_ += 0.5 * settings_.l2 * simd::squared_norm(weights);
      if (!gradient.empty()) simd::axpy(settings_.l2, weights, gradient.subspan(first, size));
    }
  return scale * sums_[0] + last_penalty_;
}

}  // namespace descent::nn

#include "descent/linear/objective.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "descent/core/random.hpp"
#include "descent/linear/fit_report.hpp"
#include "descent/loss/softmax.hpp"
#include "descent/parallel/reduce.hpp"
#include "descent/simd/reduce.hpp"
#include "src/linear/rows_kernels.hpp"

namespace descent::linear {
namespace {

constexpr std::size_t kBlock = parallel::kRowsPerBlock;

/// Memory of one block, kept by each thread.
struct Scratch {
  std::vector<double> scores, slopes, values, signs;
  AlignedBuffer<double> gradient;  // of one output, padded

  void prepare(std::size_t rows, std::size_t outputs, std::size_t features) {
    if (scores.size() < rows * outputs) {
      scores.resize(rows * outputs);
      slopes.resize(rows * outputs);
    }
    if (values.size() < rows) {
      values.resize(rows);
      signs.resize(rows);
    }
    if (gradient.size() < features + kVectorPadding) gradient.assign(features + kVectorPadding);
  }
};

Scratch& scratch() {
  thread_local Scratch memory;
  return memory;
}

}  // namespace

LinearObjective::LinearObjective(const DenseRows& rows, Settings settings)
    : rows_(&rows), settings_(std::move(settings)) {
  targets_ = settings_.targets.empty() ? rows.targets() : settings_.targets;
  const double n = static_cast<double>(rows.num_rows());
  const double weight = rows.weights().empty() ? n : simd::sum(rows.weights());
  weight_mean_ = weight / n;
  const bool half = settings_.scale == LossScale::half_mean || settings_.scale == LossScale::half_sum;
  scale_ = (half ? 0.5 : 1.0) / (is_mean() ? weight : 1.0);
  sums_.resize(num_parameters() + 1);
  padded_features_ = (rows.num_features() + kVectorPadding - 1) / kVectorPadding * kVectorPadding;
  weights_.assign(settings_.outputs * padded_features_);
}

std::size_t LinearObjective::num_parameters() const {
  return settings_.outputs * (rows_->num_features() + (settings_.intercept ? 1 : 0));
}

std::string intercept_name(const std::vector<std::string>& feature_names) {
  const bool taken = std::find(feature_names.begin(), feature_names.end(), "intercept") != feature_names.end();
  return taken ? "(intercept)" : "intercept";
}

std::string LinearObjective::parameter_name(std::size_t index) const {
  const std::size_t features = rows_->num_features();
  const std::size_t coefficients = settings_.outputs * features;
  const bool is_intercept = index >= coefficients;
  const std::size_t output = is_intercept ? index - coefficients : index / features;
  const std::string name =
      is_intercept ? intercept_name(rows_->feature_names()) : rows_->feature_names()[index % features];
  if (settings_.outputs == 1) return name;
  return (output < class_names_.size() ? class_names_[output] : std::to_string(output)) + ":" + name;
}

std::vector<ParameterBlock> LinearObjective::parameter_blocks() const {
  const std::size_t outputs = settings_.outputs, features = rows_->num_features();
  std::vector<ParameterBlock> blocks;
  if (features > 0)
    blocks.push_back(
        {.name = "coefficients", .rows = outputs > 1 ? outputs : features, .columns = outputs > 1 ? features : 1});
  if (settings_.intercept) blocks.push_back({.name = "intercepts", .rows = outputs, .columns = 1});
  return blocks;
}

void LinearObjective::load_weights(View x) {
  const std::size_t features = rows_->num_features();
  for (std::size_t k = 0; k < settings_.outputs; ++k)
    std::copy_n(x.data() + k * features, features, weights_.data() + k * padded_features_);
  intercepts_ = settings_.intercept ? x.subspan(settings_.outputs * features) : View{};
}

void LinearObjective::losses(View targets, std::size_t rows, bool with_slopes) {
  Scratch& memory = scratch();
  const std::size_t outputs = settings_.outputs;
  const MutableView values(memory.values.data(), rows);
  if (settings_.pointwise == nullptr) {
    loss::softmax_cross_entropy({memory.scores.data(), rows * outputs}, targets, outputs, values,
                                with_slopes ? MutableView(memory.slopes.data(), rows * outputs) : MutableView{});
    return;
  }
  if (outputs == 1) {
    settings_.pointwise->evaluate({memory.scores.data(), rows}, targets, values,
                                  with_slopes ? MutableView(memory.slopes.data(), rows) : MutableView{});
    return;
  }
  // One class against the rest: gather the scores of one class, whose targets are +1 for its own rows.
  std::fill(values.begin(), values.end(), 0.0);
  std::vector<double> column(rows), value(rows), slope(with_slopes ? rows : 0);
  for (std::size_t k = 0; k < outputs; ++k) {
    for (std::size_t i = 0; i < rows; ++i) {
      column[i] = memory.scores[i * outputs + k];
      memory.signs[i] = targets[i] == static_cast<double>(k) ? 1.0 : -1.0;
    }
    settings_.pointwise->evaluate(column, {memory.signs.data(), rows}, value, slope);
    for (std::size_t i = 0; i < rows; ++i) {
      values[i] += value[i];
      if (with_slopes) memory.slopes[i * outputs + k] = slope[i];
    }
  }
}

double LinearObjective::evaluate(View x, MutableView gradient) {
  load_weights(x);
  const std::size_t features = rows_->num_features();
  const std::size_t outputs = settings_.outputs;
  const bool with_gradient = !gradient.empty();
  const View weights = rows_->weights();
  const std::size_t last = rows_->num_rows();
  const std::span<double> sums(sums_.data(), with_gradient ? sums_.size() : 1);

  parallel::reduce_rows(settings_.pool, last, sums, [&](std::size_t begin, std::size_t end, std::span<double> partial) {
    Scratch& memory = scratch();
    const std::size_t rows = end - begin;
    memory.prepare(rows, outputs, features);
    const double* block = rows_->row(begin);
    // The block after this one is fetched during the slower half of the work on this one.
    const double* ahead = end + rows <= last ? rows_->row(end) : nullptr;
    for (std::size_t k = 0; k < outputs; ++k)
      block_scores(block, rows, features, weights_.data() + k * padded_features_,
                   intercepts_.empty() ? 0.0 : intercepts_[k], memory.scores.data() + k, outputs,
                   k == 0 && !with_gradient ? ahead : nullptr);
    losses(targets_.subspan(begin, rows), rows, with_gradient);
    const View values(memory.values.data(), rows);
    partial[0] = weights.empty() ? simd::sum(values) : simd::dot(values, weights.subspan(begin, rows));
    if (!with_gradient) return;
    if (!weights.empty())
      for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t k = 0; k < outputs; ++k) memory.slopes[i * outputs + k] *= weights[begin + i];
    for (std::size_t k = 0; k < outputs; ++k) {
      std::fill_n(memory.gradient.data(), padded_features_, 0.0);
      block_gradient(block, rows, features, memory.slopes.data() + k, outputs, memory.gradient.data(),
                     k == 0 ? ahead : nullptr);
      std::copy_n(memory.gradient.data(), features, partial.data() + 1 + k * features);
      if (!settings_.intercept) continue;
      double total = 0.0;
      if (outputs == 1) {
        total = simd::sum({memory.slopes.data(), rows});
      } else {
        for (std::size_t i = 0; i < rows; ++i) total += memory.slopes[i * outputs + k];
      }
      partial[1 + outputs * features + k] = total;
    }
  });
  if (with_gradient) std::copy(sums_.begin() + 1, sums_.end(), gradient.begin());
  return finish(x, gradient, sums_[0], scale_);
}

double LinearObjective::evaluate_rows(std::span<const std::uint32_t> chosen, View x, MutableView gradient) {
  load_weights(x);
  const std::size_t features = rows_->num_features();
  const std::size_t outputs = settings_.outputs;
  const bool with_gradient = !gradient.empty();
  const View weights = rows_->weights();
  const std::span<double> sums(sums_.data(), with_gradient ? sums_.size() : 1);

  const auto block = [&](std::size_t begin, std::size_t end, std::span<double> partial) {
    Scratch& memory = scratch();
    const std::size_t rows = end - begin;
    memory.prepare(rows, outputs, features);
    double picked[kBlock];
    for (std::size_t i = 0; i < rows; ++i) {
      const std::uint32_t r = chosen[begin + i];
      picked[i] = targets_[r];
      for (std::size_t k = 0; k < outputs; ++k)
        block_scores(rows_->row(r), 1, features, weights_.data() + k * padded_features_,
                     intercepts_.empty() ? 0.0 : intercepts_[k], memory.scores.data() + i * outputs + k, 1, nullptr);
    }
    losses({picked, rows}, rows, with_gradient);
    if (!weights.empty())
      for (std::size_t i = 0; i < rows; ++i) {
        const double weight = weights[chosen[begin + i]];
        memory.values[i] *= weight;
        if (with_gradient)
          for (std::size_t k = 0; k < outputs; ++k) memory.slopes[i * outputs + k] *= weight;
      }
    partial[0] = simd::sum({memory.values.data(), rows});
    if (!with_gradient) return;
    for (std::size_t k = 0; k < outputs; ++k) {
      std::fill_n(memory.gradient.data(), padded_features_, 0.0);
      double total = 0.0;
      for (std::size_t i = 0; i < rows; ++i) {
        const double slope = memory.slopes[i * outputs + k];
        total += slope;
        if (slope != 0.0)
          block_gradient(rows_->row(chosen[begin + i]), 1, features, &slope, 1, memory.gradient.data(), nullptr);
      }
      std::copy_n(memory.gradient.data(), features, partial.data() + 1 + k * features);
      if (settings_.intercept) partial[1 + outputs * features + k] = total;
    }
  };
  if (chosen.size() <= kBlock) {  // one block: no tree to walk
    block(0, chosen.size(), sums);
  } else {
    parallel::reduce_rows(settings_.pool, chosen.size(), sums, block);
  }
  if (with_gradient) std::copy(sums_.begin() + 1, sums_.end(), gradient.begin());
  const bool half = settings_.scale == LossScale::half_mean || settings_.scale == LossScale::half_sum;
  // Divided by the number of rows times the mean weight of all, not by the batch's own weight: a batch of one row
  // would otherwise not know its weight.
  const double scale = (half ? 0.5 : 1.0) / (is_mean() ? static_cast<double>(chosen.size()) * weight_mean_ : 1.0);
  return finish(x, gradient, sums_[0], scale);
}

double LinearObjective::finish(View x, MutableView gradient, double loss_sum, double scale) {
  const View coefficients = x.first(settings_.outputs * rows_->num_features());
  last_penalty_ = settings_.penalty.value(coefficients);
  if (!gradient.empty()) {
    for (double& g : gradient) g *= scale;
    settings_.penalty.add_gradient(coefficients, gradient.first(coefficients.size()));
  }
  return scale * loss_sum + last_penalty_;
}

double LinearObjective::curvature_bound() {
  // Softmax: the Hessian of one row's loss has eigenvalues of at most 1/2 (Boehning 1992).
  const double steepest = settings_.pointwise == nullptr ? 0.5 : settings_.pointwise->max_curvature();
  if (!(steepest < std::numeric_limits<double>::infinity())) return steepest;
  const std::size_t features = rows_->num_features();
  const std::size_t size = features + (settings_.intercept ? 1 : 0);
  const View weights = rows_->weights();
  AlignedBuffer<double> v(padded_features_ + kVectorPadding);
  std::vector<double> image(size);
  double b = 0.0;
  const Rng rng(0, RandomStream::start);
  for (std::size_t j = 0; j < features; ++j) v[j] = rng.normal(j);
  if (settings_.intercept) b = rng.normal(features);

  double lambda = 0.0;
  for (int round = 0; round < 200; ++round) {
    double norm = std::sqrt(simd::squared_norm({v.data(), features}) + b * b);
    if (!(norm > 0.0)) break;
    for (std::size_t j = 0; j < features; ++j) v[j] /= norm;
    b /= norm;
    parallel::reduce_rows(
        settings_.pool, rows_->num_rows(), image, [&](std::size_t begin, std::size_t end, std::span<double> partial) {
          Scratch& memory = scratch();
          const std::size_t rows = end - begin;
          memory.prepare(rows, 1, features);
          block_scores(rows_->row(begin), rows, features, v.data(), b, memory.scores.data(), 1, nullptr);
          if (!weights.empty())
            for (std::size_t i = 0; i < rows; ++i) memory.scores[i] *= weights[begin + i];
          std::fill_n(memory.gradient.data(), padded_features_, 0.0);
          block_gradient(rows_->row(begin), rows, features, memory.scores.data(), 1, memory.gradient.data(), nullptr);
          std::copy_n(memory.gradient.data(), features, partial.data());
          if (settings_.intercept) partial[features] = simd::sum({memory.scores.data(), rows});
        });
    const double before = lambda;
    lambda = std::sqrt(simd::squared_norm(image));
    std::copy_n(image.data(), features, v.data());
    if (settings_.intercept) b = image[features];
    // The estimate rises from below; 1 % on top covers what is missing when it has settled.
    if (lambda - before <= 1e-4 * lambda) break;
  }
  return 1.01 * scale_ * steepest * lambda + settings_.penalty.l2;
}

}  // namespace descent::linear

// PyTorch 2's optimizers, with its defaults. Formulas, ranges and reasons: `descent describe NAME`.
#pragma once

#include <cstdint>
#include <optional>

#include "descent/optim/chain.hpp"
#include "descent/optim/makers/matrix.hpp"

namespace descent::torch {

struct AdafactorOptions {
  Number beta2_decay = 0.8;
  std::optional<Number> epsilon1{};  ///< nothing: auto
  Number epsilon2 = 1e-3, clipping_threshold = 1, weight_decay = 0;
};
/// The steps of torch.optim.Adafactor of PyTorch 2, to rounding.
[[nodiscard]] Chain adafactor(const Schedule& learning_rate = 0.01, const AdafactorOptions& options = {});

struct MuonOptions {
  Number weight_decay = 0.1, momentum = 0.95;
  bool nesterov = true;
  std::uint64_t steps = 5;
  Number epsilon = 1e-7;
  MuonScaling scaling = MuonScaling::original;
};
/// The steps of torch.optim.Muon of PyTorch 2, but for its bfloat16.
[[nodiscard]] Chain muon(const Schedule& learning_rate = 1e-3, const MuonOptions& options = {});

struct SgdOptions {
  Number momentum = 0, dampening = 0, weight_decay = 0;
  bool nesterov = false, maximize = false;
};
/// The steps of torch.optim.SGD of PyTorch 2, to rounding.
[[nodiscard]] Chain sgd(const Schedule& learning_rate = 0.001, const SgdOptions& options = {});

struct AdamOptions {
  Number beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weight_decay = 0;
  bool amsgrad = false, decoupled_weight_decay = false, maximize = false;
};
/// The steps of torch.optim.Adam of PyTorch 2, to rounding.
[[nodiscard]] Chain adam(const Schedule& learning_rate = 0.001, const AdamOptions& options = {});

struct AdamwOptions {
  Number beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weight_decay = 0.01;
  bool amsgrad = false, maximize = false;
};
/// The steps of torch.optim.AdamW of PyTorch 2, to rounding.
[[nodiscard]] Chain adamw(const Schedule& learning_rate = 0.001, const AdamwOptions& options = {});

struct AdagradOptions {
  Number lr_decay = 0, weight_decay = 0, initial_accumulator = 0, epsilon = 1e-10;
  bool maximize = false;
};
/// The steps of torch.optim.Adagrad of PyTorch 2, to rounding.
[[nodiscard]] Chain adagrad(const Schedule& learning_rate = 0.01, const AdagradOptions& options = {});

struct AdadeltaOptions {
  Number rho = 0.9, epsilon = 1e-6, weight_decay = 0;
  bool maximize = false;
};
/// The steps of torch.optim.Adadelta of PyTorch 2, to rounding.
[[nodiscard]] Chain adadelta(const Schedule& learning_rate = 1.0, const AdadeltaOptions& options = {});

struct RmspropOptions {
  Number rho = 0.99, epsilon = 1e-8, weight_decay = 0, momentum = 0;
  bool centered = false, maximize = false;
};
/// The steps of torch.optim.RMSprop of PyTorch 2, to rounding.
[[nodiscard]] Chain rmsprop(const Schedule& learning_rate = 0.01, const RmspropOptions& options = {});

struct AdamaxOptions {
  Number beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weight_decay = 0;
  bool maximize = false;
};
/// The steps of torch.optim.Adamax of PyTorch 2, to rounding.
[[nodiscard]] Chain adamax(const Schedule& learning_rate = 0.002, const AdamaxOptions& options = {});

struct NadamOptions {
  Number beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weight_decay = 0, momentum_decay = 0.004;
  bool decoupled_weight_decay = false, maximize = false;
};
/// The steps of torch.optim.NAdam of PyTorch 2, to rounding.
[[nodiscard]] Chain nadam(const Schedule& learning_rate = 0.002, const NadamOptions& options = {});

struct RadamOptions {
  Number beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weight_decay = 0;
  bool decoupled_weight_decay = false, maximize = false;
};
/// The steps of torch.optim.RAdam of PyTorch 2, to rounding.
[[nodiscard]] Chain radam(const Schedule& learning_rate = 0.001, const RadamOptions& options = {});

struct RpropOptions {
  Number eta_minus = 0.5, eta_plus = 1.2;
  double min_step = 1e-6, max_step = 50;
  bool maximize = false;
};
/// The steps of torch.optim.Rprop of PyTorch 2, to rounding.
[[nodiscard]] Chain rprop(double learning_rate = 0.01, const RpropOptions& options = {});

struct AsgdOptions {
  Number lambda = 1e-4, alpha = 0.75, t0 = 1e6, weight_decay = 0;
  bool maximize = false;
};
/// The steps of torch.optim.ASGD of PyTorch 2, to rounding.
[[nodiscard]] Chain asgd(const Schedule& learning_rate = 0.01, const AsgdOptions& options = {});

struct SparseAdamOptions {
  Number beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
};
/// The steps of torch.optim.SparseAdam of PyTorch 2, to rounding.
[[nodiscard]] Chain sparse_adam(const Schedule& learning_rate = 1e-3, const SparseAdamOptions& options = {});

}  // namespace descent::torch

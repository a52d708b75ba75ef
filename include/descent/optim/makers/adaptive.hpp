// Rules that adapt a rate to each coordinate, and rules of signs. Formulas, ranges and reasons: `descent describe
// NAME`.
#pragma once

#include "descent/optim/chain.hpp"

namespace descent {

struct AdagradOptions {
  Number initial_accumulator = 0, epsilon = 1e-10, lr_decay = 0;
  EpsilonPlacement epsilon_placement = EpsilonPlacement::outside;
  Number weight_decay = 0;
};
/// Divides every gradient by the root of the sum of all squares so far; for sparse features.
[[nodiscard]] Chain adagrad(const Schedule& learning_rate = 0.5, const AdagradOptions& options = {});

struct AdadeltaOptions {
  Number rho = 0.9, epsilon = 1e-6, weight_decay = 0;
};
/// Moves as long as the last moves, relative to the gradients: no unit, and hardly a rate.
[[nodiscard]] Chain adadelta(const Schedule& learning_rate = 1.0, const AdadeltaOptions& options = {});

struct RpropOptions {
  Number eta_minus = 0.5, eta_plus = 1.2;
  double min_step = 1e-12, max_step = 50;
};
/// Steps of each coordinate's own length, from signs alone; for full batches.
[[nodiscard]] Chain rprop(double learning_rate = 0.01, const RpropOptions& options = {});

struct AsgdOptions {
  Number lr_decay = 1e-4, alpha = 0.75, t0 = 100, weight_decay = 0;
};
/// Gradient descent whose average is reported: noise averages out. Stands last in a chain.
[[nodiscard]] Chain asgd(const Schedule& learning_rate, const AsgdOptions& options = {});

struct ScaleByAdagradOptions {
  Number initial_accumulator = 0, epsilon = 1e-10, lr_decay = 0;
  EpsilonPlacement epsilon_placement = EpsilonPlacement::outside;
};
/// Divides by the root of the sum of all squares so far.
[[nodiscard]] Chain scale_by_adagrad(const ScaleByAdagradOptions& options = {});

struct ScaleByAdadeltaOptions {
  Number rho = 0.9, epsilon = 1e-6;
};
/// Moves as long as the last moves, relative to the gradients.
[[nodiscard]] Chain scale_by_adadelta(const ScaleByAdadeltaOptions& options = {});

/// Gradient descent with the signs of the gradient: every coordinate moves by r.
[[nodiscard]] Chain sign_sgd(const Schedule& learning_rate);

struct SignumOptions {
  Number momentum = 0.9, weight_decay = 0;
};
/// Gradient descent with the signs of a decaying mean of gradients.
[[nodiscard]] Chain signum(const Schedule& learning_rate, const SignumOptions& options = {});

struct LionOptions {
  Number beta1 = 0.9, beta2 = 0.99, weight_decay = 0;
};
/// The sign of a mix of the gradient and its slow mean; one vector of state.
[[nodiscard]] Chain lion(const Schedule& learning_rate, const LionOptions& options = {});

/// The signs of what comes in: -1, 0 or 1.
[[nodiscard]] Chain scale_by_sign();

struct ScaleByLionOptions {
  Number beta1 = 0.9, beta2 = 0.99;
};
/// Lion's direction, without a learning rate.
[[nodiscard]] Chain scale_by_lion(const ScaleByLionOptions& options = {});

struct FtrlOptions {
  Number beta = 1, l1 = 0, l2 = 0;
};
/// Follow the proximally regularised leader: steps per coordinate, sparse solutions with l1.
[[nodiscard]] Chain ftrl(const Schedule& learning_rate, const FtrlOptions& options = {});

}  // namespace descent

// Relatives of adam. Formulas, ranges and reasons: `descent describe NAME`.
#pragma once

#include "descent/optim/chain.hpp"

namespace descent {

// In the order of the table: the first is the default.
enum class AmsgradMaximum { raw, corrected };
enum class NadamForm { scheduled, constant };
enum class RadamEpsilon { corrected, uncorrected };

struct AmsgradOptions {
  Number beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  AmsgradMaximum maximum = AmsgradMaximum::raw;
  Number weight_decay = 0;
};
/// Adam that divides by the largest mean square so far, so that no step grows again.
[[nodiscard]] Chain amsgrad(const Schedule& learning_rate, const AmsgradOptions& options = {});

struct AdamaxOptions {
  Number beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weight_decay = 0;
};
/// Adam that divides by a decaying maximum of sizes instead of a root mean square.
[[nodiscard]] Chain adamax(const Schedule& learning_rate, const AdamaxOptions& options = {});

struct AdamaxwOptions {
  Number weight_decay = 0.01, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
};
/// The rule adamax with weight decay that its quotient does not see.
[[nodiscard]] Chain adamaxw(const Schedule& learning_rate, const AdamaxwOptions& options = {});

struct NadamOptions {
  Number beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, momentum_decay = 0.004;
  NadamForm nesterov_form = NadamForm::scheduled;
  Number weight_decay = 0;
};
/// Adam with Nesterov's look ahead.
[[nodiscard]] Chain nadam(const Schedule& learning_rate, const NadamOptions& options = {});

struct NadamwOptions {
  Number weight_decay = 0.01, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, momentum_decay = 0.004;
  NadamForm nesterov_form = NadamForm::scheduled;
};
/// The rule nadam with weight decay that its quotient does not see.
[[nodiscard]] Chain nadamw(const Schedule& learning_rate, const NadamwOptions& options = {});

struct RadamOptions {
  Number beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, threshold = 5;
  RadamEpsilon epsilon_placement = RadamEpsilon::corrected;
  Number weight_decay = 0;
};
/// Adam that divides only once there are enough gradients to know by what: a warm-up of its own.
[[nodiscard]] Chain radam(const Schedule& learning_rate, const RadamOptions& options = {});

struct RadamwOptions {
  Number weight_decay = 0.01, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, threshold = 5;
  RadamEpsilon epsilon_placement = RadamEpsilon::corrected;
};
/// The rule radam with weight decay that its quotient does not see.
[[nodiscard]] Chain radamw(const Schedule& learning_rate, const RadamwOptions& options = {});

struct ScaleByAmsgradOptions {
  Number beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  AmsgradMaximum maximum = AmsgradMaximum::raw;
};
/// The direction of amsgrad, without a learning rate.
[[nodiscard]] Chain scale_by_amsgrad(const ScaleByAmsgradOptions& options = {});

struct ScaleByAdamaxOptions {
  Number beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
};
/// The direction of adamax, without a learning rate.
[[nodiscard]] Chain scale_by_adamax(const ScaleByAdamaxOptions& options = {});

struct ScaleByNadamOptions {
  Number beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, momentum_decay = 0.004;
  NadamForm nesterov_form = NadamForm::scheduled;
};
/// The direction of nadam, without a learning rate.
[[nodiscard]] Chain scale_by_nadam(const ScaleByNadamOptions& options = {});

struct ScaleByRadamOptions {
  Number beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, threshold = 5;
  RadamEpsilon epsilon_placement = RadamEpsilon::corrected;
};
/// The direction of radam, without a learning rate.
[[nodiscard]] Chain scale_by_radam(const ScaleByRadamOptions& options = {});

}  // namespace descent

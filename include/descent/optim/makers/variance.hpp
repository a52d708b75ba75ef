// Rules that estimate the variance of gradients in other ways. Formulas, ranges and reasons: `descent describe NAME`.
#pragma once

#include <cstdint>

#include "descent/optim/chain.hpp"

namespace descent {

// In the order of the table: the first is the default.
enum class YogiForm { corrected, plain };
enum class AdanDecay { proximal, decoupled };
enum class AdoptClipping { root, none };

struct AdabeliefOptions {
  Number beta1 = 0.9, beta2 = 0.999, epsilon = 1e-16, epsilon_root = 1e-16, weight_decay = 0;
};
/// Adam that divides by how far gradients are from their mean: long steps where they agree.
[[nodiscard]] Chain adabelief(const Schedule& learning_rate, const AdabeliefOptions& options = {});

struct YogiOptions {
  Number beta1 = 0.9, beta2 = 0.999, epsilon = 1e-3;
  YogiForm form = YogiForm::corrected;
  Number initial_accumulator = 1e-6, weight_decay = 0;
};
/// Adam whose mean of squares moves by at most g^2, up or down: it forgets slowly.
[[nodiscard]] Chain yogi(const Schedule& learning_rate, const YogiOptions& options = {});

struct AdanOptions {
  Number beta1 = 0.98, beta2 = 0.92, beta3 = 0.99, epsilon = 1e-8, weight_decay = 0;
  AdanDecay decay = AdanDecay::proximal;
};
/// Nesterov's look ahead from differences of gradients, divided by its root mean square.
[[nodiscard]] Chain adan(const Schedule& learning_rate, const AdanOptions& options = {});

struct AdemamixOptions {
  Number beta1 = 0.9, beta2 = 0.999, beta3 = 0.9999, alpha = 5, epsilon = 1e-8;
  std::uint64_t alpha_warm_up = 0, beta3_warm_up = 0;
  Number weight_decay = 0;
};
/// Adam with a second, slow mean of gradients: old gradients still count after 10,000 updates.
[[nodiscard]] Chain ademamix(const Schedule& learning_rate, const AdemamixOptions& options = {});

struct AdoptOptions {
  Number beta1 = 0.9, beta2 = 0.9999, epsilon = 1e-6;
  AdoptClipping clipping = AdoptClipping::root;
  Number weight_decay = 0;
};
/// Adam that divides by the mean of squares before this gradient, then averages: converges for any beta2.
[[nodiscard]] Chain adopt(const Schedule& learning_rate, const AdoptOptions& options = {});

struct ScaleByBeliefOptions {
  Number beta1 = 0.9, beta2 = 0.999, epsilon = 1e-16, epsilon_root = 1e-16;
};
/// AdaBelief's direction, without a learning rate.
[[nodiscard]] Chain scale_by_belief(const ScaleByBeliefOptions& options = {});

struct ScaleByYogiOptions {
  Number beta1 = 0.9, beta2 = 0.999, epsilon = 1e-3;
  YogiForm form = YogiForm::corrected;
  Number initial_accumulator = 1e-6;
};
/// Yogi's direction, without a learning rate.
[[nodiscard]] Chain scale_by_yogi(const ScaleByYogiOptions& options = {});

struct ScaleByAdanOptions {
  Number beta1 = 0.98, beta2 = 0.92, beta3 = 0.99, epsilon = 1e-8;
};
/// Adan's direction, without a learning rate.
[[nodiscard]] Chain scale_by_adan(const ScaleByAdanOptions& options = {});

struct ScaleByAdemamixOptions {
  Number beta1 = 0.9, beta2 = 0.999, beta3 = 0.9999, alpha = 5, epsilon = 1e-8;
  std::uint64_t alpha_warm_up = 0, beta3_warm_up = 0;
};
/// AdEMAMix's direction, without a learning rate.
[[nodiscard]] Chain scale_by_ademamix(const ScaleByAdemamixOptions& options = {});

struct ScaleByAdoptOptions {
  Number beta1 = 0.9, beta2 = 0.9999, epsilon = 1e-6;
  AdoptClipping clipping = AdoptClipping::root;
};
/// ADOPT's direction, without a learning rate.
[[nodiscard]] Chain scale_by_adopt(const ScaleByAdoptOptions& options = {});

/// Weight decay as a proximal step: never past 0, however large r.
[[nodiscard]] Chain add_proximal_decay(const Number& weight_decay);

}  // namespace descent

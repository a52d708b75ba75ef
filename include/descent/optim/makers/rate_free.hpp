// Rules that find their learning rate, and those that need no schedule. Formulas, ranges and reasons: `descent describe
// NAME`.
#pragma once

#include <cstdint>

#include "descent/optim/chain.hpp"

namespace descent {

struct DogOptions {
  Number initial_move = 1e-6, epsilon = 1e-8;
  bool per_block = false;
};
/// Distance over gradients: how far it has come, over the root of all squared gradients.
[[nodiscard]] Chain dog(const Schedule& learning_rate = 1.0, const DogOptions& options = {});

struct DowgOptions {
  Number initial_move = 1e-6, epsilon = 0;
  bool per_block = false;
};
/// Distance over weighted gradients: dog, but gradients from near the start count less.
[[nodiscard]] Chain dowg(const Schedule& learning_rate = 1.0, const DowgOptions& options = {});

struct AdgdOptions {
  Number first_rate = 0;
};
/// Gradient descent whose rate follows the curvature along its own path.
[[nodiscard]] Chain adgd(const Schedule& learning_rate = 1.0, const AdgdOptions& options = {});

struct PolyakOptions {
  Number minimum = 0, max_rate = 0;
};
/// The step that would reach the minimum if it were where the tangent says, for a known lowest value.
[[nodiscard]] Chain polyak(const Schedule& learning_rate = 1.0, const PolyakOptions& options = {});

struct ProdigyOptions {
  Number beta1 = 0.9, beta2 = 0.999, beta3 = 0, epsilon = 1e-8, weight_decay = 0, d0 = 1e-6, d_coef = 1,
         growth_rate = 0;
  bool bias_correction = false, safeguard_warmup = false;
};
/// Adam that estimates how far the minimum is, and so needs no learning rate.
[[nodiscard]] Chain prodigy(const Schedule& learning_rate = 1.0, const ProdigyOptions& options = {});

struct DadaptAdamOptions {
  Number beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weight_decay = 0, d0 = 1e-6, growth_rate = 0;
  bool bias_correction = false;
};
/// Adam with D-adaptation: its rate grows to the distance of the minimum.
[[nodiscard]] Chain dadapt_adam(const Schedule& learning_rate = 1.0, const DadaptAdamOptions& options = {});

struct ScheduleFreeSgdOptions {
  Number momentum = 0.9;
  std::uint64_t warmup_steps = 0;
  Number r = 0, weight_lr_power = 2, weight_decay = 0;
};
/// Gradient descent that reports an average, and needs neither a schedule nor the number of updates.
[[nodiscard]] Chain schedule_free_sgd(const Schedule& learning_rate, const ScheduleFreeSgdOptions& options = {});

struct ScheduleFreeAdamwOptions {
  Number beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  std::uint64_t warmup_steps = 0;
  Number r = 0, weight_lr_power = 2, weight_decay = 0;
};
/// AdamW that reports an average, and needs neither a schedule nor the number of updates.
[[nodiscard]] Chain schedule_free_adamw(const Schedule& learning_rate = 0.0025,
                                        const ScheduleFreeAdamwOptions& options = {});

}  // namespace descent

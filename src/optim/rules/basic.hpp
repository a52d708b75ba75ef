// The rules that chain_state.cpp knows by name, because it fuses them.
#pragma once

#include <cmath>
#include <utility>

#include "src/optim/rules/rule_def.hpp"

namespace descent::rules {

extern const RuleDef kClipByValue;       // max_value
extern const RuleDef kClipByGlobalNorm;  // max_norm, 1 for torch's form
extern const RuleDef kDecay;             // weight_decay
extern const RuleDef kScale;             // factor
extern const RuleDef kLearningRate;      // learning_rate
extern const RuleDef kTrace;             // momentum, dampening, nesterov (0 or 1)
extern const RuleDef kEma;               // decay
extern const RuleDef kRms;               // rho, epsilon, 1 for epsilon inside the root
extern const RuleDef kCenteredRms;       // as kRms
extern const RuleDef kAdam;              // beta1, beta2, epsilon
extern const RuleDef kCustom;
extern const RuleDef kIntoSet;  ///< of ChainOptions::project, where a rule of place 2 or 3 follows

/// What Adam's kernel reads in this update, from beta1, beta2, epsilon; moves the powers of both on.
inline void adam_numbers(const double* values, double* powers, double* numbers) {
  const double c1 = next_bias(powers, values[0]);
  const double root = std::sqrt(next_bias(powers + 2, values[1]));
  numbers[0] = values[0];
  numbers[1] = 1.0 - values[0];
  numbers[2] = values[1];
  numbers[3] = 1.0 - values[1];
  numbers[4] = root / c1;
  numbers[5] = values[2] * root;
}

[[nodiscard]] inline Rule trace_rule(Hyper momentum, Hyper dampening = 0.0, bool nesterov = false) {
  return {.def = &kTrace, .values = {std::move(momentum), std::move(dampening), Hyper(nesterov ? 1.0 : 0.0)}};
}
[[nodiscard]] inline Rule rms_rule(Hyper rho, Hyper epsilon, bool inside = false, bool centered = false) {
  return {.def = centered ? &kCenteredRms : &kRms,
          .values = {std::move(rho), std::move(epsilon), Hyper(inside ? 1.0 : 0.0)}};
}
[[nodiscard]] inline Rule adam_rule(Hyper beta1, Hyper beta2, Hyper epsilon) {
  return {.def = &kAdam, .values = {std::move(beta1), std::move(beta2), std::move(epsilon)}};
}

}  // namespace descent::rules

#include "descent/optim/makers/rate_free.hpp"

#include "src/optim/maker.hpp"

namespace descent {

Chain dog(const Schedule& learning_rate, const DogOptions& options) {
  return Maker("dog")
      .rate(learning_rate)
      .number("initial_move", options.initial_move)
      .number("epsilon", options.epsilon)
      .flag("per_block", options.per_block)
      .chain();
}
Chain dowg(const Schedule& learning_rate, const DowgOptions& options) {
  return Maker("dowg")
      .rate(learning_rate)
      .number("initial_move", options.initial_move)
      .number("epsilon", options.epsilon)
      .flag("per_block", options.per_block)
      .chain();
}
Chain adgd(const Schedule& learning_rate, const AdgdOptions& options) {
  return Maker("adgd").rate(learning_rate).number("first_rate", options.first_rate).chain();
}
Chain polyak(const Schedule& learning_rate, const PolyakOptions& options) {
  return Maker("polyak")
      .rate(learning_rate)
      .number("minimum", options.minimum)
      .number("max_rate", options.max_rate)
      .chain();
}
Chain prodigy(const Schedule& learning_rate, const ProdigyOptions& options) {
  return Maker("prodigy")
      .rate(learning_rate)
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("beta3", options.beta3)
      .number("epsilon", options.epsilon)
      .number("weight_decay", options.weight_decay)
      .number("d0", options.d0)
      .number("d_coef", options.d_coef)
      .number("growth_rate", options.growth_rate)
      .flag("bias_correction", options.bias_correction)
      .flag("safeguard_warmup", options.safeguard_warmup)
      .chain();
}
Chain dadapt_adam(const Schedule& learning_rate, const DadaptAdamOptions& options) {
  return Maker("dadapt_adam")
      .rate(learning_rate)
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("epsilon", options.epsilon)
      .number("weight_decay", options.weight_decay)
      .number("d0", options.d0)
      .number("growth_rate", options.growth_rate)
      .flag("bias_correction", options.bias_correction)
      .chain();
}
Chain schedule_free_sgd(const Schedule& learning_rate, const ScheduleFreeSgdOptions& options) {
  return Maker("schedule_free_sgd")
      .rate(learning_rate)
      .number("momentum", options.momentum)
      .number("warmup_steps", static_cast<double>(options.warmup_steps))
      .number("r", options.r)
      .number("weight_lr_power", options.weight_lr_power)
      .number("weight_decay", options.weight_decay)
      .chain();
}
Chain schedule_free_adamw(const Schedule& learning_rate, const ScheduleFreeAdamwOptions& options) {
  return Maker("schedule_free_adamw")
      .rate(learning_rate)
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("epsilon", options.epsilon)
      .number("warmup_steps", static_cast<double>(options.warmup_steps))
      .number("r", options.r)
      .number("weight_lr_power", options.weight_lr_power)
      .number("weight_decay", options.weight_decay)
      .chain();
}

}  // namespace descent

#include "descent/optim/makers/adam_family.hpp"

#include "src/optim/maker.hpp"

namespace descent {

Chain amsgrad(const Schedule& learning_rate, const AmsgradOptions& options) {
  return Maker("amsgrad")
      .rate(learning_rate)
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("epsilon", options.epsilon)
      .choice("maximum", options.maximum)
      .number("weight_decay", options.weight_decay)
      .chain();
}
Chain adamax(const Schedule& learning_rate, const AdamaxOptions& options) {
  return Maker("adamax")
      .rate(learning_rate)
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("epsilon", options.epsilon)
      .number("weight_decay", options.weight_decay)
      .chain();
}
Chain adamaxw(const Schedule& learning_rate, const AdamaxwOptions& options) {
  return Maker("adamaxw")
      .rate(learning_rate)
      .number("weight_decay", options.weight_decay)
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("epsilon", options.epsilon)
      .chain();
}
Chain nadam(const Schedule& learning_rate, const NadamOptions& options) {
  return Maker("nadam")
      .rate(learning_rate)
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("epsilon", options.epsilon)
      .number("momentum_decay", options.momentum_decay)
      .choice("nesterov_form", options.nesterov_form)
      .number("weight_decay", options.weight_decay)
      .chain();
}
Chain nadamw(const Schedule& learning_rate, const NadamwOptions& options) {
  return Maker("nadamw")
      .rate(learning_rate)
      .number("weight_decay", options.weight_decay)
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("epsilon", options.epsilon)
      .number("momentum_decay", options.momentum_decay)
      .choice("nesterov_form", options.nesterov_form)
      .chain();
}
Chain radam(const Schedule& learning_rate, const RadamOptions& options) {
  return Maker("radam")
      .rate(learning_rate)
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("epsilon", options.epsilon)
      .number("threshold", options.threshold)
      .choice("epsilon_placement", options.epsilon_placement)
      .number("weight_decay", options.weight_decay)
      .chain();
}
Chain radamw(const Schedule& learning_rate, const RadamwOptions& options) {
  return Maker("radamw")
      .rate(learning_rate)
      .number("weight_decay", options.weight_decay)
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("epsilon", options.epsilon)
      .number("threshold", options.threshold)
      .choice("epsilon_placement", options.epsilon_placement)
      .chain();
}
Chain scale_by_amsgrad(const ScaleByAmsgradOptions& options) {
  return Maker("scale_by_amsgrad")
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("epsilon", options.epsilon)
      .choice("maximum", options.maximum)
      .chain();
}
Chain scale_by_adamax(const ScaleByAdamaxOptions& options) {
  return Maker("scale_by_adamax")
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("epsilon", options.epsilon)
      .chain();
}
Chain scale_by_nadam(const ScaleByNadamOptions& options) {
  return Maker("scale_by_nadam")
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("epsilon", options.epsilon)
      .number("momentum_decay", options.momentum_decay)
      .choice("nesterov_form", options.nesterov_form)
      .chain();
}
Chain scale_by_radam(const ScaleByRadamOptions& options) {
  return Maker("scale_by_radam")
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("epsilon", options.epsilon)
      .number("threshold", options.threshold)
      .choice("epsilon_placement", options.epsilon_placement)
      .chain();
}

}  // namespace descent

// The makers of chain.hpp.
#include "src/optim/maker.hpp"

namespace descent {

Chain sgd(const Schedule& learning_rate) { return Maker("sgd").rate(learning_rate).chain(); }
Chain momentum(const Schedule& learning_rate, const MomentumOptions& options) {
  return Maker("momentum")
      .rate(learning_rate)
      .number("momentum", options.momentum)
      .choice("form", options.form)
      .number("dampening", options.dampening)
      .chain();
}
Chain nesterov(const Schedule& learning_rate, const NesterovOptions& options) {
  return Maker("nesterov").rate(learning_rate).number("momentum", options.momentum).chain();
}
Chain rmsprop(const Schedule& learning_rate, const RmspropOptions& options) {
  return Maker("rmsprop")
      .rate(learning_rate)
      .number("rho", options.rho)
      .number("epsilon", options.epsilon)
      .number("momentum", options.momentum)
      .flag("centered", options.centered)
      .choice("epsilon_placement", options.epsilon_placement)
      .choice("form", options.form)
      .number("weight_decay", options.weight_decay)
      .chain();
}
Chain adam(const Schedule& learning_rate, const AdamOptions& options) {
  return Maker("adam")
      .rate(learning_rate)
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("epsilon", options.epsilon)
      .number("weight_decay", options.weight_decay)
      .chain();
}
Chain adamw(const Schedule& learning_rate, const AdamwOptions& options) {
  return Maker("adamw")
      .rate(learning_rate)
      .number("weight_decay", options.weight_decay)
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("epsilon", options.epsilon)
      .chain();
}
Chain clip_by_value(const Number& max_value) { return Maker("clip_by_value").number("max_value", max_value).chain(); }
Chain clip_by_global_norm(const Number& max_norm, const ClipByGlobalNormOptions& options) {
  return Maker("clip_by_global_norm").number("max_norm", max_norm).choice("form", options.form).chain();
}
Chain add_decayed_weights(const Number& weight_decay) {
  return Maker("add_decayed_weights").number("weight_decay", weight_decay).chain();
}
Chain scale(const Number& factor) { return Maker("scale").number("factor", factor).chain(); }
Chain scale_by_learning_rate(const Schedule& learning_rate) {
  return Maker("scale_by_learning_rate").rate(learning_rate).chain();
}

}  // namespace descent

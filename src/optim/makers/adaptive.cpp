#include "descent/optim/makers/adaptive.hpp"

#include "src/optim/maker.hpp"

namespace descent {

Chain adagrad(const Schedule& learning_rate, const AdagradOptions& options) {
  return Maker("adagrad")
      .rate(learning_rate)
      .number("initial_accumulator", options.initial_accumulator)
      .number("epsilon", options.epsilon)
      .number("lr_decay", options.lr_decay)
      .choice("epsilon_placement", options.epsilon_placement)
      .number("weight_decay", options.weight_decay)
      .chain();
}
Chain adadelta(const Schedule& learning_rate, const AdadeltaOptions& options) {
  return Maker("adadelta")
      .rate(learning_rate)
      .number("rho", options.rho)
      .number("epsilon", options.epsilon)
      .number("weight_decay", options.weight_decay)
      .chain();
}
Chain rprop(double learning_rate, const RpropOptions& options) {
  return Maker("rprop")
      .rate(learning_rate)
      .number("eta_minus", options.eta_minus)
      .number("eta_plus", options.eta_plus)
      .number("min_step", options.min_step)
      .number("max_step", options.max_step)
      .chain();
}
Chain asgd(const Schedule& learning_rate, const AsgdOptions& options) {
  return Maker("asgd")
      .rate(learning_rate)
      .number("lr_decay", options.lr_decay)
      .number("alpha", options.alpha)
      .number("t0", options.t0)
      .number("weight_decay", options.weight_decay)
      .chain();
}
Chain scale_by_adagrad(const ScaleByAdagradOptions& options) {
  return Maker("scale_by_adagrad")
      .number("initial_accumulator", options.initial_accumulator)
      .number("epsilon", options.epsilon)
      .number("lr_decay", options.lr_decay)
      .choice("epsilon_placement", options.epsilon_placement)
      .chain();
}
Chain scale_by_adadelta(const ScaleByAdadeltaOptions& options) {
  return Maker("scale_by_adadelta").number("rho", options.rho).number("epsilon", options.epsilon).chain();
}
Chain sign_sgd(const Schedule& learning_rate) { return Maker("sign_sgd").rate(learning_rate).chain(); }
Chain signum(const Schedule& learning_rate, const SignumOptions& options) {
  return Maker("signum")
      .rate(learning_rate)
      .number("momentum", options.momentum)
      .number("weight_decay", options.weight_decay)
      .chain();
}
Chain lion(const Schedule& learning_rate, const LionOptions& options) {
  return Maker("lion")
      .rate(learning_rate)
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("weight_decay", options.weight_decay)
      .chain();
}
Chain scale_by_sign() { return Maker("scale_by_sign").chain(); }
Chain scale_by_lion(const ScaleByLionOptions& options) {
  return Maker("scale_by_lion").number("beta1", options.beta1).number("beta2", options.beta2).chain();
}
Chain ftrl(const Schedule& learning_rate, const FtrlOptions& options) {
  return Maker("ftrl")
      .rate(learning_rate)
      .number("beta", options.beta)
      .number("l1", options.l1)
      .number("l2", options.l2)
      .chain();
}

}  // namespace descent

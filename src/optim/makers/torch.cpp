#include "descent/optim/makers/torch.hpp"

#include "src/optim/maker.hpp"

namespace descent::torch {

Chain adafactor(const Schedule& learning_rate, const AdafactorOptions& options) {
  return Maker("torch.adafactor")
      .rate(learning_rate)
      .number("beta2_decay", options.beta2_decay)
      .number_or_auto("epsilon1", options.epsilon1)
      .number("epsilon2", options.epsilon2)
      .number("clipping_threshold", options.clipping_threshold)
      .number("weight_decay", options.weight_decay)
      .chain();
}
Chain muon(const Schedule& learning_rate, const MuonOptions& options) {
  return Maker("torch.muon")
      .rate(learning_rate)
      .number("weight_decay", options.weight_decay)
      .number("momentum", options.momentum)
      .flag("nesterov", options.nesterov)
      .number("steps", static_cast<double>(options.steps))
      .number("epsilon", options.epsilon)
      .choice("scaling", options.scaling)
      .chain();
}
Chain sgd(const Schedule& learning_rate, const SgdOptions& options) {
  return Maker("torch.sgd")
      .rate(learning_rate)
      .number("momentum", options.momentum)
      .number("dampening", options.dampening)
      .number("weight_decay", options.weight_decay)
      .flag("nesterov", options.nesterov)
      .flag("maximize", options.maximize)
      .chain();
}
Chain adam(const Schedule& learning_rate, const AdamOptions& options) {
  return Maker("torch.adam")
      .rate(learning_rate)
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("epsilon", options.epsilon)
      .number("weight_decay", options.weight_decay)
      .flag("amsgrad", options.amsgrad)
      .flag("decoupled_weight_decay", options.decoupled_weight_decay)
      .flag("maximize", options.maximize)
      .chain();
}
Chain adamw(const Schedule& learning_rate, const AdamwOptions& options) {
  return Maker("torch.adamw")
      .rate(learning_rate)
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("epsilon", options.epsilon)
      .number("weight_decay", options.weight_decay)
      .flag("amsgrad", options.amsgrad)
      .flag("maximize", options.maximize)
      .chain();
}
Chain adagrad(const Schedule& learning_rate, const AdagradOptions& options) {
  return Maker("torch.adagrad")
      .rate(learning_rate)
      .number("lr_decay", options.lr_decay)
      .number("weight_decay", options.weight_decay)
      .number("initial_accumulator", options.initial_accumulator)
      .number("epsilon", options.epsilon)
      .flag("maximize", options.maximize)
      .chain();
}
Chain adadelta(const Schedule& learning_rate, const AdadeltaOptions& options) {
  return Maker("torch.adadelta")
      .rate(learning_rate)
      .number("rho", options.rho)
      .number("epsilon", options.epsilon)
      .number("weight_decay", options.weight_decay)
      .flag("maximize", options.maximize)
      .chain();
}
Chain rmsprop(const Schedule& learning_rate, const RmspropOptions& options) {
  return Maker("torch.rmsprop")
      .rate(learning_rate)
      .number("rho", options.rho)
      .number("epsilon", options.epsilon)
      .number("weight_decay", options.weight_decay)
      .number("momentum", options.momentum)
      .flag("centered", options.centered)
      .flag("maximize", options.maximize)
      .chain();
}
Chain adamax(const Schedule& learning_rate, const AdamaxOptions& options) {
  return Maker("torch.adamax")
      .rate(learning_rate)
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("epsilon", options.epsilon)
      .number("weight_decay", options.weight_decay)
      .flag("maximize", options.maximize)
      .chain();
}
Chain nadam(const Schedule& learning_rate, const NadamOptions& options) {
  return Maker("torch.nadam")
      .rate(learning_rate)
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("epsilon", options.epsilon)
      .number("weight_decay", options.weight_decay)
      .number("momentum_decay", options.momentum_decay)
      .flag("decoupled_weight_decay", options.decoupled_weight_decay)
      .flag("maximize", options.maximize)
      .chain();
}
Chain radam(const Schedule& learning_rate, const RadamOptions& options) {
  return Maker("torch.radam")
      .rate(learning_rate)
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("epsilon", options.epsilon)
      .number("weight_decay", options.weight_decay)
      .flag("decoupled_weight_decay", options.decoupled_weight_decay)
      .flag("maximize", options.maximize)
      .chain();
}
Chain rprop(double learning_rate, const RpropOptions& options) {
  return Maker("torch.rprop")
      .rate(learning_rate)
      .number("eta_minus", options.eta_minus)
      .number("eta_plus", options.eta_plus)
      .number("min_step", options.min_step)
      .number("max_step", options.max_step)
      .flag("maximize", options.maximize)
      .chain();
}
Chain asgd(const Schedule& learning_rate, const AsgdOptions& options) {
  return Maker("torch.asgd")
      .rate(learning_rate)
      .number("lambda", options.lambda)
      .number("alpha", options.alpha)
      .number("t0", options.t0)
      .number("weight_decay", options.weight_decay)
      .flag("maximize", options.maximize)
      .chain();
}
Chain sparse_adam(const Schedule& learning_rate, const SparseAdamOptions& options) {
  return Maker("torch.sparse_adam")
      .rate(learning_rate)
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("epsilon", options.epsilon)
      .chain();
}

}  // namespace descent::torch

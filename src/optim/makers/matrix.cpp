#include "descent/optim/makers/matrix.hpp"

#include "src/optim/maker.hpp"

namespace descent {

Chain lars(const Schedule& learning_rate, const LarsOptions& options) {
  return Maker("lars")
      .rate(learning_rate)
      .number("momentum", options.momentum)
      .number("weight_decay", options.weight_decay)
      .number("trust_coefficient", options.trust_coefficient)
      .number("epsilon", options.epsilon)
      .choice("denominator", options.denominator)
      .flag("nesterov", options.nesterov)
      .chain();
}
Chain lamb(const Schedule& learning_rate, const LambOptions& options) {
  return Maker("lamb")
      .rate(learning_rate)
      .number("weight_decay", options.weight_decay)
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("epsilon", options.epsilon)
      .chain();
}
Chain scale_by_trust_ratio(const Number& trust_coefficient, const ScaleByTrustRatioOptions& options) {
  return Maker("scale_by_trust_ratio")
      .number("trust_coefficient", trust_coefficient)
      .number("epsilon", options.epsilon)
      .chain();
}
Chain adafactor(const Schedule& learning_rate, const AdafactorOptions& options) {
  return Maker("adafactor")
      .rate(learning_rate)
      .number("beta2_decay", options.beta2_decay)
      .number("epsilon1", options.epsilon1)
      .number("epsilon2", options.epsilon2)
      .number("clipping_threshold", options.clipping_threshold)
      .number("weight_decay", options.weight_decay)
      .flag("relative_step", options.relative_step)
      .flag("scale_parameter", options.scale_parameter)
      .choice("epsilon_placement", options.epsilon_placement)
      .chain();
}
Chain muon(const Schedule& learning_rate, const MuonOptions& options) {
  return Maker("muon")
      .rate(learning_rate)
      .number("weight_decay", options.weight_decay)
      .number("momentum", options.momentum)
      .flag("nesterov", options.nesterov)
      .number("steps", static_cast<double>(options.steps))
      .number("epsilon", options.epsilon)
      .choice("scaling", options.scaling)
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("adam_epsilon", options.adam_epsilon)
      .chain();
}
Chain scale_by_muon(const ScaleByMuonOptions& options) {
  return Maker("scale_by_muon")
      .number("momentum", options.momentum)
      .flag("nesterov", options.nesterov)
      .number("steps", static_cast<double>(options.steps))
      .number("epsilon", options.epsilon)
      .choice("scaling", options.scaling)
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("adam_epsilon", options.adam_epsilon)
      .chain();
}
Chain soap(const Schedule& learning_rate, const SoapOptions& options) {
  return Maker("soap")
      .rate(learning_rate)
      .number("weight_decay", options.weight_decay)
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("factor_beta", options.factor_beta)
      .number("epsilon", options.epsilon)
      .number("precondition_frequency", static_cast<double>(options.precondition_frequency))
      .number("max_dimension", static_cast<double>(options.max_dimension))
      .chain();
}
Chain scale_by_soap(const ScaleBySoapOptions& options) {
  return Maker("scale_by_soap")
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("factor_beta", options.factor_beta)
      .number("epsilon", options.epsilon)
      .number("precondition_frequency", static_cast<double>(options.precondition_frequency))
      .number("max_dimension", static_cast<double>(options.max_dimension))
      .chain();
}

}  // namespace descent

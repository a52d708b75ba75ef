#include "descent/optim/makers/variance.hpp"

#include "src/optim/maker.hpp"

namespace descent {

Chain adabelief(const Schedule& learning_rate, const AdabeliefOptions& options) {
  return Maker("adabelief")
      .rate(learning_rate)
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("epsilon", options.epsilon)
      .number("epsilon_root", options.epsilon_root)
      .number("weight_decay", options.weight_decay)
      .chain();
}
Chain yogi(const Schedule& learning_rate, const YogiOptions& options) {
  return Maker("yogi")
      .rate(learning_rate)
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("epsilon", options.epsilon)
      .choice("form", options.form)
      .number("initial_accumulator", options.initial_accumulator)
      .number("weight_decay", options.weight_decay)
      .chain();
}
Chain adan(const Schedule& learning_rate, const AdanOptions& options) {
  return Maker("adan")
      .rate(learning_rate)
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("beta3", options.beta3)
      .number("epsilon", options.epsilon)
      .number("weight_decay", options.weight_decay)
      .choice("decay", options.decay)
      .chain();
}
Chain ademamix(const Schedule& learning_rate, const AdemamixOptions& options) {
  return Maker("ademamix")
      .rate(learning_rate)
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("beta3", options.beta3)
      .number("alpha", options.alpha)
      .number("epsilon", options.epsilon)
      .number("alpha_warm_up", static_cast<double>(options.alpha_warm_up))
      .number("beta3_warm_up", static_cast<double>(options.beta3_warm_up))
      .number("weight_decay", options.weight_decay)
      .chain();
}
Chain adopt(const Schedule& learning_rate, const AdoptOptions& options) {
  return Maker("adopt")
      .rate(learning_rate)
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("epsilon", options.epsilon)
      .choice("clipping", options.clipping)
      .number("weight_decay", options.weight_decay)
      .chain();
}
Chain scale_by_belief(const ScaleByBeliefOptions& options) {
  return Maker("scale_by_belief")
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("epsilon", options.epsilon)
      .number("epsilon_root", options.epsilon_root)
      .chain();
}
Chain scale_by_yogi(const ScaleByYogiOptions& options) {
  return Maker("scale_by_yogi")
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("epsilon", options.epsilon)
      .choice("form", options.form)
      .number("initial_accumulator", options.initial_accumulator)
      .chain();
}
Chain scale_by_adan(const ScaleByAdanOptions& options) {
  return Maker("scale_by_adan")
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("beta3", options.beta3)
      .number("epsilon", options.epsilon)
      .chain();
}
Chain scale_by_ademamix(const ScaleByAdemamixOptions& options) {
  return Maker("scale_by_ademamix")
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("beta3", options.beta3)
      .number("alpha", options.alpha)
      .number("epsilon", options.epsilon)
      .number("alpha_warm_up", static_cast<double>(options.alpha_warm_up))
      .number("beta3_warm_up", static_cast<double>(options.beta3_warm_up))
      .chain();
}
Chain scale_by_adopt(const ScaleByAdoptOptions& options) {
  return Maker("scale_by_adopt")
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("epsilon", options.epsilon)
      .choice("clipping", options.clipping)
      .chain();
}
Chain add_proximal_decay(const Number& weight_decay) {
  return Maker("add_proximal_decay").number("weight_decay", weight_decay).chain();
}

}  // namespace descent

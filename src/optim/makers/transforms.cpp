#include "descent/optim/makers/transforms.hpp"

#include "src/optim/maker.hpp"

namespace descent {

Chain trace(const Number& momentum, const TraceOptions& options) {
  return Maker("trace")
      .number("momentum", momentum)
      .number("dampening", options.dampening)
      .flag("nesterov", options.nesterov)
      .chain();
}
Chain ema(const Number& decay) { return Maker("ema").number("decay", decay).chain(); }
Chain scale_by_rms(const Number& rho, const RmsOptions& options) {
  return Maker("scale_by_rms")
      .number("rho", rho)
      .number("epsilon", options.epsilon)
      .choice("epsilon_placement", options.epsilon_placement)
      .flag("centered", options.centered)
      .chain();
}
Chain scale_by_adam(const ScaleByAdamOptions& options) {
  return Maker("scale_by_adam")
      .number("beta1", options.beta1)
      .number("beta2", options.beta2)
      .number("epsilon", options.epsilon)
      .chain();
}

}  // namespace descent

// What the most used rules are made of. Formulas, ranges and reasons: `descent describe NAME`.
#pragma once

#include "descent/optim/chain.hpp"

namespace descent {

struct TraceOptions {
  Number dampening = 0;
  bool nesterov = false;
};
/// v = momentum v + (1 - dampening) u, u = v
[[nodiscard]] Chain trace(const Number& momentum = 0.9, const TraceOptions& options = {});
[[nodiscard]] Chain ema(const Number& decay = 0.9);  ///< v = decay v + (1 - decay) u, u = v
struct RmsOptions {
  Number epsilon = 1e-8;
  EpsilonPlacement epsilon_placement = EpsilonPlacement::outside;
  bool centered = false;
};
/// s = rho s + (1 - rho) u^2, u = u / (sqrt(s) + epsilon)
[[nodiscard]] Chain scale_by_rms(const Number& rho = 0.9, const RmsOptions& options = {});
struct ScaleByAdamOptions {
  Number beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
};
/// Adam's direction, without a learning rate.
[[nodiscard]] Chain scale_by_adam(const ScaleByAdamOptions& options = {});

}  // namespace descent

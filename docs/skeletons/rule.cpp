// A rule of one's own, without touching the library: a link in a chain, called block by block (256 elements in L1).
#include "descent/optim/chain.hpp"

namespace descent {

/// u_i = sign(u_i): every parameter moves by the learning rate, whatever the size of its gradient.
/// Reference: J. Bernstein et al., "signSGD: compressed optimisation for non-convex problems", ICML 2018, algorithm 1.
[[nodiscard]] Chain sign_sgd(const Schedule& learning_rate);

Chain sign_sgd(const Schedule& learning_rate) {
  Chain sign = custom_rule("sign", [](RuleBlock& block) {
    for (double& u : block.update) {
      if (u > 0.0) u = 1.0;
      if (u < 0.0) u = -1.0;  // 0 stays 0, and NaN stays NaN, to be named by whoever runs the chain
    }
  });
  return chain(sign, scale_by_learning_rate(learning_rate));
}

}  // namespace descent

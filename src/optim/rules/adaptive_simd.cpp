#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/optim/rules/adaptive_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "src/optim/rules/adaptive.hpp"
#include "src/optim/rules/lanes_simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace descent::rules::HWY_NAMESPACE {
namespace {

template <class V>
struct AdagradOp {
  static constexpr std::size_t kSlots = 1;
  V epsilon, factor;
  bool inside;
  HWY_INLINE explicit AdagradOp(const double* k) : epsilon(k[0]), factor(k[1]), inside(k[2] != 0.0) {}
  HWY_INLINE V operator()(V u, V /*x*/, V* slot) const {
    slot[0] = slot[0] + u * u;
    if (!inside) return factor * (u / (square_root(slot[0]) + epsilon));
    return choose(slot[0] == V(0.0), V(0.0), factor * (u / square_root(slot[0] + epsilon)));
  }
};

template <class V>
struct AdadeltaOp {
  static constexpr std::size_t kSlots = 2;
  V rho, gain, epsilon;
  HWY_INLINE explicit AdadeltaOp(const double* k) : rho(k[0]), gain(k[1]), epsilon(k[2]) {}
  HWY_INLINE V operator()(V u, V /*x*/, V* slot) const {
    slot[0] = rho * slot[0] + gain * (u * u);
    const V move = (square_root(slot[1] + epsilon) / square_root(slot[0] + epsilon)) * u;
    slot[1] = rho * slot[1] + gain * (move * move);
    return move;
  }
};

template <class V>
struct RpropOp {
  static constexpr std::size_t kSlots = 2;
  V minus, plus, low, high;
  HWY_INLINE explicit RpropOp(const double* k) : minus(k[0]), plus(k[1]), low(k[2]), high(k[3]) {}
  HWY_INLINE V operator()(V u, V /*x*/, V* slot) const {
    const V turn = sign(u) * slot[1];
    const auto turned = turn < V(0.0);
    const V factor = choose(turned, minus, choose(turn > V(0.0), plus, V(1.0)));
    slot[0] = larger(smaller(slot[0] * factor, high), low);
    slot[1] = choose(turned, V(0.0), sign(u));
    return slot[1] * slot[0];
  }
};

template <class V>
struct AsgdOp {
  static constexpr std::size_t kSlots = 1;
  V eta, pull, mu;
  bool copies;
  HWY_INLINE explicit AsgdOp(const double* k) : eta(k[0]), pull(k[1]), mu(k[2]), copies(k[2] == 1.0) {}
  HWY_INLINE V operator()(V u, V x, V* slot) const {
    u = eta * (u + pull * x);
    const V next = x - u;
    slot[0] = copies ? next : slot[0] + mu * (next - slot[0]);
    return u;
  }
};

DESCENT_RULE_KERNEL(Adagrad, AdagradOp)
DESCENT_RULE_KERNEL(Adadelta, AdadeltaOp)
DESCENT_RULE_KERNEL(Rprop, RpropOp)
DESCENT_RULE_KERNEL(Asgd, AsgdOp)

}  // namespace
}  // namespace descent::rules::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace descent::rules {

DESCENT_RULE_DISPATCH(Adagrad, adagrad_elements)
DESCENT_RULE_DISPATCH(Adadelta, adadelta_elements)
DESCENT_RULE_DISPATCH(Rprop, rprop_elements)
DESCENT_RULE_DISPATCH(Asgd, asgd_elements)

}  // namespace descent::rules
#endif

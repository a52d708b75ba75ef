#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/optim/rules/variance_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "src/optim/rules/lanes_simd.hpp"
#include "src/optim/rules/variance.hpp"

HWY_BEFORE_NAMESPACE();
namespace descent::rules::HWY_NAMESPACE {
namespace {

// Bias corrections are folded into `factor` and `epsilon` as in Adam (basic_ops_simd.hpp).

template <class V>
struct BeliefOp {
  static constexpr std::size_t kSlots = 2;
  V beta1, gain1, beta2, gain2, factor, epsilon, root;
  HWY_INLINE explicit BeliefOp(const double* k)
      : beta1(k[0]), gain1(k[1]), beta2(k[2]), gain2(k[3]), factor(k[4]), epsilon(k[5]), root(k[6]) {}
  HWY_INLINE V operator()(V u, V /*x*/, V* slot) const {
    slot[0] = beta1 * slot[0] + gain1 * u;
    const V off = u - slot[0];
    slot[1] = (beta2 * slot[1] + gain2 * (off * off)) + root;
    return (slot[0] * factor) / (square_root(slot[1]) + epsilon);
  }
};

template <class V>
struct YogiOp {
  static constexpr std::size_t kSlots = 2;
  V beta1, gain1, gain2, factor, epsilon;
  HWY_INLINE explicit YogiOp(const double* k) : beta1(k[0]), gain1(k[1]), gain2(k[2]), factor(k[3]), epsilon(k[4]) {}
  HWY_INLINE V operator()(V u, V /*x*/, V* slot) const {
    const V square = u * u;
    slot[0] = beta1 * slot[0] + gain1 * u;
    slot[1] = slot[1] - (gain2 * sign(slot[1] - square)) * square;
    return (slot[0] * factor) / (square_root(slot[1]) + epsilon);
  }
};

/// Slots: m of gradients, v of differences, n of squares, the last gradient.
template <class V>
struct AdanOp {
  static constexpr std::size_t kSlots = 4;
  V beta1, gain1, beta2, gain2, beta3, gain3, factor_m, factor_v, epsilon;
  bool first;
  HWY_INLINE explicit AdanOp(const double* k)
      : beta1(k[0]),
        gain1(k[1]),
        beta2(k[2]),
        gain2(k[3]),
        beta3(k[4]),
        gain3(k[5]),
        factor_m(k[6]),
        factor_v(k[7]),
        epsilon(k[8]),
        first(k[9] != 0.0) {}
  HWY_INLINE V operator()(V u, V /*x*/, V* slot) const {
    const V difference = first ? V(0.0) : u - slot[3];
    const V ahead = u + beta2 * difference;
    slot[0] = beta1 * slot[0] + gain1 * u;
    slot[1] = beta2 * slot[1] + gain2 * difference;
    slot[2] = beta3 * slot[2] + gain3 * (ahead * ahead);
    slot[3] = u;
    return (slot[0] * factor_m + slot[1] * factor_v) / (square_root(slot[2]) + epsilon);
  }
};

/// Slots: the fast mean, the slow mean, squares.
template <class V>
struct AdemamixOp {
  static constexpr std::size_t kSlots = 3;
  V beta1, gain1, beta2, gain2, beta3, gain3, factor, slow, epsilon;
  HWY_INLINE explicit AdemamixOp(const double* k)
      : beta1(k[0]),
        gain1(k[1]),
        beta2(k[2]),
        gain2(k[3]),
        beta3(k[4]),
        gain3(k[5]),
        factor(k[6]),
        slow(k[7]),
        epsilon(k[8]) {}
  HWY_INLINE V operator()(V u, V /*x*/, V* slot) const {
    slot[0] = beta1 * slot[0] + gain1 * u;
    slot[1] = beta3 * slot[1] + gain3 * u;
    slot[2] = beta2 * slot[2] + gain2 * (u * u);
    return (slot[0] * factor + slot[1] * slow) / (square_root(slot[2]) + epsilon);
  }
};

template <class V>
struct AdoptOp {
  static constexpr std::size_t kSlots = 2;
  V beta1, gain1, beta2, gain2, epsilon, limit;
  bool first, clips;
  HWY_INLINE explicit AdoptOp(const double* k)
      : beta1(k[0]),
        gain1(k[1]),
        beta2(k[2]),
        gain2(k[3]),
        epsilon(k[4]),
        limit(k[5]),
        first(k[6] != 0.0),
        clips(k[7] != 0.0) {}
  HWY_INLINE V operator()(V u, V /*x*/, V* slot) const {
    if (first) {
      slot[1] = u * u;
      return u;
    }
    V normed = u / larger(epsilon, square_root(slot[1]));
    if (clips) normed = choose(normed < -limit, -limit, choose(normed > limit, limit, normed));
    slot[0] = beta1 * slot[0] + gain1 * normed;
    slot[1] = beta2 * slot[1] + gain2 * (u * u);
    return slot[0];
  }
};

template <class V>
struct ProximalDecayOp {
  static constexpr std::size_t kSlots = 0;
  V decay, divisor;
  HWY_INLINE explicit ProximalDecayOp(const double* k) : decay(k[0]), divisor(k[1]) {}
  HWY_INLINE V operator()(V u, V x, V* /*slot*/) const { return (u + decay * x) / divisor; }
};

DESCENT_RULE_KERNEL(Belief, BeliefOp)
DESCENT_RULE_KERNEL(Yogi, YogiOp)
DESCENT_RULE_KERNEL(Adan, AdanOp)
DESCENT_RULE_KERNEL(Ademamix, AdemamixOp)
DESCENT_RULE_KERNEL(Adopt, AdoptOp)
DESCENT_RULE_KERNEL(ProximalDecay, ProximalDecayOp)

}  // namespace
}  // namespace descent::rules::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace descent::rules {

DESCENT_RULE_DISPATCH(Belief, belief_elements)
DESCENT_RULE_DISPATCH(Yogi, yogi_elements)
DESCENT_RULE_DISPATCH(Adan, adan_elements)
DESCENT_RULE_DISPATCH(Ademamix, ademamix_elements)
DESCENT_RULE_DISPATCH(Adopt, adopt_elements)
DESCENT_RULE_DISPATCH(ProximalDecay, proximal_decay_elements)

}  // namespace descent::rules
#endif

// The arithmetic of the rules that fused updates are made of too. Per-target, like lanes_simd.hpp.
#if defined(DESCENT_OPTIM_BASIC_OPS_SIMD_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef DESCENT_OPTIM_BASIC_OPS_SIMD_HPP
#undef DESCENT_OPTIM_BASIC_OPS_SIMD_HPP
#else
#define DESCENT_OPTIM_BASIC_OPS_SIMD_HPP
#endif

#include "src/optim/rules/lanes_simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace descent::rules::HWY_NAMESPACE {
namespace {

/// Cuts to [-limit, limit]. Comparisons, not a minimum: NaN passes through, to be found and named by whoever runs it.
template <class V>
struct ClipOp {
  static constexpr std::size_t kSlots = 0;
  V limit;
  HWY_INLINE explicit ClipOp(const double* k) : limit(k[0]) {}
  HWY_INLINE V operator()(V u, V /*x*/, V* /*slot*/) const {
    return choose(u < -limit, -limit, choose(u > limit, limit, u));
  }
};

/// v = momentum v + gain u; u = v, or u + momentum v.
template <class V>
struct TraceOp {
  static constexpr std::size_t kSlots = 1;
  V momentum, gain;
  bool nesterov;
  HWY_INLINE explicit TraceOp(const double* k) : momentum(k[0]), gain(k[1]), nesterov(k[2] != 0.0) {}
  HWY_INLINE V operator()(V u, V /*x*/, V* slot) const {
    slot[0] = momentum * slot[0] + gain * u;
    return nesterov ? u + momentum * slot[0] : slot[0];
  }
};

/// The bias corrections c1 = 1 - beta1^t, c2 = 1 - beta2^t are folded into two numbers, which is the same quotient
/// without a division for each: (m / c1) / (sqrt(v / c2) + eps) = m factor / (sqrt(v) + eps sqrt(c2)).
template <class V>
struct AdamOp {
  static constexpr std::size_t kSlots = 2;
  V beta1, gain1, beta2, gain2, factor, epsilon;
  HWY_INLINE explicit AdamOp(const double* k)
      : beta1(k[0]), gain1(k[1]), beta2(k[2]), gain2(k[3]), factor(k[4]), epsilon(k[5]) {}
  HWY_INLINE V operator()(V u, V /*x*/, V* slot) const {
    slot[0] = beta1 * slot[0] + gain1 * u;
    slot[1] = beta2 * slot[1] + gain2 * (u * u);
    return (slot[0] * factor) / (square_root(slot[1]) + epsilon);
  }
};

}  // namespace
}  // namespace descent::rules::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/optim/rules/basic_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "src/optim/rules/basic_ops_simd.hpp"
#include "src/optim/rules/kernels.hpp"
#include "src/simd/dispatch_simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace descent::rules::HWY_NAMESPACE {
namespace {

template <class V>
struct DecayOp {
  static constexpr std::size_t kSlots = 0;
  V decay;
  HWY_INLINE explicit DecayOp(const double* k) : decay(k[0]) {}
  HWY_INLINE V operator()(V u, V x, V* /*slot*/) const { return u + decay * x; }
};

template <class V>
struct ScaleOp {
  static constexpr std::size_t kSlots = 0;
  V factor;
  HWY_INLINE explicit ScaleOp(const double* k) : factor(k[0]) {}
  HWY_INLINE V operator()(V u, V /*x*/, V* /*slot*/) const { return factor * u; }
};

template <class V>
struct RmsOp {
  static constexpr std::size_t kSlots = 1;
  V rho, gain, epsilon;
  bool inside;
  HWY_INLINE explicit RmsOp(const double* k) : rho(k[0]), gain(k[1]), epsilon(k[2]), inside(k[3] != 0.0) {}
  HWY_INLINE V divided(V u, V square) const {
    return u / (inside ? square_root(square + epsilon) : square_root(square) + epsilon);
  }
  HWY_INLINE V operator()(V u, V /*x*/, V* slot) const {
    slot[0] = rho * slot[0] + gain * (u * u);
    return divided(u, slot[0]);
  }
};

template <class V>
struct CenteredRmsOp {
  static constexpr std::size_t kSlots = 2;
  RmsOp<V> rms;
  HWY_INLINE explicit CenteredRmsOp(const double* k) : rms(k) {}
  HWY_INLINE V operator()(V u, V /*x*/, V* slot) const {
    slot[0] = rms.rho * slot[0] + rms.gain * (u * u);
    slot[1] = rms.rho * slot[1] + rms.gain * u;
    const V variance = slot[0] - slot[1] * slot[1];
    return rms.divided(u, choose(variance < V(0.0), V(0.0), variance));
  }
};

template <class T>
void subtract_from(double factor, const T* u, T* x, std::size_t n) {
  using Wide = Lanes<T>;
  const std::size_t lanes = hn::Lanes(typename Wide::Tag());
  const Wide factors(factor);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) (Wide::load(x + i) - factors * Wide::load(u + i)).store(x + i);
  for (; i < n; ++i) (One<T>::of(x[i]) - One<T>(factor) * One<T>::of(u[i])).store(x + i);
}

DESCENT_RULE_KERNEL(Clip, ClipOp)
DESCENT_RULE_KERNEL(Decay, DecayOp)
DESCENT_RULE_KERNEL(Scale, ScaleOp)
DESCENT_RULE_KERNEL(Trace, TraceOp)
DESCENT_RULE_KERNEL(Rms, RmsOp)
DESCENT_RULE_KERNEL(CenteredRms, CenteredRmsOp)
DESCENT_RULE_KERNEL(Adam, AdamOp)
void Subtract64(double factor, const double* u, double* x, std::size_t n) { subtract_from(factor, u, x, n); }
void Subtract32(double factor, const float* u, float* x, std::size_t n) { subtract_from(factor, u, x, n); }

}  // namespace
}  // namespace descent::rules::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace descent::rules {

DESCENT_RULE_DISPATCH(Clip, clip_by_value_elements)
DESCENT_RULE_DISPATCH(Decay, decay_elements)
DESCENT_RULE_DISPATCH(Scale, scale_elements)
DESCENT_RULE_DISPATCH(Trace, trace_elements)
DESCENT_RULE_DISPATCH(Rms, rms_elements)
DESCENT_RULE_DISPATCH(CenteredRms, centered_rms_elements)
DESCENT_RULE_DISPATCH(Adam, adam_elements)
DESCENT_EXPORT(Subtract64);
DESCENT_EXPORT(Subtract32);
void subtract(double factor, std::span<const double> u, std::span<double> x) {
  DESCENT_DISPATCH(Subtract64)(factor, u.data(), x.data(), x.size());
}
void subtract(double factor, std::span<const float> u, std::span<float> x) {
  DESCENT_DISPATCH(Subtract32)(factor, u.data(), x.data(), x.size());
}

}  // namespace descent::rules
#endif

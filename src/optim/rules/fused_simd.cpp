// Whole updates in one pass: the chains that everyone uses.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/optim/rules/fused_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "src/optim/rules/basic_ops_simd.hpp"
#include "src/optim/rules/kernels.hpp"
#include "src/simd/dispatch_simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace descent::rules::HWY_NAMESPACE {
namespace {

template <class V>
struct NoneOp {
  static constexpr std::size_t kSlots = 0;
  HWY_INLINE explicit NoneOp(const double* /*k*/) {}
  HWY_INLINE V operator()(V u, V /*x*/, V* /*slot*/) const { return u; }
};

template <template <class> class Op, Clip clip, class V>
struct FusedLanes {
  V limit, rate, decay;
  Op<V> op;
  bool rate_first, decays;
  HWY_INLINE explicit FusedLanes(const FusedStep& step)
      : limit(step.clip.limit),
        rate(step.rate),
        decay(step.decay),
        op(step.numbers),
        rate_first(step.rate_first),
        decays(step.decays) {}
  template <class T>
  HWY_INLINE void at(const Elements<T>& e, std::size_t i) const {
    constexpr std::size_t kSlots = Op<V>::kSlots;
    V slot[kSlots == 0 ? 1 : kSlots];
    for (std::size_t s = 0; s < kSlots; ++s) slot[s] = V::load(e.slots[s] + i);
    const V x = V::load(e.out + i);
    V u = V::load(e.in + i);
    if constexpr (clip == Clip::factor) u = limit * u;
    if constexpr (clip == Clip::value) u = choose(u < -limit, -limit, choose(u > limit, limit, u));
    if (rate_first) u = rate * u;
    u = op(u, x, slot);
    if (decays) u = u + decay * x;
    if (!rate_first) u = rate * u;
    for (std::size_t s = 0; s < kSlots; ++s) without_subnormals(slot[s]).store(e.slots[s] + i);
    (x - u).store(e.out + i);
  }
};

template <template <class> class Op, Clip clip, class T>
void run_fused(const FusedStep& step, const Elements<T>& e) {
  using Wide = Lanes<T>;
  const std::size_t lanes = hn::Lanes(typename Wide::Tag());
  std::size_t i = 0;
  if (e.size >= lanes) {
    const FusedLanes<Op, clip, Wide> wide(step);
    for (; i + lanes <= e.size; i += lanes) {
      prefetch(e.in + i);
      prefetch(e.out + i);
      for (std::size_t s = 0; s < Op<Wide>::kSlots; ++s) prefetch(e.slots[s] + i);
      wide.at(e, i);
    }
  }
  const FusedLanes<Op, clip, One<T>> one(step);
  for (; i < e.size; ++i) one.at(e, i);
}

template <template <class> class Op, class T>
void with_clip(const FusedStep& step, const Elements<T>& e) {
  switch (step.clip.kind) {
    case Clip::none: return run_fused<Op, Clip::none>(step, e);
    case Clip::value: return run_fused<Op, Clip::value>(step, e);
    case Clip::factor: return run_fused<Op, Clip::factor>(step, e);
  }
}

template <class T>
void choose_fused(const FusedStep& step, const Elements<T>& e) {
  switch (step.kind) {
    case FusedKind::none: return;
    case FusedKind::sgd: return with_clip<NoneOp>(step, e);
    case FusedKind::trace: return with_clip<TraceOp>(step, e);
    case FusedKind::adam: return with_clip<AdamOp>(step, e);
  }
}
void Fused64(const FusedStep& step, const Elements<double>& e) { choose_fused(step, e); }
void Fused32(const FusedStep& step, const Elements<float>& e) { choose_fused(step, e); }

}  // namespace
}  // namespace descent::rules::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace descent::rules {

DESCENT_EXPORT(Fused64);
DESCENT_EXPORT(Fused32);
void fused(const FusedStep& step, const Elements<double>& e) { DESCENT_DISPATCH(Fused64)(step, e); }
void fused(const FusedStep& step, const Elements<float>& e) { DESCENT_DISPATCH(Fused32)(step, e); }

}  // namespace descent::rules
#endif

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/optim/rules/kernels_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "src/optim/rules/kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace descent::rules::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using Tag = hn::ScalableTag<double>;
using Vector = hn::Vec<Tag>;

// Each lane does what scalar.hpp says, in its order; unaligned loads cost nothing where the data is aligned.

template <Clip clip>
HWY_INLINE Vector ClipLanes(Vector limit, Vector u) {
  if constexpr (clip == Clip::factor) return hn::Mul(limit, u);
  if constexpr (clip == Clip::value) {
    const Vector low = hn::Neg(limit);
    const Vector above = hn::IfThenElse(hn::Gt(u, limit), limit, u);
    return hn::IfThenElse(hn::Lt(u, low), low, above);
  }
  return u;
}

struct TraceLanes {
  Vector momentum, gain;
  bool nesterov;
  HWY_INLINE explicit TraceLanes(const TraceStep& step)
      : momentum(hn::Set(Tag(), step.momentum)), gain(hn::Set(Tag(), step.gain)), nesterov(step.nesterov) {}
  HWY_INLINE Vector operator()(double* v, Vector u) const {
    const Tag tag;
    const Vector next = hn::Add(hn::Mul(momentum, hn::LoadU(tag, v)), hn::Mul(gain, u));
    hn::StoreU(next, tag, v);
    return nesterov ? hn::Add(u, hn::Mul(momentum, next)) : next;
  }
};

struct AdamLanes {
  Vector beta1, gain1, beta2, gain2, factor, epsilon;
  HWY_INLINE explicit AdamLanes(const AdamStep& step)
      : beta1(hn::Set(Tag(), step.beta1)),
        gain1(hn::Set(Tag(), step.gain1)),
        beta2(hn::Set(Tag(), step.beta2)),
        gain2(hn::Set(Tag(), step.gain2)),
        factor(hn::Set(Tag(), step.factor)),
        epsilon(hn::Set(Tag(), step.epsilon)) {}
  HWY_INLINE Vector operator()(double* m, double* v, Vector u) const {
    const Tag tag;
    const Vector next_m = hn::Add(hn::Mul(beta1, hn::LoadU(tag, m)), hn::Mul(gain1, u));
    const Vector next_v = hn::Add(hn::Mul(beta2, hn::LoadU(tag, v)), hn::Mul(gain2, hn::Mul(u, u)));
    hn::StoreU(next_m, tag, m);
    hn::StoreU(next_v, tag, v);
    return hn::Div(hn::Mul(next_m, factor), hn::Add(hn::Sqrt(next_v), epsilon));
  }
};

void ClipByValue(double limit, double* u, std::size_t n) {
  const Tag tag;
  const std::size_t lanes = hn::Lanes(tag);
  const Vector limits = hn::Set(tag, limit);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(ClipLanes<Clip::value>(limits, hn::LoadU(tag, u + i)), tag, u + i);
  for (; i < n; ++i) u[i] = clip_one<Clip::value>(limit, u[i]);
}

void Subtract(const double* u, double* x, std::size_t n) {
  const Tag tag;
  const std::size_t lanes = hn::Lanes(tag);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(hn::Sub(hn::LoadU(tag, x + i), hn::LoadU(tag, u + i)), tag, x + i);
  for (; i < n; ++i) x[i] = x[i] - u[i];
}

void Trace(const TraceStep& step, double* v, double* u, std::size_t n) {
  const Tag tag;
  const std::size_t lanes = hn::Lanes(tag);
  const TraceLanes trace(step);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(trace(v + i, hn::LoadU(tag, u + i)), tag, u + i);
  for (; i < n; ++i) u[i] = trace_one(step, v[i], u[i]);
}

void ScaleByRms(const RmsStep& step, double* s, double* u, std::size_t n) {
  const Tag tag;
  const std::size_t lanes = hn::Lanes(tag);
  const Vector rho = hn::Set(tag, step.rho), gain = hn::Set(tag, step.gain), epsilon = hn::Set(tag, step.epsilon);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const Vector g = hn::LoadU(tag, u + i);
    const Vector next = hn::Add(hn::Mul(rho, hn::LoadU(tag, s + i)), hn::Mul(gain, hn::Mul(g, g)));
    hn::StoreU(next, tag, s + i);
    hn::StoreU(hn::Div(g, hn::Add(hn::Sqrt(next), epsilon)), tag, u + i);
  }
  for (; i < n; ++i) u[i] = rms_one(step, s[i], u[i]);
}

void ScaleByAdam(const AdamStep& step, double* m, double* v, double* u, std::size_t n) {
  const Tag tag;
  const std::size_t lanes = hn::Lanes(tag);
  const AdamLanes adam(step);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(adam(m + i, v + i, hn::LoadU(tag, u + i)), tag, u + i);
  for (; i < n; ++i) u[i] = adam_one(step, m[i], v[i], u[i]);
}

template <Clip clip>
void FusedSgdWith(double limit, double rate, const double* g, double* x, std::size_t n) {
  const Tag tag;
  const std::size_t lanes = hn::Lanes(tag);
  const Vector limits = hn::Set(tag, limit), rates = hn::Set(tag, rate);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const Vector u = ClipLanes<clip>(limits, hn::LoadU(tag, g + i));
    hn::StoreU(hn::Sub(hn::LoadU(tag, x + i), hn::Mul(rates, u)), tag, x + i);
  }
  for (; i < n; ++i) x[i] = sgd_element<clip>(limit, rate, g[i], x[i]);
}

template <Clip clip>
void FusedTraceWith(double limit, const TraceStep& step, double rate, const double* g, double* v, double* x,
                    std::size_t n) {
  const Tag tag;
  const std::size_t lanes = hn::Lanes(tag);
  const Vector limits = hn::Set(tag, limit), rates = hn::Set(tag, rate);
  const TraceLanes trace(step);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    Vector u = ClipLanes<clip>(limits, hn::LoadU(tag, g + i));
    if (step.rate_first) u = hn::Mul(rates, u);
    u = trace(v + i, u);
    if (!step.rate_first) u = hn::Mul(rates, u);
    hn::StoreU(hn::Sub(hn::LoadU(tag, x + i), u), tag, x + i);
  }
  for (; i < n; ++i) x[i] = trace_element<clip>(limit, step, rate, g[i], v[i], x[i]);
}

template <Clip clip, bool decays>
void FusedAdamWith(double limit, const AdamStep& step, double decay, double rate, const double* g, double* m, double* v,
                   double* x, std::size_t n) {
  const Tag tag;
  const std::size_t lanes = hn::Lanes(tag);
  const Vector limits = hn::Set(tag, limit), rates = hn::Set(tag, rate), decay_lanes = hn::Set(tag, decay);
  const AdamLanes adam(step);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const Vector x_lanes = hn::LoadU(tag, x + i);
    Vector u = adam(m + i, v + i, ClipLanes<clip>(limits, hn::LoadU(tag, g + i)));
    if constexpr (decays) u = hn::Add(u, hn::Mul(decay_lanes, x_lanes));
    hn::StoreU(hn::Sub(x_lanes, hn::Mul(rates, u)), tag, x + i);
  }
  for (; i < n; ++i) x[i] = adam_element<clip, decays>(limit, step, decay, rate, g[i], m[i], v[i], x[i]);
}

void FusedSgd(ClipStep clip, double rate, const double* g, double* x, std::size_t n) {
  switch (clip.kind) {
    case Clip::none: return FusedSgdWith<Clip::none>(clip.limit, rate, g, x, n);
    case Clip::value: return FusedSgdWith<Clip::value>(clip.limit, rate, g, x, n);
    case Clip::factor: return FusedSgdWith<Clip::factor>(clip.limit, rate, g, x, n);
  }
}

void FusedTrace(ClipStep clip, const TraceStep& step, double rate, const double* g, double* v, double* x,
                std::size_t n) {
  switch (clip.kind) {
    case Clip::none: return FusedTraceWith<Clip::none>(clip.limit, step, rate, g, v, x, n);
    case Clip::value: return FusedTraceWith<Clip::value>(clip.limit, step, rate, g, v, x, n);
    case Clip::factor: return FusedTraceWith<Clip::factor>(clip.limit, step, rate, g, v, x, n);
  }
}

template <bool decays>
void FusedAdamDecay(ClipStep clip, const AdamStep& step, double decay, double rate, const double* g, double* m,
                    double* v, double* x, std::size_t n) {
  switch (clip.kind) {
    case Clip::none: return FusedAdamWith<Clip::none, decays>(clip.limit, step, decay, rate, g, m, v, x, n);
    case Clip::value: return FusedAdamWith<Clip::value, decays>(clip.limit, step, decay, rate, g, m, v, x, n);
    case Clip::factor: return FusedAdamWith<Clip::factor, decays>(clip.limit, step, decay, rate, g, m, v, x, n);
  }
}

void FusedAdam(ClipStep clip, const AdamStep& step, const double* decay, double rate, const double* g, double* m,
               double* v, double* x, std::size_t n) {
  if (decay == nullptr) return FusedAdamDecay<false>(clip, step, 0.0, rate, g, m, v, x, n);
  FusedAdamDecay<true>(clip, step, *decay, rate, g, m, v, x, n);
}

}  // namespace
}  // namespace descent::rules::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace descent::rules {

HWY_EXPORT(ClipByValue);
HWY_EXPORT(Subtract);
HWY_EXPORT(Trace);
HWY_EXPORT(ScaleByRms);
HWY_EXPORT(ScaleByAdam);
HWY_EXPORT(FusedSgd);
HWY_EXPORT(FusedTrace);
HWY_EXPORT(FusedAdam);

void clip_by_value(double max_value, MutableView update) {
  HWY_DYNAMIC_DISPATCH(ClipByValue)(max_value, update.data(), update.size());
}
void subtract(View update, MutableView x) { HWY_DYNAMIC_DISPATCH(Subtract)(update.data(), x.data(), x.size()); }
void trace(const TraceStep& step, MutableView v, MutableView update) {
  HWY_DYNAMIC_DISPATCH(Trace)(step, v.data(), update.data(), update.size());
}
void scale_by_rms(const RmsStep& step, MutableView s, MutableView update) {
  HWY_DYNAMIC_DISPATCH(ScaleByRms)(step, s.data(), update.data(), update.size());
}
void scale_by_adam(const AdamStep& step, MutableView m, MutableView v, MutableView update) {
  HWY_DYNAMIC_DISPATCH(ScaleByAdam)(step, m.data(), v.data(), update.data(), update.size());
}
void fused_sgd(ClipStep clip, double rate, View gradient, MutableView x) {
  HWY_DYNAMIC_DISPATCH(FusedSgd)(clip, rate, gradient.data(), x.data(), x.size());
}
void fused_trace(ClipStep clip, const TraceStep& step, double rate, View gradient, MutableView v, MutableView x) {
  HWY_DYNAMIC_DISPATCH(FusedTrace)(clip, step, rate, gradient.data(), v.data(), x.data(), x.size());
}
void fused_adam(ClipStep clip, const AdamStep& step, const double* decay, double rate, View gradient, MutableView m,
                MutableView v, MutableView x) {
  HWY_DYNAMIC_DISPATCH(FusedAdam)
  (clip, step, decay, rate, gradient.data(), m.data(), v.data(), x.data(), x.size());
}

}  // namespace descent::rules
#endif

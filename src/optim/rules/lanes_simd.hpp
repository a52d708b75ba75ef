// One way to write a rule's arithmetic for vectors and for single elements. Included once per CPU target, inside the
// sources named *_simd.cpp; never elsewhere.
//
//   template <class V>
//   struct AdamOp {
//     static constexpr std::size_t kSlots = 2;
//     static constexpr unsigned kOnlyRead = 0;  // bit s: slot s is not changed; may be left out
//     V beta1, gain1, ...;
//     explicit AdamOp(const double* k) : beta1(k[0]), gain1(k[1]), ... {}
//     HWY_INLINE V operator()(V u, V x, V* slot) const { ... }   // reads and changes its slots, gives the next u
//   };
//
// V is Lanes<T>, a vector, or One<T>, an element: +, -, *, / and the functions below do the same to each, in the order
// written, rounded once each: the same bits at any width.
//
// HWY_ATTR on every function here: at -O0 nothing is inlined, and g++ compiles friends of class templates for the
// baseline, whatever the pragma around them says; masks and vectors are then lost between caller and callee.
#if defined(DESCENT_OPTIM_LANES_SIMD_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef DESCENT_OPTIM_LANES_SIMD_HPP
#undef DESCENT_OPTIM_LANES_SIMD_HPP
#else
#define DESCENT_OPTIM_LANES_SIMD_HPP
#endif

#include <hwy/highway.h>

#include <cmath>
#include <limits>

#include "src/optim/rules/rule_def.hpp"
#include "src/simd/dispatch_simd.hpp"
#include "src/simd/prefetch.hpp"

HWY_BEFORE_NAMESPACE();
namespace descent::rules::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

template <class T>
struct Lanes {
  using Tag = hn::ScalableTag<T>;
  using Raw = hn::Vec<Tag>;
  struct Mask {
    hn::Mask<Tag> raw;
  };
  Raw raw;

  HWY_ATTR HWY_INLINE Lanes() : raw(hn::Zero(Tag())) {}
  HWY_ATTR HWY_INLINE Lanes(double value) : raw(hn::Set(Tag(), static_cast<T>(value))) {}
  HWY_ATTR HWY_INLINE static Lanes of(Raw raw) {
    Lanes result;
    result.raw = raw;
    return result;
  }
  HWY_ATTR HWY_INLINE static Lanes load(const T* from) { return of(hn::LoadU(Tag(), from)); }
  HWY_ATTR HWY_INLINE void store(T* to) const { hn::StoreU(raw, Tag(), to); }

  HWY_ATTR HWY_INLINE friend Lanes operator+(Lanes a, Lanes b) { return of(hn::Add(a.raw, b.raw)); }
  HWY_ATTR HWY_INLINE friend Lanes operator-(Lanes a, Lanes b) { return of(hn::Sub(a.raw, b.raw)); }
  HWY_ATTR HWY_INLINE friend Lanes operator*(Lanes a, Lanes b) { return of(hn::Mul(a.raw, b.raw)); }
  HWY_ATTR HWY_INLINE friend Lanes operator/(Lanes a, Lanes b) { return of(hn::Div(a.raw, b.raw)); }
  HWY_ATTR HWY_INLINE friend Lanes operator-(Lanes a) { return of(hn::Neg(a.raw)); }
  HWY_ATTR HWY_INLINE friend Mask operator<(Lanes a, Lanes b) { return {hn::Lt(a.raw, b.raw)}; }
  HWY_ATTR HWY_INLINE friend Mask operator>(Lanes a, Lanes b) { return {hn::Gt(a.raw, b.raw)}; }
  HWY_ATTR HWY_INLINE friend Mask operator==(Lanes a, Lanes b) { return {hn::Eq(a.raw, b.raw)}; }
  HWY_ATTR HWY_INLINE friend Lanes square_root(Lanes a) { return of(hn::Sqrt(a.raw)); }
  HWY_ATTR HWY_INLINE friend Lanes absolute(Lanes a) { return of(hn::Abs(a.raw)); }
  HWY_ATTR HWY_INLINE friend Lanes choose(Mask mask, Lanes yes, Lanes no) {
    return of(hn::IfThenElse(mask.raw, yes.raw, no.raw));
  }
  HWY_ATTR HWY_INLINE friend Lanes without_subnormals(Lanes a) {
    return of(hn::IfThenZeroElse(hn::Lt(hn::Abs(a.raw), hn::Set(Tag(), std::numeric_limits<T>::min())), a.raw));
  }
};

template <class T>
struct One {
  using Mask = bool;
  T raw;

  HWY_INLINE One() : raw(0) {}
  HWY_INLINE One(double value) : raw(static_cast<T>(value)) {}
  HWY_ATTR HWY_INLINE static One of(T raw) {
    One result;
    result.raw = raw;
    return result;
  }
  HWY_ATTR HWY_INLINE static One load(const T* from) { return of(*from); }
  HWY_ATTR HWY_INLINE void store(T* to) const { *to = raw; }

  HWY_ATTR HWY_INLINE friend One operator+(One a, One b) { return of(a.raw + b.raw); }
  HWY_ATTR HWY_INLINE friend One operator-(One a, One b) { return of(a.raw - b.raw); }
  HWY_ATTR HWY_INLINE friend One operator*(One a, One b) { return of(a.raw * b.raw); }
  HWY_ATTR HWY_INLINE friend One operator/(One a, One b) { return of(a.raw / b.raw); }
  HWY_ATTR HWY_INLINE friend One operator-(One a) { return of(-a.raw); }
  HWY_ATTR HWY_INLINE friend Mask operator<(One a, One b) { return a.raw < b.raw; }
  HWY_ATTR HWY_INLINE friend Mask operator>(One a, One b) { return a.raw > b.raw; }
  HWY_ATTR HWY_INLINE friend Mask operator==(One a, One b) { return a.raw == b.raw; }
  HWY_ATTR HWY_INLINE friend One square_root(One a) { return of(std::sqrt(a.raw)); }
  HWY_ATTR HWY_INLINE friend One absolute(One a) { return of(std::fabs(a.raw)); }
  HWY_ATTR HWY_INLINE friend One choose(Mask mask, One yes, One no) { return mask ? yes : no; }
  HWY_ATTR HWY_INLINE friend One without_subnormals(One a) { return of(normal_or_zero(a.raw)); }
};

/// The larger; b where one of them is not a number.
template <class V>
HWY_ATTR HWY_INLINE V larger(V a, V b) {
  return choose(a > b, a, b);
}
/// The smaller; b where one of them is not a number.
template <class V>
HWY_ATTR HWY_INLINE V smaller(V a, V b) {
  return choose(a < b, a, b);
}
/// -1, 0 or 1; not a number stays what it is.
template <class V>
HWY_ATTR HWY_INLINE V sign(V a) {
  return choose(a > V(0.0), V(1.0), choose(a < V(0.0), V(-1.0), a));
}

/// What a vector's worth of elements further on will need.
template <class T>
HWY_INLINE void prefetch(const T* from) {
  simd::prefetch(from, sizeof(typename Lanes<T>::Raw));
}

/// False for a slot that the op only reads: to write it back would be a quarter of what prodigy's second pass moves.
template <class Op>
constexpr bool changes(std::size_t slot) {
  if constexpr (requires { Op::kOnlyRead; }) return (Op::kOnlyRead >> slot & 1U) == 0;
  return true;
}

template <class Op, class V, class T>
HWY_INLINE void step_at(const Op& op, const Elements<T>& e, std::size_t i) {
  V slot[Op::kSlots == 0 ? 1 : Op::kSlots];
  for (std::size_t s = 0; s < Op::kSlots; ++s) slot[s] = V::load(e.slots[s] + i);
  const V u = op(V::load(e.in + i), V::load(e.x + i), slot);
  for (std::size_t s = 0; s < Op::kSlots; ++s)
    if (changes<Op>(s)) without_subnormals(slot[s]).store(e.slots[s] + i);
  u.store(e.out + i);
}

/// One rule over a block.
template <template <class> class Op, class T>
void run_elements(const double* numbers, const Elements<T>& e) {
  const std::size_t lanes = hn::Lanes(typename descent::rules::HWY_NAMESPACE::Lanes<T>::Tag());
  using Wide = descent::rules::HWY_NAMESPACE::Lanes<T>;
  constexpr std::size_t kSlots = Op<Wide>::kSlots;
  static_assert(kSlots <= std::tuple_size_v<decltype(Elements<T>::slots)>, "Elements has room for 8 slots");
  if constexpr (kSlots > 0)
    if (e.slots[kSlots - 1] == nullptr && e.size > 0) refuse_missing_slots(kSlots);
  std::size_t i = 0;
  if (e.size >= lanes) {
    const Op<Wide> op(numbers);
    for (; i + lanes <= e.size; i += lanes) {
      prefetch(e.in + i);
      prefetch(e.x + i);
      for (std::size_t s = 0; s < Op<Wide>::kSlots; ++s) prefetch(e.slots[s] + i);
      step_at<Op<Wide>, Wide>(op, e, i);
    }
  }
  const Op<One<T>> op(numbers);
  for (; i < e.size; ++i) step_at<Op<One<T>>, One<T>>(op, e, i);
}

}  // namespace
}  // namespace descent::rules::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

/// Inside the per-target namespace: the two kernels of a rule.
#define DESCENT_RULE_KERNEL(Name, Op)                                                   \
  void Name##64(const double* k, const Elements<double>& e) { run_elements<Op>(k, e); } \
  void Name##32(const double* k, const Elements<float>& e) { run_elements<Op>(k, e); }

/// Inside `#if HWY_ONCE`: the functions that choose the CPU target, `function` for both types.
#define DESCENT_RULE_DISPATCH(Name, function)                                                                 \
  DESCENT_EXPORT(Name##64);                                                                                   \
  DESCENT_EXPORT(Name##32);                                                                                   \
  void function(const double* numbers, const Elements<double>& e) { DESCENT_DISPATCH(Name##64)(numbers, e); } \
  void function(const double* numbers, const Elements<float>& e) { DESCENT_DISPATCH(Name##32)(numbers, e); }

#endif  // per-target include guard

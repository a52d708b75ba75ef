#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/optim/rules/adam_family_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "src/optim/rules/adam_family.hpp"
#include "src/optim/rules/lanes_simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace descent::rules::HWY_NAMESPACE {
namespace {

/// m and v, Adam's two means.
template <class V>
struct Means {
  V beta1, gain1, beta2, gain2;
  HWY_INLINE explicit Means(const double* k) : beta1(k[0]), gain1(k[1]), beta2(k[2]), gain2(k[3]) {}
  HWY_INLINE void update(V u, V* slot) const {
    slot[0] = beta1 * slot[0] + gain1 * u;
    slot[1] = beta2 * slot[1] + gain2 * (u * u);
  }
};

template <class V>
struct AmsgradOp {
  static constexpr std::size_t kSlots = 3;
  Means<V> means;
  V factor, epsilon, scale;
  HWY_INLINE explicit AmsgradOp(const double* k) : means(k), factor(k[4]), epsilon(k[5]), scale(k[6]) {}
  HWY_INLINE V operator()(V u, V /*x*/, V* slot) const {
    means.update(u, slot);
    slot[2] = larger(slot[2], scale * slot[1]);
    return (slot[0] * factor) / (square_root(slot[2]) + epsilon);
  }
};

template <class V>
struct AdamaxOp {
  static constexpr std::size_t kSlots = 2;
  V beta1, gain1, beta2, epsilon, factor;
  HWY_INLINE explicit AdamaxOp(const double* k) : beta1(k[0]), gain1(k[1]), beta2(k[2]), epsilon(k[3]), factor(k[4]) {}
  HWY_INLINE V operator()(V u, V /*x*/, V* slot) const {
    slot[0] = beta1 * slot[0] + gain1 * u;
    slot[1] = larger(beta2 * slot[1], absolute(u) + epsilon);
    return (slot[0] * factor) / slot[1];
  }
};

template <class V>
struct NadamOp {
  static constexpr std::size_t kSlots = 2;
  Means<V> means;
  V ahead, mean, epsilon;
  HWY_INLINE explicit NadamOp(const double* k) : means(k), ahead(k[4]), mean(k[5]), epsilon(k[6]) {}
  HWY_INLINE V operator()(V u, V /*x*/, V* slot) const {
    means.update(u, slot);
    return (ahead * u + mean * slot[0]) / (square_root(slot[1]) + epsilon);
  }
};

template <class V>
struct RadamOp {
  static constexpr std::size_t kSlots = 2;
  Means<V> means;
  V factor, epsilon;
  bool divides;
  HWY_INLINE explicit RadamOp(const double* k) : means(k), factor(k[4]), epsilon(k[5]), divides(k[6] != 0.0) {}
  HWY_INLINE V operator()(V u, V /*x*/, V* slot) const {
    means.update(u, slot);
    const V mean = slot[0] * factor;
    return divides ? mean / (square_root(slot[1]) + epsilon) : mean;
  }
};

DESCENT_RULE_KERNEL(Amsgrad, AmsgradOp)
DESCENT_RULE_KERNEL(Adamax, AdamaxOp)
DESCENT_RULE_KERNEL(Nadam, NadamOp)
DESCENT_RULE_KERNEL(Radam, RadamOp)

}  // namespace
}  // namespace descent::rules::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace descent::rules {

DESCENT_RULE_DISPATCH(Amsgrad, amsgrad_elements)
DESCENT_RULE_DISPATCH(Adamax, adamax_elements)
DESCENT_RULE_DISPATCH(Nadam, nadam_elements)
DESCENT_RULE_DISPATCH(Radam, radam_elements)

}  // namespace descent::rules
#endif

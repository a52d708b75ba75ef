#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/optim/rules/rate_free_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "src/optim/rules/lanes_simd.hpp"
#include "src/optim/rules/rate_free.hpp"

HWY_BEFORE_NAMESPACE();
namespace descent::rules::HWY_NAMESPACE {
namespace {

template <class V>
struct ProdigyGatherOp {
  static constexpr std::size_t kSlots = 6;
  static constexpr unsigned kOnlyRead = 1U << 3;  // x0
  V beta1, gain1, beta2, gain2, beta3, gain3;
  HWY_INLINE explicit ProdigyGatherOp(const double* k)
      : beta1(k[0]), gain1(k[1]), beta2(k[2]), gain2(k[3]), beta3(k[4]), gain3(k[5]) {}
  HWY_INLINE V operator()(V u, V x, V* slot) const {
    slot[0] = beta1 * slot[0] + gain1 * u;
    slot[1] = beta2 * slot[1] + gain2 * (u * u);
    slot[2] = beta3 * slot[2] + gain3 * u;
    slot[4] = slot[3] - x;
    slot[5] = absolute(slot[2]);
    return u;
  }
};

template <class V>
struct DadaptAdamGatherOp {
  static constexpr std::size_t kSlots = 5;
  V beta1, gain1, beta2, gain2, root, gain3, epsilon;
  HWY_INLINE explicit DadaptAdamGatherOp(const double* k)
      : beta1(k[0]), gain1(k[1]), beta2(k[2]), gain2(k[3]), root(k[4]), gain3(k[5]), epsilon(k[6]) {}
  HWY_INLINE V operator()(V u, V /*x*/, V* slot) const {
    slot[3] = slot[2] / (square_root(slot[1]) + epsilon);
    slot[0] = beta1 * slot[0] + gain1 * u;
    slot[1] = beta2 * slot[1] + gain2 * (u * u);
    slot[2] = root * slot[2] + gain3 * u;
    slot[4] = absolute(slot[2]);
    return u;
  }
};

/// u = decay x + rate m / (sqrt(v) + epsilon)
template <class V>
struct AdamDirectionOp {
  static constexpr std::size_t kSlots = 2;
  static constexpr unsigned kOnlyRead = 3;
  V decay, rate, epsilon;
  HWY_INLINE explicit AdamDirectionOp(const double* k) : decay(k[0]), rate(k[1]), epsilon(k[2]) {}
  HWY_INLINE V operator()(V /*u*/, V x, V* slot) const {
    return decay * x + (rate * slot[0]) / (square_root(slot[1]) + epsilon);
  }
};

template <class V>
struct DistanceOp {
  static constexpr std::size_t kSlots = 2;
  V centre;
  HWY_INLINE explicit DistanceOp(const double* k) : centre(k[0]) {}
  HWY_INLINE V operator()(V u, V x, V* slot) const {
    slot[1] = x - centre * slot[0];
    return u;
  }
};

template <class V>
struct AdgdGatherOp {
  static constexpr std::size_t kSlots = 4;
  HWY_INLINE explicit AdgdGatherOp(const double* /*k*/) {}
  HWY_INLINE V operator()(V u, V x, V* slot) const {
    slot[2] = x - slot[0];
    slot[3] = u - slot[1];
    return u;
  }
};
template <class V>
struct AdgdOp {
  static constexpr std::size_t kSlots = 2;
  V rate;
  HWY_INLINE explicit AdgdOp(const double* k) : rate(k[0]) {}
  HWY_INLINE V operator()(V u, V x, V* slot) const {
    slot[0] = x;
    slot[1] = u;
    return rate * u;
  }
};

DESCENT_RULE_KERNEL(ProdigyGather, ProdigyGatherOp)
DESCENT_RULE_KERNEL(DadaptAdamGather, DadaptAdamGatherOp)
DESCENT_RULE_KERNEL(AdamDirection, AdamDirectionOp)
DESCENT_RULE_KERNEL(Distance, DistanceOp)
DESCENT_RULE_KERNEL(AdgdGather, AdgdGatherOp)
DESCENT_RULE_KERNEL(Adgd, AdgdOp)

}  // namespace
}  // namespace descent::rules::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace descent::rules {

DESCENT_RULE_DISPATCH(ProdigyGather, prodigy_gather)
DESCENT_RULE_DISPATCH(DadaptAdamGather, dadapt_adam_gather)
DESCENT_RULE_DISPATCH(AdamDirection, adam_direction)
DESCENT_RULE_DISPATCH(Distance, distance_gather)
DESCENT_RULE_DISPATCH(AdgdGather, adgd_gather)
DESCENT_RULE_DISPATCH(Adgd, adgd_elements)

}  // namespace descent::rules
#endif

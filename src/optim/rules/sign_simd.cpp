#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/optim/rules/sign_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "src/optim/rules/lanes_simd.hpp"
#include "src/optim/rules/sign.hpp"

HWY_BEFORE_NAMESPACE();
namespace descent::rules::HWY_NAMESPACE {
namespace {

template <class V>
struct SignOp {
  static constexpr std::size_t kSlots = 0;
  HWY_INLINE explicit SignOp(const double* /*k*/) {}
  HWY_INLINE V operator()(V u, V /*x*/, V* /*slot*/) const { return sign(u); }
};

template <class V>
struct LionOp {
  static constexpr std::size_t kSlots = 1;
  V beta1, gain1, beta2, gain2;
  HWY_INLINE explicit LionOp(const double* k) : beta1(k[0]), gain1(k[1]), beta2(k[2]), gain2(k[3]) {}
  HWY_INLINE V operator()(V u, V /*x*/, V* slot) const {
    const V mixed = beta1 * slot[0] + gain1 * u;
    slot[0] = beta2 * slot[0] + gain2 * u;
    return sign(mixed);
  }
};

DESCENT_RULE_KERNEL(Sign, SignOp)
DESCENT_RULE_KERNEL(Lion, LionOp)

}  // namespace
}  // namespace descent::rules::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace descent::rules {

DESCENT_RULE_DISPATCH(Sign, sign_elements)
DESCENT_RULE_DISPATCH(Lion, lion_elements)

}  // namespace descent::rules
#endif

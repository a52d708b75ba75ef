#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/optim/rules/schedule_free_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "src/optim/rules/lanes_simd.hpp"
#include "src/optim/rules/schedule_free.hpp"

HWY_BEFORE_NAMESPACE();
namespace descent::rules::HWY_NAMESPACE {
namespace {

/// The parameters are y. Slots: z, and x, the solution, formed anew from y and z.
template <class V>
struct AverageStep {
  V weight, gain, rate, pull, decay;
  HWY_INLINE explicit AverageStep(const double* k) : weight(k[0]), gain(k[1]), rate(k[2]), pull(k[3]), decay(k[4]) {}
  HWY_INLINE V operator()(V direction, V y, V* slot) const {
    direction = direction + decay * y;
    const V u = weight * (y - slot[0]) + gain * direction;
    const V next = y - u;
    slot[0] = slot[0] - rate * direction;
    slot[1] = next + pull * (next - slot[0]);
    return u;
  }
};

template <class V>
struct ScheduleFreeSgdOp {
  static constexpr std::size_t kSlots = 2;
  AverageStep<V> average;
  HWY_INLINE explicit ScheduleFreeSgdOp(const double* k) : average(k) {}
  HWY_INLINE V operator()(V u, V x, V* slot) const { return average(u, x, slot); }
};

template <class V>
struct ScheduleFreeAdamOp {
  static constexpr std::size_t kSlots = 3;
  AverageStep<V> average;
  V beta2, gain2, correction, epsilon;
  HWY_INLINE explicit ScheduleFreeAdamOp(const double* k)
      : average(k), beta2(k[5]), gain2(k[6]), correction(k[7]), epsilon(k[8]) {}
  HWY_INLINE V operator()(V u, V x, V* slot) const {
    slot[2] = beta2 * slot[2] + gain2 * (u * u);
    return average(u / (square_root(slot[2] / correction) + epsilon), x, slot);
  }
};

DESCENT_RULE_KERNEL(ScheduleFreeSgd, ScheduleFreeSgdOp)
DESCENT_RULE_KERNEL(ScheduleFreeAdam, ScheduleFreeAdamOp)

}  // namespace
}  // namespace descent::rules::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace descent::rules {

DESCENT_RULE_DISPATCH(ScheduleFreeSgd, schedule_free_sgd_elements)
DESCENT_RULE_DISPATCH(ScheduleFreeAdam, schedule_free_adam_elements)

}  // namespace descent::rules
#endif

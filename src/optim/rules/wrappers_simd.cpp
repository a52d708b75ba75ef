#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/optim/rules/wrappers_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "src/optim/rules/lanes_simd.hpp"
#include "src/optim/rules/wrappers.hpp"

HWY_BEFORE_NAMESPACE();
namespace descent::rules::HWY_NAMESPACE {
namespace {

template <class V>
struct AccumulateOp {
  static constexpr std::size_t kSlots = 1;
  V count;
  bool last;
  HWY_INLINE explicit AccumulateOp(const double* k) : count(k[0]), last(k[1] != 0.0) {}
  HWY_INLINE V operator()(V u, V /*x*/, V* slot) const {
    const V sum = slot[0] + u;
    slot[0] = last ? V(0.0) : sum;
    return sum / count;
  }
};

template <class V>
struct ZeroNansOp {
  static constexpr std::size_t kSlots = 0;
  HWY_INLINE explicit ZeroNansOp(const double* /*k*/) {}
  HWY_INLINE V operator()(V u, V /*x*/, V* /*slot*/) const { return choose(u == u, u, V(0.0)); }
};

template <class V>
struct LookaheadOp {
  static constexpr std::size_t kSlots = 1;
  V step;
  bool meets;
  HWY_INLINE explicit LookaheadOp(const double* k) : step(k[0]), meets(k[1] != 0.0) {}
  HWY_INLINE V operator()(V u, V x, V* slot) const {
    if (!meets) return u;
    slot[0] = slot[0] + step * ((x - u) - slot[0]);
    return x - slot[0];
  }
};

template <class V>
struct AverageOp {
  static constexpr std::size_t kSlots = 1;
  V weight;
  bool copies;
  HWY_INLINE explicit AverageOp(const double* k) : weight(k[0]), copies(k[1] != 0.0) {}
  HWY_INLINE V operator()(V u, V x, V* slot) const {
    const V next = x - u;
    slot[0] = copies ? next : slot[0] + weight * (next - slot[0]);
    return u;
  }
};

DESCENT_RULE_KERNEL(Accumulate, AccumulateOp)
DESCENT_RULE_KERNEL(ZeroNans, ZeroNansOp)
DESCENT_RULE_KERNEL(Lookahead, LookaheadOp)
DESCENT_RULE_KERNEL(Average, AverageOp)

}  // namespace
}  // namespace descent::rules::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace descent::rules {

DESCENT_RULE_DISPATCH(Accumulate, accumulate_elements)
DESCENT_RULE_DISPATCH(ZeroNans, zero_nans_elements)
DESCENT_RULE_DISPATCH(Lookahead, lookahead_elements)
DESCENT_RULE_DISPATCH(Average, average_elements)

}  // namespace descent::rules
#endif

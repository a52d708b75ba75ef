#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/optim/rules/ftrl_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "src/optim/rules/ftrl.hpp"
#include "src/optim/rules/lanes_simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace descent::rules::HWY_NAMESPACE {
namespace {

template <class V>
struct FtrlOp {
  static constexpr std::size_t kSlots = 2;
  V rate, beta, l1, l2;
  HWY_INLINE explicit FtrlOp(const double* k) : rate(k[0]), beta(k[1]), l1(k[2]), l2(k[3]) {}
  HWY_INLINE V operator()(V u, V x, V* slot) const {
    const V before = square_root(slot[1]);
    slot[1] = slot[1] + u * u;
    const V root = square_root(slot[1]);
    slot[0] = slot[0] + (u - ((root - before) / rate) * x);
    const V over = absolute(slot[0]) - l1;
    const V cut = choose(over > V(0.0), over, over - over);  // NOLINT: not 0, so that NaN stays visible
    return x + (sign(slot[0]) * cut) / ((beta + root) / rate + l2);
  }
};

DESCENT_RULE_KERNEL(Ftrl, FtrlOp)

}  // namespace
}  // namespace descent::rules::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace descent::rules {

DESCENT_RULE_DISPATCH(Ftrl, ftrl_elements)

}  // namespace descent::rules
#endif

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/simd/axpy_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "descent/simd/axpy.hpp"
#include "src/simd/dispatch_simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace descent::simd::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using Tag = hn::ScalableTag<double>;

// Multiply, round, add, round: a fused multiply-add would give other bits on targets that have one.

void Axpy(double a, const double* x, double* y, std::size_t n) {
  const Tag tag;
  const std::size_t lanes = hn::Lanes(tag);
  const auto factor = hn::Set(tag, a);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes)
    hn::StoreU(hn::Add(hn::LoadU(tag, y + i), hn::Mul(factor, hn::LoadU(tag, x + i))), tag, y + i);
  for (; i < n; ++i) y[i] = y[i] + a * x[i];
}

void Scale(double a, double* x, std::size_t n) {
  const Tag tag;
  const std::size_t lanes = hn::Lanes(tag);
  const auto factor = hn::Set(tag, a);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(hn::Mul(factor, hn::LoadU(tag, x + i)), tag, x + i);
  for (; i < n; ++i) x[i] = a * x[i];
}

void LinearCombination(double a, const double* x, double b, const double* y, double* out, std::size_t n) {
  const Tag tag;
  const std::size_t lanes = hn::Lanes(tag);
  const auto factor_x = hn::Set(tag, a), factor_y = hn::Set(tag, b);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes)
    hn::StoreU(hn::Add(hn::Mul(factor_x, hn::LoadU(tag, x + i)), hn::Mul(factor_y, hn::LoadU(tag, y + i))), tag,
               out + i);
  for (; i < n; ++i) out[i] = a * x[i] + b * y[i];
}

}  // namespace
}  // namespace descent::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace descent::simd {

DESCENT_EXPORT(Axpy);
DESCENT_EXPORT(Scale);
DESCENT_EXPORT(LinearCombination);

void axpy(double a, View x, MutableView y) { DESCENT_DISPATCH(Axpy)(a, x.data(), y.data(), y.size()); }

void scale(double a, MutableView x) { DESCENT_DISPATCH(Scale)(a, x.data(), x.size()); }

void linear_combination(double a, View x, double b, View y, MutableView out) {
  DESCENT_DISPATCH(LinearCombination)(a, x.data(), b, y.data(), out.data(), out.size());
}

}  // namespace descent::simd
#endif

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/nn/multiply_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "src/nn/multiply.hpp"
#include "src/simd/dispatch_simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace descent::nn::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using Tag = hn::CappedTag<double, 8>;
constexpr std::size_t kLanes = hn::MaxLanes(Tag());

void MultiplyAdd(const Product& p) {
  const Tag tag;
  for (std::size_t i = 0; i < p.rows; ++i) {
    const double* a = p.a + i * p.a_row;
    double* c = p.c + i * p.c_stride;
    std::size_t j = 0;
    for (; j + 4 * kLanes <= p.columns; j += 4 * kLanes) {  // four sums at once hide the latency of an addition
      auto c0 = hn::LoadU(tag, c + j), c1 = hn::LoadU(tag, c + j + kLanes);
      auto c2 = hn::LoadU(tag, c + j + 2 * kLanes), c3 = hn::LoadU(tag, c + j + 3 * kLanes);
      const double* b = p.b + j;
      for (std::size_t k = 0; k < p.inner; ++k, b += p.b_stride) {
        const auto s = hn::Set(tag, a[k * p.a_column]);
        c0 = hn::Add(c0, hn::Mul(s, hn::LoadU(tag, b)));
        c1 = hn::Add(c1, hn::Mul(s, hn::LoadU(tag, b + kLanes)));
        c2 = hn::Add(c2, hn::Mul(s, hn::LoadU(tag, b + 2 * kLanes)));
        c3 = hn::Add(c3, hn::Mul(s, hn::LoadU(tag, b + 3 * kLanes)));
      }
      hn::StoreU(c0, tag, c + j);
      hn::StoreU(c1, tag, c + j + kLanes);
      hn::StoreU(c2, tag, c + j + 2 * kLanes);
      hn::StoreU(c3, tag, c + j + 3 * kLanes);
    }
    for (; j + kLanes <= p.columns; j += kLanes) {
      auto sum = hn::LoadU(tag, c + j);
      for (std::size_t k = 0; k < p.inner; ++k)
        sum = hn::Add(sum, hn::Mul(hn::Set(tag, a[k * p.a_column]), hn::LoadU(tag, p.b + k * p.b_stride + j)));
      hn::StoreU(sum, tag, c + j);
    }
    for (; j < p.columns; ++j) {
      double sum = c[j];
      for (std::size_t k = 0; k < p.inner; ++k) sum += a[k * p.a_column] * p.b[k * p.b_stride + j];
      c[j] = sum;
    }
  }
}

}  // namespace
}  // namespace descent::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace descent::nn {

DESCENT_EXPORT(MultiplyAdd);

void multiply_add(const Product& product) { DESCENT_DISPATCH(MultiplyAdd)(product); }

void multiply_add_reference(const Product& p) {
  for (std::size_t i = 0; i < p.rows; ++i)
    for (std::size_t j = 0; j < p.columns; ++j)
      for (std::size_t k = 0; k < p.inner; ++k)
        p.c[i * p.c_stride + j] += p.a[i * p.a_row + k * p.a_column] * p.b[k * p.b_stride + j];
}

}  // namespace descent::nn
#endif

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/linear/rows_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "descent/simd/reduce.hpp"
#include "src/linear/rows_kernels.hpp"
#include "src/simd/dispatch_simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace descent::linear::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using Tag = hn::CappedTag<double, simd::kVirtualLanes>;
using Vector = hn::Vec<Tag>;
constexpr std::size_t kLanes = hn::MaxLanes(Tag());
constexpr std::size_t kVectors = simd::kVirtualLanes / kLanes;  // that hold the virtual lanes of one sum
constexpr std::size_t kLineElements = 8;                        // doubles in a cache line

/// kCount vectors of running sums for one row; halves and not an array, so that they stay in registers.
template <std::size_t kCount>
struct Lanes {
  Lanes<kCount / 2> low, high;

  HWY_INLINE void clear() {
    low.clear();
    high.clear();
  }
  HWY_INLINE void add(const double* x, const double* w) {
    low.add(x, w);
    high.add(x + kCount / 2 * kLanes, w + kCount / 2 * kLanes);
  }
  HWY_INLINE void store(double* out) const {
    low.store(out);
    high.store(out + kCount / 2 * kLanes);
  }
};
template <>
struct Lanes<1> {
  Vector value;

  HWY_INLINE void clear() { value = hn::Zero(Tag()); }
  HWY_INLINE void add(const double* x, const double* w) {
    value = hn::Add(value, hn::Mul(hn::LoadU(Tag(), x), hn::LoadU(Tag(), w)));
  }
  HWY_INLINE void store(double* out) const { hn::StoreU(value, Tag(), out); }
};

HWY_INLINE double combine(const double* lanes) {
  double eight[8], four[4];
  for (std::size_t k = 0; k < 8; ++k) eight[k] = lanes[k] + lanes[k + 8];
  for (std::size_t k = 0; k < 4; ++k) four[k] = eight[k] + eight[k + 4];
  return (four[0] + four[2]) + (four[1] + four[3]);
}

HWY_INLINE void fetch(const double* ahead, std::size_t elements) {
  for (std::size_t j = 0; j < elements; j += kLineElements) __builtin_prefetch(ahead + j);
}

void WideScores(const double* x, std::size_t rows, std::size_t features, const double* w, double b, double* out,
                std::size_t out_stride, const double* ahead) {
  HWY_ALIGN double lanes[4 * simd::kVirtualLanes];
  std::size_t i = 0;
  if constexpr (kVectors <= 2) {  // four rows at a time need 4 * kVectors registers
    for (; i + 4 <= rows; i += 4, x += 4 * features) {
      Lanes<kVectors> r0, r1, r2, r3;
      r0.clear();
      r1.clear();
      r2.clear();
      r3.clear();
      for (std::size_t j = 0; j < features; j += simd::kVirtualLanes) {
        r0.add(x + j, w + j);
        r1.add(x + features + j, w + j);
        r2.add(x + 2 * features + j, w + j);
        r3.add(x + 3 * features + j, w + j);
      }
      r0.store(lanes);
      r1.store(lanes + 16);
      r2.store(lanes + 32);
      r3.store(lanes + 48);
      for (std::size_t k = 0; k < 4; ++k) out[(i + k) * out_stride] = combine(lanes + 16 * k) + b;
      if (ahead != nullptr) fetch(ahead + i * features, 4 * features);
    }
  }
  for (; i < rows; ++i, x += features) {
    Lanes<kVectors> row;
    row.clear();
    for (std::size_t j = 0; j < features; j += simd::kVirtualLanes) row.add(x + j, w + j);
    row.store(lanes);
    out[i * out_stride] = combine(lanes) + b;
    if (ahead != nullptr) fetch(ahead + i * features, features);
  }
}

void WideGradient(const double* x, std::size_t rows, std::size_t features, const double* slopes, std::size_t stride,
                  double* g, const double* ahead) {
  const Tag tag;
  std::size_t i = 0;
  for (; i + 4 <= rows; i += 4, x += 4 * features) {
    const auto s0 = hn::Set(tag, slopes[i * stride]), s1 = hn::Set(tag, slopes[(i + 1) * stride]);
    const auto s2 = hn::Set(tag, slopes[(i + 2) * stride]), s3 = hn::Set(tag, slopes[(i + 3) * stride]);
    for (std::size_t j = 0; j < features; j += kLanes) {
      auto sum = hn::LoadU(tag, g + j);
      sum = hn::Add(sum, hn::Mul(s0, hn::LoadU(tag, x + j)));
      sum = hn::Add(sum, hn::Mul(s1, hn::LoadU(tag, x + features + j)));
      sum = hn::Add(sum, hn::Mul(s2, hn::LoadU(tag, x + 2 * features + j)));
      sum = hn::Add(sum, hn::Mul(s3, hn::LoadU(tag, x + 3 * features + j)));
      hn::StoreU(sum, tag, g + j);
    }
    if (ahead != nullptr) fetch(ahead + i * features, 4 * features);
  }
  for (; i < rows; ++i, x += features) {
    const auto s = hn::Set(tag, slopes[i * stride]);
    for (std::size_t j = 0; j < features; j += kLanes)
      hn::StoreU(hn::Add(hn::LoadU(tag, g + j), hn::Mul(s, hn::LoadU(tag, x + j))), tag, g + j);
  }
}

}  // namespace
}  // namespace descent::linear::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace descent::linear {

DESCENT_EXPORT(WideScores);
DESCENT_EXPORT(WideGradient);

namespace {

template <std::size_t kFeatures>
void narrow_scores(const double* x, std::size_t rows, const double* w, double b, double* out, std::size_t out_stride) {
  for (std::size_t i = 0; i < rows; ++i, x += kFeatures) {
    double sum = x[0] * w[0];
    for (std::size_t j = 1; j < kFeatures; ++j) sum += x[j] * w[j];
    out[i * out_stride] = sum + b;
  }
}

template <std::size_t kFeatures>
void narrow_gradient(const double* x, std::size_t rows, const double* slopes, std::size_t stride, double* g) {
  double sums[kFeatures];
  for (std::size_t j = 0; j < kFeatures; ++j) sums[j] = g[j];
  for (std::size_t i = 0; i < rows; ++i, x += kFeatures)
    for (std::size_t j = 0; j < kFeatures; ++j) sums[j] += slopes[i * stride] * x[j];
  for (std::size_t j = 0; j < kFeatures; ++j) g[j] = sums[j];
}

}  // namespace

void block_scores(const double* x, std::size_t rows, std::size_t features, const double* w, double b, double* out,
                  std::size_t out_stride, const double* ahead) {
  switch (features) {
    case 1: return narrow_scores<1>(x, rows, w, b, out, out_stride);
    case 2: return narrow_scores<2>(x, rows, w, b, out, out_stride);
    case 3: return narrow_scores<3>(x, rows, w, b, out, out_stride);
    case 4: return narrow_scores<4>(x, rows, w, b, out, out_stride);
    case 5: return narrow_scores<5>(x, rows, w, b, out, out_stride);
    case 6: return narrow_scores<6>(x, rows, w, b, out, out_stride);
    case 7: return narrow_scores<7>(x, rows, w, b, out, out_stride);
    default: DESCENT_DISPATCH(WideScores)(x, rows, features, w, b, out, out_stride, ahead);
  }
}

void block_gradient(const double* x, std::size_t rows, std::size_t features, const double* slopes, std::size_t stride,
                    double* g, const double* ahead) {
  switch (features) {
    case 1: return narrow_gradient<1>(x, rows, slopes, stride, g);
    case 2: return narrow_gradient<2>(x, rows, slopes, stride, g);
    case 3: return narrow_gradient<3>(x, rows, slopes, stride, g);
    case 4: return narrow_gradient<4>(x, rows, slopes, stride, g);
    case 5: return narrow_gradient<5>(x, rows, slopes, stride, g);
    case 6: return narrow_gradient<6>(x, rows, slopes, stride, g);
    case 7: return narrow_gradient<7>(x, rows, slopes, stride, g);
    default: DESCENT_DISPATCH(WideGradient)(x, rows, features, slopes, stride, g, ahead);
  }
}

}  // namespace descent::linear
#endif

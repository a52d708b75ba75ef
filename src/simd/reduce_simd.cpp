#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/simd/reduce_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <cmath>
#include <limits>

#include "descent/simd/reduce.hpp"

HWY_BEFORE_NAMESPACE();
namespace descent::simd::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using Tag = hn::CappedTag<double, kVirtualLanes>;
using Vector = hn::Vec<Tag>;
constexpr std::size_t kLanes = hn::MaxLanes(Tag());

// kCount vectors that together hold kCount * kLanes of the virtual lanes. A pair of halves and not an array, so that
// the lanes stay in registers without leaving it to the loop unroller. No constructor: g++ compiles those it makes
// itself for the baseline and not for the target.
template <std::size_t kCount>
struct Accumulator {
  Accumulator<kCount / 2> low, high;

  HWY_INLINE void clear() {
    low.clear();
    high.clear();
  }
  template <class Term, class... Inputs>
  HWY_INLINE void add(Term term, std::size_t at, Inputs... inputs) {
    low.add(term, at, inputs...);
    high.add(term, at + kCount / 2 * kLanes, inputs...);
  }
  HWY_INLINE void store(double* lanes) const {
    low.store(lanes);
    high.store(lanes + kCount / 2 * kLanes);
  }
};

template <>
struct Accumulator<1> {
  Vector value;

  HWY_INLINE void clear() { value = hn::Zero(Tag()); }
  template <class Term, class... Inputs>
  HWY_INLINE void add(Term term, std::size_t at, Inputs... inputs) {
    value = term(value, hn::LoadU(Tag(), inputs + at)...);
  }
  HWY_INLINE void store(double* lanes) const { hn::StoreU(value, Tag(), lanes); }
};

/// The 16 virtual lanes after all n elements. The last, incomplete group is filled up with zeros, of which every term
/// makes +0, and a lane is never -0: it began as +0.
template <class Term>
HWY_INLINE void accumulate(Term term, double* lanes, std::size_t n, const double* x) {
  Accumulator<kVirtualLanes / kLanes> total;
  total.clear();
  std::size_t i = 0;
  for (; i + kVirtualLanes <= n; i += kVirtualLanes) total.add(term, i, x);
  if (i < n) {
    double last[kVirtualLanes] = {};
    for (std::size_t k = 0; k < n - i; ++k) last[k] = x[i + k];
    total.add(term, 0, static_cast<const double*>(last));
  }
  total.store(lanes);
}

template <class Term>
HWY_INLINE void accumulate(Term term, double* lanes, std::size_t n, const double* x, const double* y) {
  Accumulator<kVirtualLanes / kLanes> total;
  total.clear();
  std::size_t i = 0;
  for (; i + kVirtualLanes <= n; i += kVirtualLanes) total.add(term, i, x, y);
  if (i < n) {
    double last_x[kVirtualLanes] = {}, last_y[kVirtualLanes] = {};
    for (std::size_t k = 0; k < n - i; ++k) {
      last_x[k] = x[i + k];
      last_y[k] = y[i + k];
    }
    total.add(term, 0, static_cast<const double*>(last_x), static_cast<const double*>(last_y));
  }
  total.store(lanes);
}

HWY_INLINE double combine(const double* lanes) {
  double eight[8], four[4];
  for (std::size_t k = 0; k < 8; ++k) eight[k] = lanes[k] + lanes[k + 8];
  for (std::size_t k = 0; k < 4; ++k) four[k] = eight[k] + eight[k + 4];
  return (four[0] + four[2]) + (four[1] + four[3]);
}

struct SumTerm {
  HWY_INLINE Vector operator()(Vector total, Vector x) const { return hn::Add(total, x); }
};
struct ProductTerm {
  HWY_INLINE Vector operator()(Vector total, Vector x, Vector y) const { return hn::Add(total, hn::Mul(x, y)); }
};
struct SquareTerm {
  HWY_INLINE Vector operator()(Vector total, Vector x) const { return hn::Add(total, hn::Mul(x, x)); }
};
struct SquaredDifferenceTerm {
  HWY_INLINE Vector operator()(Vector total, Vector x, Vector y) const {
    const Vector difference = hn::Sub(x, y);
    return hn::Add(total, hn::Mul(difference, difference));
  }
};
/// A NaN stays once it is there: nothing compares greater than it.
struct MaxAbsTerm {
  HWY_INLINE Vector operator()(Vector total, Vector x) const {
    const Vector size = hn::Abs(x);
    return hn::IfThenElse(hn::Or(hn::Gt(size, total), hn::IsNaN(size)), size, total);
  }
};
/// x - x is 0 for a finite x and NaN otherwise.
struct FiniteTerm {
  HWY_INLINE Vector operator()(Vector total, Vector x) const { return hn::Add(total, hn::Sub(x, x)); }
};

double Sum(const double* x, std::size_t n) {
  double lanes[kVirtualLanes];
  accumulate(SumTerm(), lanes, n, x);
  return combine(lanes);
}

double Dot(const double* x, const double* y, std::size_t n) {
  double lanes[kVirtualLanes];
  accumulate(ProductTerm(), lanes, n, x, y);
  return combine(lanes);
}

double SquaredNorm(const double* x, std::size_t n) {
  double lanes[kVirtualLanes];
  accumulate(SquareTerm(), lanes, n, x);
  return combine(lanes);
}

double SquaredDistance(const double* x, const double* y, std::size_t n) {
  double lanes[kVirtualLanes];
  accumulate(SquaredDifferenceTerm(), lanes, n, x, y);
  return combine(lanes);
}

double MaxAbs(const double* x, std::size_t n) {
  double lanes[kVirtualLanes];
  accumulate(MaxAbsTerm(), lanes, n, x);
  double largest = 0.0;
  for (const double lane : lanes) {
    if (lane != lane) return lane;
    if (lane > largest) largest = lane;
  }
  return largest;
}

bool AllFinite(const double* x, std::size_t n) {
  double lanes[kVirtualLanes];
  accumulate(FiniteTerm(), lanes, n, x);
  return combine(lanes) == 0.0;
}

}  // namespace
}  // namespace descent::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace descent::simd {

HWY_EXPORT(Sum);
HWY_EXPORT(Dot);
HWY_EXPORT(SquaredNorm);
HWY_EXPORT(SquaredDistance);
HWY_EXPORT(MaxAbs);
HWY_EXPORT(AllFinite);

double sum(View x) { return HWY_DYNAMIC_DISPATCH(Sum)(x.data(), x.size()); }
double dot(View x, View y) { return HWY_DYNAMIC_DISPATCH(Dot)(x.data(), y.data(), x.size()); }
double squared_norm(View x) { return HWY_DYNAMIC_DISPATCH(SquaredNorm)(x.data(), x.size()); }
double squared_distance(View x, View y) { return HWY_DYNAMIC_DISPATCH(SquaredDistance)(x.data(), y.data(), x.size()); }
double max_abs(View x) { return HWY_DYNAMIC_DISPATCH(MaxAbs)(x.data(), x.size()); }
bool all_finite(View x) { return HWY_DYNAMIC_DISPATCH(AllFinite)(x.data(), x.size()); }

}  // namespace descent::simd
#endif

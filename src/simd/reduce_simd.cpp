#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/simd/reduce_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <cmath>

#include "descent/simd/reduce.hpp"
#include "src/simd/dispatch_simd.hpp"
#include "src/simd/prefetch.hpp"

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
  HWY_INLINE void merge(const Accumulator& other) {
    low.merge(other.low);
    high.merge(other.high);
  }
  /// The upper half of the lanes added to the lower one, until one vector is left.
  HWY_INLINE Vector fold() {
    low.merge(high);
    return low.fold();
  }
};

template <>
struct Accumulator<1> {
  Vector value;

  HWY_INLINE void clear() { value = hn::Zero(Tag()); }
  template <class Term, class... Inputs>
  HWY_INLINE void add(Term term, std::size_t at, Inputs... inputs) {
    value = term(value, inputs.at(at)...);
  }
  HWY_INLINE void store(double* lanes) const { hn::StoreU(value, Tag(), lanes); }
  HWY_INLINE void merge(const Accumulator& other) { value = hn::Add(value, other.value); }
  HWY_INLINE Vector fold() { return value; }
};

using Total = Accumulator<kVirtualLanes / kLanes>;

using FloatTag = hn::Rebind<float, Tag>;  // as many floats, half as wide

HWY_INLINE Vector load(const double* x) { return hn::LoadU(Tag(), x); }
HWY_INLINE Vector load(const float* x) { return hn::PromoteTo(Tag(), hn::LoadU(FloatTag(), x)); }
#if !HWY_MEM_OPS_MIGHT_FAULT
HWY_INLINE Vector load_first(std::size_t n, const double* x) { return hn::MaskedLoad(hn::FirstN(Tag(), n), Tag(), x); }
HWY_INLINE Vector load_first(std::size_t n, const float* x) {
  return hn::PromoteTo(Tag(), hn::MaskedLoad(hn::FirstN(FloatTag(), n), FloatTag(), x));
}
#endif

/// Vectors of what begins at x, zeros from `count` elements on. A copy filled up with zeros would cost a store that the
/// loads after it have to wait for: 32 ns instead of 17 for a dot product of 100.
template <class T>
struct Last {
  const T* x;
  std::size_t count;

  HWY_INLINE Vector at(std::size_t i) const {
    if (i + kLanes <= count) return load(x + i);
    if (i >= count) return hn::Zero(Tag());
#if HWY_MEM_OPS_MIGHT_FAULT
    T filled[kLanes] = {};
    for (std::size_t k = 0; k < count - i; ++k) filled[k] = x[i + k];
    return load(filled);
#else
    return load_first(count - i, x + i);
#endif
  }
};
template <class T>
struct Whole {
  const T* x;
  HWY_INLINE Vector at(std::size_t i) const { return load(x + i); }
};

// The virtual lanes after all n elements of each x. The last, incomplete group is filled up with zeros, of which every
// term makes +0, and a lane is never -0: it began as +0.
template <class Term, class... T>
HWY_INLINE void accumulate(Term term, Total& total, std::size_t n, const T*... x) {
  total.clear();
  std::size_t i = 0;
  for (; i + kVirtualLanes <= n; i += kVirtualLanes) {
    (prefetch(x + i, kVirtualLanes * sizeof(T)), ...);
    total.add(term, i, Whole<T>{x}...);
  }
  if (i < n) total.add(term, 0, Last<T>{x + i, n - i}...);
}

HWY_INLINE double combine(Total& total) {
  double lanes[kLanes];
  hn::StoreU(total.fold(), Tag(), lanes);
  for (std::size_t width = kLanes / 2; width >= 1; width /= 2)
    for (std::size_t k = 0; k < width; ++k) lanes[k] = lanes[k] + lanes[k + width];
  return lanes[0];
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
  Total total;
  accumulate(SumTerm(), total, n, x);
  return combine(total);
}

double Dot(const double* x, const double* y, std::size_t n) {
  Total total;
  accumulate(ProductTerm(), total, n, x, y);
  return combine(total);
}

double SquaredNorm(const double* x, std::size_t n) {
  Total total;
  accumulate(SquareTerm(), total, n, x);
  return combine(total);
}

double SumOfFloats(const float* x, std::size_t n) {
  Total total;
  accumulate(SumTerm(), total, n, x);
  return combine(total);
}

double DotOfFloats(const float* x, const float* y, std::size_t n) {
  Total total;
  accumulate(ProductTerm(), total, n, x, y);
  return combine(total);
}

double SquaredNormOfFloats(const float* x, std::size_t n) {
  Total total;
  accumulate(SquareTerm(), total, n, x);
  return combine(total);
}

double SquaredDistance(const double* x, const double* y, std::size_t n) {
  Total total;
  accumulate(SquaredDifferenceTerm(), total, n, x, y);
  return combine(total);
}

double MaxAbs(const double* x, std::size_t n) {
  Total total;
  accumulate(MaxAbsTerm(), total, n, x);
  double lanes[kVirtualLanes];
  total.store(lanes);
  double largest = 0.0;
  for (const double lane : lanes) {
    if (lane != lane) return lane;
    if (lane > largest) largest = lane;
  }
  return largest;
}

bool AllFinite(const double* x, std::size_t n) {
  Total total;
  accumulate(FiniteTerm(), total, n, x);
  return combine(total) == 0.0;
}

}  // namespace
}  // namespace descent::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace descent::simd {

DESCENT_EXPORT(Sum);
DESCENT_EXPORT(Dot);
DESCENT_EXPORT(SquaredNorm);
DESCENT_EXPORT(SumOfFloats);
DESCENT_EXPORT(DotOfFloats);
DESCENT_EXPORT(SquaredNormOfFloats);
DESCENT_EXPORT(SquaredDistance);
DESCENT_EXPORT(MaxAbs);
DESCENT_EXPORT(AllFinite);

namespace {

// Problems of two or three variables are what tutorials minimise and what a dispatch would cost most: 2 against 20 ns.
// With at most four elements the tree is (l0 + l2) + (l1 + l3), a lane that has no element being +0.
constexpr std::size_t kFew = 4;

template <class Term>
double sum_of_few(std::size_t n, Term term) {
  double lane[kFew] = {};
  for (std::size_t i = 0; i < n; ++i) lane[i] = 0.0 + term(i);
  return (lane[0] + lane[2]) + (lane[1] + lane[3]);
}

}  // namespace

double sum(View x) {
  if (x.size() <= kFew) return sum_of_few(x.size(), [&](std::size_t i) { return x[i]; });
  return DESCENT_DISPATCH(Sum)(x.data(), x.size());
}

double dot(View x, View y) {
  if (x.size() <= kFew) return sum_of_few(x.size(), [&](std::size_t i) { return x[i] * y[i]; });
  return DESCENT_DISPATCH(Dot)(x.data(), y.data(), x.size());
}

double squared_norm(View x) {
  if (x.size() <= kFew) return sum_of_few(x.size(), [&](std::size_t i) { return x[i] * x[i]; });
  return DESCENT_DISPATCH(SquaredNorm)(x.data(), x.size());
}

double sum(FloatView x) { return DESCENT_DISPATCH(SumOfFloats)(x.data(), x.size()); }
double dot(FloatView x, FloatView y) { return DESCENT_DISPATCH(DotOfFloats)(x.data(), y.data(), x.size()); }
double squared_norm(FloatView x) { return DESCENT_DISPATCH(SquaredNormOfFloats)(x.data(), x.size()); }

double squared_distance(View x, View y) {
  if (x.size() <= kFew) return sum_of_few(x.size(), [&](std::size_t i) { return (x[i] - y[i]) * (x[i] - y[i]); });
  return DESCENT_DISPATCH(SquaredDistance)(x.data(), y.data(), x.size());
}

double max_abs(View x) {
  if (x.size() > kFew) return DESCENT_DISPATCH(MaxAbs)(x.data(), x.size());
  double largest = 0.0;
  for (const double value : x) {
    const double size = std::fabs(value);
    if (size > largest || std::isnan(size)) largest = size;
  }
  return largest;
}

bool all_finite(View x) {
  if (x.size() <= kFew) return sum_of_few(x.size(), [&](std::size_t i) { return x[i] - x[i]; }) == 0.0;
  return DESCENT_DISPATCH(AllFinite)(x.data(), x.size());
}

}  // namespace descent::simd
#endif

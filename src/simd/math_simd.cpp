#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/simd/math_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <sleef.h>

#include "descent/core/elementary.hpp"
#include "descent/simd/math.hpp"
#include "src/simd/dispatch_simd.hpp"
#include "src/simd/sleef_wide.hpp"

// The "cinz" functions of SLEEF are those whose bits do not depend on the width: no fused multiply-add, and no path
// that is chosen by what the other lanes hold. Two lanes are called directly, four and eight through memory
// (sleef_wide.hpp).
#undef DESCENT_SLEEF_OF_2
#undef DESCENT_SLEEF_WIDE
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
#define DESCENT_SLEEF_WIDE(f) sleef::f##_of_8
#elif HWY_TARGET == HWY_AVX2
#define DESCENT_SLEEF_WIDE(f) sleef::f##_of_4
#elif HWY_TARGET == HWY_SSE4
#define DESCENT_SLEEF_OF_2(f) Sleef_cinz_##f##d2_u10sse4
#elif HWY_TARGET == HWY_SSSE3
#define DESCENT_SLEEF_OF_2(f) Sleef_cinz_##f##d2_u10sse2
#endif

HWY_BEFORE_NAMESPACE();
namespace descent::simd::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using Tag = hn::ScalableTag<double>;
using Vector = hn::Vec<Tag>;
constexpr std::size_t kLanes = hn::MaxLanes(Tag());

// DESCENT_FUNCTION(SleefExp, exp): struct SleefExp with SleefExp::of(vector).
#undef DESCENT_FUNCTION
#undef DESCENT_FUNCTION2
#if defined(DESCENT_SLEEF_OF_2)
#define DESCENT_FUNCTION(Name, f)                                                          \
  struct Name {                                                                            \
    static HWY_INLINE Vector of(Vector x) { return Vector{DESCENT_SLEEF_OF_2(f)(x.raw)}; } \
  };
#define DESCENT_FUNCTION2(Name, f)                                                                          \
  struct Name {                                                                                             \
    static HWY_INLINE Vector of(Vector x, Vector y) { return Vector{DESCENT_SLEEF_OF_2(f)(x.raw, y.raw)}; } \
  };
#else
#if defined(DESCENT_SLEEF_WIDE)
#define DESCENT_APPLY(f) DESCENT_SLEEF_WIDE(f)(x_lanes, x_lanes)
#define DESCENT_APPLY2(f) DESCENT_SLEEF_WIDE(f)(x_lanes, y_lanes, x_lanes)
#else  // A machine SLEEF has no vectors for, or none at all: element by element.
#define DESCENT_APPLY(f) \
  for (double& lane : x_lanes) lane = math::f(lane)
#define DESCENT_APPLY2(f) \
  for (std::size_t k = 0; k < kLanes; ++k) x_lanes[k] = math::f(x_lanes[k], y_lanes[k])
#endif
#define DESCENT_FUNCTION(Name, f)           \
  struct Name {                             \
    static HWY_INLINE Vector of(Vector x) { \
      HWY_ALIGN double x_lanes[kLanes];     \
      hn::Store(x, Tag(), x_lanes);         \
      DESCENT_APPLY(f);                     \
      return hn::Load(Tag(), x_lanes);      \
    }                                       \
  };
#define DESCENT_FUNCTION2(Name, f)                       \
  struct Name {                                          \
    static HWY_INLINE Vector of(Vector x, Vector y) {    \
      HWY_ALIGN double x_lanes[kLanes], y_lanes[kLanes]; \
      hn::Store(x, Tag(), x_lanes);                      \
      hn::Store(y, Tag(), y_lanes);                      \
      DESCENT_APPLY2(f);                                 \
      return hn::Load(Tag(), x_lanes);                   \
    }                                                    \
  };
#endif

DESCENT_FUNCTION(SleefExp, exp)
DESCENT_FUNCTION(Expm1Of, expm1)
DESCENT_FUNCTION(LogOf, log)
DESCENT_FUNCTION(SleefLog1p, log1p)
DESCENT_FUNCTION(SinOf, sin)
DESCENT_FUNCTION(CosOf, cos)
DESCENT_FUNCTION(SleefTan, tan)
DESCENT_FUNCTION(AsinOf, asin)
DESCENT_FUNCTION(AcosOf, acos)
DESCENT_FUNCTION(AtanOf, atan)
DESCENT_FUNCTION2(Atan2Of, atan2)
DESCENT_FUNCTION(SleefSinh, sinh)
DESCENT_FUNCTION(SleefCosh, cosh)
DESCENT_FUNCTION(TanhOf, tanh)
DESCENT_FUNCTION(ErfOf, erf)
DESCENT_FUNCTION2(SleefPow, pow)
#undef DESCENT_APPLY
#undef DESCENT_APPLY2

// From here on: the operations of core/elementary.cpp, in its order. The reasons stand there.

HWY_INLINE Vector constant(double value) { return hn::Set(Tag(), value); }

struct ExpOf {
  static HWY_INLINE Vector of(Vector x) {
    const Vector result = SleefExp::of(x);
    const auto large = hn::Gt(x, constant(709.0));
    if (HWY_LIKELY(hn::AllFalse(Tag(), large))) return result;
    const Vector rest = SleefExp::of(hn::Sub(x, constant(709.095703125)));
    return hn::IfThenElse(large, hn::Mul(constant(0x1.019375515d480p+1023), rest), result);
  }
};
struct Log1pOf {
  static HWY_INLINE Vector of(Vector x) {
    const Vector result = hn::IfThenElse(hn::Lt(hn::Abs(x), constant(0x1p-54)), x, SleefLog1p::of(x));
    const auto large = hn::Gt(x, constant(1e300));
    return HWY_LIKELY(hn::AllFalse(Tag(), large)) ? result : hn::IfThenElse(large, LogOf::of(x), result);
  }
};
struct PowOf {
  static HWY_INLINE Vector of(Vector x, Vector y) {
    const Vector result = SleefPow::of(x, y);
    const auto infinite = hn::IsInf(result);
    if (HWY_LIKELY(hn::AllFalse(Tag(), infinite))) return result;
    const auto finite = hn::And(hn::IsFinite(x), hn::IsFinite(y));
    const auto by_overflow = hn::And(hn::And(infinite, finite), hn::Ne(x, hn::Zero(Tag())));
    const Vector root = SleefPow::of(hn::Abs(x), hn::Mul(constant(0.5), y));
    return hn::IfThenElse(by_overflow, hn::CopySignToAbs(hn::Mul(root, root), result), result);
  }
};
struct TanOf {
  static HWY_INLINE Vector of(Vector x) {
    return hn::IfThenElse(hn::Lt(hn::Abs(x), constant(0x1p-28)), x, SleefTan::of(x));
  }
};

HWY_INLINE Vector half_exp(Vector x) {
  return hn::Mul(constant(0x1.052d59ee6eb5cp+1023), SleefExp::of(hn::Sub(x, constant(709.802734375))));
}
struct SinhOf {
  static HWY_INLINE Vector of(Vector x) {
    const Vector result = SleefSinh::of(x), size = hn::Abs(x);
    const auto large = hn::Gt(size, constant(709.0));
    if (HWY_LIKELY(hn::AllFalse(Tag(), large))) return result;
    return hn::IfThenElse(large, hn::CopySignToAbs(half_exp(size), x), result);
  }
};
struct CoshOf {
  static HWY_INLINE Vector of(Vector x) {
    const Vector result = SleefCosh::of(x), size = hn::Abs(x);
    const auto large = hn::Gt(size, constant(709.0));
    return HWY_LIKELY(hn::AllFalse(Tag(), large)) ? result : hn::IfThenElse(large, half_exp(size), result);
  }
};

HWY_INLINE Vector power_of_two(Vector k) {
  const hn::RebindToUnsigned<Tag> bits;
  const auto shifted = hn::BitCast(bits, hn::Add(k, constant(0x1.8p52)));
  return hn::BitCast(Tag(), hn::ShiftLeft<52>(hn::Add(shifted, hn::Set(bits, 1023))));
}

HWY_INLINE void exp_pair(Vector z, Vector& e_high, Vector& e_low) {
  constexpr double kCoefficients[] = {1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800,
                                      1.0 / 362880,     1.0 / 40320,     1.0 / 5040,     1.0 / 720,
                                      1.0 / 120,        1.0 / 24,        1.0 / 6,        1.0 / 2};
  const Vector one = constant(1.0), round = constant(0x1.8p52), smallest = constant(-746.0);
  z = hn::IfThenElse(hn::Lt(z, smallest), smallest, z);
  const Vector k = hn::Sub(hn::Add(hn::Mul(z, constant(0x1.71547652b82fep+0)), round), round);
  const Vector r_high = hn::Sub(z, hn::Mul(k, constant(0x1.62e42fefap-1)));
  const Vector r_error = hn::Mul(k, constant(0x1.cf79abc9e3b39p-40));
  const Vector r = hn::Sub(r_high, r_error), r_low = hn::Sub(hn::Sub(r_high, r), r_error);
  Vector series = constant(1.0 / 87178291200);
  for (const double c : kCoefficients) series = hn::Add(hn::Mul(series, r), constant(c));
  const Vector one_plus_r = hn::Add(one, r);
  const Vector rest = hn::Add(hn::Sub(r, hn::Sub(one_plus_r, one)), hn::Add(r_low, hn::Mul(hn::Mul(r, r), series)));
  const Vector high = hn::Add(one_plus_r, rest), low = hn::Sub(rest, hn::Sub(high, one_plus_r));
  const Vector least = constant(-1000.0);
  const Vector k1 = hn::IfThenElse(hn::Lt(k, least), least, k);
  const Vector scale1 = power_of_two(k1), scale2 = power_of_two(hn::Sub(k, k1));
  e_high = hn::Mul(hn::Mul(high, scale1), scale2);
  e_low = hn::Mul(hn::Mul(low, scale1), scale2);
}

struct SigmoidOf {
  static HWY_INLINE Vector of(Vector x) {
    const Vector one = constant(1.0);
    Vector e_high, e_low;
    exp_pair(hn::Neg(hn::Abs(x)), e_high, e_low);
    const Vector denominator = hn::Add(one, e_high);
    const Vector denominator_low = hn::Add(hn::Sub(e_high, hn::Sub(denominator, one)), e_low);
    const Vector quotient = hn::Div(e_high, denominator);
    const Vector residual = hn::Sub(e_low, hn::Mul(quotient, denominator_low));
    const Vector small = hn::Add(quotient, hn::Mul(residual, hn::Sub(one, quotient)));
    return hn::IfThenElse(hn::Ge(x, hn::Zero(Tag())), hn::Sub(one, small), small);
  }
};
struct SoftplusOf {
  static HWY_INLINE Vector of(Vector x) {
    Vector e_high, e_low;
    exp_pair(hn::Neg(hn::Abs(x)), e_high, e_low);
    const Vector correction = hn::Div(e_low, hn::Add(constant(1.0), e_high));
    const Vector positive = hn::IfThenElseZero(hn::Gt(x, hn::Zero(Tag())), x);
    return hn::Add(positive, hn::Add(Log1pOf::of(e_high), correction));
  }
};
struct SqrtOf {
  static HWY_INLINE Vector of(Vector x) { return hn::Sqrt(x); }
};

/// The last, incomplete vector goes through the same function as the others, from a copy filled up with ones.
template <class F>
HWY_INLINE void map(const double* x, double* out, std::size_t n) {
  const Tag tag;
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) hn::StoreU(F::of(hn::LoadU(tag, x + i)), tag, out + i);
  if (i == n) return;
  double last[kLanes];
  for (std::size_t k = 0; k < kLanes; ++k) last[k] = i + k < n ? x[i + k] : 1.0;
  hn::StoreU(F::of(hn::LoadU(tag, last)), tag, last);
  for (std::size_t k = 0; i + k < n; ++k) out[i + k] = last[k];
}

template <class F>
HWY_INLINE void map(const double* x, const double* y, double* out, std::size_t n) {
  const Tag tag;
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) hn::StoreU(F::of(hn::LoadU(tag, x + i), hn::LoadU(tag, y + i)), tag, out + i);
  if (i == n) return;
  double last_x[kLanes], last_y[kLanes];
  for (std::size_t k = 0; k < kLanes; ++k) {
    last_x[k] = i + k < n ? x[i + k] : 1.0;
    last_y[k] = i + k < n ? y[i + k] : 1.0;
  }
  hn::StoreU(F::of(hn::LoadU(tag, last_x), hn::LoadU(tag, last_y)), tag, last_x);
  for (std::size_t k = 0; i + k < n; ++k) out[i + k] = last_x[k];
}

void Exp(const double* x, double* out, std::size_t n) { map<ExpOf>(x, out, n); }
void Expm1(const double* x, double* out, std::size_t n) { map<Expm1Of>(x, out, n); }
void Log(const double* x, double* out, std::size_t n) { map<LogOf>(x, out, n); }
void Log1p(const double* x, double* out, std::size_t n) { map<Log1pOf>(x, out, n); }
void Sin(const double* x, double* out, std::size_t n) { map<SinOf>(x, out, n); }
void Cos(const double* x, double* out, std::size_t n) { map<CosOf>(x, out, n); }
void Tan(const double* x, double* out, std::size_t n) { map<TanOf>(x, out, n); }
void Asin(const double* x, double* out, std::size_t n) { map<AsinOf>(x, out, n); }
void Acos(const double* x, double* out, std::size_t n) { map<AcosOf>(x, out, n); }
void Atan(const double* x, double* out, std::size_t n) { map<AtanOf>(x, out, n); }
void Atan2(const double* y, const double* x, double* out, std::size_t n) { map<Atan2Of>(y, x, out, n); }
void Sinh(const double* x, double* out, std::size_t n) { map<SinhOf>(x, out, n); }
void Cosh(const double* x, double* out, std::size_t n) { map<CoshOf>(x, out, n); }
void Tanh(const double* x, double* out, std::size_t n) { map<TanhOf>(x, out, n); }
void Erf(const double* x, double* out, std::size_t n) { map<ErfOf>(x, out, n); }
void Pow(const double* x, const double* y, double* out, std::size_t n) { map<PowOf>(x, y, out, n); }
void Sigmoid(const double* x, double* out, std::size_t n) { map<SigmoidOf>(x, out, n); }
void Softplus(const double* x, double* out, std::size_t n) { map<SoftplusOf>(x, out, n); }
void Sqrt(const double* x, double* out, std::size_t n) { map<SqrtOf>(x, out, n); }

}  // namespace
}  // namespace descent::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace descent::simd {

DESCENT_EXPORT(Exp);
DESCENT_EXPORT(Expm1);
DESCENT_EXPORT(Log);
DESCENT_EXPORT(Log1p);
DESCENT_EXPORT(Sin);
DESCENT_EXPORT(Cos);
DESCENT_EXPORT(Tan);
DESCENT_EXPORT(Asin);
DESCENT_EXPORT(Acos);
DESCENT_EXPORT(Atan);
DESCENT_EXPORT(Atan2);
DESCENT_EXPORT(Sinh);
DESCENT_EXPORT(Cosh);
DESCENT_EXPORT(Tanh);
DESCENT_EXPORT(Erf);
DESCENT_EXPORT(Pow);
DESCENT_EXPORT(Sigmoid);
DESCENT_EXPORT(Softplus);
DESCENT_EXPORT(Sqrt);

void exp(View x, MutableView out) { DESCENT_DISPATCH(Exp)(x.data(), out.data(), out.size()); }
void expm1(View x, MutableView out) { DESCENT_DISPATCH(Expm1)(x.data(), out.data(), out.size()); }
void log(View x, MutableView out) { DESCENT_DISPATCH(Log)(x.data(), out.data(), out.size()); }
void log1p(View x, MutableView out) { DESCENT_DISPATCH(Log1p)(x.data(), out.data(), out.size()); }
void sin(View x, MutableView out) { DESCENT_DISPATCH(Sin)(x.data(), out.data(), out.size()); }
void cos(View x, MutableView out) { DESCENT_DISPATCH(Cos)(x.data(), out.data(), out.size()); }
void tan(View x, MutableView out) { DESCENT_DISPATCH(Tan)(x.data(), out.data(), out.size()); }
void asin(View x, MutableView out) { DESCENT_DISPATCH(Asin)(x.data(), out.data(), out.size()); }
void acos(View x, MutableView out) { DESCENT_DISPATCH(Acos)(x.data(), out.data(), out.size()); }
void atan(View x, MutableView out) { DESCENT_DISPATCH(Atan)(x.data(), out.data(), out.size()); }
void atan2(View y, View x, MutableView out) { DESCENT_DISPATCH(Atan2)(y.data(), x.data(), out.data(), out.size()); }
void sinh(View x, MutableView out) { DESCENT_DISPATCH(Sinh)(x.data(), out.data(), out.size()); }
void cosh(View x, MutableView out) { DESCENT_DISPATCH(Cosh)(x.data(), out.data(), out.size()); }
void tanh(View x, MutableView out) { DESCENT_DISPATCH(Tanh)(x.data(), out.data(), out.size()); }
void erf(View x, MutableView out) { DESCENT_DISPATCH(Erf)(x.data(), out.data(), out.size()); }
void pow(View x, View y, MutableView out) { DESCENT_DISPATCH(Pow)(x.data(), y.data(), out.data(), out.size()); }
void sigmoid(View x, MutableView out) { DESCENT_DISPATCH(Sigmoid)(x.data(), out.data(), out.size()); }
void softplus(View x, MutableView out) { DESCENT_DISPATCH(Softplus)(x.data(), out.data(), out.size()); }
void sqrt(View x, MutableView out) { DESCENT_DISPATCH(Sqrt)(x.data(), out.data(), out.size()); }

}  // namespace descent::simd
#endif

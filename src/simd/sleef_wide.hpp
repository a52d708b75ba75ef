// SLEEF's functions of 4 and 8 doubles, called through memory.
//
// A vector wider than 16 bytes is passed in a register or on the stack depending on what the *file* is compiled for,
// not the function (clang 14; g++ goes by the function). So a file that holds code for several targets cannot call them
// directly. sleef_avx_simd.cpp and sleef_avx512_simd.cpp, compiled for theirs, can.
#pragma once

#define DESCENT_SLEEF_UNARY(X) \
  X(exp) X(expm1) X(log) X(log1p) X(sin) X(cos) X(tan) X(asin) X(acos) X(atan) X(sinh) X(cosh) X(tanh) X(erf)
#define DESCENT_SLEEF_BINARY(X) X(atan2) X(pow)

namespace descent::simd::sleef {

// out[0..3] = f(x[0..3]) and out[0..7] = f(x[0..7]); aligned to the vector; `out` may be `x`. No vzeroupper at the end:
// for callers that go on with wide vectors.
#define DESCENT_DECLARE(f)                     \
  void f##_of_4(const double* x, double* out); \
  void f##_of_8(const double* x, double* out);
DESCENT_SLEEF_UNARY(DESCENT_DECLARE)
#undef DESCENT_DECLARE
#define DESCENT_DECLARE(f)                                      \
  void f##_of_4(const double* x, const double* y, double* out); \
  void f##_of_8(const double* x, const double* y, double* out);
DESCENT_SLEEF_BINARY(DESCENT_DECLARE)
#undef DESCENT_DECLARE

}  // namespace descent::simd::sleef

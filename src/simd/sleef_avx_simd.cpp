// Compiled with -mavx (src/simd/CMakeLists.txt) and called on such machines only: includes nothing that could leave
// inline functions of the standard library compiled that way.
#include "src/simd/sleef_wide.hpp"

#if defined(__AVX__)
#include <immintrin.h>

#include <sleef.h>

namespace descent::simd::sleef {

#define DESCENT_DEFINE(f) \
  void f##_of_4(const double* x, double* out) { _mm256_store_pd(out, Sleef_cinz_##f##d4_u10avx(_mm256_load_pd(x))); }
DESCENT_SLEEF_UNARY(DESCENT_DEFINE)
#undef DESCENT_DEFINE
#define DESCENT_DEFINE(f)                                                                  \
  void f##_of_4(const double* x, const double* y, double* out) {                           \
    _mm256_store_pd(out, Sleef_cinz_##f##d4_u10avx(_mm256_load_pd(x), _mm256_load_pd(y))); \
  }
DESCENT_SLEEF_BINARY(DESCENT_DEFINE)
#undef DESCENT_DEFINE

}  // namespace descent::simd::sleef
#endif

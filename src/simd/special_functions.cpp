#include "descent/core/special_functions.hpp"

#include <cstddef>

#include "descent/core/elementary.hpp"
#include "descent/simd/math.hpp"

namespace descent::simd {
namespace {

void map(double (*f)(double), View x, MutableView out) {
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = f(x[i]);
}
void map(double (*f)(double, double), View x, View y, MutableView out) {
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = f(x[i], y[i]);
}

}  // namespace

void erfc(View x, MutableView out) { map(math::erfc, x, out); }
void gamma(View x, MutableView out) { map(math::gamma, x, out); }
void lgamma(View x, MutableView out) { map(math::lgamma, x, out); }
void digamma(View x, MutableView out) { map(math::digamma, x, out); }
void trigamma(View x, MutableView out) { map(math::trigamma, x, out); }
void polygamma(View order, View x, MutableView out) { map(math::polygamma, order, x, out); }
void j0(View x, MutableView out) { map(math::j0, x, out); }
void j1(View x, MutableView out) { map(math::j1, x, out); }
void jn(View order, View x, MutableView out) { map(math::jn, order, x, out); }
void y0(View x, MutableView out) { map(math::y0, x, out); }
void y1(View x, MutableView out) { map(math::y1, x, out); }

}  // namespace descent::simd

// Functions whose time no vector would save: nobody sums a million of them.
#include "descent/core/special_functions.hpp"

#include "descent/simd/math.hpp"

namespace descent::simd {
namespace {

void each(double (*f)(double), View x, MutableView out) {
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = f(x[i]);
}

}  // namespace

void erfc(View x, MutableView out) { each(math::erfc, x, out); }
void gamma(View x, MutableView out) { each(math::gamma, x, out); }
void lgamma(View x, MutableView out) { each(math::lgamma, x, out); }
void digamma(View x, MutableView out) { each(math::digamma, x, out); }
void j0(View x, MutableView out) { each(math::j0, x, out); }
void j1(View x, MutableView out) { each(math::j1, x, out); }
void y0(View x, MutableView out) { each(math::y0, x, out); }
void y1(View x, MutableView out) { each(math::y1, x, out); }
void heaviside(View x, MutableView out) { each(math::heaviside, x, out); }

void polygamma(View n, View x, MutableView out) {
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = math::polygamma(n[i], x[i]);
}

}  // namespace descent::simd

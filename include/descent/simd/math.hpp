// Elementary functions on spans; bit for bit the scalar ones of core/elementary.hpp and
// core/special_functions.hpp, on every CPU target.
#pragma once

#include "descent/core/span.hpp"

namespace descent::simd {

// out_i = f(x_i); `out` may be `x` itself. Sizes must be equal.
void exp(View x, MutableView out);
void expm1(View x, MutableView out);
void log(View x, MutableView out);
void log1p(View x, MutableView out);
void sin(View x, MutableView out);
void cos(View x, MutableView out);
void tan(View x, MutableView out);
void asin(View x, MutableView out);
void acos(View x, MutableView out);
void atan(View x, MutableView out);
void atan2(View y, View x, MutableView out);
void sinh(View x, MutableView out);
void cosh(View x, MutableView out);
void tanh(View x, MutableView out);
void erf(View x, MutableView out);
void pow(View x, View y, MutableView out);
void sigmoid(View x, MutableView out);
void softplus(View x, MutableView out);
void sqrt(View x, MutableView out);

// Those of core/special_functions.hpp and their kin: one element after the other, whatever the target.
void erfc(View x, MutableView out);
void gamma(View x, MutableView out);
void lgamma(View x, MutableView out);
void digamma(View x, MutableView out);
void trigamma(View x, MutableView out);
void polygamma(View order, View x, MutableView out);
void j0(View x, MutableView out);
void j1(View x, MutableView out);
void jn(View order, View x, MutableView out);
void y0(View x, MutableView out);
void y1(View x, MutableView out);

}  // namespace descent::simd

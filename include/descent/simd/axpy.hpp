// Element-wise kernels; each element is computed alone, so the bits do not depend on the target.
#pragma once

#include "descent/core/span.hpp"

namespace descent::simd {

void axpy(double a, View x, MutableView y);                                    ///< y_i += a x_i
void scale(double a, MutableView x);                                           ///< x_i *= a
void linear_combination(double a, View x, double b, View y, MutableView out);  ///< out_i = a x_i + b y_i

}  // namespace descent::simd

#include <cmath>

#include "descent/core/elementary.hpp"
#include "descent/simd/math.hpp"

namespace descent::simd {
namespace {

template <class F>
void map(F f, View x, MutableView out) {
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = f(x[i]);
}

}  // namespace

void exp(View x, MutableView out) {
  map(math::exp, x, out);
}
void expm1(View x, MutableView out) {
  map(math::expm1, x, out);
}
void log(View x, MutableView out) {
  map(math::log, x, out);
}
void log1p(View x, MutableView out) {
  map(math::log1p, x, out);
}
void sin(View x, MutableView out) {
  map(math::sin, x, out);
}
void cos(View x, MutableView out) {
  map(math::cos, x, out);
}
void tan(View x, MutableView out) {
  map(math::tan, x, out);
}
void asin(View x, MutableView out) {
  map(math::asin, x, out);
}
void acos(View x, MutableView out) {
  map(math::acos, x, out);
}
void atan(View x, MutableView out) {
  map(math::atan, x, out);
}
void sinh(View x, MutableView out) {
  map(math::sinh, x, out);
}
void cosh(View x, MutableView out) {
  map(math::cosh, x, out);
}
void tanh(View x, MutableView out) {
  map(math::tanh, x, out);
}
void sigmoid(View x, MutableView out) {
  map(math::sigmoid, x, out);
}
void softplus(View x, MutableView out) {
  map(math::softplus, x, out);
}
void sqrt(View x, MutableView out) {
  map([](double v) { return std::sqrt(v); }, x, out);
}
void atan2(View y, View x, MutableView out) {
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = math::atan2(y[i], x[i]);
}
void pow(View x, View y, MutableView out) {
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = math::pow(x[i], y[i]);
}

}  // namespace descent::simd

// Time for one element of each elementary function, beside the C library's.
#include "descent/simd/math.hpp"

#include <benchmark/benchmark.h>

#include <cmath>
#include <vector>

#include "descent/core/random.hpp"

namespace {

using descent::MutableView;
using descent::View;

constexpr std::size_t kSize = 4096;

std::vector<double> inputs(double low, double high) {
  const descent::Rng rng(1, descent::RandomStream::test);
  std::vector<double> x(kSize);
  for (std::size_t i = 0; i < kSize; ++i) x[i] = low + (high - low) * rng.uniform(i);
  return x;
}

template <class F>
void each(benchmark::State& state, F f, double low, double high) {
  const std::vector<double> x = inputs(low, high);
  std::vector<double> out(kSize);
  for (auto _ : state) {
    f(x, out);
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  state.counters["ns_per_element"] = benchmark::Counter(
      static_cast<double>(kSize) * 1e-9, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

#define DESCENT_BENCH(f, expression, low, high)                                       \
  void f##_descent(benchmark::State& state) {                                         \
    each(                                                                             \
        state, [](View x, MutableView out) { descent::simd::f(x, out); }, low, high); \
  }                                                                                   \
  void f##_libm(benchmark::State& state) {                                            \
    each(                                                                             \
        state,                                                                        \
        [](View in, MutableView out) {                                                \
          for (std::size_t i = 0; i < in.size(); ++i) {                               \
            const double x = in[i];                                                   \
            out[i] = expression;                                                      \
          }                                                                           \
        },                                                                            \
        low, high);                                                                   \
  }                                                                                   \
  BENCHMARK(f##_descent);                                                             \
  BENCHMARK(f##_libm)

DESCENT_BENCH(exp, std::exp(x), -20, 20);
DESCENT_BENCH(log, std::log(x), 0.1, 100);
DESCENT_BENCH(log1p, std::log1p(x), 0, 10);
DESCENT_BENCH(sin, std::sin(x), -10, 10);
DESCENT_BENCH(tanh, std::tanh(x), -5, 5);
DESCENT_BENCH(sigmoid, 1.0 / (1.0 + std::exp(-x)), -20, 20);
DESCENT_BENCH(softplus, (x > 0 ? x : 0.0) + std::log1p(std::exp(-std::fabs(x))), -20, 20);
DESCENT_BENCH(sqrt, std::sqrt(x), 0, 100);

}  // namespace

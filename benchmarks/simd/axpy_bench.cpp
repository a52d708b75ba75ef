#include "descent/simd/axpy.hpp"

#include <benchmark/benchmark.h>

#include <vector>

namespace {

void axpy(benchmark::State& state) {
  const std::vector<double> x(static_cast<std::size_t>(state.range(0)), 1.5);
  std::vector<double> y(x);
  for (auto _ : state) {
    descent::simd::axpy(1e-9, x, y);
    benchmark::DoNotOptimize(y.data());
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * state.range(0) * 24);
}
BENCHMARK(axpy)->Arg(2)->Arg(100)->Arg(1000)->Arg(10'000'000);

}  // namespace

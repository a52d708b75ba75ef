// Bytes a second of the fixed-shape sums, beside the plain loop that a compiler may not reorder.
#include "descent/simd/reduce.hpp"

#include <benchmark/benchmark.h>

#include <vector>

namespace {

using Vector = std::vector<double>;

void count(benchmark::State& state, std::size_t vectors) {
  state.SetBytesProcessed(state.iterations() * state.range(0) * static_cast<std::int64_t>(vectors * sizeof(double)));
}

void dot(benchmark::State& state) {
  const Vector x(static_cast<std::size_t>(state.range(0)), 1.5), y(x);
  for (auto _ : state) benchmark::DoNotOptimize(descent::simd::dot(x, y));
  count(state, 2);
}

void dot_plain_loop(benchmark::State& state) {
  const Vector x(static_cast<std::size_t>(state.range(0)), 1.5), y(x);
  for (auto _ : state) {
    double total = 0;
    for (std::size_t i = 0; i < x.size(); ++i) total += x[i] * y[i];
    benchmark::DoNotOptimize(total);
  }
  count(state, 2);
}

void sum(benchmark::State& state) {
  const Vector x(static_cast<std::size_t>(state.range(0)), 1.5);
  for (auto _ : state) benchmark::DoNotOptimize(descent::simd::sum(x));
  count(state, 1);
}

void max_abs(benchmark::State& state) {
  const Vector x(static_cast<std::size_t>(state.range(0)), 1.5);
  for (auto _ : state) benchmark::DoNotOptimize(descent::simd::max_abs(x));
  count(state, 1);
}

// Two numbers (the problems of textbooks), a hundred features, L1, L2, memory.
BENCHMARK(dot)->Arg(2)->Arg(100)->Arg(1000)->Arg(20'000)->Arg(10'000'000);
BENCHMARK(dot_plain_loop)->Arg(2)->Arg(100)->Arg(1000)->Arg(20'000)->Arg(10'000'000);
BENCHMARK(sum)->Arg(100)->Arg(1000)->Arg(10'000'000);
BENCHMARK(max_abs)->Arg(2)->Arg(100)->Arg(1000);

}  // namespace

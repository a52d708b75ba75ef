// One update of 1e7 parameters: bytes decide. `limit` moves the bytes of Adam (reads g m v x, writes m v x: 56 a
// parameter) with next to no arithmetic.
#include <benchmark/benchmark.h>

#include "descent/optim/chain_state.hpp"

namespace descent {
namespace {

constexpr std::size_t kSize = 10'000'000;

void update(benchmark::State& bench, const char* text, ChainPath path, double bytes) {
  ChainState state(parse_chain(text), kSize, {.path = path});
  const AlignedBuffer<double> gradient(kSize, 0.5);
  AlignedBuffer<double> x(kSize, 1.0);
  for (auto _ : bench) state.update(gradient.view(), x.view());
  bench.counters["bytes"] =
      benchmark::Counter(bytes * static_cast<double>(kSize * bench.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK_CAPTURE(update, sgd, "sgd(1e-3)", ChainPath::fastest, 24)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(update, momentum, "momentum(1e-3)", ChainPath::fastest, 40)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(update, adam, "adam(1e-3)", ChainPath::fastest, 56)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(update, adam_blocks, "adam(1e-3)", ChainPath::blocks, 56)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(update, adamw_blocks, "adamw(1e-3)", ChainPath::blocks, 56)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(update, rmsprop_blocks, "rmsprop(1e-3)", ChainPath::fastest, 40)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(update, clipped_adam, "clip_by_global_norm(1) | adam(1e-3)", ChainPath::fastest, 64)
    ->Unit(benchmark::kMillisecond);

void limit(benchmark::State& bench) {
  const AlignedBuffer<double> gradient(kSize, 0.5);
  AlignedBuffer<double> m(kSize, 1.0), v(kSize, 1.0), x(kSize, 1.0);
  for (auto _ : bench) {
    const double* g = gradient.data();
    double *pm = m.data(), *pv = v.data(), *px = x.data();
    for (std::size_t i = 0; i < kSize; i += 2) {
      pm[i] += g[i];
      pm[i + 1] += g[i + 1];
      pv[i] += g[i];
      pv[i + 1] += g[i + 1];
      px[i] += g[i];
      px[i + 1] += g[i + 1];
    }
    benchmark::ClobberMemory();
  }
  bench.counters["bytes"] =
      benchmark::Counter(56.0 * static_cast<double>(kSize * bench.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(limit)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace descent

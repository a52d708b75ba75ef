// One update of n floats: bytes decide. Every rule is timed in turns with `copy`, which moves the bytes of Adam (reads
// g m v x, writes m v x: 28 a parameter) with next to no arithmetic, so that both see the same machine; `of_limit` is
// the ratio of their bandwidths. Sizes 1e4, 1e5, 1e6, 1e7; DESCENT_BENCH_LARGE=1 adds 1e8 (4 GB). chain_peer.py has the
// peers.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "descent/optim/chain_state.hpp"

namespace descent {
namespace {

struct Case {
  const char* name;
  const char* chain;
  double bytes;  // a parameter has to move, for floats: g, x twice, and each vector of the state as often as needed
  ChainPath path = ChainPath::fastest;
};
const Case kCases[] = {
    {"sgd", "sgd(1e-3)", 12},
    {"momentum", "momentum(1e-3)", 20},
    {"adam", "adam(1e-3)", 28},
    {"adamw", "adamw(1e-3)", 28},
    {"adam_clipped", "clip_by_global_norm(1) | adam(1e-3)", 32},  // the gradient twice
    {"adam_blocks", "adam(1e-3)", 28, ChainPath::blocks},         // as if no kernel knew it
    {"adagrad", "adagrad(1e-3)", 20},
    {"rmsprop", "rmsprop(1e-3)", 20},
    {"lion", "lion(1e-3)", 20},
    {"nadam", "nadam(1e-3)", 28},
    {"adabelief", "adabelief(1e-3)", 28},
    {"adan", "adan(1e-3)", 44},
    {"prodigy", "prodigy", 52},                          // g x x0, m v s twice; then m v, x twice
    {"schedule_free_adamw", "schedule_free_adamw", 32},  // the average is only written
    {"nesterov", "nesterov(1e-3)", 20},
    {"asgd", "asgd(1e-3, t0=0)", 20},  // averages from the start
    {"rprop", "rprop(1e-3)", 28},
    {"adadelta", "adadelta(1)", 28},
    {"rmsprop_centered", "rmsprop(1e-3, centered=true, momentum=0.9)", 36},
    {"amsgrad", "amsgrad(1e-3)", 36},
    {"adamax", "adamax(1e-3)", 28},
    {"nadamw", "nadamw(1e-3)", 28},
    {"radam", "radam(1e-3)", 28},
    {"sign_sgd", "sign_sgd(1e-3)", 12},
    {"signum", "signum(1e-3)", 20},
    {"yogi", "yogi(1e-3)", 28},
    {"ademamix", "ademamix(1e-3)", 36},
    {"adopt", "adopt(1e-3)", 28},
    {"ftrl", "ftrl(1e-3)", 28},
    {"lookahead_adam", "adam(1e-3) | lookahead", 29.6},  // the slow point in one update of five
    {"ema_average_adam", "adam(1e-3) | ema_average", 36},
    {"schedule_free_sgd", "schedule_free_sgd(1e-3)", 24},  // as above
    {"dog", "dog", 24},                                    // x - x0 and g first
    {"dowg", "dowg", 24},
    {"adgd", "adgd", 36},                // differences of x and g first
    {"polyak", "polyak", 16},            // the gradient twice
    {"dadapt_adam", "dadapt_adam", 44},  // m v s; then m v, x twice
    {"lars", "lars(1e-3)", 28},          // norms of x and g first
    {"lamb", "lamb(1e-3)", 40},          // norms of x and the move first
};

/// m += g, v += g, x += g: whole vectors, whatever the optimiser thinks of loops.
using Wide [[gnu::vector_size(64)]] = float;
[[gnu::target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")]] void copy(const float* g, float* m, float* v,
                                                                                float* x, std::size_t n) {
  for (std::size_t i = 0; i + 16 <= n; i += 16) {
    const Wide add = *reinterpret_cast<const Wide*>(g + i);
    *reinterpret_cast<Wide*>(m + i) += add;
    *reinterpret_cast<Wide*>(v + i) += add;
    *reinterpret_cast<Wide*>(x + i) += add;
  }
}

/// Seconds, of the wall and of all threads, for each repetition.
struct Times {
  std::vector<double> wall, cpu;
  template <class Work>
  double add(std::size_t repetitions, const Work& work) {
    const auto cpu_now = [] {
      timespec at{};
      clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
      return static_cast<double>(at.tv_sec) + 1e-9 * static_cast<double>(at.tv_nsec);
    };
    const double cpu_start = cpu_now();
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t k = 0; k < repetitions; ++k) work();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    cpu.push_back((cpu_now() - cpu_start) / static_cast<double>(repetitions));
    wall.push_back(seconds / static_cast<double>(repetitions));
    return seconds;
  }
};
double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void update(benchmark::State& bench, const Case& one, std::size_t n, std::size_t threads) {
  parallel::Pool pool(threads);
  BasicChainState<float> state(parse_chain(one.chain), n, {.path = one.path, .pool = threads > 1 ? &pool : nullptr});
  const AlignedBuffer<float> gradient(n, 0.5F);
  AlignedBuffer<float> x(n, 1.0F), m(n, 1.0F), v(n, 1.0F), y(n, 1.0F);
  const std::size_t shard = (n / threads + 15) / 16 * 16;
  const auto limit = [&] {
    const auto part = [&](std::size_t i) {
      const std::size_t at = i * shard;
      copy(gradient.data() + at, m.data() + at, v.data() + at, y.data() + at, std::min(shard, n - at));
    };
    if (threads == 1) return part(0);
    pool.for_each_shard(threads, part);
  };
  const auto step = [&] { state.update(gradient.view(), x.view(), 1.0); };
  step();
  limit();
  const std::size_t repetitions = std::max<std::size_t>(1, 10'000'000 / n);  // caches are the rule's own again
  Times ours, limits;
  for (auto _ : bench) {
    bench.SetIterationTime(ours.add(repetitions, step));
    limits.add(repetitions, limit);
  }
  const double size = static_cast<double>(n), seconds = median(ours.wall), cpu = median(ours.cpu);
  bench.counters["us"] = seconds * 1e6;
  bench.counters["cpu_us"] = cpu * 1e6;
  bench.counters["GB_s"] = one.bytes * size / seconds * 1e-9;
  bench.counters["limit_GB_s"] = 28.0 * size / median(limits.wall) * 1e-9;
  bench.counters["of_limit"] = one.bytes / 28.0 * median(limits.wall) / seconds;
  bench.counters["of_limit_cpu"] = one.bytes / 28.0 * median(limits.cpu) / cpu;
}

const bool kRegistered = [] {
  std::vector<std::size_t> sizes{10'000, 100'000, 1'000'000, 10'000'000};
  if (std::getenv("DESCENT_BENCH_LARGE") != nullptr) sizes.push_back(100'000'000);
  for (const Case& one : kCases)
    for (const std::size_t n : sizes)
      for (const std::size_t threads : {1UL, 2UL})
        benchmark::RegisterBenchmark(
            (std::string("update/") + one.name + "/" + std::to_string(n) + "/" + std::to_string(threads)).c_str(),
            [&one, n, threads](benchmark::State& bench) { update(bench, one, n, threads); })
            ->UseManualTime()
            ->Unit(benchmark::kMillisecond);
  return true;
}();

}  // namespace
}  // namespace descent

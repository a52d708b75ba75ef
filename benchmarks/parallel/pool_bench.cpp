// A fork and a join of nothing: what it costs to ask for two threads.
#include "descent/parallel/pool.hpp"

#include <benchmark/benchmark.h>

#include <atomic>
#include <functional>
#include <future>
#include <thread>

namespace {

using descent::parallel::Pool;

void fork_join(benchmark::State& state) {
  const auto threads = static_cast<std::size_t>(state.range(0));
  Pool pool(threads);
  const std::function<void(std::size_t)> nothing = [](std::size_t shard) { benchmark::DoNotOptimize(shard); };
  for (auto _ : state) pool.for_each_shard(threads, nothing);
}
BENCHMARK(fork_join)->Arg(1)->Arg(2)->Arg(4)->UseRealTime();

/// The same where every thread has to take its part: the time in which the other one hears of the job and answers.
void fork_join_of_both(benchmark::State& state) {
  Pool pool(2);
  std::atomic<int> begun{0};
  const std::function<void(std::size_t)> meet = [&](std::size_t) {
    begun.fetch_add(1);
    while (begun.load() < 2) {
    }
  };
  for (auto _ : state) {
    begun.store(0);
    pool.for_each_shard(2, meet);
  }
}
BENCHMARK(fork_join_of_both)->UseRealTime();

/// The peer: a thread started and joined for each job.
void start_and_join_a_thread(benchmark::State& state) {
  for (auto _ : state) {
    auto other = std::async(std::launch::async, [] {});
    other.wait();
  }
}
BENCHMARK(start_and_join_a_thread)->UseRealTime();

/// Some 30 us of work for each of two threads: the ratio to one thread is what the join leaves.
void two_shards_of_work(benchmark::State& state) {
  Pool pool(static_cast<std::size_t>(state.range(0)));
  const std::function<void(std::size_t)> work = [](std::size_t shard) {
    double x = static_cast<double>(shard);
    for (int i = 0; i < 10'000; ++i) benchmark::DoNotOptimize(x = x * 0.5 + 1.0);
  };
  for (auto _ : state) pool.for_each_shard(2, work);
}
BENCHMARK(two_shards_of_work)->Arg(1)->Arg(2)->UseRealTime();

}  // namespace

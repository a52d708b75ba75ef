#include "descent/parallel/pool.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <limits>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#if defined(__linux__)
#include <sched.h>
#endif

namespace descent::parallel {
namespace {

/// How often to look before going to sleep: 50 to 100 us, well above the pause between two passes of one step and well
/// below anything a user would notice as a busy processor.
constexpr int kSpins = 2000;

void pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#else
  std::this_thread::yield();
#endif
}

thread_local bool inside_a_shard = false;

}  // namespace

std::size_t available_cpus() {
#if defined(__linux__)
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
    return static_cast<std::size_t>(CPU_COUNT(&set));
#endif
  return std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

/// One job is published in one word, `ticket`: a job number (upper half) and how many of its shards nobody has taken
/// (lower half). Taking a shard is one compare-and-swap. Whoever holds a shard keeps the job alive, for the caller
/// returns only when `unfinished` is 0; so `work` and `num_shards` are read only between the two, when they cannot
/// change. A worker that comes late finds no shards and touches nothing: nobody waits for threads that are still
/// asleep.
struct Pool::State {
  using Work = std::function<void(std::size_t shard)>;

  alignas(64) std::atomic<std::uint64_t> ticket{0};
  const Work* work = nullptr;
  std::uint32_t num_shards = 0;
  alignas(64) std::atomic<std::uint32_t> unfinished{0};
  alignas(64) std::atomic<std::uint32_t> sleepers{0};
  std::atomic<bool> caller_sleeps{false};
  std::atomic<bool> busy{false};
  std::atomic<bool> stop{false};
  int spins = kSpins;

  std::mutex mutex;  // of the sleepers, the sleeping caller and the failure
  std::condition_variable work_is_there, work_is_done;
  std::exception_ptr failure;
  std::size_t failed_shard = std::numeric_limits<std::size_t>::max();

  std::vector<std::thread> threads;

  [[nodiscard]] bool has_work() const { return static_cast<std::uint32_t>(ticket.load()) > 0; }

  /// Takes and does shards until none is left to take.
  void take_shards() {
    std::uint64_t seen = ticket.load(std::memory_order_acquire);
    while (static_cast<std::uint32_t>(seen) > 0) {
      if (!ticket.compare_exchange_weak(seen, seen - 1, std::memory_order_acq_rel, std::memory_order_acquire)) continue;
      do_shard(*work, num_shards - static_cast<std::uint32_t>(seen));
      if (unfinished.fetch_sub(1) == 1 && caller_sleeps.load()) {
        const std::lock_guard lock(mutex);
        work_is_done.notify_one();
      }
      seen = ticket.load(std::memory_order_acquire);
    }
  }

  void do_shard(const Work& call, std::size_t shard) {
    inside_a_shard = true;
    try {
      call(shard);
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (shard < failed_shard) {
        failed_shard = shard;
        failure = std::current_exception();
      }
    }
    inside_a_shard = false;
  }

  void run_worker() {
    for (;;) {
      for (int i = 0; i < spins && !has_work() && !stop.load(std::memory_order_relaxed); ++i) pause();
      if (!has_work()) {
        // Announce the sleep, then look again; the caller publishes, then looks for sleepers. Both in the one order of
        // sequential consistency: one of the two sees the other.
        std::unique_lock lock(mutex);
        sleepers.fetch_add(1);
        work_is_there.wait(lock, [this] { return has_work() || stop.load(); });
        sleepers.fetch_sub(1);
      }
      if (stop.load()) return;
      take_shards();
    }
  }

  void run_job(std::uint32_t count, const Work& call) {
    work = &call;
    num_shards = count;
    unfinished.store(count, std::memory_order_relaxed);
    const std::uint64_t job = (ticket.load(std::memory_order_relaxed) >> 32U) + 1;
    ticket.store(job << 32U | count);
    if (sleepers.load() > 0) {
      const std::lock_guard lock(mutex);
      work_is_there.notify_all();
    }
    take_shards();
    for (int i = 0; i < spins && unfinished.load(std::memory_order_acquire) > 0; ++i) pause();
    if (unfinished.load(std::memory_order_acquire) > 0) {
      std::unique_lock lock(mutex);
      caller_sleeps.store(true);
      work_is_done.wait(lock, [this] { return unfinished.load() == 0; });
      caller_sleeps.store(false);
    }
  }
};

Pool::Pool(std::size_t threads) : state_(std::make_unique<State>()) {
  // More threads than processors: spinning would only take time from those that have work.
  if (threads > available_cpus()) state_->spins = 0;
  try {
    state_->threads.reserve(threads > 0 ? threads - 1 : 0);
    while (state_->threads.size() + 1 < threads)
      state_->threads.emplace_back([state = state_.get()] { state->run_worker(); });
  } catch (const std::exception&) {
    // The system gives no more threads, or has none at all: fewer do the same work, with the same result.
  }
}

Pool::~Pool() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stop.store(true);
  }
  state_->work_is_there.notify_all();
  for (std::thread& thread : state_->threads) thread.join();
}

std::size_t Pool::size() const { return state_->threads.size() + 1; }

void Pool::for_each_shard(std::size_t num_shards, const std::function<void(std::size_t shard)>& work) {
  State& state = *state_;
  constexpr std::size_t kMostShards = std::numeric_limits<std::uint32_t>::max();
  const bool alone = num_shards <= 1 || num_shards > kMostShards || state.threads.empty() || inside_a_shard ||
                     state.busy.exchange(true);
  if (alone) {
    std::exception_ptr failure;
    for (std::size_t shard = 0; shard < num_shards; ++shard) {
      try {
        work(shard);
      } catch (...) {
        if (!failure) failure = std::current_exception();
      }
    }
    if (failure) std::rethrow_exception(failure);
    return;
  }
  state.run_job(static_cast<std::uint32_t>(num_shards), work);
  const std::exception_ptr failure = std::exchange(state.failure, nullptr);
  state.failed_shard = std::numeric_limits<std::size_t>::max();
  state.busy.store(false);
  if (failure) std::rethrow_exception(failure);
}

}  // namespace descent::parallel

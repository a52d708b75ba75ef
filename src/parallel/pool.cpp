#include "descent/parallel/pool.hpp"

#include <exception>
#include <thread>

#if defined(__linux__)
#include <sched.h>
#endif

namespace descent::parallel {

std::size_t available_cpus() {
#if defined(__linux__)
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
    return static_cast<std::size_t>(CPU_COUNT(&set));
#endif
  const unsigned threads = std::thread::hardware_concurrency();
  return threads > 0 ? threads : 1;
}

struct Pool::State {
  std::size_t threads = 1;
};

Pool::Pool(std::size_t threads) : state_(std::make_unique<State>()) {
  state_->threads = threads > 0 ? threads : 1;
}
Pool::~Pool() = default;

std::size_t Pool::size() const {
  return state_->threads;
}

void Pool::for_each_shard(std::size_t num_shards, const std::function<void(std::size_t shard)>& work) {
  std::exception_ptr failure;
  for (std::size_t shard = 0; shard < num_shards; ++shard) {
    try {
      work(shard);
    } catch (...) {
      if (!failure) failure = std::current_exception();
    }
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace descent::parallel

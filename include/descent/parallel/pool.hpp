// Threads that decide only *who* computes a block, never what is computed.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace descent::parallel {

/// CPUs this process may run on (sched_getaffinity), at least 1.
[[nodiscard]] std::size_t available_cpus();

/// A small pool: workers spin briefly, then sleep. One job at a time; jobs do not nest (a nested call runs serially).
/// `threads` = 1 starts none. The destructor joins.
class Pool {
 public:
  explicit Pool(std::size_t threads = available_cpus());
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  [[nodiscard]] std::size_t size() const;

  /// Calls work(shard) for every shard in 0..num_shards-1, each exactly once, in any order, on any thread; returns when
  /// all are done. An exception from the lowest-numbered failing shard is rethrown here.
  void for_each_shard(std::size_t num_shards, const std::function<void(std::size_t shard)>& work);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace descent::parallel

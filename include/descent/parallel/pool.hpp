// Threads that decide only *who* computes a block, never what is computed.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace descent::parallel {

/// CPUs this process may run on (sched_getaffinity), at least 1.
[[nodiscard]] std::size_t available_cpus();

/// A small pool: workers spin briefly, then sleep. One job at a time: a call from inside a shard, or while another
/// thread has the pool, runs serially in its caller. The destructor joins.
class Pool {
 public:
  /// The calling thread is one of `threads`, so 1 (and 0) start none. More than available_cpus() is allowed. Where the
  /// system gives fewer threads than asked for, or has none, the pool is smaller: results are the same.
  explicit Pool(std::size_t threads = available_cpus());
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  [[nodiscard]] std::size_t size() const;  ///< threads that work, the caller included

  /// Calls work(shard) for every shard in 0..num_shards-1, each exactly once, in any order, on any thread; returns when
  /// all are done. If shards throw, the others are still done and the exception of the lowest-numbered one that failed
  /// is rethrown here.
  void for_each_shard(std::size_t num_shards, const std::function<void(std::size_t shard)>& work);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace descent::parallel

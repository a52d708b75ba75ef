// A polite request to stop, safe to make from a signal handler.
#pragma once

#include <atomic>

namespace descent {

/// What long work looks at between two steps. A token without a source never asks to stop.
class StopToken {
 public:
  StopToken() = default;
  explicit StopToken(const std::atomic<bool>* flag) : flag_(flag) {}
  [[nodiscard]] bool stop_requested() const { return flag_ != nullptr && flag_->load(std::memory_order_relaxed); }

 private:
  const std::atomic<bool>* flag_ = nullptr;
};

/// Owns the flag; must outlive its tokens. request_stop() is lock-free and may be called from a signal handler.
class StopSource {
 public:
  void request_stop() noexcept { flag_.store(true, std::memory_order_relaxed); }
  [[nodiscard]] StopToken token() const { return StopToken{&flag_}; }

 private:
  std::atomic<bool> flag_{false};
  static_assert(std::atomic<bool>::is_always_lock_free);
};

}  // namespace descent

// Several processes that compute one result; one process is the special case that is always there.
#pragma once

#include <cstddef>
#include <span>

namespace descent {

/// Ranks 0 .. size-1. All ranks make the same calls in the same order.
class Communicator {
 public:
  Communicator() = default;
  Communicator(const Communicator&) = delete;
  Communicator& operator=(const Communicator&) = delete;
  virtual ~Communicator() = default;

  [[nodiscard]] virtual std::size_t rank() const = 0;
  [[nodiscard]] virtual std::size_t size() const = 0;
  /// Element-wise sum over the ranks, in a fixed tree over rank numbers: the same bits whoever computes what.
  virtual void all_reduce_sum(std::span<double> values) = 0;
  virtual void all_reduce_max(std::span<double> values) = 0;
  /// Rank 0's values to all.
  virtual void broadcast(std::span<double> values) = 0;
  virtual void barrier() = 0;
};

/// One process.
class SerialCommunicator final : public Communicator {
 public:
  [[nodiscard]] std::size_t rank() const override { return 0; }
  [[nodiscard]] std::size_t size() const override { return 1; }
  void all_reduce_sum(std::span<double>) override {}
  void all_reduce_max(std::span<double>) override {}
  void broadcast(std::span<double>) override {}
  void barrier() override {}
};

}  // namespace descent

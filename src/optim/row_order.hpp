// The rows of one pass after the other, cut into batches.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "descent/core/random.hpp"
#include "descent/optim/minimize_sum.hpp"

namespace descent {

class RowOrder {
 public:
  RowOrder(std::size_t rows, Shuffle shuffle, std::uint64_t seed) : shuffle_(shuffle), seed_(seed), rows_(rows) {
    std::iota(rows_.begin(), rows_.end(), 0U);
  }
  void begin_epoch(std::uint64_t epoch) {
    if (shuffle_ == Shuffle::epoch)
      rows_ = random_permutation(rows_.size(), Rng(seed_, RandomStream::shuffle, static_cast<std::uint32_t>(epoch)));
  }
  [[nodiscard]] std::span<const std::uint32_t> batch(std::size_t first, std::size_t size) const {
    return std::span<const std::uint32_t>(rows_).subspan(first, std::min(size, rows_.size() - first));
  }

 private:
  Shuffle shuffle_;
  std::uint64_t seed_;
  std::vector<std::uint32_t> rows_;
};

}  // namespace descent

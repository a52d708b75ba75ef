#include "descent/parallel/reduce.hpp"

#include <algorithm>
#include <bit>
#include <vector>

#include "descent/core/aligned_buffer.hpp"

namespace descent::parallel {
namespace {

using BlockFunction = std::function<void(std::size_t begin, std::size_t end, std::span<double> partial)>;

void add(std::span<double> left, std::span<const double> right) {
  for (std::size_t i = 0; i < left.size(); ++i) left[i] += right[i];
}

/// The node of the tree over blocks first .. last-1, where `first` is a multiple of a power of two >= last - first.
///
/// Blocks come one by one, like ones added to a binary counter: level k of the stack holds a finished node of 2^k
/// blocks, and two nodes of a level make one of the next. What is left at the end goes up from the right.
void sum_blocks(std::size_t first, std::size_t last, std::size_t rows, std::span<double> result,
                const BlockFunction& block) {
  const std::size_t size = result.size();
  const std::size_t num_levels = static_cast<std::size_t>(std::bit_width(last - first - 1));
  AlignedBuffer<double> stack(num_levels * size);
  const auto level = [&](std::size_t k) { return stack.view().subspan(k * size, size); };

  for (std::size_t b = first; b < last; ++b) {
    const std::size_t begin = b * kRowsPerBlock;
    std::fill(result.begin(), result.end(), 0.0);
    block(begin, std::min(begin + kRowsPerBlock, rows), result);

    // The trailing ones of the number of blocks already done are the nodes that wait for this one as their right half.
    const std::size_t done = b - first;
    const auto carries = static_cast<std::size_t>(std::countr_one(done));
    for (std::size_t k = 0; k < carries; ++k) {
      add(level(k), result);
      std::copy(level(k).begin(), level(k).end(), result.begin());
    }
    if (b + 1 < last) std::copy(result.begin(), result.end(), level(carries).begin());
  }

  // `result` is the last node; the nodes that still wait are the ones of the number of blocks before it.
  const std::size_t count = last - first;
  for (std::size_t k = static_cast<std::size_t>(std::countr_zero(count)) + 1; k < num_levels; ++k) {
    if ((count >> k & 1U) == 0) continue;
    add(level(k), result);
    std::copy(level(k).begin(), level(k).end(), result.begin());
  }
}

/// values[0..n-1] -> values[0], each `stride` apart, `size` wide.
void tree_sum_rows(double* values, std::size_t n, std::size_t stride, std::size_t size) {
  for (; n > 1; n = (n + 1) / 2) {
    for (std::size_t j = 0; 2 * j < n; ++j) {
      double* target = values + j * stride;
      const double* left = values + 2 * j * stride;
      const bool has_right = 2 * j + 1 < n;
      for (std::size_t i = 0; i < size; ++i) target[i] = has_right ? left[i] + left[stride + i] : left[i];
    }
  }
}

}  // namespace

void reduce_rows(Pool* pool, std::size_t rows, std::span<double> result, const BlockFunction& block) {
  const std::size_t blocks = num_blocks(rows);
  const std::size_t threads = pool == nullptr ? 1 : pool->size();
  if (blocks == 0) {
    std::fill(result.begin(), result.end(), 0.0);
    return;
  }
  if (threads == 1 || blocks == 1) {
    sum_blocks(0, blocks, rows, result, block);
    return;
  }
  // A shard is a whole subtree, so the cut does not show in the result. About eight for each thread even out what
  // threads differ in.
  constexpr std::size_t kShardsPerThread = 8;
  const std::size_t blocks_per_shard =
      std::bit_ceil((blocks + threads * kShardsPerThread - 1) / (threads * kShardsPerThread));
  const std::size_t num_shards = (blocks + blocks_per_shard - 1) / blocks_per_shard;
  const std::size_t stride = (result.size() + kVectorPadding - 1) / kVectorPadding * kVectorPadding;
  AlignedBuffer<double> nodes(num_shards * stride);
  pool->for_each_shard(num_shards, [&](std::size_t shard) {
    const std::size_t first = shard * blocks_per_shard;
    sum_blocks(first, std::min(first + blocks_per_shard, blocks), rows,
               nodes.view().subspan(shard * stride, result.size()), block);
  });
  tree_sum_rows(nodes.data(), num_shards, stride, result.size());
  std::copy_n(nodes.data(), result.size(), result.begin());
}

double tree_sum(std::span<double> values) {
  if (values.empty()) return 0.0;
  tree_sum_rows(values.data(), values.size(), 1, 1);
  return values.front();
}

}  // namespace descent::parallel

// Products of row-major matrices, for the rules that see blocks as matrices.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "src/optim/rules/rule_def.hpp"

namespace descent::rules {

/// c = a b, shapes [rows x depth], [depth x columns], [rows x columns]; c is neither a nor b. Every element is one sum
/// over the depth in order: the same bits as the textbook's three loops on every CPU target.
void multiply(const double* a, const double* b, double* c, std::size_t rows, std::size_t depth, std::size_t columns);
void multiply(const float* a, const float* b, float* c, std::size_t rows, std::size_t depth, std::size_t columns);

/// How a rule's matrices are multiplied: by the kernel, its rows shared out over the pool; or in the reference by the
/// textbook's loops.
struct FastProduct {
  parallel::Pool* pool = nullptr;

  template <class T>
  void multiply(const T* a, const T* b, T* c, std::size_t rows, std::size_t depth, std::size_t columns) const {
    // A shard copies b once into panels: 32 rows make that 3 % of its work.
    constexpr std::size_t kRowsPerShard = 32, kWorthThreads = 1U << 20U;
    if (pool == nullptr || rows < 2 * kRowsPerShard || rows * depth * columns < kWorthThreads)
      return rules::multiply(a, b, c, rows, depth, columns);
    pool->for_each_shard((rows + kRowsPerShard - 1) / kRowsPerShard, [&](std::size_t shard) {
      const std::size_t first = shard * kRowsPerShard, count = std::min(kRowsPerShard, rows - first);
      rules::multiply(a + first * depth, b, c + first * columns, count, depth, columns);
    });
  }
};
struct TextbookProduct {
  template <class T>
  static void multiply(const T* a, const T* b, T* c, std::size_t rows, std::size_t depth, std::size_t columns) {
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t j = 0; j < columns; ++j) {
        T sum = T(0);
        for (std::size_t k = 0; k < depth; ++k) sum = sum + a[i * depth + k] * b[k * columns + j];
        c[i * columns + j] = sum;
      }
  }
};

/// a b in new memory. `How` is FastProduct or TextbookProduct.
template <class How, class T>
std::vector<T> product(const T* a, const T* b, std::size_t rows, std::size_t depth, std::size_t columns,
                       const How& how = {}) {
  std::vector<T> c(rows * columns);
  how.multiply(a, b, c.data(), rows, depth, columns);
  return c;
}
template <class T>
std::vector<T> transposed(const T* a, std::size_t rows, std::size_t columns) {
  std::vector<T> result(rows * columns);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) result[j * rows + i] = a[i * columns + j];
  return result;
}

/// visit(block, index of its first element) for each block.
template <class Visit>
void for_each_block(std::span<const ParameterBlock> blocks, const Visit& visit) {
  std::size_t first = 0;
  for (const ParameterBlock& block : blocks) {
    visit(block, first);
    first += block.size();
  }
}

[[nodiscard]] inline bool is_matrix(const ParameterBlock& block) { return block.columns > 1; }

}  // namespace descent::rules

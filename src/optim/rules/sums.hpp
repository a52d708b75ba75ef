// What rules with sums over all elements are written with.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "descent/core/span.hpp"
#include "descent/optim/rule.hpp"
#include "descent/parallel/reduce.hpp"

namespace descent::rules {

/// sum of term(i), i = 0 .. n-1, in the shape that every sum over elements has: blocks, 16 lanes in each, and a tree
/// over the blocks. For textbook loops.
template <class Term>
[[nodiscard]] double textbook_sum(std::size_t n, const Term& term) {
  std::vector<double> blocks;
  for (std::size_t first = 0; first < n; first += kRuleBlock) {
    std::array<double, 16> lane{};
    for (std::size_t i = 0; i < std::min(kRuleBlock, n - first); ++i) lane[i % 16] = lane[i % 16] + term(first + i);
    for (std::size_t width = 8; width > 0; width /= 2)
      for (std::size_t i = 0; i < width; ++i) lane[i] = lane[i] + lane[i + width];
    blocks.push_back(lane[0]);
  }
  return parallel::tree_sum(blocks);
}

}  // namespace descent::rules

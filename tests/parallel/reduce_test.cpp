#include "descent/parallel/reduce.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <vector>

namespace descent::parallel {
namespace {

/// Numbers of very different sizes, so that the order of additions shows in the sum.
double term(std::size_t row, std::size_t component) {
  const auto hash = (row * 0x9E3779B97F4A7C15U + component * 0xD1B54A32D192ED03U) ^ 0x94D049BB133111EBU;
  const double sign = (hash >> 7U & 1U) != 0 ? 1.0 : -1.0;
  return sign * static_cast<double>(hash >> 20U) / static_cast<double>(1ULL << (hash >> 3U & 31U));
}

void sum_block(std::size_t begin, std::size_t end, std::span<double> partial) {
  for (std::size_t row = begin; row < end; ++row)
    for (std::size_t i = 0; i < partial.size(); ++i) partial[i] += term(row, i);
}

/// The tree as the header states it, level by level, keeping every block.
std::vector<double> reference(std::size_t rows, std::size_t size) {
  std::vector<std::vector<double>> nodes;
  for (std::size_t begin = 0; begin < rows; begin += kRowsPerBlock) {
    nodes.emplace_back(size, 0.0);
    sum_block(begin, std::min(begin + kRowsPerBlock, rows), nodes.back());
  }
  while (nodes.size() > 1) {
    std::vector<std::vector<double>> next;
    for (std::size_t j = 0; j < nodes.size(); j += 2) {
      next.push_back(nodes[j]);
      if (j + 1 < nodes.size())
        for (std::size_t i = 0; i < size; ++i) next.back()[i] = nodes[j][i] + nodes[j + 1][i];
    }
    nodes = next;
  }
  return nodes.empty() ? std::vector<double>(size, 0.0) : nodes.front();
}

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

TEST(ReduceRows, GivesTheBitsOfTheStatedTreeOnAnyNumberOfThreads) {
  std::vector<std::unique_ptr<Pool>> pools;
  pools.push_back(nullptr);
  for (const std::size_t threads : {1, 2, 3, 4, 8}) pools.push_back(std::make_unique<Pool>(threads));

  std::vector<std::size_t> row_counts = {1, 2, 255, 256, 257, 512, 513};
  // Every number of blocks up to a few levels of the tree, whole and with an incomplete last block.
  for (std::size_t blocks = 3; blocks <= 70; ++blocks) row_counts.push_back(blocks * kRowsPerBlock - (blocks % 3) * 85);
  row_counts.push_back(100'000);
  for (const std::size_t rows : row_counts) {
    const std::vector<double> expected = reference(rows, 3);
    for (const auto& pool : pools) {
      std::vector<double> result(3, -1.0);
      reduce_rows(pool.get(), rows, result, sum_block);
      ASSERT_TRUE(same_bits(result, expected)) << rows << " rows, " << (pool ? pool->size() : 0) << " threads";
    }
  }
}

TEST(ReduceRows, CutsRowsByNumberAloneAndHandsOutZeros) {
  Pool pool(3);
  const std::size_t rows = 10 * kRowsPerBlock + 1;
  std::vector<std::atomic<int>> seen(rows);
  std::atomic<int> bad{0};
  std::vector<double> result(5);
  reduce_rows(&pool, rows, result, [&](std::size_t begin, std::size_t end, std::span<double> partial) {
    if (begin % kRowsPerBlock != 0 || end != std::min(begin + kRowsPerBlock, rows) || partial.size() != 5)
      bad.fetch_add(1);
    for (double& value : partial) {
      if (value != 0.0) bad.fetch_add(1);
      value = 1e9;  // the next block must not see it
    }
    for (std::size_t row = begin; row < end; ++row) seen[row].fetch_add(1);
  });
  EXPECT_EQ(bad, 0);
  for (const auto& count : seen) EXPECT_EQ(count, 1);
  EXPECT_EQ(result, std::vector<double>(5, 11e9));
}

TEST(ReduceRows, OfNoRowsIsZero) {
  std::vector<double> result = {3.0, 4.0};
  reduce_rows(nullptr, 0, result, [](std::size_t, std::size_t, std::span<double>) { FAIL() << "called without rows"; });
  EXPECT_EQ(result, std::vector<double>(2, 0.0));
}

TEST(ReduceRows, CallsEveryBlockEvenWhenThereIsNothingToSum) {
  Pool pool(2);
  std::atomic<std::size_t> rows{0};
  reduce_rows(&pool, 5000, {},
              [&](std::size_t begin, std::size_t end, std::span<double>) { rows.fetch_add(end - begin); });
  EXPECT_EQ(rows, 5000U);
}

TEST(ReduceRows, PassesOnWhatABlockThrows) {
  for (const std::size_t threads : {1, 2, 8}) {
    Pool pool(threads);
    std::vector<double> result(1);
    const auto failing = [](std::size_t begin, std::size_t, std::span<double>) {
      if (begin == 30 * kRowsPerBlock) throw std::runtime_error("row 7680");
    };
    EXPECT_THROW(reduce_rows(&pool, 50 * kRowsPerBlock, result, failing), std::runtime_error);
  }
}

TEST(TreeSum, AddsNeighboursFirst) {
  // (1e16 + 1) + (-1e16 + 1): from left to right it would be 1.
  std::vector<double> values = {1e16, 1.0, -1e16, 1.0};
  EXPECT_EQ(tree_sum(values), 0.0);
  std::vector<double> odd = {1.0, 2.0, 4.0, 8.0, 16.0};
  EXPECT_EQ(tree_sum(odd), 31.0);
  EXPECT_EQ(tree_sum({}), 0.0);
}

TEST(TreeSum, IsTheTreeOfReduceRows) {
  for (const std::size_t n : {1, 2, 3, 5, 6, 7, 11, 64, 100}) {
    std::vector<double> values(n), whole(1);
    for (std::size_t i = 0; i < n; ++i) values[i] = term(i, 0);
    reduce_rows(nullptr, n * kRowsPerBlock, whole, [&](std::size_t begin, std::size_t, std::span<double> partial) {
      partial[0] = term(begin / kRowsPerBlock, 0);
    });
    EXPECT_EQ(tree_sum(values), whole[0]) << n;
  }
}

}  // namespace
}  // namespace descent::parallel

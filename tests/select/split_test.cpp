#include "descent/select/split.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>
#include <vector>

#include "descent/core/error.hpp"

namespace descent::select {
namespace {

/// Every row on exactly one side, both rising.
void expect_partition(const Split& split, std::size_t num_rows) {
  EXPECT_TRUE(std::is_sorted(split.train.begin(), split.train.end()));
  EXPECT_TRUE(std::is_sorted(split.test.begin(), split.test.end()));
  std::set<std::uint32_t> all(split.train.begin(), split.train.end());
  all.insert(split.test.begin(), split.test.end());
  EXPECT_EQ(all.size(), num_rows);
  EXPECT_EQ(split.train.size() + split.test.size(), num_rows);
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(*all.rbegin(), num_rows - 1);
}

/// 60 % class 0, 30 % class 1, 10 % class 2.
std::vector<double> codes(std::size_t n) {
  std::vector<double> result(n);
  for (std::size_t i = 0; i < n; ++i) result[i] = i % 10 < 6 ? 0 : (i % 10 < 9 ? 1 : 2);
  return result;
}

std::size_t count(const std::vector<std::uint32_t>& rows, const std::vector<double>& code, double c) {
  return static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [&](std::uint32_t r) { return code[r] == c; }));
}

TEST(SplitRows, HoldsBackTheCeilingOfTheFraction) {
  EXPECT_EQ(split_rows(100, 0.07, 1).test.size(), 7U);
  EXPECT_EQ(split_rows(442, 0.2, 1).test.size(), 89U);
  EXPECT_EQ(split_rows(150, 0.1, 1).test.size(), 15U);
  EXPECT_EQ(split_rows(3, 0.01, 1).test.size(), 1U);
  EXPECT_EQ(split_rows(3, 0.99, 1).test.size(), 2U);
  expect_partition(split_rows(442, 0.2, 7), 442);
}

TEST(SplitRows, DependsOnTheSeedAlone) {
  EXPECT_EQ(split_rows(50, 0.3, 4).test, split_rows(50, 0.3, 4).test);
  EXPECT_NE(split_rows(50, 0.3, 4).test, split_rows(50, 0.3, 5).test);
}

TEST(SplitRows, HoldsBackEveryRowEquallyOften) {
  // 2000 seeds, 5 of 20 rows: 500 +- 4.5 standard deviations of a binomial (19.4 each).
  std::vector<int> held(20);
  for (std::uint64_t seed = 0; seed < 2000; ++seed)
    for (const std::uint32_t row : split_rows(20, 0.25, seed).test) ++held[row];
  for (const int h : held) EXPECT_NEAR(h, 500, 4.5 * 19.4);
}

TEST(Folds, HoldEveryRowBackOnce) {
  for (const std::size_t k : {2U, 3U, 10U, 23U}) {
    const std::vector<Split> splits = folds(23, k, 9);
    ASSERT_EQ(splits.size(), k);
    std::vector<int> held(23);
    for (const Split& split : splits) {
      expect_partition(split, 23);
      EXPECT_GE(split.test.size(), 23 / k);
      EXPECT_LE(split.test.size(), 23 / k + 1);
      for (const std::uint32_t row : split.test) ++held[row];
    }
    EXPECT_EQ(held, std::vector<int>(23, 1));
  }
}

TEST(Folds, AreNotTheRowsInOrder) {
  const Split first = folds(100, 5, 0)[0];
  std::vector<std::uint32_t> every_fifth;
  for (std::uint32_t i = 0; i < 100; i += 5) every_fifth.push_back(i);
  EXPECT_NE(first.test, every_fifth);
}

TEST(StratifiedFolds, SpreadEveryClassEvenly) {
  const std::vector<double> code = codes(107);
  const std::vector<Split> splits = stratified_folds(code, 4, 3);
  std::vector<int> held(107);
  for (const Split& split : splits) {
    expect_partition(split, 107);
    EXPECT_NEAR(static_cast<double>(split.test.size()), 107 / 4.0, 1.0);
    for (const double c : {0.0, 1.0, 2.0}) {
      const auto all = static_cast<double>(std::count(code.begin(), code.end(), c));
      EXPECT_LT(std::fabs(static_cast<double>(count(split.test, code, c)) - all / 4), 1.0) << c;
    }
    for (const std::uint32_t row : split.test) ++held[row];
  }
  EXPECT_EQ(held, std::vector<int>(107, 1));
}

TEST(StratifiedSplit, KeepsTheSharesOfTheClasses) {
  const std::vector<double> code = codes(200);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Split split = stratified_split(code, 0.15, seed);
    expect_partition(split, 200);
    EXPECT_EQ(split.test.size(), 30U);
    EXPECT_EQ(count(split.test, code, 0), 18U);
    EXPECT_EQ(count(split.test, code, 1), 9U);
    EXPECT_EQ(count(split.test, code, 2), 3U);
  }
  EXPECT_NE(stratified_split(code, 0.15, 1).test, stratified_split(code, 0.15, 2).test);
}

TEST(Splits, RefuseWhatCannotBe) {
  EXPECT_THROW(static_cast<void>(split_rows(1, 0.5, 0)), Error);
  for (const double bad : {0.0, 1.0, -0.1, 1.5, std::nan("")})
    EXPECT_THROW(static_cast<void>(split_rows(10, bad, 0)), Error) << bad;
  EXPECT_THROW(static_cast<void>(folds(10, 1, 0)), Error);
  EXPECT_THROW(static_cast<void>(folds(10, 11, 0)), Error);
  EXPECT_THROW(static_cast<void>(stratified_folds(std::vector<double>{0, 0.5, 1}, 2, 0)), Error);
  EXPECT_THROW(static_cast<void>(stratified_folds(std::vector<double>{0, std::nan(""), 1}, 2, 0)), Error);
}

}  // namespace
}  // namespace descent::select

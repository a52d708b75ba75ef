#include "descent/core/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "descent/core/error.hpp"

namespace descent {
namespace {

using Block = std::array<std::uint32_t, 4>;

// Known answers of Philox4x32-10: kat_vectors of the Random123 distribution, version 1.09.
TEST(Philox, GivesThePublishedAnswers) {
  EXPECT_EQ(philox4x32({0, 0, 0, 0}, {0, 0}), (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox4x32({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
            (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Rng, ReadsTheCounterAsStated) {
  // index, substream, stream in the counter, the seed as the key; the first two words are the bits, low word first.
  const std::uint64_t seed = 0x299f31d0a4093822, index = 0x85a308d3243f6a88;
  const Block words = philox4x32({0x243f6a88, 0x85a308d3, 9, 5}, {0xa4093822, 0x299f31d0});
  const Rng rng(seed, RandomStream::data, 9);
  EXPECT_EQ(rng.bits(index), static_cast<std::uint64_t>(words[1]) << 32U | words[0]);
  EXPECT_EQ(rng.uniform(index), static_cast<double>(rng.bits(index) >> 11U) * 0x1p-53);
}

TEST(Rng, GivesTheSameNumbersInAnyOrderOfReading) {
  const Rng rng(42), again(42);
  std::vector<double> forward, backward;
  for (std::uint64_t i = 0; i < 100; ++i) forward.push_back(rng.uniform(i) + rng.normal(i));
  for (std::uint64_t i = 100; i-- > 0;) backward.push_back(again.uniform(i) + again.normal(i));
  std::reverse(backward.begin(), backward.end());
  EXPECT_EQ(forward, backward);
}

TEST(Rng, DiffersBetweenSeedsStreamsAndSubstreams) {
  std::set<std::uint64_t> seen;
  for (const std::uint64_t seed : {0ULL, 1ULL, 1ULL << 32U})
    for (const auto stream : {RandomStream::general, RandomStream::shuffle, RandomStream::noise})
      for (const std::uint32_t substream : {0U, 1U, 65536U})
        for (const std::uint64_t index : {0ULL, 1ULL, 1ULL << 32U})
          seen.insert(Rng(seed, stream, substream).bits(index));
  EXPECT_EQ(seen.size(), 81U);
}

// Bounds below are for one fixed seed, so a pass is a pass for ever; six standard deviations say that a right generator
// would fail for one seed in 5e8.
constexpr std::size_t kDraws = 1'000'000;

TEST(Rng, UniformsFillTheUnitIntervalEvenly) {
  const Rng rng(1, RandomStream::test);
  constexpr std::size_t kBins = 256;
  std::vector<double> counts(kBins, 0.0);
  double sum = 0, sum_of_products = 0, last = rng.uniform(kDraws);
  for (std::size_t i = 0; i < kDraws; ++i) {
    const double u = rng.uniform(i);
    ASSERT_GE(u, 0.0);
    ASSERT_LT(u, 1.0);
    counts[static_cast<std::size_t>(u * kBins)] += 1;
    sum += u;
    sum_of_products += (u - 0.5) * (last - 0.5);
    last = u;
  }
  const double n = kDraws;
  EXPECT_NEAR(sum / n, 0.5, 6 * std::sqrt(1.0 / 12 / n));
  // Neighbours do not depend on each other: the product has mean 0 and standard deviation 1/12.
  EXPECT_NEAR(sum_of_products / n, 0.0, 6 * (1.0 / 12) / std::sqrt(n));
  double chi_squared = 0;
  for (const double count : counts) chi_squared += (count - n / kBins) * (count - n / kBins) / (n / kBins);
  EXPECT_NEAR(chi_squared, kBins - 1, 6 * std::sqrt(2.0 * (kBins - 1)));
}

TEST(Rng, NormalsHaveTheMomentsAndTailsOfTheNormalDistribution) {
  const Rng rng(2, RandomStream::test);
  double sum = 0, squares = 0, cubes = 0, fourths = 0, beyond_two = 0;
  for (std::size_t i = 0; i < kDraws; ++i) {
    const double z = rng.normal(i);
    sum += z;
    squares += z * z;
    cubes += z * z * z;
    fourths += z * z * z * z;
    beyond_two += std::fabs(z) > 2.0 ? 1 : 0;
  }
  const double n = kDraws;
  // Variances of z, z^2, z^3, z^4 are 1, 2, 15, 96.
  EXPECT_NEAR(sum / n, 0.0, 6 / std::sqrt(n));
  EXPECT_NEAR(squares / n, 1.0, 6 * std::sqrt(2 / n));
  EXPECT_NEAR(cubes / n, 0.0, 6 * std::sqrt(15 / n));
  EXPECT_NEAR(fourths / n, 3.0, 6 * std::sqrt(96 / n));
  const double p = 0.0455002638963584;  // P(|z| > 2)
  EXPECT_NEAR(beyond_two / n, p, 6 * std::sqrt(p * (1 - p) / n));
}

TEST(Rng, NormalsAreTheCommittedOnes) {
  // The same bits from every compiler and machine: Box and Muller over our own log and cos.
  const Rng rng(7, RandomStream::noise);
  EXPECT_EQ(rng.normal(0), 0x1.92cb951e67202p-3);
  EXPECT_EQ(rng.normal(1), 0x1.beb781055f633p-2);
  EXPECT_EQ(rng.normal(2), -0x1.fef35b351df0dp-2);
}

TEST(Rng, BelowStaysBelowAndReachesEverything) {
  const Rng rng(3, RandomStream::test);
  for (const std::uint64_t bound : {1ULL, 2ULL, 3ULL, 10ULL, 257ULL}) {
    std::map<std::uint64_t, double> counts;
    constexpr std::size_t kTries = 100'000;
    for (std::size_t i = 0; i < kTries; ++i) counts[rng.below(i, bound)] += 1;
    EXPECT_EQ(counts.size(), bound);
    EXPECT_LT(counts.rbegin()->first, bound);
    const double p = 1.0 / static_cast<double>(bound);
    for (const auto& [value, count] : counts)
      EXPECT_NEAR(count / kTries, p, 6 * std::sqrt(p * (1 - p) / kTries) + 1e-12);
  }
}

TEST(Rng, BelowHasNoBiasForBoundsThatDoNotDivideTwoToThe64) {
  // bound = 3/4 * 2^64: multiply-shift without rejection would give every third value twice as often, so that a number
  // and three would divide 2/4 of the time instead of 1/3.
  const Rng rng(4, RandomStream::test);
  const std::uint64_t bound = 3ULL << 62U;
  double divisible = 0;
  constexpr std::size_t kTries = 200'000;
  for (std::size_t i = 0; i < kTries; ++i) {
    const std::uint64_t value = rng.below(i, bound);
    ASSERT_LT(value, bound);
    divisible += value % 3 == 0 ? 1 : 0;
  }
  EXPECT_NEAR(divisible / kTries, 1.0 / 3, 6 * std::sqrt(2.0 / 9 / kTries));
}

TEST(RandomPermutation, HoldsEveryNumberOnce) {
  for (const std::size_t size : {0, 1, 2, 7, 1000}) {
    std::vector<std::uint32_t> order = random_permutation(size, Rng(5, RandomStream::shuffle));
    ASSERT_EQ(order.size(), size);
    std::sort(order.begin(), order.end());
    for (std::size_t i = 0; i < size; ++i) EXPECT_EQ(order[i], i);
  }
}

TEST(RandomPermutation, IsUniformOverAllOrders) {
  std::map<std::vector<std::uint32_t>, double> counts;
  constexpr std::uint32_t kTries = 48'000;
  for (std::uint32_t epoch = 0; epoch < kTries; ++epoch)
    counts[random_permutation(4, Rng(6, RandomStream::shuffle, epoch))] += 1;
  ASSERT_EQ(counts.size(), 24U);
  const double p = 1.0 / 24;
  for (const auto& [order, count] : counts) EXPECT_NEAR(count / kTries, p, 6 * std::sqrt(p * (1 - p) / kTries));
}

TEST(RandomPermutation, RefusesMoreThanItCanCount) {
  EXPECT_THROW((void)random_permutation(std::size_t{1} << 32U, Rng(1)), Error);
}

TEST(HeldOutRows, AreTheShareThatWasAskedForInRisingOrderWhateverTheRounding) {
  EXPECT_EQ(share_of(0.07, 100), 7U);  // 0.07 * 100 is 7.000000000000001
  EXPECT_EQ(share_of(0.1, 442), 45U);
  EXPECT_EQ(share_of(0.0, 10), 0U);
  const std::vector<std::uint32_t> rows = held_out_rows(100, 0.07, 3);
  EXPECT_EQ(rows.size(), 7U);
  EXPECT_TRUE(std::is_sorted(rows.begin(), rows.end()));
  EXPECT_EQ(std::adjacent_find(rows.begin(), rows.end()), rows.end());
  EXPECT_NE(rows, held_out_rows(100, 0.07, 4));
  EXPECT_THROW((void)held_out_rows(1, 0.5, 0), Error);
}

}  // namespace
}  // namespace descent

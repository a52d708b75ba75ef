#include "descent/data/draws.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <numeric>
#include <string>

#include "descent/core/error.hpp"
#include "tests/data/golden_draws.hpp"

namespace descent::data {
namespace {

/// Units in the last place between two doubles of one sign.
std::int64_t ulps(double a, double b) {
  return std::abs(std::bit_cast<std::int64_t>(a) - std::bit_cast<std::int64_t>(b));
}

const std::vector<std::uint64_t> kNumpySeeds = {0, 42, 4294967295U};
const std::vector<std::uint64_t> kPythonSeeds = {0, 42, (std::uint64_t{1} << 40U) + 7};

void expect_same_uniforms(DrawStream stream, const std::string& name, std::uint64_t seed) {
  const auto draws = make_draws(stream, seed);
  for (const double expected : golden(name + "_uniform_" + std::to_string(seed)))
    ASSERT_EQ(draws->uniform(), expected) << name << seed;
}

void expect_same_orders(DrawStream stream, const std::string& name, std::uint64_t seed) {
  const auto draws = make_draws(stream, seed);
  std::vector<double> orders;
  for (const std::size_t size : {1U, 2U, 10U, 257U})
    for (const std::size_t i : draws->permutation(size)) orders.push_back(static_cast<double>(i));
  EXPECT_EQ(orders, golden(name + "_permutation_" + std::to_string(seed))) << seed;
}

/// log, sin and cos come from descent::math, not from the C library that the others called: see docs/design/data.md.
void expect_near_normals(DrawStream stream, const std::string& name, std::uint64_t seed) {
  const auto draws = make_draws(stream, seed);
  for (const double expected : golden(name + "_normal_" + std::to_string(seed))) {
    const double got = draws->normal();
    ASSERT_LE(ulps(got, expected), 2) << name << seed << ": " << got << " " << expected;
  }
}

TEST(Draws, GiveNumpysNumbers) {
  EXPECT_EQ(make_draws(DrawStream::numpy, 42)->uniform(), 0.3745401188473625);
  for (const std::uint64_t seed : kNumpySeeds) {
    expect_same_uniforms(DrawStream::numpy, "numpy", seed);
    expect_same_orders(DrawStream::numpy, "numpy", seed);
    expect_near_normals(DrawStream::numpy, "numpy", seed);
  }
}

TEST(Draws, GivePythonsNumbers) {
  EXPECT_EQ(make_draws(DrawStream::python, 0)->uniform(), 0.8444218515250481);
  for (const std::uint64_t seed : kPythonSeeds) {
    expect_same_uniforms(DrawStream::python, "python", seed);
    expect_same_orders(DrawStream::python, "python", seed);
    expect_near_normals(DrawStream::python, "python", seed);
  }
}

TEST(Draws, RefuseASeedThatNumpyRefuses) {
  EXPECT_THROW((void)make_draws(DrawStream::numpy, std::uint64_t{1} << 32U), Error);
}

TEST(Draws, SkipAndCloneAsIfTheyHadDrawn) {
  for (const DrawStream stream : {DrawStream::descent, DrawStream::numpy, DrawStream::python}) {
    const auto draws = make_draws(stream, 5), skipped = make_draws(stream, 5);
    for (int i = 0; i < 7; ++i) (void)draws->uniform();
    for (int i = 0; i < 3; ++i) (void)draws->normal();
    skipped->skip_uniforms(7);
    skipped->skip_normals(3);
    const auto copy = skipped->clone();
    for (int i = 0; i < 1000; ++i) {
      const double expected = draws->normal();
      ASSERT_EQ(skipped->normal(), expected);
      ASSERT_EQ(copy->normal(), expected);
    }
    EXPECT_EQ(draws->position().has_value(), stream == DrawStream::descent);
  }
}

TEST(Draws, GiveOurOwnNumbersFromTheCounter) {
  const auto first = make_draws(DrawStream::descent, 9), again = make_draws(DrawStream::descent, 9);
  for (int i = 0; i < 100; ++i) {
    const double value = first->uniform();
    EXPECT_EQ(value, again->uniform());
    EXPECT_TRUE(value >= 0.0 && value < 1.0);
  }
  std::vector<std::size_t> order = first->permutation(50);
  std::sort(order.begin(), order.end());
  std::vector<std::size_t> expected(50);
  std::iota(expected.begin(), expected.end(), std::size_t{0});
  EXPECT_EQ(order, expected);
}

}  // namespace
}  // namespace descent::data

#include "descent/core/doubled.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "descent/core/random.hpp"

namespace descent {
namespace {

/// |a - b| / |b| in doubled precision.
double distance(const Doubled& a, const Doubled& b) { return std::fabs((a - b).value() / b.value()); }

TEST(Doubled, SumsAndProductsOfDoublesAreExact) {
  const Rng rng(1, RandomStream::test);
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const double a = rng.normal(2 * i), b = std::ldexp(rng.normal(2 * i + 1), static_cast<int>(i % 60));
    const Doubled product = exact_product(a, b);
    EXPECT_EQ(product.high, a * b);
    EXPECT_EQ(product.low, std::fma(a, b, -(a * b)));
    const Doubled sum = exact_sum(a, b);
    const long double exact = static_cast<long double>(a) + b;
    EXPECT_EQ(static_cast<long double>(sum.high) + sum.low, exact);
  }
}

TEST(Doubled, KeepsThirtyDigits) {
  const Doubled third = Doubled(1.0) / Doubled(3.0);
  EXPECT_LE(distance(third * Doubled(3.0), Doubled(1.0)), 1e-31);
  const Doubled seventh = Doubled(1.0) / Doubled(7.0);
  EXPECT_LE(distance((third + seventh) * Doubled(21.0), Doubled(10.0)), 1e-30);
  EXPECT_LE(distance((third - seventh) * Doubled(21.0), Doubled(4.0)), 1e-30);
  // (1 + 1e-20) - 1 is there.
  EXPECT_NEAR(((Doubled(1.0) + Doubled(1e-20)) - Doubled(1.0)).value(), 1e-20, 1e-34);
}

TEST(Doubled, PowersByProductsAreThoseOfWholeNumbers) {
  Doubled power(1.0);
  for (int i = 0; i < 22; ++i) power = power * Doubled(10.0);
  EXPECT_EQ(power.high, 1e22);
  for (int i = 0; i < 22; ++i) power = power / Doubled(10.0);
  EXPECT_LE(distance(power, Doubled(1.0)), 1e-30);
}

}  // namespace
}  // namespace descent

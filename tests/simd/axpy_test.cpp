#include "descent/simd/axpy.hpp"

#include "simd/support.hpp"

namespace descent::simd {
namespace {

std::vector<double> numbers(std::size_t n, std::uint64_t seed) {
  const Rng rng(seed, RandomStream::test);
  std::vector<double> result(n);
  for (std::size_t i = 0; i < n; ++i) result[i] = log_uniform(rng, i, -20, 20);
  return result;
}

constexpr double kGuard = 12345.0;

TEST(Axpy, MultipliesThenAddsOnEveryTarget) {
  const double a = 1.0 / 3.0, b = -0.7;
  on_every_target([&] {
    for (std::size_t n = 0; n <= 40; ++n) {
      const std::vector<double> x = numbers(n, 1), y = numbers(n, 2);
      std::vector<double> sum = y, scaled = x, combined(n + 1, kGuard);
      sum.push_back(kGuard);
      scaled.push_back(kGuard);
      axpy(a, x, MutableView(sum).first(n));
      scale(a, MutableView(scaled).first(n));
      linear_combination(a, x, b, y, MutableView(combined).first(n));
      for (std::size_t i = 0; i < n; ++i) {
        const double product = a * x[i], other = b * y[i];
        ASSERT_EQ(sum[i], y[i] + product);
        ASSERT_EQ(scaled[i], product);
        ASSERT_EQ(combined[i], product + other);
      }
      // Nothing beyond the end is touched.
      EXPECT_EQ(sum[n], kGuard);
      EXPECT_EQ(scaled[n], kGuard);
      EXPECT_EQ(combined[n], kGuard);
    }
  });
}

TEST(LinearCombination, MayWriteIntoOneOfItsInputs) {
  on_every_target([] {
    const std::vector<double> x = numbers(21, 3), y = numbers(21, 4);
    std::vector<double> into_x = x, into_y = y, apart(21);
    linear_combination(0.1, x, 0.9, y, apart);
    linear_combination(0.1, into_x, 0.9, y, into_x);
    linear_combination(0.1, x, 0.9, into_y, into_y);
    EXPECT_EQ(into_x, apart);
    EXPECT_EQ(into_y, apart);
  });
}

}  // namespace
}  // namespace descent::simd

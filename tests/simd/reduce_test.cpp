#include "descent/simd/reduce.hpp"

#include <functional>

#include "simd/support.hpp"

namespace descent::simd {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// The shape the header states, in the plainest form.
double reference(std::size_t n, const std::function<double(std::size_t)>& term) {
  double lane[kVirtualLanes] = {};
  for (std::size_t i = 0; i < n; ++i) lane[i % kVirtualLanes] = lane[i % kVirtualLanes] + term(i);
  for (std::size_t width = 8; width >= 1; width /= 2)
    for (std::size_t k = 0; k < width; ++k) lane[k] = lane[k] + lane[k + width];
  return lane[0];
}

std::vector<double> numbers(std::size_t n, std::uint64_t seed) {
  const Rng rng(seed, RandomStream::test);
  std::vector<double> result(n);
  for (std::size_t i = 0; i < n; ++i) result[i] = log_uniform(rng, i, -30, 30);
  return result;
}

// Every length up to a few groups of lanes, and some that run long.
std::vector<std::size_t> lengths() {
  std::vector<std::size_t> result;
  for (std::size_t n = 0; n <= 70; ++n) result.push_back(n);
  for (const std::size_t n : {127, 128, 129, 1000, 4096, 65537}) result.push_back(n);
  return result;
}

TEST(Reduce, HasTheStatedShapeOnEveryTarget) {
  const std::vector<double> a = numbers(65540, 1), b = numbers(65540, 2);
  on_every_target([&] {
    for (const std::size_t n : lengths()) {
      for (const std::size_t offset : {0, 1, 3}) {  // not only aligned vectors
        const View x = View(a).subspan(offset, n), y = View(b).subspan(offset, n);
        EXPECT_EQ(sum(x), reference(n, [&](std::size_t i) { return x[i]; })) << n;
        EXPECT_EQ(dot(x, y), reference(n, [&](std::size_t i) { return x[i] * y[i]; })) << n;
        EXPECT_EQ(squared_norm(x), reference(n, [&](std::size_t i) { return x[i] * x[i]; })) << n;
        EXPECT_EQ(squared_distance(x, y), reference(n, [&](std::size_t i) { return (x[i] - y[i]) * (x[i] - y[i]); }))
            << n;
      }
    }
  });
}

TEST(Reduce, OfFloatsIsWhatItIsOfTheSameNumbersAsDoubles) {
  const std::vector<double> many = numbers(65540, 5);
  std::vector<float> a(many.begin(), many.end()), b(many.rbegin(), many.rend());
  a[7] = std::numeric_limits<float>::denorm_min();
  a[40] = -0.0F;
  const std::vector<double> wide_a(a.begin(), a.end()), wide_b(b.begin(), b.end());
  on_every_target([&] {
    for (const std::size_t n : lengths()) {
      for (const std::size_t offset : {0, 1, 3}) {
        const FloatView x = FloatView(a).subspan(offset, n), y = FloatView(b).subspan(offset, n);
        const View wide_x = View(wide_a).subspan(offset, n), wide_y = View(wide_b).subspan(offset, n);
        EXPECT_EQ(bits_of(sum(x)), bits_of(sum(wide_x))) << n;
        EXPECT_EQ(bits_of(dot(x, y)), bits_of(dot(wide_x, wide_y))) << n;
        EXPECT_EQ(bits_of(squared_norm(x)), bits_of(squared_norm(wide_x))) << n;
      }
    }
  });
}

TEST(Reduce, RoundsTheProductBeforeItAdds) {
  // (1 + e)^2 = 1 + 2e + e^2: a fused multiply-add would keep the e^2 that the rounded product has lost.
  const double x = 1.0 + 0x1p-30;
  std::vector<double> left(17, 0.0), right(17, 0.0);
  left[0] = right[0] = 1.0;
  right[0] = -(x * x);
  left[16] = right[16] = x;  // the same lane as element 0
  on_every_target([&] {
    EXPECT_EQ(dot(left, right), 0.0);
    std::vector<double> y = {-(x * x)};
    EXPECT_EQ(y[0] + x * x, 0.0);
  });
}

TEST(Reduce, SumsOfCancellingNumbersKeepTheirBits) {
  // What every compiler and every target must find: the bits are committed.
  const std::vector<double> x = numbers(65536, 3), y = numbers(65536, 4);
  on_every_target([&] {
    BitHash hash;
    for (std::size_t n = 0; n < x.size(); n += 61) {
      const View a = View(x).first(n), b = View(y).first(n);
      for (const double value : {sum(a), dot(a, b), squared_norm(a), squared_distance(a, b)}) hash.add(value);
    }
    EXPECT_EQ(hash.text(), golden_hash("sums"));
  });
}

TEST(Reduce, CarriesNotFiniteNumbers) {
  on_every_target([] {
    for (const std::size_t at : {0, 5, 16, 20}) {
      std::vector<double> x(21, 1.0);
      x[at] = kInfinity;
      EXPECT_EQ(sum(x), kInfinity);
      EXPECT_EQ(squared_norm(x), kInfinity);
      EXPECT_EQ(max_abs(x), kInfinity);
      EXPECT_FALSE(all_finite(x));
      x[at] = kNan;
      EXPECT_TRUE(std::isnan(sum(x)));
      EXPECT_TRUE(std::isnan(dot(x, x)));
      EXPECT_TRUE(std::isnan(max_abs(x)));
      EXPECT_FALSE(all_finite(x));
    }
  });
}

TEST(Reduce, OfNothingIsPositiveZero) {
  on_every_target([] {
    EXPECT_EQ(bits_of(sum(View())), bits_of(0.0));
    EXPECT_EQ(bits_of(dot(View(), View())), bits_of(0.0));
    EXPECT_EQ(bits_of(sum(FloatView())), bits_of(0.0));
    EXPECT_EQ(max_abs({}), 0.0);
    EXPECT_TRUE(all_finite({}));
    EXPECT_EQ(bits_of(sum(std::vector<double>{-0.0})), bits_of(0.0));
  });
}

TEST(Reduce, KeepsSubnormalNumbers) {
  const std::vector<double> x(100, 0x1p-1074);
  on_every_target([&] { EXPECT_EQ(sum(x), 100 * 0x1p-1074); });
}

TEST(MaxAbs, FindsTheLargestWhereverItIs) {
  on_every_target([] {
    for (std::size_t n = 1; n <= 40; ++n) {
      for (std::size_t at = 0; at < n; ++at) {
        std::vector<double> x(n, 0.5);
        x[at] = -2.0;
        ASSERT_EQ(max_abs(x), 2.0) << n << " " << at;
      }
    }
  });
}

TEST(MaxAbs, KeepsANanThatComesBeforeLargerNumbers) {
  on_every_target([] {
    for (const std::size_t at : {0, 3, 16, 33}) {
      std::vector<double> x(40);
      for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<double>(i);
      x[at] = kNan;
      EXPECT_TRUE(std::isnan(max_abs(x))) << at;
    }
  });
}

TEST(AllFinite, AcceptsTheLargestNumbers) {
  const std::vector<double> x(50, std::numeric_limits<double>::max());
  on_every_target([&] { EXPECT_TRUE(all_finite(x)); });
}

}  // namespace
}  // namespace descent::simd

#include "src/nn/multiply.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "descent/core/random.hpp"
#include "descent/simd/target.hpp"

namespace descent::nn {
namespace {

std::vector<double> draws(std::size_t size, std::uint32_t substream) {
  const Rng rng(7, RandomStream::test, substream);
  std::vector<double> values(size);
  for (std::size_t i = 0; i < size; ++i) values[i] = rng.normal(i);
  return values;
}

TEST(Multiply, HasTheBitsOfThePlainLoopOnEveryTarget) {
  for (const std::string& target : simd::supported_targets()) {
    simd::force_target(target);
    for (const std::size_t columns : {1u, 3u, 8u, 31u, 32u, 77u})
      for (const std::size_t inner : {0u, 1u, 5u, 64u})
        for (const bool transposed : {false, true}) {
          constexpr std::size_t kRows = 6;
          const std::vector<double> a = draws(kRows * inner, 0), b = draws(inner * columns, 1);
          std::vector<double> c = draws(kRows * columns, 2), expected = c;
          Product product{.rows = kRows,
                          .columns = columns,
                          .inner = inner,
                          .a = a.data(),
                          .a_row = transposed ? 1 : inner,
                          .a_column = transposed ? kRows : 1,
                          .b = b.data(),
                          .b_stride = columns,
                          .c = c.data(),
                          .c_stride = columns};
          multiply_add(product);
          product.c = expected.data();
          multiply_add_reference(product);
          EXPECT_EQ(c, expected) << target << ' ' << columns << ' ' << inner << ' ' << transposed;
        }
  }
  simd::reset_target();
}

}  // namespace
}  // namespace descent::nn

#include "descent/core/aligned_buffer.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <new>
#include <vector>

namespace descent {
namespace {

TEST(AlignedBuffer, IsAlignedAndPaddedWithZeros) {
  for (const std::size_t size : {1, 15, 16, 17, 100}) {
    AlignedBuffer<double> buffer(size, 3.0);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(buffer.data()) % 64, 0U);
    EXPECT_EQ(buffer.size(), size);
    EXPECT_EQ(buffer.padded_size() % kVectorPadding, 0U);
    EXPECT_GE(buffer.padded_size(), size);
    for (std::size_t i = 0; i < size; ++i) EXPECT_EQ(buffer[i], 3.0);
    for (std::size_t i = size; i < buffer.padded_size(); ++i) EXPECT_EQ(buffer.data()[i], 0.0);
  }
}

TEST(AlignedBuffer, OfNothingHoldsNothing) {
  AlignedBuffer<double> none, zero(0);
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(zero.padded_size(), 0U);
  EXPECT_EQ(zero.view().size(), 0U);
}

TEST(AlignedBuffer, CopiesDeeplyAndMovesWithoutCopying) {
  AlignedBuffer<double> first(20, 1.0);
  AlignedBuffer<double> copy = first;
  copy[3] = 7.0;
  EXPECT_EQ(first[3], 1.0);
  EXPECT_EQ(copy.padded_size(), 32U);

  const double* data = copy.data();
  AlignedBuffer<double> moved = std::move(copy);
  EXPECT_EQ(moved.data(), data);
  EXPECT_EQ(moved[3], 7.0);

  const AlignedBuffer<double>& same = moved;
  moved = same;
  EXPECT_EQ(moved[3], 7.0);
  first = moved;
  EXPECT_EQ(first[3], 7.0);
}

TEST(AlignedBuffer, TakesOverValuesOfAnotherLength) {
  AlignedBuffer<float> buffer(3, 1.0F);
  const std::vector<float> values(40, 2.0F);
  buffer.copy_from(values);
  EXPECT_EQ(buffer.size(), 40U);
  EXPECT_EQ(buffer[39], 2.0F);
  EXPECT_EQ(buffer.data()[40], 0.0F);
}

TEST(AlignedBuffer, RefusesSizesWhoseBytesCannotBeCounted) {
  AlignedBuffer<double> buffer(2, 5.0);
  // 2^61 + 1 doubles would wrap round to 8 bytes.
  for (const std::size_t size : {(std::size_t{1} << 61U) + 1, std::numeric_limits<std::size_t>::max()})
    EXPECT_THROW(buffer.assign(size), std::bad_alloc);
  EXPECT_EQ(buffer.size(), 2U);
  EXPECT_EQ(buffer[1], 5.0);
}

}  // namespace
}  // namespace descent

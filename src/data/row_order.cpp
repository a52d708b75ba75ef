#include "src/data/row_order.hpp"

#include <cmath>

namespace descent::data {
namespace {

/// The finaliser of SplitMix64. Reference: G. L. Steele, D. Lea, C. H. Flood, OOPSLA 2014.
std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31U);
}

/// A hash of `digit` in {0, ..., base - 1}.
std::uint64_t hashed(std::uint64_t digit, std::uint64_t key, std::uint64_t base) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>((static_cast<Wide>(mixed(digit + key)) * base) >> 64U);
}

}  // namespace

RowOrder::RowOrder(std::uint64_t size, Draws& draws) : size_(size), keys_{} {
  left_base_ = static_cast<std::uint64_t>(std::ceil(std::sqrt(static_cast<double>(size))));
  right_base_ = (size + left_base_ - 1) / left_base_;
  for (std::uint64_t& key : keys_) key = draws.below(std::uint64_t{1} << 63U);
}

std::uint64_t RowOrder::operator()(std::uint64_t place) const {
  do {
    std::uint64_t left = place / right_base_, right = place % right_base_;
    for (std::size_t round = 0; round < keys_.size(); round += 2) {
      left += hashed(right, keys_[round], left_base_);
      if (left >= left_base_) left -= left_base_;
      right += hashed(left, keys_[round + 1], right_base_);
      if (right >= right_base_) right -= right_base_;
    }
    place = left * right_base_ + right;
  } while (place >= size_);
  return place;
}

}  // namespace descent::data

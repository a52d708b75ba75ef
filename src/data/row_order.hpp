// A random order of rows that is computed, not kept.
#pragma once

#include <array>
#include <cstdint>

#include "descent/data/draws.hpp"

namespace descent::data {

/// order(0), order(1), ... are 0 .. size-1, each once, in an order that eight random keys choose.
/// Place k is written as two digits of about equal bases a b >= size, to which sums of hashes of the other are added in
/// turn; results beyond size go round again, which is rare since a b < size + a.
/// Reference: J. Black, P. Rogaway, "Ciphers with arbitrary finite domains", CT-RSA 2002, section 5.
class RowOrder {
 public:
  /// Takes eight draws.
  RowOrder(std::uint64_t size, Draws& draws);
  [[nodiscard]] std::uint64_t operator()(std::uint64_t place) const;

 private:
  std::uint64_t size_, left_base_, right_base_;
  std::array<std::uint64_t, 8> keys_;
};

}  // namespace descent::data

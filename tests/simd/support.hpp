// What the tests of simd share: each CPU target in turn, inputs that are the same on every machine, bits and their
// hash.
#pragma once

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include "descent/core/random.hpp"
#include "descent/core/span.hpp"
#include "descent/simd/target.hpp"

namespace descent::simd {

/// Calls `check` once for every target this machine can run, with that target forced.
template <class Check>
void on_every_target(Check check) {
  for (const std::string& target : supported_targets()) {
    SCOPED_TRACE("target " + target);
    force_target(target);
    check();
  }
  reset_target();
}

/// The bits of a number; one NaN is as good as another.
inline std::uint64_t bits_of(double value) {
  return std::isnan(value) ? 0x7FF8000000000000U : std::bit_cast<std::uint64_t>(value);
}

/// Index of the first element whose bits differ, or the size.
inline std::size_t first_difference(View a, View b) {
  std::size_t i = 0;
  while (i < a.size() && bits_of(a[i]) == bits_of(b[i])) ++i;
  return i;
}

/// FNV-1a over the eight bytes of each number, lowest first.
class BitHash {
 public:
  void add(double value) {
    const std::uint64_t bits = bits_of(value);
    for (int shift = 0; shift < 64; shift += 8) hash_ = (hash_ ^ (bits >> shift & 0xFFU)) * 0x100000001B3U;
  }
  [[nodiscard]] std::string text() const {
    std::string result(16, '0');
    for (std::size_t i = 0; i < 16; ++i) result[15 - i] = "0123456789abcdef"[hash_ >> (4 * i) & 0xFU];
    return result;
  }

 private:
  std::uint64_t hash_ = 0xCBF29CE484222325U;
};

/// The hash that is committed for `name` in tests/golden/elementary_hashes.txt; empty when there is none.
inline std::string golden_hash(const std::string& name) {
  std::ifstream file(DESCENT_SOURCE_DIR "/tests/golden/elementary_hashes.txt");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(name + " ")) return line.substr(name.size() + 1);
  }
  return "";
}

/// +-2^e (1 + fraction) with e uniform in low .. high - 1, made from bits alone.
inline double log_uniform(const Rng& rng, std::uint64_t index, int low, int high) {
  const std::uint64_t bits = rng.bits(index);
  const auto range = static_cast<std::uint64_t>(high - low);
  const std::uint64_t exponent = static_cast<std::uint64_t>(low + 1023) + (bits >> 53U) % range;
  return std::bit_cast<double>((bits & 0x000FFFFFFFFFFFFFU) | exponent << 52U | (bits >> 52U & 1U) << 63U);
}

}  // namespace descent::simd

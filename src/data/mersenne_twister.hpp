// The engine under numpy's RandomState and Python's random.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace descent::data {

/// MT19937. Reference: M. Matsumoto, T. Nishimura, ACM TOMACS 8(1), 1998, and mt19937ar.c of 2002 (both seedings).
class MersenneTwister {
 public:
  /// init_genrand
  explicit MersenneTwister(std::uint32_t seed);
  /// init_by_array; `key` is not empty
  explicit MersenneTwister(std::span<const std::uint32_t> key);

  [[nodiscard]] std::uint32_t bits32();
  /// 53 bits from two draws: (a >> 5, b >> 6).
  [[nodiscard]] double uniform53();

 private:
  static constexpr std::size_t kSize = 624;
  void twist();
  std::array<std::uint32_t, kSize> state_{};
  std::size_t next_ = kSize;
};

}  // namespace descent::data

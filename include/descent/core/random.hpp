// Random numbers from a counter: number `index` of stream `stream` of seed `seed` is a pure function of the three.
//
// So a run that was interrupted, cut differently or spread over threads draws the same numbers.
// Reference: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011
// (Philox4x32-10, the constants of its table 2).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace descent {

/// Ten rounds of Philox4x32: 128 random bits for a 128-bit counter and a 64-bit key.
[[nodiscard]] std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                                      std::array<std::uint32_t, 2> key);

/// What a stream of random numbers is for. Streams are named so that two uses never share numbers by accident.
enum class RandomStream : std::uint32_t {
  general = 0,
  shuffle = 1,
  split = 2,
  start = 3,
  noise = 4,
  data = 5,
  test = 6
};

/// A stream of random numbers that can be read at any index.
class Rng {
 public:
  explicit Rng(std::uint64_t seed, RandomStream stream = RandomStream::general, std::uint32_t substream = 0)
      : seed_(seed), stream_(static_cast<std::uint32_t>(stream)), substream_(substream) {}

  /// 64 random bits, the same for the same (seed, stream, substream, index).
  [[nodiscard]] std::uint64_t bits(std::uint64_t index) const;
  /// Uniform in [0, 1), a multiple of 2^-53.
  [[nodiscard]] double uniform(std::uint64_t index) const;
  /// Standard normal, by Box and Muller from two uniforms of the same counter (same bits everywhere).
  [[nodiscard]] double normal(std::uint64_t index) const;
  /// Uniform in {0, ..., bound - 1}, exactly (Lemire's multiply-shift with rejection); bound >= 1.
  [[nodiscard]] std::uint64_t below(std::uint64_t index, std::uint64_t bound) const;

 private:
  [[nodiscard]] std::array<std::uint32_t, 4> block(std::uint64_t index, std::uint32_t attempt) const;
  std::uint64_t seed_;
  std::uint32_t stream_;
  std::uint32_t substream_;
};

/// A uniformly random order of 0..size-1 (Fisher and Yates, from the end). Epoch e of a seeded run uses substream e.
[[nodiscard]] std::vector<std::uint32_t> random_permutation(std::size_t size, const Rng& rng);

/// ceil(fraction size), where what rounding adds does not count: 0.07 of 100 is 7, though 0.07 * 100 is a little more.
[[nodiscard]] std::size_t share_of(double fraction, std::size_t size);

/// The rows that a learner holds out: the first share_of(fraction, rows) of a random order, in rising order.
/// Throws: Error(data) if that leaves none to learn from.
[[nodiscard]] std::vector<std::uint32_t> held_out_rows(std::size_t rows, double fraction, std::uint64_t seed);

}  // namespace descent

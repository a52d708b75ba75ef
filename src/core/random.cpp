#include "descent/core/random.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "descent/core/elementary.hpp"
#include "descent/core/error.hpp"
#include "descent/core/text.hpp"

namespace descent {
namespace {

constexpr double kTwoPi = 6.283185307179586476925286766559;
constexpr double kTwoToMinus53 = 0x1.0p-53;

std::uint64_t join_words(std::uint32_t low, std::uint32_t high) {
  return (static_cast<std::uint64_t>(high) << 32U) | low;
}

}  // namespace

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) {
  constexpr std::uint64_t kMultiplier0 = 0xD2511F53, kMultiplier1 = 0xCD9E8D57;
  constexpr std::uint32_t kWeyl0 = 0x9E3779B9, kWeyl1 = 0xBB67AE85;
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = kMultiplier0 * counter[0];
    const std::uint64_t p1 = kMultiplier1 * counter[2];
    counter = {static_cast<std::uint32_t>(p1 >> 32U) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(p1),
               static_cast<std::uint32_t>(p0 >> 32U) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(p0)};
    key = {key[0] + kWeyl0, key[1] + kWeyl1};
  }
  return counter;
}

// Counter: index (64 bits), substream, stream with the attempt in its upper half. Key: the seed.
std::array<std::uint32_t, 4> Rng::block(std::uint64_t index, std::uint32_t attempt) const {
  return philox4x32({static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32U), substream_,
                     stream_ | (attempt << 16U)},
                    {static_cast<std::uint32_t>(seed_), static_cast<std::uint32_t>(seed_ >> 32U)});
}

std::uint64_t Rng::bits(std::uint64_t index) const {
  const auto words = block(index, 0);
  return join_words(words[0], words[1]);
}

double Rng::uniform(std::uint64_t index) const { return static_cast<double>(bits(index) >> 11U) * kTwoToMinus53; }

double Rng::normal(std::uint64_t index) const {
  const auto words = block(index, 0);
  // In (0, 1], so that the logarithm is finite.
  const double u = static_cast<double>((join_words(words[0], words[1]) >> 11U) + 1) * kTwoToMinus53;
  const double v = static_cast<double>(join_words(words[2], words[3]) >> 11U) * kTwoToMinus53;
  return std::sqrt(-2.0 * math::log(u)) * math::cos(kTwoPi * v);
}

std::uint64_t Rng::below(std::uint64_t index, std::uint64_t bound) const {
  // Lemire, "Fast random integer generation in an interval", ACM TOMACS 29(1), 2019, algorithm 5. A rejected draw moves
  // to the next attempt of the same index, so that other indices stay where they are.
  __extension__ using Wide = unsigned __int128;
  const std::uint64_t threshold = (0 - bound) % bound;
  for (std::uint32_t attempt = 0;; ++attempt) {
    const auto words = block(index, attempt);
    const Wide product = static_cast<Wide>(join_words(words[0], words[1])) * bound;
    if (static_cast<std::uint64_t>(product) >= threshold || attempt == 0xFFFF)
      return static_cast<std::uint64_t>(product >> 64U);
  }
}

std::vector<std::uint32_t> random_permutation(std::size_t size, const Rng& rng) {
  if (size > std::numeric_limits<std::uint32_t>::max())
    throw Error(ErrorCode::usage, "at most 4,294,967,295 rows can be put in random order, got " + std::to_string(size));
  std::vector<std::uint32_t> order(size);
  std::iota(order.begin(), order.end(), 0U);
  for (std::size_t i = size; i > 1; --i) std::swap(order[i - 1], order[rng.below(i - 1, i)]);
  return order;
}

std::size_t share_of(double fraction, std::size_t size) {
  return static_cast<std::size_t>(std::ceil(fraction * static_cast<double>(size) * (1.0 - 1e-12)));
}

std::vector<std::uint32_t> held_out_rows(std::size_t rows, double fraction, std::uint64_t seed) {
  std::vector<std::uint32_t> order = random_permutation(rows, Rng(seed, RandomStream::split));
  const std::size_t count = share_of(fraction, rows);
  if (count >= rows)
    throw Error(
        ErrorCode::data,
        "holding out " + number_text(fraction) + " of " + std::to_string(rows) + " rows leaves none to learn from",
        "validation");
  order.resize(count);
  std::sort(order.begin(), order.end());
  return order;
}

}  // namespace descent

#include "descent/data/draws.hpp"

#include <bit>
#include <cmath>
#include <numbers>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "descent/core/elementary.hpp"
#include "descent/core/error.hpp"
#include "descent/core/random.hpp"
#include "src/data/mersenne_twister.hpp"

namespace descent::data {
namespace {

class DescentDraws final : public Draws {
 public:
  explicit DescentDraws(std::uint64_t seed) : rng_(seed, RandomStream::data) {}
  double uniform() override { return rng_.uniform(index_++); }
  double normal() override { return rng_.normal(index_++); }
  std::uint64_t below(std::uint64_t bound) override { return rng_.below(index_++, bound); }
  [[nodiscard]] std::unique_ptr<Draws> clone() const override { return std::make_unique<DescentDraws>(*this); }
  void skip_uniforms(std::uint64_t count) override { index_ += count; }
  void skip_normals(std::uint64_t count) override { index_ += count; }
  [[nodiscard]] std::optional<std::uint64_t> position() const override { return index_; }
  void seek(std::uint64_t position) override { index_ = position; }

 private:
  Rng rng_;
  std::uint64_t index_ = 0;
};

class NumpyDraws final : public Draws {
 public:
  explicit NumpyDraws(std::uint32_t seed) : engine_(seed) {}
  [[nodiscard]] std::unique_ptr<Draws> clone() const override { return std::make_unique<NumpyDraws>(*this); }

  double uniform() override { return engine_.uniform53(); }

  /// legacy_gauss: Marsaglia's polar method gives two; the first computed is kept for the next call.
  double normal() override {
    if (kept_) return std::exchange(kept_, {}).value();
    double x = 0.0, y = 0.0, r = 0.0;
    do {
      x = 2.0 * engine_.uniform53() - 1.0;
      y = 2.0 * engine_.uniform53() - 1.0;
      r = x * x + y * y;
    } while (r >= 1.0 || r == 0.0);
    const double f = std::sqrt(-2.0 * math::log(r) / r);
    kept_ = f * x;
    return f * y;
  }

  /// random_interval: draws are masked to the bits of the largest value and thrown away above it.
  std::uint64_t below(std::uint64_t bound) override {
    const std::uint64_t largest = bound - 1;
    if (largest == 0) return 0;
    const std::uint64_t mask = ~std::uint64_t{0} >> static_cast<unsigned>(std::countl_zero(largest));
    for (;;) {
      const std::uint64_t value = mask & (largest <= 0xffffffffU ? engine_.bits32() : bits64());
      if (value <= largest) return value;
    }
  }

 private:
  std::uint64_t bits64() {
    const std::uint64_t high = engine_.bits32();
    return (high << 32U) | engine_.bits32();
  }
  MersenneTwister engine_;
  std::optional<double> kept_;
};

class PythonDraws final : public Draws {
 public:
  explicit PythonDraws(std::uint64_t seed) : engine_(make_engine(seed)) {}
  [[nodiscard]] std::unique_ptr<Draws> clone() const override { return std::make_unique<PythonDraws>(*this); }

  double uniform() override { return engine_.uniform53(); }

  /// random.gauss: Box and Muller give two; the second is kept.
  double normal() override {
    if (kept_) return std::exchange(kept_, {}).value();
    const double angle = engine_.uniform53() * 2.0 * std::numbers::pi;
    const double radius = std::sqrt(-2.0 * math::log(1.0 - engine_.uniform53()));
    kept_ = math::sin(angle) * radius;
    return math::cos(angle) * radius;
  }

  /// _randbelow_with_getrandbits: as many bits as `bound` has, thrown away when not below it.
  std::uint64_t below(std::uint64_t bound) override {
    const auto width = static_cast<unsigned>(std::bit_width(bound));
    for (;;) {
      const std::uint64_t value = bits(width);
      if (value < bound) return value;
    }
  }

 private:
  static MersenneTwister make_engine(std::uint64_t seed) {
    const std::uint32_t key[2] = {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32U)};
    return MersenneTwister(std::span<const std::uint32_t>(key, key[1] == 0 ? 1 : 2));
  }
  /// getrandbits: words from the lowest up, the last one cut from its top.
  std::uint64_t bits(unsigned width) {
    if (width <= 32) return engine_.bits32() >> (32U - width);
    const std::uint64_t low = engine_.bits32();
    const std::uint64_t high = engine_.bits32() >> (64U - width);
    return (high << 32U) | low;
  }
  MersenneTwister engine_;
  std::optional<double> kept_;
};

}  // namespace

void Draws::skip_uniforms(std::uint64_t count) {
  for (std::uint64_t i = 0; i < count; ++i) (void)uniform();
}

void Draws::skip_normals(std::uint64_t count) {
  for (std::uint64_t i = 0; i < count; ++i) (void)normal();
}

void Draws::seek(std::uint64_t /*position*/) {
  throw Error(ErrorCode::internal, "this stream of random numbers is read in order only", "Draws");
}

std::vector<std::size_t> Draws::permutation(std::size_t size) {
  std::vector<std::size_t> order(size);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = size; i-- > 1;) std::swap(order[i], order[below(i + 1)]);
  return order;
}

std::unique_ptr<Draws> make_draws(DrawStream stream, std::uint64_t seed) {
  if (stream == DrawStream::python) return std::make_unique<PythonDraws>(seed);
  if (stream == DrawStream::descent) return std::make_unique<DescentDraws>(seed);
  if (seed > 0xffffffffU)
    throw Error(ErrorCode::usage, "numpy's seeds are 0 to 4294967295, got " + std::to_string(seed), "seed");
  return std::make_unique<NumpyDraws>(static_cast<std::uint32_t>(seed));
}

}  // namespace descent::data

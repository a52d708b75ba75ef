// Random numbers in the order in which a program draws them, as three libraries make them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace descent::data {

enum class DrawStream {
  descent,  ///< core Rng: draw i is number i of the seed's data stream
  numpy,    ///< numpy.random.RandomState(seed), which np.random.seed(seed) also sets
  python,   ///< Python's random.seed(seed)
};

/// A stateful stream; what the n-th call returns depends on all calls before it, as in the libraries it follows.
class Draws {
 public:
  Draws() = default;
  Draws& operator=(const Draws&) = delete;
  virtual ~Draws() = default;

  /// Uniform in [0, 1), a multiple of 2^-53. numpy: random_sample, rand. python: random().
  virtual double uniform() = 0;
  /// Standard normal. numpy: randn, standard_normal (polar method, second value kept). python: gauss(0, 1) (Box and
  /// Muller).
  virtual double normal() = 0;
  /// Uniform in {0, ..., bound - 1}; bound >= 1. numpy: the masked rejection of shuffle. python: _randbelow.
  virtual std::uint64_t below(std::uint64_t bound) = 0;
  /// A random order of 0..size-1, from the end, by Fisher and Yates. numpy: permutation(size). python:
  /// shuffle(list(range(size))).
  [[nodiscard]] virtual std::vector<std::size_t> permutation(std::size_t size);

  /// Another reader of the same stream, at the same place.
  [[nodiscard]] virtual std::unique_ptr<Draws> clone() const = 0;
  /// As if uniform() or normal() had been called `count` times.
  virtual void skip_uniforms(std::uint64_t count);
  virtual void skip_normals(std::uint64_t count);
  /// Which draw comes next, where any can be reached by seek(); nothing for streams that are read in order only.
  [[nodiscard]] virtual std::optional<std::uint64_t> position() const { return {}; }
  /// Only where position() is known.
  virtual void seek(std::uint64_t position);

 protected:
  Draws(const Draws&) = default;
};

/// `seed`: numpy takes 0 .. 2^32 - 1. Throws: Error(usage).
/// Reference: M. Matsumoto, T. Nishimura, "Mersenne twister", ACM TOMACS 8(1), 1998; CPython Modules/_randommodule.c
/// and Lib/random.py; NumPy numpy/random/src/legacy.
[[nodiscard]] std::unique_ptr<Draws> make_draws(DrawStream stream, std::uint64_t seed);

}  // namespace descent::data

// What tests of chains share: gradients of every size.
#pragma once

#include <cmath>
#include <vector>

#include "descent/core/random.hpp"

namespace descent {

/// Gradients of very different sizes, some of them exactly 0.
inline std::vector<double> gradient_of(std::size_t n, std::uint64_t step) {
  const Rng rng(7, RandomStream::test, static_cast<std::uint32_t>(step));
  std::vector<double> g(n);
  for (std::size_t i = 0; i < n; ++i)
    g[i] = i % 11 == 3 ? 0.0 : rng.normal(i) * std::ldexp(1.0, static_cast<int>(i % 21) - 10);
  return g;
}

}  // namespace descent

// What tests of chains share: gradients of every size, and an update as a loop makes it.
#pragma once

#include <cmath>
#include <limits>
#include <vector>

#include "descent/core/random.hpp"
#include "descent/optim/chain_state.hpp"

namespace descent {

/// Gradients of very different sizes, some of them exactly 0.
inline std::vector<double> gradient_of(std::size_t n, std::uint64_t step) {
  const Rng rng(7, RandomStream::test, static_cast<std::uint32_t>(step));
  std::vector<double> g(n);
  for (std::size_t i = 0; i < n; ++i)
    g[i] = i % 11 == 3 ? 0.0 : rng.normal(i) * std::ldexp(1.0, static_cast<int>(i % 21) - 10);
  return g;
}

/// An update as a loop makes it: a chain that wants its gradient elsewhere gets that of a function with curvature 1/2.
template <class T>
void update(BasicChainState<T>& state, std::vector<T> g, std::vector<T>& x,
            double value = std::numeric_limits<double>::quiet_NaN()) {
  std::vector<T> there(x.size());
  if (state.displaces() && state.displace(g, x, there))
    for (std::size_t i = 0; i < x.size(); ++i) g[i] = g[i] + T(0.5) * (there[i] - x[i]);
  state.update(g, x, value);
}

}  // namespace descent

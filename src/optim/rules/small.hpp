// Fused updates of a few elements, without the call of a kernel. The same operations in the same order.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

#include "src/optim/rules/kernels.hpp"

namespace descent::rules {

/// Below this many elements a plain loop beats a kernel.
inline constexpr std::size_t kSmall = 16;

template <FusedKind kind, Clip clip, class T>
[[gnu::always_inline]] inline void small_update(const FusedStep& step, const Elements<T>& e) {
  const T limit = static_cast<T>(step.clip.limit), rate = static_cast<T>(step.rate);
  // Copied first: what is written through `e` may be anything, for all the compiler knows.
  constexpr std::size_t kNumbers = kind == FusedKind::adam ? 6 : kind == FusedKind::trace ? 3 : 0;
  std::array<T, kNumbers + 1> k{};
  for (std::size_t i = 0; i < kNumbers; ++i) k[i] = static_cast<T>(step.numbers[i]);
  const T decay = static_cast<T>(step.decay);
  const bool rate_first = kind == FusedKind::trace && step.rate_first, decays = kind == FusedKind::adam && step.decays;
  const std::size_t size = e.size;
  T* const x_at = e.out;
  const T* const u_at = e.in;
  T* const slot0 = e.slots[0];
  T* const slot1 = e.slots[1];
  for (std::size_t i = 0; i < size; ++i) {
    const T x = x_at[i];
    T u = u_at[i];
    if constexpr (clip == Clip::factor) u = limit * u;
    if constexpr (clip == Clip::value) u = u < -limit ? -limit : u > limit ? limit : u;
    if (rate_first) u = rate * u;
    if constexpr (kind == FusedKind::trace) {
      const T v = k[0] * slot0[i] + k[1] * u;
      slot0[i] = normal_or_zero(v);
      u = k[2] != T(0) ? u + k[0] * v : v;
    }
    if constexpr (kind == FusedKind::adam) {
      const T m = k[0] * slot0[i] + k[1] * u;
      const T v = k[2] * slot1[i] + k[3] * (u * u);
      slot0[i] = normal_or_zero(m);
      slot1[i] = normal_or_zero(v);
      u = (m * k[4]) / (std::sqrt(v) + k[5]);
    }
    if (decays) u = u + decay * x;
    if (!rate_first) u = rate * u;
    x_at[i] = x - u;
  }
}

template <FusedKind kind, class T>
[[gnu::always_inline]] inline void small_update(const FusedStep& step, const Elements<T>& e) {
  switch (step.clip.kind) {
    case Clip::none: return small_update<kind, Clip::none>(step, e);
    case Clip::value: return small_update<kind, Clip::value>(step, e);
    case Clip::factor: return small_update<kind, Clip::factor>(step, e);
  }
}

}  // namespace descent::rules

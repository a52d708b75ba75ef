// Euclidean norms also where the square would overflow or vanish: numbers are added up in three ranges of size.
// Reference: J. L. Blue, "A portable Fortran program to find the Euclidean norm of a vector", ACM TOMS 4(1), 1978.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <vector>

#include "descent/core/span.hpp"
#include "descent/optim/rule.hpp"
#include "descent/parallel/reduce.hpp"
#include "descent/simd/reduce.hpp"
#include "src/optim/rules/rule_def.hpp"

namespace descent::rules {

/// What the sums of add_squares stand for.
enum { kMiddle, kBig, kSmall, kNumRanges };
inline constexpr double kBigFrom = 0x1p500, kSmallBelow = 0x1p-480, kShrink = 0x1p-600, kGrow = 0x1p600;

/// Squares of at most kRuleBlock elements, in double.
template <class T>
void add_squares(std::span<const T> u, double* sums) {
  const double squared = simd::squared_norm(u);
  if (squared >= 0x1p-900 && std::isfinite(squared)) {
    sums[kMiddle] += squared;
    return;
  }
  for (const T value : u) {
    const double size = std::fabs(static_cast<double>(value));
    const int range = size > kBigFrom ? kBig : size < kSmallBelow ? kSmall : kMiddle;
    const double scaled = range == kBig ? size * kShrink : range == kSmall ? size * kGrow : size;
    sums[range] += scaled * scaled;
  }
}

/// As RuleDef::sum64 and sum32, for norm_of().
template <class T>
void sum_squares(const double*, const Elements<T>& e, double* sums) {
  add_squares(std::span(e.in, e.size), sums);
}

inline double norm_of(const double* sums) {
  if (sums[kBig] > 0.0) return std::sqrt(sums[kBig] + (sums[kMiddle] * kShrink) * kShrink) * kGrow;
  if (!(sums[kMiddle] == 0.0)) return std::sqrt(sums[kMiddle] + (sums[kSmall] * kShrink) * kShrink);
  return std::sqrt(sums[kSmall]) * kShrink;
}

/// ||u||_2 of a vector of any length.
template <class T>
double norm(std::span<const T> u) {
  std::array<double, kNumRanges> sums{};
  const auto block = [&](std::size_t first, std::size_t stop, std::span<double> partial) {
    add_squares(u.subspan(first, stop - first), partial.data());
  };
  if (u.size() <= kRuleBlock) {
    block(0, u.size(), sums);
  } else {
    parallel::reduce_rows(nullptr, u.size(), sums, block);
  }
  return norm_of(sums.data());
}

/// The textbook's norm in the shape that every sum has here: blocks, 16 lanes in each, and a tree over the blocks.
inline double reference_norm(View u) {
  std::vector<double> blocks;
  for (std::size_t first = 0; first < u.size(); first += kRuleBlock) {
    std::array<double, 16> lane{};
    for (std::size_t i = 0; i < std::min(kRuleBlock, u.size() - first); ++i)
      lane[i % 16] = lane[i % 16] + u[first + i] * u[first + i];
    for (std::size_t width = 8; width > 0; width /= 2)
      for (std::size_t i = 0; i < width; ++i) lane[i] = lane[i] + lane[i + width];
    blocks.push_back(lane[0]);
  }
  return std::sqrt(parallel::tree_sum(blocks));
}

}  // namespace descent::rules

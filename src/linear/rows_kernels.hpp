// The two halves of a pass over a block of rows: scores from weights, gradient from slopes.
//
// Both read up to 15 elements past the end of a row (DenseRows allows it); the weights' padding is zero and the
// gradient's padding is rubbish afterwards. Wide rows have the bits of simd::dot and simd::axpy.
#pragma once

#include <cstddef>

namespace descent::linear {

/// Below this many features a row is added up from left to right instead of in 16 virtual lanes: half of the lanes or
/// more would add zeros.
inline constexpr std::size_t kNarrowRow = 8;

/// out[i * out_stride] = x_i . w + b for `rows` rows. `w` is padded with zeros to a multiple of 16.
/// `ahead`: memory of about the same size that is wanted next, or null; it is fetched into the cache meanwhile.
void block_scores(const double* x, std::size_t rows, std::size_t features, const double* w, double b, double* out,
                  std::size_t out_stride, const double* ahead);

/// g_j += sum_i slopes[i * stride] x_ij, rows in order. `g` is padded to a multiple of 16.
void block_gradient(const double* x, std::size_t rows, std::size_t features, const double* slopes, std::size_t stride,
                    double* g, const double* ahead);

}  // namespace descent::linear

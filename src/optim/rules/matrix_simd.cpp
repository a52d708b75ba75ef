#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/optim/rules/matrix_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <vector>

#include "src/optim/rules/lanes_simd.hpp"
#include "src/optim/rules/matrix.hpp"
#include "src/simd/dispatch_simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace descent::rules::HWY_NAMESPACE {
namespace {

/// kRows rows of c, as many columns as two vectors hold (fewer at the right edge), from b's columns side by side.
template <class T, std::size_t kRows>
HWY_INLINE void tile(const T* a, const T* panel, T* c, std::size_t depth, std::size_t stride, std::size_t columns) {
  using Wide = Lanes<T>;
  const std::size_t lanes = hn::Lanes(typename Wide::Tag());
  Wide sum[kRows][2];
  for (std::size_t k = 0; k < depth; ++k) {
    const Wide left = Wide::load(panel + 2 * lanes * k), right = Wide::load(panel + 2 * lanes * k + lanes);
    for (std::size_t r = 0; r < kRows; ++r) {
      const Wide factor(static_cast<double>(a[r * depth + k]));
      sum[r][0] = sum[r][0] + factor * left;
      sum[r][1] = sum[r][1] + factor * right;
    }
  }
  T out[2 * HWY_MAX_BYTES / sizeof(T)];
  for (std::size_t r = 0; r < kRows; ++r) {
    T* to = columns == 2 * lanes ? c + r * stride : out;
    sum[r][0].store(to);
    sum[r][1].store(to + lanes);
    if (to == out) std::copy_n(out, columns, c + r * stride);
  }
}

template <class T>
void multiply_matrices(const T* a, const T* b, T* c, std::size_t rows, std::size_t depth, std::size_t columns) {
  const std::size_t width = 2 * hn::Lanes(typename Lanes<T>::Tag());
  std::vector<T> panel(width * depth);
  for (std::size_t j = 0; j < columns; j += width) {
    const std::size_t count = std::min(width, columns - j);
    for (std::size_t k = 0; k < depth; ++k) std::copy_n(b + k * columns + j, count, panel.data() + k * width);
    std::size_t i = 0;
    for (; i + 4 <= rows; i += 4) tile<T, 4>(a + i * depth, panel.data(), c + i * columns + j, depth, columns, count);
    for (; i < rows; ++i) tile<T, 1>(a + i * depth, panel.data(), c + i * columns + j, depth, columns, count);
  }
}

void Multiply64(const double* a, const double* b, double* c, std::size_t rows, std::size_t depth, std::size_t columns) {
  multiply_matrices(a, b, c, rows, depth, columns);
}
void Multiply32(const float* a, const float* b, float* c, std::size_t rows, std::size_t depth, std::size_t columns) {
  multiply_matrices(a, b, c, rows, depth, columns);
}

}  // namespace
}  // namespace descent::rules::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace descent::rules {

DESCENT_EXPORT(Multiply64);
DESCENT_EXPORT(Multiply32);
void multiply(const double* a, const double* b, double* c, std::size_t rows, std::size_t depth, std::size_t columns) {
  DESCENT_DISPATCH(Multiply64)(a, b, c, rows, depth, columns);
}
void multiply(const float* a, const float* b, float* c, std::size_t rows, std::size_t depth, std::size_t columns) {
  DESCENT_DISPATCH(Multiply32)(a, b, c, rows, depth, columns);
}

}  // namespace descent::rules
#endif

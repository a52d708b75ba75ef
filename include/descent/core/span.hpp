// Views of numbers. Everything that only reads numbers takes one of these.
#pragma once

#include <cstddef>
#include <span>

namespace descent {

using View = std::span<const double>;
using MutableView = std::span<double>;

/// A dense table of numbers in rows. // shape = [rows x columns], element (i, j) at data[i * stride + j]
struct MatrixView {
  const double* data = nullptr;
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::size_t stride = 0;  ///< elements from one row to the next, >= columns

  [[nodiscard]] View row(std::size_t i) const { return {data + i * stride, columns}; }
  [[nodiscard]] double operator()(std::size_t i, std::size_t j) const { return data[i * stride + j]; }
};

}  // namespace descent

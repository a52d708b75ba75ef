// The one kernel of a network: matrix products whose sums have a fixed order.
#pragma once

#include <cstddef>

namespace descent::nn {

/// C += A B. Strides in elements; A may be read by columns (a_row = 1), B and C lie row by row.
struct Product {
  std::size_t rows = 0, columns = 0, inner = 0;  // C: [rows x columns], B: [inner x columns]
  const double* a = nullptr;
  std::size_t a_row = 0, a_column = 0;
  const double* b = nullptr;
  std::size_t b_stride = 0;
  double* c = nullptr;
  std::size_t c_stride = 0;
};

/// c_ij = (((c_ij + a_i0 b_0j) + a_i1 b_1j) + ...): each element is added up alone and in order, multiply, then add, so
/// that the bits do not depend on the width of the machine's vectors.
void multiply_add(const Product& product);
/// The same, as a loop of plain numbers; tests compare.
void multiply_add_reference(const Product& product);

}  // namespace descent::nn

// Eigenvalues of small symmetric matrices.
#pragma once

#include <cstddef>
#include <vector>

namespace descent::diagnose {

struct Eigen {
  std::vector<double> values;   ///< rising
  std::vector<double> vectors;  ///< row k belongs to values[k]. // shape = [n x n]
};

/// matrix: symmetric, row-major, finite. Reference: C. G. J. Jacobi's rotations, cyclic, as in G. H. Golub,
/// C. F. Van Loan, "Matrix Computations", 4th ed., 2013, section 8.5.
[[nodiscard]] Eigen symmetric_eigen(std::vector<double> matrix, std::size_t n);

}  // namespace descent::diagnose

// The upper triangle that stands for a least-squares problem of any length.
#pragma once

#include <cstddef>
#include <vector>

#include "descent/core/result.hpp"
#include "descent/core/span.hpp"

namespace descent {

/// R, z and rho with ||A p + b||^2 = ||R p + z||^2 + rho^2 for every p, for the rows of [A b] taken in so far.
///
/// Rows come in blocks; each is rotated into the triangle by Householder reflections, so that A^T A, which squares the
/// condition number, is never formed. Reference: G. H. Golub, C. F. Van Loan, "Matrix Computations", 4th ed., 2013,
/// sections 5.2 and 5.3; J. Demmel et al., "Communication-optimal parallel and sequential QR and LU", 2012.
class Triangle {
 public:
  /// n columns of A.
  explicit Triangle(std::size_t n) : n_(n), r_((n + 1) * (n + 1), 0.0) {}

  [[nodiscard]] std::size_t num_columns() const { return n_; }
  void clear();

  /// Takes in rows of [A b], column after column; `block` is used up. // shape = [n + 1 x rows]
  void absorb(MutableView block, std::size_t rows);

  /// R(i, j) for i <= j < n.
  [[nodiscard]] double operator()(std::size_t i, std::size_t j) const { return r_[i * (n_ + 1) + j]; }
  [[nodiscard]] double z(std::size_t i) const { return r_[i * (n_ + 1) + n_]; }
  /// What no p can take away.
  [[nodiscard]] double rho() const;
  [[nodiscard]] bool is_finite() const;

  /// ||A_j||
  [[nodiscard]] double column_norm(std::size_t j) const;
  /// A^T b
  void gradient(MutableView out) const;

 private:
  std::size_t n_;
  std::vector<double> r_;  // row by row. // shape = [n + 1 x n + 1]
};

/// A triangle in new variables: some columns only, each divided by a scale, brought into an order in which the columns
/// that the ones before nearly explain come last.
struct PivotedTriangle {
  std::vector<std::size_t> columns;  ///< of the Triangle, in the order of the pivots
  std::vector<double> r;             ///< row by row. // shape = [columns x columns]
  std::vector<double> z;
  double rho = 0.0;
  std::size_t rank = 0;  ///< columns beyond are combinations of those before, to rounding

  [[nodiscard]] std::size_t size() const { return columns.size(); }
  [[nodiscard]] double at(std::size_t i, std::size_t j) const { return r[i * columns.size() + j]; }
  /// ||z|| over the columns that count.
  [[nodiscard]] double explained() const;
};

/// `scales` are > 0, one for each column of `triangle`; `columns` are those to keep.
/// Reference: P. Businger, G. H. Golub, "Linear least squares solutions by Householder transformations", Numer. Math.
/// 7, 1965.
[[nodiscard]] PivotedTriangle pivot(const Triangle& triangle, View scales, const std::vector<std::size_t>& columns);

/// p with R p = -z over the first `rank` columns, 0 for the others, in the order of the pivots.
[[nodiscard]] std::vector<double> gauss_newton_step(const PivotedTriangle& triangle);

/// What covariances are made of. `scales` as for pivot(); `n` parameters in all.
[[nodiscard]] Information information_of(const PivotedTriangle& triangle, View scales, std::size_t n);

}  // namespace descent

// The inverse Hessian that pairs s = x' - x, y = g' - g describe.
#pragma once

#include <cstddef>
#include <vector>

#include "descent/core/aligned_buffer.hpp"
#include "descent/core/span.hpp"

namespace descent {

/// H of BFGS: the last `memory` pairs stand for it (L-BFGS), scaled anew by each. In two dimensions, and where it is
/// asked for, the matrix itself is kept, which takes n^2 instead of 4 memory n multiplications.
/// Reference: J. Nocedal, S. J. Wright, "Numerical Optimization", 2nd ed., 2006, eq. 6.17, 6.20, algorithm 7.4.
class InverseHessian {
 public:
  InverseHessian(std::size_t n, std::size_t memory);
  /// Always the matrix.
  explicit InverseHessian(std::size_t n);

  /// Forgets everything: H = I.
  void reset() { num_pairs_ = 0; }
  [[nodiscard]] bool is_identity() const { return num_pairs_ == 0; }

  /// Takes the pair in, unless y's is so small that H would not stay positive definite. True if taken.
  bool add(View s, View y);

  /// The matrix; empty where there is none, or no pair yet. // shape = [n x n]
  [[nodiscard]] std::vector<double> take_matrix();

  /// direction = -H gradient
  void descend(View gradient, MutableView direction);

 private:
  bool add_dense(View s, View y, double ys, double yy);

  std::size_t size_, memory_;
  bool is_dense_;
  std::size_t num_pairs_ = 0;                 // since the last reset; the newest is pair (num_pairs_ - 1) % memory_
  std::vector<double> matrix_, scratch_;      // dense
  std::vector<AlignedBuffer<double>> s_, y_;  // pairs
  std::vector<double> rho_, alpha_;
  double gamma_ = 1.0;
};

}  // namespace descent

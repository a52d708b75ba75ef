// The Hessian that pairs s = x' - x, y = g' - g describe, in a form that shows any of its rows.
#pragma once

#include <cstddef>
#include <deque>
#include <vector>

#include "descent/core/span.hpp"

namespace descent {

/// B = theta I - W M W^T with W = [Y theta S] of the last `memory` pairs, oldest first.
/// Reference: R. H. Byrd, J. Nocedal, R. B. Schnabel, "Representations of quasi-Newton matrices and their use in
/// limited memory methods", Math. Prog. 63, 1994, theorem 2.3.
class CompactHessian {
 public:
  explicit CompactHessian(std::size_t memory) : memory_(memory) {}

  /// Forgets everything: B = I.
  void reset();
  [[nodiscard]] bool is_identity() const { return s_.empty(); }
  /// Takes the pair in, unless y's is so small that B would not stay positive definite. True if taken.
  bool add(View s, View y);

  [[nodiscard]] double theta() const { return theta_; }
  /// Columns of W: twice the number of pairs.
  [[nodiscard]] std::size_t width() const { return 2 * s_.size(); }
  /// W^T v. // v: shape = [n]
  [[nodiscard]] std::vector<double> project(View v) const;
  /// Row i of W.
  void row(std::size_t i, MutableView out) const;
  /// M v. // v: shape = [width]
  [[nodiscard]] std::vector<double> middle(View v) const;
  /// (I - M N)^-1 v. // n: shape = [width x width]
  [[nodiscard]] std::vector<double> solve_reduced(const std::vector<double>& n, std::vector<double> v) const;

 private:
  std::size_t memory_;
  double theta_ = 1.0;
  std::deque<std::vector<double>> s_, y_;
  std::vector<double> m_;  // shape = [width x width]
};

}  // namespace descent

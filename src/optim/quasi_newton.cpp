#include "src/optim/quasi_newton.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "descent/simd/axpy.hpp"
#include "descent/simd/reduce.hpp"
#include "src/optim/region.hpp"

namespace descent {
namespace {

/// Larger matrices never forget: where the curvature changes along the way, as from More, Garbow and Hillstrom's starts
/// x10 and x100, they take 5 times the evaluations of pairs on broyden_banded (247 instead of 47), 1.2 times in the
/// mean.
constexpr std::size_t kLargestMatrix = 2;

double short_dot(View a, View b) {
  if (a.size() >= kSmallVector) return simd::dot(a, b);
  double result = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) result = result + a[i] * b[i];
  return result;
}

}  // namespace

InverseHessian::InverseHessian(std::size_t n) : size_(n), memory_(n), is_dense_(true), matrix_(n * n), scratch_(n) {}

InverseHessian::InverseHessian(std::size_t n, std::size_t memory)
    : size_(n), memory_(memory), is_dense_(n <= std::min(memory, kLargestMatrix)) {
  if (is_dense_) {
    matrix_.resize(n * n);
    scratch_.resize(n);
  } else {
    s_.resize(memory);
    y_.resize(memory);
    rho_.resize(memory);
    alpha_.resize(memory);
  }
}

bool InverseHessian::add(View s, View y) {
  const double ys = is_dense_ ? short_dot(y, s) : simd::dot(y, s);
  const double yy = is_dense_ ? short_dot(y, y) : simd::squared_norm(y);
  // Liu and Nocedal's test in the form that does not depend on the units of x.
  if (!(ys > 0x1p-52 * yy) || !(yy > 0.0)) return false;
  if (is_dense_) return add_dense(s, y, ys, yy);
  const std::size_t at = num_pairs_ % memory_;
  s_[at].copy_from(s);
  y_[at].copy_from(y);
  rho_[at] = 1.0 / ys;
  gamma_ = ys / yy;
  ++num_pairs_;
  return true;
}

bool InverseHessian::add_dense(View s, View y, double ys, double yy) {
  const std::size_t n = size_;
  if (num_pairs_ == 0) {  // H = (y's / y'y) I before the first update
    std::fill(matrix_.begin(), matrix_.end(), 0.0);
    for (std::size_t i = 0; i < n; ++i) matrix_[i * n + i] = ys / yy;
  }
  const double rho = 1.0 / ys;
  double yhy = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    scratch_[i] = short_dot(View(matrix_).subspan(i * n, n), y);
    yhy = yhy + y[i] * scratch_[i];
  }
  // H = (I - rho s y') H (I - rho y s') + rho s s'
  const double c = rho * (1.0 + rho * yhy);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      const double next = matrix_[i * n + j] + (c * (s[i] * s[j]) - rho * (scratch_[i] * s[j] + s[i] * scratch_[j]));
      matrix_[i * n + j] = next;
      matrix_[j * n + i] = next;
    }
  ++num_pairs_;
  return true;
}

std::vector<double> InverseHessian::take_matrix() {
  return is_dense_ && num_pairs_ > 0 ? std::move(matrix_) : std::vector<double>();
}

void InverseHessian::descend(View gradient, MutableView direction) {
  if (num_pairs_ == 0) {
    for (std::size_t i = 0; i < size_; ++i) direction[i] = -gradient[i];
    return;
  }
  if (is_dense_) {
    for (std::size_t i = 0; i < size_; ++i)
      direction[i] = -short_dot(View(matrix_).subspan(i * size_, size_), gradient);
    return;
  }
  const std::size_t kept = std::min(num_pairs_, memory_);
  for (std::size_t i = 0; i < size_; ++i) direction[i] = -gradient[i];
  for (std::size_t k = 0; k < kept; ++k) {
    const std::size_t at = (num_pairs_ - 1 - k) % memory_;
    alpha_[at] = rho_[at] * simd::dot(s_[at].view(), direction);
    simd::axpy(-alpha_[at], y_[at].view(), direction);
  }
  simd::scale(gamma_, direction);
  for (std::size_t k = kept; k-- > 0;) {
    const std::size_t at = (num_pairs_ - 1 - k) % memory_;
    const double beta = rho_[at] * simd::dot(y_[at].view(), direction);
    simd::axpy(alpha_[at] - beta, s_[at].view(), direction);
  }
}

}  // namespace descent

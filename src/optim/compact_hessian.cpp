#include "src/optim/compact_hessian.hpp"

#include <cmath>
#include <utility>

#include "descent/simd/reduce.hpp"

namespace descent {
namespace {

/// Solves A X = B for `columns` right-hand sides, all row by row, by elimination with row pivots. False if A is
/// singular.
bool solve_dense(std::vector<double> a, std::vector<double>& b, std::size_t size, std::size_t columns) {
  for (std::size_t k = 0; k < size; ++k) {
    std::size_t pivot = k;
    for (std::size_t i = k + 1; i < size; ++i)
      if (std::fabs(a[i * size + k]) > std::fabs(a[pivot * size + k])) pivot = i;
    if (!(std::fabs(a[pivot * size + k]) > 0.0)) return false;
    if (pivot != k) {
      for (std::size_t j = 0; j < size; ++j) std::swap(a[k * size + j], a[pivot * size + j]);
      for (std::size_t j = 0; j < columns; ++j) std::swap(b[k * columns + j], b[pivot * columns + j]);
    }
    for (std::size_t i = k + 1; i < size; ++i) {
      const double factor = a[i * size + k] / a[k * size + k];
      if (factor == 0.0) continue;
      for (std::size_t j = k; j < size; ++j) a[i * size + j] -= factor * a[k * size + j];
      for (std::size_t j = 0; j < columns; ++j) b[i * columns + j] -= factor * b[k * columns + j];
    }
  }
  for (std::size_t i = size; i-- > 0;)
    for (std::size_t j = 0; j < columns; ++j) {
      double rest = b[i * columns + j];
      for (std::size_t k = i + 1; k < size; ++k) rest -= a[i * size + k] * b[k * columns + j];
      b[i * columns + j] = rest / a[i * size + i];
    }
  return true;
}

}  // namespace

void CompactHessian::reset() {
  s_.clear();
  y_.clear();
  m_.clear();
  theta_ = 1.0;
}

bool CompactHessian::add(View s, View y) {
  const double ys = simd::dot(y, s), yy = simd::squared_norm(y);
  // Liu and Nocedal's test in the form that does not depend on the units of x.
  if (!(ys > 0x1p-52 * yy) || !(yy > 0.0)) return false;
  if (s_.size() == memory_) {
    s_.pop_front();
    y_.pop_front();
  }
  s_.emplace_back(s.begin(), s.end());
  y_.emplace_back(y.begin(), y.end());
  theta_ = yy / ys;

  // M = [-D L^T; L theta S^T S]^-1, D the diagonal and L the part below it of S^T Y.
  const std::size_t k = s_.size(), size = 2 * k;
  std::vector<double> inverse(size * size, 0.0);
  for (std::size_t i = 0; i < k; ++i)
    for (std::size_t j = 0; j < k; ++j) {
      const double sy = i >= j ? simd::dot(s_[i], y_[j]) : 0.0;
      if (i == j) inverse[i * size + i] = -sy;
      if (i > j) inverse[(k + i) * size + j] = inverse[j * size + k + i] = sy;
      inverse[(k + i) * size + k + j] = theta_ * simd::dot(s_[i], s_[j]);
    }
  m_.assign(size * size, 0.0);
  for (std::size_t i = 0; i < size; ++i) m_[i * size + i] = 1.0;
  if (solve_dense(std::move(inverse), m_, size, size)) return true;
  reset();
  return false;
}

std::vector<double> CompactHessian::project(View v) const {
  const std::size_t k = s_.size();
  std::vector<double> result(2 * k);
  for (std::size_t j = 0; j < k; ++j) {
    result[j] = simd::dot(y_[j], v);
    result[k + j] = theta_ * simd::dot(s_[j], v);
  }
  return result;
}

void CompactHessian::row(std::size_t i, MutableView out) const {
  const std::size_t k = s_.size();
  for (std::size_t j = 0; j < k; ++j) {
    out[j] = y_[j][i];
    out[k + j] = theta_ * s_[j][i];
  }
}

std::vector<double> CompactHessian::middle(View v) const {
  const std::size_t size = width();
  std::vector<double> result(size);
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = 0; j < size; ++j) result[i] += m_[i * size + j] * v[j];
  return result;
}

std::vector<double> CompactHessian::solve_reduced(const std::vector<double>& n, std::vector<double> v) const {
  const std::size_t size = width();
  std::vector<double> a(size * size);
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = 0; j < size; ++j) {
      double product = 0.0;
      for (std::size_t k = 0; k < size; ++k) product += m_[i * size + k] * n[k * size + j];
      a[i * size + j] = (i == j ? 1.0 : 0.0) - product;
    }
  if (!solve_dense(std::move(a), v, size, 1)) v.assign(size, 0.0);
  return v;
}

}  // namespace descent

// Orthogonal bases of symmetric matrices, by loops in one fixed order: the same bits everywhere.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

namespace descent::rules {

/// Columns of a [n x n] matrix in another order.
template <class T>
std::vector<T> columns_in_order(const std::vector<T>& a, const std::vector<std::size_t>& order) {
  const std::size_t n = order.size();
  std::vector<T> result(n * n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) result[i * n + j] = a[i * n + order[j]];
  return result;
}

/// Indices of `values`, the largest first; equal ones keep their order.
template <class T>
std::vector<std::size_t> falling_order(const std::vector<T>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return values[i] > values[j]; });
  return order;
}

/// Unit eigenvectors of a symmetric [n x n] matrix as columns, the largest eigenvalue first. Cyclic Jacobi.
/// Reference: G. H. Golub, C. F. Van Loan, "Matrix computations", 4th ed., 2013, algorithm 8.5.3.
template <class T>
std::vector<T> eigenvectors(std::vector<T> a, std::size_t n) {
  constexpr int kMaxSweeps = 30;  // it converges quadratically: ten do for n in the thousands
  std::vector<T> v(n * n);
  for (std::size_t i = 0; i < n; ++i) v[i * n + i] = T(1);
  for (int sweep = 0; sweep < kMaxSweeps; ++sweep) {
    bool turned = false;
    for (std::size_t p = 0; p + 1 < n; ++p)
      for (std::size_t q = p + 1; q < n; ++q) {
        const T off = a[p * n + q], app = a[p * n + p], aqq = a[q * n + q];
        // Too small to change either diagonal element.
        if (off == T(0) ||
            (std::fabs(app) + std::fabs(off) == std::fabs(app) && std::fabs(aqq) + std::fabs(off) == std::fabs(aqq)))
          continue;
        turned = true;
        const T tau = (aqq - app) / (T(2) * off);
        const T t = (tau >= T(0) ? T(1) : T(-1)) / (std::fabs(tau) + std::sqrt(T(1) + tau * tau));
        const T c = T(1) / std::sqrt(T(1) + t * t), s = t * c;
        for (std::size_t k = 0; k < n; ++k) {
          const T left = a[k * n + p], right = a[k * n + q];
          a[k * n + p] = c * left - s * right;
          a[k * n + q] = s * left + c * right;
        }
        for (std::size_t k = 0; k < n; ++k) {
          const T upper = a[p * n + k], lower = a[q * n + k];
          a[p * n + k] = c * upper - s * lower;
          a[q * n + k] = s * upper + c * lower;
        }
        for (std::size_t k = 0; k < n; ++k) {
          const T left = v[k * n + p], right = v[k * n + q];
          v[k * n + p] = c * left - s * right;
          v[k * n + q] = s * left + c * right;
        }
      }
    if (!turned) break;
  }
  std::vector<T> values(n);
  for (std::size_t i = 0; i < n; ++i) values[i] = a[i * n + i];
  return columns_in_order(v, falling_order(values));
}

/// Q of a = Q R, [n x n], by Householder's reflections: orthogonal also where a has no full rank.
/// Reference: the same, algorithm 5.2.1.
template <class T>
std::vector<T> orthonormal(std::vector<T> a, std::size_t n) {
  std::vector<T> q(n * n);
  for (std::size_t i = 0; i < n; ++i) q[i * n + i] = T(1);
  std::vector<std::vector<T>> mirrors(n);
  for (std::size_t j = 0; j + 1 < n; ++j) {
    T largest = T(0);
    for (std::size_t i = j; i < n; ++i) largest = std::max(largest, std::fabs(a[i * n + j]));
    if (largest == T(0)) continue;
    std::vector<T> w(n);
    T squares = T(0);
    for (std::size_t i = j; i < n; ++i) {
      w[i] = a[i * n + j] / largest;
      squares = squares + w[i] * w[i];
    }
    const T size = std::sqrt(squares);
    w[j] = w[j] + (w[j] < T(0) ? -size : size);
    T length = T(0);
    for (std::size_t i = j; i < n; ++i) length = length + w[i] * w[i];
    for (std::size_t k = j; k < n; ++k) {
      T dot = T(0);
      for (std::size_t i = j; i < n; ++i) dot = dot + w[i] * a[i * n + k];
      const T twice = T(2) * dot / length;
      for (std::size_t i = j; i < n; ++i) a[i * n + k] = a[i * n + k] - twice * w[i];
    }
    w.push_back(length);
    mirrors[j] = std::move(w);
  }
  for (std::size_t j = n; j-- > 0;) {
    const std::vector<T>& w = mirrors[j];
    if (w.empty()) continue;
    for (std::size_t k = j; k < n; ++k) {
      T dot = T(0);
      for (std::size_t i = j; i < n; ++i) dot = dot + w[i] * q[i * n + k];
      const T twice = T(2) * dot / w[n];
      for (std::size_t i = j; i < n; ++i) q[i * n + k] = q[i * n + k] - twice * w[i];
    }
  }
  return q;
}

}  // namespace descent::rules

#include "src/optim/triangle.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "descent/simd/axpy.hpp"
#include "descent/simd/reduce.hpp"

namespace descent {

void Triangle::clear() { std::fill(r_.begin(), r_.end(), 0.0); }

void Triangle::absorb(MutableView block, std::size_t rows) {
  const std::size_t width = n_ + 1;
  const auto column = [&](std::size_t j) { return block.subspan(j * rows, rows); };
  for (std::size_t k = 0; k < width; ++k) {
    const MutableView v = column(k);
    const double below = simd::squared_norm(v);
    if (below == 0.0) continue;
    double* row = r_.data() + k * width;
    const double alpha = row[k];
    const double length = std::sqrt(alpha * alpha + below);
    const double beta = alpha > 0.0 ? -length : length;
    const double head = alpha - beta;
    row[k] = beta;
    // I - tau [head; v] [head; v]^T maps the column onto beta e_k.
    const double tau = 2.0 / (head * head + below);
    for (std::size_t j = k + 1; j < width; ++j) {
      const double along = tau * (head * row[j] + simd::dot(v, column(j)));
      row[j] -= along * head;
      simd::axpy(-along, v, column(j));
    }
  }
}

double Triangle::rho() const { return std::fabs(r_.back()); }

bool Triangle::is_finite() const { return simd::all_finite(r_); }

double Triangle::column_norm(std::size_t j) const {
  double total = 0.0;
  for (std::size_t i = 0; i <= j; ++i) total += (*this)(i, j) * (*this)(i, j);
  return std::sqrt(total);
}

void Triangle::gradient(MutableView out) const {
  for (std::size_t j = 0; j < n_; ++j) {
    out[j] = 0.0;
    for (std::size_t i = 0; i <= j; ++i) out[j] += (*this)(i, j) * z(i);
  }
}

double PivotedTriangle::explained() const { return std::sqrt(simd::squared_norm(View(z).first(rank))); }

PivotedTriangle pivot(const Triangle& triangle, View scales, const std::vector<std::size_t>& columns) {
  const std::size_t height = triangle.num_columns(), n = columns.size();
  PivotedTriangle result{.columns = columns, .r = {}, .z = {}};
  // Column after column, the right-hand side last.
  std::vector<double> work(height * (n + 1), 0.0);
  const auto column = [&](std::size_t j) { return MutableView(work).subspan(j * height, height); };
  for (std::size_t j = 0; j < n; ++j)
    for (std::size_t i = 0; i <= columns[j]; ++i) column(j)[i] = triangle(i, columns[j]) / scales[columns[j]];
  for (std::size_t i = 0; i < height; ++i) column(n)[i] = triangle.z(i);

  const std::size_t steps = std::min(height, n);
  for (std::size_t k = 0; k < steps; ++k) {
    std::size_t largest = k;
    double norm = -1.0;
    for (std::size_t j = k; j < n; ++j) {
      const double below = simd::squared_norm(column(j).subspan(k));
      if (below > norm) {
        norm = below;
        largest = j;
      }
    }
    if (largest != k) {
      std::swap_ranges(column(k).begin(), column(k).end(), column(largest).begin());
      std::swap(result.columns[k], result.columns[largest]);
    }
    const MutableView v = column(k).subspan(k);
    if (!(norm > 0.0)) continue;
    const double beta = v[0] > 0.0 ? -std::sqrt(norm) : std::sqrt(norm);
    v[0] -= beta;
    const double tau = 2.0 / simd::squared_norm(v);
    for (std::size_t j = k + 1; j <= n; ++j)
      simd::axpy(-tau * simd::dot(v, column(j).subspan(k)), v, column(j).subspan(k));
    std::fill(v.begin(), v.end(), 0.0);
    v[0] = beta;
  }

  result.r.assign(n * n, 0.0);
  result.z.assign(n, 0.0);
  for (std::size_t i = 0; i < steps; ++i) {
    for (std::size_t j = i; j < n; ++j) result.r[i * n + j] = column(j)[i];
    result.z[i] = column(n)[i];
  }
  // What the kept columns leave of the right-hand side; fixed columns leave some of theirs, too.
  double rest = triangle.rho() * triangle.rho();
  for (std::size_t i = steps; i < height; ++i) rest += column(n)[i] * column(n)[i];
  result.rho = std::sqrt(rest);
  const double threshold =
      n == 0 ? 0.0 : std::fabs(result.r[0]) * 8.0 * static_cast<double>(n) * std::numeric_limits<double>::epsilon();
  while (result.rank < steps && std::fabs(result.at(result.rank, result.rank)) > threshold) ++result.rank;
  return result;
}

namespace {

/// Largest singular value over the smallest, by Jacobi rotations of the columns, which keep the small ones' digits.
/// Reference: G. H. Golub, C. F. Van Loan, "Matrix Computations", 4th ed., 2013, section 8.6.3.
double condition_of(const PivotedTriangle& triangle) {
  const std::size_t n = triangle.size();
  constexpr std::size_t kMostRotated = 200;  // n^3 a sweep: 0.1 s. Beyond it the pivots tell it within a small factor
  if (n == 0) return 1.0;
  if (n > kMostRotated || triangle.rank < n) return std::fabs(triangle.at(0, 0) / triangle.at(n - 1, n - 1));
  std::vector<double> columns(n * n);
  const auto column = [&](std::size_t j) { return MutableView(columns).subspan(j * n, n); };
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) column(j)[i] = triangle.at(i, j);
  constexpr int kMaxSweeps = 30;
  for (int sweep = 0; sweep < kMaxSweeps; ++sweep) {
    bool rotated = false;
    for (std::size_t p = 0; p + 1 < n; ++p)
      for (std::size_t q = p + 1; q < n; ++q) {
        const double a = simd::squared_norm(column(p)), b = simd::squared_norm(column(q));
        const double c = simd::dot(column(p), column(q));
        if (std::fabs(c) <= std::numeric_limits<double>::epsilon() * std::sqrt(a * b)) continue;
        rotated = true;
        const double zeta = (b - a) / (2.0 * c);
        const double t = (zeta >= 0.0 ? 1.0 : -1.0) / (std::fabs(zeta) + std::sqrt(1.0 + zeta * zeta));
        const double cosine = 1.0 / std::sqrt(1.0 + t * t), sine = t * cosine;
        for (std::size_t i = 0; i < n; ++i) {
          const double x = column(p)[i], y = column(q)[i];
          column(p)[i] = cosine * x - sine * y;
          column(q)[i] = sine * x + cosine * y;
        }
      }
    if (!rotated) break;
  }
  double largest = 0.0, smallest = std::numeric_limits<double>::infinity();
  for (std::size_t j = 0; j < n; ++j) {
    const double size = std::sqrt(simd::squared_norm(column(j)));
    largest = std::max(largest, size);
    smallest = std::min(smallest, size);
  }
  return largest / smallest;
}

}  // namespace

Information information_of(const PivotedTriangle& triangle, View scales, std::size_t n) {
  const std::size_t size = triangle.size();
  Information result{
      .inverse = {}, .num_free = size, .rank = triangle.rank, .condition = condition_of(triangle), .dependent = {}};
  std::vector<bool> involved(size, false);
  if (triangle.rank < size) {
    // A column beyond the rank, and those before it that it is made of: R11 w = R12.
    for (std::size_t k = triangle.rank; k < size; ++k) {
      involved[k] = true;
      std::vector<double> w(triangle.rank);
      for (std::size_t i = triangle.rank; i-- > 0;) {
        double rest = triangle.at(i, k);
        for (std::size_t j = i + 1; j < triangle.rank; ++j) rest -= triangle.at(i, j) * w[j];
        w[i] = rest / triangle.at(i, i);
      }
      for (std::size_t i = 0; i < triangle.rank; ++i)
        if (std::fabs(w[i]) > 1e-6) involved[i] = true;
    }
    for (std::size_t k = 0; k < size; ++k)
      if (involved[k]) result.dependent.push_back(triangle.columns[k]);
    std::sort(result.dependent.begin(), result.dependent.end());
  }
  // (R^T R)^-1 = X X^T, R X = I, over the columns of the rank: right for those that no other is made of.
  const std::size_t rank = triangle.rank;
  std::vector<double> x(size * size, 0.0);
  for (std::size_t k = 0; k < rank; ++k)
    for (std::size_t i = k + 1; i-- > 0;) {
      double rest = i == k ? 1.0 : 0.0;
      for (std::size_t j = i + 1; j <= k; ++j) rest -= triangle.at(i, j) * x[j * size + k];
      x[i * size + k] = rest / triangle.at(i, i);
    }
  result.inverse.assign(n * n, 0.0);
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = 0; j < size; ++j) {
      double total = involved[i] || involved[j] ? std::numeric_limits<double>::quiet_NaN() : 0.0;
      for (std::size_t k = std::max(i, j); k < rank; ++k) total += x[i * size + k] * x[j * size + k];
      const std::size_t a = triangle.columns[i], b = triangle.columns[j];
      result.inverse[a * n + b] = total / (scales[a] * scales[b]);
    }
  return result;
}

std::vector<double> gauss_newton_step(const PivotedTriangle& triangle) {
  std::vector<double> p(triangle.size(), 0.0);
  for (std::size_t i = triangle.rank; i-- > 0;) {
    double rest = -triangle.z[i];
    for (std::size_t j = i + 1; j < triangle.rank; ++j) rest -= triangle.at(i, j) * p[j];
    p[i] = rest / triangle.at(i, i);
  }
  return p;
}

}  // namespace descent

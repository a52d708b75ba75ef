#include "src/curve/linear_solution.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "descent/core/doubled.hpp"
#include "descent/expr/program.hpp"
#include "descent/simd/axpy.hpp"
#include "descent/simd/reduce.hpp"
#include "src/curve/guess.hpp"

namespace descent::curve {
namespace {

/// A = Q R in doubles.
class Factorisation {
 public:
  /// `a`: column after column; becomes Q. // shape = [columns x rows]
  Factorisation(std::vector<double> a, std::size_t rows, std::size_t columns)
      : rows_(rows), columns_(columns), q_(std::move(a)), r_(columns * columns, 0.0) {
    // Householder vectors in place of the columns, then Q from the identity, last reflection first.
    std::vector<double> scale(columns);
    for (std::size_t k = 0; k < columns; ++k) {
      const MutableView v = column(k).subspan(k);
      const double norm = std::sqrt(simd::squared_norm(v));
      const double beta = v[0] > 0.0 ? -norm : norm;
      for (std::size_t i = 0; i < k; ++i) r_[i * columns + k] = column(k)[i];
      r_[k * columns + k] = beta;
      v[0] -= beta;
      const double squares = simd::squared_norm(v);
      scale[k] = squares > 0.0 ? 2.0 / squares : 0.0;
      for (std::size_t j = k + 1; j < columns; ++j) reflect(v, scale[k], column(j).subspan(k));
    }
    std::vector<double> q(columns * rows, 0.0);
    for (std::size_t j = 0; j < columns; ++j) {
      const MutableView out = MutableView(q).subspan(j * rows, rows);
      out[j] = 1.0;
      for (std::size_t k = columns; k-- > 0;) reflect(column(k).subspan(k), scale[k], out.subspan(k));
    }
    q_ = std::move(q);
  }

  [[nodiscard]] bool is_singular() const {
    for (std::size_t k = 0; k < columns_; ++k)
      if (!(std::fabs(r_[k * columns_ + k]) > 0.0)) return true;
    return false;
  }
  [[nodiscard]] std::vector<double> transposed(View v) const {  // Q^T v
    std::vector<double> result(columns_);
    for (std::size_t j = 0; j < columns_; ++j) result[j] = simd::dot(View(q_).subspan(j * rows_, rows_), v);
    return result;
  }
  void add_product(double a, View v, MutableView out) const {  // out += a Q v
    for (std::size_t j = 0; j < columns_; ++j) simd::axpy(a * v[j], View(q_).subspan(j * rows_, rows_), out);
  }
  void solve(std::vector<double>& v) const {  // R^-1 v
    for (std::size_t i = columns_; i-- > 0;) {
      for (std::size_t j = i + 1; j < columns_; ++j) v[i] -= r_[i * columns_ + j] * v[j];
      v[i] /= r_[i * columns_ + i];
    }
  }
  void solve_transposed(std::vector<double>& v) const {  // R^-T v
    for (std::size_t i = 0; i < columns_; ++i) {
      for (std::size_t j = 0; j < i; ++j) v[i] -= r_[j * columns_ + i] * v[j];
      v[i] /= r_[i * columns_ + i];
    }
  }

 private:
  [[nodiscard]] MutableView column(std::size_t j) { return MutableView(q_).subspan(j * rows_, rows_); }
  static void reflect(View v, double scale, MutableView x) { simd::axpy(-scale * simd::dot(v, x), v, x); }

  std::size_t rows_, columns_;
  std::vector<double> q_, r_;
};

/// The design matrix and the right-hand side, row by row. // shapes = [rows x columns], [rows]
struct System {
  std::vector<Doubled> a, b;
};

System read(const Curve& curve, const CurveRows& rows) {
  const std::size_t n = curve.parameters.size(), m = rows.size();
  expr::DoubledProgram formula(curve.formula), response(curve.response);
  System result{.a = std::vector<Doubled>(m * n), .b = std::vector<Doubled>(m)};
  std::vector<double> row(rows.columns.size());
  std::vector<Doubled> zero(n), out(n + 1), left(1);
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < row.size(); ++j) row[j] = rows.columns[j][i];
    formula.evaluate(zero, row, out);
    response.evaluate({}, row, left);
    const Doubled weight = rows.sigma.empty() ? Doubled(1.0) : Doubled(1.0) / Doubled(rows.sigma[i]);
    result.b[i] = (left[0] - out[0]) * weight;
    for (std::size_t j = 0; j < n; ++j) result.a[i * n + j] = out[1 + j] * weight;
  }
  return result;
}

}  // namespace

std::optional<LinearSolution> solve_linear(const Curve& curve, const CurveRows& rows) {
  const std::size_t n = curve.parameters.size(), m = rows.size();
  const std::vector<bool> linear = linear_parameters(curve);
  if (m < n || static_cast<double>(m * n) > kMaxRefined ||
      !std::all_of(linear.begin(), linear.end(), [](bool is) { return is; }))
    return std::nullopt;
  System system = read(curve, rows);
  for (const Doubled& value : system.b)
    if (!std::isfinite(value.value())) return std::nullopt;  // infinite on the way, as 2^-(x^2) is where x^2 overflows

  std::vector<double> scales(n), scaled(n * m);
  for (std::size_t j = 0; j < n; ++j) {
    double squares = 0.0;
    for (std::size_t i = 0; i < m; ++i) squares += system.a[i * n + j].high * system.a[i * n + j].high;
    int exponent = 0;
    (void)std::frexp(std::sqrt(squares), &exponent);
    scales[j] = std::ldexp(1.0, exponent);  // exact: the columns keep their bits
    if (!(squares > 0.0) || !std::isfinite(squares) || !std::isfinite(scales[j])) return std::nullopt;
    for (std::size_t i = 0; i < m; ++i) {
      Doubled& entry = system.a[i * n + j];
      entry = {entry.high / scales[j], entry.low / scales[j]};
      scaled[j * m + i] = entry.value();
    }
  }
  const Factorisation factors(std::move(scaled), m, n);
  if (factors.is_singular()) return std::nullopt;

  // [I A; A^T 0] [r; x] = [b; 0], corrected until the corrections no longer shrink.
  std::vector<Doubled> x(n), r(m);
  std::vector<double> f1(m), f2(n);
  double before = std::numeric_limits<double>::infinity();
  LinearSolution result;
  constexpr int kMaxRounds = 40;
  for (int round = 0; round < kMaxRounds; ++round) {
    std::vector<Doubled> slope(n);
    for (std::size_t i = 0; i < m; ++i) {
      Doubled rest = system.b[i] - r[i];
      for (std::size_t j = 0; j < n; ++j) {
        rest = rest - system.a[i * n + j] * x[j];
        slope[j] = slope[j] - system.a[i * n + j] * r[i];
      }
      f1[i] = rest.value();
    }
    for (std::size_t j = 0; j < n; ++j) f2[j] = slope[j].value();
    std::vector<double> h = f2;
    factors.solve_transposed(h);
    const std::vector<double> d = factors.transposed(f1);
    std::vector<double> dx(n), dr = f1;
    for (std::size_t j = 0; j < n; ++j) dx[j] = d[j] - h[j];
    factors.add_product(-1.0, d, dr);
    factors.add_product(1.0, h, dr);
    factors.solve(dx);
    double change = 0.0, size = 0.0;
    for (std::size_t j = 0; j < n; ++j) {
      if (!std::isfinite(dx[j])) return std::nullopt;
      change = std::max(change, std::fabs(dx[j]));
      size = std::max(size, std::fabs(x[j].high + dx[j]));
    }
    const double relative = size > 0.0 ? change / size : 0.0;
    if (round > 0 && !(relative < 0.5 * before)) break;  // what is left is rounding
    for (std::size_t j = 0; j < n; ++j) x[j] = x[j] + Doubled(dx[j]);
    for (std::size_t i = 0; i < m; ++i) r[i] = r[i] + Doubled(dr[i]);
    result.correction = relative;
    before = relative;
    if (relative < 1e-25) break;
  }
  constexpr double kSettled = 1e-14;  // otherwise A is singular to doubles
  if (!(result.correction <= kSettled)) return std::nullopt;
  for (std::size_t j = 0; j < n; ++j) result.x.push_back(x[j].value() / scales[j]);
  Doubled squares;
  for (const Doubled& residual : r) squares = squares + residual * residual;
  result.sum_of_squares = squares.value();
  return result;
}

}  // namespace descent::curve

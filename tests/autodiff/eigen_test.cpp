#include "descent/autodiff/eigen.hpp"

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <vector>

#include "descent/autodiff/gradient.hpp"

namespace descent::autodiff {
namespace {

using Values = std::vector<double>;

template <class T>
using Vector = Eigen::Matrix<T, Eigen::Dynamic, 1>;
template <class T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;

template <class T>
Vector<T> vector_of(std::span<const T> x) {
  return Eigen::Map<const Vector<T>>(x.data(), static_cast<Eigen::Index>(x.size()));
}

/// Symmetric and positive definite; numbers of doubles.
Matrix<double> fixed(Eigen::Index n) {
  Matrix<double> a(n, n);
  for (Eigen::Index i = 0; i < n; ++i)
    for (Eigen::Index j = 0; j < n; ++j) a(i, j) = (i == j ? 4.0 : 0.0) + 1.0 / static_cast<double>(1 + i + j);
  return a;
}

constexpr std::size_t kN = 4;

/// Gradient by duals and by the tape, and H (1, ..., 1): each type compiled once, since Eigen takes its time.
template <class F>
void expect_derivatives(const F& f, const Vector<double>& x, const Vector<double>& gradient,
                        const Vector<double>& product) {
  std::vector<Dual<kN>> dual;
  std::vector<Var> recorded;
  Tape tape;
  for (std::size_t i = 0; i < kN; ++i) {
    dual.push_back(Dual<kN>::variable(x[static_cast<Eigen::Index>(i)], i));
    recorded.push_back(tape.variable(dual[i].value()));
  }
  const Tape::Mark start = tape.mark();
  const Dual<kN> forward = f(vector_of(std::span<const Dual<kN>>(dual)));
  tape.reverse(f(vector_of(std::span<const Var>(recorded))), 1.0, start);
  Values second(kN);
  const Values ones(kN, 1.0);
  HessianSweep().run([&](std::span<const TangentVar> v) { return f(vector_of(v)); }, {View(x.data(), kN), ones},
                     second);
  for (std::size_t i = 0; i < kN; ++i) {
    const double g = gradient[static_cast<Eigen::Index>(i)], h = product[static_cast<Eigen::Index>(i)];
    EXPECT_NEAR(forward.slope(i), g, 1e-13 * (1.0 + std::fabs(g)));
    EXPECT_NEAR(tape.adjoint(recorded[i]), g, 1e-13 * (1.0 + std::fabs(g)));
    EXPECT_NEAR(second[i], h, 1e-12 * (1.0 + std::fabs(h)));
  }
}

const Vector<double> kPoint = Vector<double>::LinSpaced(kN, -0.7, 1.3), kOne = Vector<double>::Ones(kN);

TEST(Eigen, ProductsAndNorms) {
  const Matrix<double> a = fixed(kN);
  const Vector<double>& x = kPoint;
  expect_derivatives([&](const auto& y) { return 0.5 * y.dot(a * y); }, x, a * x, a * kOne);
  expect_derivatives([](const auto& y) { return (y * 2.0).norm(); }, x, 2.0 * x / x.norm(),
                     2.0 * (kOne / x.norm() - x * x.dot(kOne) / (x.norm() * x.squaredNorm())));
}

/// b^T s with (A + diag(x^2)) s = b: slopes -2 x s^2, and second ones -2 s_i^2 [i = j] + 8 x_i s_i inverse_ij x_j s_j.
template <class Solve>
void expect_solve(const Solve& solve) {
  const Matrix<double> a = fixed(kN);
  const Vector<double> b = Vector<double>::LinSpaced(kN, 1.0, 2.0);
  const auto f = [&](const auto& x) {
    using T = typename std::remove_cvref_t<decltype(x)>::Scalar;
    Matrix<T> m = a.template cast<T>();
    for (Eigen::Index i = 0; i < m.rows(); ++i) m(i, i) += x[i] * x[i];
    const Vector<T> s = solve(m, Vector<T>(b.template cast<T>()));
    return T(b.dot(s));
  };
  const Matrix<double> inverse = (a + Matrix<double>(kPoint.cwiseProduct(kPoint).asDiagonal())).inverse();
  const Vector<double> s = inverse * b, xs = kPoint.cwiseProduct(s);
  expect_derivatives(f, kPoint, -2.0 * xs.cwiseProduct(s),
                     -2.0 * s.cwiseProduct(s) + 8.0 * xs.cwiseProduct(inverse * xs));
}

TEST(Eigen, SolvesByCholesky) {
  expect_solve([](const auto& m, const auto& b) { return m.ldlt().solve(b).eval(); });
}

TEST(Eigen, SolvesByElimination) {
  expect_solve([](const auto& m, const auto& b) { return m.partialPivLu().solve(b).eval(); });
}

}  // namespace
}  // namespace descent::autodiff

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "autodiff/count_allocations.hpp"
#include "autodiff/rosenbrock.hpp"
#include "descent/autodiff/gradient.hpp"
#include "descent/core/random.hpp"

namespace descent::autodiff {
namespace {

using Values = std::vector<double>;
constexpr double kInf = std::numeric_limits<double>::infinity();

double inner(const Values& a, const Values& b) { return std::inner_product(a.begin(), a.end(), b.begin(), 0.0); }

/// (g(x + h v) - g(x - h v)) / 2h, extrapolated: with h and h/2, the error is of fourth order.
template <class F>
Values differences(const F& f, const Values& x, const Values& v) {
  const auto central = [&](double h) {
    Values above = x, below = x;
    for (std::size_t i = 0; i < x.size(); ++i) above[i] += h * v[i], below[i] -= h * v[i];
    const Values up = gradient(f, above), down = gradient(f, below);
    for (std::size_t i = 0; i < x.size(); ++i) above[i] = (up[i] - down[i]) / (2.0 * h);
    return above;
  };
  const Values coarse = central(2e-4);
  Values fine = central(1e-4);
  for (std::size_t i = 0; i < x.size(); ++i) fine[i] += (fine[i] - coarse[i]) / 3.0;
  return fine;
}

TEST(HessianProduct, OfRosenbrockIsTheOneByHand) {
  for (const std::size_t n : {2U, 8U, 9U, 300U}) {
    Values x(n), v(n), expected(n, 0.0);
    for (std::size_t i = 0; i < n; ++i) {
      x[i] = std::sin(static_cast<double>(i) + 0.5);
      v[i] = std::cos(3.0 * static_cast<double>(i));
    }
    for (std::size_t i = 0; i + 1 < n; ++i) {
      expected[i] += (1200.0 * x[i] * x[i] - 400.0 * x[i + 1] + 2.0) * v[i] - 400.0 * x[i] * v[i + 1];
      expected[i + 1] += 200.0 * v[i + 1] - 400.0 * x[i] * v[i];
    }
    const Values product = hessian_product(Rosenbrock{}, x, v);
    for (std::size_t i = 0; i < n; ++i) EXPECT_NEAR(product[i], expected[i], 1e-12 * 1500.0) << n << " " << i;
  }
}

TEST(HessianProduct, OfEveryFunctionIsItsSecondDerivative) {
  // Of one number by Dual<1> and TangentVar alone: a Differentiated would compile each five times.
#define DESCENT_CASE(low, high, expression)                                                                            \
  {                                                                                                                    \
#expression, low, high,                                                                                            \
        [](const Dual <1>& x) { return Dual<1>(expression); },                                                         \
                                                            [](const TangentVar& x) { return TangentVar(expression); } \
  }
  struct Case {
    std::string text;
    double low, high;
    std::function<Dual<1>(const Dual<1>&)> dual;
    std::function<TangentVar(const TangentVar&)> tangent;
  };
  const std::vector<Case> cases{DESCENT_CASE(-3, 3, exp(x)),
                                DESCENT_CASE(-3, 3, expm1(x)),
                                DESCENT_CASE(0.1, 9, log(x)),
                                DESCENT_CASE(-0.8, 9, log1p(x)),
                                DESCENT_CASE(0.1, 9, sqrt(x)),
                                DESCENT_CASE(0.1, 3, abs(x)),
                                DESCENT_CASE(-3, -0.1, fabs(x) * x),
                                DESCENT_CASE(-9, 9, sin(x)),
                                DESCENT_CASE(-9, 9, cos(x)),
                                DESCENT_CASE(-1.2, 1.2, tan(x)),
                                DESCENT_CASE(-0.8, 0.8, asin(x)),
                                DESCENT_CASE(-0.8, 0.8, acos(x)),
                                DESCENT_CASE(-9, 9, atan(x)),
                                DESCENT_CASE(-3, 3, sinh(x)),
                                DESCENT_CASE(-3, 3, cosh(x)),
                                DESCENT_CASE(-4, 4, tanh(x)),
                                DESCENT_CASE(-4, 4, erf(x)),
                                DESCENT_CASE(-9, 9, sigmoid(x)),
                                DESCENT_CASE(-9, 9, softplus(x)),
                                DESCENT_CASE(-3, 3, pow(x, 5)),
                                DESCENT_CASE(0.3, 3, pow(x, -2.5)),
                                DESCENT_CASE(-3, 3, pow(1.7, x)),
                                DESCENT_CASE(0.3, 3, pow(x, x)),
                                DESCENT_CASE(0.3, 3, pow(x, 1.0 / x)),
                                DESCENT_CASE(-2, 2, atan2(x * x, x - 5.0)),
                                DESCENT_CASE(-2, 2, atan2(x, 2.0)),
                                DESCENT_CASE(-2, 2, atan2(0.5, x)),
                                DESCENT_CASE(0.3, 3, x / (1.0 + x * x) - 2.0 / x + x / 3.0),
                                DESCENT_CASE(0.3, 0.9, max(x * x, x * x * x)),
                                DESCENT_CASE(0.3, 0.9, min(x * x, x * x * x)),
                                DESCENT_CASE(0.3, 3, where(x > 0.1, x * x, exp(x))),
                                DESCENT_CASE(0.3, 3, -(+x) * (1.0 - x) * (x - 1.0))};
#undef DESCENT_CASE
  const Rng rng(3, RandomStream::test);
  std::uint64_t index = 0;
  HessianSweep sweep;
  const double one = 1.0;
  for (const Case& c : cases)
    for (int i = 0; i < 20; ++i) {
      const double x = c.low + (c.high - c.low) * rng.uniform(index++);
      const auto central = [&](double h) {
        return (c.dual(Dual<1>::variable(x + h, 0)).slope(0) - c.dual(Dual<1>::variable(x - h, 0)).slope(0)) /
               (2.0 * h);
      };
      const double expected = (4.0 * central(1e-4) - central(2e-4)) / 3.0;  // an error of fourth order
      double product = 0.0;
      sweep.run([&](auto v) { return c.tangent(v[0]); }, {View(&x, 1), View(&one, 1)}, MutableView(&product, 1));
      EXPECT_NEAR(product, expected, 1e-9 * (1.0 + std::fabs(expected))) << c.text << " at " << x;
    }
}

const auto vectors = [](const auto& x) {
  using T = std::remove_cvref_t<decltype(x[0])>;
  static const Values entries{0.1, 0.2, -0.3, 0.4, 0.5, -0.6, 0.7, 0.8, -0.9, 1.0, 0.3, -0.2, 0.1, 0.6, -0.4};
  static const Values weights{0.5, -1.0, 2.0, 0.25, 3.0};
  std::vector<T> product(3), shares(3), fixed{T(0.2), T(0.3), T(1.0)}, fixed_shares(3);
  matvec(MatrixView{entries.data(), 3, 5, 5}, x, std::span<T>(product));
  const std::span<const T> p(product), s(shares), constants(fixed);
  softmax(p, std::span<T>(shares));
  softmax(constants, std::span<T>(fixed_shares));
  return dot(View(weights), x) * squared_norm(x) + log_sum_exp(x) * sum(x) / 3.0 + dot(x, x) * dot(s, p) +
         shares[1] * exp(product[0]) + dot(s, View(weights).first(3)) * fixed_shares[0] +
         dot(p, std::span<const T>(fixed_shares)) * log_sum_exp(constants) * log_sum_exp(p);
};

TEST(HessianProduct, OfVectorFunctionsAgreesWithDifferencesAndIsSymmetric) {
  const Rng rng(4, RandomStream::test);
  std::uint64_t index = 0;
  for (int i = 0; i < 20; ++i) {
    Values x(5), u(5), v(5);
    for (double& value : x) value = rng.normal(index++);
    for (double& value : u) value = rng.normal(index++);
    for (double& value : v) value = rng.normal(index++);
    const Values product = hessian_product(vectors, x, v), expected = differences(vectors, x, v);
    for (std::size_t k = 0; k < x.size(); ++k)
      EXPECT_NEAR(product[k], expected[k], 1e-9 * (1.0 + std::fabs(expected[k]))) << i << " " << k;
    const double uhv = inner(u, product);
    EXPECT_NEAR(uhv, inner(v, hessian_product(vectors, x, u)), 1e-12 * (10.0 + std::fabs(uhv)));
  }
}

TEST(HessianProduct, SweepsTheGradientBesideIt) {
  // The adjoints whose tangents are H v have the bits of the gradient.
  const Values x{0.3, -1.2, 0.8, 2.0, -0.5};
  Tape tape;
  TangentTape tangent_tape;
  std::vector<Var> plain;
  std::vector<TangentVar> moving;
  for (const double v : x) {
    plain.push_back(tape.variable(v));
    moving.push_back(tangent_tape.variable(Dual<1>(v, {1.0})));
  }
  const Tape::Mark start = tape.mark();
  const Var y = vectors(std::span<const Var>(plain));
  tape.reverse(y, 1.0, start);
  const TangentTape::Mark tangent_start = tangent_tape.mark();
  const TangentVar moved = vectors(std::span<const TangentVar>(moving));
  tangent_tape.reverse(moved, 1.0, tangent_start);
  EXPECT_EQ(moved.value(), y.value());
  double along = 0.0;  // v = (1, ..., 1)
  for (std::size_t i = 0; i < x.size(); ++i) {
    EXPECT_EQ(tangent_tape.adjoint(moving[i]).value(), tape.adjoint(plain[i]));
    along += tape.adjoint(plain[i]);
  }
  EXPECT_NEAR(moved.real().slope(0), along, 1e-12 * std::fabs(along));
}

TEST(HessianProduct, OfWhatIsLinearOrConstantIsZero) {
  const Values zero(3, 0.0);
  EXPECT_EQ(hessian_product([](const auto&) { return 4.0; }, Values(3, 1.0), Values(3, 1.0)), zero);
  EXPECT_EQ(
      hessian_product([](const auto& x) { return x[0] - 2.0 * x[1] + abs(x[2]); }, Values{1, 2, 0}, Values(3, 1.0)),
      zero);
  EXPECT_EQ(hessian_product(Rosenbrock{}, Values{1, 2, 3}, zero), zero);
}

TEST(HessianProduct, WhatDoesNotMoveStaysZeroWhereASlopeIsInfinite) {
  // sqrt has an infinite slope at 0; v does not move x0.
  const auto f = [](const auto& x) { return sqrt(x[0]) + x[1] * x[1] * x[1]; };
  EXPECT_EQ(hessian_product(f, Values{0.0, 2.0}, Values{0.0, 1.0}), (Values{0.0, 12.0}));
  EXPECT_EQ(hessian_product(f, Values{0.0, 2.0}, Values{1.0, 0.0}), (Values{-kInf, 0.0}));
  const auto hidden = [](const auto& x) { return where(x[1] > 1.0, x[1] * x[1], sqrt(x[0])); };
  EXPECT_EQ(hessian_product(hidden, Values{0.0, 2.0}, Values{1.0, 1.0}), (Values{0.0, 2.0}));
}

TEST(HessianProduct, OfPowersNeedsNoLogarithmOfANegativeBase) {
  const auto f = [](const auto& x) {
    using T = std::remove_cvref_t<decltype(x[0])>;
    return pow(x[0], T(3.0)) + pow(x[0], 2) + pow(x[0], 1) + pow(x[0], 0) + pow(T(0.0), x[1]) + pow(0.0, x[1]);
  };
  EXPECT_EQ(hessian_product(f, Values{-2.0, 3.0}, Values{1.0, 1.0}), (Values{-10.0, 0.0}));
  EXPECT_EQ(hessian_product(f, Values{0.0, 3.0}, Values{1.0, 1.0}), (Values{2.0, 0.0}));
}

TEST(HessianProduct, KeepsItsDigitsFarOut) {
  // tanh'' = -2 tanh / cosh^2 and sigmoid'' where 1 - tanh^2 and 1 - sigmoid have none left.
  const auto f = [](const auto& x) { return tanh(x[0]) + sigmoid(x[1]); };
  const Values product = hessian_product(f, Values{30.0, 50.0}, Values{1.0, 1.0});
  EXPECT_NEAR(product[0], -8.0 * std::exp(-60.0), 1e-12 * 8.0 * std::exp(-60.0));
  EXPECT_NEAR(product[1], -std::exp(-50.0), 1e-12 * std::exp(-50.0));
}

TEST(HessianProduct, AllocatesNothingOnceWarm) {
  for (const std::size_t n : {2U, 9U, 1000U}) {
    Differentiated f([](const auto& x) { return Rosenbrock{}(x) + log_sum_exp(x); });
    const Values x(n, 0.5), v(n, 1.0);
    Values product(n);
    f.hessian_product(x, v, product);
    const std::size_t before = num_allocations();
    for (int i = 0; i < 3; ++i) f.hessian_product(x, v, product);
    EXPECT_EQ(num_allocations(), before) << n;
  }
}

TEST(HessianProduct, OfACopyIsItsOwn) {
  Differentiated f((Rosenbrock()));
  const Values x{0.5, 0.25, 1.0}, v{1.0, 2.0, 3.0};
  Values product(3), again(3);
  f.hessian_product(x, v, product);
  Differentiated copy(f);
  copy.hessian_product(v, x, again);
  copy = f;
  copy.hessian_product(x, v, again);
  EXPECT_EQ(again, product);
}

TEST(HessianProduct, OfSpecialFunctionsAndTheirGradients) {
  const auto check = [](const auto& f, const char* name) {
    for (const double x : {0.7, 1.9, 3.2}) {
      const double product = hessian_product(f, Values{x}, Values{1.0})[0], expected = differences(f, {x}, {1.0})[0];
      EXPECT_NEAR(product, expected, 1e-8 * (1.0 + std::fabs(expected))) << name << " at " << x;
      const double h = 1e-5;
      const auto value = [&](double t) { return Differentiated(f).evaluate(Values{t}, {}); };
      const double slope = (value(x + h) - value(x - h)) / (2 * h);
      EXPECT_NEAR(gradient(f, Values{x})[0], slope, 1e-8 * (1.0 + std::fabs(slope))) << name;
    }
  };
  check([](const auto& x) { return erfc(x[0]); }, "erfc");
  check([](const auto& x) { return gamma(x[0]); }, "gamma");
  check([](const auto& x) { return lgamma(x[0]); }, "lgamma");
  check([](const auto& x) { return digamma(x[0]); }, "digamma");
  check([](const auto& x) { return polygamma(2, x[0]); }, "polygamma");
  check([](const auto& x) { return trigamma(x[0]); }, "trigamma");
  check([](const auto& x) { return heaviside(x[0]) * x[0]; }, "heaviside");
  check([](const auto& x) { return jn(3, x[0]); }, "jn");
  check([](const auto& x) { return j0(x[0]); }, "j0");
  check([](const auto& x) { return j1(x[0]); }, "j1");
  check([](const auto& x) { return y0(x[0]); }, "y0");
  check([](const auto& x) { return y1(x[0]); }, "y1");
  // Nothing cancels or overflows next to 0: j0'' = -1/2 + 3 x^2/16, j1'' = -3 x/8.
  for (const double x : {0.0, 1e-200, 1e-9}) {
    const auto curvature = [&](const auto& f) {
      Values product(1);
      Differentiated(f).hessian_product(Values{x}, Values{1.0}, product);
      return product[0];
    };
    EXPECT_NEAR(curvature([](const auto& t) { return j0(t[0]); }), -0.5, 1e-15);
    EXPECT_NEAR(curvature([](const auto& t) { return j1(t[0]); }), -0.375 * x, 1e-15 * x);
  }
}

}  // namespace
}  // namespace descent::autodiff

#include "descent/autodiff/functions.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "descent/core/random.hpp"

namespace descent::autodiff {
namespace {

using D = Dual<1>;
using Complex = std::complex<double>;

struct Function {
  std::string name;
  D (*dual)(const D&);
  Var (*var)(const Var&);
  double (*plain)(double);
  std::function<Complex(Complex)> complex;
  double low, high;
};

#define DESCENT_FUNCTION(f, complex, low, high)                                                                        \
  Function {                                                                                                           \
#f, [](const D& x) { return f(x); }, [](const Var& x) { return f(x); },                                            \
                                                                         [](double x) { return math::f(x); }, complex, \
                                                                                                           low, high   \
  }

std::vector<Function> functions() {
  const auto complex = [](Complex (*f)(const Complex&)) { return [f](Complex z) { return f(z); }; };
  return {DESCENT_FUNCTION(exp, complex(std::exp), -5, 5),
          DESCENT_FUNCTION(
              expm1, [](Complex z) { return std::exp(z) - 1.0; }, -3, 3),
          DESCENT_FUNCTION(log, complex(std::log), 0.01, 9),
          DESCENT_FUNCTION(
              log1p, [](Complex z) { return std::log(1.0 + z); }, -0.9, 9),
          DESCENT_FUNCTION(sin, complex(std::sin), -9, 9), DESCENT_FUNCTION(cos, complex(std::cos), -9, 9),
          DESCENT_FUNCTION(tan, complex(std::tan), -1.4, 1.4), DESCENT_FUNCTION(asin, complex(std::asin), -0.95, 0.95),
          DESCENT_FUNCTION(acos, complex(std::acos), -0.95, 0.95), DESCENT_FUNCTION(atan, complex(std::atan), -9, 9),
          DESCENT_FUNCTION(sinh, complex(std::sinh), -4, 4), DESCENT_FUNCTION(cosh, complex(std::cosh), -4, 4),
          DESCENT_FUNCTION(tanh, complex(std::tanh), -4, 4),
          // Along the imaginary axis the series of erf to first order: exact for steps of 1e-20.
          DESCENT_FUNCTION(
              erf,
              [](Complex z) {
                const double x = z.real();
                return Complex(std::erf(x), z.imag() * 2.0 / std::sqrt(std::acos(-1.0)) * std::exp(-x * x));
              },
              -4, 4),
          DESCENT_FUNCTION(
              sigmoid, [](Complex z) { return 1.0 / (1.0 + std::exp(-z)); }, -9, 9),
          DESCENT_FUNCTION(
              softplus, [](Complex z) { return std::log(1.0 + std::exp(z)); }, -9, 9)};
}

double reverse_slope(const std::function<Var(const Var&)>& f, double x) {
  Tape tape;
  const Var v = tape.variable(x);
  const Tape::Mark start = tape.mark();
  tape.reverse(f(v), 1.0, start);
  return tape.adjoint(v);
}

TEST(Functions, ValuesHaveTheBitsOfDescentMath) {
  const Rng rng(1, RandomStream::test);
  Tape tape;
  std::uint64_t index = 0;
  for (const Function& f : functions())
    for (int i = 0; i < 200; ++i) {
      const double x = f.low + (f.high - f.low) * rng.uniform(index++);
      EXPECT_EQ(f.dual(x).value(), f.plain(x)) << f.name << " " << x;
      EXPECT_EQ(f.var(tape.variable(x)).value(), f.plain(x)) << f.name << " " << x;
    }
}

TEST(Functions, SlopesAreThoseOfAComplexStep) {
  // Im f(x + ih) / h has no cancellation: exact to rounding for h = 1e-30.
  const Rng rng(2, RandomStream::test);
  std::uint64_t index = 0;
  for (const Function& f : functions())
    for (int i = 0; i < 200; ++i) {
      const double x = f.low + (f.high - f.low) * rng.uniform(index++);
      const double slope = f.complex(Complex(x, 1e-30)).imag() / 1e-30;
      const double allowed = 1e-13 * (1.0 + std::fabs(slope));
      EXPECT_NEAR(f.dual(D::variable(x, 0)).slope(0), slope, allowed) << f.name << " " << x;
      EXPECT_NEAR(reverse_slope(f.var, x), slope, allowed) << f.name << " " << x;
    }
}

TEST(Functions, SqrtAndItsSlope) {
  EXPECT_EQ(sqrt(D::variable(9.0, 0)).value(), 3.0);
  EXPECT_EQ(sqrt(D::variable(9.0, 0)).slope(0), 0.5 / 3.0);
}

TEST(Functions, PowersOfWholeNumbersAreMultiplicationsFromTheTopBit) {
  const double x = 1.1;
  EXPECT_EQ(integer_power(x, 6), (x * x * x) * (x * x * x));
  EXPECT_EQ(integer_power(x, 5), ((x * x) * (x * x)) * x);
  EXPECT_EQ(integer_power(x, -2), 1.0 / (x * x));
  EXPECT_EQ(integer_power(x, 0), 1.0);
  EXPECT_EQ(power(x, 3.0), x * x * x);
  EXPECT_EQ(power(x, 65.0), math::pow(x, 65.0));
  EXPECT_EQ(power(x, 0.5), math::pow(x, 0.5));
}

TEST(Functions, PowSlopesNeedNoLogarithm) {
  EXPECT_EQ(pow(D::variable(-3.0, 0), 2).slope(0), -6.0);
  EXPECT_EQ(pow(D::variable(0.0, 0), 1).slope(0), 1.0);
  EXPECT_EQ(pow(D::variable(0.0, 0), 2).slope(0), 0.0);
  EXPECT_EQ(pow(D::variable(0.0, 0), 0).slope(0), 0.0);
  EXPECT_DOUBLE_EQ(pow(2.0, D::variable(3.0, 0)).slope(0), 8.0 * std::log(2.0));
  EXPECT_EQ(pow(0.0, D::variable(3.0, 0)).slope(0), 0.0);
  using D2 = Dual<2>;
  const D2 both = pow(D2::variable(2.0, 0), D2::variable(3.0, 1));
  EXPECT_DOUBLE_EQ(both.value(), 8.0);
  EXPECT_DOUBLE_EQ(both.slope(0), 12.0);
  EXPECT_DOUBLE_EQ(both.slope(1), 8.0 * std::log(2.0));
  EXPECT_EQ(pow(D2::variable(-2.0, 0), D2(3.0)).slope(0), 12.0);  // a constant exponent needs no logarithm of -2
}

TEST(Functions, Atan2InEveryQuadrant) {
  using D2 = Dual<2>;
  for (const double y : {-2.0, 1.5})
    for (const double x : {-1.0, 3.0}) {
      const D2 f = atan2(D2::variable(y, 0), D2::variable(x, 1));
      EXPECT_EQ(f.value(), math::atan2(y, x));
      EXPECT_DOUBLE_EQ(f.slope(0), x / (x * x + y * y));
      EXPECT_DOUBLE_EQ(f.slope(1), -y / (x * x + y * y));
      EXPECT_DOUBLE_EQ(atan2(D::variable(y, 0), x).slope(0), x / (x * x + y * y));
      EXPECT_DOUBLE_EQ(atan2(y, D::variable(x, 0)).slope(0), -y / (x * x + y * y));
    }
}

TEST(Functions, KinksTakeTheStatedSide) {
  using D2 = Dual<2>;
  const D2 a = D2::variable(1.0, 0);
  const D2 b = D2::variable(1.0, 1);
  EXPECT_EQ(abs(D::variable(0.0, 0)).slope(0), 0.0);
  EXPECT_EQ(abs(D::variable(-2.0, 0)).slope(0), -1.0);
  EXPECT_EQ(max(a, b).slope(0), 1.0);
  EXPECT_EQ(max(a, b).slope(1), 0.0);
  EXPECT_EQ(min(a, b).slope(0), 1.0);
  EXPECT_EQ(max(a, 2.0).slope(0), 0.0);
  EXPECT_EQ(min(2.0, a).slope(0), 1.0);
  EXPECT_EQ(where(a > 0, a, b).slope(0), 1.0);
  EXPECT_EQ(where(a < 0, a * a, 7.0).value(), 7.0);
  EXPECT_EQ(where(a < 0, 7.0, b).slope(1), 1.0);
}

TEST(Functions, MinAndMaxNeverHideANaN) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(std::isnan(max(D(nan), D(1.0)).value()));
  EXPECT_TRUE(std::isnan(max(D(1.0), D(nan)).value()));
  EXPECT_TRUE(std::isnan(min(D(nan), 1.0).value()));
  EXPECT_TRUE(std::isnan(min(1.0, D(nan)).value()));
}

TEST(Functions, SpecialOnesHaveTheBitsOfDescentMathAndTheirSlopes) {
  struct Special {
    std::string name;
    D (*dual)(const D&);
    Var (*var)(const Var&);
    double value, slope;  // at 1.75, by mpmath
  };
#define DESCENT_SPECIAL(call, value, slope)                                                 \
  Special {                                                                                 \
#call, [](const D& x) { return call; }, [](const Var& x) { return call; }, value, slope \
  }
  const std::vector<Special> all = {DESCENT_SPECIAL(erfc(x), math::erfc(1.75), -0.052774995930150375),
                                    DESCENT_SPECIAL(gamma(x), math::gamma(1.75), 0.2274426584822711),
                                    DESCENT_SPECIAL(lgamma(x), math::lgamma(1.75), 0.24747245354686116),
                                    DESCENT_SPECIAL(digamma(x), math::digamma(1.75), 0.76410186989382872),
                                    DESCENT_SPECIAL(trigamma(x), math::trigamma(1.75), -0.56189247559689889),
                                    DESCENT_SPECIAL(polygamma(3, x), math::polygamma(3, 1.75), -1.6648033462816701),
                                    DESCENT_SPECIAL(j0(x), math::j0(1.75), -0.5801561976389925),
                                    DESCENT_SPECIAL(j1(x), math::j1(1.75), 0.037514702962869337),
                                    DESCENT_SPECIAL(jn(4, x), math::jn(4, 1.75), 0.044046608899031141),
                                    DESCENT_SPECIAL(y0(x), math::y0(1.75), 0.25397298594624569),
                                    DESCENT_SPECIAL(y1(x), math::y1(1.75), 0.61062004918761785)};
#undef DESCENT_SPECIAL
  for (const Special& f : all) {
    const D dual = f.dual(D::variable(1.75, 0));
    EXPECT_EQ(dual.value(), f.value) << f.name;
    EXPECT_NEAR(dual.slope(0), f.slope, 1e-14 * (1.0 + std::fabs(f.slope))) << f.name;
    EXPECT_EQ(reverse_slope(f.var, 1.75), dual.slope(0)) << f.name;
  }
  EXPECT_EQ(j1(D::variable(0.0, 0)).slope(0), 0.5);
  EXPECT_EQ(heaviside(D::variable(0.0, 0)).value(), 0.5);
  for (const double a : {-2.0, 0.0, 2.0}) EXPECT_EQ(heaviside(D::variable(a, 0)).slope(0), 0.0);
  EXPECT_TRUE(std::isnan(heaviside(D::variable(std::nan(""), 0)).value()));
}

}  // namespace
}  // namespace descent::autodiff

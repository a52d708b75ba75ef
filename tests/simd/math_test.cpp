// The proof that elementary functions are the same everywhere and right: 2^20 inputs each, on every CPU target against
// the scalar form with ==, against the C library in long double (<= 2 ulp), and against committed hashes of all bits,
// which every compiler and machine has to find. Special functions, which have zeros where no double has an ulp, are
// held against mpmath in tests/core/special_functions_test.cpp instead of the C library.
#include "descent/simd/math.hpp"

#include <algorithm>
#include <cfloat>

#include "descent/core/elementary.hpp"
#include "descent/core/special_functions.hpp"
#include "simd/support.hpp"

namespace descent::simd {
namespace {

constexpr std::size_t kNumInputs = std::size_t{1} << 20U;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

struct Function {
  const char* name;
  double (*scalar)(double, double);  // the second argument is used by atan2 and pow alone
  void (*vector)(View, View, MutableView);
  long double (*exact)(long double, long double);  // null: held to the truth elsewhere
  double low, high;                                // where it is not trivial: half of the inputs are uniform in here
};

void PrintTo(const Function& function, std::ostream* out) { *out << function.name; }

#define DESCENT_UNARY(f, exact, low, high)                                                                            \
  Function {                                                                                                          \
#f, [](double x,                                                                                                  \
           double) { return math::f(x); }, [](View x, View,                                                           \
                                              MutableView                                                             \
                                                  out) { simd::f(x, out); }, [](long double x, long double)           \
                                                                                  -> long double { return exact; },   \
                                                                                                                 low, \
                                                                                                                 high \
  }
#define DESCENT_BINARY(f, exact, low, high)                                                                          \
  Function {                                                                                                         \
#f, [](double x,                                                                                                 \
           double                                                                                                    \
               y) { return math::f(x, y); },                                                                         \
                                          [](View x, View y,                                                         \
                                             MutableView                                                             \
                                                 out) { simd::f(x, y, out); },                                       \
                                                                            [](long double x, long double y)         \
                                                                                 -> long double { return exact; },   \
                                                                                                                low, \
                                                                                                                high \
  }

#define DESCENT_SPECIAL(f, low, high)                                                                                 \
  Function {                                                                                                          \
#f, [](double x, double) { return math::f(x); }, [](View x, View, MutableView out) { simd::f(x, out); }, nullptr, \
                                                                                                          low, high   \
  }
/// Of a whole order, which is the second number here: an eighth of those are whole.
#define DESCENT_OF_ORDER(f, low, high)                                                                               \
  Function {                                                                                                         \
#f, [](double x, double n) { return math::f(n, x); }, [](View x, View n,                                         \
                                                             MutableView out) { simd::f(n, x, out); }, nullptr, low, \
                                                                                                    high             \
  }

/// glibc's powl takes the whole numbers from 2^63 on for odd when the base is -infinity; its pow does not.
long double exact_pow(long double x, long double y) {
  return std::isinf(x) ? static_cast<long double>(std::pow(static_cast<double>(x), static_cast<double>(y)))
                       : powl(x, y);
}

const Function kFunctions[] = {
    DESCENT_UNARY(exp, expl(x), -746, 710),
    DESCENT_UNARY(expm1, expm1l(x), -40, 710),
    DESCENT_UNARY(log, logl(x), 0, 100),
    DESCENT_UNARY(log1p, log1pl(x), -1, 10),
    DESCENT_UNARY(sin, sinl(x), -100, 100),
    DESCENT_UNARY(cos, cosl(x), -100, 100),
    DESCENT_UNARY(tan, tanl(x), -100, 100),
    DESCENT_UNARY(asin, asinl(x), -1, 1),
    DESCENT_UNARY(acos, acosl(x), -1, 1),
    DESCENT_UNARY(atan, atanl(x), -20, 20),
    DESCENT_BINARY(atan2, atan2l(x, y), -3, 3),
    DESCENT_UNARY(sinh, sinhl(x), -711, 711),
    DESCENT_UNARY(cosh, coshl(x), -711, 711),
    DESCENT_UNARY(tanh, tanhl(x), -20, 20),
    DESCENT_UNARY(erf, erfl(x), -7, 7),
    DESCENT_BINARY(pow, exact_pow(x, y), -30, 30),
    DESCENT_UNARY(sigmoid, x >= 0 ? 1 / (1 + expl(-x)) : expl(x) / (1 + expl(x)), -746, 40),
    DESCENT_UNARY(softplus, (x > 0 ? x : 0) + log1pl(expl(-fabsl(x))), -746, 40),
    DESCENT_UNARY(erfc, erfcl(x), -6, 27),
    DESCENT_SPECIAL(gamma, -180, 172),
    DESCENT_SPECIAL(lgamma, -100, 100),
    DESCENT_SPECIAL(digamma, -40, 100),
    DESCENT_SPECIAL(trigamma, -40, 100),
    DESCENT_OF_ORDER(polygamma, -10, 30),
    DESCENT_SPECIAL(j0, -50, 50),
    DESCENT_SPECIAL(j1, -50, 50),
    DESCENT_OF_ORDER(jn, -50, 50),
    DESCENT_SPECIAL(y0, -1, 50),
    DESCENT_SPECIAL(y1, -1, 50),
};

std::vector<double> special_values() {
  std::vector<double> positive = {0.0,
                                  1.0,
                                  0.5,
                                  2.0,
                                  3.0,
                                  1.5,
                                  0x1p-1074,
                                  0x1p-1022,
                                  0x1.fffffffffffffp-1023,
                                  0x1p-54,
                                  0x1p-53,
                                  0x1p-27,
                                  709.0,
                                  709.78271289338397,
                                  710.47586007394394,
                                  745.13321910194122,
                                  746.0,
                                  1e300,
                                  0x1p52,
                                  0x1p53,
                                  9007199254740993.0,
                                  0x1p62,
                                  0x1p63,
                                  0x1p1023,
                                  DBL_MAX,
                                  kInfinity,
                                  0x1.921fb54442d18p+0,
                                  0x1.921fb54442d18p+1,
                                  0x1.921fb54442d18p+20,
                                  1e22};
  std::vector<double> result = {kNan};
  for (const double value : positive) {
    for (const double near : {value, std::nextafter(value, 0.0), std::nextafter(value, kInfinity)}) {
      result.push_back(near);
      result.push_back(-near);
    }
  }
  return result;
}

struct Inputs {
  std::vector<double> x, y;
};

/// Half uniform where the function does its work, a quarter of all magnitudes that matter, a quarter of any bits; all
/// pairs of special values in front.
Inputs inputs_of(const Function& function) {
  const Rng rng(7, RandomStream::test), other(8, RandomStream::test);
  const auto number = [&](const Rng& source, std::size_t i) {
    if (i % 4 == 0) return log_uniform(source, i, -60, 64);
    if (i % 4 == 1) return std::bit_cast<double>(source.bits(i));
    return function.low + (function.high - function.low) * source.uniform(i);
  };
  Inputs inputs{std::vector<double>(kNumInputs), std::vector<double>(kNumInputs)};
  for (std::size_t i = 0; i < kNumInputs; ++i) {
    inputs.x[i] = number(rng, i);
    inputs.y[i] = number(other, i);
    // A negative base is only interesting with whole exponents, a base near 1 with large ones.
    if (i % 8 == 3) inputs.y[i] = std::floor(inputs.y[i]);
    if (i % 8 == 6) {
      inputs.x[i] = 1.0 + std::ldexp(inputs.x[i], -20);
      inputs.y[i] = std::ldexp(inputs.y[i], 18);
    }
  }
  // Powers just below and above the largest number, where the result is far from every other special case.
  for (std::size_t i = 5; i < kNumInputs; i += 64) {
    const double base = 1.0 + rng.uniform(i) * std::ldexp(1.0, static_cast<int>(rng.bits(i) % 30));
    inputs.x[i] = base;
    inputs.y[i] = math::log(DBL_MAX) / math::log(base) * (1.0 + std::ldexp(other.uniform(i) - 0.99, -28));
  }
  const std::vector<double> special = special_values();
  for (std::size_t i = 0; i < special.size(); ++i) {
    for (std::size_t j = 0; j < special.size(); ++j) {
      inputs.x[i * special.size() + j] = special[i];
      inputs.y[i * special.size() + j] = special[j];
    }
  }
  return inputs;
}

std::vector<double> scalar_results(const Function& function, const Inputs& inputs) {
  std::vector<double> result(kNumInputs);
  for (std::size_t i = 0; i < kNumInputs; ++i) result[i] = function.scalar(inputs.x[i], inputs.y[i]);
  return result;
}

/// |got - exact| in units of the spacing of doubles at `exact`, all beyond the largest counted as the number after it.
/// A NaN or a zero of the wrong sign where the other is not one counts as infinitely wrong.
long double ulps(double got, long double exact) {
  constexpr long double kWrong = std::numeric_limits<long double>::infinity();
  if (std::isnan(got) || std::isnan(exact)) return std::isnan(got) == std::isnan(exact) ? 0.0L : kWrong;
  if (got == 0.0 && std::signbit(got) != std::signbit(exact)) return kWrong;
  const auto finite = [](long double value) { return std::clamp(value, -0x1p1024L, 0x1p1024L); };
  int exponent = std::numeric_limits<int>::min();
  if (exact != 0) std::frexp(finite(exact), &exponent);
  const long double spacing = std::ldexp(1.0L, std::clamp(exponent, -1074 + 53, 1024) - 53);
  return std::fabs(finite(got) - finite(exact)) / spacing;
}

class ElementaryFunction : public testing::TestWithParam<Function> {};
INSTANTIATE_TEST_SUITE_P(Math, ElementaryFunction, testing::ValuesIn(kFunctions),
                         [](const auto& which) { return std::string(which.param.name); });

TEST_P(ElementaryFunction, HasTheBitsOfItsScalarFormOnEveryTarget) {
  const Function& function = GetParam();
  const Inputs inputs = inputs_of(function);
  const std::vector<double> expected = scalar_results(function, inputs);
  std::vector<double> result(kNumInputs);
  on_every_target([&] {
    function.vector(inputs.x, inputs.y, result);
    const std::size_t i = first_difference(result, expected);
    EXPECT_EQ(i, kNumInputs) << std::hexfloat << function.name << "(" << inputs.x[i] << ", " << inputs.y[i]
                             << ") = " << result[i] << ", scalar " << expected[i];
  });
}

TEST_P(ElementaryFunction, IsWithinTwoUlpsOfTheTruth) {
  const Function& function = GetParam();
  if (function.exact == nullptr) GTEST_SKIP() << "tests/core/special_functions_test.cpp holds it";
  const Inputs inputs = inputs_of(function);
  const std::vector<double> result = scalar_results(function, inputs);
  long double worst = 0;
  std::size_t where = 0;
  for (std::size_t i = 0; i < kNumInputs; ++i) {
    const long double error = ulps(result[i], function.exact(inputs.x[i], inputs.y[i]));
    if (error > worst) {
      worst = error;
      where = i;
    }
  }
  RecordProperty("worst_ulps", std::to_string(static_cast<double>(worst)));
  EXPECT_LE(worst, 2.0L) << std::hexfloat << function.name << "(" << inputs.x[where] << ", " << inputs.y[where]
                         << ") = " << result[where];
}

TEST_P(ElementaryFunction, HasTheCommittedBits) {
  const Inputs inputs = inputs_of(GetParam());
  BitHash hash;
  for (const double value : scalar_results(GetParam(), inputs)) hash.add(value);
  EXPECT_EQ(hash.text(), golden_hash(GetParam().name)) << GetParam().name;
}

TEST_P(ElementaryFunction, TreatsTheLastElementsLikeTheOthers) {
  const Function& function = GetParam();
  const Inputs inputs = inputs_of(function);
  on_every_target([&] {
    for (std::size_t n = 0; n <= 33; ++n) {
      const View x = View(inputs.x).subspan(90'001 + n, n), y = View(inputs.y).subspan(90'001 + n, n);
      std::vector<double> result(n + 1, 4711.0), in_place(x.begin(), x.end());
      function.vector(x, y, MutableView(result).first(n));
      function.vector(in_place, y, in_place);
      for (std::size_t i = 0; i < n; ++i) {
        ASSERT_EQ(bits_of(result[i]), bits_of(function.scalar(x[i], y[i]))) << n << " " << i;
        ASSERT_EQ(bits_of(in_place[i]), bits_of(result[i])) << n << " " << i;
      }
      ASSERT_EQ(result[n], 4711.0) << "wrote beyond the end";
    }
  });
}

TEST(Sqrt, IsCorrectlyRoundedOnEveryTarget) {
  const Rng rng(9, RandomStream::test);
  std::vector<double> x = special_values(), expected, result;
  for (std::size_t i = 0; i < 100'000; ++i) x.push_back(std::bit_cast<double>(rng.bits(i)));
  for (const double value : x) expected.push_back(std::sqrt(value));
  result.resize(x.size());
  on_every_target([&] {
    simd::sqrt(x, result);
    EXPECT_EQ(first_difference(result, expected), x.size());
  });
}

}  // namespace
}  // namespace descent::simd

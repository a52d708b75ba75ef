#include "descent/autodiff/tape.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "descent/autodiff/functions.hpp"
#include "descent/autodiff/vector_functions.hpp"

namespace descent::autodiff {
namespace {

TEST(Tape, ArithmeticFollowsTheRulesOfDifferentiation) {
  Tape tape;
  const Var x = tape.variable(3.0);
  const Var y = tape.variable(-2.0);
  const Tape::Mark start = tape.mark();
  Var f = x * y + x / y - 2.0 * x + (1.0 - y) * 4.0 + 6.0 / x - y / 4.0 + (+x) - (-x);
  f -= 1;
  f *= 2.0;
  tape.reverse(f, 1.0, start);
  EXPECT_EQ(f.value(), 2 * (-6.0 - 1.5 - 6.0 + 12.0 + 2.0 + 0.5 + 6.0 - 1.0));
  EXPECT_DOUBLE_EQ(tape.adjoint(x), 2 * (-2.0 - 0.5 - 2.0 - 6.0 / 9.0 + 2.0));
  EXPECT_DOUBLE_EQ(tape.adjoint(y), 2 * (3.0 - 3.0 / 4.0 - 4.0 - 0.25));
}

TEST(Tape, ConstantsAreNotRecorded) {
  Tape tape;
  const Var x = tape.variable(1.0);
  const std::size_t before = tape.num_nodes();
  const Var c = exp(Var(2.0)) * 3.0 + Var(1.0) / Var(2.0);
  EXPECT_EQ(tape.num_nodes(), before);
  EXPECT_EQ(c.tape(), nullptr);
  tape.reverse(c, 1.0, tape.mark());
  EXPECT_EQ(tape.adjoint(x), 0.0);
}

TEST(Tape, SumsOverRowsRewindRowByRow) {
  Tape tape;
  const Var w = tape.variable(0.5);
  const Tape::Mark parameters = tape.mark();
  tape.clear_adjoints();
  std::size_t longest = 0;
  double expected = 0.0;
  for (int row = 0; row < 100; ++row) {
    const Var residual = w * row - 1.0;
    tape.reverse(residual * residual, 0.25, parameters);
    expected += 0.25 * 2 * (0.5 * row - 1.0) * row;
    longest = std::max(longest, tape.num_nodes());
    tape.rewind(parameters);
  }
  EXPECT_DOUBLE_EQ(tape.adjoint(w), expected);
  EXPECT_EQ(longest, 1U);  // all are functions of w
}

TEST(Tape, SweepsTheSameNodesAgainForAnotherResult) {
  Tape tape;
  const Var x = tape.variable(2.0);
  const Tape::Mark start = tape.mark();
  const Var square = x * x;
  const Var cube = square * x;
  tape.reverse(square, 1.0, start);
  EXPECT_EQ(tape.adjoint(x), 4.0);
  tape.clear_adjoints();
  tape.reverse(cube, 1.0, start);
  EXPECT_EQ(tape.adjoint(x), 12.0);
}

TEST(Tape, WhatDoesNotMatterStaysZeroWhereASlopeIsInfinite) {
  Tape tape;
  const Var x = tape.variable(0.0);
  const Var y = tape.variable(5.0);
  const Tape::Mark start = tape.mark();
  const Var hidden = sqrt(x);
  tape.reverse(where(hidden.value() > 1.0, hidden, y), 1.0, start);
  EXPECT_EQ(tape.adjoint(x), 0.0);
  EXPECT_EQ(tape.adjoint(y), 1.0);
}

TEST(Tape, GrowsWithoutLosingAnything) {
  Tape tape;
  const Var x = tape.variable(1.0), z = tape.variable(2.0);
  const Tape::Mark start = tape.mark();
  Var y = x;
  for (int i = 0; i < 100000; ++i) y = y * 1.0 + z * 1e-5;
  tape.reverse(y, 1.0, start);
  EXPECT_EQ(tape.adjoint(x), 1.0);
  EXPECT_NEAR(tape.adjoint(z), 1.0, 1e-9);
  EXPECT_EQ(tape.num_nodes(), 100002U);
}

TEST(Tape, FunctionsOfOneNumberTakeNoNode) {
  Tape tape;
  const Var x = tape.variable(0.7), y = tape.variable(-0.4);
  const Tape::Mark start = tape.mark();
  const Var f = 100.0 * (1.0 - x) * (1.0 - x) / x - pow(x, 3.0) + pow(x, exp(x)) + atan2(x, sin(x)) + x * Var(2.0) / x;
  EXPECT_EQ(tape.num_nodes(), 2U);
  const Var product = f * (3.0 - tanh(y));
  EXPECT_EQ(tape.num_nodes(), 3U);
  tape.reverse(product, 1.0, start);

  const auto forward = [](const auto& a, const auto& b) {
    return (100.0 * (1.0 - a) * (1.0 - a) / a - pow(a, 3.0) + pow(a, exp(a)) + atan2(a, sin(a)) + a * 2.0 / a) *
           (3.0 - tanh(b));
  };
  const Dual<2> expected = forward(Dual<2>::variable(0.7, 0), Dual<2>::variable(-0.4, 1));
  EXPECT_EQ(product.value(), expected.value());
  EXPECT_NEAR(tape.adjoint(x), expected.slope(0), 1e-13 * std::fabs(expected.slope(0)));
  EXPECT_NEAR(tape.adjoint(y), expected.slope(1), 1e-13 * std::fabs(expected.slope(1)));
}

TEST(Tape, AZeroSlopeStaysZeroAgainstAnInfiniteOne) {
  const auto slope_at_zero = [](const auto& f) {
    Tape tape;
    const Var x = tape.variable(0.0);
    const Tape::Mark start = tape.mark();
    tape.reverse(f(x), 1.0, start);
    return tape.adjoint(x);
  };
  EXPECT_EQ(slope_at_zero([](const Var& x) { return 0.0 * sqrt(x); }), 0.0);
  EXPECT_EQ(slope_at_zero([](const Var& x) { return sqrt(x * x); }), 0.0);
  EXPECT_EQ(slope_at_zero([](const Var& x) { return 0.0 * sqrt(x) + 3.0 * x; }), 3.0);
  EXPECT_EQ(slope_at_zero([](const Var& x) { return sqrt(x); }), std::numeric_limits<double>::infinity());
}

// f(x, y) of spans, written once for Dual and Var.
template <class T>
T vector_example(std::span<const T> x, MatrixView a) {
  static const std::vector<double> weights{0.5, -1.0, 2.0, 0.25, 3.0};
  std::vector<T> product(a.rows);
  matvec(a, x, std::span<T>(product));
  std::vector<T> shares(a.rows);
  softmax(std::span<const T>(product), std::span<T>(shares));
  const std::span<const T> p(shares);
  return dot(View(weights), x) * squared_norm(x) + log_sum_exp(x) + sum(x) / 3.0 + dot(x, x.subspan(0)) +
         dot(p, std::span<const T>(product)) + shares[1] * exp(product[0]) + dot(p, View(weights).first(a.rows));
}

TEST(Tape, VectorFunctionsAgreeWithForwardDuals) {
  constexpr std::size_t kN = 5;
  const std::array<double, kN> point{0.3, -1.2, 0.8, 2.0, -0.5};
  const std::vector<double> entries{0.1, 0.2, -0.3, 0.4, 0.5, -0.6, 0.7, 0.8, -0.9, 1.0, 0.3, -0.2, 0.1, 0.6, -0.4};
  const MatrixView a{entries.data(), 3, kN, kN};

  std::array<Dual<kN>, kN> dual;
  for (std::size_t i = 0; i < kN; ++i) dual[i] = Dual<kN>::variable(point[i], i);
  const Dual<kN> forward = vector_example(std::span<const Dual<kN>>(dual), a);

  Tape tape;
  std::vector<Var> x;
  for (const double v : point) x.push_back(tape.variable(v));
  const Tape::Mark start = tape.mark();
  const Var reverse = vector_example(std::span<const Var>(x), a);
  tape.reverse(reverse, 1.0, start);

  EXPECT_EQ(reverse.value(), forward.value());
  for (std::size_t i = 0; i < kN; ++i)
    EXPECT_NEAR(tape.adjoint(x[i]), forward.slope(i), 1e-13 * (1 + std::fabs(forward.slope(i)))) << i;
}

TEST(Tape, OperandsOfVectorFunctionsMayBeFunctionsOfNodes) {
  Tape tape;
  const Var x = tape.variable(0.5), y = tape.variable(2.0);
  const Tape::Mark start = tape.mark();
  const std::vector<Var> v{2.0 * x, y * y, exp(x), Var(3.0)};
  const std::vector<double> entries{0.5, -0.25, 0.125, 1.0, -1.0, 0.5, 0.25, 2.0};
  std::vector<Var> product(2), shares(2);
  matvec({entries.data(), 2, 4, 4}, std::span<const Var>(v), std::span<Var>(product));
  const std::vector<Var> moved{-product[0], 0.5 * product[1]};
  softmax(std::span<const Var>(moved), std::span<Var>(shares));
  tape.reverse(shares[0] * squared_norm(std::span<const Var>(v)), 1.0, start);

  std::vector<Dual<2>> d{2.0 * Dual<2>::variable(0.5, 0), Dual<2>::variable(2.0, 1) * Dual<2>::variable(2.0, 1),
                         exp(Dual<2>::variable(0.5, 0)), Dual<2>(3.0)};
  std::vector<Dual<2>> out(2), p(2);
  matvec({entries.data(), 2, 4, 4}, std::span<const Dual<2>>(d), std::span<Dual<2>>(out));
  const std::vector<Dual<2>> shifted{-out[0], 0.5 * out[1]};
  softmax(std::span<const Dual<2>>(shifted), std::span<Dual<2>>(p));
  const Dual<2> expected = p[0] * squared_norm(std::span<const Dual<2>>(d));
  EXPECT_NEAR(tape.adjoint(x), expected.slope(0), 1e-13);
  EXPECT_NEAR(tape.adjoint(y), expected.slope(1), 1e-13);
}

TEST(Tape, AVectorFunctionIsOneNode) {
  Tape tape;
  std::vector<Var> x;
  for (int i = 0; i < 1000; ++i) x.push_back(tape.variable(i));
  const std::size_t before = tape.num_nodes();
  const Var total = sum(std::span<const Var>(x));
  EXPECT_LE(tape.num_nodes() - before, 1U);
  EXPECT_EQ(total.value(), 499500.0);
}

TEST(Tape, OperandsOfAVectorFunctionMayBeNeighboursOrNot) {
  Tape tape;
  const Var a = tape.variable(2.0), b = tape.variable(3.0), c = tape.variable(5.0);
  const Tape::Mark start = tape.mark();
  const std::vector<Var> run{a, b, c}, mixed{c, Var(7.0), a, a}, one{Var(1.0), b};
  const Var f = squared_norm(std::span<const Var>(run)) + 10.0 * squared_norm(std::span<const Var>(mixed)) +
                100.0 * sum(std::span<const Var>(one));
  tape.reverse(f, 1.0, start);
  EXPECT_EQ(tape.adjoint(a), 4.0 + 10.0 * 8.0);
  EXPECT_EQ(tape.adjoint(b), 6.0 + 100.0);
  EXPECT_EQ(tape.adjoint(c), 10.0 + 10.0 * 10.0);
}

TEST(Tape, LogSumExpAndSoftmaxDoNotOverflow) {
  Tape tape;
  const std::vector<Var> x{tape.variable(1000.0), tape.variable(1000.0)};
  const Tape::Mark start = tape.mark();
  const Var level = log_sum_exp(std::span<const Var>(x));
  EXPECT_DOUBLE_EQ(level.value(), 1000.0 + std::log(2.0));
  std::vector<Var> share(2);
  softmax(std::span<const Var>(x), std::span<Var>(share));
  EXPECT_EQ(share[0].value(), 0.5);
  tape.reverse(share[0], 1.0, start);
  EXPECT_EQ(tape.adjoint(x[0]), 0.25);
  EXPECT_EQ(tape.adjoint(x[1]), -0.25);
  const double inf = std::numeric_limits<double>::infinity();
  const std::vector<Dual<1>> none{Dual<1>(-inf), Dual<1>(-inf)};
  EXPECT_EQ(log_sum_exp(std::span<const Dual<1>>(none)).value(), -inf);
}

}  // namespace
}  // namespace descent::autodiff

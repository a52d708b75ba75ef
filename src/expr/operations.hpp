// The operations of a program, on one number each. The kernels give the same bits on 256.
#pragma once

#include <cmath>
#include <cstdint>

#include "descent/core/elementary.hpp"
#include "src/expr/op.hpp"

namespace descent::expr {

enum class Operation : std::uint8_t {
  add,
  sub,
  mul,
  div,
  neg,
  pow,
  eq,
  ne,
  lt,
  le,
  gt,
  ge,
  select,
  min,
  max,
  abs,
  acos,
  asin,
  atan,
  atan2,
  cos,
  cosh,
  exp,
  expm1,
  log,
  log1p,
  sigmoid,
  sign,
  sin,
  sinh,
  softplus,
  sqrt,
  tan,
  tanh,
};

/// Of a comparison or function; the rest of Op has no single operation.
[[nodiscard]] constexpr Operation to_operation(Op op) {
  const auto offset = [](Op from, Op first, Operation to) {
    return static_cast<Operation>(static_cast<int>(to) + static_cast<int>(from) - static_cast<int>(first));
  };
  return is_comparison(op) ? offset(op, Op::eq, Operation::eq) : offset(op, Op::abs, Operation::abs);
}
static_assert(to_operation(Op::ge) == Operation::ge && to_operation(Op::tanh) == Operation::tanh);

/// The result of `op`; arguments that it does not take are ignored. NaN in gives NaN out, min and max included; where
/// takes the first branch for a condition that is NaN.
[[nodiscard]] inline double compute(Operation op, double a, double b, double c) {
  switch (op) {
    case Operation::add: return a + b;
    case Operation::sub: return a - b;
    case Operation::mul: return a * b;
    case Operation::div: return a / b;
    case Operation::neg: return -a;
    case Operation::pow: return math::pow(a, b);
    case Operation::eq: return a == b ? 1.0 : 0.0;
    case Operation::ne: return a != b ? 1.0 : 0.0;
    case Operation::lt: return a < b ? 1.0 : 0.0;
    case Operation::le: return a <= b ? 1.0 : 0.0;
    case Operation::gt: return a > b ? 1.0 : 0.0;
    case Operation::ge: return a >= b ? 1.0 : 0.0;
    case Operation::select: return a != 0.0 ? b : c;
    case Operation::min: return a <= b ? a : (b < a ? b : a + b);
    case Operation::max: return a >= b ? a : (b > a ? b : a + b);
    case Operation::abs: return std::fabs(a);
    case Operation::acos: return math::acos(a);
    case Operation::asin: return math::asin(a);
    case Operation::atan: return math::atan(a);
    case Operation::atan2: return math::atan2(a, b);
    case Operation::cos: return math::cos(a);
    case Operation::cosh: return math::cosh(a);
    case Operation::exp: return math::exp(a);
    case Operation::expm1: return math::expm1(a);
    case Operation::log: return math::log(a);
    case Operation::log1p: return math::log1p(a);
    case Operation::sigmoid: return math::sigmoid(a);
    case Operation::sign: return a > 0.0 ? 1.0 : (a < 0.0 ? -1.0 : a);
    case Operation::sin: return math::sin(a);
    case Operation::sinh: return math::sinh(a);
    case Operation::softplus: return math::softplus(a);
    case Operation::sqrt: return std::sqrt(a);
    case Operation::tan: return math::tan(a);
    case Operation::tanh: return math::tanh(a);
  }
  return 0.0;
}

}  // namespace descent::expr

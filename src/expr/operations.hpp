// The operations of a program, on one number each. The kernels give the same bits on 256.
#pragma once

#include <cmath>
#include <cstdint>

#include "descent/core/elementary.hpp"
#include "descent/core/special_functions.hpp"
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
#define DESCENT_EXPR_OPERATION(name, ...) name,
  DESCENT_EXPR_FUNCTIONS(DESCENT_EXPR_OPERATION)
#undef DESCENT_EXPR_OPERATION
};

[[nodiscard]] constexpr bool is_function(Operation op) { return op >= Operation::abs; }

/// Of a comparison or function; the rest of Op has no single operation.
[[nodiscard]] constexpr Operation to_operation(Op op) {
  const auto offset = [](Op from, Op first, Operation to) {
    return static_cast<Operation>(static_cast<int>(to) + static_cast<int>(from) - static_cast<int>(first));
  };
  return is_comparison(op) ? offset(op, Op::eq, Operation::eq) : offset(op, Op::abs, Operation::abs);
}
static_assert(to_operation(Op::ge) == Operation::ge);

/// Of a function.
[[nodiscard]] constexpr Op to_op(Operation function) {
  return static_cast<Op>(static_cast<int>(Op::abs) + static_cast<int>(function) - static_cast<int>(Operation::abs));
}

/// Every function of function_list.hpp on numbers.
namespace scalar {
using namespace math;
[[nodiscard]] inline double abs(double x) { return std::fabs(x); }
[[nodiscard]] inline double sign(double x) { return x > 0.0 ? 1.0 : (x < 0.0 ? -1.0 : x); }
[[nodiscard]] inline double sqrt(double x) { return std::sqrt(x); }

[[nodiscard]] inline double call(double (*f)(double), double a, double /*unused*/) { return f(a); }
[[nodiscard]] inline double call(double (*f)(double, double), double a, double b) { return f(a, b); }
}  // namespace scalar

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
#define DESCENT_EXPR_COMPUTE(name, ...) \
  case Operation::name: return scalar::call(scalar::name, a, b);
      DESCENT_EXPR_FUNCTIONS(DESCENT_EXPR_COMPUTE)
#undef DESCENT_EXPR_COMPUTE
  }
  return 0.0;
}

}  // namespace descent::expr

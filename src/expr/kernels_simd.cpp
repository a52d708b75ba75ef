#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/expr/kernels_simd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>

#include "descent/expr/program.hpp"
#include "descent/simd/math.hpp"
#include "src/expr/kernels.hpp"
#include "src/simd/dispatch_simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace descent::expr::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using Tag = hn::ScalableTag<double>;
using Vec = hn::Vec<Tag>;

/// An argument: an array, or one number for all lanes.
struct Argument {
  const double* data;
  bool same;
};

/// out_i = f(a_i, b_i), and `op` one by one for what does not fill a vector.
template <class F>
void Binary(Operation op, F f, Argument a, Argument b, double* out, std::size_t n) {
  const Tag tag;
  const std::size_t width = hn::Lanes(tag);
  std::size_t i = 0;
  if (a.same) {
    const Vec first = hn::Set(tag, *a.data);
    for (; i + width <= n; i += width) hn::StoreU(f(first, hn::LoadU(tag, b.data + i)), tag, out + i);
  } else if (b.same) {
    const Vec second = hn::Set(tag, *b.data);
    for (; i + width <= n; i += width) hn::StoreU(f(hn::LoadU(tag, a.data + i), second), tag, out + i);
  } else {
    for (; i + width <= n; i += width)
      hn::StoreU(f(hn::LoadU(tag, a.data + i), hn::LoadU(tag, b.data + i)), tag, out + i);
  }
  for (; i < n; ++i) out[i] = compute(op, a.data[a.same ? 0 : i], b.data[b.same ? 0 : i], 0.0);
}

template <class F>
void Unary(Operation op, F f, const double* a, double* out, std::size_t n) {
  const Tag tag;
  const std::size_t width = hn::Lanes(tag);
  std::size_t i = 0;
  for (; i + width <= n; i += width) hn::StoreU(f(hn::LoadU(tag, a + i)), tag, out + i);
  for (; i < n; ++i) out[i] = compute(op, a[i], 0.0, 0.0);
}

template <class Mask>
Vec ZeroOrOne(Mask mask) {
  const Tag tag;
  return hn::IfThenElseZero(mask, hn::Set(tag, 1.0));
}

void Select(Argument condition, Argument taken, Argument other, double* out, std::size_t n) {
  const Tag tag;
  const std::size_t width = hn::Lanes(tag);
  const auto load = [&](Argument a, std::size_t i) {
    return a.same ? hn::Set(tag, *a.data) : hn::LoadU(tag, a.data + i);
  };
  std::size_t i = 0;
  for (; i + width <= n; i += width) {
    const auto is_zero = hn::Eq(load(condition, i), hn::Zero(tag));
    hn::StoreU(hn::IfThenElse(is_zero, load(other, i), load(taken, i)), tag, out + i);
  }
  const auto at = [](Argument a, std::size_t j) { return a.data[a.same ? 0 : j]; };
  for (; i < n; ++i) out[i] = compute(Operation::select, at(condition, i), at(taken, i), at(other, i));
}

/// Every function of function_list.hpp on arrays; what is not here is simd/math's, which dispatches by itself.
namespace vector {
using namespace simd;

void abs(View x, MutableView out) {
  Unary(
      Operation::abs, [](Vec v) { return hn::Abs(v); }, x.data(), out.data(), out.size());
}

void sign(View x, MutableView out) {
  const Tag tag;
  Unary(
      Operation::sign,
      [tag](Vec v) {
        const Vec below = hn::IfThenElse(hn::Lt(v, hn::Zero(tag)), hn::Set(tag, -1.0), v);
        return hn::IfThenElse(hn::Gt(v, hn::Zero(tag)), hn::Set(tag, 1.0), below);
      },
      x.data(), out.data(), out.size());
}

void heaviside(View x, MutableView out) {
  const Tag tag;
  Unary(
      Operation::heaviside,
      [tag](Vec v) {
        const Vec at_zero = hn::Add(v, hn::Set(tag, 0.5));  // NaN stays
        const Vec below = hn::IfThenElse(hn::Lt(v, hn::Zero(tag)), hn::Zero(tag), at_zero);
        return hn::IfThenElse(hn::Gt(v, hn::Zero(tag)), hn::Set(tag, 1.0), below);
      },
      x.data(), out.data(), out.size());
}
}  // namespace vector

/// Functions read arrays: a number for all lanes is spread over `scratch` first.
View Spread(Argument argument, double* scratch, std::size_t n) {
  if (argument.same) std::fill_n(scratch, n, *argument.data);
  return {argument.same ? scratch : argument.data, n};
}

void Call(void (*f)(View, MutableView), Argument a, Argument /*unused*/, MutableView out, double* scratch) {
  f(Spread(a, scratch, out.size()), out);
}

void Call(void (*f)(View, View, MutableView), Argument a, Argument b, MutableView out, double* scratch) {
  f(Spread(a, scratch, out.size()), Spread(b, scratch + kPointsPerBlock, out.size()), out);
}

void Step(const LaneInstruction& step, Argument a, Argument b, Argument c, double* out, double* scratch,
          std::size_t n) {
  const Operation op = step.op;
  switch (op) {
    case Operation::add:
      return Binary(
          op, [](Vec x, Vec y) { return hn::Add(x, y); }, a, b, out, n);
    case Operation::sub:
      return Binary(
          op, [](Vec x, Vec y) { return hn::Sub(x, y); }, a, b, out, n);
    case Operation::mul:
      return Binary(
          op, [](Vec x, Vec y) { return hn::Mul(x, y); }, a, b, out, n);
    case Operation::div:
      return Binary(
          op, [](Vec x, Vec y) { return hn::Div(x, y); }, a, b, out, n);
    case Operation::eq:
      return Binary(
          op, [](Vec x, Vec y) { return ZeroOrOne(hn::Eq(x, y)); }, a, b, out, n);
    case Operation::ne:
      return Binary(
          op, [](Vec x, Vec y) { return ZeroOrOne(hn::Ne(x, y)); }, a, b, out, n);
    case Operation::lt:
      return Binary(
          op, [](Vec x, Vec y) { return ZeroOrOne(hn::Lt(x, y)); }, a, b, out, n);
    case Operation::le:
      return Binary(
          op, [](Vec x, Vec y) { return ZeroOrOne(hn::Le(x, y)); }, a, b, out, n);
    case Operation::gt:
      return Binary(
          op, [](Vec x, Vec y) { return ZeroOrOne(hn::Gt(x, y)); }, a, b, out, n);
    case Operation::ge:
      return Binary(
          op, [](Vec x, Vec y) { return ZeroOrOne(hn::Ge(x, y)); }, a, b, out, n);
    case Operation::min:
      return Binary(
          op,
          [](Vec x, Vec y) { return hn::IfThenElse(hn::Le(x, y), x, hn::IfThenElse(hn::Lt(y, x), y, hn::Add(x, y))); },
          a, b, out, n);
    case Operation::max:
      return Binary(
          op,
          [](Vec x, Vec y) { return hn::IfThenElse(hn::Ge(x, y), x, hn::IfThenElse(hn::Gt(y, x), y, hn::Add(x, y))); },
          a, b, out, n);
    case Operation::neg:
      return Unary(
          op, [](Vec x) { return hn::Neg(x); }, a.data, out, n);
    case Operation::select: return Select(a, b, c, out, n);
    case Operation::pow: return Call(simd::pow, a, b, {out, n}, scratch);
#define DESCENT_EXPR_STEP(name, ...) \
  case Operation::name: return Call(vector::name, a, b, {out, n}, scratch);
      DESCENT_EXPR_FUNCTIONS(DESCENT_EXPR_STEP)
#undef DESCENT_EXPR_STEP
  }
}

void Run(std::span<const LaneInstruction> instructions, const double* slots, const double* const* lane_inputs,
         double* registers, std::size_t num_registers, std::size_t n) {
  const auto argument = [&](Operand operand) -> Argument {
    if (operand.home == Home::slot) return {slots + operand.index, true};
    if (operand.home == Home::lane_input) return {lane_inputs[operand.index], false};
    return {registers + operand.index * kPointsPerBlock, false};
  };
  double* scratch = registers + num_registers * kPointsPerBlock;
  for (const LaneInstruction& step : instructions)
    Step(step, argument(step.a), argument(step.b), argument(step.c), registers + step.target * kPointsPerBlock, scratch,
         n);
}

}  // namespace
}  // namespace descent::expr::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace descent::expr {

DESCENT_EXPORT(Run);

void run_lanes(std::span<const LaneInstruction> instructions, const double* slots, const double* const* lane_inputs,
               double* registers, std::size_t num_registers, std::size_t lanes) {
  DESCENT_DISPATCH(Run)(instructions, slots, lane_inputs, registers, num_registers, lanes);
}

}  // namespace descent::expr
#endif

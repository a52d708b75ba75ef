#include <cmath>
#include <cstdlib>
#include <string>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/expr/program.hpp"
#include "src/expr/code.hpp"
#include "src/expr/operations.hpp"

namespace descent::expr {
namespace {

constexpr double kMaxExponent = 64.0;

Doubled power(Doubled base, int n) {
  Doubled result(1.0);
  for (int k = n < 0 ? -n : n; k > 0; k >>= 1) {
    if ((k & 1) != 0) result = result * base;
    base = base * base;
  }
  return n < 0 ? Doubled(1.0) / result : result;
}

/// The decimal that a number was typed as: 0.1 is 1/10, not the double next to it.
Doubled decimal(double number) {
  Doubled digits(0.0);
  int exponent = 0;
  bool behind_point = false;
  const std::string text = number_text(std::fabs(number));
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '.') {
      behind_point = true;
    } else if (text[i] == 'e') {
      exponent += static_cast<int>(parse_number(text.substr(text[i + 1] == '+' ? i + 2 : i + 1)).value_or(0.0));
      break;
    } else {
      digits = digits * Doubled(10.0) + Doubled(text[i] - '0');
      exponent -= behind_point ? 1 : 0;
    }
  }
  constexpr int kMostDigits = 40;  // far from the ends of the range
  if (!std::isfinite(number) || std::abs(exponent) > kMostDigits) return {number};
  const Doubled size =
      exponent < 0 ? digits / power(Doubled(10.0), -exponent) : digits * power(Doubled(10.0), exponent);
  return number < 0.0 ? -size : size;
}

/// Of the operations that are one of doubles.
Doubled plain(Operation op, const Doubled& a, const Doubled& b = {}, const Doubled& c = {}) {
  return {compute(op, a.value(), b.value(), c.value()), 0.0};
}

}  // namespace

struct DoubledProgram::State {
  ValueAndSlopes all;
  std::vector<bool> used;         // by node
  std::vector<Doubled> decimals;  // of constants and of factors, by node
};

DoubledProgram::DoubledProgram(const Formula& formula) {
  if (formula.needs_rows())
    throw Error(ErrorCode::usage, "a formula with sum(...) or mean(...) has no value for each row", "formula");
  const auto state = std::make_shared<State>(State{.all = value_and_slopes(formula), .used = {}, .decimals = {}});
  const Graph& graph = *state->all.graph;
  state->used = reachable(graph, state->all.roots);
  values_.resize(graph.size());
  state->decimals.resize(graph.size());
  for (Id id = 0; id < graph.size(); ++id) {
    const Op op = graph.op(id);
    if (op == Op::constant || op == Op::scale) state->decimals[id] = decimal(graph.number(id));
  }
  state_ = state;
}

std::size_t DoubledProgram::num_variables() const { return state_->all.num_variables(); }

void DoubledProgram::evaluate(std::span<const Doubled> x, View row, std::span<Doubled> out) {
  const Graph& graph = *state_->all.graph;
  for (Id id = 0; id < graph.size(); ++id) {
    if (!state_->used[id]) continue;
    const auto arg = [&](std::size_t i) { return values_[graph.arg(id, i)]; };
    Doubled& value = values_[id];
    switch (const Op op = graph.op(id)) {
      case Op::constant: value = state_->decimals[id]; break;
      case Op::pi: value = {3.141592653589793, 1.2246467991473532e-16}; break;
      case Op::e: value = {2.718281828459045, 1.4456468917292502e-16}; break;
      case Op::variable: value = x[graph.index(id)]; break;
      case Op::column: value = Doubled(row[graph.index(id)]); break;
      case Op::add:
        value = Doubled(0.0);
        for (const Id term : graph.args(id)) value = value + values_[term];
        break;
      case Op::scale: value = state_->decimals[id] * arg(0) / Doubled(graph.ratio(id).den); break;
      case Op::mul:
        value = Doubled(1.0);
        for (const Id factor : graph.args(id)) value = value * values_[factor];
        break;
      case Op::pow: {
        const double n = graph.is_constant(graph.arg(id, 1)) ? graph.number(graph.arg(id, 1)) : 0.5;
        const bool whole = n == std::trunc(n) && std::fabs(n) <= kMaxExponent;
        value = whole ? power(arg(0), static_cast<int>(n)) : plain(Operation::pow, arg(0), arg(1));
        break;
      }
      case Op::where: value = arg(0).value() != 0.0 ? arg(1) : arg(2); break;
      case Op::min: value = (arg(0) - arg(1)).value() <= 0.0 ? arg(0) : arg(1); break;
      case Op::max: value = (arg(0) - arg(1)).value() >= 0.0 ? arg(0) : arg(1); break;
      default:
        value = graph.args(id).size() == 2 ? plain(to_operation(op), arg(0), arg(1)) : plain(to_operation(op), arg(0));
    }
  }
  for (std::size_t k = 0; k < out.size(); ++k) out[k] = values_[state_->all.roots[k]];
}

}  // namespace descent::expr

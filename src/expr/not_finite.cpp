#include "descent/expr/not_finite.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "descent/core/error.hpp"
#include "src/expr/graph.hpp"
#include "src/expr/operations.hpp"

namespace descent::expr {
namespace {

/// The value of a node from those of its arguments; rounding may differ from the programs'.
double value_of(const Graph& graph, Id id, const std::vector<double>& values, View x, View row) {
  const auto arg = [&](std::size_t i) { return values[graph.arg(id, i)]; };
  switch (const Op op = graph.op(id)) {
    case Op::constant: return graph.number(id);
    case Op::pi: return 3.141592653589793;
    case Op::e: return 2.718281828459045;
    case Op::variable: return x[graph.index(id)];
    case Op::column: return row[graph.index(id)];
    case Op::add: {
      double total = 0.0;
      for (const Id term : graph.args(id)) total += values[term];
      return total;
    }
    case Op::scale: return graph.ratio(id).num * arg(0) / graph.ratio(id).den;
    case Op::mul: {
      double product = 1.0;
      for (const Id factor : graph.args(id)) product *= values[factor];
      return product;
    }
    case Op::pow: return math::pow(arg(0), arg(1));
    case Op::where: return compute(Operation::select, arg(0), arg(1), arg(2));
    case Op::min: return compute(Operation::min, arg(0), arg(1), 0.0);
    case Op::max: return compute(Operation::max, arg(0), arg(1), 0.0);
    default: return compute(to_operation(op), arg(0), graph.args(id).size() > 1 ? arg(1) : 0.0, 0.0);
  }
}

}  // namespace

std::optional<NotFinitePart> find_not_finite(const Formula& formula, View x, View row) {
  if (formula.needs_rows())
    throw Error(ErrorCode::usage, "a formula with sum(...) or mean(...) has no value for each row", "formula");
  const Graph& graph = *formula.graph();
  Id at = formula.root();
  const auto used = reachable(graph, std::span(&at, 1));
  std::vector<double> values(at + 1);
  for (Id id = 0; id <= at; ++id)
    if (used[id]) values[id] = value_of(graph, id, values, x, row);
  if (std::isfinite(values[at])) return std::nullopt;
  for (;;) {
    std::vector<Id> ways(graph.args(at).begin(), graph.args(at).end());
    if (graph.op(at) == Op::where) ways = {ways[0], values[ways[0]] != 0.0 ? ways[1] : ways[2]};
    const auto bad = std::find_if(ways.begin(), ways.end(), [&](Id id) { return !std::isfinite(values[id]); });
    if (bad == ways.end()) return NotFinitePart{to_text(Formula(formula.graph(), at)), values[at]};
    at = *bad;
  }
}

}  // namespace descent::expr

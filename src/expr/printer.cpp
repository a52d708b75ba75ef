#include "src/expr/printer.hpp"

#include <cmath>

#include "descent/core/error.hpp"
#include "src/expr/builder.hpp"

namespace descent::expr {
namespace {

constexpr std::size_t kMaxPrintedBytes = std::size_t{1} << 20U;

bool goes_below(const Graph& graph, Id id) {
  if (graph.op(id) != Op::pow || !graph.is_constant(graph.arg(id, 1))) return false;
  const double n = graph.number(graph.arg(id, 1));
  return n < 0.0 && n >= -kMaxWholeExponent && n == std::trunc(n);
}

}  // namespace

bool is_product(const Graph& graph, Id id) {
  return graph.op(id) == Op::scale || graph.op(id) == Op::mul || goes_below(graph, id);
}

Quotient as_quotient(const Graph& graph, Id id) {
  Quotient result;
  if (graph.op(id) == Op::scale) {
    result.coefficient = graph.ratio(id);
    id = graph.arg(id, 0);
    if (graph.is_constant(id, 1.0)) return result;
  }
  const auto take = [&](Id factor) {
    if (goes_below(graph, factor)) {
      result.denominator.push_back({graph.arg(factor, 0), -graph.number(graph.arg(factor, 1))});
    } else {
      result.numerator.push_back({factor, 1.0});
    }
  };
  if (graph.op(id) == Op::mul) {
    for (const Id factor : graph.args(id)) take(factor);
  } else {
    take(id);
  }
  std::size_t total = 0;
  for (const auto* side : {&result.numerator, &result.denominator})
    for (const Quotient::Part& part : *side) total += part.exponent == 1.0 ? flat_size(graph, part.base) : 1;
  result.open = total <= kMaxFlatFactors;
  return result;
}

void check_printed_size(const std::string& text) {
  if (text.size() > kMaxPrintedBytes)
    throw Error(ErrorCode::formula, "the formula is too long to print: more than 1 MiB", "formula");
}

}  // namespace descent::expr

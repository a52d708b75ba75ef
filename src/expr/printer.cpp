#include "src/expr/printer.hpp"

#include <cmath>
#include <utility>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
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

std::string Printer::run(Id root) {
  print(root, Binding::comparison);
  return std::move(out_);
}

void Printer::print(Id id, Binding needed) {
  if (out_.size() > kMaxPrintedBytes)
    throw Error(ErrorCode::formula, "the formula is too long to print: more than 1 MiB", "formula");
  const bool bracket = binding(id) < needed;
  if (bracket) out_ += notation_.open;
  if (graph_.op(id) == Op::add) {
    print_sum(id);
  } else {
    print_node(graph_.op(id), id);
  }
  if (bracket) out_ += notation_.close;
}

Binding Printer::binding(Id id) const {
  const Op op = graph_.op(id);
  if (op == Op::constant) return graph_.number(id) < 0.0 ? Binding::product : Binding::atom;
  if (is_comparison(op)) return Binding::comparison;
  if (op == Op::add) return Binding::sum;
  if (is_product(graph_, id)) return Binding::product;
  return op == Op::pow ? Binding::power : Binding::atom;
}

void Printer::print_sum(Id id) {
  bool first = true;
  for (const Id term : graph_.args(id)) {
    const bool negative = (graph_.is_constant(term) || graph_.op(term) == Op::scale) && graph_.number(term) < 0.0;
    if (!first) out_ += negative ? " - " : " + ";
    if (first || !negative) {
      print(term, Binding::product);
    } else if (graph_.is_constant(term)) {
      out_ += number(-graph_.number(term));
    } else {
      Quotient quotient = as_quotient(graph_, term);
      quotient.coefficient.num = -quotient.coefficient.num;
      print_product(quotient);
    }
    first = false;
  }
}

void Printer::print_comparison(Op op, Id id) {
  print(graph_.arg(id, 0), Binding::sum);
  out_ += notation_.comparisons[static_cast<std::size_t>(op) - static_cast<std::size_t>(Op::eq)];
  print(graph_.arg(id, 1), Binding::sum);
}

void Printer::print_call(std::string_view name, Id id) {
  out_ += name;
  out_ += notation_.open;
  print_arguments(graph_.op(id), id);
  out_ += notation_.close;
}

/// The tree of two-way choices of min and max as the one list it came from.
void Printer::print_arguments(Op op, Id id) {
  bool first = true;
  for (const Id arg : graph_.args(id)) {
    if (!first) out_ += ", ";
    first = false;
    const bool nested = (op == Op::min || op == Op::max) && graph_.op(arg) == op;
    nested ? print_arguments(op, arg) : print(arg, Binding::comparison);
  }
}

void Printer::print_part(const Quotient::Part& part, Binding needed) {
  if (part.exponent == 1.0) return print(part.base, needed);
  print(part.base, Binding::atom);
  out_ += notation_.raise;
  out_ += number_text(part.exponent);
  out_ += notation_.raised;
}

}  // namespace descent::expr

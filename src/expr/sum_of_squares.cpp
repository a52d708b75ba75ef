#include "descent/expr/sum_of_squares.hpp"

#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "src/expr/builder.hpp"

namespace descent::expr {
namespace {

/// The argument of a scale, its factor put into `factor`; else the node itself.
Id without_factor(const Graph& graph, Id id, double& factor) {
  if (graph.op(id) != Op::scale) return id;
  factor *= graph.ratio(id).num / graph.ratio(id).den;
  return graph.arg(id, 0);
}

/// k of b^(2k); 0 if `id` is no such power.
double half_exponent(const Graph& graph, Id id) {
  if (graph.op(id) != Op::pow || !graph.is_constant(graph.arg(id, 1))) return 0.0;
  const double half = 0.5 * graph.number(graph.arg(id, 1));
  return half == std::floor(half) && std::fabs(half) <= kMaxWholeExponent ? half : 0.0;
}

}  // namespace

std::optional<SumOfSquares> sum_of_squares(const Formula& formula) {
  const Graph& graph = *formula.graph();
  SumOfSquares result;
  const Id reduction = without_factor(graph, formula.root(), result.factor);
  if (!is_reduction(graph.op(reduction))) return std::nullopt;
  result.is_mean = graph.op(reduction) == Op::mean;
  const Id inner = without_factor(graph, graph.arg(reduction, 0), result.factor);
  if (graph.flags(inner).rows || !graph.flags(inner).variables || !(result.factor > 0.0) || has_kinks(formula))
    return std::nullopt;

  std::vector<Id> powers{inner};
  if (graph.op(inner) == Op::mul) powers.assign(graph.args(inner).begin(), graph.args(inner).end());
  Builder builder(graph);
  std::vector<Factor> roots;
  for (const Id power : powers) {
    const double half = half_exponent(graph, power);
    if (half == 0.0) return std::nullopt;
    roots.push_back({.id = builder.power(graph.arg(power, 0), builder.constant(half))});
  }
  const Id root = builder.multiply(roots);
  result.root = Formula(std::make_shared<const Graph>(builder.take()), root);
  return result;
}

}  // namespace descent::expr

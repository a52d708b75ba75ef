#include "src/expr/graph.hpp"

#include <algorithm>

namespace descent::expr {

Id Graph::append(Op op, std::span<const Id> args, Ratio ratio, std::uint32_t index) {
  const auto id = static_cast<Id>(ops_.size());
  NodeFlags flags{op == Op::variable, op == Op::column, is_reduction(op)};
  for (const Id arg : args) {
    flags.variables |= flags_[arg].variables;
    flags.columns |= flags_[arg].columns;
    flags.rows |= flags_[arg].rows;
  }
  if (is_reduction(op)) flags.columns = false;
  const bool leaf = op == Op::variable || op == Op::column;
  ops_.push_back(op);
  ratio_.push_back(ratio);
  first_.push_back(leaf ? index : static_cast<std::uint32_t>(args_.size()));
  count_.push_back(static_cast<std::uint32_t>(args.size()));
  flags_.push_back(flags);
  args_.insert(args_.end(), args.begin(), args.end());
  return id;
}

std::vector<bool> reachable(const Graph& graph, std::span<const Id> roots) {
  std::vector<bool> seen(graph.size(), false);
  Id top = 0;
  for (const Id root : roots) {
    seen[root] = true;
    top = std::max(top, root);
  }
  if (graph.size() == 0) return seen;
  for (Id id = top + 1; id-- > 0;)
    if (seen[id])
      for (const Id arg : graph.args(id)) seen[arg] = true;
  return seen;
}

namespace {

/// x^2 sorts beside x.
Id base_of(const Graph& graph, Id id) {
  if (graph.op(id) == Op::pow && graph.is_constant(graph.arg(id, 1))) return graph.arg(id, 0);
  return id;
}

int rank(const Graph& graph, Id id) {
  switch (graph.op(id)) {
    case Op::constant:
    case Op::pi:
    case Op::e: return 0;
    case Op::variable: return 1;
    case Op::column: return 2;
    case Op::add: return 4;
    default: return 3;
  }
}

template <class T>
int order(const T& a, const T& b) {
  return a < b ? -1 : (b < a ? 1 : 0);
}

/// Different nodes differ in structure, so the first pair of different arguments decides: one path down, no branching.
/// Either the order of a and b, or 0 and the next pair that has the same order.
int step(const Graph& graph, Id& a, Id& b) {
  const Id base_a = base_of(graph, a), base_b = base_of(graph, b);
  if (base_a == base_b) {
    const double exponent_a = base_a == a ? 1.0 : graph.number(graph.arg(a, 1));
    const double exponent_b = base_b == b ? 1.0 : graph.number(graph.arg(b, 1));
    const int by = order(exponent_a, exponent_b);
    if (by == 0) b = a;
    return by;
  }
  if (const int by = order(rank(graph, base_a), rank(graph, base_b))) return by;
  if (base_a != a || base_b != b) {
    a = base_a;
    b = base_b;
    return 0;
  }
  if (const int by = order(graph.op(a), graph.op(b))) return by;
  // By name: the order in which a text first names them changes when a derivative is printed and read back.
  if (graph.op(a) == Op::variable) return order(graph.variables[graph.index(a)], graph.variables[graph.index(b)]);
  if (graph.op(a) == Op::column) return order(graph.index(a), graph.index(b));
  const Ratio ratio_a = graph.ratio(a), ratio_b = graph.ratio(b);
  if (const int by = order(ratio_a.num, ratio_b.num)) return by;
  if (const int by = order(ratio_a.den, ratio_b.den)) return by;
  const auto args_a = graph.args(a), args_b = graph.args(b);
  if (const int by = order(args_a.size(), args_b.size())) return by;
  std::size_t i = 0;
  while (i < args_a.size() && args_a[i] == args_b[i]) ++i;
  if (i == args_a.size()) {
    b = a;
    return 0;
  }
  a = args_a[i];
  b = args_b[i];
  return 0;
}

/// One node in eight, whatever the distance between neighbours on a path.
bool is_remembered(Id id) { return (id * 0x9E3779B9U) >> 29U == 0; }

}  // namespace

int Order::compare(const Graph& graph, Id a, Id b) {
  constexpr std::size_t kMaxKnown = std::size_t{1} << 16U;
  path_.clear();
  int result = 0;
  while (a != b && result == 0) {
    if (is_remembered(a)) {
      const std::uint64_t pair = std::uint64_t{a} << 32U | b;
      const auto at = known_.find(pair);
      if (at != known_.end()) {
        result = at->second;
        break;
      }
      path_.push_back(pair);
    }
    result = step(graph, a, b);
  }
  if (known_.size() + path_.size() > kMaxKnown) known_.clear();
  for (const std::uint64_t pair : path_) known_.emplace(pair, static_cast<std::int8_t>(result));
  return result;
}

}  // namespace descent::expr

#include "descent/expr/formula.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>
#include <vector>

#include "src/expr/builder.hpp"

namespace descent::expr {
namespace {

const std::shared_ptr<const Graph>& zero_graph() {
  static const auto graph = [] {
    Builder builder;
    builder.constant(0.0);
    return std::make_shared<const Graph>(builder.take());
  }();
  return graph;
}

bool same_node(const Graph& a, Id node_a, const Graph& b, Id node_b) {
  if (a.op(node_a) != b.op(node_b) || a.args(node_a).size() != b.args(node_b).size()) return false;
  if (a.op(node_a) == Op::variable) return a.variables[a.index(node_a)] == b.variables[b.index(node_b)];
  if (a.op(node_a) == Op::column) return a.columns[a.index(node_a)] == b.columns[b.index(node_b)];
  return a.ratio(node_a) == b.ratio(node_b);
}

}  // namespace

Formula::Formula() : graph_(zero_graph()) {}

const std::vector<std::string>& Formula::variables() const { return graph_->variables; }
const std::vector<std::string>& Formula::columns() const { return graph_->columns; }
bool Formula::needs_rows() const { return graph_->flags(root_).rows; }
bool Formula::per_row() const { return graph_->flags(root_).columns; }

std::size_t Formula::num_nodes() const {
  const auto used = reachable(*graph_, std::span(&root_, 1));
  return static_cast<std::size_t>(std::count(used.begin(), used.end(), true));
}

bool operator==(const Formula& a, const Formula& b) {
  if (a.graph_ == b.graph_ && a.root_ == b.root_) return true;
  std::unordered_map<Id, Id> partner;  // of each node of a that was seen, in b
  std::vector<std::pair<Id, Id>> open{{a.root_, b.root_}};
  while (!open.empty()) {
    const auto [node_a, node_b] = open.back();
    open.pop_back();
    const auto [at, fresh] = partner.try_emplace(node_a, node_b);
    if (!fresh) {
      if (at->second != node_b) return false;
      continue;
    }
    if (!same_node(*a.graph_, node_a, *b.graph_, node_b)) return false;
    for (std::size_t i = 0; i < a.graph_->args(node_a).size(); ++i)
      open.emplace_back(a.graph_->arg(node_a, i), b.graph_->arg(node_b, i));
  }
  return true;
}

std::vector<std::string> used_columns(const Formula& formula) {
  const Graph& graph = *formula.graph();
  const Id root = formula.root();
  const auto used = reachable(graph, std::span(&root, 1));
  std::vector<bool> is_used(graph.columns.size(), false);
  for (Id id = 0; id < graph.size(); ++id)
    if (used[id] && graph.op(id) == Op::column) is_used[graph.index(id)] = true;
  std::vector<std::string> result;
  for (std::size_t j = 0; j < is_used.size(); ++j)
    if (is_used[j]) result.push_back(graph.columns[j]);
  return result;
}

bool has_kinks(const Formula& formula) {
  const Graph& graph = *formula.graph();
  const Id root = formula.root();
  const auto used = reachable(graph, std::span(&root, 1));
  for (Id id = 0; id < graph.size(); ++id) {
    if (!used[id]) continue;
    const Op op = graph.op(id);
    if (op == Op::where && graph.flags(graph.arg(id, 0)).variables) return true;
    const bool branches =
        is_comparison(op) || op == Op::min || op == Op::max || op == Op::abs || op == Op::sign || op == Op::heaviside;
    if (branches && graph.flags(id).variables) return true;
  }
  return false;
}

}  // namespace descent::expr

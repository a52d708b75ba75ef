#include "descent/expr/derivative.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "src/expr/builder.hpp"
#include "src/expr/functions.hpp"
#include "src/expr/settle.hpp"

namespace descent::expr {
namespace {

/// Reverse accumulation that makes formulas instead of numbers: the adjoint of a node is the sum, over the places that
/// use it, of their adjoints times the local slope.
///
/// where, min, max, sum and mean are leaves of a sweep. Their partial derivatives come from sweeps of their own below
/// them and stay inside: the slope of where(c, a, b) is where(c, da, db), never where(c, 1, 0)*da, because 0 times the
/// slope of a branch that is not taken may be 0 times infinity.
class Differentiator {
 public:
  explicit Differentiator(Graph graph) : builder_(std::move(graph)) {}

  /// The partial derivatives of `root` that are not 0, by variable. Each node is swept once however often it is used.
  const std::map<std::uint32_t, Id>& partials(Id root) {
    const auto known = partials_.find(root);
    if (known != partials_.end()) return known->second;
    auto result = sweep(root);
    return partials_.emplace(root, std::move(result)).first->second;
  }

  /// The tangent of `root`, where variable i moves as `direction[i]` does. Forward: arguments come before their users.
  Id tangent(Id root, const std::vector<Id>& direction) {
    const std::vector<bool> wanted = reachable(graph(), std::span(&root, 1));
    std::vector<Id> tangents(root + 1, builder_.constant(0.0));
    for (Id id = 0; id <= root; ++id)
      if (wanted[id] && graph().flags(id).variables) tangents[id] = tangent_of(id, tangents, direction);
    return tangents[root];
  }

  Builder& builder() { return builder_; }

 private:
  Id tangent_of(Id id, const std::vector<Id>& tangents, const std::vector<Id>& direction) {
    const Op op = graph().op(id);
    if (op == Op::variable) return direction[graph().index(id)];
    const std::vector<Id> args(graph().args(id).begin(), graph().args(id).end());
    if (is_reduction(op)) return builder_.call(op, {tangents[args[0]]});
    if (is_opaque(op)) {
      const Branches branches = branches_of(id);
      return builder_.call(Op::where, {branches.condition, tangents[branches.taken], tangents[branches.other]});
    }
    std::vector<Id> terms;
    for (std::size_t i = 0; i < args.size(); ++i)
      if (graph().flags(args[i]).variables) terms.push_back(contribution(id, args, i, tangents[args[i]]));
    return builder_.add(terms);
  }

  /// where(condition, taken, other), which min and max are too.
  struct Branches {
    Id condition, taken, other;
  };
  Branches branches_of(Id id) {
    const Op op = graph().op(id);
    if (op == Op::where) return {graph().arg(id, 0), graph().arg(id, 1), graph().arg(id, 2)};
    const Id a = graph().arg(id, 0), b = graph().arg(id, 1);
    return {builder_.call(op == Op::min ? Op::le : Op::ge, {a, b}), a, b};
  }

  struct Contribution {
    Id user;
    Id amount;
  };
  using Contributions = std::map<Id, std::vector<Contribution>, std::greater<>>;  // the largest id, the last use, first

  std::map<std::uint32_t, Id> sweep(Id root) {
    Contributions open;
    std::map<std::uint32_t, std::vector<Contribution>> collected;
    if (graph().flags(root).variables) open[root].push_back({root, builder_.constant(1.0)});
    while (!open.empty()) {
      const Id id = open.begin()->first;
      const auto contributions = std::move(open.begin()->second);
      open.erase(open.begin());
      if (graph().op(id) == Op::variable) {
        collected[graph().index(id)] = contributions;
        continue;
      }
      const Id adjoint = total(contributions);
      if (graph().is_constant(adjoint, 0.0)) continue;
      if (is_opaque(graph().op(id))) {
        for (const auto& [variable, slope] : opaque_partials(id)) {
          const Id leaf = builder_.variable(graph().variables[variable]);
          open[leaf].push_back({id, builder_.multiply({adjoint, slope})});
        }
      } else {
        const std::vector<Id> args(graph().args(id).begin(), graph().args(id).end());
        for (std::size_t i = 0; i < args.size(); ++i)
          if (graph().flags(args[i]).variables) open[args[i]].push_back({id, contribution(id, args, i, adjoint)});
      }
    }
    std::map<std::uint32_t, Id> result;
    for (auto& [variable, contributions] : collected) {
      const Id slope = total(std::move(contributions));
      if (!graph().is_constant(slope, 0.0)) result.emplace(variable, slope);
    }
    return result;
  }

  /// Added in the order in which the formula names the places of use.
  Id total(std::vector<Contribution> contributions) {
    std::stable_sort(contributions.begin(), contributions.end(),
                     [](const Contribution& a, const Contribution& b) { return a.user < b.user; });
    std::vector<Id> terms;
    for (const Contribution& contribution : contributions) terms.push_back(contribution.amount);
    return builder_.add(terms);
  }

  Id slope_or_zero(const std::map<std::uint32_t, Id>& slopes, std::uint32_t variable) {
    const auto at = slopes.find(variable);
    return at == slopes.end() ? builder_.constant(0.0) : at->second;
  }

  std::map<std::uint32_t, Id> opaque_partials(Id id) {
    const Op op = graph().op(id);
    std::map<std::uint32_t, Id> result;
    if (is_reduction(op)) {
      for (const auto& [variable, slope] : partials(graph().arg(id, 0))) result[variable] = builder_.call(op, {slope});
      return result;
    }
    const auto [condition, taken, other] = branches_of(id);
    const auto of_taken = partials(taken), of_other = partials(other);
    for (const auto& [variable, slope] : of_taken)
      result[variable] = builder_.call(Op::where, {condition, slope, slope_or_zero(of_other, variable)});
    for (const auto& [variable, slope] : of_other)
      if (!of_taken.contains(variable))
        result[variable] = builder_.call(Op::where, {condition, builder_.constant(0.0), slope});
    return result;
  }

  /// adjoint * d(id)/d(args[i])
  Id contribution(Id id, const std::vector<Id>& args, std::size_t i, Id adjoint) {
    Builder& b = builder_;
    switch (graph().op(id)) {
      case Op::add: return adjoint;
      case Op::scale: return b.scale(graph().ratio(id), adjoint);
      case Op::mul: {
        std::vector<Factor> factors{{adjoint, false}};
        for (std::size_t k = 0; k < args.size(); ++k)
          if (k != i) factors.push_back({args[k], false});
        return b.multiply(factors);
      }
      case Op::pow:
        if (i == 0) return b.multiply({adjoint, args[1], b.power(args[0], b.subtract(args[1], one()))});
        return b.multiply({adjoint, id, b.call(Op::log, {args[0]})});
      default: return through_function(id, args, i, adjoint);
    }
  }

  Id through_function(Id id, const std::vector<Id>& args, std::size_t i, Id adjoint) {
    const Op op = graph().op(id);
    if (!is_function(op)) return builder_.constant(0.0);  // comparisons are flat
    const auto [at, fresh] = slopes_.try_emplace({op, i});
    if (fresh) at->second = parse_slope(slope_text(op, i));
    // The arguments by the names that the slope gives them.
    std::map<std::string_view, Id> named{{"f", id}};
    std::string_view names = find_function(op)->arguments;
    for (const Id arg : args) {
      named[names.substr(0, names.find(", "))] = arg;
      names.remove_prefix(std::min(names.size(), names.find(", ") + 2));
    }
    return copy_product(*at->second.graph(), at->second.root(), named, adjoint);
  }

  /// adjoint * the formula below `root`, with `named` in place of its variables: factor by factor, so that they join
  /// those of the adjoint.
  Id copy_product(const Graph& from, Id root, const std::map<std::string_view, Id>& named, Id adjoint) {
    std::vector<Factor> factors{{adjoint, false}};
    const auto take = [&](Id id) {
      const bool below =
          from.op(id) == Op::pow && from.is_constant(from.arg(id, 1)) && from.number(from.arg(id, 1)) < 0.0;
      if (!below) return factors.push_back({copy(from, id, named), false});
      const Id exponent = builder_.constant(-from.number(from.arg(id, 1)));
      factors.push_back({builder_.power(copy(from, from.arg(id, 0), named), exponent), true});
    };
    if (from.op(root) == Op::scale) {
      factors.push_back({builder_.constant(from.ratio(root).num), false});
      factors.push_back({builder_.constant(from.ratio(root).den), true});
      root = from.arg(root, 0);
    }
    if (from.op(root) == Op::mul) {
      for (const Id factor : from.args(root)) take(factor);
    } else {
      take(root);
    }
    return builder_.multiply(factors);
  }

  Id copy(const Graph& from, Id id, const std::map<std::string_view, Id>& named) {
    if (from.op(id) == Op::variable) return named.at(from.variables[from.index(id)]);
    if (from.is_constant(id)) return builder_.constant(from.number(id));
    std::vector<Id> args;
    for (const Id arg : from.args(id)) args.push_back(copy(from, arg, named));
    switch (from.op(id)) {
      case Op::add: return builder_.add(args);
      case Op::scale: return builder_.scale(from.ratio(id), args[0]);
      case Op::mul: {
        std::vector<Factor> factors;
        for (const Id arg : args) factors.push_back({arg, false});
        return builder_.multiply(factors);
      }
      case Op::pow: return builder_.power(args[0], args[1]);
      default: return builder_.call(from.op(id), args);
    }
  }

  Id one() { return builder_.constant(1.0); }
  [[nodiscard]] const Graph& graph() const { return builder_.graph(); }

  Builder builder_;
  std::map<Id, std::map<std::uint32_t, Id>> partials_;
  std::map<std::pair<Op, std::size_t>, Formula> slopes_;  // of the functions met so far
};

/// settle() for formulas that share a graph, the first of them where their texts would be long: a derivative is linear
/// in the size of its formula, a text for each variable is not.
void settle_all(Builder& builder, std::vector<Id>& roots) {
  constexpr std::size_t kMaxNodes = 50000;
  const auto graph = std::make_shared<const Graph>(builder.graph());
  std::size_t total = 0;
  for (Id& root : roots) {
    const Formula slope(graph, root);
    total += slope.num_nodes();
    if (total > kMaxNodes) return;
    const Formula settled = settle(slope);
    if (settled.graph() != graph) root = builder.copy(*settled.graph(), settled.root());
  }
}

}  // namespace

std::vector<Formula> gradient(const Formula& formula) {
  Differentiator differentiator(*formula.graph());
  const auto& partials = differentiator.partials(formula.root());
  const Id zero = differentiator.builder().constant(0.0);
  std::vector<Id> roots(formula.variables().size(), zero);
  for (const auto& [variable, root] : partials) roots[variable] = root;
  if (differentiator.builder().graph().numbers_left) settle_all(differentiator.builder(), roots);
  const auto graph = std::make_shared<const Graph>(differentiator.builder().take());
  std::vector<Formula> result;
  for (const Id root : roots) result.emplace_back(graph, root);
  return result;
}

Formula tangent(const Formula& formula) {
  const std::vector<std::string> names = formula.variables();
  Differentiator differentiator(*formula.graph());
  Builder& builder = differentiator.builder();
  const auto taken = [&](const std::string& name) {
    const Graph& graph = builder.graph();
    return std::find(graph.variables.begin(), graph.variables.end(), name) != graph.variables.end() ||
           std::find(graph.columns.begin(), graph.columns.end(), name) != graph.columns.end();
  };
  std::vector<Id> direction;
  for (const std::string& name : names) {
    std::string moved = "d " + name;
    while (taken(moved)) moved.insert(0, "d");
    direction.push_back(builder.variable(moved));
  }
  std::vector<Id> root{differentiator.tangent(formula.root(), direction)};
  if (builder.graph().numbers_left) settle_all(builder, root);
  return Formula(std::make_shared<const Graph>(builder.take()), root[0]);
}

Formula derivative(const Formula& formula, std::string_view variable) {
  const auto& names = formula.variables();
  const auto at = std::find(names.begin(), names.end(), variable);
  if (at == names.end())
    throw Error(ErrorCode::usage, "the formula has no variable " + quoted(variable) + did_you_mean(variable, names) +
                                      (names.empty() ? "; it has none" : "; it has " + join(names)));
  return gradient(formula)[static_cast<std::size_t>(at - names.begin())];
}

}  // namespace descent::expr

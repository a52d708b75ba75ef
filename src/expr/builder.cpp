#include "src/expr/builder.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <unordered_map>

#include "src/expr/functions.hpp"
#include "src/expr/operations.hpp"

namespace descent::expr {
namespace {

/// The exponent of a power with a whole number, within reason.
std::optional<double> whole_exponent(const Graph& graph, Id exponent) {
  if (!graph.is_constant(exponent)) return {};
  const double n = graph.number(exponent);
  if (n != std::trunc(n) || std::fabs(n) > kMaxWholeExponent) return {};
  return n;
}

/// A product being collected: coefficient * prod base^exponent.
struct Product {
  struct Entry {
    Id base;
    double exponent;
  };
  Builder& builder;
  const Graph& graph;
  bool open_products;
  Ratio coefficient{};
  std::vector<Entry> entries{};
  bool merged = false;

  void multiply_by_power(Id base, double exponent) {
    const auto at =
        std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.base == base; });
    if (at == entries.end()) {
      entries.push_back({base, exponent});
      return;
    }
    at->exponent += exponent;
    if (graph.is_constant(base, 0.0)) at->exponent = std::max(at->exponent, -1.0);  // 1/0 is infinite once and for all
    merged = true;
  }

  bool scale_by(Ratio by, bool inverse) {
    const auto next = product(coefficient, inverse ? Ratio{by.den, by.num} : by);
    if (next) coefficient = *next;
    return next.has_value();
  }

  /// True if a number that did not fit the coefficient when it came does now: 1e300*1e300*1e-300.
  [[nodiscard]] bool has_room() const {
    return std::any_of(entries.begin(), entries.end(), [&](const Entry& entry) {
      if (graph.op(entry.base) != Op::constant && graph.op(entry.base) != Op::scale) return false;
      const Ratio by = graph.ratio(entry.base);
      return std::fabs(entry.exponent) == 1.0 &&
             product(coefficient, entry.exponent > 0.0 ? by : Ratio{by.den, by.num}).has_value();
    });
  }

  [[nodiscard]] bool has_numbers() const {
    return std::any_of(entries.begin(), entries.end(), [&](const Entry& entry) {
      return graph.op(entry.base) == Op::constant || graph.op(entry.base) == Op::scale;
    });
  }

  /// A product that stays one. Bereft of its coefficient it may hold a number that was beside it: that one is its
  /// coefficient now, as it would be if the product were typed.
  void take_closed(Id id, bool inverse) {
    std::vector<Factor> factors;
    bool numbers = false;
    for (const Id factor : graph.args(id)) {
      factors.push_back({factor, false});
      numbers = numbers || graph.is_constant(factor) || graph.op(factor) == Op::scale;
    }
    if (numbers)
      if (const Id again = builder.multiply(factors); again != id) return take(again, inverse);
    multiply_by_power(id, inverse ? -1.0 : 1.0);
  }

  void take(Id id, bool inverse) {
    const double sign = inverse ? -1.0 : 1.0;
    switch (graph.op(id)) {
      case Op::constant:
        if (!scale_by(graph.ratio(id), inverse)) multiply_by_power(id, sign);
        return;
      case Op::scale:
        if (!scale_by(graph.ratio(id), inverse)) return multiply_by_power(id, sign);
        if (!graph.is_constant(graph.arg(id, 0), 1.0)) take(graph.arg(id, 0), inverse);
        return;
      case Op::mul:
        if (!open_products) return take_closed(id, inverse);
        for (const Id factor : graph.args(id)) take(factor, inverse);
        return;
      case Op::pow:
        if (const auto n = whole_exponent(graph, graph.arg(id, 1))) {
          const Id base = graph.arg(id, 0);
          if (*n == -1.0 && graph.op(base) == Op::mul) return take(base, !inverse);  // as flat_size() counts it
          if (graph.is_constant(base, 0.0) && sign * *n > 0.0) {
            coefficient = {0.0, 1.0};  // 1/(1/0)
            return;
          }
          return multiply_by_power(base, sign * *n);
        }
        return multiply_by_power(id, sign);
      default: return multiply_by_power(id, sign);
    }
  }
};

}  // namespace

std::size_t flat_size(const Graph& graph, Id id) {
  if (graph.op(id) == Op::scale) id = graph.arg(id, 0);
  if (graph.op(id) == Op::pow && graph.is_constant(graph.arg(id, 1), -1.0)) id = graph.arg(id, 0);
  if (graph.is_constant(id)) return 0;
  return graph.op(id) == Op::mul ? graph.args(id).size() : 1;
}

Id Builder::constant(double value) { return intern(Op::constant, {}, {value + 0.0, 1.0}); }

Id Builder::constant(Ratio value) {
  if (const auto decimal = as_decimal(value)) return constant(*decimal);
  return intern(Op::scale, std::array{constant(1.0)}, value);
}

Id Builder::scale(Ratio by, Id a) {
  if (by == Ratio{}) return a;
  if (by.num == 0.0) return constant(0.0);
  if (!product(by, {})) return multiply(std::array{Factor{constant(by), false}, Factor{a, false}});  // 1e-320
  if (graph_.is_constant(a))
    if (const auto value = product(by, graph_.ratio(a))) return constant(*value);
  if (graph_.op(a) == Op::scale)
    if (const auto both = product(by, graph_.ratio(a))) {
      const Id inner = graph_.arg(a, 0);
      if (graph_.is_constant(inner, 1.0)) return constant(*both);
      return *both == Ratio{} ? inner : intern(Op::scale, std::array{inner}, *both);
    }
  graph_.numbers_left = graph_.numbers_left || graph_.is_constant(a) || graph_.op(a) == Op::scale;
  return intern(Op::scale, std::array{a}, by);
}

Id Builder::add(std::span<const Id> terms) {
  struct Term {
    Ratio ratio;
    Id base;
  };
  std::vector<Term> collected;
  std::unordered_map<Id, std::size_t> where;
  const Id one = constant(1.0);
  std::size_t taken = 0;
  const auto take = [&](Id id) {
    ++taken;
    Term term{{}, id};
    if (graph_.is_constant(id)) {
      term = {graph_.ratio(id), one};
    } else if (graph_.op(id) == Op::scale) {
      term = {graph_.ratio(id), graph_.arg(id, 0)};
    }
    const auto [at, fresh] = where.try_emplace(term.base, collected.size());
    if (!fresh) {
      if (const auto both = sum(collected[at->second].ratio, term.ratio)) {
        collected[at->second].ratio = *both;
        return;
      }
    }
    collected.push_back(term);
  };
  for (const Id id : terms) {
    if (graph_.op(id) == Op::add) {
      for (std::size_t i = 0; i < graph_.args(id).size(); ++i) take(graph_.arg(id, i));
    } else {
      take(id);
    }
  }
  std::vector<Id> result;
  for (const Term& term : collected)
    if (term.ratio.num != 0.0) result.push_back(term.base == one ? constant(term.ratio) : scale(term.ratio, term.base));
  if (result.empty()) return constant(0.0);
  if (result.size() == 1) return result.front();
  // A number that could not be added when it came may go with what is left: 1/3 + 0.1 - 1/3 + 0.1.
  const bool was_refused = collected.size() > where.size();
  graph_.numbers_left = graph_.numbers_left || was_refused;
  // What is left of a scaled sum, z + 2*(x + y) - (x + y), is no sum within a sum.
  const bool opens = std::any_of(result.begin(), result.end(), [&](Id id) { return graph_.op(id) == Op::add; });
  if (opens || (was_refused && result.size() < taken)) return add(result);
  return intern(Op::add, result);
}

Id Builder::multiply(std::initializer_list<Id> factors) {
  std::vector<Factor> list;
  for (const Id id : factors) list.push_back({id, false});
  return multiply(list);
}

Id Builder::divide(Id a, Id b) { return multiply(std::array{Factor{a, false}, Factor{b, true}}); }

Id Builder::multiply(std::span<const Factor> factors) {
  std::size_t total = 0;
  for (const Factor& factor : factors) total += flat_size(graph_, factor.id);
  Product all{*this, graph_, total <= kMaxFlatFactors};
  for (const Factor& factor : factors) all.take(factor.id, factor.inverse);
  all.merged = all.merged || all.has_room();
  graph_.numbers_left = graph_.numbers_left || all.has_numbers();

  if (all.merged) {
    // What is left may fold or open up further; there are fewer factors each time.
    std::vector<Factor> fewer{{constant(all.coefficient.num), false}, {constant(all.coefficient.den), true}};
    for (const auto& [base, exponent] : all.entries)
      if (exponent != 0.0) fewer.push_back({power(base, constant(std::fabs(exponent))), exponent < 0.0});
    return multiply(fewer);
  }
  if (all.coefficient.num == 0.0) {
    // 0 times anything is 0, except that 0/0 as typed stays what it is.
    for (const Product::Entry& entry : all.entries)
      if (graph_.is_constant(entry.base, 0.0))
        return intern(Op::scale, std::array{intern(Op::pow, {entry.base, constant(-1.0)})}, {0.0, 1.0});
    return constant(0.0);
  }
  if (all.entries.empty()) return constant(all.coefficient);

  std::vector<Id> nodes;
  for (const auto& [base, exponent] : all.entries)
    nodes.push_back(exponent == 1.0 ? base : intern(Op::pow, {base, constant(exponent)}));
  const auto before = [&](Id a, Id b) { return order_.compare(graph_, a, b) < 0; };
  std::sort(nodes.begin(), nodes.end(), before);
  if (nodes.size() > kMaxFlatFactors) {
    // A product of products, so that the product rule stays cheap; each made as it would be if it were typed in
    // brackets.
    std::vector<Factor> groups{{constant(all.coefficient.num), false}, {constant(all.coefficient.den), true}};
    for (std::size_t i = 0; i < nodes.size(); i += kMaxFlatFactors) {
      std::vector<Factor> group;
      for (std::size_t k = i; k < std::min(i + kMaxFlatFactors, nodes.size()); ++k) group.push_back({nodes[k], false});
      groups.push_back({multiply(group), false});
    }
    return multiply(groups);
  }
  const Id node = nodes.size() == 1 ? nodes.front() : intern(Op::mul, nodes);
  return all.coefficient == Ratio{} ? node : intern(Op::scale, std::array{node}, all.coefficient);
}

Id Builder::power(Id base, Id exponent) {
  if (graph_.is_constant(exponent, 0.0) || graph_.is_constant(base, 1.0)) return constant(1.0);
  if (graph_.is_constant(exponent, 1.0)) return base;
  if (graph_.is_constant(exponent, 0.5)) return call(Op::sqrt, {base});
  if (graph_.op(base) == Op::e) return call(Op::exp, {exponent});
  if (const auto n = whole_exponent(graph_, exponent)) {
    if (graph_.is_constant(base, 0.0) && *n < 0.0) return intern(Op::pow, {base, constant(-1.0)});
    if (graph_.is_constant(base) && std::fabs(*n) <= 1100.0) {
      const auto value = exact_power(graph_.number(base), static_cast<int>(std::fabs(*n)));
      if (value && *n > 0.0) return constant(*value);
      if (value && *value != 0.0) return constant(*make_ratio(1.0, *value));
    }
    if (graph_.op(base) == Op::pow)
      if (const auto m = whole_exponent(graph_, graph_.arg(base, 1)); m && std::fabs(*m * *n) <= kMaxWholeExponent)
        return power(graph_.arg(base, 0), constant(*m * *n));
    if (*n == -1.0 && (graph_.op(base) == Op::mul || graph_.op(base) == Op::scale || graph_.is_constant(base)))
      return multiply(std::array{Factor{base, true}});
  }
  return intern(Op::pow, {base, exponent});
}

Id Builder::call(Op op, std::span<const Id> args) {
  if (op == Op::where) {
    if (graph_.is_constant(args[0])) return graph_.is_constant(args[0], 0.0) ? args[2] : args[1];
    return args[1] == args[2] ? args[1] : intern(op, args);
  }
  if (op == Op::min || op == Op::max) return choose_extreme(op, args);
  if (is_reduction(op)) return reduce(op, args[0]);
  if (is_comparison(op) && graph_.is_constant(args[0]) && graph_.is_constant(args[1]))
    return constant(compute(to_operation(op), graph_.number(args[0]), graph_.number(args[1]), 0.0));
  if (has_order(op) && graph_.is_constant(args[0])) {
    const bool bessel = op == Op::jn;
    if (graph_.is_constant(args[0], 0.0)) return apply(bessel ? Op::j0 : Op::digamma, args[1]);
    if (graph_.is_constant(args[0], 1.0)) return apply(bessel ? Op::j1 : Op::trigamma, args[1]);
  }
  return args.size() == 1 ? apply(op, args[0]) : intern(op, args);
}

/// One balanced tree for one list of arguments, however they were nested, so that n arguments are log n deep.
Id Builder::choose_extreme(Op op, std::span<const Id> args) {
  std::vector<Id> kept;
  std::unordered_map<Id, bool> seen;
  std::optional<std::size_t> number_at;  // of the one constant, if there is one
  std::vector<Id> pending(args.rbegin(), args.rend());
  while (!pending.empty()) {
    const Id id = pending.back();
    pending.pop_back();
    if (graph_.op(id) == op) {
      pending.push_back(graph_.arg(id, 1));
      pending.push_back(graph_.arg(id, 0));
    } else if (graph_.is_constant(id) && number_at) {
      const double a = graph_.number(kept[*number_at]), b = graph_.number(id);
      kept[*number_at] = constant(op == Op::min ? std::fmin(a, b) : std::fmax(a, b));
    } else if (seen.try_emplace(id, true).second) {
      if (graph_.is_constant(id)) number_at = kept.size();
      kept.push_back(id);
    }
  }
  const auto tree = [&](const auto& self, std::span<const Id> part) -> Id {
    if (part.size() == 1) return part.front();
    const std::size_t half = part.size() / 2;
    const Id left = self(self, part.first(half)), right = self(self, part.subspan(half));
    return intern(op, {left, right});
  };
  return tree(tree, kept);
}

Id Builder::reduce(Op op, Id arg) {
  if (op == Op::mean && !graph_.flags(arg).columns) return arg;
  if (graph_.op(arg) == Op::scale) return scale(graph_.ratio(arg), reduce(op, graph_.arg(arg, 0)));
  if (graph_.is_constant(arg) && !graph_.is_constant(arg, 1.0))
    return scale({graph_.number(arg), 1.0}, reduce(op, constant(1.0)));
  return intern(op, std::array{arg});
}

/// Only results that are exact: log(2) and sin(1) stay as they are, to be read.
Id Builder::apply(Op op, Id arg) {
  if (graph_.is_constant(arg)) {
    const double x = graph_.number(arg);
    if (op == Op::abs || op == Op::sign || op == Op::heaviside) return constant(compute(to_operation(op), x, 0.0, 0.0));
    if (op == Op::log && x == 1.0) return constant(0.0);
    if (op == Op::sqrt)
      if (const auto root = exact_root(x)) return constant(*root);
    if (x == 0.0 && !std::isnan(value_at_zero(op))) return constant(value_at_zero(op));
  }
  if (op == Op::log && graph_.op(arg) == Op::e) return constant(1.0);
  return intern(op, std::array{arg});
}

Id Builder::copy(const Graph& from, Id root) {
  std::vector<Id> copies(root + 1, 0);
  const auto used = reachable(from, std::span(&root, 1));
  for (Id id = 0; id <= root; ++id) {
    if (!used[id]) continue;
    if (from.op(id) == Op::variable) {
      copies[id] = variable(from.variables[from.index(id)]);
      continue;
    }
    std::vector<Id> args;
    for (const Id arg : from.args(id)) args.push_back(copies[arg]);
    copies[id] = intern(from.op(id), args, from.ratio(id), from.op(id) == Op::column ? from.index(id) : 0);
  }
  graph_.numbers_left = graph_.numbers_left || from.numbers_left;
  return copies[root];
}

}  // namespace descent::expr

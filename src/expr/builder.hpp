// Makes nodes: simplified, and each distinct one once.
#pragma once

#include <initializer_list>
#include <span>
#include <vector>

#include "src/expr/graph.hpp"

namespace descent::expr {

/// A product of more factors than this is not opened up into a larger one: nested products share their parts, and
/// derivatives of deep formulas stay linear in size.
inline constexpr std::size_t kMaxFlatFactors = 16;

/// Exponents that are whole numbers up to this are added up: x^2*x is x^3.
inline constexpr double kMaxWholeExponent = 1e6;

/// How many factors `id` becomes when its product is opened up.
[[nodiscard]] std::size_t flat_size(const Graph& graph, Id id);

struct Factor {
  Id id = 0;
  bool inverse = false;  ///< divide by it
};

class Builder {
 public:
  Builder() : Builder(Graph{}) {}
  /// Goes on with a copy of `graph`; its nodes keep their ids.
  explicit Builder(Graph graph);

  [[nodiscard]] const Graph& graph() const { return graph_; }
  [[nodiscard]] Graph take() { return std::move(graph_); }

  Id constant(double value);
  Id constant(Ratio value);
  Id variable(std::string_view name);  ///< the first time a name is used it gets the next index
  Id column(std::uint32_t index) { return intern(Op::column, {}, {}, index); }
  Id leaf(Op op) { return intern(op, {}); }  ///< pi, e

  Id add(std::span<const Id> terms);
  Id add(std::initializer_list<Id> terms) { return add(std::span(terms.begin(), terms.size())); }
  Id subtract(Id a, Id b) { return add({a, negate(b)}); }
  Id negate(Id a) { return scale({-1.0, 1.0}, a); }
  Id scale(Ratio by, Id a);
  Id multiply(std::span<const Factor> factors);
  Id multiply(std::initializer_list<Id> factors);
  Id divide(Id a, Id b);
  Id power(Id base, Id exponent);
  /// Every other operation with the arguments it takes: comparisons, where, min, max, sum, mean, functions.
  Id call(Op op, std::span<const Id> args);
  Id call(Op op, std::initializer_list<Id> args) { return call(op, std::span(args.begin(), args.size())); }

  /// The same nodes, not simplified again.
  Id copy(const Graph& from, Id root);

 private:
  Id intern(Op op, std::span<const Id> args, Ratio ratio = {}, std::uint32_t index = 0);
  Id intern(Op op, std::initializer_list<Id> args) { return intern(op, std::span(args.begin(), args.size())); }
  [[nodiscard]] std::size_t hash(Op op, std::span<const Id> args, Ratio ratio, std::uint32_t index) const;
  [[nodiscard]] bool equal(Id id, Op op, std::span<const Id> args, Ratio ratio, std::uint32_t index) const;
  void grow_table();
  Id choose_extreme(Op op, std::span<const Id> args);
  Id reduce(Op op, Id arg);
  Id apply(Op op, Id arg);

  Graph graph_;
  Order order_;
  std::vector<Id> table_;  // open addressing, a power of two, at most half full; kEmpty where there is none
};

}  // namespace descent::expr

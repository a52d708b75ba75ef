// The graph behind a Formula: a structure of arrays in which every argument has a smaller index than its user.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "src/expr/op.hpp"
#include "src/expr/ratio.hpp"

namespace descent::expr {

using Id = std::uint32_t;

/// What is known of a node without looking at its neighbours.
struct NodeFlags {
  bool variables = false;  ///< some variable is below
  bool columns = false;    ///< some column is below, outside of the sums and means that are below as well
  bool rows = false;       ///< this is a sum or mean, or one is below
};

class Graph {
 public:
  std::vector<std::string> variables;
  std::vector<std::string> columns;
  bool numbers_left = false;  ///< numbers stand side by side somewhere because one number cannot hold them

  [[nodiscard]] std::size_t size() const { return ops_.size(); }
  [[nodiscard]] Op op(Id id) const { return ops_[id]; }
  [[nodiscard]] std::span<const Id> args(Id id) const {
    if (count_[id] == 0) return {};  // first_ is then no place in args_
    return {args_.data() + first_[id], count_[id]};
  }
  [[nodiscard]] Id arg(Id id, std::size_t i) const { return args_[first_[id] + i]; }
  /// The value of a constant; the factor of a scale.
  [[nodiscard]] double number(Id id) const { return ratio_[id].num; }
  [[nodiscard]] Ratio ratio(Id id) const { return ratio_[id]; }
  /// Which variable or column.
  [[nodiscard]] std::uint32_t index(Id id) const { return first_[id]; }
  [[nodiscard]] NodeFlags flags(Id id) const { return flags_[id]; }
  [[nodiscard]] bool is_constant(Id id) const { return ops_[id] == Op::constant; }
  [[nodiscard]] bool is_constant(Id id, double value) const { return is_constant(id) && number(id) == value; }

  /// Appends without looking for an equal node; Builder does that.
  Id append(Op op, std::span<const Id> args, Ratio ratio, std::uint32_t index);

 private:
  std::vector<Op> ops_;
  std::vector<Ratio> ratio_;
  std::vector<std::uint32_t> first_;  // of the arguments in args_; the index of a variable or column
  std::vector<std::uint32_t> count_;
  std::vector<NodeFlags> flags_;
  std::vector<Id> args_;
};

/// reachable[id] for every node that one of `roots` is built from.
[[nodiscard]] std::vector<bool> reachable(const Graph& graph, std::span<const Id> roots);

/// A total order of nodes that depends on their structure alone: by class (numbers, variables, columns, functions,
/// sums), then variables by name, then base before exponent. Remembers pairs that it met on the way: nested 200 deep,
/// sin(sin(...)), its derivative would otherwise walk down 200 levels for each of half a million comparisons.
class Order {
 public:
  /// < 0, 0 (the same node) or > 0.
  int compare(const Graph& graph, Id a, Id b);

 private:
  std::unordered_map<std::uint64_t, std::int8_t> known_;
  std::vector<std::uint64_t> path_;
};

}  // namespace descent::expr

// The half of Builder that stores each distinct node once.
#include <algorithm>
#include <functional>
#include <limits>

#include "src/expr/builder.hpp"

namespace descent::expr {
namespace {

constexpr Id kEmpty = std::numeric_limits<Id>::max();

std::size_t mix(std::size_t seed, std::size_t value) {
  return (seed ^ value) * 0x9E3779B97F4A7C15ULL + ((seed ^ value) >> 29U);
}

}  // namespace

Builder::Builder(Graph graph) : graph_(std::move(graph)) { grow_table(); }

/// a + b and b + a are one node (with the order of the first), so the terms of a sum are hashed without their order.
std::size_t Builder::hash(Op op, std::span<const Id> args, Ratio ratio, std::uint32_t index) const {
  std::size_t seed = mix(static_cast<std::size_t>(op), index);
  seed = mix(seed, std::hash<double>{}(ratio.num));
  seed = mix(seed, std::hash<double>{}(ratio.den));
  if (op == Op::add) {
    std::size_t total = 0;
    for (const Id arg : args) total += mix(0, arg);
    return mix(seed, total);
  }
  for (const Id arg : args) seed = mix(seed, arg);
  return seed;
}

bool Builder::equal(Id id, Op op, std::span<const Id> args, Ratio ratio, std::uint32_t index) const {
  if (graph_.op(id) != op || graph_.ratio(id) != ratio) return false;
  if (op == Op::variable || op == Op::column) return graph_.index(id) == index;
  const auto have = graph_.args(id);
  if (op == Op::add) return std::is_permutation(have.begin(), have.end(), args.begin(), args.end());
  return std::equal(have.begin(), have.end(), args.begin(), args.end());
}

Id Builder::intern(Op op, std::span<const Id> args, Ratio ratio, std::uint32_t index) {
  std::size_t at = hash(op, args, ratio, index) & (table_.size() - 1);
  for (; table_[at] != kEmpty; at = (at + 1) & (table_.size() - 1))
    if (equal(table_[at], op, args, ratio, index)) return table_[at];
  const Id id = graph_.append(op, args, ratio, index);
  table_[at] = id;
  if (2 * graph_.size() > table_.size()) grow_table();
  return id;
}

void Builder::grow_table() {
  std::size_t size = 64;
  while (size < 4 * graph_.size()) size *= 2;
  table_.assign(size, kEmpty);
  for (Id id = 0; id < graph_.size(); ++id) {
    const bool leaf = graph_.op(id) == Op::variable || graph_.op(id) == Op::column;
    std::size_t at = hash(graph_.op(id), graph_.args(id), graph_.ratio(id), leaf ? graph_.index(id) : 0) & (size - 1);
    while (table_[at] != kEmpty) at = (at + 1) & (size - 1);
    table_[at] = id;
  }
}

Id Builder::variable(std::string_view name) {
  auto& names = graph_.variables;
  const auto at = std::find(names.begin(), names.end(), name);
  const auto index = static_cast<std::uint32_t>(at - names.begin());
  if (at == names.end()) names.emplace_back(name);
  return intern(Op::variable, {}, {}, index);
}

}  // namespace descent::expr

#include "src/optim/selection.hpp"

#include <utility>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"

namespace descent::rules {
namespace {

using Ranges = std::vector<std::pair<std::size_t, std::size_t>>;

/// Whole parts of the name, between its dots: `layer1` and `weights` are both layer1.weights.
bool is_called(const std::string& name, const std::string& wanted) {
  return ("." + name + ".").find("." + wanted + ".") != std::string::npos;
}

void add(Ranges& ranges, std::size_t begin, std::size_t end) {
  if (begin == end) return;
  if (!ranges.empty() && ranges.back().second == begin) {
    ranges.back().second = end;
  } else {
    ranges.emplace_back(begin, end);
  }
}

/// Marks the elements with this name; `link` is what asks for it.
void mark(std::string_view link, const std::string& wanted, const std::vector<ParameterBlock>& blocks,
          const std::function<std::string(std::size_t)>& parameter_name, std::vector<bool>& marked) {
  std::vector<std::string> names;
  bool found = false;
  std::size_t first = 0;
  for (const ParameterBlock& block : blocks) {
    if (is_called(block.name, wanted)) {
      found = true;
      std::fill_n(marked.begin() + static_cast<std::ptrdiff_t>(first), block.size(), true);
    }
    if (!block.name.empty()) names.push_back(block.name);
    first += block.size();
  }
  if (!found && parameter_name)
    for (std::size_t i = 0; i < marked.size(); ++i) {
      const std::string name = parameter_name(i);
      if (is_called(name, wanted)) found = marked[i] = true;
      if (names.size() < 20) names.push_back(name);
    }
  if (!found)
    throw Error(ErrorCode::usage,
                std::string(link) + ": no block or parameter is called " + quoted(wanted) +
                    (names.empty() ? "; none has a name here" : "; there are " + join(names)),
                "optimizer");
}

}  // namespace

Selection select(std::string_view rule, const std::vector<Restriction>& restrictions,
                 const std::vector<ParameterBlock>& blocks,
                 const std::function<std::string(std::size_t)>& parameter_name) {
  std::size_t n = 0;
  for (const ParameterBlock& block : blocks) n += block.size();
  std::vector<bool> left(n, true), marked(n);
  std::vector<std::string> said;
  for (const Restriction& restriction : restrictions) {
    marked.assign(n, false);
    const std::string_view link = rule == "freeze" ? rule : restriction.except ? "except" : "only";
    for (const std::string& name : restriction.names) mark(link, name, blocks, parameter_name, marked);
    for (std::size_t i = 0; i < n; ++i) left[i] = left[i] && marked[i] != restriction.except;
    said.push_back((restriction.except ? "except " : "only ") + join(restriction.names));
  }
  Selection selection;
  std::size_t first = 0;
  for (const ParameterBlock& block : blocks) {
    std::size_t count = 0;
    for (std::size_t i = first; i < first + block.size(); ++i)
      if (left[i]) {
        add(selection.ranges, i, i + 1);
        ++count;
      }
    if (count > 0 && count == block.size()) {
      selection.blocks.push_back(block);
    } else if (count > 0) {
      selection.blocks.push_back({.name = block.name, .rows = count, .columns = 1});  // no matrix any more
    }
    first += block.size();
  }
  for (const auto& [begin, end] : selection.ranges) {
    selection.offsets.push_back(selection.count);
    selection.count += end - begin;
  }
  if (selection.count == 0 && rule != "freeze")  // a block may be empty
    throw Error(ErrorCode::usage, std::string(rule) + ": there is no parameter left for it (" + join(said, "; ") + ")",
                "optimizer");
  return selection;
}

bool overlap(const Selection& a, const Selection& b) {
  std::size_t i = 0, j = 0;
  while (i < a.ranges.size() && j < b.ranges.size()) {
    const auto &left = a.ranges[i], &right = b.ranges[j];
    if (left.first < right.second && right.first < left.second) return true;
    left.second <= right.second ? ++i : ++j;
  }
  return false;
}

bool contains(const Selection& outer, const Selection& inner) {
  std::size_t i = 0;
  return std::all_of(inner.ranges.begin(), inner.ranges.end(), [&](const auto& range) {
    while (i < outer.ranges.size() && outer.ranges[i].second <= range.first) ++i;
    return i < outer.ranges.size() && outer.ranges[i].first <= range.first && range.second <= outer.ranges[i].second;
  });
}

}  // namespace descent::rules

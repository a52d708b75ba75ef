// The parameters that a restricted rule is for. It sees them side by side, as if there were no others.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "descent/optim/chain_state.hpp"

namespace descent::rules {

/// What all of `restrictions` leave, of parameters in these blocks. Names are those of blocks, else of parameters
/// (`parameter_name` may be empty). Throws: Error(usage) for a name that there is not, or if nothing is left.
[[nodiscard]] Selection select(std::string_view rule, const std::vector<Restriction>& restrictions,
                               const std::vector<ParameterBlock>& blocks,
                               const std::function<std::string(std::size_t)>& parameter_name);

[[nodiscard]] bool overlap(const Selection& a, const Selection& b);
/// True if every element of `inner` is one of `outer`.
[[nodiscard]] bool contains(const Selection& outer, const Selection& inner);

/// work(begin, end, at) for each run of selected elements within [first, first + count): begin and end among all, `at`
/// the place of the first in what the rule sees.
template <class Work>
void for_each_part(const Selection& selection, std::size_t first, std::size_t count, const Work& work) {
  const auto& ranges = selection.ranges;
  const auto start =
      std::partition_point(ranges.begin(), ranges.end(), [&](const auto& range) { return range.second <= first; });
  for (auto i = static_cast<std::size_t>(start - ranges.begin()); i < ranges.size(); ++i) {
    if (ranges[i].first >= first + count) return;
    const std::size_t begin = std::max(ranges[i].first, first), end = std::min(ranges[i].second, first + count);
    work(begin, end, selection.offsets[i] + (begin - ranges[i].first));
  }
}

template <class T>
void gather(const Selection& selection, std::span<const T> from, std::span<T> to) {
  for (std::size_t i = 0; i < selection.ranges.size(); ++i)
    std::copy(from.begin() + static_cast<std::ptrdiff_t>(selection.ranges[i].first),
              from.begin() + static_cast<std::ptrdiff_t>(selection.ranges[i].second),
              to.begin() + static_cast<std::ptrdiff_t>(selection.offsets[i]));
}
template <class T>
void scatter(const Selection& selection, std::span<const T> from, std::span<T> to) {
  for (std::size_t i = 0; i < selection.ranges.size(); ++i) {
    const auto& [begin, end] = selection.ranges[i];
    std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(selection.offsets[i]), end - begin,
                to.begin() + static_cast<std::ptrdiff_t>(begin));
  }
}

}  // namespace descent::rules

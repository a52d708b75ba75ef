// Levels of a text column: their codes, from texts or from numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace descent::data {

struct TextHash {
  using is_transparent = void;
  [[nodiscard]] std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

template <class Value>
using TextMap = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

/// More different texts than this in more than half of the rows are names of the rows, not categories; see
/// docs/design/data.md.
[[nodiscard]] inline bool looks_like_identifier(std::size_t num_levels, std::uint64_t rows) {
  constexpr std::size_t kFewLevels = 20;
  return num_levels > kFewLevels && 2 * num_levels > rows;
}

/// Code of each level: its place in the list.
class LevelIndex {
 public:
  LevelIndex() = default;
  explicit LevelIndex(const std::vector<std::string>& levels) {
    for (std::size_t code = 0; code < levels.size(); ++code) codes_.emplace(levels[code], code);
  }
  [[nodiscard]] std::optional<std::size_t> find(std::string_view level) const {
    const auto found = codes_.find(level);
    if (found == codes_.end()) return {};
    return found->second;
  }

 private:
  TextMap<std::size_t> codes_;
};

}  // namespace descent::data

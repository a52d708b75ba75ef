#include "src/expr/diagnostic.hpp"

#include <algorithm>
#include <vector>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"

namespace descent::expr {
namespace {

constexpr std::size_t kShown = 100;  ///< code points of a line that are shown at most
constexpr std::size_t kBefore = 60;  ///< of them before the caret, when the line is cut

/// The code points of a line, each as the bytes to show: control bytes as a space, what is no UTF-8 as '?'.
std::vector<std::string> code_points(std::string_view line) {
  std::vector<std::string> points;
  while (!line.empty()) {
    std::size_t length = 1;
    while (length < std::min<std::size_t>(4, line.size()) && !is_utf8(line.substr(0, length))) ++length;
    if (!is_utf8(line.substr(0, length))) {
      points.emplace_back("?");
      length = 1;
    } else if (length == 1 && (static_cast<unsigned char>(line[0]) < 0x20 || line[0] == 0x7F)) {
      points.emplace_back(" ");
    } else {
      points.emplace_back(line.substr(0, length));
    }
    line.remove_prefix(length);
  }
  return points;
}

}  // namespace

void refuse(std::string_view text, std::size_t at, const std::string& message) {
  at = std::min(at, text.size());
  const std::size_t newline = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  const std::size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
  const std::size_t end = std::min(text.find('\n', begin), text.size());
  const std::size_t column = code_points(text.substr(begin, at - begin)).size();

  Place place{.file = "formula", .column = column + 1};
  if (text.find('\n') != std::string_view::npos)
    place.line =
        1 + static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(begin), '\n'));

  const auto points = code_points(text.substr(begin, end - begin));
  std::size_t first = 0;
  if (points.size() > kShown && column > kBefore) first = std::min(column - kBefore, points.size() - kShown);
  const std::size_t last = std::min(points.size(), first + kShown);
  std::string shown = first > 0 ? "..." : "";
  const std::size_t indent = shown.size() + (column - first);
  for (std::size_t i = first; i < last; ++i) shown += points[i];
  if (last < points.size()) shown += "...";
  throw Error(ErrorCode::formula, message + "\n  " + shown + "\n  " + std::string(indent, ' ') + "^", place);
}

}  // namespace descent::expr

#include "cli/console.hpp"

#include <algorithm>

#include "descent/core/text.hpp"

namespace descent::cli {

std::size_t display_width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string counted(std::uint64_t count, const std::string& noun) {
  return count_text(static_cast<double>(count)) + " " + noun + (count == 1 ? "" : "s");
}

void print_pairs(std::ostream& out, const std::vector<std::pair<std::string, std::string>>& pairs, int indent) {
  std::size_t width = 0;
  for (const auto& pair : pairs) width = std::max(width, display_width(printable(pair.first)));
  for (const auto& [name, value] : pairs) {
    const std::string shown = printable(name);
    out << std::string(static_cast<std::size_t>(indent), ' ') << shown
        << std::string(width - display_width(shown) + 2, ' ') << printable(value) << '\n';
  }
}

void print_table(std::ostream& out, std::vector<std::vector<std::string>> rows, int indent) {
  std::vector<std::size_t> widths;
  for (auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()), 0);
    for (std::size_t j = 0; j < row.size(); ++j) {
      row[j] = printable(row[j]);
      widths[j] = std::max(widths[j], display_width(row[j]));
    }
  }
  for (const auto& row : rows) {
    std::string line(static_cast<std::size_t>(indent), ' ');
    for (std::size_t j = 0; j < row.size(); ++j) {
      const std::string pad(widths[j] - display_width(row[j]), ' ');
      line += j == 0 ? row[j] + pad : "  " + pad + row[j];
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << '\n';
  }
}

}  // namespace descent::cli

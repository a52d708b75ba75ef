// Where the command writes: results to `out`, progress and remarks to `err`.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "descent/core/stop_token.hpp"

namespace descent::cli {

struct Console {
  std::ostream& out;
  std::ostream& err;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  bool in_is_terminal = false;
  StopSource* stop = nullptr;   ///< set by Ctrl-C
  const int* signal = nullptr;  ///< the signal that came, 0 if none
};

/// Exit statuses that scripts rely on (DESIGN: Commands).
enum ExitStatus : int {
  kDone = 0,
  kBug = 1,
  kUsage = 2,
  kBadInput = 3,
  kFailed = 4,
  kSystem = 5,
  kOutOfMemory = 6,
  kInterrupted = 130,
  kTerminated = 143,
};

/// `1 row`, `2,000 rows`.
[[nodiscard]] std::string counted(std::uint64_t count, const std::string& noun);

/// Two columns, the first padded to one width.
void print_pairs(std::ostream& out, const std::vector<std::pair<std::string, std::string>>& pairs, int indent = 2);

/// A table with a header; columns right-aligned but the first.
void print_table(std::ostream& out, std::vector<std::vector<std::string>> rows, int indent = 2);

/// Columns of text on a terminal: code points, which is right for Latin and Greek letters.
[[nodiscard]] std::size_t display_width(const std::string& text);

}  // namespace descent::cli

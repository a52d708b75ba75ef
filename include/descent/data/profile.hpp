// A first look at a table: what `descent inspect` shows.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "descent/core/batch_source.hpp"

namespace descent::data {

struct ColumnProfile {
  std::string name;
  ColumnKind kind = ColumnKind::number;
  std::uint64_t num_missing = 0;
  double min = 0.0, max = 0.0, mean = 0.0,
         deviation = 0.0;        ///< of the present numbers; NaN when there are none (deviation: 1/n)
  std::uint64_t num_levels = 0;  ///< different texts, or kMaxLevels if there are more
  bool more_levels = false;
  /// A text column that holds numbers and a few other things; fit refuses it until that is settled.
  bool spoilt_numbers = false;
  /// What fit makes of it when nothing else is said: "a column for each of 3 levels", or what it refuses.
  std::string use;
  std::vector<std::pair<std::string, std::uint64_t>> common;  ///< the ten most frequent texts; equal counts by name
};

struct TableProfile {
  static constexpr std::uint64_t kMaxLevels = 10000;
  std::uint64_t rows = 0;
  std::vector<ColumnProfile> columns;
};

/// One pass over `source`, from the first row; leaves it rewound.
[[nodiscard]] TableProfile profile(BatchSource& source);

}  // namespace descent::data

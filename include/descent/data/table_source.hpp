// A BatchSource that has already looked at all of its rows, and remembers where a column stopped being numbers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "descent/core/batch_source.hpp"
#include "descent/core/error.hpp"

namespace descent::data {

/// What the pass over a whole column found.
struct ColumnFacts {
  std::uint64_t num_numbers = 0;
  std::uint64_t num_texts = 0;  ///< fields that are neither numbers nor missing
  std::uint64_t num_missing = 0;
  Place first_text;              ///< where the first of them stands; line 0 when there is none
  std::string first_text_value;  ///< what it says, cut to 80 bytes
  Place first_missing;

  [[nodiscard]] std::uint64_t num_rows() const { return num_numbers + num_texts + num_missing; }
  /// At least 9 of 10 present values are numbers, but not all: most likely a spoilt number, not a category.
  [[nodiscard]] bool nearly_numbers() const { return num_texts > 0 && num_numbers >= 9 * num_texts; }
};

class TableSource : public BatchSource {
 public:
  /// One for each column of schema().
  [[nodiscard]] virtual const std::vector<ColumnFacts>& facts() const = 0;
  [[nodiscard]] virtual std::uint64_t num_rows() const = 0;
};

/// `train.csv:812:3 'price': expected a number, got "n/a" (treat it as missing with --missing n/a)`.
[[nodiscard]] Error not_a_number_error(const Place& place, std::string_view got);

}  // namespace descent::data

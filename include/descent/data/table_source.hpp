// A BatchSource that has already looked at all of its rows, and remembers where a column stopped being numbers.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "descent/core/batch_source.hpp"
#include "descent/core/error.hpp"

namespace descent::data {

/// What the pass over a whole column found.
struct ColumnFacts {
  /// Different texts that are kept: a column spoilt by more kinds of them is rather a column of names.
  static constexpr std::size_t kMaxOddTexts = 3;

  std::uint64_t num_numbers = 0;
  std::uint64_t num_codes = 0;        ///< of those: written with zeros in front (007), as names are
  std::uint64_t num_texts = 0;        ///< fields that are neither numbers nor missing
  std::uint64_t num_odd_numbers = 0;  ///< of those: inf, 1e400, 1,5, $3, 20%: numbers, but not as they are read
  std::uint64_t num_missing = 0;
  std::uint64_t num_rounded = 0;  ///< whole numbers with more digits than a double holds: 9007199254740993
  Place first_rounded;
  Place first_text;              ///< where the first of them stands; line 0 when there is none
  std::string first_text_value;  ///< what it says, cut to 80 bytes
  Place first_missing;
  std::vector<std::string> odd_texts;  ///< the first kMaxOddTexts different ones, cut to 80 bytes
  bool more_odd_texts = false;

  [[nodiscard]] std::uint64_t num_rows() const { return num_numbers + num_texts + num_missing; }
  /// A column of numbers that something else has got into, not one of names: see docs/design/data.md, "Spoilt numbers".
  [[nodiscard]] bool spoilt_numbers() const;
  /// Adds what another part of the same column holds; places of this part come first.
  void add(const ColumnFacts& next);
  void add_text(std::string_view text);
  /// A number, as it is written.
  void add_number(std::string_view text, double value) {
    ++num_numbers;
    if (std::fabs(value) >= 0x1p53 && is_rounded(text, value)) ++num_rounded;
  }

 private:
  static bool is_rounded(std::string_view text, double value);
};

class TableSource : public BatchSource {
 public:
  /// One for each column of schema().
  [[nodiscard]] virtual const std::vector<ColumnFacts>& facts() const = 0;
  [[nodiscard]] virtual std::uint64_t num_rows() const = 0;
  /// How it was read: "separated by commas, names in the first row".
  [[nodiscard]] virtual std::string format() const { return {}; }
  /// Where the value in row `row` of the batch handed out last stands.
  [[nodiscard]] virtual Place place(std::size_t row, std::size_t column) const = 0;
  /// Hands `column` out as text from now on, whatever it holds. To be called before the first batch.
  virtual void read_as_text(std::size_t column) = 0;
  /// Lets go of the file and of buffers until rewind(): a table may be made of more files than a process may open.
  virtual void rest() {}
};

/// `train.csv:812:3 'price': expected a number, got "n/a" (treat it as missing with --missing n/a)`, and then
/// `otherwise`: what else can be done.
[[nodiscard]] Error not_a_number_error(const Place& place, std::string_view got, const std::string& otherwise = {});
/// The same for a column, naming all texts that stand in the way when they are few.
[[nodiscard]] Error not_a_number_error(const ColumnFacts& facts, const std::string& otherwise = {});

}  // namespace descent::data

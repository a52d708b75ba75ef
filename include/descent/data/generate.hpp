// The data sets that tutorials draw, from a seed.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "descent/core/registry.hpp"
#include "descent/data/draws.hpp"
#include "descent/data/memory_source.hpp"

namespace descent::data {

/// Rows of numbers, made one after the other; memory does not grow with their number, but see kMaxShuffledNumbers.
class RowGenerator {
 public:
  RowGenerator() = default;
  RowGenerator(const RowGenerator&) = delete;
  RowGenerator& operator=(const RowGenerator&) = delete;
  virtual ~RowGenerator() = default;

  /// Of the columns; the target, where there is one, is the last.
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  /// What the truth was: "coefficients 41.2, 0, 87.1".
  [[nodiscard]] const std::vector<std::string>& remarks() const { return remarks_; }
  [[nodiscard]] std::uint64_t rows() const { return rows_; }
  /// Fills `row`, a value for each name, with the next row. To be called rows() times at most.
  virtual void next(std::span<double> row) = 0;

 protected:
  std::vector<std::string> names_, remarks_;
  std::uint64_t rows_ = 0;
};

/// The streams of numpy and Python put rows in random order as those do, in memory: 2 GB. Our own needs none.
inline constexpr std::uint64_t kMaxShuffledNumbers = 250'000'000;

struct GenerateOptions {
  std::uint64_t rows = 100;  ///< >= 1
  std::uint64_t seed = 0;
  DrawStream stream = DrawStream::descent;
};

using Generator = std::function<std::unique_ptr<RowGenerator>(const BoundArguments&, const GenerateOptions&)>;

/// line, blobs, regression, normal.
[[nodiscard]] const Registry<Generator>& generator_registry();

/// `call`: `line`, `blobs(centers=4, spread=0.5)`. Throws: Error(usage).
[[nodiscard]] std::unique_ptr<RowGenerator> open_generator(const Call& call, const GenerateOptions& options);

/// All rows, column by column.
struct GeneratedTable {
  std::vector<std::string> names;
  std::vector<std::vector<double>> columns;  // shape = [columns][rows]
  std::vector<std::string> remarks;
};

[[nodiscard]] GeneratedTable generate(const Call& call, const GenerateOptions& options);

/// "descent", "numpy", "python". Throws: Error(usage).
[[nodiscard]] DrawStream parse_draw_stream(std::string_view text);

/// The table as a csv file with a header, numbers in shortest round-trip form.
[[nodiscard]] std::string to_csv(const GeneratedTable& table);

[[nodiscard]] MemorySource to_source(const GeneratedTable& table);

}  // namespace descent::data

// The data sets that tutorials draw, from a seed.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "descent/core/registry.hpp"
#include "descent/data/draws.hpp"
#include "descent/data/memory_source.hpp"

namespace descent::data {

/// Number columns with names; the target, where there is one, is the last.
struct GeneratedTable {
  std::vector<std::string> names;
  std::vector<std::vector<double>> columns;  // shape = [columns][rows]
  std::vector<std::string> remarks;          ///< what the truth was: "coefficients 41.2, 0, 87.1"
};

using Generator = std::function<GeneratedTable(const BoundArguments&, std::size_t rows, Draws&)>;

/// line, blobs, regression, normal.
[[nodiscard]] const Registry<Generator>& generator_registry();

struct GenerateOptions {
  std::size_t rows = 100;  ///< >= 1
  std::uint64_t seed = 0;
  DrawStream stream = DrawStream::descent;
};

/// `call`: `line`, `blobs(centers=4, spread=0.5)`. Throws: Error(usage).
[[nodiscard]] GeneratedTable generate(const Call& call, const GenerateOptions& options);

/// "descent", "numpy", "python". Throws: Error(usage).
[[nodiscard]] DrawStream parse_draw_stream(std::string_view text);

/// The table as a csv file with a header, numbers in shortest round-trip form.
[[nodiscard]] std::string to_csv(const GeneratedTable& table);

[[nodiscard]] MemorySource to_source(const GeneratedTable& table);

}  // namespace descent::data

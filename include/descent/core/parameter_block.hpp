// What belongs together in a vector of parameters: the seam between objectives that have matrices and rules for them.
#pragma once

#include <cstddef>
#include <string>

namespace descent {

/// Parameters that belong together, in the order of the vector: a layer's matrix, an intercept. Rules that look at
/// rows, columns or norms (adafactor, lamb, muon, ...) see each block for itself.
struct ParameterBlock {
  std::string name;
  std::size_t rows = 1;
  std::size_t columns = 1;  ///< elements stand row by row; 1 column = a vector

  [[nodiscard]] std::size_t size() const { return rows * columns; }
};

}  // namespace descent

// What the columns of a table are.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace descent {

enum class ColumnKind {
  number,  ///< doubles; NaN = missing
  text,    ///< strings; an empty one = missing
};

enum class ColumnRole { feature, target, weight, ignored };

struct ColumnSchema {
  std::string name;
  ColumnKind kind = ColumnKind::number;
  ColumnRole role = ColumnRole::feature;
  /// For a number column that holds codes 0..k-1: what code c stands for (class names of a target). Empty otherwise.
  std::vector<std::string> levels{};
};

/// Columns in order. `num_sparse` > 0 says that the rows also carry sparse features 0..num_sparse-1 (Batch::sparse).
struct Schema {
  std::vector<ColumnSchema> columns;
  std::size_t num_sparse = 0;

  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const;
  [[nodiscard]] std::vector<std::size_t> with_role(ColumnRole role) const;
  [[nodiscard]] std::vector<std::string> names() const;
};

}  // namespace descent

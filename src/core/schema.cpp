#include "descent/core/schema.hpp"

namespace descent {

std::optional<std::size_t> Schema::find(std::string_view name) const {
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (columns[i].name == name) return i;
  return {};
}

std::vector<std::size_t> Schema::with_role(ColumnRole role) const {
  std::vector<std::size_t> indices;
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (columns[i].role == role) indices.push_back(i);
  return indices;
}

std::vector<std::string> Schema::names() const {
  std::vector<std::string> result;
  result.reserve(columns.size());
  for (const ColumnSchema& column : columns) result.push_back(column.name);
  return result;
}

}  // namespace descent

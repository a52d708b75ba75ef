// Small number tables for the tests of this module, which knows no csv reader.
#pragma once

#include <cmath>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "descent/linear/dense_rows.hpp"
#include "descent/linear/linear_model.hpp"

namespace descent::linear {

struct NumberTable {
  std::vector<std::string> names;
  std::vector<std::vector<double>> rows;
};

/// A csv file of numbers under DESCENT_SOURCE_DIR; texts become codes in order of first appearance.
inline NumberTable read_table(const std::string& path) {
  std::ifstream file(std::string(DESCENT_SOURCE_DIR) + "/" + path);
  if (!file) throw std::runtime_error("cannot open " + path);
  NumberTable table;
  std::string line, cell;
  std::getline(file, line);
  for (std::istringstream cells(line); std::getline(cells, cell, ',');) table.names.push_back(cell);
  std::vector<std::string> texts;
  while (std::getline(file, line)) {
    std::vector<double> row;
    for (std::istringstream cells(line); std::getline(cells, cell, ',');) {
      char* end = nullptr;
      double value = std::strtod(cell.c_str(), &end);
      if (end == cell.c_str()) {
        std::size_t k = 0;
        while (k < texts.size() && texts[k] != cell) ++k;
        if (k == texts.size()) texts.push_back(cell);
        value = static_cast<double>(k);
      }
      row.push_back(value);
    }
    table.rows.push_back(row);
  }
  return table;
}

/// The rows of a small in-memory table as a learner reads them; weights when not empty.
class TableRows final : public BatchSource {
 public:
  TableRows(Schema schema, std::vector<std::vector<double>> rows)
      : schema_(std::move(schema)), rows_(std::move(rows)) {}
  [[nodiscard]] const Schema& schema() const override { return schema_; }
  bool next(Batch& batch) override {
    batch.columns.assign(schema_.columns.size(), {});
    batch.first_row = at_;
    batch.num_rows = std::min<std::size_t>(kRows, rows_.size() - at_);
    for (std::size_t i = 0; i < batch.num_rows; ++i)
      for (std::size_t j = 0; j < batch.columns.size(); ++j) batch.columns[j].numbers.push_back(rows_[at_ + i][j]);
    at_ += batch.num_rows;
    return batch.num_rows > 0;
  }
  void rewind() override { at_ = 0; }
  [[nodiscard]] std::string name() const override { return "table"; }

 private:
  static constexpr std::size_t kRows = 1000;  // of a batch: not a multiple of a block
  Schema schema_;
  std::vector<std::vector<double>> rows_;
  std::size_t at_ = 0;
};

/// Columns as features, the one called `target` as target; `only` keeps one feature.
inline DenseRows rows_of(const NumberTable& table, const std::string& target, const std::string& only = {},
                         std::vector<std::string> levels = {}) {
  Schema schema;
  for (const std::string& name : table.names) {
    ColumnSchema column{.name = name};
    if (name == target) {
      column.role = ColumnRole::target;
      column.levels = levels;
    } else if (!only.empty() && name != only) {
      column.role = ColumnRole::ignored;
    }
    schema.columns.push_back(column);
  }
  TableRows source(schema, table.rows);
  return DenseRows::read(source);
}

}  // namespace descent::linear

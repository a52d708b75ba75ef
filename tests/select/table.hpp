// A small source for the tests: one feature, one text column, a target, and one sparse feature a row if wanted.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "descent/core/batch_source.hpp"

namespace descent::select {

class Table final : public BatchSource {
 public:
  Table(std::vector<double> x, std::vector<double> y, std::size_t batch_rows, std::vector<std::string> levels = {})
      : x_(std::move(x)), y_(std::move(y)), batch_rows_(batch_rows) {
    schema_.columns = {{.name = "x"},
                       {.name = "note", .kind = ColumnKind::text, .role = ColumnRole::ignored},
                       {.name = "y", .role = ColumnRole::target, .levels = std::move(levels)}};
  }
  void add_sparse() { schema_.num_sparse = 1000; }

  [[nodiscard]] const Schema& schema() const override { return schema_; }
  [[nodiscard]] std::string name() const override { return "table"; }
  void rewind() override {
    position_ = 0;
    ++num_passes;
  }
  bool next(Batch& batch) override {
    const std::size_t n = std::min(batch_rows_, x_.size() - position_);
    batch = {};
    batch.first_row = position_;
    batch.num_rows = n;
    batch.columns.resize(3);
    if (schema_.num_sparse > 0) batch.sparse.begin.push_back(0);
    for (std::size_t i = position_; i < position_ + n; ++i) {
      batch.columns[0].numbers.push_back(x_[i]);
      batch.columns[1].text.push_back("row " + std::to_string(i));
      batch.columns[2].numbers.push_back(y_[i]);
      if (schema_.num_sparse == 0) continue;
      for (std::size_t e = 0; e < i % 3; ++e) {  // 0, 1 or 2 entries
        batch.sparse.index.push_back(static_cast<std::uint32_t>(i + e));
        batch.sparse.value.push_back(static_cast<double>(i));
      }
      batch.sparse.begin.push_back(batch.sparse.index.size());
    }
    position_ += n;
    return n > 0;
  }

  int num_passes = 0;

 private:
  Schema schema_;
  std::vector<double> x_, y_;
  std::size_t batch_rows_;
  std::size_t position_ = 0;
};

}  // namespace descent::select

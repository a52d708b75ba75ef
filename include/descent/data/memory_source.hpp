// A table that lies in memory.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "descent/core/batch_source.hpp"

namespace descent::data {

/// Rows of columns given whole.
class MemorySource final : public BatchSource {
 public:
  /// `columns`: one for each of `schema`, all of the same length. Throws: Error(usage) when they do not fit together.
  MemorySource(Schema schema, std::vector<BatchColumn> columns, std::string name = "memory",
               std::size_t batch_rows = 4096);

  [[nodiscard]] const Schema& schema() const override { return schema_; }
  bool next(Batch& batch) override;
  void rewind() override { position_ = 0; }
  [[nodiscard]] std::string name() const override { return name_; }
  [[nodiscard]] double progress() const override;
  [[nodiscard]] std::size_t num_rows() const { return num_rows_; }

 private:
  Schema schema_;
  std::vector<BatchColumn> columns_;
  std::string name_;
  std::size_t batch_rows_;
  std::size_t num_rows_ = 0;
  std::size_t position_ = 0;
};

/// Number columns by name, the last one the target: what tests and examples want.
[[nodiscard]] MemorySource number_table(std::vector<std::string> names, std::vector<std::vector<double>> columns);

/// All rows of `source`, from the first, as one batch.
[[nodiscard]] Batch read_all(BatchSource& source);

}  // namespace descent::data

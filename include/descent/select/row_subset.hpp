// Some rows of another source, as a source.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "descent/core/batch_source.hpp"

namespace descent::select {

/// The rows whose numbers are given, renumbered from 0. Reads the other source in one pass and copies what is kept.
class RowSubset final : public BatchSource {
 public:
  /// `rows` must rise; `source` must outlive this. Throws: Error(usage) otherwise; later, when the source ends before
  /// the last of them.
  RowSubset(BatchSource& source, std::vector<std::uint32_t> rows, std::string part = "subset");

  [[nodiscard]] const Schema& schema() const override { return source_.schema(); }
  bool next(Batch& batch) override;
  void rewind() override;
  [[nodiscard]] std::string name() const override { return source_.name() + " (" + part_ + ")"; }
  [[nodiscard]] double progress() const override { return source_.progress(); }
  [[nodiscard]] std::size_t num_rows() const { return rows_.size(); }

 private:
  BatchSource& source_;
  std::vector<std::uint32_t> rows_;
  std::string part_;
  std::size_t position_ = 0;  // of the next row in rows_
  Batch read_;
};

}  // namespace descent::select

#include "descent/linear/dense_rows.hpp"

#include <algorithm>
#include <cmath>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/parallel/reduce.hpp"

namespace descent::linear {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{2} << 20;  // one huge page

std::size_t piece_rows(std::size_t features) {
  const std::size_t row_bytes = std::max<std::size_t>(features, 1) * sizeof(double);
  const std::size_t blocks = std::max<std::size_t>(kPieceBytes / (row_bytes * parallel::kRowsPerBlock), 1);
  return blocks * parallel::kRowsPerBlock;
}

[[noreturn]] void refuse(const BatchSource& source, std::uint64_t row, const std::string& column, double value,
                         const char* expected) {
  const std::string got = std::isnan(value) ? "a missing value" : number_text(value);
  throw Error(ErrorCode::data,
              std::string("row ") + std::to_string(row + 1) + ": expected " + expected + ", got " + got,
              Place{.file = source.name(), .name = column});
}

}  // namespace

DenseRows::DenseRows(std::size_t num_features)
    : num_features_(num_features), rows_per_piece_(piece_rows(num_features)) {
  for (std::size_t j = 0; j < num_features; ++j) feature_names_.push_back("x" + std::to_string(j));
}

void DenseRows::grow() {
  // 16 elements more than the rows need: a kernel may read past the end of the last one.
  pieces_.emplace_back(rows_per_piece_ * num_features_ + kVectorPadding);
}

void DenseRows::append(View row, double target, double weight) {
  if (num_rows_ == pieces_.size() * rows_per_piece_) grow();
  std::copy(row.begin(), row.end(), mutable_row(num_rows_));
  targets_.push_back(target);
  if (weight != 1.0 && weights_.empty()) weights_.assign(num_rows_, 1.0);
  if (weight != 1.0 || !weights_.empty()) weights_.push_back(weight);
  ++num_rows_;
  has_target_ = true;
}

void DenseRows::set_weights(std::vector<double> weights) {
  if (!weights.empty() && weights.size() != num_rows_)
    throw Error(ErrorCode::internal,
                "expected " + std::to_string(num_rows_) + " weights, got " + std::to_string(weights.size()));
  weights_ = std::move(weights);
}

DenseRows DenseRows::read(BatchSource& source) {
  const Schema& schema = source.schema();
  if (schema.num_sparse > 0)
    throw Error(ErrorCode::usage, "sparse features are not read by this learner yet", source.name());
  const std::vector<std::size_t> features = schema.with_role(ColumnRole::feature);
  const std::vector<std::size_t> targets = schema.with_role(ColumnRole::target);
  const std::vector<std::size_t> weights = schema.with_role(ColumnRole::weight);
  if (targets.size() > 1) throw Error(ErrorCode::usage, "more than one target column", source.name());
  if (weights.size() > 1) throw Error(ErrorCode::usage, "more than one weight column", source.name());

  DenseRows rows(features.size());
  rows.feature_names_.clear();
  for (const std::size_t j : features) {
    if (schema.columns[j].kind != ColumnKind::number)
      throw Error(ErrorCode::data, "expected an encoded column of numbers, got text",
                  Place{.file = source.name(), .name = schema.columns[j].name});
    rows.feature_names_.push_back(schema.columns[j].name);
  }
  if (!targets.empty()) {
    rows.has_target_ = true;
    rows.target_name_ = schema.columns[targets[0]].name;
    rows.levels_ = schema.columns[targets[0]].levels;
  }

  Batch batch;
  while (source.next(batch)) {
    std::size_t done = 0;
    while (done < batch.num_rows) {
      if (rows.num_rows_ == rows.pieces_.size() * rows.rows_per_piece_) rows.grow();
      const std::size_t room = rows.pieces_.size() * rows.rows_per_piece_ - rows.num_rows_;
      const std::size_t count = std::min(room, batch.num_rows - done);
      double* base = rows.mutable_row(rows.num_rows_);
      const std::size_t stride = features.size();
      for (std::size_t j = 0; j < stride; ++j) {
        const double* column = batch.columns[features[j]].numbers.data() + done;
        double fault = 0.0;  // x * 0 is 0 exactly for finite x: one test for the whole column
        for (std::size_t i = 0; i < count; ++i) {
          base[i * stride + j] = column[i];
          fault += column[i] * 0.0;
        }
        if (fault != 0.0 || std::isnan(fault))
          for (std::size_t i = 0; i < count; ++i)
            if (!std::isfinite(column[i]))
              refuse(source, batch.first_row + done + i, rows.feature_names_[j], column[i], "a finite number");
      }
      rows.num_rows_ += count;
      done += count;
    }
    if (!targets.empty()) {
      const std::vector<double>& values = batch.columns[targets[0]].numbers;
      for (std::size_t i = 0; i < batch.num_rows; ++i)
        if (!std::isfinite(values[i]))
          refuse(source, batch.first_row + i, rows.target_name_, values[i], "a finite number");
      rows.targets_.insert(rows.targets_.end(), values.begin(),
                           values.begin() + static_cast<std::ptrdiff_t>(batch.num_rows));
    }
    if (!weights.empty()) {
      const std::vector<double>& values = batch.columns[weights[0]].numbers;
      for (std::size_t i = 0; i < batch.num_rows; ++i)
        if (!std::isfinite(values[i]) || values[i] < 0.0)
          refuse(source, batch.first_row + i, schema.columns[weights[0]].name, values[i], "a weight >= 0");
      rows.weights_.insert(rows.weights_.end(), values.begin(),
                           values.begin() + static_cast<std::ptrdiff_t>(batch.num_rows));
    }
  }
  if (rows.num_rows_ == 0) throw Error(ErrorCode::data, "no rows", source.name());
  if (!rows.weights_.empty() &&
      std::all_of(rows.weights_.begin(), rows.weights_.end(), [](double w) { return w == 0.0; }))
    throw Error(ErrorCode::data, "all weights are 0",
                Place{.file = source.name(), .name = schema.columns[weights[0]].name});
  if (targets.empty()) rows.targets_.assign(rows.num_rows_, 0.0);
  return rows;
}

DenseRows DenseRows::split_off(std::span<const std::uint32_t> chosen) {
  DenseRows other(num_features_);
  other.feature_names_ = feature_names_;
  other.target_name_ = target_name_;
  other.levels_ = levels_;
  const bool weighted = !weights_.empty();
  std::size_t next = 0;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < num_rows_; ++i) {
    if (next < chosen.size() && chosen[next] == i) {
      ++next;
      other.append({row(i), num_features_}, targets_[i], weighted ? weights_[i] : 1.0);
      continue;
    }
    if (kept != i) {
      std::copy_n(row(i), num_features_, mutable_row(kept));
      targets_[kept] = targets_[i];
      if (weighted) weights_[kept] = weights_[i];
    }
    ++kept;
  }
  other.has_target_ = has_target_;
  num_rows_ = kept;
  targets_.resize(kept);
  if (weighted) weights_.resize(kept);
  pieces_.resize((kept + rows_per_piece_ - 1) / rows_per_piece_);
  return other;
}

}  // namespace descent::linear

// What a run did, one row per update: row k holds the values *before* update k.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "descent/core/span.hpp"

namespace descent {

/// One update about to be made.
struct StepInfo {
  std::uint64_t step = 0;   ///< updates made so far; k for row k
  std::uint64_t epoch = 0;  ///< whole passes over the rows made so far
  double seconds = 0.0;     ///< since the start
  double objective = 0.0;   ///< loss + penalty at x
  double loss = 0.0;
  double penalty = 0.0;
  double gradient_norm = 0.0;  ///< max_i |g_i| at x
  double step_norm = 0.0;      ///< ||dx||_2 of the update that led to x; 0 in row 0
  double learning_rate = 0.0;  ///< of the update about to be made
  View x;                      ///< before the update; valid during the call only
  /// Everything else that a schedule gives for this update, and the rates of groups that have one each: names such as
  /// `adam.beta1`, the same in every call, and what is in force. Valid during the call only.
  std::span<const std::string> value_names{};
  View values{};
};

/// Called with every row; returning false asks the run to stop (status interrupted).
using Observer = std::function<bool(const StepInfo&)>;

/// A recorded run: the columns of the trace file, and the path of the parameters when there are at most 32.
class Trace {
 public:
  static constexpr std::size_t kMaxParameters = 32;

  struct Row {
    std::uint64_t step = 0, epoch = 0;
    double seconds = 0, objective = 0, loss = 0, penalty = 0, gradient_norm = 0, step_norm = 0, learning_rate = 0;
  };

  /// `every` >= 1: rows whose step is a multiple of it are kept (and row 0 always).
  /// `max_rows`: 0 = all of them; else, at least 64, memory does not grow with the run. The first and the last eighth
  /// of `max_rows` are then kept as they are, and of the steps between them the lowest objective, the highest (or the
  /// first that is not finite) and the largest gradient of each of equally long stretches, which double when they
  /// become too many. A run of up to max_rows rows is kept whole.
  explicit Trace(std::vector<std::string> parameter_names = {}, std::uint64_t every = 1, std::size_t max_rows = 0);

  /// An observer that records into this object, which must outlive the run.
  [[nodiscard]] Observer recorder();
  void record(const StepInfo& info);

  [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }
  /// Rows that were recorded, kept or not.
  [[nodiscard]] std::uint64_t num_recorded() const { return num_recorded_; }
  /// True when `row` and the `count` rows before it follow each other in the run: none was thinned out between them.
  [[nodiscard]] bool unbroken(std::size_t row, std::size_t count) const;
  /// The first row kept of those at `step` or later; the last row if there is none. There must be rows.
  [[nodiscard]] std::size_t row_at(std::uint64_t step) const;
  /// Parameters at row k; empty when there are more than kMaxParameters.
  [[nodiscard]] View parameters(std::size_t row) const;
  [[nodiscard]] std::size_t num_parameters() const { return num_parameters_; }
  [[nodiscard]] const std::vector<std::string>& parameter_names() const { return names_; }

 private:
  void thin();
  [[nodiscard]] std::vector<std::size_t> select() const;

  std::vector<std::string> names_;
  std::uint64_t every_;
  std::size_t max_rows_;
  std::size_t num_parameters_ = 0;
  std::uint64_t num_recorded_ = 0;
  std::uint64_t stretch_ = 1;  ///< steps of which three rows are kept
  std::vector<Row> rows_;
  std::vector<double> path_;  // shape = [rows x num_parameters]
};

/// The columns' names of a trace file: those of every run, scheduled values (StepInfo::value_names), parameters last:
/// bare, or `param:NAME` where that collides with another column.
[[nodiscard]] std::vector<std::string> trace_columns(const std::vector<std::string>& parameter_names,
                                                     std::span<const std::string> value_names = {});

}  // namespace descent

// What a run did, one row per update: row k holds the values *before* update k.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <limits>
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
  explicit Trace(std::vector<std::string> parameter_names = {}, std::uint64_t every = 1);

  /// An observer that records into this object, which must outlive the run.
  [[nodiscard]] Observer recorder();
  void record(const StepInfo& info);

  [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }
  /// Parameters at row k; empty when there are more than kMaxParameters.
  [[nodiscard]] View parameters(std::size_t row) const;
  [[nodiscard]] std::size_t num_parameters() const { return num_parameters_; }
  [[nodiscard]] const std::vector<std::string>& parameter_names() const { return names_; }

 private:
  std::vector<std::string> names_;
  std::uint64_t every_;
  std::size_t num_parameters_ = 0;
  std::vector<Row> rows_;
  std::vector<double> path_;  // shape = [rows x num_parameters]
};

/// The columns' names, parameters last: bare, or `param:NAME` where that collides with another column.
[[nodiscard]] std::vector<std::string> column_names(const Trace& trace);

/// One row as the fields of column_names(), numbers in shortest round-trip form, not-finite ones as `nan`, `inf`.
[[nodiscard]] std::vector<std::string> row_fields(const Trace& trace, std::size_t row);

}  // namespace descent

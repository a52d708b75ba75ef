#include "cli/trace_file.hpp"

#include <cmath>
#include <utility>

#include <nlohmann/json.hpp>

#include "descent/core/text.hpp"
#include "descent/data/csv.hpp"

namespace descent::cli {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{1} << 18U;

}  // namespace

TraceFile::TraceFile(const std::string& path, std::vector<std::string> parameter_names, std::uint64_t every)
    : file_(path),
      unfinished_(file_.temporary()),
      names_(std::move(parameter_names)),
      every_(every),
      json_(path.ends_with(".jsonl")) {
  buffer_.reserve(kBufferBytes + 4096);
}

/// Column names: as many parameters as the run has, none when there are more than a trace keeps.
void TraceFile::begin(std::size_t num_parameters, std::span<const std::string> value_names) {
  begun_ = true;
  num_parameters_ = num_parameters <= Trace::kMaxParameters ? num_parameters : 0;
  for (std::size_t i = names_.size(); i < num_parameters_; ++i) names_.push_back("x" + std::to_string(i));
  names_.resize(num_parameters_);
  const std::vector<std::string> columns = trace_columns(names_, value_names);
  if (!json_) buffer_ += data::csv_line(columns);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string separator = i == 0 ? "" : ",";
    keys_.push_back(json_ ? (i == 0 ? "{" : ",") + nlohmann::json(columns[i]).dump() + ":" : separator);
  }
}

void TraceFile::write(const StepInfo& info) {
  if (info.step % every_ != 0) return;
  if (!begun_) begin(info.x.size(), info.value_names);
  std::size_t column = 0;
  const auto add = [&](double value) {
    buffer_ += keys_[column++];
    if (json_ && !std::isfinite(value)) {
      buffer_ += "null";
    } else {
      append_number(buffer_, value);
    }
  };
  buffer_ += keys_[column++];
  buffer_ += std::to_string(info.step);
  buffer_ += keys_[column++];
  buffer_ += std::to_string(info.epoch);
  for (const double value :
       {info.seconds, info.objective, info.loss, info.penalty, info.gradient_norm, info.step_norm, info.learning_rate})
    add(value);
  for (const double value : info.values) add(value);
  for (std::size_t i = 0; i < num_parameters_; ++i) add(info.x[i]);
  buffer_ += json_ ? "}\n" : "\n";
  if (buffer_.size() < kBufferBytes) return;
  file_.write(buffer_);
  buffer_.clear();
}

void TraceFile::commit() {
  if (!begun_) begin(names_.size(), {});
  file_.write(buffer_);
  file_.commit();
}

}  // namespace descent::cli

#include "descent/core/trace.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"

namespace descent {
namespace {

constexpr std::array kColumns = {"step",    "epoch",         "seconds",   "objective",    "loss",
                                 "penalty", "gradient_norm", "step_norm", "learning_rate"};

}  // namespace

Trace::Trace(std::vector<std::string> parameter_names, std::uint64_t every)
    : names_(std::move(parameter_names)), every_(every) {
  if (every == 0) throw Error(ErrorCode::usage, "expected at least 1, got 0", "trace_every");
}

Observer Trace::recorder() {
  return [this](const StepInfo& info) {
    record(info);
    return true;
  };
}

void Trace::record(const StepInfo& info) {
  if (info.step % every_ != 0) return;
  if (rows_.empty()) {
    num_parameters_ = info.x.size() <= kMaxParameters ? info.x.size() : 0;
    for (std::size_t i = names_.size(); i < num_parameters_; ++i) names_.push_back("x" + std::to_string(i));
    names_.resize(num_parameters_);
  }
  if (num_parameters_ > 0 && info.x.size() != num_parameters_)
    throw Error(ErrorCode::usage,
                "a trace holds one run: expected " + std::to_string(num_parameters_) + " parameters, got " +
                    std::to_string(info.x.size()),
                "trace");
  rows_.push_back({info.step, info.epoch, info.seconds, info.objective, info.loss, info.penalty, info.gradient_norm,
                   info.step_norm, info.learning_rate});
  path_.insert(path_.end(), info.x.begin(), info.x.begin() + static_cast<std::ptrdiff_t>(num_parameters_));
}

View Trace::parameters(std::size_t row) const { return View(path_).subspan(row * num_parameters_, num_parameters_); }

std::vector<std::string> column_names(const Trace& trace) {
  std::vector<std::string> names(kColumns.begin(), kColumns.end());
  for (const std::string& name : trace.parameter_names()) {
    const bool collides = std::find(kColumns.begin(), kColumns.end(), name) != kColumns.end();
    names.push_back(collides ? "param:" + name : name);
  }
  return names;
}

std::vector<std::string> row_fields(const Trace& trace, std::size_t row) {
  const Trace::Row& r = trace.rows()[row];
  std::vector<std::string> fields = {std::to_string(r.step), std::to_string(r.epoch)};
  for (const double value : {r.seconds, r.objective, r.loss, r.penalty, r.gradient_norm, r.step_norm, r.learning_rate})
    fields.push_back(number_text(value));
  for (const double value : trace.parameters(row)) fields.push_back(number_text(value));
  return fields;
}

}  // namespace descent

#include "descent/core/trace.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "descent/core/error.hpp"

namespace descent {
namespace {

constexpr std::array kColumns = {"step",    "epoch",         "seconds",   "objective",    "loss",
                                 "penalty", "gradient_norm", "step_norm", "learning_rate"};

}  // namespace

Trace::Trace(std::vector<std::string> parameter_names, std::uint64_t every, std::size_t max_rows)
    : names_(std::move(parameter_names)), every_(every), max_rows_(max_rows), stretch_(every) {
  if (every == 0) throw Error(ErrorCode::usage, "expected at least 1, got 0", "trace_every");
  if (max_rows > 0 && max_rows < 64)
    throw Error(ErrorCode::usage, "expected 0 or at least 64, got " + std::to_string(max_rows), "max_rows");
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
  if (max_rows_ > 0 && rows_.size() == max_rows_) thin();
  ++num_recorded_;
  rows_.push_back({info.step, info.epoch, info.seconds, info.objective, info.loss, info.penalty, info.gradient_norm,
                   info.step_norm, info.learning_rate});
  path_.insert(path_.end(), info.x.begin(), info.x.begin() + static_cast<std::ptrdiff_t>(num_parameters_));
}

std::vector<std::size_t> Trace::select() const {
  const std::size_t whole = max_rows_ / 8, end = rows_.size() - whole;
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < whole; ++i) kept.push_back(i);
  const auto height = [&](std::size_t i) {
    return std::isfinite(rows_[i].objective) ? rows_[i].objective : std::numeric_limits<double>::infinity();
  };
  for (std::size_t i = whole; i < end;) {
    std::array<std::size_t, 3> extremes = {i, i, i};
    const std::uint64_t stretch = rows_[i].step / stretch_;
    for (; i < end && rows_[i].step / stretch_ == stretch; ++i) {
      if (height(i) < height(extremes[0])) extremes[0] = i;
      if (height(i) > height(extremes[1])) extremes[1] = i;
      if (rows_[i].gradient_norm > rows_[extremes[2]].gradient_norm) extremes[2] = i;
    }
    std::sort(extremes.begin(), extremes.end());
    kept.insert(kept.end(), extremes.begin(), std::unique(extremes.begin(), extremes.end()));
  }
  for (std::size_t i = end; i < rows_.size(); ++i) kept.push_back(i);
  return kept;
}

void Trace::thin() {
  std::vector<std::size_t> kept = select();
  while (kept.size() > max_rows_ / 2) {
    stretch_ *= 2;
    kept = select();
  }
  for (std::size_t to = 0; to < kept.size(); ++to) {
    rows_[to] = rows_[kept[to]];
    std::copy_n(path_.begin() + static_cast<std::ptrdiff_t>(kept[to] * num_parameters_), num_parameters_,
                path_.begin() + static_cast<std::ptrdiff_t>(to * num_parameters_));
  }
  rows_.resize(kept.size());
  path_.resize(kept.size() * num_parameters_);
}

bool Trace::unbroken(std::size_t row, std::size_t count) const {
  return row >= count && rows_[row].step - rows_[row - count].step == count * every_;
}

std::size_t Trace::row_at(std::uint64_t step) const {
  const auto found =
      std::lower_bound(rows_.begin(), rows_.end(), step, [](const Row& row, std::uint64_t s) { return row.step < s; });
  return std::min(static_cast<std::size_t>(found - rows_.begin()), rows_.size() - 1);
}

View Trace::parameters(std::size_t row) const { return View(path_).subspan(row * num_parameters_, num_parameters_); }

std::vector<std::string> trace_columns(const std::vector<std::string>& parameter_names,
                                       std::span<const std::string> value_names) {
  std::vector<std::string> names(kColumns.begin(), kColumns.end());
  names.insert(names.end(), value_names.begin(), value_names.end());
  const std::vector<std::string> taken = names;
  for (const std::string& name : parameter_names) {
    const bool collides = std::find(taken.begin(), taken.end(), name) != taken.end();
    names.push_back(collides ? "param:" + name : name);
  }
  return names;
}

}  // namespace descent

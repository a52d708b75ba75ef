#include "descent/optim/rule.hpp"

#include <cmath>
#include <string>
#include <utility>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "src/optim/rules/rule_def.hpp"

namespace descent {

struct Hyper::Scheduled {
  Schedule schedule;
  std::string name;
  Interval allowed;
};

Hyper::Hyper(const Schedule& schedule, std::string name, Interval allowed)
    : scheduled_(std::make_shared<const Scheduled>(Scheduled{schedule, std::move(name), allowed})) {}

const Schedule* Hyper::schedule() const { return scheduled_ == nullptr ? nullptr : &scheduled_->schedule; }

std::string_view Hyper::name() const {
  return scheduled_ == nullptr ? std::string_view() : std::string_view(scheduled_->name);
}

double Hyper::scheduled_at(std::uint64_t k) const {
  return scheduled_->schedule.is_auto() ? 0.0 : checked(scheduled_->schedule(k), k);
}

double Hyper::checked(double value, std::uint64_t k) const {
  if (!std::isfinite(value) || !scheduled_->allowed.contains(value))
    throw Error(ErrorCode::usage,
                "must be a number " + to_text(scheduled_->allowed) + ", but " + to_text(scheduled_->schedule) +
                    " gives " + number_text(value) + " for update " + count_text(static_cast<double>(k)),
                scheduled_->name);
  return value;
}

std::string_view Rule::name() const { return def->name; }
const Schedule* Rule::learning_rate() const {
  return def->rate < 0 ? nullptr : values[static_cast<std::size_t>(def->rate)].schedule();
}
bool Rule::finds_rate() const { return def->rate_free; }
bool Rule::is_learning_rate() const { return def->is_only_rate; }
bool Rule::is_scale_free() const { return def->scale_free; }

namespace rules {

void refuse_missing_slots(std::size_t read_by_kernel) {
  throw Error(ErrorCode::internal,
              "a kernel reads " + std::to_string(read_by_kernel) +
                  " slots (kSlots of its Op), and its RuleDef has fewer: num_slots must be at least " +
                  std::to_string(read_by_kernel),
              "num_slots");
}

}  // namespace rules

}  // namespace descent

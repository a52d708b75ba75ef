#include "descent/optim/plateau_state.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "descent/core/elementary.hpp"
#include "descent/core/error.hpp"
#include "src/optim/schedules/table.hpp"

namespace descent {
namespace {

BoundArguments plateau_arguments(const Schedule& schedule) {
  if (!schedule.needs_value())
    throw Error(ErrorCode::usage, "a plateau state needs a plateau, got " + to_text(schedule), "schedule");
  const ArgumentValue argument = schedule.argument();
  return bind(schedule_registry().at("plateau").entry, *std::get<std::shared_ptr<const Call>>(argument));
}

}  // namespace

PlateauState::PlateauState(const Schedule& schedule) : schedule_(schedule), base_(1.0) {
  const BoundArguments bound = plateau_arguments(schedule);
  base_ = bound_schedule(bound, "schedule");
  factor_ = bound.number("factor");
  patience_ = bound.number("patience");
  threshold_ = bound.number("threshold");
  is_relative_ = bound.choice("threshold_mode") == "relative";
  cooldown_ = bound.number("cooldown");
  min_ = bound.number("min");
  epsilon_ = bound.number("epsilon");
}

double PlateauState::rate_after(std::uint64_t cuts, double base) const {
  if (cuts == 0) return base;
  const double scale = cuts == cuts_ ? scale_ : math::pow(factor_, static_cast<double>(cuts));
  return std::max(base * scale, std::min(base, min_));
}

double PlateauState::rate(std::uint64_t k) const {
  return rate_after(cuts_ > 0 && k < since_ ? cuts_ - 1 : cuts_, base_(k));
}

bool PlateauState::tell(double value, std::uint64_t next) {
  const bool is_better =
      std::isinf(best_) ? value < best_ : value < best_ - (is_relative_ ? threshold_ * std::fabs(best_) : threshold_);
  if (is_better) best_ = value;
  bad_ = is_better ? 0 : bad_ + 1;
  if (cooling_ > 0) {
    --cooling_;
    bad_ = 0;
  }
  if (static_cast<double>(bad_) <= patience_) return false;
  cooling_ = static_cast<std::uint64_t>(cooldown_);
  bad_ = 0;
  const double base = base_(next);
  if (!(rate_after(cuts_, base) - rate_after(cuts_ + 1, base) > epsilon_)) return false;
  ++cuts_;
  since_ = next;
  scale_ = math::pow(factor_, static_cast<double>(cuts_));
  return true;
}

void PlateauState::save(ArchiveWriter& archive) const {
  archive.put_text("schedule", to_text(schedule_));
  archive.put_number("best", best_);
  archive.put_integer("bad", static_cast<long long>(bad_));
  archive.put_integer("cooling", static_cast<long long>(cooling_));
  archive.put_integer("cuts", static_cast<long long>(cuts_));
  archive.put_integer("since", static_cast<long long>(since_));
}

void PlateauState::load(ArchiveReader& archive) {
  const std::string schedule = archive.text("schedule");
  if (schedule != to_text(schedule_))
    throw Error(ErrorCode::model,
                "the saved state belongs to the schedule " + schedule + ", not to " + to_text(schedule_));
  const double best = archive.number("best");
  const long long bad = archive.integer("bad"), cooling = archive.integer("cooling"), cuts = archive.integer("cuts");
  const long long since = archive.integer("since");
  if (bad < 0 || cooling < 0 || cuts < 0 || since < 0)
    throw Error(ErrorCode::model, "the saved state of " + schedule + " is damaged: a count is below 0");
  best_ = best;
  bad_ = static_cast<std::uint64_t>(bad);
  cooling_ = static_cast<std::uint64_t>(cooling);
  cuts_ = static_cast<std::uint64_t>(cuts);
  since_ = static_cast<std::uint64_t>(since);
  scale_ = math::pow(factor_, static_cast<double>(cuts_));
}

Schedule plateau(const Schedule& schedule, PlateauOptions options) {
  const bool is_relative = options.threshold_mode == ThresholdMode::relative;
  return schedules::make(named_call("plateau", {{"schedule", schedule.argument()},
                                                {"factor", options.factor},
                                                {"patience", options.patience},
                                                {"threshold", options.threshold},
                                                {"threshold_mode", std::string(is_relative ? "relative" : "absolute")},
                                                {"cooldown", options.cooldown},
                                                {"min", options.min},
                                                {"epsilon", options.epsilon}}));
}

namespace schedules {

Entry plateau_entry() {
  return {
      .name = "plateau",
      .kind = "schedule",
      .summary = "Cuts the rate when the objective has not improved for a while.",
      .formula =
          "rate_k = max(schedule(k) factor^cuts, min); one cut more when more than `patience` values in a row "
          "were not below best - threshold |best| (absolute: best - threshold)",
      .params = {{.name = "schedule",
                  .kind = ParamKind::schedule,
                  .interval = kPositive,
                  .meaning = "the rate without cuts: a number or a schedule"},
                 {.name = "factor",
                  .kind = ParamKind::number,
                  .default_text = "0.1",
                  .interval = {.low = 0, .high = 1, .low_open = true, .high_open = true},
                  .meaning = "what a cut multiplies the rate by",
                  .why = "torch's: a cut that shows what it does within one more patience"},
                 {.name = "patience",
                  .kind = ParamKind::integer,
                  .default_text = "10",
                  .interval = kCount,
                  .meaning = "values in a row without improvement that are borne: epochs with batches, updates without",
                  .why = "torch's; noise makes single values worse by chance"},
                 {.name = "threshold",
                  .kind = ParamKind::number,
                  .default_text = "0.0001",
                  .interval = kNotNegative,
                  .meaning = "what a value must be below the best by, to be an improvement",
                  .why = "torch's"},
                 {.name = "threshold_mode",
                  .kind = ParamKind::choice,
                  .default_text = "relative",
                  .choices = {"relative", "absolute"},
                  .meaning = "whether the threshold is a part of |best|",
                  .why = "independent of the objective's scale"},
                 {.name = "cooldown",
                  .kind = ParamKind::integer,
                  .default_text = "0",
                  .interval = kCount,
                  .meaning = "values after a cut that are not judged",
                  .why = "patience waits already"},
                 {.name = "min",
                  .kind = ParamKind::number,
                  .default_text = "0",
                  .interval = kNotNegative,
                  .meaning = "no cut goes below",
                  .why = "a rate that is too small costs steps, not correctness"},
                 {.name = "epsilon",
                  .kind = ParamKind::number,
                  .default_text = "1e-8",
                  .interval = kNotNegative,
                  .meaning = "a cut that changes the rate by no more is not made",
                  .why = "torch's"}},
      .reference = "PyTorch, torch.optim.lr_scheduler.ReduceLROnPlateau",
      .differs =
          "the relative threshold is of |best|: torch's takes worse values for better ones below 0. Told once an "
          "epoch with batches, once an update without. Must be outermost",
      .example = "plateau(0.1, factor=0.5, patience=5)"};
}

}  // namespace schedules
}  // namespace descent

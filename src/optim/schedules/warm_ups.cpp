// Small rates first.
#include <cmath>
#include <memory>
#include <utility>

#include "descent/core/elementary.hpp"
#include "src/optim/schedules/table.hpp"

namespace descent {
namespace schedules {
namespace {

/// The straight line from start to 1. For start = 1 / (steps + 1) in the form that is exact at every update.
double straight_climb(double t, double steps, double start, bool start_is_auto) {
  return start_is_auto ? (t + 1.0) / (steps + 1.0) : start + (1.0 - start) * (t / steps);
}

Formula warm_up_formula(const BoundArguments& bound) {
  const auto inner = std::make_shared<const Schedule>(inner_schedule("warm_up", bound, "schedule"));
  const double steps = bound.number("steps"), first = (*inner)(0);
  const bool is_auto = bound.is_auto("start");
  const double start = is_auto ? 1.0 / (steps + 1.0) : bound.number("start");
  const std::string form = bound.choice("form");
  if (form == "exponential" && start == 0.0) refuse("warm_up", "start", "must be > 0 with form=exponential, got 0");
  double (*climb)(double p, double start) = nullptr;  // null: a straight line
  if (form == "constant") climb = [](double, double s) { return s; };
  if (form == "cosine") climb = [](double p, double s) { return s + (1.0 - s) * (1.0 - half_cosine(p)); };
  if (form == "exponential") climb = [](double p, double s) { return math::pow(s, 1.0 - p); };
  const auto begin = static_cast<std::uint64_t>(steps);
  return [=](std::uint64_t k) {
    if (k >= begin) return (*inner)(k - begin);
    const double t = static_cast<double>(k);
    return first * (climb == nullptr ? straight_climb(t, steps, start, is_auto) : climb(t / steps, start));
  };
}

Formula warm_up_stable_decay_formula(const BoundArguments& bound) {
  const double rate = bound.number("rate"), warm_up = bound.number("warm_up"), stable = bound.number("stable");
  const double decay = bound.number("decay"), end = bound.number("end");
  const bool is_auto = bound.is_auto("start");
  const double start = is_auto ? 0.0 : bound.number("start");
  const std::string form = bound.choice("form");
  double (*left)(double p) = [](double p) { return 1.0 - std::sqrt(p); };
  if (form == "linear") left = [](double p) { return 1.0 - p; };
  if (form == "cosine") left = half_cosine;
  return [=](std::uint64_t k) {
    double t = static_cast<double>(k);
    if (t < warm_up) return rate * straight_climb(t, warm_up, start, is_auto);
    t -= warm_up;
    if (t < stable) return rate;
    t -= stable;
    return t >= decay ? end : end + (rate - end) * left(t / decay);
  };
}

ParamSpec start_spec() {
  return {.name = "start",
          .kind = ParamKind::number,
          .default_text = "auto",
          .interval = {.low = 0, .high = 1},
          .meaning = "s, the factor of update 0; auto: 1 over the climb's updates + 1",
          .why = "the line then neither jumps at its end nor wastes the first update at 0",
          .allows_auto = true};
}

ParamSpec updates_spec(const char* name, double low, const char* meaning) {
  return {.name = name, .kind = ParamKind::integer, .interval = {.low = low, .high = 0x1p53}, .meaning = meaning};
}

}  // namespace

std::vector<Spec> warm_ups() {
  return {
      {.entry = {.name = "warm_up",
                 .summary = "A climb up to a schedule's first rate, then the schedule.",
                 .formula =
                     "rate_k = schedule(0) c_k for k < steps, schedule(k - steps) from there; with p = k / steps: "
                     "linear c_k = s + (1 - s) p, by default (k + 1) / (steps + 1); constant s; cosine s + (1 - s) "
                     "(1 - cos(pi p)) / 2; exponential s^(1 - p)",
                 .params = {{.name = "schedule",
                             .kind = ParamKind::schedule,
                             .interval = kPositive,
                             .meaning = "what follows: a number or a schedule"},
                            updates_spec("steps", 1, "updates of the climb"),
                            {.name = "form",
                             .kind = ParamKind::choice,
                             .default_text = "linear",
                             .choices = {"linear", "constant", "cosine", "exponential"},
                             .meaning = "how it climbs",
                             .why = "the reference's gradual warm-up; a jump at the end (constant) can undo it"},
                            start_spec()},
                 .reference = "P. Goyal et al., \"Accurate, large minibatch SGD\", arXiv:1706.02677, 2017, section 2.2",
                 .differs =
                     "torch's LinearLR and ConstantLR are start=0.3333333333333333 (1/3 from update 0 on) with a "
                     "number for a schedule; where they run beside another scheduler and not before it, "
                     "chained([warm_up(1, ...), ...]). optax's warmup_cosine_decay_schedule is start=0, which "
                     "wastes the first update",
                 .example = "warm_up(cosine(0.05, 5000), 100)"},
       .formula = warm_up_formula},
      {.entry = {.name = "warm_up_stable_decay",
                 .summary = "A climb, a long level, and a short way down: the length of the run may be left open.",
                 .formula =
                     "rate_k = rate (k + 1) / (warm_up + 1), then rate, then end + (rate - end) d(p), p from 0 to "
                     "1 within `decay`: sqrt d = 1 - sqrt(p), linear 1 - p, cosine (1 + cos(pi p)) / 2",
                 .params = {rate_spec("the rate of the level part"),
                            updates_spec("warm_up", 0, "updates of the climb"),
                            updates_spec("stable", 0, "updates at the rate itself"),
                            updates_spec("decay", 1, "updates of the way down"),
                            {.name = "form",
                             .kind = ParamKind::choice,
                             .default_text = "sqrt",
                             .choices = {"sqrt", "linear", "cosine"},
                             .meaning = "how it falls",
                             .why = "1 - sqrt(p) ended lowest in the reference's trials"},
                            end_spec("the rate after all three parts"),
                            start_spec()},
                 .reference = "A. Haegele et al., \"Scaling laws and compute-optimal training beyond fixed training "
                              "durations\", NeurIPS 2024, section 3",
                 .differs =
                     "neither torch nor optax has it. Differs from the reference: the climb begins above 0 unless "
                     "start=0",
                 .example = "warm_up_stable_decay(0.01, 100, 5000, 1000)"},
       .formula = warm_up_stable_decay_formula},
  };
}

}  // namespace schedules

Schedule warm_up(const Schedule& schedule, double steps, WarmUpOptions options) {
  const char* form = options.form == WarmUpForm::linear     ? "linear"
                     : options.form == WarmUpForm::constant ? "constant"
                     : options.form == WarmUpForm::cosine   ? "cosine"
                                                            : "exponential";
  Call call = named_call("warm_up", {{"schedule", schedule.argument()}, {"steps", steps}, {"form", std::string(form)}});
  if (options.start) call.arguments.push_back({.name = "start", .value = *options.start});
  return schedules::make(call);
}
Schedule warm_up_stable_decay(double rate, StableSteps steps, WarmUpStableDecayOptions options) {
  const char* form = options.form == CoolDown::sqrt ? "sqrt" : options.form == CoolDown::linear ? "linear" : "cosine";
  Call call = named_call("warm_up_stable_decay", {{"rate", rate},
                                                  {"warm_up", steps.warm_up},
                                                  {"stable", steps.stable},
                                                  {"decay", steps.decay},
                                                  {"form", std::string(form)},
                                                  {"end", options.end}});
  if (options.start) call.arguments.push_back({.name = "start", .value = *options.start});
  return schedules::make(call);
}

}  // namespace descent

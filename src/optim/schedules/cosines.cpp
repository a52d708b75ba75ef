// Half cosines: once, back and forth, or again and again.
#include <cmath>
#include <utility>

#include "src/optim/schedules/table.hpp"

namespace descent {
namespace schedules {
namespace {

Formula cosine_formula(const BoundArguments& bound) {
  const double rate = bound.number("rate"), steps = bound.number("steps"), end = bound.number("end");
  // The remainder is exact, so a wave after many periods is as true as the first.
  if (bound.choice("then") == "climb")
    return [=](std::uint64_t k) {
      return end + (rate - end) * half_cosine(std::fmod(static_cast<double>(k), 2.0 * steps) / steps);
    };
  return [=](std::uint64_t k) {
    const double t = static_cast<double>(k);
    return t >= steps ? end : end + (rate - end) * half_cosine(t / steps);
  };
}

Formula cosine_restarts_formula(const BoundArguments& bound) {
  const double rate = bound.number("rate"), first = bound.number("period"), end = bound.number("end");
  const double growth = bound.number("growth");
  return [=](std::uint64_t k) {
    double t = static_cast<double>(k), period = first;
    if (growth == 1.0) t = std::fmod(t, period);
    for (; t >= period; period *= growth) t -= period;  // at most 64 times: the period at least doubles
    return end + (rate - end) * half_cosine(t / period);
  };
}

constexpr const char* kSgdr =
    "I. Loshchilov, F. Hutter, \"SGDR: stochastic gradient descent with warm restarts\", ICLR 2017, eq. 5";

}  // namespace

std::vector<Spec> cosines() {
  return {
      {.entry = {.name = "cosine",
                 .summary = "Half a cosine from the rate to `end`.",
                 .formula = "rate_k = end + (rate - end) (1 + cos(pi k / steps)) / 2 for k < steps, then end; "
                            "then=climb: the same for all k",
                 .params = {rate_spec(),
                            {.name = "steps",
                             .kind = ParamKind::number,
                             .interval = kPositive,
                             .meaning = "updates until `end` is reached"},
                            end_spec("the rate of update `steps`"),
                            {.name = "then",
                             .kind = ParamKind::choice,
                             .default_text = "stay",
                             .choices = {"stay", "climb"},
                             .meaning =
                                 "after `steps`: stay at `end`, or climb back to the rate within another `steps`, "
                                 "and so on",
                             .why = "a run that goes on longer than planned keeps what the low rate won"}},
                 .reference = kSgdr,
                 .differs = "torch's CosineAnnealingLR is then=climb; optax's cosine_decay_schedule stays",
                 .example = "cosine(0.05, 5000)"},
       .formula = cosine_formula},
      {.entry = {.name = "cosine_restarts",
                 .summary = "Half cosines one after the other, each beginning at the rate again: SGDR.",
                 .formula = "rate_k = end + (rate - end) (1 + cos(pi r / p)) / 2, r updates into period i, "
                            "p = period growth^i",
                 .params = {rate_spec("the rate at the begin of each period"),
                            {.name = "period",
                             .kind = ParamKind::integer,
                             .interval = kPeriod,
                             .meaning = "updates of the first period"},
                            {.name = "growth",
                             .kind = ParamKind::integer,
                             .default_text = "1",
                             .interval = kPeriod,
                             .meaning = "each period is this many times the one before",
                             .why = "equal periods, torch's default too; the paper likes 2 as well"},
                            end_spec("what each period falls to")},
                 .reference = kSgdr,
                 .differs = "torch's CosineAnnealingWarmRestarts, counted in updates. optax's sgdr_schedule takes each "
                            "period by itself, with a warm-up: sequence([...], [...])",
                 .example = "cosine_restarts(0.05, 1000, growth=2)"},
       .formula = cosine_restarts_formula},
  };
}

}  // namespace schedules

Schedule cosine(double rate, double steps, CosineOptions options) {
  return schedules::make(
      named_call("cosine", {{"rate", rate},
                            {"steps", steps},
                            {"end", options.end},
                            {"then", std::string(options.then == AfterCosine::stay ? "stay" : "climb")}}));
}
Schedule cosine_restarts(double rate, double period, CosineRestartsOptions options) {
  return schedules::make(named_call(
      "cosine_restarts", {{"rate", rate}, {"period", period}, {"growth", options.growth}, {"end", options.end}}));
}

}  // namespace descent

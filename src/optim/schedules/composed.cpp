// Schedules made of schedules.
#include <cmath>
#include <memory>
#include <utility>

#include "descent/core/text.hpp"
#include "src/optim/schedules/table.hpp"

namespace descent {
namespace schedules {
namespace {

Formula sequence_formula(const BoundArguments& bound) {
  const std::vector<double> boundaries = bound.numbers("boundaries");
  const auto parts = std::make_shared<const std::vector<Schedule>>(inner_schedules("sequence", bound, "schedules"));
  check_rising("sequence", "boundaries", boundaries, true);
  for (const double boundary : boundaries)
    if (boundary != std::floor(boundary))
      refuse("sequence", "boundaries", "must be whole numbers, got " + number_text(boundary));
  if (parts->size() != boundaries.size() + 1)
    refuse("sequence", "schedules",
           "must be one more than boundaries, got " + std::to_string(parts->size()) + " schedules for " +
               std::to_string(boundaries.size()) + " boundaries");
  return [=](std::uint64_t k) {
    const std::size_t i = count_reached(boundaries, static_cast<double>(k));
    return (*parts)[i](i == 0 ? k : k - static_cast<std::uint64_t>(boundaries[i - 1]));
  };
}

Formula chained_formula(const BoundArguments& bound) {
  const auto parts = std::make_shared<const std::vector<Schedule>>(inner_schedules("chained", bound, "schedules"));
  if (parts->empty()) refuse("chained", "schedules", "must not be empty");
  return [=](std::uint64_t k) {
    double product = 1.0;
    for (const Schedule& part : *parts) {
      const double value = part(k);
      if (value == 0.0) return 0.0;  // not infinity times 0
      product *= value;
    }
    return product;
  };
}

ArgumentValue list_of(const std::vector<Schedule>& schedules) {
  std::vector<Argument> items;
  for (const Schedule& schedule : schedules) items.push_back({.name = "", .value = schedule.argument()});
  return std::make_shared<const std::vector<Argument>>(std::move(items));
}

ParamSpec schedules_spec(const char* meaning) {
  return {.name = "schedules", .kind = ParamKind::schedules, .interval = kPositive, .meaning = meaning};
}

}  // namespace

std::vector<Spec> composed() {
  return {
      {.entry = {.name = "sequence",
                 .summary = "One schedule after the other, each from its own beginning.",
                 .formula = "rate_k = schedules[i](k - boundaries[i - 1]), i = how many boundaries are <= k",
                 .params = {schedules_spec("numbers and schedules, one more than boundaries"),
                            {.name = "boundaries",
                             .kind = ParamKind::numbers,
                             .interval = kPeriod,
                             .meaning = "whole numbers, rising: the update at which the next schedule begins"}},
                 .reference = "PyTorch, torch.optim.lr_scheduler.SequentialLR; optax, join_schedules",
                 .example = "sequence([warm_up(0.1, 100), cosine(0.1, 4000), 0.001], [1000, 5000])"},
       .formula = sequence_formula},
      {.entry = {.name = "chained",
                 .summary = "Schedules at the same time, multiplied.",
                 .formula = "rate_k = product of schedules(k)",
                 .params = {schedules_spec("one carries the rate, the others are factors: step_decay(1, 1000)")},
                 .reference = "PyTorch, torch.optim.lr_scheduler.ChainedScheduler",
                 .differs = "torch chains factors of one rate, here the schedules' values are multiplied. The same for "
                            "all that scale with their rate; a torch scheduler with a floor does not",
                 .example = "chained([cosine(0.1, 5000), step_decay(1, 1000)])"},
       .formula = chained_formula},
  };
}

}  // namespace schedules

Schedule sequence(const std::vector<Schedule>& schedules, std::vector<double> boundaries) {
  return schedules::make(
      named_call("sequence", {{"schedules", schedules::list_of(schedules)}, {"boundaries", std::move(boundaries)}}));
}
Schedule chained(const std::vector<Schedule>& schedules) {
  return schedules::make(named_call("chained", {{"schedules", schedules::list_of(schedules)}}));
}

}  // namespace descent

// Rates that jump, or run between given points.
#include <cmath>
#include <utility>

#include "descent/core/elementary.hpp"
#include "src/optim/schedules/table.hpp"

namespace descent {
namespace schedules {
namespace {

Formula step_decay_formula(const BoundArguments& bound) {
  const double rate = bound.number("rate"), every = bound.number("every"), factor = bound.number("factor");
  return [=](std::uint64_t k) { return rate * math::pow(factor, std::floor(static_cast<double>(k) / every)); };
}

Formula multi_step_formula(const BoundArguments& bound) {
  const double rate = bound.number("rate"), factor = bound.number("factor");
  const std::vector<double> milestones = bound.numbers("milestones");
  check_rising("multi_step", "milestones", milestones, false);
  return [=](std::uint64_t k) {
    const std::size_t reached = count_reached(milestones, static_cast<double>(k));
    return rate * math::pow(factor, static_cast<double>(reached));
  };
}

Formula piecewise_formula(const BoundArguments& bound) {
  const std::vector<double> values = bound.numbers("values"), boundaries = bound.numbers("boundaries");
  const std::string form = bound.choice("form");
  check_rising("piecewise", "boundaries", boundaries, true);
  if (values.size() != boundaries.size() + 1)
    refuse("piecewise", "values",
           "must be one more than boundaries, got " + std::to_string(values.size()) + " values for " +
               std::to_string(boundaries.size()) + " boundaries");
  const bool jumps = form == "constant", straight = form == "linear";
  return [=](std::uint64_t k) {
    const double t = static_cast<double>(k);
    const std::size_t i = count_reached(boundaries, t);
    if (jumps || i == boundaries.size()) return values[i];
    const double left = i == 0 ? 0.0 : boundaries[i - 1];
    const double p = (t - left) / (boundaries[i] - left);
    return straight ? values[i] + (values[i + 1] - values[i]) * p
                    : values[i + 1] + (values[i] - values[i + 1]) * half_cosine(p);
  };
}

}  // namespace

std::vector<Spec> steps() {
  return {
      {.entry = {.name = "step_decay",
                 .summary = "Multiplies the rate by a factor every so many updates.",
                 .formula = "rate_k = rate factor^floor(k / every)",
                 .params = {rate_spec(),
                            {.name = "every",
                             .kind = ParamKind::number,
                             .interval = kPeriod,
                             .meaning = "updates between two cuts"},
                            {.name = "factor",
                             .kind = ParamKind::number,
                             .default_text = "0.5",
                             .interval = kShrinks,
                             .meaning = "what a cut multiplies the rate by",
                             .why = "halving is mild enough to come too early without harm"}},
                 .reference = "PyTorch, torch.optim.lr_scheduler.StepLR",
                 .differs = "torch's default factor is 0.1",
                 .example = "step_decay(0.1, 1000, factor=0.5)"},
       .formula = step_decay_formula},
      {.entry = {.name = "multi_step",
                 .summary = "Multiplies the rate by a factor at given updates.",
                 .formula = "rate_k = rate factor^m, m = how many milestones are <= k",
                 .params = {rate_spec(),
                            {.name = "milestones",
                             .kind = ParamKind::numbers,
                             .interval = kCount,
                             .meaning = "updates from which on the rate is cut once more; they rise, and one given "
                                        "twice cuts twice"},
                            {.name = "factor",
                             .kind = ParamKind::number,
                             .default_text = "0.1",
                             .interval = kShrinks,
                             .meaning = "what a cut multiplies the rate by",
                             .why = "a tenth at each milestone is how residual networks were trained, and torch's"}},
                 .reference = "K. He, X. Zhang, S. Ren, J. Sun, \"Deep residual learning for image recognition\", CVPR "
                              "2016, section 3.4",
                 .differs = "torch sorts the milestones; here they must rise, so that a slip is seen. optax's "
                            "piecewise_constant_schedule has a factor for each: piecewise([0.1, 0.05], [1000])",
                 .example = "multi_step(0.1, [3000, 6000], factor=0.1)"},
       .formula = multi_step_formula},
      {.entry = {.name = "piecewise",
                 .summary = "Given rates at given updates: held, or joined by straight lines or half cosines.",
                 .formula = "between b_i and b_(i+1), p = (k - b_i) / (b_(i+1) - b_i), b_0 = 0: constant v_i; linear "
                            "v_i + (v_(i+1) - v_i) p; cosine v_(i+1) + (v_i - v_(i+1)) (1 + cos(pi p)) / 2",
                 .params = {{.name = "values",
                             .kind = ParamKind::numbers,
                             .interval = kNotNegative,
                             .meaning =
                                 "v_0, v_1, ...: one more than boundaries; the last holds from the last boundary "
                                 "on"},
                            {.name = "boundaries",
                             .kind = ParamKind::numbers,
                             .interval = kPeriod,
                             .meaning = "b_1, b_2, ..., rising: the update from which on (or at which) v_i holds"},
                            {.name = "form",
                             .kind = ParamKind::choice,
                             .default_text = "constant",
                             .choices = {"constant", "linear", "cosine"},
                             .meaning = "how it gets from one value to the next",
                             .why = "the name means this in optax and Keras"}},
                 .reference = "optax, piecewise_constant_schedule and piecewise_interpolate_schedule",
                 .differs = "optax takes factors of the value before; here they are values. Keras holds a value up to "
                            "and including its boundary",
                 .example = "piecewise([0.1, 0.02, 0.001], [1000, 5000], form=linear)"},
       .formula = piecewise_formula},
  };
}

}  // namespace schedules

Schedule step_decay(double rate, double every, double factor) {
  return schedules::make(named_call("step_decay", {{"rate", rate}, {"every", every}, {"factor", factor}}));
}
Schedule multi_step(double rate, std::vector<double> milestones, double factor) {
  return schedules::make(
      named_call("multi_step", {{"rate", rate}, {"milestones", std::move(milestones)}, {"factor", factor}}));
}
Schedule piecewise(std::vector<double> values, std::vector<double> boundaries, Interpolation form) {
  return schedules::make(named_call(
      "piecewise",
      {{"values", std::move(values)}, {"boundaries", std::move(boundaries)}, {"form", schedules::word(form)}}));
}

}  // namespace descent

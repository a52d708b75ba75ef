// Rates that fall by one formula from the first update on.
#include <algorithm>
#include <cmath>
#include <utility>

#include "descent/core/elementary.hpp"
#include "descent/core/text.hpp"
#include "src/optim/schedules/table.hpp"

namespace descent {
namespace schedules {
namespace {

Formula exponential_formula(const BoundArguments& bound) {
  const double rate = bound.number("rate"), factor = bound.number("factor"), steps = bound.number("steps");
  const double end = bound.number("end");
  if (end > rate)
    refuse("exponential", "end", "must be <= the rate " + number_text(rate) + ", got " + number_text(end));
  if (bound.flag("staircase"))
    return [=](std::uint64_t k) {
      return std::max(end, rate * math::pow(factor, std::floor(static_cast<double>(k) / steps)));
    };
  return [=](std::uint64_t k) { return std::max(end, rate * math::pow(factor, static_cast<double>(k) / steps)); };
}

Formula polynomial_formula(const BoundArguments& bound) {
  const double rate = bound.number("rate"), steps = bound.number("steps"), power = bound.number("power");
  const double end = bound.number("end");
  return [=](std::uint64_t k) {
    const double t = static_cast<double>(k);
    if (t >= steps) return end;
    const double left = 1.0 - t / steps;
    return end + (rate - end) * (power == 1.0 ? left : math::pow(left, power));
  };
}

Formula inverse_scaling_formula(const BoundArguments& bound) {
  const double rate = bound.number("rate"), power = bound.number("power"), steps = bound.number("steps");
  return [=](std::uint64_t k) {
    const double slowed = 1.0 + static_cast<double>(k) / steps;
    return rate / (power == 0.5 ? std::sqrt(slowed) : power == 1.0 ? slowed : math::pow(slowed, power));
  };
}

Formula inverse_sqrt_formula(const BoundArguments& bound) {
  const double rate = bound.number("rate"), warm_up = bound.number("warm_up");
  return [=](std::uint64_t k) {
    const double t = static_cast<double>(k) + 1.0;
    return rate * (t < warm_up ? t / warm_up : std::sqrt(warm_up / t));
  };
}

}  // namespace

std::vector<Spec> decays() {
  return {
      {.entry = {.name = "exponential",
                 .summary = "Shrinks the rate by the same factor all the time.",
                 .formula = "rate_k = max(end, rate factor^(k / steps)); staircase: floor(k / steps)",
                 .params = {rate_spec(),
                            {.name = "factor",
                             .kind = ParamKind::number,
                             .interval = kShrinks,
                             .meaning = "what `steps` updates multiply the rate by"},
                            {.name = "steps",
                             .kind = ParamKind::number,
                             .default_text = "1",
                             .interval = kPositive,
                             .meaning = "updates for one factor",
                             .why = "the factor is then per update, as in torch's ExponentialLR"},
                            {.name = "staircase",
                             .kind = ParamKind::flag,
                             .default_text = "false",
                             .meaning = "cut once every `steps` updates instead of a little in each",
                             .why = "a jump has no advantage of its own; step_decay says it more plainly"},
                            {.name = "end",
                             .kind = ParamKind::number,
                             .default_text = "0",
                             .interval = kNotNegative,
                             .meaning = "the rate never falls below it",
                             .why = "noise in the gradient dies out only with the rate"}},
                 .reference = "PyTorch, torch.optim.lr_scheduler.ExponentialLR (steps = 1); optax, exponential_decay",
                 .differs = "torch has neither steps, staircase nor end. optax lets the factor exceed 1",
                 .example = "exponential(0.1, 0.5, steps=1000)"},
       .formula = exponential_formula},
      {.entry = {.name = "polynomial",
                 .summary = "Falls to `end` within `steps` updates; a straight line for power 1.",
                 .formula = "rate_k = end + (rate - end) (1 - min(k, steps) / steps)^power",
                 .params = {rate_spec(),
                            {.name = "steps",
                             .kind = ParamKind::number,
                             .interval = kPositive,
                             .meaning = "updates until `end` is reached"},
                            {.name = "power",
                             .kind = ParamKind::number,
                             .default_text = "1",
                             .interval = kPositive,
                             .meaning = "how early it falls",
                             .why = "a straight line is the strongest plain schedule in fair trials"},
                            end_spec()},
                 .reference = "A. Defazio et al., \"When, why and how much? Adaptive learning rate scheduling by "
                              "refinement\", arXiv:2310.07831, 2023",
                 .differs = "torch's PolynomialLR has no end. Its LinearLR from factor a to b is polynomial(a rate, "
                            "steps, end=b rate)",
                 .example = "polynomial(0.1, 5000, end=0.001)"},
       .formula = polynomial_formula},
      {.entry = {.name = "inverse_scaling",
                 .summary = "Falls like a power of the number of updates; never ends.",
                 .formula = "rate_k = rate / (1 + k / steps)^power",
                 .params = {rate_spec(),
                            {.name = "power",
                             .kind = ParamKind::number,
                             .default_text = "0.5",
                             .interval = kShrinks,
                             .meaning = "how fast it falls",
                             .why = "1 / sqrt(k) is the best rate for convex functions of unknown curvature"},
                            {.name = "steps",
                             .kind = ParamKind::number,
                             .default_text = "1",
                             .interval = kPositive,
                             .meaning = "updates before the fall shows",
                             .why = "scikit-learn's `invscaling`"}},
                 .reference =
                     "H. Robbins, S. Monro, \"A stochastic approximation method\", Ann. Math. Statist. 22, 1951",
                 .differs = "scikit-learn counts from 1: the same rates for steps = 1",
                 .example = "inverse_scaling(0.1, power=0.25)"},
       .formula = inverse_scaling_formula},
      {.entry = {.name = "inverse_sqrt",
                 .summary = "A straight climb, then down with the root of the updates made: Noam's schedule.",
                 .formula = "rate_k = rate min((k + 1) / warm_up, sqrt(warm_up / (k + 1)))",
                 .params = {rate_spec("the highest rate, of update warm_up - 1"),
                            {.name = "warm_up",
                             .kind = ParamKind::integer,
                             .interval = kPeriod,
                             .meaning = "updates of the climb, and the scale of the fall"}},
                 .reference = "A. Vaswani et al., \"Attention is all you need\", NIPS 2017, eq. 3",
                 .differs = "the paper's d^-0.5 min(s^-0.5, s w^-1.5) has its rate inside: rate = (d w)^-0.5",
                 .example = "inverse_sqrt(0.001, 4000)"},
       .formula = inverse_sqrt_formula},
  };
}

}  // namespace schedules

Schedule exponential(double rate, double factor, ExponentialOptions options) {
  return schedules::make(named_call("exponential", {{"rate", rate},
                                                    {"factor", factor},
                                                    {"steps", options.steps},
                                                    {"staircase", std::string(options.staircase ? "true" : "false")},
                                                    {"end", options.end}}));
}
Schedule exponential(double rate, double factor, double steps) {
  return exponential(rate, factor, ExponentialOptions{.steps = steps});
}
Schedule polynomial(double rate, double steps, PolynomialOptions options) {
  return schedules::make(
      named_call("polynomial", {{"rate", rate}, {"steps", steps}, {"power", options.power}, {"end", options.end}}));
}
Schedule inverse_scaling(double rate, double power, InverseScalingOptions options) {
  return schedules::make(named_call("inverse_scaling", {{"rate", rate}, {"power", power}, {"steps", options.steps}}));
}
Schedule inverse_sqrt(double rate, double warm_up) {
  return schedules::make(named_call("inverse_sqrt", {{"rate", rate}, {"warm_up", warm_up}}));
}

}  // namespace descent

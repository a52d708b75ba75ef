// A schedule: into the list of its family in src/optim/schedules/, its maker declared in
// include/descent/optim/schedule.hpp. To try one without touching the library: Schedule::function([](std::uint64_t k) {
// return ...; }).
#include "src/optim/schedules/table.hpp"

namespace descent {

/// rate_k = rate (1 - p) / (1 - p / 2), p = min(k / steps, 1)
[[nodiscard]] Schedule rex(double rate, double steps);

namespace schedules {
namespace {

// A closed form of k, never from the rate before: a run may begin anywhere, and no error grows. Elementary functions
// are those of descent::math.
Formula rex_formula(const BoundArguments& bound) {
  const double rate = bound.number("rate"), steps = bound.number("steps");
  return [=](std::uint64_t k) {
    const double t = static_cast<double>(k);
    return t >= steps ? 0.0 : rate * ((1.0 - t / steps) / (1.0 - 0.5 * (t / steps)));
  };
}

}  // namespace

Spec rex_spec();  // in the library: an element of decays()
Spec rex_spec() {
  return {
      .entry = {.name = "rex",
                .summary = "Stays high for long, then falls ever faster.",
                .formula = "rate_k = rate (1 - p) / (1 - p / 2), p = min(k / steps, 1)",
                .params = {rate_spec(),
                           {.name = "steps",
                            .kind = ParamKind::number,
                            .interval = kPositive,
                            .meaning = "updates until 0 is reached"}},
                .reference = "J. Chen, C. Wolfe, A. Kyrillidis, \"REX: revisiting budgeted training with an improved "
                             "schedule\", MLSys 2022",
                .example = "rex(0.1, 5000)"},
      .formula = rex_formula};
}

}  // namespace schedules

Schedule rex(double rate, double steps) {
  return schedules::make(named_call("rex", {{"rate", rate}, {"steps", steps}}));
}

}  // namespace descent

// Schedule-free sgd and AdamW: an average that needs no schedule of the rate, and no end known beforehand.
#include "src/optim/rules/schedule_free.hpp"

#include <algorithm>
#include <cmath>

#include "descent/core/elementary.hpp"
#include "src/optim/rules/entries.hpp"

namespace descent::rules {
namespace {

// Values: learning_rate, momentum or beta1, warmup_steps, r, weight_lr_power, weight_decay [, beta2, epsilon].
// Scalars: rate, largest rate, sum of weights [, beta2^t].
Flow prepare_average(Values v, const Update& now, std::span<double> s, Numbers& k) {
  const double t = static_cast<double>(now.step) + 1.0;
  const double rate = v[0] * (t <= v[2] ? t / v[2] : 1.0);
  s[0] = rate;
  s[1] = std::max(s[1], rate);
  const double weight = math::pow(t, v[3]) * math::pow(s[1], v[4]);
  s[2] = s[2] + weight;
  k[0] = s[2] > 0.0 ? weight / s[2] : 0.0;
  k[1] = rate * (1.0 - v[1] * (1.0 - k[0]));
  k[2] = rate;
  k[3] = 1.0 / v[1] - 1.0;
  k[4] = v[5];
  return Flow::go_on;
}

Flow prepare_adam_average(Values v, const Update& now, std::span<double> s, Numbers& k) {
  s[3] = next_power(s[3], v[6]);
  k[5] = v[6];
  k[6] = 1.0 - v[6];
  k[7] = 1.0 - s[3];
  k[8] = v[7];
  return prepare_average(v, now, s, k);
}

/// The move of y, z and x for one element's direction.
double textbook_move(const Reference& r, double weight, double direction, std::size_t i) {
  const double momentum = r.values[1], rate = r.scalars[0], y = r.x[i];
  double& z = r.slots[0][i];
  direction = direction + r.values[5] * y;
  const double u = weight * (y - z) + (rate * (1.0 - momentum * (1.0 - weight))) * direction;
  z = z - rate * direction;
  r.slots[1][i] = (y - u) + (1.0 / momentum - 1.0) * ((y - u) - z);
  return u;
}
/// `prepare` has added this weight to the sum already.
double textbook_weight(const Reference& r) {
  const double t = static_cast<double>(r.now.step) + 1.0;
  const double weight = math::pow(t, r.values[3]) * math::pow(r.scalars[1], r.values[4]);
  return r.scalars[2] > 0.0 ? weight / r.scalars[2] : 0.0;
}

const RuleDef kScheduleFreeSgd{.name = "schedule_free_sgd",
                               .num_slots = 2,
                               .num_scalars = 3,
                               .rate = 0,
                               .found_rate = 0,
                               .x_slots = 0b11,
                               .solution_slot = 1,
                               .place = 3,
                               .keeps_rate = true,
                               .prepare = prepare_average,
                               .kernel64 = schedule_free_sgd_elements,
                               .kernel32 = schedule_free_sgd_elements,
                               .reference = [](const Reference& r) {
                                 const double weight = textbook_weight(r);
                                 for (std::size_t i = 0; i < r.u.size(); ++i)
                                   r.u[i] = textbook_move(r, weight, r.u[i], i);
                               }};

const RuleDef kScheduleFreeAdamw{.name = "schedule_free_adamw",
                                 .num_slots = 3,
                                 .num_scalars = 4,
                                 .scalar_start = {0.0, 0.0, 0.0, 1.0},
                                 .rate = 0,
                                 .found_rate = 0,
                                 .scale_free = true,
                                 .x_slots = 0b11,
                                 .solution_slot = 1,
                                 .place = 3,
                                 .keeps_rate = true,
                                 .prepare = prepare_adam_average,
                                 .kernel64 = schedule_free_adam_elements,
                                 .kernel32 = schedule_free_adam_elements,
                                 .reference = [](const Reference& r) {
                                   const double weight = textbook_weight(r), beta2 = r.values[6];
                                   for (std::size_t i = 0; i < r.u.size(); ++i) {
                                     double& v = r.slots[2][i];
                                     v = beta2 * v + (1.0 - beta2) * (r.u[i] * r.u[i]);
                                     const double root = std::sqrt(v / (1.0 - r.scalars[3]));
                                     r.u[i] = textbook_move(r, weight, r.u[i] / (root + r.values[7]), i);
                                   }
                                 }};

constexpr Interval kInside{.low = 0.0, .high = 1.0, .low_open = true, .high_open = true};
const char* const kReference =
    "A. Defazio, X. A. Yang, H. Mehta, K. Mishchenko, A. Khaled, A. Cutkosky, \"The road less "
    "scheduled\", NeurIPS 2024, algorithm 1";

ParamSpec warmup_spec() {
  return {.name = "warmup_steps",
          .kind = ParamKind::integer,
          .default_text = "0",
          .interval = {.low = 0, .high = 1e9},
          .meaning = "updates in which the rate climbs, (k + 1) / warmup_steps of it in update k",
          .why = "off, as in the authors' code; they advise some for long runs"};
}
ParamSpec power_spec() {
  return number_spec("r", "0", kNotNegative, "update t weighs t^r in the average", "the authors': all weigh the same");
}
ParamSpec rate_power_spec() {
  return number_spec("weight_lr_power", "2", kNotNegative,
                     "and the largest rate so far to this power, which holds the warm-up back", "the authors'");
}
ParamSpec y_decay_spec() {
  return weight_decay_spec("0", "pull of y towards 0, times the rate", "off, as in the authors' code");
}

std::vector<Hyper> shared_values(const Given& given, const char* momentum) {
  return {given.rate_value(), given[momentum],          static_cast<double>(given.bound.integer("warmup_steps")),
          given["r"],         given["weight_lr_power"], given["weight_decay"]};
}

}  // namespace

void add_schedule_free(Registry<OptimizerMaker>& registry) {
  add_rule(
      registry,
      {.name = "schedule_free_sgd",
       .summary = "Gradient descent that reports an average, and needs neither a schedule nor the number of updates.",
       .formula =
           "y = (1 - momentum) z + momentum x, z = z - r g(y), x = (1 - c) x + c z, c = w_t / (w_1 + ... + w_t), "
           "w_t = t^r (largest rate)^weight_lr_power; gradients are taken at y, the solution is x",
       .params = {rate_spec(), number_spec("momentum", "0.9", kInside, "how near y is to the average", "the authors'"),
                  warmup_spec(), power_spec(), rate_power_spec(), y_decay_spec()},
       .reference = kReference,
       .differs =
           "none but rounding from the authors' schedulefree 1.4.1; the solution is reported, so there is no train "
           "and eval. The last rule of its chain",
       .example = "schedule_free_sgd(0.5, warmup_steps=10)"},
      [](const Given& given) {
        return std::vector<Rule>{Rule{.def = &kScheduleFreeSgd, .values = shared_values(given, "momentum")}};
      });
  add_rule(
      registry,
      {.name = "schedule_free_adamw",
       .summary = "AdamW that reports an average, and needs neither a schedule nor the number of updates.",
       .formula = "as schedule_free_sgd, with g / (sqrt(v / (1 - beta2^t)) + epsilon) + weight_decay y in place of "
                  "g, v = beta2 v + (1 - beta2) g^2; beta1 is its momentum",
       .params = {rate_spec("0.0025", "the authors'"),
                  number_spec("beta1", "0.9", kInside, "how near y is to the average", "the authors'"), beta2_spec(),
                  epsilon_spec(), warmup_spec(), power_spec(), rate_power_spec(), y_decay_spec()},
       .reference = kReference,
       .differs = "none but rounding from the authors' schedulefree 1.4.1; the solution is reported, so there is no "
                  "train and eval. The last rule of its chain",
       .example = "schedule_free_adamw(0.01, warmup_steps=10)"},
      [](const Given& given) {
        std::vector<Hyper> values = shared_values(given, "beta1");
        values.push_back(given["beta2"]);
        values.push_back(given["epsilon"]);
        return std::vector<Rule>{Rule{.def = &kScheduleFreeAdamw, .values = std::move(values)}};
      });
}

}  // namespace descent::rules

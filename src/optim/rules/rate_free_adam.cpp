// Adam's direction with a rate that grows from almost nothing: prodigy and D-adaptation.
#include <algorithm>
#include <array>
#include <cmath>

#include "descent/simd/reduce.hpp"
#include "src/optim/rules/entries.hpp"
#include "src/optim/rules/rate_free.hpp"
#include "src/optim/rules/sums.hpp"

namespace descent::rules {
namespace {

enum ProdigyValue { kRate, kBeta1, kBeta2, kBeta3, kEpsilon, kDecay, kD0, kDCoef, kGrowth, kBias, kSafeguard };
enum ProdigyScalar { kFound, kD, kDStart, kDMax, kNumerator, kPower1, kPower2, kNumProdigyScalars };

Flow prepare_prodigy(Values v, const Update& now, std::span<double> s, Numbers& k) {
  if (now.step == 0) s[kD] = s[kDStart] = s[kDMax] = v[kD0];
  s[kPower1] = next_power(s[kPower1], v[kBeta1]);
  s[kPower2] = next_power(s[kPower2], v[kBeta2]);
  const double correction = v[kBias] != 0.0 ? std::sqrt(1.0 - s[kPower2]) / (1.0 - s[kPower1]) : 1.0;
  const double d = s[kD];
  s[kFound] = d * v[kRate] * correction;
  k[0] = v[kBeta1];
  k[1] = d * (1.0 - v[kBeta1]);
  k[2] = v[kBeta2];
  k[3] = d * d * (1.0 - v[kBeta2]);
  k[4] = v[kBeta3] > 0.0 ? v[kBeta3] : std::sqrt(v[kBeta2]);
  k[5] = (d / s[kDStart]) * (v[kSafeguard] != 0.0 ? d : s[kFound]);
  return Flow::go_on;
}

/// The next d from both sums. Nothing moves while every gradient was 0.
Flow grow_prodigy(Values v, const Update&, const double* sums, std::span<double> s, Numbers& k) {
  if (sums[1] == 0.0) return Flow::stop;
  const double beta3 = v[kBeta3] > 0.0 ? v[kBeta3] : std::sqrt(v[kBeta2]);
  s[kNumerator] = beta3 * s[kNumerator] + ((s[kD] / s[kDStart]) * s[kFound]) * sums[0];
  if (v[kRate] > 0.0) {
    const double found = v[kDCoef] * s[kNumerator] / sums[1];
    double d = s[kD];
    if (d == s[kDStart]) d = std::max(d, found);
    s[kDMax] = std::max(s[kDMax], found);
    s[kD] = limited(s[kDMax], d, v[kGrowth]);
  }
  k[0] = v[kDecay] * s[kFound];
  k[1] = s[kFound];
  k[2] = s[kD] * v[kEpsilon];
  return Flow::go_on;
}

template <class T>
void sum_prodigy(const double* k, const Elements<T>& e, double* sums) {
  std::array<T, kRuleBlock> away{}, size{}, out;
  Elements<T> all = e;
  all.slots[4] = away.data();
  all.slots[5] = size.data();
  all.out = out.data();
  prodigy_gather(k, all);
  sums[0] += simd::dot(std::span(e.in, e.size), std::span<const T>(away.data(), e.size));
  sums[1] += simd::sum(std::span<const T>(size.data(), e.size));
}

const RuleDef kProdigy{.name = "prodigy",
                       .num_slots = 4,  // m, v, s, x0
                       .num_scalars = kNumProdigyScalars,
                       .scalar_start = {0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0},
                       .rate = kRate,
                       .found_rate = kFound,
                       .scale_free = true,
                       .rate_free = true,
                       .x_slots = 1U << 3,
                       .may_hold = true,
                       .prepare = prepare_prodigy,
                       .num_sums = 2,  // g . (x0 - x), ||s||_1
                       .sum64 = sum_prodigy<double>,
                       .sum32 = sum_prodigy<float>,
                       .summed = grow_prodigy,
                       .kernel64 = adam_direction,
                       .kernel32 = adam_direction,
                       .reference = [](const Reference& r) {
                         const double beta1 = r.values[kBeta1], beta2 = r.values[kBeta2];
                         const double beta3 = r.values[kBeta3] > 0.0 ? r.values[kBeta3] : std::sqrt(beta2);
                         const double d = r.scalars[kD], rate = r.scalars[kFound];
                         const double gain = (d / r.scalars[kDStart]) * (r.values[kSafeguard] != 0.0 ? d : rate);
                         for (std::size_t i = 0; i < r.u.size(); ++i) {
                           r.slots[0][i] = beta1 * r.slots[0][i] + (d * (1.0 - beta1)) * r.u[i];
                           r.slots[1][i] = beta2 * r.slots[1][i] + (d * d * (1.0 - beta2)) * (r.u[i] * r.u[i]);
                           r.slots[2][i] = beta3 * r.slots[2][i] + gain * r.u[i];
                         }
                         const std::array<double, 2> sums{
                             textbook_sum(r.u.size(), [&](std::size_t i) { return r.u[i] * (r.slots[3][i] - r.x[i]); }),
                             textbook_sum(r.u.size(), [&](std::size_t i) { return std::fabs(r.slots[2][i]); })};
                         Numbers unused;
                         *r.flow = grow_prodigy(r.values, r.now, sums.data(), r.scalars, unused);
                         for (std::size_t i = 0; i < r.u.size(); ++i)
                           r.u[i] =
                               (r.values[kDecay] * rate) * r.x[i] +
                               (rate * r.slots[0][i]) / (std::sqrt(r.slots[1][i]) + r.scalars[kD] * r.values[kEpsilon]);
                       }};

enum DadaptValue { kARate, kABeta1, kABeta2, kAEpsilon, kADecay, kAD0, kAGrowth, kABias };
enum DadaptScalar { kAFound, kAD, kANumerator, kAPower1, kAPower2, kNumDadaptScalars };

Flow prepare_dadapt_adam(Values v, const Update& now, std::span<double> s, Numbers& k) {
  if (now.step == 0) s[kAD] = v[kAD0];
  s[kAPower1] = next_power(s[kAPower1], v[kABeta1]);
  s[kAPower2] = next_power(s[kAPower2], v[kABeta2]);
  const double correction = v[kABias] != 0.0 ? std::sqrt(1.0 - s[kAPower2]) / (1.0 - s[kAPower1]) : 1.0;
  const double root = std::sqrt(v[kABeta2]);
  s[kAFound] = s[kAD] * v[kARate] * correction;
  k[0] = v[kABeta1];
  k[1] = s[kAFound] * (1.0 - v[kABeta1]);
  k[2] = v[kABeta2];
  k[3] = 1.0 - v[kABeta2];
  k[4] = root;
  k[5] = s[kAFound] * (1.0 - root);
  k[6] = v[kAEpsilon];
  return Flow::go_on;
}

Flow grow_dadapt_adam(Values v, const Update&, const double* sums, std::span<double> s, Numbers& k) {
  if (sums[1] == 0.0) return Flow::stop;
  const double root = std::sqrt(v[kABeta2]);
  s[kANumerator] = root * s[kANumerator] + (1.0 - root) * (s[kAFound] * sums[0]);
  if (v[kARate] > 0.0)
    s[kAD] = std::max(s[kAD], limited(s[kANumerator] / ((1.0 - root) * sums[1]), s[kAD], v[kAGrowth]));
  k[0] = v[kADecay] * s[kAFound];
  k[1] = 1.0;
  k[2] = v[kAEpsilon];
  return Flow::go_on;
}

template <class T>
void sum_dadapt_adam(const double* k, const Elements<T>& e, double* sums) {
  std::array<T, kRuleBlock> scaled{}, size{}, out;
  Elements<T> all = e;
  all.slots[3] = scaled.data();
  all.slots[4] = size.data();
  all.out = out.data();
  dadapt_adam_gather(k, all);
  sums[0] += simd::dot(std::span(e.in, e.size), std::span<const T>(scaled.data(), e.size));
  sums[1] += simd::sum(std::span<const T>(size.data(), e.size));
}

const RuleDef kDadaptAdam{
    .name = "dadapt_adam",
    .num_slots = 3,  // m (its rate inside), v, s
    .num_scalars = kNumDadaptScalars,
    .scalar_start = {0.0, 0.0, 0.0, 1.0, 1.0},
    .rate = kARate,
    .found_rate = kAFound,
    .scale_free = true,
    .rate_free = true,
    .may_hold = true,
    .prepare = prepare_dadapt_adam,
    .num_sums = 2,  // g . s / (sqrt(v) + epsilon), ||s||_1
    .sum64 = sum_dadapt_adam<double>,
    .sum32 = sum_dadapt_adam<float>,
    .summed = grow_dadapt_adam,
    .kernel64 = adam_direction,
    .kernel32 = adam_direction,
    .reference = [](const Reference& r) {
      const double beta1 = r.values[kABeta1], beta2 = r.values[kABeta2], epsilon = r.values[kAEpsilon];
      const double root = std::sqrt(beta2), rate = r.scalars[kAFound];
      std::array<double, 2> sums{};
      sums[0] = textbook_sum(
          r.u.size(), [&](std::size_t i) { return r.u[i] * (r.slots[2][i] / (std::sqrt(r.slots[1][i]) + epsilon)); });
      for (std::size_t i = 0; i < r.u.size(); ++i) {
        r.slots[0][i] = beta1 * r.slots[0][i] + (rate * (1.0 - beta1)) * r.u[i];
        r.slots[1][i] = beta2 * r.slots[1][i] + (1.0 - beta2) * (r.u[i] * r.u[i]);
        r.slots[2][i] = root * r.slots[2][i] + (rate * (1.0 - root)) * r.u[i];
      }
      sums[1] = textbook_sum(r.u.size(), [&](std::size_t i) { return std::fabs(r.slots[2][i]); });
      Numbers unused;
      *r.flow = grow_dadapt_adam(r.values, r.now, sums.data(), r.scalars, unused);
      for (std::size_t i = 0; i < r.u.size(); ++i)
        r.u[i] = (r.values[kADecay] * rate) * r.x[i] + r.slots[0][i] / (std::sqrt(r.slots[1][i]) + epsilon);
    }};

ParamSpec bias_spec() {
  return flag_spec("bias_correction", "Adam's factor sqrt(1 - beta2^t) / (1 - beta1^t) in the rate",
                   "off, as in the authors' code");
}
ParamSpec decay_spec() {
  return weight_decay_spec("0", "pull of every parameter towards 0, times the rate d r",
                           "off; coupled decay is add_decayed_weights in front");
}
double flag_value(const Given& given, const char* name) { return given.flag(name) ? 1.0 : 0.0; }

}  // namespace

void add_rate_free_adam(Registry<OptimizerMaker>& registry) {
  add_rule(
      registry,
      {.name = "prodigy",
       .summary = "Adam that estimates how far the minimum is, and so needs no learning rate.",
       .formula =
           "m = beta1 m + (1 - beta1) d g, v = beta2 v + (1 - beta2) d^2 g^2, q = beta3 q + d^2 r g.(x_0 - x) / d0, "
           "s = beta3 s + d^2 r g / d0, d' = max(d, d_coef q / ||s||_1), "
           "x = x - d r (m / (sqrt(v) + d' epsilon) + weight_decay x), d = d'",
       .params = {rate_factor_spec(), beta1_spec(), beta2_spec(),
                  number_spec("beta3", "0", kFraction, "decay of the sums q and s; 0 = sqrt(beta2)", "the authors'"),
                  epsilon_spec(), decay_spec(), d0_spec(),
                  number_spec("d_coef", "1", kPositive, "factor of every estimate of d",
                              "the authors'; 0.5 or 2 for a shorter or longer rate than it finds"),
                  growth_spec(), bias_spec(),
                  flag_spec("safeguard_warmup", "leaves r out of s, so that a warm-up does not overestimate d",
                            "off, as in the authors' code; for schedules that begin small")},
       .reference = "K. Mishchenko, A. Defazio, \"Prodigy: an expeditiously adaptive parameter-free learner\", ICML "
                    "2024, algorithm 4",
       .differs = "none but rounding from the authors' prodigyopt 1.1.2 (decouple=True, one group); optax always "
                  "corrects the bias. weight_decay is scaled by d r",
       .example = "prodigy(cosine(1, 1000))"},
      [](const Given& given) {
        check_growth(given);
        return std::vector<Rule>{
            Rule{.def = &kProdigy,
                 .values = {given.rate_value(), given["beta1"], given["beta2"], given["beta3"], given["epsilon"],
                            given["weight_decay"], given["d0"], given["d_coef"], given["growth_rate"],
                            flag_value(given, "bias_correction"), flag_value(given, "safeguard_warmup")}}};
      });
  add_rule(
      registry,
      {.name = "dadapt_adam",
       .summary = "Adam with D-adaptation: its rate grows to the distance of the minimum.",
       .formula = "q = b q + (1 - b) d r g.(s / (sqrt(v) + epsilon)), m = beta1 m + (1 - beta1) d r g, "
                  "v = beta2 v + (1 - beta2) g^2, s = b s + (1 - b) d r g, b = sqrt(beta2), "
                  "x = x - m / (sqrt(v) + epsilon) - d r weight_decay x, d = max(d, q / ((1 - b) ||s||_1))",
       .params = {rate_factor_spec(), beta1_spec(), beta2_spec(), epsilon_spec(), decay_spec(), d0_spec(),
                  growth_spec(), bias_spec()},
       .reference = "A. Defazio, K. Mishchenko, \"Learning-rate-free learning by D-adaptation\", ICML 2023, "
                    "algorithm 5",
       .differs = "none but rounding from the authors' dadaptation 3.2 (layer_scale 1, decouple=True; theirs couples "
                  "weight decay unless told)",
       .example = "dadapt_adam(d0=1e-6, growth_rate=1.02)"},
      [](const Given& given) {
        check_growth(given);
        return std::vector<Rule>{
            Rule{.def = &kDadaptAdam,
                 .values = {given.rate_value(), given["beta1"], given["beta2"], given["epsilon"], given["weight_decay"],
                            given["d0"], given["growth_rate"], flag_value(given, "bias_correction")}}};
      });
}

}  // namespace descent::rules

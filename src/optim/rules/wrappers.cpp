// What stands around other rules: accumulation, skipped gradients and noise in front; lookahead and averages behind.
#include "src/optim/rules/wrappers.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "descent/core/elementary.hpp"
#include "descent/core/random.hpp"
#include "src/optim/rules/entries.hpp"

namespace descent::rules {
namespace {

/// How often x has been part of an average, and whether x after this update is.
struct Sample {
  bool taken = false;
  Sample(double start, double every, const Update& now) {
    const double t = static_cast<double>(now.step + 1);
    taken = t > start && std::fmod(t - start, every) == 0.0;
  }
};
/// counts[0]: points in the average. Before the first the slot follows x, so that there is always something to report.
Flow prepare_mean(double start, double every, const Update& now, std::span<double> counts, Numbers& k) {
  const bool taken = Sample(start, every, now).taken;
  if (taken) counts[0] += 1.0;
  k[0] = taken ? 1.0 / counts[0] : 0.0;
  k[1] = counts[0] == 0.0 || (taken && counts[0] == 1.0) ? 1.0 : 0.0;
  return Flow::go_on;
}
void reference_mean(const Reference& r, double start, double every) {
  const bool taken = Sample(start, every, r.now).taken;
  const double count = r.scalars[0];
  for (std::size_t i = 0; i < r.u.size(); ++i) {
    double& mean = r.slots[0][i];
    const double next = r.x[i] - r.u[i];
    if (count == 0.0 || (taken && count == 1.0)) {
      mean = next;
    } else if (taken) {
      mean = mean + (1.0 / count) * (next - mean);
    }
  }
}

const RuleDef kPolyakAverage{.name = "polyak_average",
                             .num_slots = 1,
                             .num_scalars = 1,
                             .x_slots = 1,
                             .solution_slot = 0,
                             .count_scalar = 0,
                             .place = 3,
                             .prepare = [](Values v, const Update& now, std::span<double> counts,
                                           Numbers& k) { return prepare_mean(v[0], 1.0, now, counts, k); },
                             .kernel64 = average_elements,
                             .kernel32 = average_elements,
                             .reference = [](const Reference& r) { reference_mean(r, r.values[0], 1.0); }};

const RuleDef kSwa{.name = "swa",
                   .num_slots = 1,
                   .num_scalars = 1,
                   .x_slots = 1,
                   .solution_slot = 0,
                   .count_scalar = 0,
                   .place = 3,
                   .prepare = [](Values v, const Update& now, std::span<double> counts,
                                 Numbers& k) { return prepare_mean(v[0], v[1], now, counts, k); },
                   .kernel64 = average_elements,
                   .kernel32 = average_elements,
                   .reference = [](const Reference& r) { reference_mean(r, r.values[0], r.values[1]); }};

const RuleDef kEmaAverage{.name = "ema_average",
                          .num_slots = 1,
                          .x_slots = 1,
                          .solution_slot = 0,
                          .place = 3,
                          .prepare =
                              [](Values v, const Update& now, std::span<double>, Numbers& k) {
                                k[0] = 1.0 - v[0];
                                k[1] = now.step == 0 ? 1.0 : 0.0;
                                return Flow::go_on;
                              },
                          .kernel64 = average_elements,
                          .kernel32 = average_elements,
                          .reference =
                              [](const Reference& r) {
                                for (std::size_t i = 0; i < r.u.size(); ++i) {
                                  double& mean = r.slots[0][i];
                                  const double next = r.x[i] - r.u[i];
                                  mean = r.now.step == 0 ? next : mean + (1.0 - r.values[0]) * (next - mean);
                                }
                              }};

bool meets(Values v, const Update& now) { return std::fmod(static_cast<double>(now.step + 1), v[0]) == 0.0; }

const RuleDef kLookahead{.name = "lookahead",
                         .num_slots = 1,
                         .x_slots = 1,
                         .solution_slot = 0,
                         .place = 2,
                         .prepare =
                             [](Values v, const Update& now, std::span<double>, Numbers& k) {
                               k[0] = v[1];
                               k[1] = meets(v, now) ? 1.0 : 0.0;
                               return Flow::go_on;
                             },
                         .kernel64 = lookahead_elements,
                         .kernel32 = lookahead_elements,
                         .reference =
                             [](const Reference& r) {
                               if (!meets(r.values, r.now)) return;
                               for (std::size_t i = 0; i < r.u.size(); ++i) {
                                 double& slow = r.slots[0][i];
                                 const double fast = r.x[i] - r.u[i];
                                 slow = slow + r.values[1] * (fast - slow);
                                 r.u[i] = r.x[i] - slow;
                               }
                             }};

const RuleDef kAccumulate{.name = "accumulate",
                          .num_slots = 1,
                          .may_hold = true,
                          .prepare =
                              [](Values v, const Update& now, std::span<double>, Numbers& k) {
                                k[0] = v[0];
                                k[1] = meets(v, now) ? 1.0 : 0.0;
                                return k[1] != 0.0 ? Flow::go_on : Flow::stop;
                              },
                          .kernel64 = accumulate_elements,
                          .kernel32 = accumulate_elements,
                          .reference =
                              [](const Reference& r) {
                                const bool last = meets(r.values, r.now);
                                for (std::size_t i = 0; i < r.u.size(); ++i) {
                                  double& sum = r.slots[0][i];
                                  sum = sum + r.u[i];
                                  if (!last) continue;
                                  r.u[i] = sum / r.values[0];
                                  sum = 0.0;
                                }
                              }};

template <class T>
void count_not_finite(const double*, const Elements<T>& e, double* sums) {
  for (std::size_t i = 0; i < e.size; ++i) sums[0] += std::isfinite(e.in[i]) ? 0.0 : 1.0;
}
template <class T>
void pass_on(const double*, const Elements<T>& e) {
  if (e.in != e.out) std::copy_n(e.in, e.size, e.out);
}
/// counts: skipped in all, skipped in a row.
Flow skip_or_go_on(Values v, bool is_finite, std::span<double> counts) {
  if (is_finite || counts[1] >= v[0]) {
    if (is_finite) counts[1] = 0.0;
    return Flow::go_on;
  }
  counts[0] += 1.0;
  counts[1] += 1.0;
  return Flow::stop;
}

const RuleDef kSkipIfNotFinite{.name = "skip_if_not_finite",
                               .num_scalars = 2,
                               .may_hold = true,
                               .forgives = true,
                               .num_sums = 1,
                               .sum64 = count_not_finite<double>,
                               .sum32 = count_not_finite<float>,
                               .summed = [](Values v, const Update&, const double* sums, std::span<double> counts,
                                            Numbers&) { return skip_or_go_on(v, sums[0] == 0.0, counts); },
                               .kernel64 = pass_on<double>,
                               .kernel32 = pass_on<float>,
                               .reference =
                                   [](const Reference& r) {
                                     const bool is_finite =
                                         std::all_of(r.u.begin(), r.u.end(), [](double u) { return std::isfinite(u); });
                                     *r.flow = skip_or_go_on(r.values, is_finite, r.scalars);
                                   }};

const RuleDef kZeroNans{.name = "zero_nans",
                        .forgives = true,
                        .kernel64 = zero_nans_elements,
                        .kernel32 = zero_nans_elements,
                        .reference = [](const Reference& r) {
                          for (double& u : r.u)
                            if (std::isnan(u)) u = 0.0;
                        }};

/// Values: eta, gamma, seed.
double noise_deviation(Values v, const Update& now) {
  return std::sqrt(v[0] / math::pow(static_cast<double>(now.step + 1), v[1]));
}
Rng noise_of(double seed, double step) {
  return Rng(static_cast<std::uint64_t>(seed), RandomStream::noise, static_cast<std::uint32_t>(step));
}
template <class T>
void add_noise(const double* k, const Elements<T>& e) {
  const Rng rng = noise_of(k[1], k[2]);
  for (std::size_t i = 0; i < e.size; ++i) e.out[i] = static_cast<T>(e.in[i] + k[0] * rng.normal(e.first + i));
}

const RuleDef kAddNoise{.name = "add_noise",
                        .prepare =
                            [](Values v, const Update& now, std::span<double>, Numbers& k) {
                              k[0] = noise_deviation(v, now);
                              k[1] = v[2];
                              k[2] = static_cast<double>(now.step % (std::uint64_t{1} << 32U));
                              return Flow::go_on;
                            },
                        .kernel64 = add_noise<double>,
                        .kernel32 = add_noise<float>,
                        .reference =
                            [](const Reference& r) {
                              const double deviation = noise_deviation(r.values, r.now);
                              const Rng rng(static_cast<std::uint64_t>(r.values[2]), RandomStream::noise,
                                            static_cast<std::uint32_t>(r.now.step));
                              for (std::size_t i = 0; i < r.u.size(); ++i) r.u[i] = r.u[i] + deviation * rng.normal(i);
                            }};

ParamSpec count_spec(std::string name, std::string default_text, double low, std::string meaning, std::string why) {
  return {.name = std::move(name),
          .kind = ParamKind::integer,
          .default_text = std::move(default_text),
          .interval = {.low = low, .high = std::numeric_limits<double>::infinity(), .high_open = true},
          .meaning = std::move(meaning),
          .why = std::move(why)};
}
Rule rule_of(const RuleDef& def, const Given& given) {
  Rule rule{.def = &def, .values = {}};
  for (const ParamSpec& spec : given.entry.params) rule.values.push_back(given[spec.name.c_str()]);
  return rule;
}
template <const RuleDef& def>
void add_wrapper(Registry<OptimizerMaker>& registry, Entry entry) {
  add_rule(registry, std::move(entry), [](const Given& given) { return std::vector<Rule>{rule_of(def, given)}; });
}

}  // namespace

void add_wrappers(Registry<OptimizerMaker>& registry) {
  add_wrapper<kAccumulate>(
      registry,
      {.name = "accumulate",
       .summary = "Gathers the gradients of several batches: what stands behind it sees their mean, once.",
       .formula = "s = s + g; in every `batches`-th update u = s / batches and s = 0, else nothing moves",
       .params = {count_spec("batches", "", 1, "gradients gathered for a step",
                             "it is the batch that is wanted over the batch that fits, which no rule knows")},
       .reference = "optax, MultiSteps",
       .differs = "optax's apply_every is another: it lets the rules behind see zeros. A mean of batches, so a "
                  "shorter last batch counts as much as others; gradients gathered at the end of a run are left",
       .example = "accumulate(4) | clip_by_global_norm(1) | adam(0.01)"});
  add_wrapper<kSkipIfNotFinite>(
      registry,
      {.name = "skip_if_not_finite",
       .summary = "Leaves out updates whose gradient is not finite; after too many in a row it lets one through.",
       .formula = "if any u_i is inf or nan nothing moves, at most max_in_a_row times in a row",
       .params = {count_spec(
           "max_in_a_row", "10", 0, "updates left out in a row before the next goes through",
           "one bad batch is bad luck, ten in a row are a fault: the run then ends as diverged and says "
           "where")},
       .reference = "optax, apply_if_finite",
       .differs = "optax's max_consecutive_errors has no default",
       .example = "skip_if_not_finite(5) | adam(0.01)"});
  add_wrapper<kZeroNans>(registry, {.name = "zero_nans",
                                    .summary = "Takes components that are not a number for 0; infinities stay.",
                                    .formula = "u_i = 0 where u_i is nan",
                                    .params = {},
                                    .reference = "optax, zero_nans",
                                    .differs = "none from optax",
                                    .example = "zero_nans | adam(0.01)"});
  add_wrapper<kAddNoise>(
      registry,
      {.name = "add_noise",
       .summary = "Adds Gaussian noise that fades.",
       .formula = "u = u + N(0, eta / (1 + t)^gamma), t = 0, 1, 2, ...",
       .params = {number_spec("eta", "0.01", kPositive, "variance of the first noise", "the smallest the paper tried"),
                  number_spec("gamma", "0.55", kNotNegative, "how fast it fades", "the paper's"),
                  count_spec("seed", "0", 0, "which noise", "the same in every run unless told otherwise")},
       .reference = "A. Neelakantan et al., \"Adding gradient noise improves learning for very deep networks\", 2015, "
                    "arXiv:1511.06807, section 3",
       .differs =
           "component i in update t is number i of stream t of the seed: the same however a run is cut or resumed",
       .example = "add_noise(eta=0.3, seed=1) | sgd(0.01)"});
  add_wrapper<kLookahead>(
      registry,
      {.name = "lookahead",
       .summary = "Every few updates goes back to a slow point that follows: for the end of a chain.",
       .formula = "every `period` updates: s = s + slow_step (x - s), x = s; the result is s",
       .params = {count_spec("period", "5", 1, "fast updates for a slow one", "the paper's"),
                  number_spec("slow_step", "0.5", {.low = 0.0, .high = 1.0, .low_open = true},
                              "how far the slow point follows", "the paper's")},
       .reference = "M. Zhang, J. Lucas, G. Hinton, J. Ba, \"Lookahead optimizer: k steps forward, 1 step back\", "
                    "NeurIPS 2019, algorithm 1",
       .differs = "none from optax, which needs a pair of parameters; the state of the rules before it is kept, the "
                  "paper's choice for its experiments",
       .example = "adam(0.01) | lookahead(5, slow_step=0.5)"});
  const char* const averages =
      "B. T. Polyak, A. B. Juditsky, \"Acceleration of stochastic approximation by averaging\", "
      "SIAM J. Control Optim. 30(4), 1992, eq. 4";
  add_wrapper<kPolyakAverage>(
      registry,
      {.name = "polyak_average",
       .summary = "The mean of all points from some update on is the result: for the end of a chain.",
       .formula = "a = mean of x after updates start + 1, start + 2, ...; x itself goes on; before that a = x",
       .params = {count_spec("start", "0", 0, "updates before averaging begins",
                             "all points, as in the paper; a start after the first descent forgets it")},
       .reference = averages,
       .differs = "the starting point is not part of the mean",
       .example = "sgd(0.1) | polyak_average(100)"});
  add_wrapper<kEmaAverage>(
      registry,
      {.name = "ema_average",
       .summary = "A decaying mean of the points is the result: for the end of a chain.",
       .formula = "a = decay a + (1 - decay) x after every update, a = x after the first; x itself goes on",
       .params = {number_spec("decay", "0.999", kFraction, "how much of the mean stays", "about a thousand points")},
       .reference = averages,
       .differs =
           "torch.optim.swa_utils.AveragedModel with get_ema_multi_avg_fn: none but rounding; optax starts at 0 and "
           "corrects the bias",
       .example = "adam(0.01) | ema_average(0.99)"});
  add_wrapper<kSwa>(
      registry,
      {.name = "swa",
       .summary = "Stochastic weight averaging: the mean of points taken at the ends of cycles is the result.",
       .formula =
           "a = mean of x after updates start + every, start + 2 every, ...; x itself goes on; before that a = x",
       .params = {count_spec("start", "", 0, "updates before the first cycle",
                             "it is where the first descent ends, which no rule knows"),
                  count_spec("every", "1", 1, "updates of a cycle; that of the rate's schedule, if it has one",
                             "with a constant rate every point is as good")},
       .reference =
           "P. Izmailov, D. Podoprikhin, T. Garipov, D. Vetrov, A. G. Wilson, \"Averaging weights leads to wider "
           "optima and better generalization\", UAI 2018, algorithm 1",
       .differs = "the paper starts its mean with the point at `start`, which is no end of a cycle",
       .example = "sgd(0.1) | swa(1000, every=50)"});
}

}  // namespace descent::rules

#include "src/optim/rules/adam_family.hpp"

#include <algorithm>
#include <cmath>

#include "descent/core/elementary.hpp"
#include "src/optim/rules/basic.hpp"
#include "src/optim/rules/entries.hpp"

namespace descent::rules {
namespace {

/// Where a rule keeps what next_bias moves on: for beta1 (or nadam's momenta), then for beta2.
enum { kFirst = 0, kSecond = 2 };

void means_numbers(Values v, Numbers& k) {
  k[0] = v[0];
  k[1] = 1.0 - v[0];
  k[2] = v[1];
  k[3] = 1.0 - v[1];
}

// The bias corrections are folded into numbers that are the same for all elements, as in adam (basic_ops_simd.hpp).
Flow prepare_amsgrad(Values v, const Update&, std::span<double> state, Numbers& k) {
  const double c1 = next_bias(&state[kFirst], v[0]), c2 = next_bias(&state[kSecond], v[1]);
  const bool corrected = v[3] != 0.0;
  const double root = corrected ? 1.0 : std::sqrt(c2);
  means_numbers(v, k);
  k[4] = root / c1;
  k[5] = v[2] * root;
  k[6] = corrected ? 1.0 / c2 : 1.0;
  return Flow::go_on;
}
Flow prepare_adamax(Values v, const Update&, std::span<double> state, Numbers& k) {
  k[0] = v[0];
  k[1] = 1.0 - v[0];
  k[2] = v[1];
  k[3] = v[2];
  k[4] = 1.0 / next_bias(&state[kFirst], v[0]);
  return Flow::go_on;
}

/// mu_t = beta1 (1 - 0.96^(t momentum_decay) / 2), or beta1 itself.
double nadam_momentum(Values v, double t) {
  return v[4] != 0.0 ? v[0] : v[0] * (1.0 - 0.5 * math::pow(0.96, t * v[3]));
}
Flow prepare_nadam(Values v, const Update& now, std::span<double> state, Numbers& k) {
  const double t = static_cast<double>(now.step) + 1.0;
  const double mu = nadam_momentum(v, t), next = nadam_momentum(v, t + 1.0);
  const double missing = next_bias(&state[kFirst], mu), root = std::sqrt(next_bias(&state[kSecond], v[1]));
  means_numbers(v, k);
  k[4] = root * ((1.0 - mu) / missing);
  k[5] = root * (next / ((1.0 - next) + next * missing));
  k[6] = v[2] * root;
  return Flow::go_on;
}

struct Rectified {
  bool divides = false;
  double factor = 1.0;  ///< of m / (1 - beta1^t)
  double epsilon = 0.0;
};
/// rho_t, the length of the mean that v is, stands in a difference that cancels: its parts must have all their digits.
Rectified rectified(Values v, double t, const double* state) {
  const double c2 = bias_now(state + kSecond), root = std::sqrt(c2);
  const double rho_end = 2.0 / (1.0 - v[1]) - 1.0;
  const double rho = rho_end - 2.0 * t * state[kSecond] / c2;
  if (!(rho > v[3])) return {};
  const double length = ((rho - 4.0) * (rho - 2.0) * rho_end) / ((rho_end - 4.0) * (rho_end - 2.0) * rho);
  return {.divides = true, .factor = std::sqrt(length) * root, .epsilon = v[4] != 0.0 ? v[2] * root : v[2]};
}
Flow prepare_radam(Values v, const Update& now, std::span<double> state, Numbers& k) {
  const double c1 = next_bias(&state[kFirst], v[0]);
  next_bias(&state[kSecond], v[1]);
  const Rectified part = rectified(v, static_cast<double>(now.step) + 1.0, state.data());
  means_numbers(v, k);
  k[4] = part.factor / c1;
  k[5] = part.epsilon;
  k[6] = part.divides ? 1.0 : 0.0;
  return Flow::go_on;
}

/// m and v of element i, moved on.
void update_means(const Reference& r, std::size_t i) {
  const double beta1 = r.values[0], beta2 = r.values[1];
  r.slots[0][i] = beta1 * r.slots[0][i] + (1.0 - beta1) * r.u[i];
  r.slots[1][i] = beta2 * r.slots[1][i] + (1.0 - beta2) * (r.u[i] * r.u[i]);
}

}  // namespace

const RuleDef kAmsgrad{.name = "scale_by_amsgrad",
                       .num_slots = 3,
                       .num_scalars = 4,
                       .scalar_start = {1.0, 0.0, 1.0, 0.0},
                       .scale_free = true,
                       .prepare = prepare_amsgrad,
                       .kernel64 = amsgrad_elements,
                       .kernel32 = amsgrad_elements,
                       .reference = [](const Reference& r) {
                         const double c1 = bias_now(&r.scalars[kFirst]), c2 = bias_now(&r.scalars[kSecond]);
                         const bool corrected = r.values[3] != 0.0;
                         const double root = corrected ? 1.0 : std::sqrt(c2);
                         for (std::size_t i = 0; i < r.u.size(); ++i) {
                           update_means(r, i);
                           double& largest = r.slots[2][i];
                           const double v = corrected ? (1.0 / c2) * r.slots[1][i] : r.slots[1][i];
                           if (!(largest > v)) largest = v;
                           r.u[i] = (r.slots[0][i] * (root / c1)) / (std::sqrt(largest) + r.values[2] * root);
                         }
                       }};

const RuleDef kAdamax{.name = "scale_by_adamax",
                      .num_slots = 2,
                      .num_scalars = 2,
                      .scalar_start = {1.0, 0.0},
                      .scale_free = true,
                      .prepare = prepare_adamax,
                      .kernel64 = adamax_elements,
                      .kernel32 = adamax_elements,
                      .reference = [](const Reference& r) {
                        const double beta1 = r.values[0], c1 = bias_now(&r.scalars[kFirst]);
                        for (std::size_t i = 0; i < r.u.size(); ++i) {
                          double &m = r.slots[0][i], &norm = r.slots[1][i];
                          m = beta1 * m + (1.0 - beta1) * r.u[i];
                          const double old = r.values[1] * norm;
                          norm = std::fabs(r.u[i]) + r.values[2];
                          if (old > norm) norm = old;
                          r.u[i] = (m * (1.0 / c1)) / norm;
                        }
                      }};

const RuleDef kNadam{.name = "scale_by_nadam",
                     .num_slots = 2,
                     .num_scalars = 4,
                     .scalar_start = {1.0, 0.0, 1.0, 0.0},
                     .scale_free = true,
                     .prepare = prepare_nadam,
                     .kernel64 = nadam_elements,
                     .kernel32 = nadam_elements,
                     .reference = [](const Reference& r) {
                       const double t = static_cast<double>(r.now.step) + 1.0;
                       const double mu = nadam_momentum(r.values, t), next = nadam_momentum(r.values, t + 1.0);
                       const double missing = bias_now(&r.scalars[kFirst]);
                       const double root = std::sqrt(bias_now(&r.scalars[kSecond]));
                       const double ahead = root * ((1.0 - mu) / missing);
                       const double mean = root * (next / ((1.0 - next) + next * missing));
                       for (std::size_t i = 0; i < r.u.size(); ++i) {
                         update_means(r, i);
                         r.u[i] =
                             (ahead * r.u[i] + mean * r.slots[0][i]) / (std::sqrt(r.slots[1][i]) + r.values[2] * root);
                       }
                     }};

const RuleDef kRadam{.name = "scale_by_radam",
                     .num_slots = 2,
                     .num_scalars = 4,
                     .scalar_start = {1.0, 0.0, 1.0, 0.0},
                     .scale_free = true,
                     .prepare = prepare_radam,
                     .kernel64 = radam_elements,
                     .kernel32 = radam_elements,
                     .reference = [](const Reference& r) {
                       const double t = static_cast<double>(r.now.step) + 1.0;
                       const Rectified part = rectified(r.values, t, r.scalars.data());
                       const double factor = part.factor / bias_now(&r.scalars[kFirst]);
                       for (std::size_t i = 0; i < r.u.size(); ++i) {
                         update_means(r, i);
                         const double m = r.slots[0][i] * factor;
                         r.u[i] = part.divides ? m / (std::sqrt(r.slots[1][i]) + part.epsilon) : m;
                       }
                     }};

namespace {

const char* const kAdamaxReference =
    "D. P. Kingma, J. Ba, \"Adam: a method for stochastic optimization\", ICLR 2015, algorithm 2";

/// What is written about a rule, for its entries: preset, decoupled preset, direction alone.
struct Kin {
  const char* name;
  const char* summary;
  const char* direction;  ///< formula of d
  std::vector<ParamSpec> own;
  const char* reference;
  const char* differs;
};

Rule amsgrad_rule(const Given& given) {
  return {.def = &kAmsgrad,
          .values = {given["beta1"], given["beta2"], given["epsilon"],
                     Hyper(given.choice("maximum") == "corrected" ? 1.0 : 0.0)}};
}
Rule adamax_rule(const Given& given) {
  return {.def = &kAdamax, .values = {given["beta1"], given["beta2"], given["epsilon"]}};
}
Rule nadam_rule(const Given& given) {
  return {.def = &kNadam,
          .values = {given["beta1"], given["beta2"], given["epsilon"], given["momentum_decay"],
                     Hyper(given.choice("nesterov_form") == "constant" ? 1.0 : 0.0)}};
}
Rule radam_rule(const Given& given) {
  return {.def = &kRadam,
          .values = {given["beta1"], given["beta2"], given["epsilon"], given["threshold"],
                     Hyper(given.choice("epsilon_placement") == "corrected" ? 1.0 : 0.0)}};
}

Kin amsgrad() {
  return {
      .name = "amsgrad",
      .summary = "Adam that divides by the largest mean square so far, so that no step grows again.",
      .direction =
          "m, v as adam, s = max(s, v), d = (m / (1 - beta1^t)) / (sqrt(s / (1 - beta2^t)) + epsilon); "
          "maximum=corrected: s = max(s, v / (1 - beta2^t)), d = (m / (1 - beta1^t)) / (sqrt(s) + epsilon)",
      .own = {choice_spec("maximum", {"raw", "corrected"}, "which v the largest is taken of",
                          "torch's; of corrected ones the early, noisy v stay for good")},
      .reference = "S. J. Reddi, S. Kale, S. Kumar, \"On the convergence of Adam and beyond\", ICLR 2018, algorithm 2",
      .differs = "the paper has no bias corrections; PyTorch: none; optax: maximum=corrected"};
}
Kin adamax() {
  return {.name = "adamax",
          .summary = "Adam that divides by a decaying maximum of sizes instead of a root mean square.",
          .direction = "m as adam, s = max(beta2 s, |g| + epsilon), d = (m / (1 - beta1^t)) / s",
          .own = {},
          .reference = kAdamaxReference,
          .differs = "the paper has no epsilon; PyTorch and optax: none; ensmallen adds epsilon in the quotient"};
}
Kin nadam() {
  return {.name = "nadam",
          .summary = "Adam with Nesterov's look ahead.",
          .direction =
              "m, v as adam, mu_t = beta1 (1 - 0.96^(t momentum_decay) / 2), P_t = mu_1 ... mu_t, d = ((1 - mu_t) "
              "g / (1 - P_t) + mu_(t+1) m / (1 - P_(t+1))) / (sqrt(v / (1 - beta2^t)) + epsilon); "
              "nesterov_form=constant: mu_t = beta1",
          .own = {number_spec("momentum_decay", "0.004", kNotNegative, "how fast mu rises from beta1 / 2 to beta1",
                              "the paper's: 0.96^(t / 250)"),
                  choice_spec("nesterov_form", {"scheduled", "constant"}, "whether mu rises or is beta1 from the start",
                              "the paper's and torch's")},
          .reference = "T. Dozat, \"Incorporating Nesterov momentum into Adam\", ICLR workshop 2016",
          .differs =
              "PyTorch 2: none (1.13 multiplies mu_t in twice); optax: nesterov_form=constant; ensmallen divides "
              "epsilon by sqrt(1 - beta2^t)"};
}
Kin radam() {
  return {
      .name = "radam",
      .summary = "Adam that divides only once there are enough gradients to know by what: a warm-up of its own.",
      .direction =
          "m, v as adam, n = 2 / (1 - beta2) - 1, n_t = n - 2 t beta2^t / (1 - beta2^t); if n_t > threshold "
          "d = sqrt((n_t - 4) (n_t - 2) n / ((n - 4) (n - 2) n_t)) (m / (1 - beta1^t)) / (sqrt(v / (1 - "
          "beta2^t)) + epsilon), else d = m / (1 - beta1^t); epsilon_placement=uncorrected: sqrt(1 - beta2^t) "
          "/ (sqrt(v) + epsilon)",
      .own = {number_spec("threshold", "5",
                          {.low = 4.0, .high = std::numeric_limits<double>::infinity(), .high_open = true},
                          "gradients that v must be the mean of", "torch's and optax's; the paper needs more than 4"),
              choice_spec("epsilon_placement", {"corrected", "uncorrected"}, "which root epsilon is added to",
                          "as in adam")},
      .reference =
          "L. Liu et al., \"On the variance of the adaptive learning rate and beyond\", ICLR 2020, algorithm 2",
      .differs = "PyTorch: epsilon_placement=uncorrected (torch.radam); optax divides at n_t = threshold too"};
}

using KinRule = Rule (*)(const Given&);
template <KinRule rule>
std::vector<Rule> coupled(const Given& given) {
  std::vector<Rule> rules;
  given.append_decay(rules);
  rules.insert(rules.end(), {rule(given), given.rate()});
  return rules;
}
template <KinRule rule>
std::vector<Rule> decoupled(const Given& given) {
  std::vector<Rule> rules{rule(given)};
  given.append_decay(rules);
  rules.push_back(given.rate());
  return rules;
}
template <KinRule rule>
std::vector<Rule> alone(const Given& given) {
  return {rule(given)};
}

std::vector<ParamSpec> specs(const Kin& kin) {
  std::vector<ParamSpec> result{beta1_spec(), beta2_spec(), epsilon_spec()};
  result.insert(result.end(), kin.own.begin(), kin.own.end());
  return result;
}

template <KinRule rule>
void add_preset(Registry<OptimizerMaker>& registry, const Kin& kin) {
  std::vector<ParamSpec> params = specs(kin);
  params.insert(params.begin(), rate_spec());
  params.push_back(coupled_decay_spec());
  add_rule(registry,
           {.name = kin.name,
            .summary = kin.summary,
            .formula = std::string("g = g + weight_decay x; ") + kin.direction + "; x = x - r d",
            .params = std::move(params),
            .reference = kin.reference,
            .differs = kin.differs,
            .example = std::string(kin.name) + "(0.05)"},
           coupled<rule>);
}
template <KinRule rule>
void add_decoupled(Registry<OptimizerMaker>& registry, const Kin& kin) {
  std::vector<ParamSpec> params = specs(kin);
  params.insert(params.begin(), {rate_spec(), decoupled_decay_spec()});
  const std::string base = kin.name;
  add_rule(registry,
           {.name = base + "w",
            .summary = "The rule " + base + " with weight decay that its quotient does not see.",
            .formula = std::string(kin.direction) + "; x = x - r (d + weight_decay x)",
            .params = std::move(params),
            .reference = std::string(kin.reference) +
                         "; I. Loshchilov, F. Hutter, \"Decoupled weight decay regularization\", ICLR 2019",
            .differs = kin.differs,
            .example = base + "w(0.05, weight_decay=0.02)"},
           decoupled<rule>);
}
template <KinRule rule>
void add_direction(Registry<OptimizerMaker>& registry, const Kin& kin) {
  const std::string name = std::string("scale_by_") + kin.name;
  add_rule(registry,
           {.name = name,
            .summary = "The direction of " + std::string(kin.name) + ", without a learning rate.",
            .formula = std::string(kin.direction) + "; u = d",
            .params = specs(kin),
            .reference = kin.reference,
            .differs = kin.differs,
            .example = name + "(beta2=0.99) | scale_by_learning_rate(0.05)"},
           alone<rule>);
}

}  // namespace

void add_adam_family(Registry<OptimizerMaker>& registry) {
  add_preset<amsgrad_rule>(registry, amsgrad());
  add_preset<adamax_rule>(registry, adamax());
  add_decoupled<adamax_rule>(registry, adamax());
  add_preset<nadam_rule>(registry, nadam());
  add_decoupled<nadam_rule>(registry, nadam());
  add_preset<radam_rule>(registry, radam());
  add_decoupled<radam_rule>(registry, radam());
}

void add_adam_family_transforms(Registry<OptimizerMaker>& registry) {
  add_direction<amsgrad_rule>(registry, amsgrad());
  add_direction<adamax_rule>(registry, adamax());
  add_direction<nadam_rule>(registry, nadam());
  add_direction<radam_rule>(registry, radam());
}

}  // namespace descent::rules

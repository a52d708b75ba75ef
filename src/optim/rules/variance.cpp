// adabelief, yogi, adan, ademamix, adopt: what is divided by, and what is averaged, told apart from Adam's.
#include "src/optim/rules/variance.hpp"

#include <algorithm>
#include <cmath>

#include "descent/core/elementary.hpp"
#include "src/optim/rules/basic.hpp"
#include "src/optim/rules/entries.hpp"
#include "src/optim/rules/variance_entries.hpp"

namespace descent::rules {
namespace {

double sign_of(double a) { return a > 0.0 ? 1.0 : a < 0.0 ? -1.0 : a; }

Flow prepare_belief(Values v, const Update&, std::span<double> powers, Numbers& k) {
  powers[0] = next_power(powers[0], v[0]);
  powers[1] = next_power(powers[1], v[1]);
  const double root = std::sqrt(1.0 - powers[1]);
  k[0] = v[0];
  k[1] = 1.0 - v[0];
  k[2] = v[1];
  k[3] = 1.0 - v[1];
  k[4] = root / (1.0 - powers[0]);
  k[5] = v[2] * root;
  k[6] = v[3];
  return Flow::go_on;
}
void reference_belief(const Reference& r) {
  const double beta1 = r.values[0], beta2 = r.values[1], epsilon = r.values[2], epsilon_root = r.values[3];
  const double root = std::sqrt(1.0 - r.scalars[1]);
  for (std::size_t i = 0; i < r.u.size(); ++i) {
    double &m = r.slots[0][i], &s = r.slots[1][i];
    const double g = r.u[i];
    m = beta1 * m + (1.0 - beta1) * g;
    s = (beta2 * s + (1.0 - beta2) * ((g - m) * (g - m))) + epsilon_root;
    r.u[i] = (m * (root / (1.0 - r.scalars[0]))) / (std::sqrt(s) + epsilon * root);
  }
}

/// What bias corrections make of m and of epsilon; nothing in the plain form.
struct YogiScale {
  double factor = 1.0, epsilon = 0.0;
  YogiScale(Values v, std::span<const double> powers) : epsilon(v[2]) {
    if (v[3] == 0.0) return;
    const double root = std::sqrt(1.0 - powers[1]);
    factor = root / (1.0 - powers[0]);
    epsilon = v[2] * root;
  }
};
Flow prepare_yogi(Values v, const Update&, std::span<double> powers, Numbers& k) {
  powers[0] = next_power(powers[0], v[0]);
  powers[1] = next_power(powers[1], v[1]);
  const YogiScale scale(v, powers);
  k[0] = v[0];
  k[1] = 1.0 - v[0];
  k[2] = 1.0 - v[1];
  k[3] = scale.factor;
  k[4] = scale.epsilon;
  return Flow::go_on;
}
void reference_yogi(const Reference& r) {
  const double beta1 = r.values[0], beta2 = r.values[1];
  const YogiScale scale(r.values, r.scalars);
  for (std::size_t i = 0; i < r.u.size(); ++i) {
    double &m = r.slots[0][i], &v = r.slots[1][i];
    const double g = r.u[i];
    m = beta1 * m + (1.0 - beta1) * g;
    v = v - ((1.0 - beta2) * sign_of(v - g * g)) * (g * g);
    r.u[i] = (m * scale.factor) / (std::sqrt(v) + scale.epsilon);
  }
}

Flow prepare_adan(Values v, const Update& now, std::span<double> powers, Numbers& k) {
  for (std::size_t i = 0; i < 3; ++i) {
    powers[i] = next_power(powers[i], v[i]);
    k[2 * i] = v[i];
    k[2 * i + 1] = 1.0 - v[i];
  }
  const double root = std::sqrt(1.0 - powers[2]);
  k[6] = root / (1.0 - powers[0]);
  k[7] = v[1] * root / (1.0 - powers[1]);
  k[8] = v[3] * root;
  k[9] = now.step == 0 ? 1.0 : 0.0;
  return Flow::go_on;
}
void reference_adan(const Reference& r) {
  const double beta1 = r.values[0], beta2 = r.values[1], beta3 = r.values[2];
  const double root = std::sqrt(1.0 - r.scalars[2]);
  const double factor_m = root / (1.0 - r.scalars[0]), factor_v = beta2 * root / (1.0 - r.scalars[1]);
  for (std::size_t i = 0; i < r.u.size(); ++i) {
    double &m = r.slots[0][i], &v = r.slots[1][i], &n = r.slots[2][i], &last = r.slots[3][i];
    const double g = r.u[i], difference = r.now.step == 0 ? 0.0 : g - last, ahead = g + beta2 * difference;
    m = beta1 * m + (1.0 - beta1) * g;
    v = beta2 * v + (1.0 - beta2) * difference;
    n = beta3 * n + (1.0 - beta3) * (ahead * ahead);
    last = g;
    r.u[i] = (m * factor_m + v * factor_v) / (std::sqrt(n) + r.values[3] * root);
  }
}

/// alpha and beta3 in update t = step + 1, warmed up (values: beta1, beta2, beta3, alpha, epsilon, alpha_warm_up,
/// beta3_warm_up). beta3's half-life, not beta3, grows along a straight line: the paper's eq. for beta_3^(t).
struct Ademamix {
  double alpha, beta3;
  Ademamix(Values v, std::uint64_t step) : alpha(v[3]), beta3(v[2]) {
    const double t = static_cast<double>(step + 1);
    if (t < v[5]) alpha = (t / v[5]) * v[3];
    if (t < v[6]) {
      const double part = t / v[6];
      beta3 = std::min(math::exp(1.0 / ((1.0 - part) / math::log(v[0]) + part / math::log(v[2]))), v[2]);
    }
  }
};
Flow prepare_ademamix(Values v, const Update& now, std::span<double> powers, Numbers& k) {
  powers[0] = next_power(powers[0], v[0]);
  powers[1] = next_power(powers[1], v[1]);
  const Ademamix warm(v, now.step);
  const double root = std::sqrt(1.0 - powers[1]);
  k[0] = v[0];
  k[1] = 1.0 - v[0];
  k[2] = v[1];
  k[3] = 1.0 - v[1];
  k[4] = warm.beta3;
  k[5] = 1.0 - warm.beta3;
  k[6] = root / (1.0 - powers[0]);
  k[7] = warm.alpha * root;
  k[8] = v[4] * root;
  return Flow::go_on;
}
void reference_ademamix(const Reference& r) {
  const double beta1 = r.values[0], beta2 = r.values[1], root = std::sqrt(1.0 - r.scalars[1]);
  const Ademamix warm(r.values, r.now.step);
  for (std::size_t i = 0; i < r.u.size(); ++i) {
    double &fast = r.slots[0][i], &slow = r.slots[1][i], &v = r.slots[2][i];
    const double g = r.u[i];
    fast = beta1 * fast + (1.0 - beta1) * g;
    slow = warm.beta3 * slow + (1.0 - warm.beta3) * g;
    v = beta2 * v + (1.0 - beta2) * (g * g);
    r.u[i] = (fast * (root / (1.0 - r.scalars[0])) + slow * (warm.alpha * root)) / (std::sqrt(v) + r.values[4] * root);
  }
}

/// t^(1/4), t = updates made before: two roots are exact where a power is not.
double adopt_limit(std::uint64_t step) { return std::sqrt(std::sqrt(static_cast<double>(step))); }

Flow prepare_adopt(Values v, const Update& now, std::span<double>, Numbers& k) {
  k[0] = v[0];
  k[1] = 1.0 - v[0];
  k[2] = v[1];
  k[3] = 1.0 - v[1];
  k[4] = v[2];
  k[5] = adopt_limit(now.step);
  k[6] = now.step == 0 ? 1.0 : 0.0;
  k[7] = v[3];
  return now.step == 0 ? Flow::stop : Flow::go_on;
}
void reference_adopt(const Reference& r) {
  const double beta1 = r.values[0], beta2 = r.values[1], limit = adopt_limit(r.now.step);
  for (std::size_t i = 0; i < r.u.size(); ++i) {
    double &m = r.slots[0][i], &v = r.slots[1][i];
    const double g = r.u[i];
    if (r.now.step == 0) {
      v = g * g;
      continue;
    }
    const double root = std::sqrt(v);
    double normed = g / (r.values[2] > root ? r.values[2] : root);
    if (r.values[3] != 0.0) normed = normed > limit ? limit : normed < -limit ? -limit : normed;
    m = beta1 * m + (1.0 - beta1) * normed;
    v = beta2 * v + (1.0 - beta2) * (g * g);
    r.u[i] = m;
  }
}

}  // namespace

const RuleDef kBelief{.name = "scale_by_belief",
                      .num_slots = 2,
                      .num_scalars = 2,  // beta1^t, beta2^t
                      .scalar_start = {1.0, 1.0},
                      .scale_free = true,
                      .prepare = prepare_belief,
                      .kernel64 = belief_elements,
                      .kernel32 = belief_elements,
                      .reference = reference_belief};

const RuleDef kYogi{.name = "scale_by_yogi",
                    .num_slots = 2,
                    .num_scalars = 2,
                    .scalar_start = {1.0, 1.0},
                    .scale_free = true,
                    .slot_start = [](Values v, std::size_t) { return v[4]; },
                    .prepare = prepare_yogi,
                    .kernel64 = yogi_elements,
                    .kernel32 = yogi_elements,
                    .reference = reference_yogi};

const RuleDef kAdan{.name = "scale_by_adan",
                    .num_slots = 4,
                    .num_scalars = 3,
                    .scalar_start = {1.0, 1.0, 1.0},
                    .scale_free = true,
                    .prepare = prepare_adan,
                    .kernel64 = adan_elements,
                    .kernel32 = adan_elements,
                    .reference = reference_adan};

const RuleDef kAdemamix{.name = "scale_by_ademamix",
                        .num_slots = 3,
                        .num_scalars = 2,
                        .scalar_start = {1.0, 1.0},
                        .scale_free = true,
                        .prepare = prepare_ademamix,
                        .kernel64 = ademamix_elements,
                        .kernel32 = ademamix_elements,
                        .reference = reference_ademamix};

const RuleDef kAdopt{.name = "scale_by_adopt",
                     .num_slots = 2,
                     .scale_free = true,
                     .may_hold = true,
                     .prepare = prepare_adopt,
                     .kernel64 = adopt_elements,
                     .kernel32 = adopt_elements,
                     .reference = reference_adopt};

const RuleDef kProximalDecay{.name = "add_proximal_decay",
                             .takes_rate = true,
                             .prepare =
                                 [](Values v, const Update& now, std::span<double>, Numbers& k) {
                                   k[0] = v[0];
                                   k[1] = 1.0 + now.rate * v[0];
                                   return Flow::go_on;
                                 },
                             .kernel64 = proximal_decay_elements,
                             .kernel32 = proximal_decay_elements,
                             .reference =
                                 [](const Reference& r) {
                                   const double decay = r.values[0], divisor = 1.0 + r.now.rate * decay;
                                   for (std::size_t i = 0; i < r.u.size(); ++i)
                                     r.u[i] = (r.u[i] + decay * r.x[i]) / divisor;
                                 }};

}  // namespace descent::rules

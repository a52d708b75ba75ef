#include "src/optim/rules/basic.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "src/optim/rules/kernels.hpp"
#include "src/optim/rules/norm.hpp"

namespace descent::rules {
namespace {

Flow copy_values(Values v, const Update&, std::span<double>, Numbers& k) {
  std::copy(v.begin(), v.end(), k.begin());
  return Flow::go_on;
}

/// What torch.nn.utils.clip_grad_norm_ multiplies by.
double torch_factor(double max_norm, double norm) {
  const double factor = max_norm / (norm + 1e-6);
  return factor < 1.0 ? factor : 1.0;
}
Flow limit_norm(Values v, const Update&, const double* sums, std::span<double>, Numbers& k) {
  const double norm = norm_of(sums);
  k[0] = v[1] == 0.0 ? (norm > v[0] ? v[0] / norm : 1.0) : torch_factor(v[0], norm);
  return Flow::go_on;
}
void scale_by_limit(const double* k, const Elements<double>& e) {
  if (k[0] < 1.0 || e.in != e.out) scale_elements(k, e);
}
void scale_by_limit32(const double* k, const Elements<float>& e) {
  if (k[0] < 1.0 || e.in != e.out) scale_elements(k, e);
}

Flow prepare_trace(Values v, const Update& now, std::span<double>, Numbers& k) {
  k[0] = v[0];
  k[1] = now.step == 0 ? 1.0 : 1.0 - v[1];
  k[2] = v[2];
  return Flow::go_on;
}
Flow prepare_ema(Values v, const Update&, std::span<double>, Numbers& k) {
  k[0] = v[0];
  k[1] = 1.0 - v[0];
  k[2] = 0.0;
  return Flow::go_on;
}
Flow prepare_rms(Values v, const Update&, std::span<double>, Numbers& k) {
  k[0] = v[0];
  k[1] = 1.0 - v[0];
  k[2] = v[1];
  k[3] = v[2];
  return Flow::go_on;
}
Flow prepare_adam(Values v, const Update&, std::span<double> powers, Numbers& k) {
  adam_numbers(v.data(), powers.data(), k.data());
  return Flow::go_on;
}

}  // namespace

const RuleDef kClipByValue{.name = "clip_by_value",
                           .prepare = copy_values,
                           .kernel64 = clip_by_value_elements,
                           .kernel32 = clip_by_value_elements,
                           .reference = [](const Reference& r) {
                             for (double& u : r.u) {
                               if (u > r.values[0]) u = r.values[0];
                               if (u < -r.values[0]) u = -r.values[0];
                             }
                           }};

const RuleDef kClipByGlobalNorm{.name = "clip_by_global_norm",
                                .num_sums = kNumRanges,
                                .sum64 = sum_squares<double>,
                                .sum32 = sum_squares<float>,
                                .summed = limit_norm,
                                .kernel64 = scale_by_limit,
                                .kernel32 = scale_by_limit32,
                                .reference = [](const Reference& r) {
                                  const double norm = reference_norm(r.u);
                                  if (r.values[1] != 0.0) {
                                    for (double& u : r.u) u = torch_factor(r.values[0], norm) * u;
                                  } else if (norm > r.values[0]) {
                                    for (double& u : r.u) u = (r.values[0] / norm) * u;
                                  }
                                }};

const RuleDef kDecay{.name = "add_decayed_weights",
                     .prepare = copy_values,
                     .kernel64 = decay_elements,
                     .kernel32 = decay_elements,
                     .reference = [](const Reference& r) {
                       for (std::size_t i = 0; i < r.u.size(); ++i) r.u[i] = r.u[i] + r.values[0] * r.x[i];
                     }};

const RuleDef kScale{.name = "scale",
                     .prepare = copy_values,
                     .kernel64 = scale_elements,
                     .kernel32 = scale_elements,
                     .reference = [](const Reference& r) {
                       for (double& u : r.u) u = r.values[0] * u;
                     }};

const RuleDef kLearningRate{.name = "scale_by_learning_rate",
                            .rate = 0,
                            .is_only_rate = true,
                            .prepare = copy_values,
                            .kernel64 = scale_elements,
                            .kernel32 = scale_elements,
                            .reference = [](const Reference& r) {
                              for (double& u : r.u) u = r.values[0] * u;
                            }};

const RuleDef kTrace{.name = "trace",
                     .num_slots = 1,
                     .prepare = prepare_trace,
                     .kernel64 = trace_elements,
                     .kernel32 = trace_elements,
                     .reference = [](const Reference& r) {
                       const double momentum = r.values[0], dampening = r.values[1];
                       for (std::size_t i = 0; i < r.u.size(); ++i) {
                         double& v = r.slots[0][i];
                         v = r.now.step == 0 ? momentum * v + r.u[i] : momentum * v + (1.0 - dampening) * r.u[i];
                         r.u[i] = r.values[2] != 0.0 ? r.u[i] + momentum * v : v;
                       }
                     }};

const RuleDef kEma{.name = "ema",
                   .num_slots = 1,
                   .prepare = prepare_ema,
                   .kernel64 = trace_elements,
                   .kernel32 = trace_elements,
                   .reference = [](const Reference& r) {
                     for (std::size_t i = 0; i < r.u.size(); ++i) {
                       r.slots[0][i] = r.values[0] * r.slots[0][i] + (1.0 - r.values[0]) * r.u[i];
                       r.u[i] = r.slots[0][i];
                     }
                   }};

const RuleDef kRms{.name = "scale_by_rms",
                   .num_slots = 1,
                   .scale_free = true,
                   .prepare = prepare_rms,
                   .kernel64 = rms_elements,
                   .kernel32 = rms_elements,
                   .reference = [](const Reference& r) {
                     const double epsilon = r.values[1];
                     for (std::size_t i = 0; i < r.u.size(); ++i) {
                       double& s = r.slots[0][i];
                       s = r.values[0] * s + (1.0 - r.values[0]) * (r.u[i] * r.u[i]);
                       r.u[i] = r.u[i] / (r.values[2] != 0.0 ? std::sqrt(s + epsilon) : std::sqrt(s) + epsilon);
                     }
                   }};

const RuleDef kCenteredRms{
    .name = "scale_by_rms",
    .num_slots = 2,
    .scale_free = true,
    .prepare = prepare_rms,
    .kernel64 = centered_rms_elements,
    .kernel32 = centered_rms_elements,
    .reference = [](const Reference& r) {
      const double rho = r.values[0], epsilon = r.values[1];
      for (std::size_t i = 0; i < r.u.size(); ++i) {
        double &s = r.slots[0][i], &mean = r.slots[1][i];
        s = rho * s + (1.0 - rho) * (r.u[i] * r.u[i]);
        mean = rho * mean + (1.0 - rho) * r.u[i];
        double variance = s - mean * mean;
        if (variance < 0.0) variance = 0.0;  // by rounding, when all gradients were the same
        r.u[i] = r.u[i] / (r.values[2] != 0.0 ? std::sqrt(variance + epsilon) : std::sqrt(variance) + epsilon);
      }
    }};

const RuleDef kAdam{.name = "scale_by_adam",
                    .num_slots = 2,
                    .num_scalars = 4,  // of next_bias, for beta1 and for beta2
                    .scalar_start = {1.0, 0.0, 1.0, 0.0},
                    .scale_free = true,
                    .prepare = prepare_adam,
                    .kernel64 = adam_elements,
                    .kernel32 = adam_elements,
                    .reference = [](const Reference& r) {
                      const double beta1 = r.values[0], beta2 = r.values[1];
                      const double c1 = bias_now(r.scalars.data()), root = std::sqrt(bias_now(r.scalars.data() + 2));
                      for (std::size_t i = 0; i < r.u.size(); ++i) {
                        double &m = r.slots[0][i], &v = r.slots[1][i];
                        m = beta1 * m + (1.0 - beta1) * r.u[i];
                        v = beta2 * v + (1.0 - beta2) * (r.u[i] * r.u[i]);
                        r.u[i] = (m * (root / c1)) / (std::sqrt(v) + r.values[2] * root);
                      }
                    }};

const RuleDef kCustom{.name = "custom"};  // both run by chain_update.cpp itself
const RuleDef kIntoSet{.name = "into the bounds"};

}  // namespace descent::rules

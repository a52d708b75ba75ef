// Every rule for one element: vector kernels finish their tails with these, and short vectors use nothing else.
//
// The order of operations here is the order everywhere: fused kernels, blocks and the reference agree to the last bit.
#pragma once

#include <cmath>
#include <cstddef>

namespace descent::rules {

enum class Clip : unsigned char { none, value, factor };

struct ClipStep {
  Clip kind = Clip::none;
  double limit = 0.0;  ///< max_value, or the factor of a global norm
};

/// A trace in this update: v = momentum v + gain u.
struct TraceStep {
  double momentum = 0.0;
  double gain = 1.0;
  bool nesterov = false;    ///< u + momentum v instead of v
  bool rate_first = false;  ///< of fused kernels: the rate multiplies the gradient (form=velocity)
};

struct RmsStep {
  double rho = 0.0;
  double gain = 0.0;  ///< 1 - rho
  double epsilon = 0.0;
};

/// Adam in this update. The bias corrections c1 = 1 - beta1^t, c2 = 1 - beta2^t are folded into two numbers, which is
/// the same quotient without a division for each element: (m / c1) / (sqrt(v / c2) + eps) = m factor / (sqrt(v) +
/// eps').
struct AdamStep {
  double beta1 = 0.0, gain1 = 0.0;
  double beta2 = 0.0, gain2 = 0.0;
  double factor = 0.0;   ///< sqrt(c2) / c1
  double epsilon = 0.0;  ///< eps' = epsilon sqrt(c2)
};

template <Clip clip>
[[nodiscard]] inline double clip_one(double limit, double u) {
  if constexpr (clip == Clip::factor) return limit * u;
  // Comparisons, not std::min: NaN passes through, to be found and named by whoever runs the chain.
  if constexpr (clip == Clip::value) return u > limit ? limit : u < -limit ? -limit : u;
  return u;
}

[[nodiscard]] inline double trace_one(const TraceStep& step, double& v, double u) {
  v = step.momentum * v + step.gain * u;
  return step.nesterov ? u + step.momentum * v : v;
}

[[nodiscard]] inline double rms_one(const RmsStep& step, double& s, double u) {
  s = step.rho * s + step.gain * (u * u);
  return u / (std::sqrt(s) + step.epsilon);
}

[[nodiscard]] inline double adam_one(const AdamStep& step, double& m, double& v, double u) {
  m = step.beta1 * m + step.gain1 * u;
  v = step.beta2 * v + step.gain2 * (u * u);
  return (m * step.factor) / (std::sqrt(v) + step.epsilon);
}

// One element of a fused update: the new x.

template <Clip clip>
[[nodiscard]] inline double sgd_element(double limit, double rate, double g, double x) {
  return x - rate * clip_one<clip>(limit, g);
}

template <Clip clip>
[[nodiscard]] inline double trace_element(double limit, const TraceStep& step, double rate, double g, double& v,
                                          double x) {
  double u = clip_one<clip>(limit, g);
  if (step.rate_first) u = rate * u;
  u = trace_one(step, v, u);
  if (!step.rate_first) u = rate * u;
  return x - u;
}

template <Clip clip, bool decays>
[[nodiscard]] inline double adam_element(double limit, const AdamStep& step, double decay, double rate, double g,
                                         double& m, double& v, double x) {
  double u = adam_one(step, m, v, clip_one<clip>(limit, g));
  if constexpr (decays) u = u + decay * x;
  return x - rate * u;
}

}  // namespace descent::rules

// The rules as kernels, for doubles and floats. `numbers` is what each rule's `prepare` filled in.
#pragma once

#include <span>

#include "src/optim/rules/rule_def.hpp"

namespace descent::rules {

#define DESCENT_RULE_FUNCTION(function)                            \
  void function(const double* numbers, const Elements<double>& e); \
  void function(const double* numbers, const Elements<float>& e);

DESCENT_RULE_FUNCTION(clip_by_value_elements)
DESCENT_RULE_FUNCTION(decay_elements)
DESCENT_RULE_FUNCTION(scale_elements)
DESCENT_RULE_FUNCTION(trace_elements)
DESCENT_RULE_FUNCTION(rms_elements)
DESCENT_RULE_FUNCTION(centered_rms_elements)
DESCENT_RULE_FUNCTION(adam_elements)

/// x -= factor * u, factor 1 included.
void subtract(double factor, std::span<const double> u, std::span<double> x);
void subtract(double factor, std::span<const float> u, std::span<float> x);

/// What stands in front of a fused update.
enum class Clip : unsigned char { none, value, factor };
struct ClipStep {
  Clip kind = Clip::none;
  double limit = 0.0;  ///< max_value, or the factor of a global norm
};
enum class FusedKind : unsigned char { none, sgd, trace, adam };

/// A whole update in one pass over memory: u = op(clip(g)), [u += decay x], x -= rate u.
struct FusedStep {
  FusedKind kind = FusedKind::none;
  ClipStep clip{};
  bool rate_first = false;  ///< the rate multiplies what goes into the trace (form=velocity)
  bool decays = false;
  double decay = 0.0;
  double rate = 1.0;
  const double* numbers = nullptr;  ///< of trace or adam
};
void fused(const FusedStep& step, const Elements<double>& e);  ///< e.in = the gradient, e.out = x
void fused(const FusedStep& step, const Elements<float>& e);

}  // namespace descent::rules

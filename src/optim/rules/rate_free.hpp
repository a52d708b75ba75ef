// The kernels of rules that find their own rate. Slots behind a rule's own are room for one block.
#pragma once

#include "src/optim/rules/entries.hpp"
#include "src/optim/rules/rule_def.hpp"

namespace descent::rules {

// Parameters that several of them have.
[[nodiscard]] ParamSpec d0_spec();
[[nodiscard]] ParamSpec growth_spec();
/// Throws: Error(usage) if growth_rate is a number between 0 and 1.
void check_growth(const Given& given);
/// value, but at most growth times what it was; growth 0 = no limit.
[[nodiscard]] double limited(double value, double before, double growth);

#define DESCENT_RATE_FREE_KERNEL(function)                         \
  void function(const double* numbers, const Elements<double>& e); \
  void function(const double* numbers, const Elements<float>& e);

DESCENT_RATE_FREE_KERNEL(prodigy_gather)      // slots m, v, s, x0, room: x0 - x, room: |s|
DESCENT_RATE_FREE_KERNEL(dadapt_adam_gather)  // slots m, v, s, room: s / (sqrt(v) + epsilon) before, room: |s| after
DESCENT_RATE_FREE_KERNEL(adam_direction)      // slots m, v
DESCENT_RATE_FREE_KERNEL(distance_gather)     // slots x0, room: x - x0
DESCENT_RATE_FREE_KERNEL(adgd_gather)         // slots x before, g before, room: dx, room: dg
DESCENT_RATE_FREE_KERNEL(adgd_elements)       // slots x before, g before

#undef DESCENT_RATE_FREE_KERNEL

}  // namespace descent::rules

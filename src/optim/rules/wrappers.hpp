// Kernels of what stands around other rules.
#pragma once

#include "src/optim/rules/rule_def.hpp"

namespace descent::rules {

#define DESCENT_WRAPPER_FUNCTION(function)                         \
  void function(const double* numbers, const Elements<double>& e); \
  void function(const double* numbers, const Elements<float>& e);

DESCENT_WRAPPER_FUNCTION(accumulate_elements)
DESCENT_WRAPPER_FUNCTION(zero_nans_elements)
DESCENT_WRAPPER_FUNCTION(lookahead_elements)
DESCENT_WRAPPER_FUNCTION(average_elements)
#undef DESCENT_WRAPPER_FUNCTION

}  // namespace descent::rules

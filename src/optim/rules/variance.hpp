// Kernels of Adam's kin.
#pragma once

#include "src/optim/rules/rule_def.hpp"

namespace descent::rules {

#define DESCENT_VARIANCE_FUNCTION(function)                        \
  void function(const double* numbers, const Elements<double>& e); \
  void function(const double* numbers, const Elements<float>& e);

DESCENT_VARIANCE_FUNCTION(belief_elements)
DESCENT_VARIANCE_FUNCTION(yogi_elements)
DESCENT_VARIANCE_FUNCTION(adan_elements)
DESCENT_VARIANCE_FUNCTION(ademamix_elements)
DESCENT_VARIANCE_FUNCTION(adopt_elements)
DESCENT_VARIANCE_FUNCTION(proximal_decay_elements)
#undef DESCENT_VARIANCE_FUNCTION

}  // namespace descent::rules

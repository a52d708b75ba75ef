// Adam's kin: amsgrad, adamax, nadam, radam.
#pragma once

#include "src/optim/rules/kernels.hpp"

namespace descent::rules {

extern const RuleDef kAmsgrad;  // beta1, beta2, epsilon, 1 for the maximum of corrected squares
extern const RuleDef kAdamax;   // beta1, beta2, epsilon
extern const RuleDef kNadam;    // beta1, beta2, epsilon, momentum_decay, 1 for a momentum without schedule
extern const RuleDef kRadam;    // beta1, beta2, epsilon, threshold, 1 for epsilon beside the corrected root

DESCENT_RULE_FUNCTION(amsgrad_elements)
DESCENT_RULE_FUNCTION(adamax_elements)
DESCENT_RULE_FUNCTION(nadam_elements)
DESCENT_RULE_FUNCTION(radam_elements)

}  // namespace descent::rules

// Rules with a step of its own for every coordinate, and the averaged one: adagrad, adadelta, rprop, asgd.
#pragma once

#include "src/optim/rules/kernels.hpp"

namespace descent::rules {

extern const RuleDef kAdagrad;   // initial_accumulator, epsilon, lr_decay, 1 for epsilon inside the root
extern const RuleDef kAdadelta;  // rho, epsilon
extern const RuleDef kRprop;     // learning_rate, eta_minus, eta_plus, min_step, max_step
extern const RuleDef kAsgd;      // learning_rate, lr_decay, alpha, t0, pull towards 0

DESCENT_RULE_FUNCTION(adagrad_elements)
DESCENT_RULE_FUNCTION(adadelta_elements)
DESCENT_RULE_FUNCTION(rprop_elements)
DESCENT_RULE_FUNCTION(asgd_elements)

}  // namespace descent::rules

// The rules of variance.cpp, for the entries in variance_entries.cpp.
#pragma once

#include "src/optim/rules/rule_def.hpp"

namespace descent::rules {

extern const RuleDef kBelief;         // beta1, beta2, epsilon, epsilon_root
extern const RuleDef kYogi;           // beta1, beta2, epsilon, corrected (0 or 1), start of both means
extern const RuleDef kAdan;           // beta1, beta2, beta3, epsilon
extern const RuleDef kAdemamix;       // beta1, beta2, beta3, alpha, epsilon, alpha_warm_up, beta3_warm_up
extern const RuleDef kAdopt;          // beta1, beta2, epsilon, clips (0 or 1)
extern const RuleDef kProximalDecay;  // weight_decay

}  // namespace descent::rules

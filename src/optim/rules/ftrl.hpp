// Follow the regularised leader.
#pragma once

#include "src/optim/rules/rule_def.hpp"

namespace descent::rules {

void ftrl_elements(const double* numbers, const Elements<double>& e);
void ftrl_elements(const double* numbers, const Elements<float>& e);

}  // namespace descent::rules

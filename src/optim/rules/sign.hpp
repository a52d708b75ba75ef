// Rules that look at signs only.
#pragma once

#include "src/optim/rules/rule_def.hpp"

namespace descent::rules {

void sign_elements(const double* numbers, const Elements<double>& e);
void sign_elements(const double* numbers, const Elements<float>& e);
void lion_elements(const double* numbers, const Elements<double>& e);
void lion_elements(const double* numbers, const Elements<float>& e);

}  // namespace descent::rules

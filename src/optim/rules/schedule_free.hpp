#pragma once

#include "src/optim/rules/rule_def.hpp"

namespace descent::rules {

void schedule_free_sgd_elements(const double* numbers, const Elements<double>& e);  // slots z, solution
void schedule_free_sgd_elements(const double* numbers, const Elements<float>& e);
void schedule_free_adam_elements(const double* numbers, const Elements<double>& e);  // slots z, solution, v
void schedule_free_adam_elements(const double* numbers, const Elements<float>& e);

}  // namespace descent::rules

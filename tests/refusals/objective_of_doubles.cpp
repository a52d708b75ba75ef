#include "descent/problem/objective.hpp"

auto refused = descent::objective(2, [](descent::View x) { return x[0] * x[1]; });

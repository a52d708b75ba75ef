// The entries of methods that are no chains.
#pragma once

#include "descent/optim/optimizer.hpp"

namespace descent {

void add_methods(Registry<OptimizerMaker>& registry);
void add_variance_reduced(Registry<OptimizerMaker>& registry);

}  // namespace descent

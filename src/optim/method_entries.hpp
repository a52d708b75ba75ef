// The entries of methods that choose their own steps.
#pragma once

#include "descent/optim/optimizer.hpp"

namespace descent {

void add_methods(Registry<OptimizerMaker>& registry);

}  // namespace descent

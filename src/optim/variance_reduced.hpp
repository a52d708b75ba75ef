// svrg, saga and sarah: passes over batches whose gradients are corrected towards that of all rows.
#pragma once

#include <vector>

#include "descent/core/finite_sum.hpp"
#include "descent/optim/minimize_sum.hpp"

namespace descent {

/// The optimizer is one of the three, and batches are smaller than all rows.
/// Throws: Error(usage) for a sum that is no mean, and where saga's gradients would not fit into 1 GiB.
[[nodiscard]] Result run_variance_reduced(FiniteSum& objective, std::vector<double> start, const Optimizer& optimizer,
                                          const SumOptions& options);

}  // namespace descent

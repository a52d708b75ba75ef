// What loops over batches of rows share.
#pragma once

#include <cstddef>
#include <vector>

#include "descent/optim/minimize_sum.hpp"
#include "src/optim/run.hpp"

namespace descent {

/// At most `most` of the numbers below `count`, evenly spread; the last, which may be the smallest batch, among them.
[[nodiscard]] std::vector<std::size_t> evenly_spread(std::size_t count, std::size_t most);

/// The rules that are judged by an epoch's mean, the callback, and the limit of epochs. `previous_mean` is that of the
/// epoch before, and becomes this one's. False if the run ended.
[[nodiscard]] bool judge_epoch(Run& run, const SumOptions& options, const EpochInfo& info, double& previous_mean);

/// At the end: `last` is of all rows now, and so becomes the best point, which is then compared with it.
void settle_best(Run& run, const Point& last);

}  // namespace descent

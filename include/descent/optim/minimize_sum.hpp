// minimise a sum over rows by passes over batches of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "descent/core/finite_sum.hpp"
#include "descent/optim/minimize.hpp"

namespace descent {

enum class Shuffle {
  none,   ///< rows in order
  epoch,  ///< a new random order for every pass: epoch e uses Rng(seed, RandomStream::shuffle, e)
};

/// After a whole pass.
struct EpochInfo {
  std::uint64_t epoch = 0;      ///< passes made: 1 after the first
  std::uint64_t step = 0;       ///< updates made
  double mean_objective = 0.0;  ///< mean of the batches' objectives before their updates, weighted by their rows
  View x;                       ///< now; valid during the call only
};

struct SumOptions {
  MinimizeOptions run{};  ///< max_steps, tolerances, observer, ...; step, value and gradient rules are judged by batch
  std::size_t batch_size = 0;    ///< rows of a batch; 0 or >= n = all of them, in order, without shuffling
  std::uint64_t max_epochs = 0;  ///< 0 = no limit but max_steps
  Shuffle shuffle = Shuffle::epoch;
  std::uint64_t seed = 0;
  /// Multiplies the gradient of the last batch, where it is smaller than the others, by its part of a batch, so that
  /// every row counts the same in an epoch. Off, as in textbooks: one row left over moves as far as a whole batch.
  /// svrg, saga and sarah do so by themselves, so that they end at the minimum.
  bool weigh_partial_batch = false;
  /// After every epoch; returning false ends the run as `small_change` with `epoch_stop_reason`. For early stopping.
  std::function<bool(const EpochInfo&)> on_epoch{};
  std::string epoch_stop_reason = "the epoch callback asked to stop";
};

/// What a learner is about to minimise, shown to somebody who wants to look at it first.
struct SumProblem {
  FiniteSum& objective;
  const std::vector<double>& start;
  std::size_t batch_size = 0;  ///< as in SumOptions
};
using LookAtSum = std::function<void(const SumProblem&)>;

/// minimise   c(n) sum_i l_i(x) + p(x)
/// given      batches of batch_size rows, ceil(n / batch_size) updates a pass: the last, partial batch is used once
/// result     as minimize(); value and gradient at the end are of all rows, best is by the mean objective of an epoch
///
/// The trace's row k holds the objective of the batch of update k before it. The gradient rule needs the gradient of
/// all rows and is judged on a batch only if that is all of them; on smaller batches after every epoch, where it costs
/// one more pass (0, the way to switch it off, costs nothing). svrg and sarah have that gradient anyway, every
/// `inner_epochs` epochs. These and saga want batches smaller than all rows, and a sum whose scale is a mean.
[[nodiscard]] Result minimize_sum(FiniteSum& objective, std::vector<double> start, const Optimizer& optimizer,
                                  const SumOptions& options = {});

}  // namespace descent

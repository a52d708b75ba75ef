// A learning rate for stochastic passes, found by trying.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "descent/linear/objective.hpp"
#include "descent/optim/chain.hpp"
#include "descent/optim/minimize_sum.hpp"

namespace descent::linear {

/// How a chain answers a small steady gradient g: moves of gain x rate x g, or, scale-free, of gain x rate whatever g
/// is.
struct ChainResponse {
  double gain = 1.0;
  bool scale_free = false;
  bool decays = false;  // parameters shrink where the gradient is 0
};
/// Measured by running the chain, so that it holds for any row of rules: 1 / (1 - momentum) for the heavy ball.
[[nodiscard]] ChainResponse response_of(const Chain& chain);

/// A bound on the curvature that batches of `batch` rows show:
///
///   L(b) = n (b - 1) / (b (n - 1)) L + (n - b) / (b (n - 1)) L_max + l2
///
/// L of all rows (power iteration), L_max of the steepest single row, both of the loss alone. Plain descent with a
/// constant rate <= 1 / (2 L(b)) converges linearly up to its noise. Infinity when the slope of the loss jumps.
/// Reference: R. M. Gower, N. Loizou, X. Qian, A. Sailanbayev, E. Shulgin, P. Richtarik, "SGD: general analysis and
/// improved rates", ICML 2019, proposition 3.8 (b-nice sampling).
[[nodiscard]] double batch_curvature(LinearObjective& objective, std::size_t batch);

struct TrialInput {
  LinearObjective* objective = nullptr;
  Objective* whole = nullptr;    // the same function, where all rows are evaluated
  const Chain* chain = nullptr;  // its rate is replaced
  const std::vector<double>* start = nullptr;
  std::function<Schedule(double, double)> schedule;  // (rate, updates of the run)
  std::size_t batch = 1;
  std::uint64_t updates = 1;  // of the run to come
  Shuffle shuffle = Shuffle::epoch;
  std::uint64_t seed = 0;
  std::function<bool()> goes_on;  // asked before every update; false ends the trials with what is known
};

struct TrialOutput {
  double rate = 0.0;
  std::uint64_t trials = 0;
  std::uint64_t updates = 0;      // evaluations in trials, each of a batch
  std::uint64_t evaluations = 0;  // of more rows than a batch
};

/// Climbs a ladder of rates: each is tried by a short run of its own, with the run's schedule squeezed into it, and
/// scored by the objective where it ends. Factors of four and short runs first, then factors of two and runs of an
/// eighth of what is to come. Nothing depends on time or threads.
/// Reference: L. Bottou, "Stochastic gradient descent tricks", 2012, section 5.2, which tries on a small sample.
[[nodiscard]] TrialOutput try_rates(const TrialInput& input);

}  // namespace descent::linear

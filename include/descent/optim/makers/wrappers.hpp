// What stands around rules. Formulas, ranges and reasons: `descent describe NAME`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "descent/optim/chain.hpp"

namespace descent {

/// Shortens every block of parameters to max_norm if it is longer.
[[nodiscard]] Chain clip_by_block_norm(const Number& max_norm);

/// Scales every block down to a root mean square of at most max_rms.
[[nodiscard]] Chain clip_by_block_rms(const Number& max_rms);

struct AdaptiveClipOptions {
  Number epsilon = 1e-3;
};
/// Shortens the gradient of every unit to a part of the unit's own length.
[[nodiscard]] Chain adaptive_clip(const Number& max_ratio = 0.01, const AdaptiveClipOptions& options = {});

/// Takes the mean of every row of every matrix away from it.
[[nodiscard]] Chain centralize();

/// Gives the whole vector the length 1.
[[nodiscard]] Chain normalize();

/// Sets what comes in to 0 for some parameters, by name.
[[nodiscard]] Chain freeze(const std::string& name);

/// Gathers the gradients of several batches: what stands behind it sees their mean, once.
[[nodiscard]] Chain accumulate(std::uint64_t batches);

/// Leaves out updates whose gradient is not finite; after too many in a row it lets one through.
[[nodiscard]] Chain skip_if_not_finite(std::uint64_t max_in_a_row = 10);

/// Takes components that are not a number for 0; infinities stay.
[[nodiscard]] Chain zero_nans();

struct AddNoiseOptions {
  Number eta = 0.01, gamma = 0.55;
  std::uint64_t seed = 0;
};
/// Adds Gaussian noise that fades.
[[nodiscard]] Chain add_noise(const AddNoiseOptions& options = {});

struct LookaheadOptions {
  Number slow_step = 0.5;
};
/// Every few updates goes back to a slow point that follows.
[[nodiscard]] Chain lookahead(std::uint64_t period = 5, const LookaheadOptions& options = {});

/// The mean of all points from some update on is the result.
[[nodiscard]] Chain polyak_average(std::uint64_t start = 0);

/// A decaying mean of the points is the result.
[[nodiscard]] Chain ema_average(const Number& decay = 0.999);

struct SwaOptions {
  std::uint64_t every = 1;
};
/// Stochastic weight averaging: the mean of points taken at the ends of cycles is the result.
[[nodiscard]] Chain swa(std::uint64_t start, const SwaOptions& options = {});

struct SamOptions {
  bool adaptive = false;
  Number eta = 0;
};
/// Takes the gradient a little uphill, so that flat minima are preferred.
[[nodiscard]] Chain sam(const Number& rho = 0.05, const SamOptions& options = {});

/// The chain for the blocks (or else parameters) with one of these names, as if there were no others: norms, moments
/// and held-back updates are theirs alone. `layer1` and `weights` are both names of layer1.weights. Groups with rates
/// of their own: chain(only({"bias"}, sgd(0.1)), except({"bias"}, adamw(0.001))). Throws: Error(usage) without names.
[[nodiscard]] Chain only(const std::vector<std::string>& names, const Chain& chain);
/// The chain for all others.
[[nodiscard]] Chain except(const std::vector<std::string>& names, const Chain& chain);

}  // namespace descent

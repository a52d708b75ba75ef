// The learning-rate range test: a short run whose rate grows from update to update until the objective rises.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "descent/core/finite_sum.hpp"
#include "descent/core/objective.hpp"
#include "descent/core/stop_token.hpp"
#include "descent/optim/chain.hpp"
#include "descent/optim/minimize_sum.hpp"

namespace descent {

/// One update of the test.
struct RatePoint {
  double rate = 0.0;
  double loss = 0.0;      ///< the objective after the update; with batches, of the batch that follows
  double smoothed = 0.0;  ///< its exponential mean, corrected for its beginning
};

struct RateRangeOptions {
  double from = 0.0;  ///< > 0: the rate of the first update; 0 = found: 1e-4 of a natural rate, see below
  double to = 0.0;    ///< > from: the rate of the last one; 0 = found: 1e4 of the natural rate
  /// >= 20; updates from `from` to `to`. 25 for each of eight decades: a rate is known to 10 %, and the run on the way
  /// there is long enough for the slower directions to fall too.
  std::uint64_t num_steps = 200;
  /// In [0, 1); the mean's memory. Empty: 0 with all rows, where there is no noise and a mean only lags, 0.9 in
  /// batches: ten updates, less than half of a decade. fast.ai has 0.98 for 100 updates.
  std::optional<double> smoothing{};
  /// > 0; the test ends when the smoothed loss has risen from its lowest by this times its fall. fast.ai ends at 4
  /// times the lowest, which says nothing of a loss that may be negative or has an offset.
  double rise = 4.0;
  std::vector<Bound> bounds{};  ///< as in MinimizeOptions
  std::size_t batch_size = 0;   ///< rows of a batch of a FiniteSum; 0 or >= n = all of them
  Shuffle shuffle = Shuffle::epoch;
  std::uint64_t seed = 0;
  std::function<bool(std::uint64_t updates)> observer{};  ///< before every update; returning false interrupts
  StopToken stop{};
};

enum class RateRangeEnd : std::uint8_t {
  risen,        ///< the objective rose by more than it had fallen
  not_finite,   ///< it, its gradient or a parameter is not finite
  range_end,    ///< the last rate was reached before
  interrupted,  ///< a StopToken or the observer asked to stop
};
[[nodiscard]] const char* to_text(RateRangeEnd end);

/// What to read off the curve. Each is a rate of it, or empty where the objective never fell.
struct RateReadings {
  /// The last rate where the smoothed loss is as low as it gets, within 1 % of its whole fall: a run that swings
  /// (momentum) may hit a minimum by chance at any rate.
  std::optional<double> lowest;
  std::optional<double> tenth;     ///< lowest / 10: Gugger's and fast.ai's `minimum`
  std::optional<double> steepest;  ///< where it falls most from one rate to the next: fast.ai's `steep`
  /// Halfway on a logarithmic axis between the rate by which a tenth of the whole fall was made and `lowest`. What
  /// fast.ai's `valley` means, the middle of the longest descent, but that without noise depends on where the test
  /// began: every update from the very first descends.
  std::optional<double> valley;
};

struct RateRange {
  std::vector<RatePoint> points;  ///< in the order of the updates; one more than finite ones where it is not finite
  double start_loss = 0.0;        ///< before the first update; with batches the mean of the first tenth
  RateReadings readings;
  /// `tenth`, to three digits; a quarter of it, and so on, while num_steps updates with that end lower (from the start,
  /// all rows), or those with the larger rate end above their start (batches).
  std::optional<double> suggestion;   ///< empty if the objective never fell, or the test was interrupted
  std::optional<double> diverged_at;  ///< the rate at which the test ended, if it ended by rising
  /// Of a chain for which it is known (stable_rate_times_curvature), with all rows and without bounds: largest
  /// eigenvalue L of the Hessian at the start, and the rate below which a quadratic of this L converges, 2 / L for sgd.
  std::optional<double> curvature, stable_rate;
  RateRangeEnd end = RateRangeEnd::range_end;
  std::string reason;          ///< one sentence: why the test ended
  std::string advice;          ///< one sentence: what is suggested and why, or what to do where nothing is
  std::string optimizer;       ///< the chain with the suggestion in it, in its canonical text; empty without one
  std::uint64_t restarts = 0;  ///< ranges tried before this one
  std::uint64_t updates = 0;   ///< in all ranges, and with the suggestion
  std::uint64_t evaluations = 0;
};

/// given    f, a start (it is not changed), a chain whose rate, a number or auto, is replaced by
///          rate_k = from (to / from)^(k / (num_steps - 1))
/// result   loss against rate, and the rate suggested: a tenth of the one where the loss was lowest
///
/// Why a tenth of the lowest: on a quadratic of largest curvature L, gradient descent lowers every part of f while its
/// rate is below 2 / L, and when it is 12.6 / L it has undone all it did for the steepest part, however slowly the rate
/// grows (docs/design/learning_rate.md). So where that part counts, the lowest point lies between, and its tenth
/// between 0.2 and 1.26 / L. The steepest fall only says where the largest part of f began to move.
///
/// `from` and `to` left out: the natural rate t = d.g / d.Hd is that of an exact step along d, the chain's own first
/// move with rate 1, so that neither the units of f nor those of x matter. If the loss rises from the very first rate
/// on, or no rate moves it, the range is moved by 1e4 and the test begins again.
/// Throws: Error(usage) for a start of another size or not finite, a gradient of exactly 0 there, a chain without a
/// rate, with a schedule or with a rule that finds its rate, and for options out of their range.
/// Reference: L. N. Smith, "Cyclical learning rates for training neural networks", WACV 2017, section 3.3; S. Gugger,
/// "How do you find a good learning rate", 2018. Differs: above, and a loss belongs to the rate that led to it (fast.ai
/// notes the loss before the update).
[[nodiscard]] RateRange learning_rate_range_test(Objective& objective, const std::vector<double>& start,
                                                 const Chain& chain, const RateRangeOptions& options = {});
/// The same on batches of `options.batch_size` rows, in the order minimize_sum() takes them.
[[nodiscard]] RateRange learning_rate_range_test(FiniteSum& objective, const std::vector<double>& start,
                                                 const Chain& chain, const RateRangeOptions& options = {});

/// Of a curve over rates in equal ratios; a fall of no more than `floor` is none.
[[nodiscard]] RateReadings read_rate_curve(std::span<const RatePoint> points, double start_loss, double floor = 0.0);

}  // namespace descent

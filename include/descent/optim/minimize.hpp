// minimise f(x) over R^n (or a box), given a start and a method; the run's end is data.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "descent/core/objective.hpp"
#include "descent/core/result.hpp"
#include "descent/core/stop_token.hpp"
#include "descent/core/trace.hpp"
#include "descent/optim/optimizer.hpp"
#include "descent/optim/proximal.hpp"

namespace descent {

struct Bound {
  double low = 0.0;   ///< may be -infinity
  double high = 0.0;  ///< may be infinity
};

/// When a run ends. Every rule is legal for every method and judged after an update is made; 0 switches a rule off.
/// Each is met when the quantity is <= the tolerance. dx is the last move, df the change of the objective it made.
struct MinimizeOptions {
  std::uint64_t max_steps = 10000;             ///< updates; 0 evaluates the start only
  double gradient_tolerance = 1e-8;            ///< on max_i |g_i| (with bounds: of the projected gradient): `converged`
  double gradient_tolerance_relative = 0;      ///< the same over max(1, |f(x)|): `converged`
  double step_tolerance = 0;                   ///< on ||dx||_2: `small_change`, like all that follow
  double step_tolerance_relative = 0;          ///< on ||dx||_2 / ||x||_2
  double step_tolerance_component = 0;         ///< on max_i |dx_i|
  double value_tolerance = 0;                  ///< on |df|
  double value_tolerance_relative = 0;         ///< on |df| / max(|f before|, |f after|)
  double time_limit_seconds = 0;               ///< 0 = none
  std::vector<Bound> bounds{};                 ///< empty, or one for each parameter; the start is moved inside
  std::shared_ptr<const ProximalTerm> term{};  ///< added to f, or the set that x is held in; null = nothing
  /// Of objectives that want it (a gradient written by hand): at the start it is compared with differences, along one
  /// direction, and coordinate by coordinate only if that does not fit. A wrong one is refused, with its worst
  /// coordinate. Two evaluations where it is right.
  bool check_gradient = true;
  Observer observer{};  ///< sees every update; returning false interrupts
  StopToken stop{};
};

/// minimise   f(x) + term(x), bounds.low <= x <= bounds.high
/// given      f and its gradient, a start, an optimizer
/// result     status with a reason; x is the last iterate for chains, the best for methods with a line search
///
/// A term that is a set: chains, gradient_descent and spectral_gradient project onto it, fista and proximal_gradient
/// take any; one interval for all parameters is bounds, which more methods hold. `auto` is then fista, for a set
/// spectral_gradient.
///
/// A chain with sam takes, and counts, two gradients an update. Parameters that no link with a rate is for (only,
/// except) are refused. A search that meets a gradient of exactly 0 is `converged` whatever the tolerances. A start
/// whose gradient already meets the gradient tolerance is `converged` after 0 steps: no update could be judged better.
/// `auto` as a rate: plain sgd becomes gradient_descent; for other chains the rate that a range test suggests
/// (rate_range.hpp), whose 200 to 800 evaluations count. Where that has no answer, and in batches: 0.01 for rules that
/// divide by the gradient's size, else half the step that one backtracking search from the start accepts. Throws:
/// Error(usage) for a start or bounds of another size, a start that is not finite, or a tolerance < 0.
[[nodiscard]] Result minimize(Objective& objective, std::vector<double> start, const Optimizer& optimizer,
                              const MinimizeOptions& options = {});
/// With `auto`.
[[nodiscard]] Result minimize(Objective& objective, std::vector<double> start, const MinimizeOptions& options = {});

// For objectives given as a temporary.
[[nodiscard]] Result minimize(Objective&& objective, std::vector<double> start, const Optimizer& optimizer,
                              const MinimizeOptions& options = {});

/// Throws: Error(usage) naming the option, what is allowed and what was got.
void check_options(const MinimizeOptions& options, std::size_t num_parameters);

}  // namespace descent

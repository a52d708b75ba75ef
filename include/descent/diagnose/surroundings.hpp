// What lies around the point where a run converged: the gradient test only says that the point is stationary.
#pragma once

#include <vector>

#include "descent/core/objective.hpp"
#include "descent/core/result.hpp"
#include "descent/diagnose/curvature.hpp"
#include "descent/diagnose/findings.hpp"

namespace descent::diagnose {

struct SurroundingsOptions {
  Region region{};         ///< bounds of the run
  bool maximizes = false;  ///< the objective is -f, and the words are to be about f
};

/// Findings about a run that converged by its gradient; none at a strict minimum that updates led to:
///  - the value falls to a side: [saddle_point], [maximum], and where slope and curvature both vanish
///  [inflection_point]; `advice` has a `--start` beside it, whose value was computed and is lower
///  - the gradient died out without a minimum, as exp(-x)'s does: [no_minimum_in_sight]
///  - a function so flat that a small gradient is met far from its minimum: [far_from_minimum]
///  - a direction along which the value stays the same: [flat_direction]
///  - no update was made, since the start is stationary: [start_is_stationary]
/// Costs the gradients of spectrum(), and up to about 60 values and gradients for each direction it follows, of which
/// there are at most 8; one or two at a strict minimum. Looks at up to kMaxSpectrumVariables.
[[nodiscard]] std::vector<Finding> surroundings(Objective& objective, const Result& result,
                                                const SurroundingsOptions& options = {});

/// For runs that a limit or a failed line search ended: is there anything for more steps to find? Along -gradient
///  - the value keeps falling, however far one goes [no_minimum_in_sight]
///  - the slope turns over at once: the run sits on a kink [kink]
/// Three to 60 evaluations.
[[nodiscard]] std::vector<Finding> look_ahead(Objective& objective, const Result& result,
                                              const SurroundingsOptions& options = {});

}  // namespace descent::diagnose

// A schedule as a shape: its name and arguments without the rate, which is given elsewhere.
#pragma once

#include <string_view>

#include "descent/optim/schedule.hpp"

namespace descent {

/// `cosine`, `step_decay(every=100)`, `warm_up(schedule=cosine, steps=50)`: the schedule with `rate` as its rate.
/// `steps` are the updates of the run; what is left out and has to do with its length is chosen so that the schedule
/// spans it:
///   steps of cosine and polynomial: the whole run
///   step_decay: every = a tenth of the run; exponential: a hundredth of the rate at the end
///   inverse_scaling: steps = a hundredth of the run, a tenth of the rate at the end for power 1/2
///   warm_up: steps = a twentieth of the run, then a cosine over the rest
/// Arguments are named: by position `cosine(0.05, 5000)` would read as steps and end here, as rate and steps in a
/// chain. Throws: Error(usage) for unknown names, arguments by position, a rate inside.
[[nodiscard]] Schedule shape_schedule(std::string_view text, double rate, double steps);

}  // namespace descent

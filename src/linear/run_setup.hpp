// From a fit's options to those of a run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "descent/linear/options.hpp"
#include "src/linear/solve.hpp"

namespace descent::linear {

inline constexpr std::uint64_t kDefaultSteps = 10'000;

/// Limits, tolerances, observer and stop token. `textbook_limit`: who says how many updates to make gets exactly as
/// many.
[[nodiscard]] MinimizeOptions run_options(const LinearOptions& options, double gradient_scale, bool textbook_limit);
/// The first of max_epochs and max_steps; `fallback` when neither is given.
[[nodiscard]] std::uint64_t step_limit(const LinearOptions& options, std::uint64_t steps_per_epoch,
                                       std::uint64_t fallback);

[[nodiscard]] bool is_plain_sgd(const Optimizer& optimizer);
/// The rate is `auto`, or the method is gradient_descent.
[[nodiscard]] bool has_auto_rate(const Optimizer& optimizer);

/// The best constant model is where methods that choose their own steps begin: it takes the size of the target out of
/// the first gradient. Returns the remark, empty where the start stays as it is.
std::string start_from_constant(const SolveInput& in, std::vector<double>& start);

struct RateInput {
  std::size_t batch = 0;
  std::uint64_t updates = 0;   // of the run to come
  bool anneal = true;          // an auto rate without a schedule falls by a cosine
  Objective* whole = nullptr;  // in place of the objective where all rows are evaluated: its Gram form
};
/// The chain to run: with a rate found by trials where it is auto, shaped by the options' schedule. What was done goes
/// into out.remarks, what it cost into the evaluations of out.result.
/// Throws: Error(usage) for a schedule on top of another, or where nothing has a rate.
[[nodiscard]] Chain settle_rate(const SolveInput& in, const Chain& chain, const RateInput& input, SolveOutput& out);

}  // namespace descent::linear

// What a run's trace says about it: the things that people overlook.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "descent/core/result.hpp"
#include "descent/core/trace.hpp"

namespace descent::diagnose {

enum class Severity {
  remark,   ///< good to know
  warning,  ///< the result may be improved, or misread
  problem,  ///< the result should not be used as it is
};

[[nodiscard]] const char* to_text(Severity severity);

struct Finding {
  std::string name;  ///< stable, for scripts: `stopped_early`
  Severity severity = Severity::remark;
  std::string what;                 ///< one sentence
  std::string evidence;             ///< its numbers
  std::string advice;               ///< what to try
  std::vector<double> direction{};  ///< unit vector that it is about; empty when it is about none. // shape = [n]
};

/// What the caller knows besides the trace; leave out what is unknown.
struct Facts {
  double gradient_tolerance = 1e-8;          ///< what the run was to reach; 0 = none was asked for
  std::optional<double> largest_curvature;   ///< largest eigenvalue of the Hessian, L
  std::optional<double> smallest_curvature;  ///< smallest one, > 0
  std::optional<double> excess;              ///< (f - f*) / |f*| of the result, when f* is known exactly
  /// The largest stable learning rate of this chain, times L: 2 for plain descent (optim/stable_rate.hpp).
  std::optional<double> stable_rate_times_curvature;
  bool chooses_steps = false;    ///< the method chose its steps: nobody can change a learning rate
  bool no_minimum = false;       ///< it is known that more steps only lead further down
  bool sampled_rows = false;     ///< gradients come from some of the rows: single steps may rise
  bool can_standardize = false;  ///< columns were not scaled and could be
};

/// The findings, most severe first; none when there is nothing to say. Looks for (names in brackets):
///  - a run that a small change ended while its gradient is large, or the optimum far [stopped_early]
///  - divergence: where it began, and the largest stable rate if L is known [diverged]
///  - an objective that ends above its start [rising], goes up and down [oscillating], or ends in a spike
///  [last_is_not_best]
///  - a total that does not fall because the penalty grows while the loss falls [penalty_grows]
///  - a step limit that was reached while improving, with the steps to go [still_improving]
///  - a rate far below what L allows, or moves that were all parallel from the first [rate_too_small]; one beyond what
///  L allows [rate_too_large]
///  - curvatures that differ by more than 1e4, with what standardising could spare [ill_conditioned]
[[nodiscard]] std::vector<Finding> findings(const Trace& trace, const Result& result, const Facts& facts = {});

/// The steps until the gradient reaches `tolerance` if it goes on shrinking as it did over the last half of the trace:
/// by a constant factor a step, or like a power of the number of steps, whichever fits log(gradient_norm) better.
/// Nothing when it does not shrink or there are fewer than 8 rows.
[[nodiscard]] std::optional<double> steps_to_go(const Trace& trace, double tolerance);

}  // namespace descent::diagnose

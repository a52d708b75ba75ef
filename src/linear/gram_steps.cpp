#include "src/linear/gram_steps.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "descent/core/text.hpp"

namespace descent::linear {
namespace {

constexpr std::uint64_t kStepsBetweenLooks = 4096;  // at the clock and the stop token: every 20 us

/// A gradient below which no parameter moves any more: its steps are below the last digit of any solution that is not
/// 0. Walking on would take the error into the subnormal numbers, where a step costs 75 ns instead of 4 (Intel Xeon).
constexpr double kNothingLeft = 1e-280;

struct Walk {
  std::uint64_t steps = 0;  // made, each of which the rules let pass
};

/// Walks until a rule would end the run or `limit` steps are made; leaves `error` before the step that would end it.
///
/// The value is a convex quadratic, so with a stable rate it falls in every step; the last point is then the best one,
/// and no minimum has to be kept.
template <std::size_t kSize>
Walk walk(const double* hessian, double rate, double gradient_tolerance, std::uint64_t limit, double* error) {
  std::array<double, kSize> e;
  std::array<double, kSize * kSize> h;
  for (std::size_t i = 0; i < kSize; ++i) e[i] = error[i];
  for (std::size_t i = 0; i < kSize * kSize; ++i) h[i] = hessian[i];
  Walk result;
  const double least = std::max(gradient_tolerance, kNothingLeft);
  double steepest = 0.0;
  for (; result.steps < limit; ++result.steps) {
    std::array<double, kSize> next;
    steepest = 0.0;
    for (std::size_t i = 0; i < kSize; ++i) {
      double g = h[i * kSize] * e[0];
      for (std::size_t j = 1; j < kSize; ++j) g += h[i * kSize + j] * e[j];
      next[i] = e[i] - rate * g;
      steepest = std::max(steepest, std::fabs(g));
    }
    // Both comparisons are false for a NaN, which therefore ends the walk too.
    if (!(steepest > least && steepest <= 1e300)) break;
    e = next;
  }
  if (steepest > gradient_tolerance && steepest <= kNothingLeft) result.steps = limit;  // the rest changes nothing
  for (std::size_t i = 0; i < kSize; ++i) error[i] = e[i];
  return result;
}

using Walker = Walk (*)(const double*, double, double, std::uint64_t, double*);
constexpr Walker kWalkers[] = {walk<1>, walk<2>, walk<3>, walk<4>, walk<5>, walk<6>, walk<7>, walk<8>};

}  // namespace

bool is_textbook_descent_chain(const Optimizer& optimizer) {
  if (optimizer.method != Method::chain) return false;
  return is_plain_descent(optimizer.chain) && optimizer.chain.learning_rate()->is_constant();
}

bool can_run_gram_steps(const MinimizeOptions& options) {
  return !options.observer && options.bounds.empty() && options.step_tolerance == 0.0 &&
         options.step_tolerance_relative == 0.0 && options.step_tolerance_component == 0.0 &&
         options.value_tolerance == 0.0 && options.value_tolerance_relative == 0.0 &&
         options.gradient_tolerance_relative == 0.0 && options.time_limit_seconds == 0.0;
}

Result gram_steps(const LeastSquaresAnalysis& analysis, GramObjective& objective, std::vector<double> start,
                  const Optimizer& optimizer, const MinimizeOptions& options) {
  const std::size_t size = start.size();
  const double rate = (*optimizer.chain.learning_rate())(0);
  // Two steps are left to minimize(): it judges, words the reason and fills in everything else.
  if (size == 0 || size > std::size(kWalkers) || options.max_steps < 3 || !(rate < analysis.largest_stable_rate))
    return minimize(objective, std::move(start), optimizer, options);

  std::vector<double> error(size);
  for (std::size_t i = 0; i < size; ++i) error[i] = start[i] - analysis.solution[i];
  std::uint64_t made = 0;
  while (made < options.max_steps - 2 && !options.stop.stop_requested()) {
    const std::uint64_t chunk = std::min(kStepsBetweenLooks, options.max_steps - 2 - made);
    const Walk part =
        kWalkers[size - 1](analysis.hessian.data(), rate, options.gradient_tolerance, chunk, error.data());
    made += part.steps;
    if (part.steps < chunk) break;
  }
  for (std::size_t i = 0; i < size; ++i) start[i] = analysis.solution[i] + error[i];
  MinimizeOptions rest = options;
  rest.max_steps -= made;
  Result result = minimize(objective, std::move(start), optimizer, rest);
  result.steps += made;
  result.best.step += made;
  result.value_evaluations += made;
  result.gradient_evaluations += made;
  result.epochs = result.steps;
  if (result.status == Status::step_limit)
    result.reason = "the limit of " + count_text(static_cast<double>(options.max_steps)) + " updates was reached";
  if (result.fault) result.fault->step += made;
  return result;
}

}  // namespace descent::linear

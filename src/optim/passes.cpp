#include "src/optim/passes.hpp"

#include <algorithm>
#include <utility>

#include "descent/core/text.hpp"

namespace descent {

std::vector<std::size_t> evenly_spread(std::size_t count, std::size_t most) {
  const std::size_t taken = std::min(count, most);
  std::vector<std::size_t> result;
  for (std::size_t i = 1; i <= taken; ++i) result.push_back(i * count / taken - 1);
  return result;
}

bool judge_epoch(Run& run, const SumOptions& options, const EpochInfo& info, double& previous_mean) {
  if (!run.judge_value(info.mean_objective, std::exchange(previous_mean, info.mean_objective))) return false;
  if (options.on_epoch && !options.on_epoch(info)) return run.end(Status::small_change, options.epoch_stop_reason);
  if (options.max_epochs == 0 || info.epoch < options.max_epochs) return true;
  return run.end(Status::step_limit,
                 "the limit of " + count_text(static_cast<double>(options.max_epochs)) + " epochs was reached");
}

void settle_best(Run& run, const Point& last) {
  BestPoint best = run.best();
  if (best.step > 0 && best.step < run.steps()) {
    best.value = run.objective_time().time([&] { return run.objective().value(best.x); });
    run.count_value();
  }
  if (last.value <= best.value || best.step == run.steps())
    best = {.step = run.steps(), .value = last.value, .x = last.x};
  run.set_best(std::move(best));
}

}  // namespace descent

// What `auto` is as the rate of a chain.
#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "descent/core/error.hpp"
#include "descent/optim/chain_state.hpp"
#include "descent/optim/makers/adaptive.hpp"
#include "descent/optim/rate_range.hpp"
#include "descent/simd/reduce.hpp"
#include "src/optim/call_building.hpp"
#include "src/optim/methods.hpp"
#include "src/optim/rules/basic.hpp"
#include "src/optim/rules/rule_def.hpp"

namespace descent {

bool has_auto_rate(const Chain& chain) {
  for (const Rule& rule : chain.rules())
    if (rule.learning_rate() != nullptr && rule.learning_rate()->is_auto()) return true;
  return false;
}

Chain with_first_rate(Objective& objective, const Chain& chain, const std::vector<double>& start,
                      std::uint64_t& evaluations) {
  double rate = 0.01;  // rules that divide by the gradient's size move about this far, whatever the objective's scale
  if (!is_scale_free(chain)) {
    // Half of what one backtracking search accepts: f(x - r g) <= f(x) - r ||g||^2 / 2 holds for every r <= 1 / L.
    const std::size_t n = start.size();
    std::vector<double> gradient(n), trial(n);
    const double value = objective.evaluate(start, gradient);
    const double squared = simd::squared_norm(gradient);
    ++evaluations;
    rate = 1.0;
    if (squared > 0.0 && std::isfinite(squared) && std::isfinite(value)) {
      const auto accepts = [&](double r) {
        for (std::size_t i = 0; i < n; ++i) trial[i] = start[i] - r * gradient[i];
        ++evaluations;
        const double reached = objective.value(trial);
        return std::isfinite(reached) && reached <= value - 0.5 * r * squared;
      };
      if (accepts(rate)) {
        while (rate < 0x1p60 && accepts(2.0 * rate)) rate *= 2.0;
      } else {
        while (rate > 0x1p-100 && !accepts(rate)) rate *= 0.5;
      }
    }
    rate *= 0.5;
  }
  return with_auto_rate(chain, rate);
}

namespace {

/// Does a rule keep a mean of directions?
bool has_momentum(const Chain& chain) {
  constexpr std::array<std::string_view, 4> without{"scale_by_rms", "scale_by_adagrad", "scale_by_adadelta",
                                                    "scale_by_sign"};
  const std::vector<Rule> all = chain.rules();
  return std::any_of(all.begin(), all.end(), [&](const Rule& rule) {
    if (rule.def == &rules::kTrace || rule.def == &rules::kEma) return true;
    return rule.def->scale_free && std::find(without.begin(), without.end(), rule.name()) == without.end();
  });
}

/// Moves that do not shrink with the gradient cannot settle at a rate that stays: it is cut where f no longer falls.
/// With momentum f may rise for a while, and is given time. On 40 objectives (docs/design/learning_rate.md) that is 1.7
/// instead of 9.6 times the updates of the best of 13 fixed rates for rmsprop, and no more for adam.
Schedule settling(const Chain& chain, double rate) {
  const std::vector<Rule> all = chain.rules();
  const auto rates =
      std::count_if(all.begin(), all.end(), [](const Rule& rule) { return rule.learning_rate() != nullptr; });
  if (rates != 1 || !is_scale_free(chain) || keeps_rate(chain)) return rate;
  return plateau(rate, {.factor = 0.3, .patience = has_momentum(chain) ? 150.0 : 20.0, .threshold = 0.0});
}

/// ftrl works its point out of the rate anew, so that none may change on the way; adagrad moves as it does.
Chain tested(const Chain& chain) {
  for (const Rule& rule : chain.rules())
    if (rule.name() == "ftrl") return adagrad(Schedule::automatic());
  return chain;
}

/// A factor for rules for which the test's suggestion is too small on most of 40 objectives. Three times it lion needs
/// 1.28 times the updates of the best of 13 rates instead of 2.53, adan 2.72 instead of 3.48; ten times it 1.73
/// and 4.56.
double beyond_the_test(const Chain& chain) {
  for (const Rule& rule : chain.rules())
    if (rule.name() == "scale_by_lion" || rule.name() == "scale_by_adan") return 3.0;
  return 1.0;
}

}  // namespace

Chain resolve_auto_rate(Objective& objective, const Chain& chain, const std::vector<double>& start,
                        const MinimizeOptions& options, std::uint64_t& evaluations) {
  // The test knows neither sets nor terms, and refuses starts and chains that it can say nothing of.
  if (options.term == nullptr) {
    try {
      const RateRange range =
          learning_rate_range_test(objective, start, tested(chain), {.bounds = options.bounds, .stop = options.stop});
      evaluations += range.evaluations;
      if (range.suggestion) return with_auto_rate(chain, settling(chain, beyond_the_test(chain) * *range.suggestion));
    } catch (const Error& error) {
      if (error.code() != ErrorCode::usage) throw;
    }
  }
  return with_first_rate(objective, chain, start, evaluations);
}

}  // namespace descent

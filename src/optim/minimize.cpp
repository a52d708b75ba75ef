#include "descent/optim/minimize.hpp"

#include <algorithm>
#include <utility>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/optim/chain_state.hpp"
#include "src/optim/displaced.hpp"
#include "src/optim/levenberg_marquardt.hpp"
#include "src/optim/methods.hpp"
#include "src/optim/rules/rule_def.hpp"

namespace descent {

Result run_chain(Run& run, const Chain& chain, std::vector<double> start, const AfterUpdate& after) {
  ChainState state(chain, start.size(),
                   {.blocks = run.objective().parameter_blocks(),
                    .parameter_name = [&run](std::size_t i) { return run.objective().parameter_name(i); },
                    .project = run.region().projection()});
  check_lengths(state);
  if (run.region().has_set() && state.has_solution())
    throw Error(ErrorCode::usage,
                "averages within a set other than bounds are not known: leave out the set, or the average",
                "optimizer");
  run.set_chain(&chain);
  run.set_state(state);
  run.set_forgives(state.forgives());
  std::vector<double> solution(state.has_solution() ? start.size() : 0);
  Point point = run.begin(std::move(start));
  std::vector<double> previous(run.needs_previous() ? point.x.size() : 0);
  Displaced displaced(run, state);
  const auto evaluate = [&run](Point& other) { run.evaluate(other); };
  const bool boxed = !run.region().empty();
  while (!run.ended()) {
    double rate = state.learning_rate();
    if (!run.announce(point, rate)) break;
    if (!previous.empty()) copy_vector(point.x, previous);
    const double previous_value = point.value;
    if (state.needs_value()) state.tell(point.value);
    const std::vector<double>* gradient = displaced.gradient(point, evaluate);
    if (gradient == nullptr) break;
    state.update(*gradient, point.x, point.value);
    if (state.finds_rate()) rate = state.learning_rate();
    if (boxed) run.region().project(point.x);
    run.evaluate(point);
    if (!run.judge(point, previous_value, previous, rate, state.moved())) break;
    if (!after) continue;
    if (!solution.empty()) state.solution(point.x, solution);
    if (!after(run, point, solution.empty() ? point.x : solution)) break;
  }
  if (!solution.empty()) {
    state.solution(point.x, solution);
    run.report_solution(point, std::move(solution));
  }
  return run.finish(std::move(point));
}

void check_has_length(const Chain& chain) {
  if (has_length(chain)) return;
  const std::string text = to_text(chain);
  const auto rules = chain.rules();
  const bool follows = !rules.empty() && rules.front().def->place > 0;
  throw Error(ErrorCode::usage,
              "the chain " + quoted(text) + " has no rule with a learning rate, so nothing says how far to go: " +
                  (follows ? "put one in front, sgd(0.01) | " + text : "append sgd or scale_by_learning_rate(0.01)"),
              "optimizer");
}

void check_lengths(const ChainState& state) {
  if (state.first_without_length().empty()) return;
  throw Error(ErrorCode::usage,
              "no link with a learning rate is for " + quoted(state.first_without_length()) +
                  ", which would move by its whole gradient: append except(..., sgd(0.01)), or freeze it",
              "optimizer");
}

namespace {

/// sgd(auto) alone: what gradient_descent does better.
bool is_plain_auto(const Chain& chain) { return is_plain_descent(chain) && chain.learning_rate()->is_auto(); }

/// Throws: Error(usage) where the method cannot do what is asked.
void check_fits(const Optimizer& optimizer, std::size_t n, const MinimizeOptions& options) {
  constexpr std::size_t kLargestMatrix = 20000;
  const auto refuse = [&](const std::string& why) {
    throw Error(ErrorCode::usage, to_text(optimizer) + why, "optimizer");
  };
  const Method method = optimizer.method;
  const bool bounded = !options.bounds.empty();
  const bool smooth =
      method == Method::bfgs || method == Method::cg || method == Method::newton_cg || method == Method::trust_region;
  const bool proximal = method == Method::fista || method == Method::proximal_gradient;
  if (options.term != nullptr) {
    const std::string text = options.term->text();
    const bool projects =
        method == Method::chain || method == Method::spectral_gradient || method == Method::gradient_descent;
    if (method == Method::coordinate_descent ? !options.term->is_separable()
                                             : !proximal && !(projects && options.term->is_set()))
      refuse((options.term->is_set() ? " cannot hold x in " : " cannot take ") + text +
             (options.term->is_set() ? ": spectral_gradient, fista, gradient_descent and chains such as adam can"
                                     : ": fista and proximal_gradient can"));
  }
  if (bounded && smooth) refuse(" takes no bounds: lbfgs, spectral_gradient, gradient_descent and chains do");
  if (bounded && method == Method::lbfgs && optimizer.line_search != LineSearchKind::more_thuente)
    refuse(" searches by more_thuente within bounds: leave out line_search, or the bounds");
  if (method == Method::bfgs && n > kLargestMatrix)
    refuse(" keeps a matrix of n x n numbers, at most for n = 20,000, got n = " + count_text(static_cast<double>(n)) +
           ": lbfgs keeps a few vectors");
}

/// A set that is one interval for all coordinates is bounds, which more methods hold.
MinimizeOptions with_interval_as_bounds(const MinimizeOptions& options, std::size_t n) {
  MinimizeOptions result = options;
  const ProximalTerm::Ends ends = *options.term->interval();
  if (result.bounds.empty()) result.bounds.assign(n, {ends.low, ends.high});
  for (Bound& bound : result.bounds) bound = {std::max(bound.low, ends.low), std::min(bound.high, ends.high)};
  result.term = nullptr;
  return result;
}

Method chosen_method(const Optimizer& optimizer, const MinimizeOptions& options, bool has_residuals) {
  if (optimizer.method == Method::chain && is_plain_auto(optimizer.chain)) return Method::gradient_descent;
  if (optimizer.method != Method::automatic) return optimizer.method;
  if (options.term != nullptr) return options.term->is_set() ? Method::spectral_gradient : Method::fista;
  return has_residuals ? Method::levenberg_marquardt : Method::lbfgs;
}

/// The value is f(x) to the last bit, not the sum of the squares of its residuals.
void settle_value(Objective& objective, Result& result) {
  result.value = objective.value(result.x);
  ++result.value_evaluations;
  if (result.best.x == result.x) result.best.value = result.value;
}

}  // namespace

Result minimize(Objective& objective, std::vector<double> start, const Optimizer& optimizer,
                const MinimizeOptions& options) {
  if (options.term != nullptr && options.term->interval())
    return minimize(objective, std::move(start), optimizer,
                    with_interval_as_bounds(options, objective.num_parameters()));
  ResidualObjective* const residuals = objective.as_residuals();
  Optimizer resolved = optimizer;
  resolved.method = chosen_method(optimizer, options, residuals != nullptr);
  const Method method = resolved.method;

  if (method == Method::levenberg_marquardt && residuals == nullptr)
    throw Error(ErrorCode::usage,
                "levenberg_marquardt needs the residuals of a sum of squares: least_squares(...) in C++, "
                "'sum((y - a*exp(-b*x))^2)' over the rows of --data, or descent fit --model 'y = a*exp(-b*x)'; lbfgs "
                "takes any smooth function",
                "optimizer");
  if (is_variance_reduced(method))
    throw Error(ErrorCode::usage,
                to_text(resolved) +
                    " is for batches of a sum over rows, smaller than all rows: minimize_sum with a batch_size in C++, "
                    "or descent fit with --batch-size 16; where every update takes all rows lbfgs, gradient_descent "
                    "and chains such as adam do",
                "optimizer");
  check_fits(resolved, objective.num_parameters(), options);

  if (method == Method::chain) {
    check_options(options, objective.num_parameters());
    check_has_length(optimizer.chain);
    Chain chain = optimizer.chain;
    std::uint64_t evaluations = 0;
    if (has_auto_rate(chain) && start.size() == objective.num_parameters())
      chain = resolve_auto_rate(objective, chain, start, options, evaluations);
    Run run(objective, options, to_text(chain));
    run.count_evaluations(evaluations);
    return run_chain(run, chain, std::move(start));
  }
  const LineSearchChoice search{.kind = optimizer.line_search, .curvature = optimizer.curvature};
  Run run(objective, options, to_text(resolved));
  switch (method) {
    case Method::spectral_gradient:
      return run_spectral_gradient(run, optimizer.spectral_step, optimizer.look_back, std::move(start));
    case Method::gradient_descent: return run_gradient_descent(run, std::move(start));
    case Method::proximal_gradient:
    case Method::fista:
      return run_proximal_gradient(run, method == Method::fista, optimizer.first_step, std::move(start));
    case Method::coordinate_descent: return run_coordinate_descent(run, optimizer.order, std::move(start));
    case Method::levenberg_marquardt: {
      Result result = run_levenberg_marquardt(run, *residuals, std::move(start), optimizer.first_radius);
      if (residuals != &objective) settle_value(objective, result);
      return result;
    }
    case Method::bfgs: return run_bfgs(run, search, std::move(start));
    case Method::cg: return run_conjugate_gradient(run, optimizer.beta, search, std::move(start));
    case Method::newton_cg: return run_newton_cg(run, search, std::move(start));
    case Method::trust_region: return run_newton_trust_region(run, optimizer.first_radius, std::move(start));
    default:
      if (!options.bounds.empty()) return run_lbfgsb(run, optimizer.memory, std::move(start));
      return run_lbfgs(run, optimizer.memory, search, std::move(start));
  }
}

Result minimize(Objective& objective, std::vector<double> start, const MinimizeOptions& options) {
  return minimize(objective, std::move(start), Optimizer(Method::automatic), options);
}

Result minimize(Objective&& objective, std::vector<double> start, const Optimizer& optimizer,
                const MinimizeOptions& options) {
  return minimize(objective, std::move(start), optimizer, options);
}

}  // namespace descent

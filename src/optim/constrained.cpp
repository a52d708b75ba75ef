#include "descent/optim/constrained.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <utility>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/simd/axpy.hpp"
#include "src/optim/region.hpp"
#include "src/optim/run.hpp"

namespace descent {
namespace {

constexpr double kMaxPenalty = 1e14;     // beyond it the penalty's rounding hides f
constexpr double kMaxMultiplier = 1e12;  // safeguard of the reference
constexpr std::uint64_t kMaxRounds = 100;
constexpr double kFirstTolerance = 1e-2;

/// f + rho/2 sum_eq (c + m/rho)^2 + rho/2 sum_ineq max(0, c + m/rho)^2
class AugmentedLagrangian final : public Objective {
 public:
  AugmentedLagrangian(Objective& f, std::span<const Constraint> constraints)
      : f_(f), constraints_(constraints), values_(constraints.size()), slope_(f.num_parameters()) {
    multipliers.assign(constraints.size(), 0.0);
  }

  [[nodiscard]] std::size_t num_parameters() const override { return f_.num_parameters(); }
  [[nodiscard]] std::string parameter_name(std::size_t index) const override { return f_.parameter_name(index); }
  [[nodiscard]] GradientSource gradient_source() const override { return f_.gradient_source(); }
  [[nodiscard]] double last_penalty() const override { return penalty_; }

  double evaluate(View x, MutableView gradient) override {
    value_ = f_.evaluate(x, gradient);
    penalty_ = 0.0;
    for (std::size_t i = 0; i < constraints_.size(); ++i) {
      const MutableView slope = gradient.empty() ? MutableView() : MutableView(slope_);
      values_[i] = constraints_[i].function->evaluate(x, slope);
      double shifted = values_[i] + multipliers[i] / rho;
      if (!constraints_[i].equality && shifted < 0.0) shifted = 0.0;
      penalty_ += 0.5 * rho * shifted * shifted;
      if (!gradient.empty() && shifted != 0.0) simd::axpy(rho * shifted, slope_, gradient);
    }
    return value_ + penalty_;
  }

  /// Of the last evaluate().
  [[nodiscard]] double plain_value() const { return value_; }
  [[nodiscard]] View constraint_values() const { return values_; }

  std::vector<double> multipliers;
  double rho = 1.0;

 private:
  Objective& f_;
  std::span<const Constraint> constraints_;
  std::vector<double> values_, slope_;
  double value_ = 0.0, penalty_ = 0.0;
};

class ConstrainedRun {
 public:
  ConstrainedRun(Objective& f, std::span<const Constraint> constraints, const MinimizeOptions& options,
                 double tolerance)
      : f_(f), constraints_(constraints), options_(options), tolerance_(tolerance), lagrangian_(f, constraints) {}

  ConstrainedResult solve(std::vector<double> start) {
    const auto began = std::chrono::steady_clock::now();
    const Region region(options_.bounds);
    region.project(start);
    std::vector<double> x = std::move(start);
    first_penalty(x);
    double wanted = std::max(options_.gradient_tolerance, kFirstTolerance);
    double before = std::numeric_limits<double>::infinity();
    for (out_.rounds = 1;; ++out_.rounds) {
      Result round = minimize_round(x, wanted);
      objective_seconds_ += round.objective_seconds;
      observer_seconds_ += round.observer_seconds;
      const bool at_start = out_.rounds == 1 && round.steps == 0;
      if (falls_without_end(round) && !at_start && lagrangian_.rho < kMaxPenalty) {
        lagrangian_.rho *= 100.0;  // the constraints do not hold f back yet
        continue;
      }
      x = round.x;
      (void)lagrangian_.evaluate(x, {});
      const double unmet = measure();
      move_multipliers();
      const bool ended_early = round.status == Status::interrupted || round.status == Status::time_limit ||
                               round.status == Status::step_limit || round.status == Status::diverged;
      out_.result = std::move(round);
      if (ended_early) break;
      const bool stationary = out_.result.status == Status::converged && wanted <= options_.gradient_tolerance;
      if (unmet <= tolerance_ && stationary) {
        certify(unmet);
        break;
      }
      if (unmet <= tolerance_ && out_.result.status != Status::converged) break;  // as far as rounding lets it
      if (unmet > 0.5 * before && unmet > tolerance_) lagrangian_.rho *= 10.0;
      before = unmet;
      if (lagrangian_.rho > kMaxPenalty || out_.rounds >= kMaxRounds) {
        give_up();
        break;
      }
      wanted = std::max(options_.gradient_tolerance, std::min(0.1 * wanted, std::max(unmet, tolerance_)));
    }
    finish(x);
    out_.result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    out_.result.objective_seconds = objective_seconds_;
    out_.result.observer_seconds = observer_seconds_;
    return std::move(out_);
  }

 private:
  void first_penalty(View x) {
    const double value = std::fabs(f_.value(x));
    double squares = 0.0;
    for (const Constraint& constraint : constraints_) {
      const double c = constraint.function->value(x), over = constraint.equality ? c : std::max(0.0, c);
      squares += over * over;
    }
    ++evaluations_;
    const double wanted = 2.0 * std::max(1.0, value) / squares;
    lagrangian_.rho = std::isfinite(wanted) ? std::clamp(wanted, 1e-3, 10.0) : 10.0;
  }

  Result minimize_round(const std::vector<double>& x, double wanted) {
    MinimizeOptions options = options_;
    options.gradient_tolerance = wanted;
    options.max_steps = options_.max_steps > steps_ ? options_.max_steps - steps_ : 0;
    if (options_.observer)
      options.observer = [this](const StepInfo& info) {
        StepInfo shown = info;
        shown.step += steps_;
        return options_.observer(shown);
      };
    Result round = minimize(lagrangian_, x, Optimizer(Method::lbfgs), options);
    steps_ += round.steps;
    value_evaluations_ += round.value_evaluations;
    gradient_evaluations_ += round.gradient_evaluations;
    return round;
  }

  /// How far the conditions on the constraints are from being met: violation, and complementarity of the inequalities.
  [[nodiscard]] double measure() const {
    double worst = 0.0;
    const View c = lagrangian_.constraint_values();
    for (std::size_t i = 0; i < c.size(); ++i) {
      const double off =
          constraints_[i].equality ? c[i] : std::max(c[i], -lagrangian_.multipliers[i] / lagrangian_.rho);
      worst = std::max(worst, std::fabs(off));
    }
    return worst;
  }

  void move_multipliers() {
    const View c = lagrangian_.constraint_values();
    for (std::size_t i = 0; i < c.size(); ++i) {
      double& m = lagrangian_.multipliers[i];
      m += lagrangian_.rho * c[i];
      m = std::clamp(m, constraints_[i].equality ? -kMaxMultiplier : 0.0, kMaxMultiplier);
    }
  }

  void certify(double unmet) {
    Result& result = out_.result;
    const double bound = std::max(result.gradient_norm, unmet);
    result.certificate = Certificate{.kind = "kkt", .bound = bound};
    result.reason = "the gradient of the Lagrangian is at most " + number_text(result.gradient_norm, 3) +
                    ", the constraints hold within " + number_text(unmet, 3) + ", after " +
                    count_text(static_cast<double>(steps_)) + (steps_ == 1 ? " update" : " updates") + " in " +
                    count_text(static_cast<double>(out_.rounds)) + (out_.rounds == 1 ? " round" : " rounds");
  }

  void give_up() {
    Result& result = out_.result;
    result.certificate.reset();
    result.status = Status::small_change;
    result.reason = "the constraints are not met, and a heavier penalty does not bring them nearer";
    result.suggestion = "start elsewhere; perhaps no point satisfies them all";
  }

  void finish(View x) {
    Result& result = out_.result;
    (void)lagrangian_.evaluate(x, {});
    out_.values.assign(lagrangian_.constraint_values().begin(), lagrangian_.constraint_values().end());
    out_.multipliers = lagrangian_.multipliers;
    for (std::size_t i = 0; i < constraints_.size(); ++i)
      out_.violation = std::max(out_.violation,
                                constraints_[i].equality ? std::fabs(out_.values[i]) : std::max(0.0, out_.values[i]));
    result.gradient.resize(x.size());
    result.value = f_.evaluate(x, result.gradient);
    result.best = {.step = steps_, .value = result.value, .x = {x.begin(), x.end()}};
    result.steps = steps_;
    result.value_evaluations = value_evaluations_ + evaluations_ + 1;
    result.gradient_evaluations = gradient_evaluations_ + 1;
    result.optimizer = "augmented_lagrangian(lbfgs)";
    // What a round says of itself is of the Lagrangian.
    if (result.status == Status::step_limit)
      result.reason = "the limit of " + count_text(static_cast<double>(options_.max_steps)) + " updates was reached";
    if (!result.certificate && out_.violation > tolerance_)
      result.reason += "; the constraints are violated by " + number_text(out_.violation, 3);
  }

  Objective& f_;
  std::span<const Constraint> constraints_;
  const MinimizeOptions& options_;
  double tolerance_;
  AugmentedLagrangian lagrangian_;
  ConstrainedResult out_;
  std::uint64_t steps_ = 0, value_evaluations_ = 0, gradient_evaluations_ = 0, evaluations_ = 0;
  double objective_seconds_ = 0.0, observer_seconds_ = 0.0;
};

}  // namespace

ConstrainedResult minimize_constrained(Objective& f, std::span<const Constraint> constraints, std::vector<double> start,
                                       const MinimizeOptions& options, double constraint_tolerance) {
  const std::size_t n = f.num_parameters();
  check_options(options, n);
  if (start.size() != n)
    throw Error(ErrorCode::usage, "must have " + std::to_string(n) + " values, got " + std::to_string(start.size()),
                "start");
  if (!(constraint_tolerance > 0.0) || !std::isfinite(constraint_tolerance))
    throw Error(ErrorCode::usage, "must be > 0, got " + number_text(constraint_tolerance), "constraint_tolerance");
  if (!(options.gradient_tolerance > 0.0))
    throw Error(ErrorCode::usage, "must be > 0 with constraints: it ends the rounds, got 0", "gradient_tolerance");
  for (std::size_t i = 0; i < constraints.size(); ++i)
    if (constraints[i].function->num_parameters() != n)
      throw Error(ErrorCode::usage,
                  "constraint " + std::to_string(i) + " has " +
                      std::to_string(constraints[i].function->num_parameters()) + " parameters, the objective " +
                      std::to_string(n),
                  "constraints");
  return ConstrainedRun(f, constraints, options, constraint_tolerance).solve(std::move(start));
}

}  // namespace descent

// Learning rates, and other hyper-parameters, that change with the number of updates made.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "descent/core/param_table.hpp"
#include "descent/core/registry.hpp"

namespace descent {

/// rate_k for update k = 0, 1, 2, ...: a value, cheap to copy. Schedules count updates, never epochs, so a run cut into
/// other batches keeps its meaning per update. Every rate is a closed form of k: no error grows with k, and a run may
/// begin anywhere. `plateau` alone also depends on the objective: see needs_value().
class Schedule {
 public:
  /// A constant rate. Implicit, so that `adam(0.01)` reads as it is meant. Throws: Error(usage) unless finite and > 0.
  Schedule(double rate);  // NOLINT(google-explicit-constructor)
  /// "Left to the program": what `auto` means is said by whoever runs it (minimize.hpp). Has no rate.
  [[nodiscard]] static Schedule automatic();
  /// rate_k = f(k), for what no table has. Its text is `function`, which cannot be read back. Asked once an update,
  /// with the same answer whenever it is asked. Throws: Error(usage) if empty; when asked, if f(k) is not finite or <
  /// 0.
  [[nodiscard]] static Schedule function(std::function<double(std::uint64_t)> f);

  [[nodiscard]] bool is_auto() const { return kind_ == Kind::automatic; }
  [[nodiscard]] bool is_constant() const { return kind_ == Kind::constant; }
  /// True for `plateau`: its rates come from a PlateauState, which is told the objective. minimize() and minimize_sum()
  /// do that.
  [[nodiscard]] bool needs_value() const { return kind_ == Kind::told; }
  /// Throws: Error(internal) for `auto`, Error(usage) if needs_value().
  [[nodiscard]] double operator()(std::uint64_t k) const { return kind_ == Kind::constant ? rate_ : rate_at(k); }

  /// As it stands in a call: a number, `auto`, or a call such as cosine(0.05, 5000).
  [[nodiscard]] ArgumentValue argument() const;

 private:
  enum class Kind : std::uint8_t { constant, automatic, formula, told };
  friend struct ScheduleBuilder;
  Schedule() = default;
  [[nodiscard]] double rate_at(std::uint64_t k) const;

  Kind kind_ = Kind::constant;
  double rate_ = 0.0;                                                    // of a constant
  std::shared_ptr<const std::function<double(std::uint64_t)>> formula_;  // of a formula
  std::shared_ptr<const Call> call_;                                     // canonical; null for a number and auto
};

// The makers check their values against schedule_registry(), where defaults with their reasons, references and
// differences from torch and optax stand (`descent describe cosine`). Throws: Error(usage).

/// rate_k = rate
[[nodiscard]] Schedule constant(double rate);
/// rate_k = rate factor^floor(k / every)
[[nodiscard]] Schedule step_decay(double rate, double every, double factor = 0.5);
/// rate_k = rate factor^m, m = how many milestones are <= k (one given twice counts twice)
[[nodiscard]] Schedule multi_step(double rate, std::vector<double> milestones, double factor = 0.1);

enum class Interpolation { constant, linear, cosine };
/// rate_k between values[i] at boundaries[i - 1] (0 for the first) and values[i + 1] at boundaries[i]: values[i]
/// itself, on a straight line, or on half a cosine. values.back() after the last boundary.
[[nodiscard]] Schedule piecewise(std::vector<double> values, std::vector<double> boundaries,
                                 Interpolation form = Interpolation::constant);

struct ExponentialOptions {
  double steps = 1.0;      ///< > 0; updates for one factor
  bool staircase = false;  ///< floor(k / steps) in place of k / steps
  double end = 0.0;        ///< >= 0; never below
};
/// rate_k = max(end, rate factor^(k / steps))
[[nodiscard]] Schedule exponential(double rate, double factor, ExponentialOptions options = {});
[[nodiscard]] Schedule exponential(double rate, double factor, double steps);

struct PolynomialOptions {
  double power = 1.0;  ///< > 0; 1 is a straight line, what most papers call linear decay
  double end = 0.0;    ///< >= 0; the rate from update `steps` on
};
/// rate_k = end + (rate - end) (1 - min(k, steps) / steps)^power
[[nodiscard]] Schedule polynomial(double rate, double steps, PolynomialOptions options = {});

enum class AfterCosine {
  stay,   ///< at `end`
  climb,  ///< back to `rate` within another `steps`, down again, and so on, as torch's CosineAnnealingLR does
};
struct CosineOptions {
  double end = 0.0;  ///< >= 0; the rate of update `steps`
  AfterCosine then = AfterCosine::stay;
};
/// rate_k = end + (rate - end) (1 + cos(pi min(k, steps) / steps)) / 2
[[nodiscard]] Schedule cosine(double rate, double steps, CosineOptions options = {});

struct CosineRestartsOptions {
  double growth = 1.0;  ///< whole, >= 1; each period is this many times the one before
  double end = 0.0;     ///< >= 0; what each period falls to
};
/// rate_k = end + (rate - end) (1 + cos(pi r / p)) / 2, r updates into a period of p = period growth^i
[[nodiscard]] Schedule cosine_restarts(double rate, double period, CosineRestartsOptions options = {});

struct InverseScalingOptions {
  double steps = 1.0;  ///< > 0; updates after which (power 1) the rate has halved
};
/// rate_k = rate / (1 + k / steps)^power; scikit-learn's invscaling for steps = 1.
[[nodiscard]] Schedule inverse_scaling(double rate, double power = 0.5, InverseScalingOptions options = {});
/// rate_k = rate min((k + 1) / warm_up, sqrt(warm_up / (k + 1)))
[[nodiscard]] Schedule inverse_sqrt(double rate, double warm_up);

struct OneCycleOptions {
  double rise = 0.3;                           ///< in [0, 1]; the part of `steps` in which the rate rises
  Interpolation form = Interpolation::cosine;  ///< or linear
  int phases = 2;                              ///< 3: down to the first rate as slowly as it rose, then to the last
  double start_divisor = 25.0;                 ///< >= 1; the first rate is rate / start_divisor
  double end_divisor = 1e4;                    ///< >= 1; the last rate is the first / end_divisor
};
/// Rises from rate / start_divisor to rate at update rise steps - 1, then falls until update steps - 1, and stays.
[[nodiscard]] Schedule one_cycle(double rate, double steps, OneCycleOptions options = {});

struct OneCycleMomentumOptions {
  double low = 0.85, high = 0.95;              ///< >= 0; where the rate is highest and lowest
  double rise = 0.3;                           ///< as in OneCycleOptions, and so `form` and `phases`
  Interpolation form = Interpolation::cosine;  ///< or linear
  int phases = 2;
};
/// The momentum (or beta1) that goes with one_cycle: falls from high to low while the rate rises, and back.
[[nodiscard]] Schedule one_cycle_momentum(double steps, OneCycleMomentumOptions options = {});

enum class CyclicForm {
  triangular,   ///< all cycles alike
  triangular2,  ///< each half as high as the one before
  exp_range,    ///< height times factor^k
};
struct CyclicOptions {
  std::optional<double> down{};  ///< updates of the way back; empty = as many as `up`
  CyclicForm form = CyclicForm::triangular;
  std::optional<double> factor{};  ///< of exp_range alone, in (0, 1]; empty = the table's default
};
struct CyclicRange {
  double start = 0.0;  ///< >= 0; where each cycle begins and ends
  double peak = 0.0;   ///< >= 0; in the middle. Below `start` for a momentum that goes with a cyclic rate
};
/// rate_k = start + (peak - start) height_k, height_k straight up within `up` updates, straight down within `down`
[[nodiscard]] Schedule cyclic(CyclicRange range, double up, CyclicOptions options = {});

enum class WarmUpForm { linear, constant, cosine, exponential };
struct WarmUpOptions {
  WarmUpForm form = WarmUpForm::linear;
  std::optional<double> start{};  ///< in [0, 1]; update 0 has start schedule(0); empty = 1 / (steps + 1)
};
/// For k < steps schedule(0) times a factor that climbs from `start` towards 1; schedule(k - steps) from there.
[[nodiscard]] Schedule warm_up(const Schedule& schedule, double steps, WarmUpOptions options = {});

enum class CoolDown { linear, cosine, sqrt };
struct WarmUpStableDecayOptions {
  CoolDown form = CoolDown::sqrt;
  double end = 0.0;               ///< >= 0; the rate after all three
  std::optional<double> start{};  ///< as in WarmUpOptions
};
struct StableSteps {
  double warm_up = 0.0, stable = 0.0, decay = 0.0;  ///< updates of each part; whole, decay >= 1
};
/// A straight line up to rate, rate itself, then down to `end`: 1 - p, (1 + cos(pi p)) / 2 or 1 - sqrt(p), p in [0, 1].
[[nodiscard]] Schedule warm_up_stable_decay(double rate, StableSteps steps, WarmUpStableDecayOptions options = {});

/// rate_k = schedules[i](k - boundaries[i - 1]), i = how many boundaries are <= k: each schedule begins at its own 0.
[[nodiscard]] Schedule sequence(const std::vector<Schedule>& schedules, std::vector<double> boundaries);
/// rate_k = the product of all schedules(k). One carries the rate, the others are factors beginning at 1 or below.
[[nodiscard]] Schedule chained(const std::vector<Schedule>& schedules);

enum class ThresholdMode { relative, absolute };
struct PlateauOptions {
  double factor = 0.1;      ///< in (0, 1); what a cut multiplies the rate by
  double patience = 10;     ///< whole, >= 0; values without improvement that are borne; the next one cuts
  double threshold = 1e-4;  ///< >= 0; what counts as improvement
  ThresholdMode threshold_mode = ThresholdMode::relative;  ///< of |best|, or absolute
  double cooldown = 0;                                     ///< whole, >= 0; values after a cut that are not judged
  double min = 0.0;                                        ///< >= 0; cuts never go below
  double epsilon = 1e-8;                                   ///< >= 0; a cut that changes the rate by no more is not made
};
/// rate_k = max(schedule(k) factor^cuts, min); the objective decides when to cut (plateau_state.hpp).
[[nodiscard]] Schedule plateau(const Schedule& schedule, PlateauOptions options = {});

/// `0.01`, `auto` or a call: `warm_up(cosine(0.05, 5000), 100)`. Throws: Error(usage).
[[nodiscard]] Schedule parse_schedule(std::string_view text);
/// Canonical text; parse_schedule(to_text(s)) gives s again.
[[nodiscard]] std::string to_text(const Schedule& schedule);
/// The schedule in a bound parameter of kind ParamKind::schedule. A plain number may be whatever its interval allows.
[[nodiscard]] Schedule bound_schedule(const BoundArguments& arguments, std::string_view name);
/// The schedules in a bound parameter of kind ParamKind::schedules.
[[nodiscard]] std::vector<Schedule> bound_schedules(const BoundArguments& arguments, std::string_view name);

using ScheduleMaker = std::function<Schedule(const BoundArguments&)>;
[[nodiscard]] const Registry<ScheduleMaker>& schedule_registry();

}  // namespace descent

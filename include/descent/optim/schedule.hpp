// Learning rates that change with the number of updates made.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "descent/core/param_table.hpp"
#include "descent/core/registry.hpp"

namespace descent {

/// rate_k > 0 for update k = 0, 1, 2, ...: a value, cheap to copy. Schedules count updates, never epochs, so a run cut
/// into other batches keeps its meaning per update.
class Schedule {
 public:
  /// A constant rate. Implicit, so that `adam(0.01)` reads as it is meant. Throws: Error(usage) unless finite and > 0.
  Schedule(double rate);  // NOLINT(google-explicit-constructor)
  /// "Left to the program": what `auto` means is said by whoever runs it (minimize.hpp). Has no rate.
  [[nodiscard]] static Schedule automatic();

  [[nodiscard]] bool is_auto() const { return kind_ == Kind::automatic; }
  [[nodiscard]] bool is_constant() const { return kind_ == Kind::constant; }
  [[nodiscard]] double operator()(std::uint64_t k) const { return kind_ == Kind::constant ? rate_ : rate_at(k); }

  /// As it stands in a call: a number, `auto`, or a call such as cosine(0.05, 5000).
  [[nodiscard]] ArgumentValue argument() const;

 private:
  enum class Kind : std::uint8_t {
    constant,
    automatic,
    step_decay,
    exponential,
    polynomial,
    cosine,
    inverse_scaling,
    warm_up
  };
  friend struct ScheduleBuilder;
  Schedule() = default;
  [[nodiscard]] double rate_at(std::uint64_t k) const;

  Kind kind_ = Kind::constant;
  double rate_ = 0.0;
  double steps_ = 0.0;
  double shape_ = 0.0;  // factor or power
  double end_ = 0.0;
  std::shared_ptr<const Schedule> inner_;  // of a warm_up
  std::shared_ptr<const Call> call_;       // canonical; null for a constant
};

// The makers check their values against schedule_registry(). Throws: Error(usage).

/// rate_k = rate
[[nodiscard]] Schedule constant(double rate);
/// rate_k = rate factor^floor(k / every). Reference: torch StepLR.
[[nodiscard]] Schedule step_decay(double rate, double every, double factor = 0.5);
/// rate_k = rate factor^(k / steps), smooth
[[nodiscard]] Schedule exponential(double rate, double factor, double steps = 1);

struct PolynomialOptions {
  double power = 1.0;  ///< > 0; 1 is a straight line, what most papers call linear decay
  double end = 0.0;    ///< >= 0; the rate from update `steps` on
};
/// rate_k = end + (rate - end) (1 - min(k, steps) / steps)^power
[[nodiscard]] Schedule polynomial(double rate, double steps, PolynomialOptions options = {});

struct CosineOptions {
  double end = 0.0;  ///< >= 0; the rate from update `steps` on
};
/// rate_k = end + (rate - end) (1 + cos(pi min(k, steps) / steps)) / 2. Differs: torch climbs again after `steps`.
/// Reference: I. Loshchilov, F. Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017, eq. 5.
[[nodiscard]] Schedule cosine(double rate, double steps, CosineOptions options = {});

struct InverseScalingOptions {
  double steps = 1.0;  ///< > 0; updates after which (power 1) the rate has halved
};
/// rate_k = rate / (1 + k / steps)^power; scikit-learn's invscaling for steps = 1.
[[nodiscard]] Schedule inverse_scaling(double rate, double power = 0.5, InverseScalingOptions options = {});

/// A straight line up to schedule(0), then the schedule: schedule(0) (k + 1) / (steps + 1) for k < steps,
/// schedule(k - steps) from there. Differs: torch's LinearLR starts at a third of the rate; optax's starts at 0, which
/// wastes the first update.
[[nodiscard]] Schedule warm_up(const Schedule& schedule, double steps);

/// `0.01`, `auto` or a call: `warm_up(cosine(0.05, 5000), 100)`. Throws: Error(usage).
[[nodiscard]] Schedule parse_schedule(std::string_view text);
/// Canonical text; parse_schedule(to_text(s)) gives s again.
[[nodiscard]] std::string to_text(const Schedule& schedule);
/// The schedule in a bound parameter of kind ParamKind::schedule.
[[nodiscard]] Schedule bound_schedule(const BoundArguments& arguments, std::string_view name);

using ScheduleMaker = std::function<Schedule(const BoundArguments&)>;
[[nodiscard]] const Registry<ScheduleMaker>& schedule_registry();

}  // namespace descent

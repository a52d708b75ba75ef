// What every method's loop shares: counting evaluations, judging the stopping rules, keeping the best, ending well.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "descent/core/finite_sum.hpp"
#include "descent/core/objective.hpp"
#include "descent/core/result.hpp"
#include "descent/optim/chain_state.hpp"
#include "descent/optim/minimize.hpp"
#include "src/optim/region.hpp"
#include "src/optim/stopwatch.hpp"

namespace descent {

/// A point and what is known there.
struct Point {
  std::vector<double> x;
  std::vector<double> gradient;
  double value = 0.0;          ///< with the proximal term, if there is one
  double smooth = 0.0;         ///< without it; set only where there is one
  double penalty = 0.0;        ///< the part of value that is none of the loss; set only for an observer
  double gradient_norm = 0.0;  ///< of the projected gradient when there are bounds
};

/// Ended by values that are not finite, or by a search that found no end.
[[nodiscard]] bool falls_without_end(const Result& result);

class Run {
 public:
  Run(Objective& objective, const MinimizeOptions& options, std::string optimizer);

  [[nodiscard]] const Region& region() const { return region_; }
  [[nodiscard]] Objective& objective() { return objective_; }
  [[nodiscard]] const MinimizeOptions& options() const { return options_; }
  [[nodiscard]] std::uint64_t steps() const { return result_.steps; }
  [[nodiscard]] bool ended() const { return ended_; }
  [[nodiscard]] Status status() const { return result_.status; }

  /// f and its gradient at point.x, counted.
  void evaluate(Point& point) {
    ++result_.value_evaluations;
    ++result_.gradient_evaluations;
    point.value = objective_time_.time([&] { return objective_.evaluate(point.x, point.gradient); });
    describe(point);
  }
  /// The same of a batch of `sum`, which is the objective.
  void evaluate_rows(FiniteSum& sum, std::span<const std::uint32_t> rows, Point& point) {
    count_evaluations(1);
    point.value = objective_time_.time([&] { return sum.evaluate_rows(rows, point.x, point.gradient); });
    describe(point);
  }
  /// For calls of the objective that a method makes itself.
  [[nodiscard]] Stopwatch& objective_time() { return objective_time_; }
  void count_evaluations(std::uint64_t count) {
    result_.value_evaluations += count;
    result_.gradient_evaluations += count;
  }

  void count_value() { ++result_.value_evaluations; }
  /// f alone at point.x, counted; the gradient is left as it is.
  void evaluate_value(Point& point) {
    ++result_.value_evaluations;
    point.value = objective_time_.time([&] { return objective_.value(point.x); });
    if (region_.adds_term()) add_term(point);
  }
  /// H(x) v, counted.
  void hessian_product(View x, View v, MutableView product);

  /// Moves the start inside the bounds, evaluates it, and ends the run if it is not finite, or is a minimum already.
  [[nodiscard]] Point begin(std::vector<double> start);

  /// Before an update: false if the run must end (stop token, time limit, or the observer's wish).
  [[nodiscard]] bool announce(const Point& point, double learning_rate) {
    if (options_.stop.stop_requested()) return end_interrupted("asked to stop");
    if (options_.time_limit_seconds > 0 && seconds() >= options_.time_limit_seconds) return end_at_time_limit();
    return !options_.observer || observe(point, learning_rate);
  }

  /// True if judge() wants the point before the update.
  [[nodiscard]] bool needs_previous() const { return needs_previous_; }

  /// After an update: counts it, keeps the best, and ends the run if a rule says so. `previous_x` is empty unless
  /// needs_previous(). True if the run goes on.
  /// `moved` is false if the chain held the update back, which is no small change.
  [[nodiscard]] bool judge(const Point& point, double previous_value, View previous_x, double learning_rate,
                           bool moved = true) {
    ++result_.steps;
    result_.learning_rate = learning_rate;
    if (!std::isfinite(point.gradient_norm) || !std::isfinite(point.value) ||
        !std::isfinite(largest_component(point.x))) {
      if (!forgives_ || !std::isfinite(largest_component(point.x))) return end_diverged(point);
      return result_.steps < options_.max_steps || end_at_step_limit();
    }
    if (point.value < result_.best.value) keep_best(point);
    if (meets_gradient_test(point)) return end_converged(point);
    if (moved && needs_previous_ && !judge_move(point.x, previous_x)) return false;
    if (moved && judges_value_ && !judge_value(point.value, previous_value)) return false;
    if (result_.steps >= options_.max_steps) return end_at_step_limit();
    return true;
  }

  // The parts of judge(), for loops that see only some rows at a time.

  /// False (and the run ends) if the value or gradient at point is not finite.
  /// `where` follows the sentence.
  [[nodiscard]] bool check_finite(const Point& point, const char* where = "") {
    return (std::isfinite(point.gradient_norm) && std::isfinite(point.value)) || end_diverged(point, where);
  }
  /// Counts an update and judges the move it made.
  [[nodiscard]] bool judge_update(const Point& point, View previous_x, double learning_rate, bool moved = true) {
    samples_rows_ = true;
    ++result_.steps;
    result_.learning_rate = learning_rate;
    if (!std::isfinite(largest_component(point.x))) return end_diverged(point);
    if (moved && needs_previous_ && !judge_move(point.x, previous_x)) return false;
    return result_.steps < options_.max_steps || end_at_step_limit();
  }
  [[nodiscard]] bool judge_gradient(const Point& point) { return !meets_gradient_test(point) || end_converged(point); }
  [[nodiscard]] bool judge_value(double value, double previous_value);

  void keep_best(const Point& point);
  bool end_interrupted(const std::string& reason) { return end(Status::interrupted, reason); }
  bool end(Status status, std::string reason, std::string suggestion = {});
  bool end_at_step_limit();
  /// `reason` says what the certificate proves; how many updates it took is added.
  bool end_certified(Certificate certificate, const std::string& reason);
  /// No direction leads down: the gradient is exactly 0, nothing but rounding is left to win, or the search failed.
  bool end_without_step(const Point& point);
  /// f falls as far as numbers go.
  bool end_unbounded(const Point& point);

  /// Puts an averaging rule's solution in place of the last iterate, evaluated, and compares it with the best. If the
  /// gradient test ended the run at the iterate and the average does not meet it, the iterate stays: it is certified.
  void report_solution(Point& last, std::vector<double> solution);

  /// The result at `last`; suggestions that need the final gradient are made here.
  [[nodiscard]] Result finish(Point last);

  /// Of the chain loop: what a diverged run's rate may be compared with.
  void set_chain(const Chain* chain) { chain_ = chain; }
  /// Whose scheduled values an observer is told; must outlive the run.
  void set_state(const ChainState& state) {
    state_ = &state;
    values_.resize(state.value_names().size());
  }
  void set_suggestion(std::string text) { result_.suggestion = std::move(text); }
  [[nodiscard]] double learning_rate() const { return result_.learning_rate; }
  /// The chain knows what to do with gradients that are not finite, so they do not end the run by themselves.
  void set_forgives(bool forgives) { forgives_ = forgives; }
  void set_epochs(std::uint64_t epochs) { result_.epochs = epochs; }
  void set_information(Information information) { result_.information = std::move(information); }
  void set_inverse_hessian(std::vector<double> inverse) { result_.inverse_hessian = std::move(inverse); }
  void set_best(BestPoint best) { result_.best = std::move(best); }
  /// Every update is an epoch: full batches.
  void set_counts_epochs(bool counts) { counts_epochs_ = counts; }
  [[nodiscard]] const BestPoint& best() const { return result_.best; }

 private:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
  }
  [[nodiscard]] bool meets_gradient_test(const Point& point) const {
    return (options_.gradient_tolerance > 0 && point.gradient_norm <= options_.gradient_tolerance) ||
           (options_.gradient_tolerance_relative > 0 &&
            point.gradient_norm <= options_.gradient_tolerance_relative * std::max(1.0, std::fabs(point.value)));
  }
  void add_term(Point& point) const {
    point.smooth = point.value;
    point.value += region_.term(point.x);
  }
  /// What else is known of a point whose value and gradient are new.
  void describe(Point& point) const {
    if (options_.observer) point.penalty = objective_.last_penalty();
    if (region_.adds_term()) add_term(point);
    point.gradient_norm = region_.gradient_norm(point.x, point.gradient);
  }
  bool observe(const Point& point, double learning_rate);
  bool judge_move(View x, View previous_x);
  bool end_small_change(const char* what, double amount, const char* option, double tolerance);
  bool end_converged(const Point& point);
  bool end_diverged(const Point& point, const char* where = "");
  bool end_at_time_limit();
  void check_gradient(const Point& start);
  [[nodiscard]] std::string advise_at_limit(const Point& last);

  Objective& objective_;
  const MinimizeOptions& options_;
  Region region_;
  Result result_;
  std::chrono::steady_clock::time_point started_;
  Stopwatch objective_time_, observer_time_;
  const Chain* chain_ = nullptr;
  const ChainState* state_ = nullptr;
  std::vector<double> values_;  // that it says are in force
  double step_norm_ = 0.0;      // of the last update, for the observer
  bool needs_previous_ = false;
  bool judges_value_ = false;
  bool counts_epochs_ = false;
  bool samples_rows_ = false;
  bool forgives_ = false;
  bool ended_ = false;
};

}  // namespace descent

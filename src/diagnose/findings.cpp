#include "descent/diagnose/findings.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "descent/core/text.hpp"
#include "src/diagnose/series.hpp"

namespace descent::diagnose {
namespace {

std::string num(double value) { return number_text(value, 5); }

/// One run under one light.
class Inspection {
 public:
  Inspection(const Trace& trace, const Result& result, const Facts& facts)
      : trace_(trace), rows_(trace.rows()), result_(result), facts_(facts) {}

  std::vector<Finding> run() {
    diverged();
    stopped_early();
    if (result_.status != Status::diverged) {
      penalty_grows();
      rising();
      oscillating();
      last_is_not_best();
      still_improving();
    }
    rate();
    ill_conditioned();
    std::stable_sort(found_.begin(), found_.end(),
                     [](const Finding& a, const Finding& b) { return a.severity > b.severity; });
    return std::move(found_);
  }

 private:
  void add(std::string name, Severity severity, std::string what, std::string evidence, std::string advice) {
    found_.push_back({std::move(name), severity, std::move(what), std::move(evidence), std::move(advice)});
  }

  [[nodiscard]] std::optional<double> stable_rate() const {
    if (!facts_.stable_rate_times_curvature || !facts_.largest_curvature || !(*facts_.largest_curvature > 0.0))
      return std::nullopt;
    return *facts_.stable_rate_times_curvature / *facts_.largest_curvature;
  }

  void diverged() {
    if (result_.status != Status::diverged) return;
    const std::string rate = facts_.chooses_steps ? "" : "learning rate " + num(result_.learning_rate);
    std::string evidence;
    if (result_.fault) {
      evidence = result_.fault->what + " not finite at step " + std::to_string(result_.fault->step);
      if (result_.fault->coordinate) evidence += ", coordinate " + coordinate_name(*result_.fault->coordinate);
    }
    if (!rate.empty() && result_.steps > 0) evidence += (evidence.empty() ? "" : "; ") + rate;
    // The run's own suggestion knows more than a trace does.
    std::string advice = result_.suggestion;
    if (advice.empty())
      advice = facts_.chooses_steps ? "start elsewhere, or bound the parameters" : "divide the learning rate by 10";
    if (const auto stable = stable_rate(); stable && result_.steps > 0) {
      evidence += "; the largest stable one is " + plain_decimal_text(*stable, 5);
      advice = "take a learning rate below " + plain_decimal_text(*stable, 3) + ", half of it to be fast";
    }
    add("diverged", Severity::problem, "the run left the finite numbers", evidence, advice);
  }

  void stopped_early() {
    if (result_.status != Status::small_change || rows_.empty()) return;
    const double start = rows_.front().gradient_norm;
    const bool far = facts_.excess && *facts_.excess > 1e-6;
    const bool steep = !facts_.excess && !facts_.sampled_rows && result_.gradient_norm > facts_.gradient_tolerance &&
                       result_.gradient_norm > 1e-6 * start;
    if (!far && !steep) return;
    std::string evidence = "gradient " + num(result_.gradient_norm) + " at the end, " + num(start) + " at the start";
    if (far) evidence += "; the value lies " + num(100.0 * *facts_.excess) + " % above the exact minimum";
    if (const auto more = steps_to_go(trace_, facts_.gradient_tolerance); more && *more > 0.0 && !out_of_sight(*more))
      evidence += "; about " + count_text(*more) + " steps to a gradient of " + num(facts_.gradient_tolerance);
    add("stopped_early", Severity::problem, "a small change ended the run, and this is not a minimum", evidence,
        "judge by the gradient: --gradient-tolerance" +
            (facts_.gradient_tolerance > 0.0 ? " " + number_text(facts_.gradient_tolerance) : std::string(",")) +
            " with --step-tolerance 0 --value-tolerance 0");
  }

  /// The total did not fall, but its parts moved apart.
  void penalty_grows() {
    if (rows_.size() < 2) return;
    const Trace::Row& first = rows_.front();
    const Trace::Row& last = rows_.back();
    const double grown = last.penalty - first.penalty;
    const double fallen = first.loss - last.loss;
    if (!(fallen > 0.0 && grown >= 0.5 * fallen)) return;
    add("penalty_grows", grown >= fallen ? Severity::warning : Severity::remark,
        "the loss falls while the penalty grows: look at the parts, not at the total",
        "loss " + num(first.loss) + " -> " + num(last.loss) + ", penalty " + num(first.penalty) + " -> " +
            num(last.penalty) + ", total " + num(first.objective) + " -> " + num(last.objective),
        "if the total should fall, start elsewhere, or lower the penalty or the learning rate");
    parts_named_ = true;
  }

  void rising() {
    if (rows_.size() < 2 || parts_named_) return;
    const double start = rows_.front().objective;
    const double end = last_objective();
    if (!(end > start + 1e-9 * std::fabs(start))) return;
    add("rising", Severity::problem, "the objective is higher than where it began",
        num(start) + " -> " + num(end) + " after " + std::to_string(result_.steps) + " steps",
        "lower the learning rate" + rate_hint());
  }

  void oscillating() {
    if (facts_.sampled_rows || facts_.chooses_steps || rows_.size() < 12) return;
    const double share = turning_share(trace_, rows_.size() / 2);
    const std::optional<double> cosine = mean_cosine(trace_);
    const bool jumps = cosine && *cosine < -0.5;
    if (share < 0.3 && !jumps) return;
    if (below_noise()) return;
    std::string evidence;
    if (share >= 0.3) evidence = "the objective turned at " + num(100.0 * share) + " % of the last steps";
    if (jumps)
      evidence += (evidence.empty() ? "" : "; ") +
                  std::string("successive moves point against each other (mean cosine ") + num(*cosine) + ")";
    add("oscillating", Severity::warning, "the run jumps across the valley instead of going down it", evidence,
        "halve the learning rate" + rate_hint() + ", or let it fall (a schedule)");
  }

  void last_is_not_best() {
    if (rows_.empty() || !std::isfinite(result_.best.value)) return;
    const double start = rows_.front().objective;
    const double end = last_objective();
    const double won = start - result_.best.value;
    if (!(won > 0.0) || !(end - result_.best.value > 0.05 * won)) return;
    add("last_is_not_best", Severity::warning, "the last point is not the best one",
        "value " + num(end) + " at the end, " + num(result_.best.value) + " at step " +
            std::to_string(result_.best.step) + " of " + std::to_string(result_.steps),
        "use the best point (`best`), or let the learning rate fall");
  }

  void still_improving() {
    if (result_.status != Status::step_limit || facts_.no_minimum || rows_.size() < 8) return;
    const auto more = steps_to_go(trace_, facts_.gradient_tolerance);
    const std::size_t recent = std::min(rows_.size() - 2, trace_.row_at(rows_.back().step - rows_.back().step / 10));
    const double won = rows_[recent].objective - last_objective();
    const bool falling = won > 1e-9 * std::fabs(last_objective());
    if (!falling || (more && *more == 0.0) || result_.best.step < rows_[recent].step) return;
    std::string evidence = "the last tenth of the steps took " + num(won) + " off the objective";
    if (more && out_of_sight(*more))
      evidence += "; at the rate of the last half, more than 1,000 times as many steps do not bring the gradient to " +
                  num(facts_.gradient_tolerance);
    else if (more)
      evidence += "; at the rate of the last half, about " + count_text(*more) + " more steps to a gradient of " +
                  num(facts_.gradient_tolerance);
    add("still_improving", Severity::warning, "the step limit ended a run that was still improving", evidence,
        more_steps(more));
  }

  /// An estimate that far is a word, not a number.
  [[nodiscard]] bool out_of_sight(double more) const { return !(more <= 1000.0 * static_cast<double>(result_.steps)); }

  [[nodiscard]] std::string more_steps(const std::optional<double>& more) const {
    const auto made = static_cast<double>(result_.steps);
    if (more && *more > 10.0 * made && !facts_.chooses_steps) {
      const auto stable = stable_rate();
      const bool slow = stable && result_.learning_rate < 0.2 * *stable;
      return (slow ? "raise the learning rate to " + plain_decimal_text(0.5 * *stable, 2) + ", or use" : "use") +
             std::string(" a faster method (--optimizer auto)");
    }
    if (more && facts_.chooses_steps && out_of_sight(*more))
      return "see whether there is a minimum at all: what falls ever more slowly may have none. Start elsewhere, or "
             "add "
             "--bounds";
    if (!more) return "raise --max-steps";
    // A tenth more than that, rounded up to two digits.
    const double wanted = 1.1 * (made + *more);
    double unit = 1.0;
    while (wanted >= 100.0 * unit) unit *= 10.0;
    return "--max-steps " + number_text(std::ceil(wanted / unit) * unit);
  }

  void rate() {
    const double rate = result_.learning_rate;
    if (const auto stable = stable_rate(); stable && rate > 0.0) {
      const std::string evidence = "learning rate " + num(rate) + ", stable below " + plain_decimal_text(*stable, 5);
      if (rate > *stable && result_.status != Status::diverged)
        add("rate_too_large", Severity::warning, "the learning rate is beyond what the curvature allows", evidence,
            "take a learning rate below " + plain_decimal_text(*stable, 3));
      else if (rate < 0.02 * *stable && result_.status != Status::converged)
        add("rate_too_small", Severity::warning, "the learning rate is far below what the curvature allows", evidence,
            "take about " + plain_decimal_text(0.5 * *stable, 2));
      return;
    }
    if (result_.status != Status::step_limit || facts_.sampled_rows || facts_.chooses_steps || facts_.no_minimum)
      return;
    // Parallel moves alone say little: in a valley they are parallel at the largest stable rate too. But a steep
    // direction, if there was one, would have taken its part of the gradient with it in the first few updates.
    const std::optional<double> cosine = mean_cosine(trace_);
    if (!cosine || *cosine < 0.999 || !(result_.gradient_norm > 0.5 * rows_.front().gradient_norm)) return;
    add("rate_too_small", Severity::warning,
        "every move points where the one before did, and the gradient hardly changed: longer ones would do",
        "mean cosine between successive moves " + num(*cosine) + ", gradient " + num(rows_.front().gradient_norm) +
            " -> " + num(result_.gradient_norm) + ", learning rate " + num(rate),
        "multiply the learning rate by 10, as long as the objective falls");
  }

  void ill_conditioned() {
    if (!facts_.largest_curvature || !facts_.smallest_curvature || !(*facts_.smallest_curvature > 0.0)) return;
    const double condition = *facts_.largest_curvature / *facts_.smallest_curvature;
    if (!(condition > 1e4)) return;
    if (facts_.chooses_steps && result_.status == Status::converged) return;  // it did not matter
    // The error of plain descent with its best rate shrinks by (k - 1) / (k + 1) a step: 0.5 k ln(10) steps for a
    // digit.
    add("ill_conditioned", facts_.can_standardize ? Severity::warning : Severity::remark,
        "the curvatures differ so much that plain descent is slow whatever its rate",
        "condition number " + count_text(std::round(condition)) + ": about " +
            count_text(std::round(1.151292546497023 * condition)) + " steps for each digit",
        facts_.can_standardize ? "standardise the columns (--standardize yes)"
        : facts_.chooses_steps ? "the method measures curvature already: allow it more steps"
                               : "use a method that measures curvature (--optimizer auto), or momentum");
  }

  [[nodiscard]] std::string coordinate_name(std::size_t index) const {
    const auto& names = trace_.parameter_names();
    return index < names.size() ? "'" + names[index] + "'" : std::to_string(index);
  }
  [[nodiscard]] std::string rate_hint() const {
    const auto rate = stable_rate();
    return rate ? " (stable below " + plain_decimal_text(*rate, 3) + ")" : "";
  }
  /// After the last update where the result has it.
  [[nodiscard]] double last_objective() const {
    return result_.steps > rows_.back().step ? result_.value : rows_.back().objective;
  }
  /// True if the objective moved, over the last half, no more than rounding does.
  [[nodiscard]] bool below_noise() const {
    double low = rows_.back().objective;
    double high = low;
    for (std::size_t i = rows_.size() / 2; i < rows_.size(); ++i) {
      low = std::min(low, rows_[i].objective);
      high = std::max(high, rows_[i].objective);
    }
    const double start = std::fabs(rows_.front().objective);
    return !(high - low > 1e-9 * std::max({start, std::fabs(low), std::fabs(high)}));
  }

  const Trace& trace_;
  const std::vector<Trace::Row>& rows_;
  const Result& result_;
  const Facts& facts_;
  std::vector<Finding> found_;
  bool parts_named_ = false;
};

}  // namespace

const char* to_text(Severity severity) {
  switch (severity) {
    case Severity::problem: return "problem";
    case Severity::warning: return "warning";
    default: return "remark";
  }
}

std::vector<Finding> findings(const Trace& trace, const Result& result, const Facts& facts) {
  return Inspection(trace, result, facts).run();
}

}  // namespace descent::diagnose

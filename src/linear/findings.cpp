#include "src/linear/findings.hpp"

#include <algorithm>
#include <cmath>

#include "descent/core/elementary.hpp"
#include "descent/core/text.hpp"
#include "descent/simd/reduce.hpp"

namespace descent::linear {
namespace {

constexpr double kFarGap = 1e-6;  // what DESIGN promises for defaults: beyond it, small_change deserves a word
constexpr double kFarDistance = 1e-3;
constexpr double kFarGapOfBatches = 1e-2;  // what passes over batches are held to
constexpr double kProvenGap = 1e-9;        // closer to the exact minimum than any tolerance that is asked for
constexpr double kNearlyRepeats = 1e6;     // below it a gradient ends within the digits that doubles have
constexpr double kScalingHelps = 4.0;
/// From this condition number on a direction is the rounding of the data: what it explains is chance, with enormous
/// coefficients.
constexpr double kRoundingOfData = 1e24;

std::string percent(double fraction) { return number_text(100.0 * fraction, 3) + " %"; }

std::string rate_text(double rate) { return plain_decimal_text(rate, 3); }

void judge_against_solution(FitReport& report, const FindingInput& input) {
  const LeastSquaresAnalysis& analysis = *report.analysis;
  Result& result = report.result;
  const double norm = std::sqrt(simd::squared_norm(analysis.solution));
  const double distance = std::sqrt(simd::squared_distance(result.x, analysis.solution));
  if (analysis.rank == analysis.solution.size()) report.distance_to_solution = norm > 0.0 ? distance / norm : distance;
  double above = std::max(result.value - analysis.value, 0.0);
  if (above <= analysis.rounding) above = 0.0;  // a perfect fit: both values are what squared rounding leaves
  report.relative_gap = analysis.value > 0.0 ? above / analysis.value : above;

  const bool by_choice = result.status == Status::step_limit || result.status == Status::small_change;
  const bool stopping_off = input.options->gradient_tolerance == 0.0;
  // Where the exact minimum is 0 the gap is absolute, and only the distance has a scale.
  const bool there = (*report.relative_gap <= kProvenGap ||
                      (report.distance_to_solution && *report.distance_to_solution <= kProvenGap)) &&
                     (!report.distance_to_solution || *report.distance_to_solution <= 1e-6);
  if (by_choice && there && !stopping_off && !input.options->early_stopping) {
    result.status = Status::converged;
    result.certificate = Certificate{"exact_solution", *report.relative_gap};
    result.reason += "; the exact solution, computed beside it, is no lower by more than a relative " +
                     number_text(*report.relative_gap, 2);
  }
  if (input.options->early_stopping) return;

  const bool batches = report.batch_size < report.rows;
  const bool far = batches ? *report.relative_gap > kFarGapOfBatches
                           : *report.relative_gap > kFarGap ||
                                 (report.distance_to_solution && *report.distance_to_solution > kFarDistance);
  const bool by_gradient = result.status == Status::converged && result.certificate &&
                           result.certificate->kind == "gradient" && *report.relative_gap > kFarGap && !batches &&
                           analysis.condition < kRoundingOfData;
  if (!by_gradient && (!by_choice || !far || result.status == Status::converged)) return;
  std::string text = by_gradient                             ? "The gradient is small, but the minimum is not here: "
                     : result.status == Status::small_change ? "Not a minimum, although the last change was small: "
                                                             : "Stopped at the limit, before the minimum: ";
  if (report.distance_to_solution)
    text += "the parameters are " + percent(*report.distance_to_solution) + " away from the exact solution";
  else
    text += "the parameters are not at a solution";
  text += " and the objective is " + percent(*report.relative_gap) + " above its minimum, " +
          number_text(analysis.value, 8) + ".";
  text += " The condition number is " + count_text(std::round(analysis.condition)) + ": ";
  if (std::isfinite(analysis.steps_to_1e6))
    text += count_text(analysis.steps_to_1e6) + " plain steps at a rate of " + rate_text(analysis.rate) +
            " come within 1e-6 of the start's distance";
  else
    text += "at a rate of " + rate_text(analysis.rate) + " plain steps never come there (the largest stable rate is " +
            rate_text(analysis.largest_stable_rate) + ")";
  if (std::isfinite(analysis.steps_with_momentum))
    text += ", " + count_text(analysis.steps_with_momentum) + " with the best momentum";
  text += ".";
  report.findings.push_back(text);
  const bool own_choice = input.options->optimizer.method != Method::automatic || input.options->learning_rate;
  if (batches) {
    result.suggestion = std::string("Leave out --batch-size") + (own_choice ? " and --optimizer" : "") +
                        " (all rows in every update reach the minimum), " +
                        (input.textbook ? "leave the rate to the program with --learning-rate auto, " : "") +
                        "or allow more epochs.";
    return;
  }
  if (own_choice)
    result.suggestion = "Leave out --optimizer and --learning-rate (the default walks to the minimum)";
  else if (result.status == Status::small_change)
    result.suggestion = "Leave out the tolerances on steps and values (the default ends at the minimum)";
  else
    result.suggestion = "Allow more steps (leave out --max-steps and --max-epochs)";
  if (!input.scaling->active() && analysis.condition_standardized > 0.0 &&
      analysis.condition > kScalingHelps * analysis.condition_standardized)
    result.suggestion += ", or add --standardize yes (condition number " + count_text(std::round(analysis.condition)) +
                         " -> " + number_text(analysis.condition_standardized, 3) + ")";
  result.suggestion += ".";
}

/// What is left after passes over batches is noise and slow directions, not a fault.
void tell_about_batches(FitReport& report) {
  Result& result = report.result;
  if (report.batch_size < report.rows && result.status == Status::step_limit && report.findings.empty() &&
      !result.suggestion.empty())
    result.suggestion =
        "For more digits allow more epochs, or leave out --batch-size: all rows in every update reach "
        "the minimum.";
}

/// Plain steps on columns nobody scaled, where no exact solution can tell what scaling would bring.
void tell_about_limit(FitReport& report, const FindingInput& input) {
  Result& result = report.result;
  if (result.status != Status::step_limit || report.analysis || !input.textbook || input.scaling->active() ||
      report.batch_size < report.rows || !result.suggestion.starts_with("the gradient's largest component"))
    return;
  result.suggestion =
      result.suggestion.substr(0, result.suggestion.find(':')) +
      ": leave out --optimizer and --learning-rate (the default walks to the minimum), add --standardize yes, "
      "or allow more steps";
}

/// Coefficients that are one choice of many.
void tell_about_rank(FitReport& report) {
  if (!report.analysis || report.analysis->dependent.empty() || report.batch_size < report.rows) return;
  const LeastSquaresAnalysis& analysis = *report.analysis;
  constexpr std::size_t kMostNamed = 5;
  std::vector<std::string> names;
  bool has_intercept = false;
  for (const std::size_t j : analysis.dependent) {
    has_intercept = has_intercept || j >= report.features;
    if (j < report.features) names.push_back(quoted(report.feature_names[j]));
  }
  const std::size_t columns = names.size();
  if (columns > kMostNamed) {
    names.resize(kMostNamed);
    names.push_back(std::to_string(columns - kMostNamed) + " more");
  }
  std::string who = columns == 0   ? "The intercept is"
                    : columns == 1 ? "Column " + names.front() + " is"
                                   : std::to_string(columns) + " columns (" + join(names, ", ") + ") are";
  report.findings.push_back(
      who + " a linear combination of the others" + (has_intercept && columns > 0 ? " and the intercept" : "") +
      ": the rank is " + std::to_string(analysis.rank) + " of " + std::to_string(analysis.solution.size()) +
      " parameters. Many coefficients fit equally well, and these are one choice; predictions for such rows "
      "are the same with all of them. --penalty l2:1e-6 makes them unique.");
}

void tell_about_scaling(FitReport& report, const FindingInput& input) {
  if (!report.analysis || report.analysis->condition_raw == 0.0) return;
  const LeastSquaresAnalysis& analysis = *report.analysis;
  const double raw = analysis.condition_raw, standard = analysis.condition_standardized;
  if (!(raw > kScalingHelps * standard)) return;
  // At its best rate plain descent shrinks the error by (k - 1) / (k + 1) a step.
  const auto steps = [](double k) {
    constexpr double kLogMillion = 13.815510557964274;
    return count_text(k > 1.0 + 1e-12 ? std::max(1.0, std::ceil(kLogMillion / math::log1p(2.0 / (k - 1.0)))) : 1.0);
  };
  const std::string change =
      "the condition number from " + count_text(std::round(raw)) + " to " + number_text(standard, 3) +
      ", and the plain steps at the best rate that come within 1e-6, from the worst start, from about " + steps(raw) +
      " to about " + steps(standard);
  if (input.scaling->active())
    report.improvements.push_back("Standardising brought " + change + ".");
  else
    report.findings.push_back("Standardising would bring " + change + ".");
}

void tell_about_divergence(FitReport& report, const FindingInput& input) {
  Result& result = report.result;
  const bool rose = result.status == Status::step_limit && result.best.step == 0 && result.steps >= 2 &&
                    result.value >= result.best.value;
  if (result.status != Status::diverged && !rose) return;
  if (report.batch_size < report.rows) {
    if (input.safe_batch_rate == 0.0 || (rose && !(result.learning_rate > input.safe_batch_rate))) return;
    const std::string batch = std::to_string(report.batch_size), safe = plain_decimal_text(input.safe_batch_rate, 3);
    report.findings.push_back("In batches of " + batch + (report.batch_size == 1 ? " row" : " rows") + " a rate of " +
                              safe +
                              " is safe for this optimizer: half of 1 / the curvature that such "
                              "batches show, which lies between that of all rows and that of the steepest one.");
    result.suggestion = "Use a learning rate of at most " + safe +
                        ", or leave it to the program with --learning-rate auto" +
                        (input.scaling->active() ? "." : "; --standardize yes allows larger ones.");
    return;
  }
  double stable = 0.0;
  if (report.analysis)
    stable = report.analysis->largest_stable_rate;
  else if (input.curvature_bound > 0.0 && std::isfinite(input.curvature_bound))
    stable = 2.0 / input.curvature_bound;
  if (!input.textbook || !(stable > 0.0) || !(result.learning_rate > stable)) return;
  const std::string text = plain_decimal_text(stable, 5);
  report.findings.push_back("Plain descent " + std::string(report.analysis ? "diverges" : "need not converge") +
                            " above a learning rate of " + text + " (2 / the largest eigenvalue of the Hessian" +
                            (report.analysis ? ")." : ", estimated)."));
  result.suggestion = "Use a learning rate below " + text + ", for example " + plain_decimal_text(0.5 * stable, 2) +
                      ", or leave it to the program with --learning-rate auto" +
                      (input.scaling->active() ? "." : "; --standardize yes allows larger ones.");
}

}  // namespace

void finish_exactly(FitReport& report, const LinearOptions& options, LinearObjective& objective) {
  Result& result = report.result;
  const bool nobody_chose = options.optimizer.method == Method::automatic && !options.learning_rate &&
                            options.max_steps == 0 && options.max_epochs == 0 && !options.early_stopping &&
                            !options.gradient_tolerance && options.gradient_tolerance_relative == 0.0;
  if (!report.analysis || !nobody_chose || report.batch_size < report.rows) return;
  if (result.status != Status::converged && result.status != Status::line_search_failed) return;
  const LeastSquaresAnalysis& analysis = *report.analysis;
  if (!(analysis.condition < kRoundingOfData)) return;
  if (!(result.value - analysis.value > std::max(kFarGap * analysis.value, analysis.rounding))) return;
  std::vector<double> gradient(analysis.solution.size());
  const double value = objective.evaluate(analysis.solution, gradient);
  if (!(value < result.value)) return;
  result.x = analysis.solution;
  result.value = value;
  result.gradient_norm = simd::max_abs(gradient);
  result.gradient = std::move(gradient);
  result.status = Status::converged;
  result.certificate = Certificate{
      "exact_solution", std::max(value - analysis.value, 0.0) / (analysis.value > 0.0 ? analysis.value : 1.0)};
  result.suggestion.clear();
  result.reason += analysis.condition >= kNearlyRepeats
                       ? "; columns that nearly repeat each other (condition number " +
                             number_text(analysis.condition, 3) +
                             ") leave the objective too flat for a gradient, so the exact solution ends the run"
                       : "; the exact solution, computed beside it, is lower still and ends the run";
  if (value < result.best.value) result.best = {.step = result.steps, .value = value, .x = result.x};
  report.best.objective = result.best.value;
}

void judge(FitReport& report, const FindingInput& input) {
  Result& result = report.result;
  const bool finite = simd::all_finite(result.x) && std::isfinite(result.value);
  if (report.analysis && finite) judge_against_solution(report, input);
  // A run that made the updates it was asked for and ended where the gradient vanishes has a minimum to show for it.
  if (result.status == Status::step_limit && finite && !input.options->gradient_tolerance &&
      report.gradient_at_start > 0.0 && result.gradient_norm <= 1e-8 * report.gradient_at_start &&
      !input.options->early_stopping && report.batch_size == report.rows) {
    result.status = Status::converged;
    result.certificate = Certificate{"gradient", result.gradient_norm};
    result.reason += "; the largest component of the gradient there is " + number_text(result.gradient_norm, 3);
  }
  tell_about_divergence(report, input);
  tell_about_batches(report);
  tell_about_limit(report, input);
  tell_about_rank(report);
  tell_about_scaling(report, input);
}

}  // namespace descent::linear

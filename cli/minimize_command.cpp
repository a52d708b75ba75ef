// `descent minimize FORMULA`.
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "cli/commands.hpp"
#include "cli/constraints.hpp"
#include "cli/files.hpp"
#include "cli/formula_problem.hpp"
#include "cli/json.hpp"
#include "cli/many_starts.hpp"
#include "cli/run_options.hpp"
#include "cli/tables.hpp"
#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/diagnose/findings.hpp"
#include "descent/diagnose/surroundings.hpp"
#include "descent/expr/formula.hpp"
#include "descent/model/file.hpp"
#include "descent/optim/minimize.hpp"
#include "descent/optim/schedule_shape.hpp"
#include "descent/parallel/pool.hpp"
#include "descent/problem/formula_objective.hpp"
#include "descent/report/contour.hpp"
#include "descent/report/page.hpp"
#include "descent/report/trace_figures.hpp"

namespace descent::cli {
namespace {

Optimizer optimizer(const Options& options) {
  Optimizer result = from_option(options, "optimizer", parse_optimizer);
  if (options.given("learning-rate"))
    result = from_option(options, "learning-rate", [&result](const std::string& text) {
      const Schedule rate = parse_schedule(text);
      return !rate.is_auto() || result.method == Method::chain ? with_learning_rate(result, rate) : result;
    });
  if (!options.given("schedule")) return result;
  const std::string schedule = schedule_text(options);
  const Schedule* rate = result.method == Method::chain ? result.chain.learning_rate() : nullptr;
  if (rate == nullptr)
    throw Error(ErrorCode::usage,
                "the optimizer " + to_text(result) +
                    " chooses its own steps: a schedule needs one with a rate, such as 'adam(0.05)'",
                "--schedule");
  if (!rate->is_constant())
    throw Error(ErrorCode::usage,
                rate->is_auto() ? "shapes a rate that is a number: give one with --learning-rate"
                                : "the learning rate has a schedule of its own already, " + to_text(*rate) +
                                      ": give a number as the rate, or leave out --schedule",
                "--schedule");
  return with_learning_rate(result,
                            shape_schedule(schedule, (*rate)(0), static_cast<double>(*options.integer("max-steps"))));
}

/// `x=1, y=2`; of many the first 8.
std::string point_text(const std::vector<std::string>& names, const std::vector<double>& values) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < std::min<std::size_t>(values.size(), 8); ++i)
    parts.push_back(names[i] + "=" + number_text(values[i]));
  if (parts.size() < values.size()) parts.emplace_back("...");
  return join(parts);
}

/// Puts the start inside the bounds and the set, where the run begins, and says so; nothing if it was there.
std::optional<diagnose::Finding> move_inside(std::vector<double>& start, const MinimizeOptions& limits,
                                             const Options& options, const std::vector<std::string>& variables) {
  std::vector<double> inside = start;
  if (limits.term != nullptr && limits.term->is_set()) limits.term->prox(1.0, inside);
  for (std::size_t i = 0; i < limits.bounds.size(); ++i)
    inside[i] = std::clamp(inside[i], limits.bounds[i].low, limits.bounds[i].high);
  std::vector<std::string> names;
  std::vector<double> from, to;
  for (std::size_t i = 0; i < start.size(); ++i) {
    if (inside[i] == start[i]) continue;
    names.push_back(variables[i]);
    from.push_back(std::exchange(start[i], inside[i]));
    to.push_back(inside[i]);
  }
  if (names.empty()) return std::nullopt;
  const bool given = options.given("start");
  return diagnose::Finding{
      .name = "start_moved",
      .severity = given ? diagnose::Severity::warning : diagnose::Severity::remark,
      .what = options.given("within")
                  ? "the start lies outside the set: the run began at the nearest point within it"
                  : "the start lies outside the bounds: the run began at the nearest point within them",
      .evidence = point_text(names, from) + (given ? "" : " (not given)") + " -> " + point_text(names, to),
      .advice = given ? "" : "--start with a point within the bounds"};
}

/// One run: what was asked, and how it went.
struct Run {
  const Options& options;
  FormulaObjective& objective;
  std::vector<double> start;
  Optimizer optimizer;
  MinimizeOptions limits;
  std::optional<diagnose::Finding> start_moved;
  Result result;
  std::vector<ConstraintText> constraints{};
  ConstrainedResult constrained{};  ///< with constraints; its result is `result`
  std::optional<RestartResult> restarts{};

  [[nodiscard]] double sign() const { return objective.maximizes() ? -1.0 : 1.0; }
  /// A value or derivative of the formula that was typed; never -0.
  [[nodiscard]] double shown(double value) const { return sign() * value + 0.0; }
  [[nodiscard]] const std::vector<std::string>& variables() const { return objective.variables(); }
};

/// What --penalty adds at the end; 0 without it.
double penalty(const Run& run) { return run.limits.term == nullptr ? 0.0 : run.limits.term->value(run.result.x); }

Json point_json(const std::vector<std::string>& names, const std::vector<double>& values, double sign = 1.0) {
  Json object = Json::object();
  for (std::size_t i = 0; i < values.size(); ++i) object[names[i]] = number_json(sign * values[i] + 0.0);
  return object;
}

Json findings_json(const Run& run, const std::vector<diagnose::Finding>& findings) {
  Json list = Json::array();
  for (const diagnose::Finding& finding : findings) {
    Json object = finding_json(finding);
    if (!finding.direction.empty()) object["direction"] = point_json(run.variables(), finding.direction);
    list.push_back(std::move(object));
  }
  return list;
}

void print_json(const Run& run, const std::vector<diagnose::Finding>& findings, std::ostream& out) {
  const Result& result = run.result;
  Json object = {{"command", "minimize"}};
  put_ending(object, result);
  object["x"] = point_json(run.variables(), result.x);
  if (!result.iterate.empty()) object["iterate"] = point_json(run.variables(), result.iterate);
  object["value"] = number_json(run.shown(result.value));
  object["gradient"] = point_json(run.variables(), result.gradient, run.sign());
  object["gradient_norm"] = number_json(result.gradient_norm);
  if (const double added = penalty(run); run.limits.term != nullptr && !run.limits.term->is_set())
    object["penalty"] = number_json(added);
  object["steps"] = result.steps;
  object["value_evaluations"] = result.value_evaluations;
  object["gradient_evaluations"] = result.gradient_evaluations;
  object["gradient_source"] = to_text(result.gradient_source);
  if (result.hessian_products > 0) {
    object["hessian_products"] = result.hessian_products;
    object["hessian_source"] = to_text(result.hessian_source);
  }
  object["optimizer"] = result.optimizer;
  object["learning_rate"] = result.learning_rate > 0 ? number_json(result.learning_rate) : Json(nullptr);
  object["best"] = {{"step", result.best.step},
                    {"value", number_json(run.shown(result.best.value))},
                    {"x", point_json(run.variables(), result.best.x)}};
  object["findings"] = findings_json(run, findings);
  object["seconds"] = result.seconds;
  object["objective_seconds"] = result.objective_seconds;
  if (run.options.flag("show-gradient")) {
    Json formulas = Json::object();
    for (std::size_t i = 0; i < run.variables().size(); ++i)
      formulas[run.variables()[i]] = run.objective.gradient_text(i);
    object["gradient_formula"] = formulas;
  }
  if (run.restarts) object["restarts"] = many_starts_json(*run.restarts, run.variables(), run.sign());
  if (!run.constraints.empty()) {
    Json list = Json::array();
    for (std::size_t i = 0; i < run.constraints.size(); ++i)
      list.push_back({{"text", run.constraints[i].text},
                      {"value", number_json(run.constrained.values[i])},
                      {"multiplier", number_json(run.constrained.multipliers[i])}});
    object["constraints"] = list;
    object["violation"] = number_json(run.constrained.violation);
  }
  out << object.dump(2) << '\n';
}

void print_constraints(const Run& run, std::ostream& out) {
  std::vector<std::vector<std::string>> rows{{"constraint", "slack", "multiplier"}};
  for (std::size_t i = 0; i < run.constraints.size(); ++i)
    rows.push_back({run.constraints[i].text, number_text(0.0 - run.constrained.values[i], 6),
                    number_text(run.constrained.multipliers[i], 6)});
  out << '\n';
  print_table(out, rows);
}

void print_gradient(const Run& run, std::ostream& out) {
  out << "gradient\n";
  for (std::size_t i = 0; i < run.variables().size(); ++i)
    out << "  d/d" << run.variables()[i] << " = " << run.objective.gradient_text(i) << "   at the end "
        << number_text(run.shown(run.result.gradient[i]), 10) << '\n';
  out << '\n';
}

std::string start_text(const Run& run) {
  const std::string moved = run.start_moved ? "moved into the bounds" : "";
  if (run.restarts) return point_text(run.variables(), run.start) + " (of the best run)";
  std::string remark = run.options.given("start") ? moved : "not given: 0 for every variable";
  if (!run.options.given("start") && !moved.empty()) remark += ", " + moved;
  return point_text(run.variables(), run.start) + (remark.empty() ? "" : " (" + remark + ")");
}

std::vector<std::pair<std::string, std::string>> result_pairs(const Run& run) {
  std::vector<std::pair<std::string, std::string>> pairs;
  constexpr std::size_t kMaxShown = 40;
  for (std::size_t i = 0; i < std::min(run.result.x.size(), kMaxShown); ++i)
    pairs.emplace_back(run.variables()[i], number_text(run.result.x[i] + 0.0, 10));
  if (run.result.x.size() > kMaxShown)
    pairs.emplace_back("...", std::to_string(run.result.x.size() - kMaxShown) + " more (--json has all)");
  const bool penalised = run.limits.term != nullptr && !run.limits.term->is_set();
  pairs.emplace_back("value", number_text(run.shown(run.result.value), 10) +
                                  (penalised ? ", of which " + number_text(penalty(run), 10) + " is the penalty" : ""));
  if (!run.result.iterate.empty()) {
    std::vector<std::string> at;
    for (std::size_t i = 0; i < std::min<std::size_t>(run.result.iterate.size(), 4); ++i)
      at.push_back(run.variables()[i] + "=" + number_text(run.result.iterate[i], 8));
    pairs.emplace_back("iterate", join(at) + ", of which the above is the average");
  }
  const BestPoint& best = run.result.best;
  if (best.step != run.result.steps && best.value < run.result.value) {
    std::vector<std::string> at;
    for (std::size_t i = 0; i < std::min<std::size_t>(best.x.size(), 4); ++i)
      at.push_back(run.variables()[i] + "=" + number_text(best.x[i], 8));
    pairs.emplace_back("best", number_text(run.shown(best.value), 10) + " after step " +
                                   count_text(static_cast<double>(best.step)) + ", at " + join(at));
  }
  return pairs;
}

std::vector<std::pair<std::string, std::string>> setting_pairs(const Run& run) {
  std::vector<std::pair<std::string, std::string>> pairs = {{"optimizer", run.result.optimizer}};
  if (const std::string update = conventions(run.result.optimizer); !update.empty())
    pairs.emplace_back("update", update);
  pairs.emplace_back("start", start_text(run));
  if (run.limits.term != nullptr)
    pairs.emplace_back(run.limits.term->is_set() ? "within" : "penalty", run.limits.term->text());
  if (run.result.learning_rate > 0)
    pairs.emplace_back("learning rate", number_text(run.result.learning_rate, 6) + " at the last update");
  pairs.emplace_back("steps", count_text(static_cast<double>(run.result.steps)) + " of at most " +
                                  count_text(static_cast<double>(run.limits.max_steps)));
  pairs.emplace_back(
      "evaluations",
      counted(run.result.value_evaluations, "value") + ", " + counted(run.result.gradient_evaluations, "gradient") +
          (run.result.hessian_products == 0 ? ""
                                            : ", " + counted(run.result.hessian_products, "product") +
                                                  " with the Hessian (" + to_text(run.result.hessian_source) + ")"));
  pairs.emplace_back("gradient norm", number_text(run.result.gradient_norm, 4) + " (largest component; tolerance " +
                                          number_text(run.limits.gradient_tolerance) + ")");
  pairs.emplace_back("time", number_text(run.result.seconds, 3) + " s, in the formula " +
                                 number_text(run.result.objective_seconds, 3));
  return pairs;
}

void print_text(const Run& run, std::ostream& out) {
  if (run.options.flag("show-gradient")) print_gradient(run, out);
  print_pairs(out, result_pairs(run));
  if (!run.constraints.empty()) print_constraints(run, out);
  if (run.restarts) print_many_starts(*run.restarts, run.variables(), run.sign(), out);
  out << '\n';
  print_ending(run.result, out);
  out << '\n';
  print_pairs(out, setting_pairs(run));
}

report::AnyFigure main_figure(const Run& run, const Trace& trace) {
  if (run.variables().size() == 2 && !trace.rows().empty()) {
    const auto value = [&](double x, double y) { return run.sign() * run.objective.value(std::vector<double>{x, y}); };
    return report::contour(value, trace, {.result = &run.result, .value_label = "value"});
  }
  return report::loss_curves(
      trace, {.result = &run.result, .objective_name = run.objective.maximizes() ? "negated value" : "value"});
}

std::string report_page(const Run& run, const Trace& trace, const std::vector<diagnose::Finding>& findings) {
  report::Page page{.title = (run.objective.maximizes() ? "Maximum of " : "Minimum of ") + run.objective.text(),
                    .status = to_text(run.result.status),
                    .tone = report::tone_of(run.result.status),
                    .headline = run.result.reason,
                    .command = command_line(run.options),
                    .footer = "descent " DESCENT_VERSION};
  for (const auto& [name, value] : result_pairs(run)) page.results.push_back({.name = name, .value = value});
  for (const auto& [name, value] : setting_pairs(run)) page.settings.push_back({.name = name, .value = value});
  page.findings = report_findings(findings, run.result);
  if (!trace.rows().empty()) page.figures.push_back(main_figure(run, trace));
  if (run.variables().size() == 2 && !trace.rows().empty())
    page.figures.emplace_back(report::loss_curves(
        trace, {.result = &run.result, .objective_name = run.objective.maximizes() ? "negated value" : "value"}));
  if (!trace.rows().empty()) page.figures.emplace_back(report::gradient_curves(trace, {.result = &run.result}));
  if (trace.num_parameters() > 0 && trace.num_parameters() != 2)
    page.figures.emplace_back(report::parameter_curves(trace, {.result = &run.result}));
  report::Table gradient{.title = "Gradient", .columns = {"variable", "derivative", "at the end"}};
  for (std::size_t i = 0; i < std::min<std::size_t>(run.variables().size(), 40); ++i)
    gradient.rows.push_back(
        {run.variables()[i], run.objective.gradient_text(i), number_text(run.shown(run.result.gradient[i]), 6)});
  page.tables.push_back(std::move(gradient));
  if (!run.constraints.empty()) {
    report::Table table{.title = "Constraints", .columns = {"constraint", "slack", "multiplier"}};
    for (std::size_t i = 0; i < run.constraints.size(); ++i)
      table.rows.push_back({run.constraints[i].text, number_text(0.0 - run.constrained.values[i], 6),
                            number_text(run.constrained.multipliers[i], 6)});
    page.tables.push_back(std::move(table));
  }
  return report::html(page);
}

/// What the trace says, and what lies around the end.
std::vector<diagnose::Finding> look_at(Run& run, const RunWatch& watch) {
  const Trace& trace = watch.trace();
  std::vector<double> low, high;
  for (const Bound& bound : run.limits.bounds) {
    low.push_back(bound.low);
    high.push_back(bound.high);
  }
  const diagnose::SurroundingsOptions around{.region = {.low = low, .high = high},
                                             .maximizes = run.objective.maximizes()};
  std::vector<diagnose::Finding> found = diagnose::surroundings(run.objective, run.result, around);
  diagnose::Facts facts{.gradient_tolerance = run.limits.gradient_tolerance,
                        .chooses_steps = run.optimizer.method != Method::chain};
  for (diagnose::Finding& ahead : diagnose::look_ahead(run.objective, run.result, around)) {
    facts.no_minimum = true;
    run.result.suggestion = std::move(ahead.advice);  // in place of "more steps"
    ahead.advice.clear();
    found.push_back(std::move(ahead));
  }
  // Two spectra: not worth more than a twentieth of a run of which nobody wants a trace.
  const std::uint64_t gradients = 2 * std::min<std::uint64_t>(2 * run.start.size() + 6, 86);
  const bool worth_it = watch.records() || run.result.gradient_evaluations >= 20 * gradients;
  if (!facts.chooses_steps && !facts.no_minimum && run.result.status == Status::step_limit && worth_it &&
      !trace.rows().empty()) {
    // A rate must be right where the run began too: it may be steeper there.
    const auto first = diagnose::spectrum(run.objective, run.start, around.region);
    const auto last = diagnose::spectrum(run.objective, run.result.x, around.region);
    if (first && last) {
      facts.stable_rate_times_curvature = stable_rate_times_curvature(run.optimizer.chain);
      facts.largest_curvature = std::max(first->values.back(), last->values.back());
      if (last->complete && last->values.front() > last->uncertainty) facts.smallest_curvature = last->values.front();
    }
  }
  for (diagnose::Finding& finding : diagnose::findings(trace, run.result, facts)) found.push_back(std::move(finding));
  if (run.start_moved) found.push_back(*run.start_moved);
  return found;
}

int run_minimize(const Options& options, Console& console) {
  const OpenFormula opened = open_formula(options, options.text("FORMULA"), console);
  FormulaObjective& objective = *opened.objective;
  Run run{.options = options,
          .objective = objective,
          .start = start_point(options, objective.variables()),
          .optimizer = optimizer(options),
          .limits = stopping_rules(options),
          .start_moved = {},
          .result = {}};
  run.limits.bounds = bounds(options, objective.variables());
  run.limits.term = term(options);
  run.constraints = constraints(options, objective.variables());
  if (!run.constraints.empty() && run.limits.term != nullptr)
    throw Error(ErrorCode::usage, "goes with bounds, not with " + run.limits.term->text(), "--subject-to");
  if (!run.constraints.empty() && run.optimizer.method != Method::automatic && run.optimizer.method != Method::lbfgs)
    throw Error(ErrorCode::usage,
                "takes no constraints; they are held by an augmented Lagrangian over lbfgs: leave --optimizer out",
                "--optimizer " + to_text(run.optimizer));
  run.start_moved = move_inside(run.start, run.limits, options, objective.variables());
  RunWatch watch(options, console, objective.variables(), run.limits.max_steps);
  run.limits.observer = run.limits.max_steps <= RunWatch::kMaxGlances ? watch.glancing_observer() : watch.observer();
  if (console.stop != nullptr) run.limits.stop = console.stop->token();

  const StopsItself stops_itself;
  run.restarts = many_starts(options, run.start, run.limits, [&run](const std::vector<double>& start) {
    FormulaObjective alone = run.objective;
    MinimizeOptions limits = run.limits;
    limits.observer = {};
    if (run.constraints.empty()) return RunEnd{.result = minimize(alone, start, run.optimizer, limits)};
    const auto held = constraints(run.options, run.variables());
    const double tolerance = *run.options.number("constraint-tolerance");
    ConstrainedResult end = minimize_constrained(alone, as_constraints(held), start, limits, tolerance);
    return RunEnd{.result = std::move(end.result), .feasible = end.violation <= tolerance};
  });
  if (run.restarts) run.start = run.restarts->start;  // the best run once more, watched
  if (run.restarts && run.limits.stop.stop_requested()) {
    run.result = run.restarts->best;  // nothing is lost
    if (!run.constraints.empty())     // its multipliers are
      run.constrained = minimize_constrained(objective, as_constraints(run.constraints), run.result.x, run.limits);
    run.result.status = Status::interrupted;
    run.result.certificate.reset();
    run.result.reason = "asked to stop after " + counted(run.restarts->runs, "run") + "; this is the best of them";
  } else if (run.constraints.empty()) {
    run.result = minimize(objective, run.start, run.optimizer, run.limits);
  } else {
    run.constrained = minimize_constrained(objective, as_constraints(run.constraints), run.start, run.limits,
                                           *options.number("constraint-tolerance"));
    run.result = run.constrained.result;
  }
  watch.finish();
  // What lies around a point that constraints or a term hold says nothing of the run.
  const bool free = run.constraints.empty() && run.limits.term == nullptr;
  const auto findings = free              ? look_at(run, watch)
                        : run.start_moved ? std::vector<diagnose::Finding>{*run.start_moved}
                                          : std::vector<diagnose::Finding>{};

  if (options.flag("json")) {
    print_json(run, findings, console.out);
  } else {
    print_text(run, console.out);
    if (!options.flag("quiet")) print_findings(findings, console.out, run.result.suggestion);
  }
  if (options.given("plot") && watch.trace().rows().empty()) {
    console.err << "descent: no picture: the start is the end, there are no steps to draw\n";
  } else if (options.given("plot")) {
    write_plot(options, main_figure(run, watch.trace()), console);
  }
  if (options.given("report")) {
    model::write_file(options.text("report"), report_page(run, watch.trace(), findings));
    if (!options.flag("json") && !options.flag("quiet")) console.out << "\nReport: " << options.text("report") << '\n';
  }
  return exit_status(run.result, options, console);
}

}  // namespace

Command minimize_command() {
  std::vector<OptionSpec> options = {
      {.name = "FORMULA", .meaning = "What to minimise, in quotes: '(1-x)^2 + 100*(y-x^2)^2'", .required = true},
      {.name = "start",
       .placeholder = "x=-1.2,y=1",
       .meaning = "Where to begin; 0 for variables that are not named",
       .group = "Problem"},
      {.name = "fix",
       .placeholder = "z=2",
       .meaning = "Variables that are held at a value; the others are chosen",
       .group = "Problem"},
      {.name = "bounds",
       .placeholder = "x=-1:1,y=0:",
       .meaning = "Lowest and highest value of a variable; either may be left out",
       .group = "Problem"},
      {.name = "penalty",
       .placeholder = "TERM",
       .meaning = "Added to the formula: l1:0.1, elastic_net(0.1), norm(1); gives exact zeros (descent list term)",
       .group = "Problem"},
      {.name = "within",
       .placeholder = "SET",
       .meaning = "Where the variables are held: simplex, ball(radius=2), l1_ball, nonnegative, box(-1, 1)",
       .group = "Problem"},
      {.name = "subject-to",
       .placeholder = "'x+y<=1'...",
       .meaning =
           "Constraints: <=, >= or = between two formulas of the variables; several texts, or the option several times",
       .group = "Problem",
       .many = true},
      {.name = "constraint-tolerance",
       .kind = OptionKind::number,
       .placeholder = "T",
       .meaning = "How far a constraint may be from being met",
       .group = "Problem",
       .default_text = "1e-8",
       .interval = {.low = 0, .low_open = true},
       .needs = "subject-to"},
      {.name = "maximize", .kind = OptionKind::flag, .meaning = "Look for a maximum", .group = "Problem"},
      {.name = "optimizer",
       .placeholder = "CHAIN",
       .meaning = "auto, or a method such as lbfgs, 'adam(0.05)', 'clip_by_global_norm(1) | adam(cosine(0.05, 5000))'; "
                  "`descent list optimizers`",
       .group = "Method",
       .default_text = "auto"},
      {.name = "learning-rate",
       .placeholder = "R|auto",
       .meaning = "In place of the optimizer's own: a number, auto, or a schedule",
       .group = "Method"},
      {.name = "schedule",
       .placeholder = "NAME",
       .meaning = "How the rate changes, from the one that is given: cosine, or 'step_decay(every=100)'; `descent list "
                  "schedules`",
       .group = "Method"},
      {.name = "threads",
       .kind = OptionKind::integer,
       .placeholder = "N",
       .meaning = "For sums over many rows; the result does not depend on it",
       .group = "Method",
       .interval = {.low = 1, .high = 1024}},
      {.name = "show-gradient",
       .kind = OptionKind::flag,
       .meaning = "Print the derivatives as formulas",
       .group = "Output"}};
  for (OptionSpec& option : many_starts_options()) options.push_back(std::move(option));
  for (OptionSpec& option : column_options()) options.push_back(std::move(option));
  for (OptionSpec& option : stopping_options("10000", "1e-8")) options.push_back(std::move(option));
  for (OptionSpec& option : output_options()) options.push_back(std::move(option));
  return {.name = "minimize",
          .summary = "Find a minimum of a formula",
          .description =
              "Find a minimum of a formula, whose gradient is derived from it. Operators: + - * / ^ == != < <= > >=, "
              "and 2x "
              "for 2*x. Functions: " +
              join(expr::function_names()) +
              "; sum and mean run over the rows of --data. pi and e are numbers, all other names variables; odd names "
              "stand in backquotes: `petal length`.",
          .options = std::move(options),
          .examples = {"descent minimize '(1-x)^2 + 100*(y-x^2)^2' --start x=-1.2,y=1",
                       "descent minimize 'x^2 + 4x + 4' --optimizer 'sgd(0.1)' --max-steps 10 --gradient-tolerance 0",
                       "descent minimize 'mean((w*x + b - y)^2)' --data line.csv --report line.html",
                       "descent minimize 'x + y' --subject-to 'x^2 + y^2 <= 2' 'y >= 0'"},
          .run = run_minimize};
}

}  // namespace descent::cli

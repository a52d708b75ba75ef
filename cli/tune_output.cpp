// What `descent tune --learning-rate` says: as JSON, as text, as a page.
#include <algorithm>

#include "cli/run_options.hpp"
#include "cli/tune_command.hpp"
#include "descent/core/text.hpp"
#include "descent/report/page.hpp"
#include "descent/report/rate_curve.hpp"

namespace descent::cli {
namespace {

std::string count(std::uint64_t value) { return count_text(static_cast<double>(value)); }
std::string rate_text(double rate) { return number_text(rate, 3); }

Json rate_json(const std::optional<double>& rate) { return rate ? number_json(*rate) : Json(nullptr); }

std::string rows_text(const Tuning& tuning) {
  if (tuning.rows == 0) return "";
  return tuning.batch_size == 0 ? "all " + count(tuning.rows) + " rows in every update"
                                : "batches of " + count(tuning.batch_size) + " of " + count(tuning.rows) + " rows";
}

/// Rate, and what it is.
std::vector<report::Fact> readings(const Tuning& tuning) {
  const RateRange& range = tuning.range;
  std::vector<report::Fact> facts;
  const auto add = [&](const char* name, const std::optional<double>& rate, const std::string& note) {
    if (rate) facts.push_back({.name = name, .value = rate_text(*rate), .note = note});
  };
  add("lowest", range.readings.lowest, "the last rate where the loss is as low as it gets, within 1 % of its fall");
  add("a tenth of it", range.readings.tenth, "what is suggested where it holds from the start");
  add("valley", range.readings.valley, "halfway between a tenth of the fall and the lowest, on a logarithmic axis");
  add("steepest fall", range.readings.steepest, "where the loss falls most from one rate to the next");
  if (range.stable_rate)
    add("stable at the start", range.stable_rate,
        "the limit for a quadratic as curved as the start: its largest curvature is " +
            number_text(*range.curvature, 4));
  if (range.diverged_at) add("end of the test", range.diverged_at, range.reason);
  return facts;
}

std::vector<report::Fact> settings(const Tuning& tuning) {
  const RateRange& range = tuning.range;
  std::vector<report::Fact> facts = {{.name = "tested", .value = tuning.subject}};
  if (const std::string rows = rows_text(tuning); !rows.empty()) facts.push_back({.name = "rows", .value = rows});
  if (!range.points.empty())
    facts.push_back(
        {.name = "rates",
         .value = rate_text(range.points.front().rate) + " to " + rate_text(range.points.back().rate) + ", " +
                  count(range.points.size()) + " updates" +
                  (range.restarts == 0 ? "" : "; " + count(range.restarts) + " other ranges were tried before")});
  facts.push_back({.name = "loss at the start", .value = number_text(tuning.sign * range.start_loss, 6)});
  facts.push_back({.name = "cost",
                   .value = count(range.updates) + " updates, " + count(range.evaluations) + " evaluations, " +
                            number_text(tuning.seconds, 3) + " s"});
  return facts;
}

std::string headline(const Tuning& tuning) {
  return tuning.range.suggestion ? rate_text(*tuning.range.suggestion) + ": " + tuning.range.advice
                                 : tuning.range.reason + "; " + tuning.range.advice;
}

}  // namespace

Json tuning_json(const Tuning& tuning) {
  const RateRange& range = tuning.range;
  Json object = {{"command", "tune"}, {"end", to_text(range.end)}, {"reason", range.reason}};
  object["learning_rate"] = rate_json(range.suggestion);
  object["advice"] = range.advice;
  object["optimizer"] = range.optimizer.empty() ? Json(nullptr) : Json(range.optimizer);
  object["go_on"] = tuning.go_on.empty() ? Json(nullptr) : Json(tuning.go_on);
  object["lowest"] = rate_json(range.readings.lowest);
  object["tenth"] = rate_json(range.readings.tenth);
  object["steepest"] = rate_json(range.readings.steepest);
  object["valley"] = rate_json(range.readings.valley);
  object["diverged_at"] = rate_json(range.diverged_at);
  object["curvature"] = rate_json(range.curvature);
  object["stable_rate"] = rate_json(range.stable_rate);
  object["start_loss"] = number_json(tuning.sign * range.start_loss);
  if (tuning.rows > 0) {
    object["rows"] = tuning.rows;
    object["batch_size"] = tuning.batch_size == 0 ? tuning.rows : tuning.batch_size;
  }
  object["updates"] = range.updates;
  object["evaluations"] = range.evaluations;
  object["restarts"] = range.restarts;
  object["remarks"] = tuning.remarks;
  Json points = Json::array();
  for (const RatePoint& point : range.points)
    points.push_back({{"rate", number_json(point.rate)},
                      {"loss", number_json(tuning.sign * point.loss)},
                      {"smoothed", number_json(tuning.sign * point.smoothed)}});
  object["points"] = std::move(points);
  object["seconds"] = tuning.seconds;
  return object;
}

void print_tuning(const Tuning& tuning, std::ostream& out) {
  const RateRange& range = tuning.range;
  if (range.suggestion)
    out << "learning rate " << headline(tuning) << '\n';
  else
    out << "no learning rate: " << headline(tuning) << '\n';
  if (!tuning.go_on.empty()) out << "Go on: " << tuning.go_on << '\n';
  std::vector<std::pair<std::string, std::string>> pairs;
  std::size_t width = 0;
  const std::vector<report::Fact> facts = readings(tuning);
  for (const report::Fact& fact : facts) width = std::max(width, fact.value.size());
  for (const report::Fact& fact : facts)
    pairs.emplace_back(fact.name, fact.value + std::string(width - fact.value.size() + 2, ' ') + fact.note);
  if (!pairs.empty()) out << '\n';
  print_pairs(out, pairs);
  out << '\n';
  pairs.clear();
  for (const report::Fact& fact : settings(tuning)) pairs.emplace_back(fact.name, fact.value);
  print_pairs(out, pairs);
  if (tuning.options.flag("quiet")) return;
  for (const std::string& remark : tuning.remarks) out << "Remark: " << remark << '\n';
}

report::Figure tuning_figure(const Tuning& tuning) {
  std::vector<double> rates, losses, smoothed;
  for (const RatePoint& point : tuning.range.points) {
    rates.push_back(point.rate);
    losses.push_back(point.loss);
    smoothed.push_back(point.smoothed);
  }
  report::RateCurveInput input{.rates = rates,
                               .losses = losses,
                               .smoothed = smoothed,
                               .start_loss = tuning.range.start_loss,
                               .suggestion = tuning.range.suggestion,
                               .loss_name = tuning.loss_name};
  const auto mark = [&](const char* name, const std::optional<double>& rate) {
    if (rate) input.marks.push_back({.name = name, .rate = *rate});
  };
  mark("lowest", tuning.range.readings.lowest);
  mark("valley", tuning.range.readings.valley);
  mark("steepest fall", tuning.range.readings.steepest);
  mark("stable at the start", tuning.range.stable_rate);
  return report::rate_curve(input);
}

std::string tuning_page(const Tuning& tuning) {
  const RateRange& range = tuning.range;
  report::Page page{.title = "A learning rate for " + tuning.subject,
                    .status = range.suggestion ? rate_text(*range.suggestion) : "none",
                    .tone = range.suggestion ? report::Tone::good : report::Tone::bad,
                    .headline = range.suggestion ? range.advice : headline(tuning),
                    .command = command_line(tuning.options),
                    .results = readings(tuning),
                    .settings = settings(tuning),
                    .footer = "descent " DESCENT_VERSION};
  if (!tuning.go_on.empty()) page.findings.push_back({.tone = report::Tone::good, .text = "Go on: " + tuning.go_on});
  for (const std::string& remark : tuning.remarks) page.findings.push_back({.text = remark});
  if (!range.points.empty()) page.figures.emplace_back(tuning_figure(tuning));
  return report::html(page);
}

}  // namespace descent::cli

#include "cli/many_starts.hpp"

#include <algorithm>
#include <cmath>

#include "cli/files.hpp"
#include "descent/core/error.hpp"
#include "descent/core/text.hpp"

namespace descent::cli {
namespace {

constexpr std::size_t kShown = 8;
constexpr std::size_t kMostMinima = 100;  // in JSON

}  // namespace

std::vector<OptionSpec> many_starts_options() {
  return {{.name = "restarts",
           .kind = OptionKind::integer,
           .placeholder = "N",
           .meaning = "Also N runs from points spread over the bounds; the best is given back",
           .group = "Problem",
           .interval = {.low = 1, .high = 1e6}},
          {.name = "hops",
           .kind = OptionKind::integer,
           .placeholder = "N",
           .meaning = "Then N runs from points near the best minimum so far (basin hopping)",
           .group = "Problem",
           .interval = {.low = 1, .high = 1e6}},
          {.name = "seed",
           .kind = OptionKind::integer,
           .placeholder = "S",
           .meaning = "Of those points",
           .group = "Problem",
           .default_text = "0",
           .interval = {.low = 0}}};
}

std::optional<RestartResult> many_starts(const Options& options, const std::vector<double>& start,
                                         const MinimizeOptions& limits, const RunFromStart& run) {
  if (!options.given("restarts") && !options.given("hops")) return std::nullopt;
  RestartOptions asked{.restarts = static_cast<std::uint64_t>(options.integer("restarts").value_or(0)),
                       .hops = static_cast<std::uint64_t>(options.integer("hops").value_or(0)),
                       .seed = static_cast<std::uint64_t>(options.integer("seed").value_or(0)),
                       .stop = limits.stop};
  for (std::size_t i = 0; i < start.size(); ++i) {
    const double reach = 10.0 * std::max(1.0, std::fabs(start[i]));
    Bound range{.low = start[i] - reach, .high = start[i] + reach};
    if (!limits.bounds.empty()) {
      if (std::isfinite(limits.bounds[i].low)) range.low = limits.bounds[i].low;
      if (std::isfinite(limits.bounds[i].high)) range.high = limits.bounds[i].high;
    }
    asked.box.push_back(range);
  }
  const auto threads = static_cast<std::size_t>(options.integer("threads").value_or(0));
  parallel::Pool pool(threads == 0 ? parallel::available_cpus() : threads);
  asked.pool = &pool;
  return minimize_restarts(run, start, asked);
}

Json many_starts_json(const RestartResult& found, const std::vector<std::string>& variables, double sign) {
  Json minima = Json::array();
  for (std::size_t k = 0; k < std::min(found.minima.size(), kMostMinima); ++k) {
    Json x = Json::object();
    for (std::size_t i = 0; i < variables.size(); ++i) x[variables[i]] = number_json(found.minima[k].x[i]);
    minima.push_back(
        {{"value", number_json(sign * found.minima[k].value + 0.0)}, {"x", x}, {"runs", found.minima[k].runs}});
  }
  return {{"runs", found.runs},
          {"failed", found.failed},
          {"value_evaluations", found.value_evaluations},
          {"gradient_evaluations", found.gradient_evaluations},
          {"minima", minima}};
}

void print_many_starts(const RestartResult& found, const std::vector<std::string>& variables, double sign,
                       std::ostream& out) {
  out << '\n' << counted(found.runs, "run") << " from different starts";
  if (found.failed > 0) out << ", " << found.failed << " of which failed";
  out << "; " << counted(found.minima.size(), "different end") << " with a certificate\n";
  std::vector<std::vector<std::string>> rows{{"value", "runs", "at"}};
  for (std::size_t k = 0; k < std::min(found.minima.size(), kShown); ++k) {
    std::vector<std::string> at;
    for (std::size_t i = 0; i < std::min<std::size_t>(variables.size(), 4); ++i)
      at.push_back(variables[i] + "=" + number_text(found.minima[k].x[i] + 0.0, 6));
    if (variables.size() > 4) at.emplace_back("...");
    rows.push_back(
        {number_text(sign * found.minima[k].value + 0.0, 10), std::to_string(found.minima[k].runs), join(at)});
  }
  if (rows.size() > 1) print_table(out, rows);
  if (found.minima.size() > kShown) out << "  ... and " << found.minima.size() - kShown << " more (--json has 100)\n";
}

}  // namespace descent::cli

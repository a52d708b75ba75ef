// `descent describe NAME` and `descent list KIND`: the tables of the library as text or JSON.
#include <cmath>

#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "descent/catalog/catalog.hpp"
#include "descent/core/error.hpp"
#include "descent/core/text.hpp"

namespace descent::cli {
namespace {

using Json = nlohmann::ordered_json;

Json bound(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json to_json(const Entry& entry) {
  Json params = Json::array();
  for (const ParamSpec& spec : entry.params) {
    Json param = {{"name", spec.name}, {"kind", to_text(spec.kind)}};
    param["default"] = spec.default_text.empty() ? Json(nullptr) : Json(spec.default_text);
    if (!to_text(spec.interval).empty())
      param["interval"] = {{"low", bound(spec.interval.low)},
                           {"high", bound(spec.interval.high)},
                           {"low_open", spec.interval.low_open},
                           {"high_open", spec.interval.high_open}};
    if (!spec.choices.empty()) param["choices"] = spec.choices;
    param["allows_auto"] = spec.allows_auto;
    param["meaning"] = spec.meaning;
    param["why"] = spec.why;
    params.push_back(std::move(param));
  }
  return {{"name", entry.name},       {"kind", entry.kind},      {"summary", entry.summary},
          {"formula", entry.formula}, {"parameters", params},    {"reference", entry.reference},
          {"differs", entry.differs}, {"example", entry.example}};
}

int run_describe(const Options& options, Console& console) {
  const auto found = catalog::find(options.text("NAME"));
  if (options.flag("json")) {
    Json entries = Json::array();
    for (const Entry* entry : found) entries.push_back(to_json(*entry));
    console.out << Json{{"command", "describe"}, {"entries", entries}}.dump(2) << '\n';
    return kDone;
  }
  for (std::size_t i = 0; i < found.size(); ++i) console.out << (i > 0 ? "\n" : "") << describe(*found[i]);
  return kDone;
}

int run_list(const Options& options, Console& console) {
  const bool all = !options.given("KIND");
  std::vector<const catalog::Kind*> wanted;
  if (all) {
    for (const catalog::Kind& kind : catalog::kinds()) wanted.push_back(&kind);
  } else {
    wanted.push_back(&catalog::kind(options.text("KIND")));
  }
  if (options.flag("json")) {
    Json lists = Json::object();
    for (const catalog::Kind* kind : wanted) {
      Json entries = Json::array();
      for (const Entry* entry : kind->entries) entries.push_back({{"name", entry->name}, {"summary", entry->summary}});
      lists[kind->plural] = entries;
    }
    console.out << Json{{"command", "list"}, {"lists", lists}}.dump(2) << '\n';
    return kDone;
  }
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (all) console.out << (i > 0 ? "\n" : "") << wanted[i]->plural << ": " << wanted[i]->summary << '\n';
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const Entry* entry : wanted[i]->entries) pairs.emplace_back(entry->name, entry->summary);
    print_pairs(console.out, pairs, all ? 2 : 0);
  }
  return kDone;
}

const OptionSpec kJson = {.name = "json", .kind = OptionKind::flag, .meaning = "One JSON object on standard output"};

}  // namespace

Command describe_command() {
  return {
      .name = "describe",
      .summary = "Explain one named thing: formula, parameters, defaults and why, reference",
      .description = {},
      .options = {{.name = "NAME", .meaning = "An optimizer, schedule, loss, penalty, metric, ...", .required = true},
                  kJson},
      .examples = {"descent describe adam", "descent describe cosine"},
      .run = run_describe};
}

Command list_command() {
  return {
      .name = "list",
      .summary = "List what has a name: optimizers, schedules, losses, ...",
      .description = {},
      .options = {{.name = "KIND", .meaning = "optimizers, schedules, losses, ...; everything when left out"}, kJson},
      .examples = {"descent list", "descent list optimizers"},
      .run = run_list};
}

}  // namespace descent::cli

#include "descent/catalog/catalog.hpp"

#include <algorithm>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/data/generate.hpp"
#include "descent/data/reader.hpp"
#include "descent/loss/loss.hpp"
#include "descent/loss/penalty.hpp"
#include "descent/metrics/registry.hpp"
#include "descent/optim/optimizer.hpp"
#include "descent/optim/proximal.hpp"
#include "descent/optim/schedule.hpp"
#include "descent/problem/test_functions.hpp"

namespace descent::catalog {
namespace {

template <class Item>
void add(std::vector<Kind>& kinds, const Registry<Item>& registry, const char* plural, const char* summary) {
  Kind kind{.name = registry.kind(), .plural = plural, .summary = summary, .entries = {}};
  for (const auto& named : registry.items()) kind.entries.push_back(&named.entry);
  kinds.push_back(std::move(kind));
}

}  // namespace

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = [] {
    std::vector<Kind> result;
    add(result, optimizer_registry(), "optimizers", "for --optimizer: methods, and rules that join with |");
    add(result, schedule_registry(), "schedules",
        "in place of a learning rate: 'adam(cosine(0.05, 5000))'; in C++ also any function, Schedule::function");
    add(result, loss::loss_registry(), "losses", "for fit --loss");
    add(result, loss::penalty_registry(), "penalties", "for fit --penalty");
    add(result, proximal_registry(), "terms", "for minimize: --penalty (l1, ...) and --within (sets)");
    add(result, metrics::metric_registry(), "metrics", "what evaluate reports");
    add(result, data::reader_registry(), "readers", "file formats");
    add(result, data::generator_registry(), "generators", "for generate");
    add(result, test_function_registry(), "functions", "standard test functions, as formulas for minimize");
    return result;
  }();
  return all;
}

const Kind& kind(std::string_view name) {
  std::vector<std::string> names;
  for (const Kind& k : kinds()) {
    if (k.name == name || k.plural == name) return k;
    names.push_back(k.plural);
  }
  throw Error(ErrorCode::usage,
              "there is no kind " + quoted(name) + did_you_mean(name, names) + "; there are " + join(names));
}

std::vector<const Entry*> find(std::string_view name) {
  std::vector<const Entry*> found;
  std::vector<std::string> names;
  for (const Kind& k : kinds())
    for (const Entry* entry : k.entries) {
      if (entry->name == name) found.push_back(entry);
      names.push_back(entry->name);
    }
  if (found.empty())
    throw Error(ErrorCode::usage,
                "nothing is called " + quoted(name) + did_you_mean(name, names) + "; `descent list` shows all names");
  return found;
}

}  // namespace descent::catalog

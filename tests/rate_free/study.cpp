// Rules without a learning rate beside the best of 13 fixed rates of the plain rule, on 40 objectives.
//
//   rate_free_study            writes the tables of docs/design/rate_free.md to standard output
//   rate_free_study FILE       exit status 1 unless FILE holds these very tables (the same bits everywhere)
//   rate_free_study --list     and f at the start and at the minimum of each objective, to standard error
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <limits>
#include <sstream>

#include "descent/core/finite_sum.hpp"
#include "descent/optim/chain_state.hpp"
#include "tests/rate_free/objectives.hpp"

namespace {

using namespace descent;

constexpr int kMaxUpdates = 10000;
constexpr double kTolerance = 1e-4;  // of what there is to gain: f - f* <= 1e-4 (f_0 - f*)
constexpr double kNever = std::numeric_limits<double>::infinity();

struct Journey {
  double updates = kNever;  ///< until the tolerance is met
  bool diverged = false;    ///< not finite, or above the start at the end
};

Journey travel(rate_free::Case& one, const std::string& text) {
  ChainState state(parse_chain(text), one.start.size());
  std::vector<double> x = one.start, gradient(x.size());
  const double target = one.lowest + kTolerance * (one.begun - one.lowest);
  double value = one.begun;
  for (int k = 0; k <= kMaxUpdates; ++k) {
    value = one.objective->evaluate(x, gradient);
    if (!std::isfinite(value)) return {.updates = kNever, .diverged = true};
    if (value <= target) return {.updates = static_cast<double>(k), .diverged = false};
    state.update(gradient, x, value);
  }
  return {.updates = kNever, .diverged = value > one.begun};
}

struct Rule {
  std::string name;
  std::string plain;  ///< the rule whose best fixed rate it is held to
};
const std::vector<Rule> kRules{{"prodigy", "adam"}, {"dadapt_adam", "adam"}, {"dog", "sgd"},
                               {"dowg", "sgd"},     {"adgd", "sgd"},         {"polyak", "sgd"}};

struct Best {
  double updates = kNever;
  int exponent = 0;
};
Best best_rate(rate_free::Case& one, const std::string& plain) {
  Best best;
  for (int exponent = -6; exponent <= 6; ++exponent) {
    const double updates = travel(one, plain + "(1e" + std::to_string(exponent) + ")").updates;
    if (updates < best.updates) best = {.updates = updates, .exponent = exponent};
  }
  return best;
}

std::string cell(double updates) { return std::isfinite(updates) ? std::to_string(static_cast<int>(updates)) : "-"; }

struct Total {
  int reached = 0, comparable = 0, diverged = 0, within = 0;
  double log_sum = 0.0;

  void add(const Journey& journey, const Best& best) {
    diverged += journey.diverged ? 1 : 0;
    reached += std::isfinite(journey.updates) ? 1 : 0;
    if (!std::isfinite(best.updates)) return;
    ++comparable;
    // A run that did not arrive counts as if it had at the last update: the mean is a lower bound then.
    const double ratio = std::min(journey.updates, double{kMaxUpdates}) / std::max(best.updates, 1.0);
    log_sum += math::log(ratio);
    within += ratio <= 2.0 ? 1 : 0;
  }
};

std::string table(bool list) {
  std::ostringstream out;
  out << "| objective | adam, best rate | prodigy | dadapt_adam | sgd, best rate | dog | dowg | adgd | polyak |\n"
      << "|---|---|---|---|---|---|---|---|---|\n";
  std::vector<Total> totals(kRules.size());
  std::vector<rate_free::Case> cases = rate_free::objectives();
  for (rate_free::Case& one : cases) {
    const Best adam = best_rate(one, "adam"), sgd = best_rate(one, "sgd");
    std::vector<std::string> cells;
    for (std::size_t r = 0; r < kRules.size(); ++r) {
      const std::string text =
          kRules[r].name == "polyak" ? "polyak(minimum=" + number_text(one.lowest) + ")" : kRules[r].name;
      const Journey journey = travel(one, text);
      totals[r].add(journey, kRules[r].plain == "adam" ? adam : sgd);
      cells.push_back(journey.diverged ? "diverged" : cell(journey.updates));
    }
    const auto best_cell = [](const Best& best) {
      return cell(best.updates) + (std::isfinite(best.updates) ? " (1e" + std::to_string(best.exponent) + ")" : "");
    };
    out << "| " << one.name << " | " << best_cell(adam) << " | " << cells[0] << " | " << cells[1] << " | "
        << best_cell(sgd) << " | " << cells[2] << " | " << cells[3] << " | " << cells[4] << " | " << cells[5] << " |\n";
    if (list) std::cerr << one.name << " f0 " << one.begun << " f* " << one.lowest << "\n";
  }
  out << "\n| rule | beside | arrives | diverges | updates over those of the best rate, geometric mean | within 2 x |\n"
      << "|---|---|---|---|---|---|\n";
  for (std::size_t r = 0; r < kRules.size(); ++r) {
    char mean[32];
    std::snprintf(mean, sizeof mean, "%.2f", math::exp(totals[r].log_sum / totals[r].comparable));
    out << "| " << kRules[r].name << " | " << kRules[r].plain << " | " << totals[r].reached << " of " << cases.size()
        << " | " << totals[r].diverged << " | " << mean << " | " << totals[r].within << " of " << totals[r].comparable
        << " |\n";
  }
  return out.str();
}

constexpr std::size_t kBatch = 16, kEpochs = 30;

/// (f - f*) / (f_0 - f*) over all rows at what the rule reports after 30 epochs in batches of 16.
double gap_after_batches(rate_free::Case& one, const std::string& rule) {
  auto& sum = dynamic_cast<FiniteSum&>(*one.objective);
  const std::size_t rows = sum.num_terms(), batches = rows / kBatch;  // what is left over waits for the next epoch
  std::string text = rule;
  const std::string mark = "UPDATES";
  if (const std::size_t at = text.find(mark); at != std::string::npos)
    text.replace(at, mark.size(), std::to_string(batches * kEpochs));
  ChainState state(parse_chain(text), one.start.size());
  std::vector<double> x = one.start, gradient(x.size()), reported(x.size());
  for (std::uint32_t epoch = 0; epoch < kEpochs; ++epoch) {
    const std::vector<std::uint32_t> order = random_permutation(rows, Rng(1, RandomStream::shuffle, epoch));
    for (std::size_t b = 0; b < batches; ++b) {
      const double value = sum.evaluate_rows(std::span(order).subspan(b * kBatch, kBatch), x, gradient);
      if (!std::isfinite(value)) return kNever;
      state.update(gradient, x, value);
    }
  }
  state.solution(x, reported);
  const double value = sum.value(reported);
  return std::isfinite(value) ? (value - one.lowest) / (one.begun - one.lowest) : kNever;
}

std::string batch_table() {
  const std::vector<std::string> tuned{"sgd(RATE)", "sgd(cosine(RATE, UPDATES))", "adam(RATE)",
                                       "adam(cosine(RATE, UPDATES))", "schedule_free_adamw(RATE)"};
  const std::vector<std::string> free{
      "prodigy", "prodigy(cosine(1, UPDATES))", "dadapt_adam", "dadapt_adam(cosine(1, UPDATES))", "dog", "dowg",
      "adgd",    "schedule_free_adamw"};
  std::vector<rate_free::Case> cases = rate_free::objectives();
  std::erase_if(cases, [](const rate_free::Case& one) { return one.rows == nullptr; });
  std::ostringstream out;
  out << "| rule | gap that is left, geometric mean | largest | above the start |\n|---|---|---|---|\n";
  const auto line = [&](const std::string& name, const auto& gap_of) {
    double log_sum = 0.0, largest = 0.0;
    int worse = 0;
    for (rate_free::Case& one : cases) {
      const double gap = gap_of(one);
      worse += gap > 1.0 ? 1 : 0;
      largest = std::max(largest, gap);
      log_sum += math::log(std::min(std::max(gap, 1e-12), 1e3));
    }
    char text[64];
    std::snprintf(text, sizeof text, "%.1e | %.1e", math::exp(log_sum / static_cast<double>(cases.size())), largest);
    out << "| " << name << " | " << text << " | " << worse << " of " << cases.size() << " |\n";
  };
  for (const std::string& rule : tuned)
    line(rule + ", the best of 13", [&](rate_free::Case& one) {
      double best = kNever;
      for (int exponent = -6; exponent <= 6; ++exponent) {
        std::string text = rule;
        text.replace(text.find("RATE"), 4, "1e" + std::to_string(exponent));
        best = std::min(best, gap_after_batches(one, text));
      }
      return best;
    });
  for (const std::string& rule : free) line(rule, [&](rate_free::Case& one) { return gap_after_batches(one, rule); });
  return out.str();
}

}  // namespace

int main(int argc, char** argv) {
  const std::string argument = argc > 1 ? argv[1] : "";
  const bool list = argument == "--list";
  const std::string found = table(list), found_in_batches = batch_table();
  if (argument.empty() || list) {
    std::cout << found << "\n" << found_in_batches;
    return 0;
  }
  std::ifstream file(argument);
  std::ostringstream text;
  text << file.rdbuf();
  if (text.str().find(found) != std::string::npos && text.str().find(found_in_batches) != std::string::npos) return 0;
  std::cerr << argument << " does not hold these tables:\n" << found << "\n" << found_in_batches;
  return 1;
}

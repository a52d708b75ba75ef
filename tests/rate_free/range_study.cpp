// The rate that the range test suggests beside the best of 13 fixed rates, on the 40 objectives of rate_free_study.
//
//   rate_range_study           writes the tables of docs/design/learning_rate.md to standard output
//   rate_range_study FILE      exit status 1 unless FILE holds these very tables (the same bits everywhere)
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <limits>
#include <optional>
#include <sstream>

#include "descent/core/finite_sum.hpp"
#include "descent/optim/chain_state.hpp"
#include "descent/optim/rate_range.hpp"
#include "tests/rate_free/objectives.hpp"

namespace {

using namespace descent;

constexpr int kMaxUpdates = 10000;
constexpr double kTolerance = 1e-4;  // of what there is to gain: f - f* <= 1e-4 (f_0 - f*)
constexpr double kNever = std::numeric_limits<double>::infinity();
const std::vector<std::string> kRules{"sgd", "momentum", "adam"};

struct Journey {
  double updates = kNever;  ///< until the tolerance is met
  bool diverged = false;    ///< not finite, or above the start at the end
};

Journey travel(rate_free::Case& one, const Chain& chain) {
  ChainState state(chain, one.start.size());
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

/// The rates that are compared: what is suggested, and what else is read off the curve.
struct Reading {
  std::string name;
  std::optional<double> (*of)(const RateRange&);
};
const std::vector<Reading> kReadings{
    {"suggested", [](const RateRange& range) { return range.suggestion; }},
    {"tenth, untried", [](const RateRange& range) { return range.readings.tenth; }},
    {"valley", [](const RateRange& range) { return range.readings.valley; }},
    {"steepest", [](const RateRange& range) { return range.readings.steepest; }},
    {"half the stable rate at the start",
     [](const RateRange& range) {
       return range.stable_rate ? std::optional<double>(0.5 * *range.stable_rate) : std::nullopt;
     }},
};

struct Total {
  int none = 0, arrived = 0, diverged = 0, comparable = 0, within = 0;
  double log_sum = 0.0, worst = 0.0;

  void add(const Journey& journey, double best) {
    diverged += journey.diverged ? 1 : 0;
    arrived += std::isfinite(journey.updates) ? 1 : 0;
    if (!std::isfinite(best)) return;
    ++comparable;
    // A run that did not arrive counts as if it had at the last update: the mean is a lower bound then.
    const double ratio = std::max(std::min(journey.updates, double{kMaxUpdates}), 1.0) / std::max(best, 1.0);
    log_sum += math::log(ratio);
    worst = std::max(worst, ratio);
    within += ratio <= 3.0 ? 1 : 0;
  }
};

std::string count(double updates) { return std::isfinite(updates) ? std::to_string(static_cast<int>(updates)) : "-"; }

std::string tables() {
  std::ostringstream list, means;
  list << "| objective |";
  for (const std::string& rule : kRules) list << " " << rule << ", best rate | suggested |";
  list << "\n|---|";
  for (std::size_t i = 0; i < 2 * kRules.size(); ++i) list << "---|";
  list << "\n";
  means
      << "| rule | rate | arrives | diverges | updates over those of the best rate, geometric mean | largest | within "
         "3 x |\n|---|---|---|---|---|---|---|\n";
  std::vector<rate_free::Case> cases = rate_free::objectives();
  std::vector<std::vector<Total>> totals(kRules.size(), std::vector<Total>(kReadings.size()));
  for (rate_free::Case& one : cases) {
    list << "| " << one.name << " |";
    for (std::size_t r = 0; r < kRules.size(); ++r) {
      const Chain chain = parse_chain(kRules[r] + "(1)");
      double best = kNever;
      int exponent = 0;
      for (int e = -6; e <= 6; ++e) {
        const Journey journey = travel(one, parse_chain(kRules[r] + "(1e" + std::to_string(e) + ")"));
        if (journey.updates < best) exponent = e;
        best = std::min(best, journey.updates);
      }
      const RateRange range = learning_rate_range_test(*one.objective, one.start, chain);
      for (std::size_t i = 0; i < kReadings.size(); ++i) {
        const std::optional<double> rate = kReadings[i].of(range);
        if (!rate) {
          ++totals[r][i].none;
          continue;
        }
        const Journey journey = travel(one, with_learning_rate(chain, *rate));
        totals[r][i].add(journey, best);
        if (i == 0)
          list << " " << count(best) << (std::isfinite(best) ? " (1e" + std::to_string(exponent) + ")" : "") << " | "
               << (journey.diverged ? "diverged" : count(journey.updates)) << " (" << number_text(*rate, 2) << ") |";
      }
    }
    list << "\n";
  }
  for (std::size_t r = 0; r < kRules.size(); ++r)
    for (std::size_t i = 0; i < kReadings.size(); ++i) {
      const Total& total = totals[r][i];
      if (total.comparable == 0) continue;
      char text[96];
      std::snprintf(text, sizeof text, "%.2f | %.2f", math::exp(total.log_sum / total.comparable), total.worst);
      means << "| " << kRules[r] << " | " << kReadings[i].name << " | " << total.arrived << " of "
            << static_cast<int>(cases.size()) - total.none << " | " << total.diverged << " | " << text << " | "
            << total.within << " of " << total.comparable << " |\n";
    }
  return means.str() + "\n" + list.str();
}

constexpr std::size_t kBatch = 16, kEpochs = 30;

/// (f - f*) / (f_0 - f*) over all rows after 30 epochs in batches of 16, the rate falling by a cosine.
double gap_after_batches(rate_free::Case& one, const std::string& rule, double rate) {
  auto& sum = dynamic_cast<FiniteSum&>(*one.objective);
  const std::size_t rows = sum.num_terms(), batches = rows / kBatch;  // what is left over waits for the next epoch
  ChainState state(with_learning_rate(parse_chain(rule + "(1)"), cosine(rate, static_cast<double>(batches * kEpochs))),
                   one.start.size());
  std::vector<double> x = one.start, gradient(x.size());
  for (std::uint32_t epoch = 0; epoch < kEpochs; ++epoch) {
    const std::vector<std::uint32_t> order = random_permutation(rows, Rng(1, RandomStream::shuffle, epoch));
    for (std::size_t b = 0; b < batches; ++b) {
      const double value = sum.evaluate_rows(std::span(order).subspan(b * kBatch, kBatch), x, gradient);
      if (!std::isfinite(value)) return kNever;
      state.update(gradient, x, value);
    }
  }
  const double value = sum.value(x);
  return std::isfinite(value) ? (value - one.lowest) / (one.begun - one.lowest) : kNever;
}

std::string batch_table() {
  std::vector<rate_free::Case> cases = rate_free::objectives();
  std::erase_if(cases, [](const rate_free::Case& one) { return one.rows == nullptr; });
  std::ostringstream out;
  out << "| rule | rate | gap that is left, geometric mean | largest | above the start |\n|---|---|---|---|---|\n";
  struct Line {
    double log_sum = 0.0, largest = 0.0;
    int worse = 0;
    void add(double gap) {
      worse += gap > 1.0 ? 1 : 0;
      largest = std::max(largest, gap);
      log_sum += math::log(std::min(std::max(gap, 1e-12), 1e3));
    }
  };
  for (const std::string& rule : kRules) {
    Line best;
    std::vector<Line> read(kReadings.size());
    std::vector<int> known(kReadings.size());
    for (rate_free::Case& one : cases) {
      double least = kNever;
      for (int e = -6; e <= 6; ++e)
        least = std::min(least, gap_after_batches(one, rule, *parse_number("1e" + std::to_string(e))));
      best.add(least);
      auto& sum = dynamic_cast<FiniteSum&>(*one.objective);
      const RateRange range =
          learning_rate_range_test(sum, one.start, parse_chain(rule + "(1)"), {.batch_size = kBatch, .seed = 1});
      for (std::size_t i = 0; i < kReadings.size(); ++i)
        if (const auto rate = kReadings[i].of(range)) {
          ++known[i];
          read[i].add(gap_after_batches(one, rule, *rate));
        }
    }
    const auto print = [&](const std::string& name, const Line& line, int number) {
      char text[64];
      std::snprintf(text, sizeof text, "%.1e | %.1e", math::exp(line.log_sum / number), line.largest);
      out << "| " << rule << " | " << name << " | " << text << " | " << line.worse << " of " << number << " |\n";
    };
    print("the best of 13", best, static_cast<int>(cases.size()));
    for (std::size_t i = 0; i < kReadings.size(); ++i)
      if (known[i] > 0) print(kReadings[i].name, read[i], known[i]);
  }
  return out.str();
}

}  // namespace

int main(int argc, char** argv) {
  const std::string found = tables() + "\n" + batch_table();
  if (argc < 2) {
    std::cout << found;
    return 0;
  }
  std::ifstream file(argv[1]);
  std::ostringstream text;
  text << file.rdbuf();
  if (text.str().find(found) != std::string::npos) return 0;
  std::cerr << argv[1] << " does not hold these tables:\n" << found;
  return 1;
}

// The rate that the range test suggests beside the best of 13 fixed rates, on the 40 objectives of rate_free_study.
//
//   rate_range_study [auto]         writes the tables of docs/design/learning_rate.md (auto: that of every rule with a
//   rate
//                                   of auto) to standard output
//   rate_range_study [auto] FILE    exit status 1 unless FILE holds these very tables (the same bits everywhere)
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
    if (state.needs_value()) state.tell(value);
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

/// Every rule whose rate may be auto: what minimize() makes of it, beside the best of the 13.
std::string auto_table() {
  std::ostringstream out;
  out << "| rule | arrives | diverges | updates over those of the best rate, geometric mean | largest | within 3 x "
         "|\n|---|---|---|---|---|---|\n";
  std::vector<rate_free::Case> cases = rate_free::objectives();
  for (const char* rule :
       {"sgd",     "momentum", "nesterov", "rmsprop", "adam",     "adamw",  "adagrad",   "adadelta",  "asgd",
        "amsgrad", "adamax",   "nadam",    "radam",   "sign_sgd", "signum", "lion",      "adabelief", "yogi",
        "adan",    "ademamix", "adopt",    "ftrl",    "lars",     "lamb",   "adafactor", "muon",      "soap"}) {
    const std::string name = rule;
    Total total;
    for (rate_free::Case& one : cases) {
      double best = kNever;
      for (int e = -6; e <= 6; ++e)
        best = std::min(best, travel(one, parse_chain(name + "(1e" + std::to_string(e) + ")")).updates);
      Journey journey;
      if (name == "sgd") {  // the steps of gradient_descent
        const double target = one.lowest + kTolerance * (one.begun - one.lowest);
        MinimizeOptions options{.max_steps = kMaxUpdates, .gradient_tolerance = 0.0};
        options.observer = [&](const StepInfo& step) {
          if (step.objective <= target) journey.updates = static_cast<double>(step.step);
          return step.objective > target;
        };
        (void)minimize(*one.objective, one.start, parse_optimizer("sgd(auto)"), options);
      } else {
        const Result first = minimize(*one.objective, one.start, parse_optimizer(name + "(auto)"), {.max_steps = 0});
        journey = travel(one, parse_chain(first.optimizer));
      }
      total.add(journey, best);
    }
    char text[96];
    std::snprintf(text, sizeof text, "%.2f | %.2f", math::exp(total.log_sum / total.comparable), total.worst);
    out << "| " << name << " | " << total.arrived << " of " << cases.size() << " | " << total.diverged << " | " << text
        << " | " << total.within << " of " << total.comparable << " |\n";
  }
  return out.str();
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
  const std::string found =
      argc < 2 || std::string_view(argv[1]) != "auto" ? tables() + "\n" + batch_table() : auto_table();
  const int file_at = argc > 1 && std::string_view(argv[1]) == "auto" ? 2 : 1;
  if (argc <= file_at) {
    std::cout << found;
    return 0;
  }
  std::ifstream file(argv[file_at]);
  std::ostringstream text;
  text << file.rdbuf();
  if (text.str().find(found) != std::string::npos) return 0;
  std::cerr << argv[file_at] << " does not hold these tables:\n" << found;
  return 1;
}

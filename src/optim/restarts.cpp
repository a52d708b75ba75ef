#include "descent/optim/restarts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "descent/core/error.hpp"
#include "descent/core/random.hpp"
#include "descent/core/text.hpp"

namespace descent {
namespace {

constexpr std::uint32_t kPrimes[] = {2,   3,   5,   7,   11,  13,  17,  19,  23,  29,  31,  37,  41,  43,
                                     47,  53,  59,  61,  67,  71,  73,  79,  83,  89,  97,  101, 103, 107,
                                     109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173};

/// The digits of `index` in `base`, mirrored behind the point.
double mirrored(std::uint64_t index, std::uint32_t base) {
  double result = 0.0, place = 1.0;
  for (; index > 0; index /= base) {
    place /= base;
    result += place * static_cast<double>(index % base);
  }
  return result;
}

struct Attempt {
  std::vector<double> start;
  std::optional<RunEnd> end;
};

class Restarts {
 public:
  Restarts(const RunFromStart& run, const RestartOptions& options, std::size_t n)
      : run_(run),
        options_(options),
        n_(n),
        shifts_(options.seed, RandomStream::start),
        hops_(options.seed, RandomStream::start, 1) {}

  RestartResult solve(std::vector<double> start) {
    std::vector<std::vector<double>> starts{std::move(start)};
    for (std::uint64_t k = 1; k <= options_.restarts; ++k) starts.push_back(point(k));
    run_all(std::move(starts));
    for (std::uint64_t done = 0; done < options_.hops && !stopped();) {
      std::vector<std::vector<double>> batch;
      for (; batch.size() < kHopsAtOnce && done < options_.hops; ++done) batch.push_back(hop(done));
      run_all(std::move(batch));
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool stopped() const { return options_.stop.stop_requested(); }

  [[nodiscard]] std::vector<double> point(std::uint64_t k) const {
    std::vector<double> x(n_);
    for (std::size_t j = 0; j < n_; ++j) {
      double u = shifts_.uniform(j);
      u = j < std::size(kPrimes) ? u + mirrored(k, kPrimes[j]) : shifts_.uniform(k * n_ + j);
      u -= std::floor(u);
      x[j] = options_.box[j].low + u * (options_.box[j].high - options_.box[j].low);
    }
    return x;
  }

  [[nodiscard]] std::vector<double> hop(std::uint64_t k) const {
    std::vector<double> x = out_.best.x;
    for (std::size_t j = 0; j < n_; ++j) {
      const Bound& range = options_.box[j];
      x[j] += kHopLength * (range.high - range.low) * hops_.normal(k * n_ + j);
      x[j] = std::clamp(x[j], range.low, range.high);
    }
    return x;
  }

  void run_all(std::vector<std::vector<double>> starts) {
    std::vector<Attempt> runs;
    for (std::vector<double>& start : starts) runs.push_back({.start = std::move(start), .end = std::nullopt});
    const auto work = [&](std::size_t i) {
      if (i > 0 && stopped()) return;
      runs[i].end = run_(runs[i].start);
    };
    if (options_.pool != nullptr) {
      options_.pool->for_each_shard(runs.size(), work);
    } else {
      for (std::size_t i = 0; i < runs.size(); ++i) work(i);
    }
    for (Attempt& run : runs)
      if (run.end) take(run);
  }

  void take(Attempt& run) {
    Result& result = run.end->result;
    const bool feasible = run.end->feasible;
    ++out_.runs;
    out_.value_evaluations += result.value_evaluations;
    out_.gradient_evaluations += result.gradient_evaluations;
    const bool ends_well = result.ok() && std::isfinite(result.value);
    if (!ends_well || !feasible) ++out_.failed;
    if (feasible && result.status == Status::converged) add_minimum(result);
    const bool first = out_.runs == 1;
    const bool better = ends_well && (!out_.best.ok() || feasible > out_.feasible ||
                                      (feasible == out_.feasible && !(out_.best.value <= result.value)));
    if (first || better) {
      out_.start = std::move(run.start);
      out_.best = std::move(result);
      out_.feasible = feasible;
    }
  }

  void add_minimum(const Result& result) {
    constexpr double kSame = 1e-4;  // of the box
    for (FoundMinimum& known : out_.minima) {
      bool same = true;
      for (std::size_t j = 0; j < n_ && same; ++j)
        same = std::fabs(known.x[j] - result.x[j]) <= kSame * (options_.box[j].high - options_.box[j].low);
      if (!same) continue;
      ++known.runs;
      return;
    }
    const auto at = std::upper_bound(out_.minima.begin(), out_.minima.end(), result.value,
                                     [](double value, const FoundMinimum& known) { return value < known.value; });
    out_.minima.insert(at, {.value = result.value, .x = result.x, .runs = 1});
  }

  const RunFromStart& run_;
  const RestartOptions& options_;
  std::size_t n_;
  Rng shifts_, hops_;
  RestartResult out_;
};

}  // namespace

RestartResult minimize_restarts(const RunFromStart& run, std::vector<double> start, const RestartOptions& options) {
  const std::size_t n = start.size();
  if (options.box.size() != n)
    throw Error(ErrorCode::usage,
                "must have one range for each of the " + std::to_string(n) + " parameters, got " +
                    std::to_string(options.box.size()),
                "box");
  for (const Bound& range : options.box)
    if (!std::isfinite(range.low) || !std::isfinite(range.high) || !(range.low <= range.high))
      throw Error(ErrorCode::usage,
                  "must be finite with the low end <= the high end, got " + number_text(range.low) + " to " +
                      number_text(range.high),
                  "box");
  return Restarts(run, options, n).solve(std::move(start));
}

RestartResult minimize_restarts(const std::function<std::unique_ptr<Objective>()>& make, std::vector<double> start,
                                const Optimizer& optimizer, const MinimizeOptions& run, RestartOptions options) {
  check_options(run, make()->num_parameters());
  options.stop = run.stop;
  MinimizeOptions alone = run;
  alone.observer = {};
  const auto from = [&](const std::vector<double>& x) {
    const std::unique_ptr<Objective> objective = make();
    return RunEnd{.result = minimize(*objective, x, optimizer, alone)};
  };
  return minimize_restarts(RunFromStart(from), std::move(start), options);
}

}  // namespace descent

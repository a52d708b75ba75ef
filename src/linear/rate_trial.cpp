#include "src/linear/rate_trial.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <span>

#include "descent/core/random.hpp"
#include "descent/core/text.hpp"
#include "descent/optim/chain_state.hpp"
#include "descent/simd/axpy.hpp"
#include "descent/simd/reduce.hpp"

namespace descent::linear {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::size_t kScoredRows = 20'000;  // the score of a trial costs at most this many rows

// A trial is a small model of the run. Of 117 runs of 100 epochs (13 problems, batches of 1, 8 and 32, three rules) 103
// ended with at most four times the excess of the best rate when the rate had won over 10 epochs, 88 when over one. So
// short trials find the order of magnitude, long ones decide.
constexpr std::uint64_t kShortPart = 50, kShortLeast = 10, kShortMost = 1'000;
constexpr std::uint64_t kLongPart = 8, kLongLeast = 50, kLongMost = 20'000;
constexpr int kMaxRungs = 40;  // of a factor of four: from any start to any rate

bool is_mean(LossScale scale) { return scale == LossScale::mean || scale == LossScale::half_mean; }

/// To three digits, so that the chain can be typed again.
double rounded(double rate) { return parse_number(number_text(rate, 3)).value_or(rate); }

class Trials {
 public:
  explicit Trials(const TrialInput& input) : input_(input), objective_(*input.objective), x_(input.start->size()) {
    const std::size_t rows = objective_.num_terms();
    if (rows > kScoredRows && input.batch < rows) {
      scored_ = random_permutation(rows, Rng(input.seed, RandomStream::general));
      scored_.resize(kScoredRows);
    }
  }

  TrialOutput run(double first_rate) {
    double best = first_rate;
    climb(best, 4.0, length(kShortPart, kShortLeast, kShortMost));
    climb(best, 2.0, length(kLongPart, kLongLeast, kLongMost));
    out_.rate = rounded(best);
    return out_;
  }

  /// Where along `direction` from the start the objective is least, to a factor of four: the scale of the moves.
  double reach(View direction) {
    std::vector<double> moved(x_.size());
    const auto score_at = [&](double t) {
      for (std::size_t i = 0; i < moved.size(); ++i) moved[i] = (*input_.start)[i] - t * direction[i];
      return score(moved);
    };
    double t = 1.0, value = score_at(t);
    for (const double factor : {4.0, 0.25}) {
      if (value == kInfinity && factor > 1.0) continue;
      for (int rung = 0; rung < kMaxRungs; ++rung) {
        const double next = score_at(factor * t);
        if (!(next < value) && value < kInfinity) break;
        t *= factor;
        value = next;
      }
    }
    return t;
  }

 private:
  [[nodiscard]] std::uint64_t length(std::uint64_t part, std::uint64_t least, std::uint64_t most) const {
    return std::clamp<std::uint64_t>(input_.updates / part, std::min(least, input_.updates), most);
  }

  double score(View x) {
    ++out_.evaluations;
    const double value = scored_.empty() ? input_.whole->value(x) : objective_.evaluate_rows(scored_, x, {});
    return std::isfinite(value) ? value : kInfinity;
  }

  /// Goes up the ladder while that is better, or else down.
  void climb(double& rate, double factor, std::uint64_t updates) {
    double best = try_rate(rate, updates);
    for (const double step : {factor, 1.0 / factor}) {
      const double before = rate;
      if (best == kInfinity && step > 1.0) continue;  // too far already
      for (int rung = 0; rung < kMaxRungs && input_.goes_on(); ++rung) {
        const double next = try_rate(rate * step, updates);
        if (!(next < best) && best < kInfinity) break;
        best = next;
        rate *= step;
      }
      if (rate != before) break;
    }
  }

  double try_rate(double exact, std::uint64_t updates) {
    ++out_.trials;
    const double rate = rounded(exact);
    const std::size_t rows = objective_.num_terms();
    const Chain chain = with_learning_rate(*input_.chain, input_.schedule(rate, static_cast<double>(updates)));
    ChainState state(chain, x_.size(),
                     {.blocks = objective_.parameter_blocks(),
                      .parameter_name = [this](std::size_t i) { return objective_.parameter_name(i); }});
    std::vector<double> gradient(x_.size()), displaced(state.displaces() ? x_.size() : 0);
    std::copy(input_.start->begin(), input_.start->end(), x_.begin());
    // Fewer rows than an epoch in the file's order may all be of one kind.
    const bool shuffles = input_.shuffle == Shuffle::epoch || updates * input_.batch < rows;
    std::uint32_t epoch = 0;
    std::size_t first = rows;
    for (std::uint64_t k = 0; k < updates && input_.goes_on(); ++k) {
      if (first >= rows) {
        first = 0;
        load_order(shuffles, epoch++);
      }
      const std::size_t size = std::min(input_.batch, rows - first);
      const auto evaluate = [&](const std::vector<double>& x) {
        ++out_.updates;
        return input_.batch >= rows ? input_.whole->evaluate(x, gradient)
                                    : objective_.evaluate_rows(std::span(order_).subspan(first, size), x, gradient);
      };
      const double value = evaluate(x_);
      if (!std::isfinite(value)) return kInfinity;
      if (state.displaces() && state.displace(gradient, x_, displaced) && !std::isfinite(evaluate(displaced)))
        return kInfinity;
      double weight = 1.0;  // as SumOptions::weigh_partial_batch
      if (size < input_.batch && input_.batch < rows) {
        weight = static_cast<double>(size) / static_cast<double>(input_.batch);
        simd::scale(weight, gradient);
      }
      state.update(gradient, x_, weight * value);
      first += size;
    }
    if (state.has_solution()) state.solution(x_, gradient);  // rules that average report their average
    const View reached = state.has_solution() ? View(gradient) : View(x_);
    return simd::all_finite(reached) ? score(reached) : kInfinity;
  }

  /// The order of the run's epoch; made once for the trials that follow each other.
  void load_order(bool shuffles, std::uint32_t epoch) {
    const std::size_t rows = objective_.num_terms();
    if (shuffles) {
      if (order_epoch_ == epoch && !order_.empty()) return;
      order_ = random_permutation(rows, Rng(input_.seed, RandomStream::shuffle, epoch));
    } else if (order_.empty()) {
      order_.resize(rows);
      std::iota(order_.begin(), order_.end(), 0U);
    }
    order_epoch_ = epoch;
  }

  const TrialInput& input_;
  LinearObjective& objective_;
  std::vector<double> x_;
  std::vector<std::uint32_t> scored_;  // empty: all rows
  std::vector<std::uint32_t> order_;
  std::uint32_t order_epoch_ = 0;
  TrialOutput out_;
};

/// An update where the gradient is the same everywhere.
void steady_update(ChainState& state, const std::vector<double>& gradient, std::vector<double>& x) {
  std::vector<double> there(x.size());
  if (state.displaces()) (void)state.displace(gradient, x, there);
  state.update(gradient, x);
}

}  // namespace

ChainResponse response_of(const Chain& chain) {
  // Small enough for any clipping to stay out of it, large enough for an epsilon beside it; the rate is so small that
  // decayed weights do not count.
  constexpr double kGradient = 0x1p-20, kRate = 0x1p-20;
  constexpr int kSettled = 1000, kMeasured = 100;
  const Chain steady = with_learning_rate(first_group(chain), kRate);
  const auto move = [&](double g) {
    ChainState state(steady, 1);
    const std::vector<double> gradient{g};
    std::vector<double> x{0.0};
    for (int k = 0; k < kSettled; ++k) steady_update(state, gradient, x);
    const double settled = x[0];
    for (int k = 0; k < kMeasured; ++k) steady_update(state, gradient, x);
    return (settled - x[0]) / (kMeasured * kRate);
  };
  const double once = move(kGradient), fourfold = move(4.0 * kGradient);
  ChainResponse response;
  response.scale_free = fourfold < 2.0 * once;
  ChainState state(steady, 1);
  std::vector<double> x{1.0};
  steady_update(state, {0.0}, x);
  response.decays = x[0] < 1.0;
  const double gain = response.scale_free ? once : once / kGradient;
  if (gain > 0.0 && std::isfinite(gain)) response.gain = gain;
  return response;
}

double batch_curvature(LinearObjective& objective, std::size_t batch) {
  const LinearObjective::Settings& settings = objective.settings();
  const double steepest = settings.pointwise == nullptr ? 0.5 : settings.pointwise->max_curvature();
  if (!std::isfinite(steepest)) return kInfinity;
  const DenseRows& rows = objective.rows();
  const double n = static_cast<double>(rows.num_rows()), b = static_cast<double>(batch);
  const View weights = rows.weights();
  double longest = 0.0;  // of the squared lengths, times the rows' weights
  for (std::size_t i = 0; i < rows.num_rows(); ++i) {
    const double squared = simd::squared_norm({rows.row(i), rows.num_features()}) + (settings.intercept ? 1.0 : 0.0);
    longest = std::max(longest, (weights.empty() ? 1.0 : weights[i]) * squared);
  }
  const double weight_mean = weights.empty() ? 1.0 : simd::sum(weights) / n;
  const bool half = settings.scale == LossScale::half_mean || settings.scale == LossScale::half_sum;
  double single = (half ? 0.5 : 1.0) * steepest * longest;
  double all = objective.curvature_bound() - settings.penalty.l2;
  if (is_mean(settings.scale)) {
    single /= weight_mean;
  } else {  // a batch of a sum is the sum over the batch
    single *= b;
    all *= b / n;
  }
  if (rows.num_rows() < 2 || batch >= rows.num_rows()) return all + settings.penalty.l2;
  const double shared = n * (b - 1.0) / (b * (n - 1.0));
  return shared * all + (1.0 - shared) * single + settings.penalty.l2;
}

TrialOutput try_rates(const TrialInput& input) {
  Trials trials(input);
  const ChainResponse response = response_of(*input.chain);
  const std::size_t size = input.start->size();
  std::vector<double> direction(size);
  double first = 0.0;
  const double curvature = response.scale_free ? kInfinity : batch_curvature(*input.objective, input.batch);
  if (std::isfinite(curvature) && curvature > 0.0) {
    first = 0.5 / (response.gain * curvature);
  } else {
    (void)input.whole->evaluate(*input.start, direction);
    if (response.scale_free)
      for (double& g : direction) g = g > 0.0 ? 1.0 : g < 0.0 ? -1.0 : 0.0;
    // That is the length of a whole way, which takes several moves.
    first = 0.25 * trials.reach(direction) / response.gain;
  }
  return trials.run(first);
}

}  // namespace descent::linear

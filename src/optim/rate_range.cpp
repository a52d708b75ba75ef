#include "descent/optim/rate_range.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "descent/core/elementary.hpp"
#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/optim/chain_state.hpp"
#include "descent/simd/axpy.hpp"
#include "descent/simd/reduce.hpp"
#include "src/optim/methods.hpp"
#include "src/optim/region.hpp"
#include "src/optim/row_order.hpp"
#include "src/optim/stable_rate.hpp"

namespace descent {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kReach = 1e4;          // of a range that is found: from unit / kReach to unit * kReach
constexpr double kLargestUnit = 1e250;  // leaves room for ranges around it, and their moves
constexpr int kMostDown = 8;            // times that a range found is moved: 32 decades
constexpr int kMostUp = 2;              // a loss that nothing moves need not have a rate
constexpr double kBetter = 1e-3;        // of the fall: what a smaller rate must gain
constexpr int kMostCuts = 10;           // by 4: six decades
constexpr double kRounding = 0x1p-46;   // of the loss at the start: a fall below it is none
constexpr double kBatchSmoothing = 0.9;

/// Where the updates' gradients come from: the objective, or batch after batch of its rows.
class Source {
 public:
  Source(Objective& objective, FiniteSum* sum, const RateRangeOptions& options) : objective_(objective) {
    if (sum == nullptr || options.batch_size == 0 || options.batch_size >= sum->num_terms()) return;
    sum_ = sum;
    batch_size_ = options.batch_size;
    order_.emplace(sum->num_terms(), options.shuffle, options.seed);
  }

  [[nodiscard]] Objective& objective() { return objective_; }
  [[nodiscard]] bool samples_rows() const { return sum_ != nullptr; }
  [[nodiscard]] std::uint64_t evaluations() const { return evaluations_; }
  void count(std::uint64_t evaluations) { evaluations_ += evaluations; }

  void rewind() {
    epoch_ = 0;
    first_ = sum_ == nullptr ? 0 : sum_->num_terms();
  }
  /// Of the next batch.
  double next(View x, MutableView gradient) {
    advance();
    return again(x, gradient);
  }
  /// Of the same batch.
  double again(View x, MutableView gradient) {
    ++evaluations_;
    return sum_ == nullptr ? objective_.evaluate(x, gradient)
                           : sum_->evaluate_rows(order_->batch(first_, batch_size_), x, gradient);
  }

 private:
  void advance() {
    if (sum_ == nullptr) return;
    if (first_ < sum_->num_terms()) first_ += batch_size_;
    if (first_ < sum_->num_terms()) return;
    order_->begin_epoch(epoch_++);
    first_ = 0;
  }

  Objective& objective_;
  FiniteSum* sum_ = nullptr;
  std::size_t batch_size_ = 0, first_ = 0;
  std::uint64_t epoch_ = 0;
  std::optional<RowOrder> order_;
  std::uint64_t evaluations_ = 0;
};

void refuse(const std::string& message, const std::string& where) { throw Error(ErrorCode::usage, message, where); }

void check_range(const RateRangeOptions& options) {
  const auto check_rate = [](double rate, const char* name) {
    if (!(rate >= 0.0) || !std::isfinite(rate))
      refuse("must be a rate > 0, or 0 to have it found, got " + number_text(rate), name);
  };
  check_rate(options.from, "from");
  check_rate(options.to, "to");
  if (options.from > 0.0 && options.to > 0.0 && !(options.from < options.to))
    refuse("must be above from, " + number_text(options.from) + ", got " + number_text(options.to), "to");
  if (options.num_steps < 20)
    refuse("must be at least 20 updates, got " + count_text(static_cast<double>(options.num_steps)), "num_steps");
  if (options.smoothing && !(*options.smoothing >= 0.0 && *options.smoothing < 1.0))
    refuse("must be in [0, 1), got " + number_text(*options.smoothing), "smoothing");
  if (!(options.rise > 0.0) || !std::isfinite(options.rise))
    refuse("must be a number > 0, got " + number_text(options.rise), "rise");
}

void check_chain(const Chain& chain, bool samples_rows) {
  check_has_length(chain);
  const Schedule* rate = chain.learning_rate();
  if (rate == nullptr) refuse("no rule of " + quoted(to_text(chain)) + " has a learning rate to tune", "optimizer");
  if (!rate->is_auto() && !rate->is_constant())
    refuse("the learning rate has a schedule, " + to_text(*rate) +
               ", and the test is one itself: leave the rate out, tune, and give the schedule the rate found",
           "optimizer");
  for (const Rule& rule : chain.rules())
    if (rule.finds_rate())
      refuse(std::string(rule.name()) +
                 " finds its rate itself; its learning_rate is a factor of what it finds, and 1 is right",
             "optimizer");
  if (const std::string_view rule = rule_for_whole_gradients(chain); samples_rows && !rule.empty())
    refuse(std::string(rule) + " compares gradients of one function, and every batch is another", "batch_size");
}

/// The test of one chain from one start.
class RangeTest {
 public:
  RangeTest(Source& source, const std::vector<double>& start, const Chain& chain, const RateRangeOptions& options)
      : source_(source),
        start_(start),
        chain_(chain),
        options_(options),
        region_(options.bounds),
        x_(start.size()),
        gradient_(start.size()),
        displaced_(start.size()),
        displaced_gradient_(start.size()),
        looks_(source.samples_rows() ? options.num_steps / 10 : 0),
        smoothing_(options.smoothing.value_or(source.samples_rows() ? kBatchSmoothing : 0.0)) {}

  RateRange run() {
    look_at_start();
    double from = options_.from, to = options_.to;
    const bool found = from == 0.0 && to == 0.0;
    if (found) {
      const double unit = std::clamp(natural_rate(), 1.0 / kLargestUnit, kLargestUnit);
      from = unit / kReach;
      to = unit * kReach;
    } else if (from == 0.0) {
      from = to / (kReach * kReach);
    } else if (to == 0.0) {
      to = from * (kReach * kReach);
    }
    sweep(from, to);
    for (int down = 0; found && down < kMostDown && is_too_high(); ++down) {
      from /= kReach;
      to /= kReach;
      ++out_.restarts;
      sweep(from, to);
    }
    const bool may_rise = found && out_.restarts == 0;
    for (int up = 0; may_rise && up < kMostUp && is_too_low(); ++up) {
      from *= kReach;
      to *= kReach;
      ++out_.restarts;
      sweep(from, to);
    }
    conclude();
    if (out_.suggestion) try_suggestion();
    out_.evaluations = source_.evaluations();
    return std::move(out_);
  }

 private:
  void look_at_start() {
    Objective& objective = source_.objective();
    const std::size_t n = objective.num_parameters();
    if (start_.size() != n)
      refuse("must have " + std::to_string(n) + " values, got " + std::to_string(start_.size()), "start");
    if (!simd::all_finite(start_)) refuse("must be finite", "start");
    region_.project(start_);
    source_.count(1);
    value_at_start_ = objective.evaluate(start_, gradient_);
    const double size = region_.gradient_norm(start_, gradient_);
    if (!std::isfinite(value_at_start_) || !std::isfinite(size))
      refuse("the objective or its gradient is not finite there; start elsewhere", "start");
    if (size == 0.0) refuse("the gradient is exactly 0 there, so no rate moves anything; start elsewhere", "start");
    const auto stable = stable_rate_times_curvature(chain_);
    if (!stable || source_.samples_rows() || !region_.empty()) return;
    const auto curvature = largest_curvature(objective, start_);
    if (!curvature) return;
    source_.count(curvature->evaluations);
    if (!(curvature->largest > 0.0)) return;
    out_.curvature = curvature->largest;
    out_.stable_rate = *stable / curvature->largest;
  }

  /// x(1) - x(0) of the chain with rate 1, negated; of rules that only look at first, their first move.
  std::vector<double> first_move() {
    constexpr int kPatience = 16;
    ChainState state = make_state(with_learning_rate(chain_, 1.0));
    std::vector<double> x = start_, move(x.size());
    for (int k = 0; k < kPatience; ++k) {
      update(state, x, value_at_start_);
      for (std::size_t i = 0; i < x.size(); ++i) move[i] = start_[i] - x[i];
      const double length = simd::squared_norm(move);
      if (length > 0.0 && std::isfinite(length)) return move;
    }
    return gradient_;
  }

  /// The rate of an exact step along the first move; where f is no parabola there, of the lowest value along it.
  double natural_rate() {
    source_.rewind();
    (void)source_.next(start_, gradient_);
    if (!simd::all_finite(gradient_) || simd::max_abs(gradient_) == 0.0) {  // a batch that says nothing
      source_.count(1);
      (void)source_.objective().evaluate(start_, gradient_);
    }
    const std::vector<double> move = first_move();
    const double length = std::sqrt(simd::squared_norm(move));
    // cbrt(2^-52) balances the rounding and the truncation of a central difference.
    const double h = 0x1p-17 * std::max(1.0, simd::max_abs(start_)) / length;
    std::vector<double> moved(start_.size()), ahead(start_.size()), behind(start_.size());
    simd::linear_combination(1.0, start_, h, move, moved);
    (void)source_.again(moved, ahead);
    simd::linear_combination(1.0, start_, -h, move, moved);
    (void)source_.again(moved, behind);
    const double bend = (simd::dot(move, ahead) - simd::dot(move, behind)) / (2.0 * h);
    const double rate = simd::dot(move, gradient_) / std::fabs(bend);
    if (std::isfinite(rate) && rate > 0.0) return rate;
    return lowest_along(move);
  }

  /// To a factor of four.
  double lowest_along(const std::vector<double>& move) {
    constexpr int kMostRungs = 30;  // eighteen decades each way
    std::vector<double> moved(start_.size());
    const auto value_at = [&](double t) {
      simd::linear_combination(1.0, start_, -t, move, moved);
      const double value = source_.again(moved, {});
      return std::isfinite(value) ? value : kInfinity;
    };
    double t = 1.0, value = value_at(t);
    for (const double factor : {4.0, 0.25}) {
      for (int rung = 0; rung < kMostRungs; ++rung) {
        const double next = value_at(factor * t);
        if (!(next < value) && value < kInfinity) break;
        if (factor > 1.0 && value == kInfinity) break;
        t *= factor;
        value = next;
      }
    }
    return t;
  }

  ChainState make_state(const Chain& chain) {
    Objective& objective = source_.objective();
    return {
        chain, start_.size(), {.blocks = objective.parameter_blocks(), .parameter_name = [&objective](std::size_t i) {
                                 return objective.parameter_name(i);
                               }}};
  }

  /// As in minimize(): a plateau is told the value, and sam gets its second gradient, of the same rows.
  void update(ChainState& state, std::vector<double>& x, double value) {
    if (state.needs_value()) state.tell(value);
    if (state.displaces() && state.displace(gradient_, x, displaced_)) {
      region_.project(displaced_);
      (void)source_.again(displaced_, displaced_gradient_);
      state.update(displaced_gradient_, x, value);
    } else {
      state.update(gradient_, x, value);
    }
  }

  void sweep(double from, double to) {
    if (out_.end == RateRangeEnd::interrupted) return;
    const std::uint64_t last = options_.num_steps - 1;
    const double growth = math::log(to / from) / static_cast<double>(last);
    const auto rate_of = [&](std::uint64_t k) {
      return k == 0 ? from : k >= last ? to : from * math::exp(growth * static_cast<double>(k));
    };
    ChainState state = make_state(with_learning_rate(chain_, Schedule::function(rate_of)));
    out_.points.clear();
    out_.diverged_at.reset();
    out_.end = RateRangeEnd::range_end;
    source_.rewind();
    x_ = start_;
    double value = source_.next(x_, gradient_);
    double sum = 0.0, low = value, high = value, mean = 0.0, weight = 1.0;
    double lowest = looks_ == 0 ? value : kInfinity;
    noise_ = kRounding * std::fabs(value_at_start_);
    out_.start_loss = value_at_start_;
    for (std::uint64_t k = 0; k <= last; ++k) {
      if (!goes_on()) return;
      update(state, x_, value);
      ++out_.updates;
      region_.project(x_);
      value = source_.next(x_, gradient_);
      weight *= smoothing_;
      mean = smoothing_ * mean + (1.0 - smoothing_) * value;
      const RatePoint point{.rate = rate_of(k), .loss = value, .smoothed = mean / (1.0 - weight)};
      out_.points.push_back(point);
      if (!is_finite(value)) {
        end(RateRangeEnd::not_finite, point.rate);
        return;
      }
      if (k < looks_) {
        sum += value;
        low = std::min(low, value);
        high = std::max(high, value);
        if (k + 1 == looks_) {
          out_.start_loss = sum / static_cast<double>(looks_);
          noise_ = std::max(noise_, (high - low) * std::sqrt((1.0 - smoothing_) / (1.0 + smoothing_)));
        }
        continue;
      }
      lowest = std::min(lowest, point.smoothed);
      if (point.smoothed - lowest > options_.rise * std::max(out_.start_loss - lowest, noise_)) {
        end(RateRangeEnd::risen, point.rate);
        return;
      }
    }
  }

  /// As many updates again with the rate suggested, from the start, and with a quarter of it while that ends lower. The
  /// test has moved on by the time its rates are large: the function may bend more where it began, or where the run
  /// comes to later.
  void try_suggestion() {
    double rate = *out_.suggestion, reached = end_of_run(rate);
    int cuts = 0;
    while (cuts < kMostCuts && out_.end != RateRangeEnd::interrupted) {
      // Batches that dance end higher than they need to, which a falling rate cures.
      if (source_.samples_rows() && reached < out_.start_loss) break;
      const double smaller = rounded(rate / 4.0), next = end_of_run(smaller);
      if (reached - next <= kBetter * (out_.start_loss - next) && reached < out_.start_loss) break;
      rate = smaller;
      reached = next;
      ++cuts;
    }
    if (out_.end == RateRangeEnd::interrupted) {
      out_.suggestion.reset();
      conclude();
      return;
    }
    const std::string updates = count_text(static_cast<double>(options_.num_steps)) + " updates";
    if (!(reached < out_.start_loss)) {
      out_.suggestion.reset();
      out_.advice = "nothing is suggested: " + updates + " end above their start with any rate from " +
                    number_text(rate, 3) + " on";
      return;
    }
    out_.suggestion = rate;
    out_.optimizer = to_text(with_learning_rate(chain_, rate));
    if (cuts > 0)
      out_.advice += ", divided by " + std::to_string(std::uint64_t{1} << (2 * cuts)) + ": " + updates +
                     " from the start end lower so";
    if (out_.end == RateRangeEnd::not_finite && *out_.readings.lowest == out_.points.back().rate)
      out_.advice += "; the loss fell until the numbers ended, so there may be no minimum";
    if (out_.end != RateRangeEnd::range_end) return;
    out_.advice += *out_.readings.lowest == out_.points.back().rate
                       ? "; it was still falling at the last rate: higher ones may do as well, or there is no minimum"
                       : "; it did not rise within the range, so higher rates may do as well";
  }

  /// The loss after num_steps updates at one rate (in batches the mean of the last tenth); infinite where they are not
  /// all finite.
  double end_of_run(double rate) {
    ChainState state = make_state(with_learning_rate(chain_, rate));
    source_.rewind();
    x_ = start_;
    double value = source_.next(x_, gradient_);
    const std::uint64_t judged = std::max<std::uint64_t>(looks_, 1);
    double sum = 0.0;
    for (std::uint64_t k = 0; k < options_.num_steps; ++k) {
      if (!goes_on()) return kInfinity;
      update(state, x_, value);
      ++out_.updates;
      region_.project(x_);
      value = source_.next(x_, gradient_);
      if (!is_finite(value)) return kInfinity;
      if (k + judged >= options_.num_steps) sum += value;
    }
    return sum / static_cast<double>(judged);
  }

  bool goes_on() {
    if (!options_.stop.stop_requested() && (!options_.observer || options_.observer(out_.updates))) return true;
    out_.end = RateRangeEnd::interrupted;
    return false;
  }
  [[nodiscard]] bool is_finite(double value) const {
    return std::isfinite(value) && std::isfinite(simd::max_abs(gradient_)) && std::isfinite(simd::max_abs(x_));
  }
  /// To three digits, so that it can be typed.
  static double rounded(double rate) { return parse_number(number_text(rate, 3)).value_or(rate); }

  void end(RateRangeEnd how, double rate) {
    out_.end = how;
    out_.diverged_at = rate;
  }

  [[nodiscard]] RateReadings readings() const {
    if (out_.points.size() <= looks_) return {};
    return read_rate_curve(std::span(out_.points).subspan(looks_), out_.start_loss, noise_);
  }
  /// It rose within the first two decades, or was lowest in the first.
  [[nodiscard]] bool is_too_high() const {
    if (out_.end != RateRangeEnd::risen && out_.end != RateRangeEnd::not_finite) return false;
    return readings().lowest.value_or(0.1 * *out_.diverged_at) < 10.0 * out_.points.front().rate;
  }
  /// Nothing moved at any rate.
  [[nodiscard]] bool is_too_low() const { return out_.end == RateRangeEnd::range_end && !readings().lowest; }

  void conclude() {
    const auto rate_text = [](double rate) { return number_text(rate, 3); };
    const std::string from = rate_text(out_.points.empty() ? 0.0 : out_.points.front().rate);
    const std::string at = out_.diverged_at ? rate_text(*out_.diverged_at) : "";
    switch (out_.end) {
      case RateRangeEnd::interrupted:
        out_.reason = "asked to stop after " + count_text(static_cast<double>(out_.updates)) + " updates";
        out_.advice = "nothing is suggested from a part of a test";
        return;
      case RateRangeEnd::not_finite:
        out_.reason = "the objective, its gradient or a parameter was not finite after the update with rate " + at;
        break;
      case RateRangeEnd::risen:
        out_.reason =
            "the loss had risen by more than " + number_text(options_.rise, 3) + " times its fall at rate " + at;
        break;
      case RateRangeEnd::range_end:
        out_.reason = "the last rate, " + rate_text(out_.points.back().rate) + ", was reached";
        break;
    }
    out_.readings = readings();
    if (!out_.readings.tenth) {
      out_.advice = std::string("nothing is suggested: the loss did not fall ") +
                    (source_.samples_rows() ? "by more than its noise " : "") + "at any rate from " + from + " to " +
                    rate_text(out_.points.back().rate) +
                    (source_.samples_rows() ? "; make larger batches"
                     : out_.diverged_at     ? "; begin lower, or start elsewhere"
                                            : "; end higher, or start elsewhere");
      return;
    }
    out_.suggestion = rounded(*out_.readings.tenth);
    out_.advice = "a tenth of " + rate_text(*out_.readings.lowest) + ", the last rate where the loss was at its lowest";
  }

  Source& source_;
  std::vector<double> start_;
  const Chain& chain_;
  const RateRangeOptions& options_;
  Region region_;
  std::vector<double> x_, gradient_, displaced_, displaced_gradient_;
  std::uint64_t looks_;  // in batches the first tenth, whose rates are small, shows the noise
  double smoothing_;
  double value_at_start_ = 0.0, noise_ = 0.0;
  RateRange out_;
};

RateRange run_test(Objective& objective, FiniteSum* sum, const std::vector<double>& start, const Chain& chain,
                   const RateRangeOptions& options) {
  check_range(options);
  check_options({.bounds = options.bounds}, objective.num_parameters());
  if (sum != nullptr && sum->num_terms() == 0) refuse("there are no rows", "learning_rate_range_test");
  if (sum != nullptr && sum->num_terms() > 0xffffffffU && options.batch_size > 0)
    refuse("at most 4,294,967,295 rows can be cut into batches", "batch_size");
  Source source(objective, sum, options);
  check_chain(chain, source.samples_rows());
  return RangeTest(source, start, chain, options).run();
}

}  // namespace

const char* to_text(RateRangeEnd end) {
  switch (end) {
    case RateRangeEnd::risen: return "risen";
    case RateRangeEnd::not_finite: return "not_finite";
    case RateRangeEnd::range_end: return "range_end";
    case RateRangeEnd::interrupted: break;
  }
  return "interrupted";
}

RateRange learning_rate_range_test(Objective& objective, const std::vector<double>& start, const Chain& chain,
                                   const RateRangeOptions& options) {
  return run_test(objective, nullptr, start, chain, options);
}

RateRange learning_rate_range_test(FiniteSum& objective, const std::vector<double>& start, const Chain& chain,
                                   const RateRangeOptions& options) {
  return run_test(objective, &objective, start, chain, options);
}

}  // namespace descent

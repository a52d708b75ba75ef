#include "src/optim/variance_reduced.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/simd/axpy.hpp"
#include "src/optim/lipschitz.hpp"
#include "src/optim/passes.hpp"
#include "src/optim/row_order.hpp"
#include "src/optim/run.hpp"
#include "src/optim/stable_rate.hpp"

namespace descent {
namespace {

using Rows = std::span<const std::uint32_t>;

constexpr double kMostMemory = 0x1p30;  // bytes of saga's gradients

/// What the methods differ in: v, whose mean over the batches of an epoch would be the gradient of f if x stood still
/// (sarah's only at the start of a loop). f = sum_B (|B| / n) f_B, and each of K batches is as likely as the others,
/// so f_B counts weight(B) = K |B| / n times.
class Estimate {
 public:
  Estimate(Run& run, FiniteSum& objective, std::size_t batch_size)
      : run_(run),
        objective_(objective),
        batch_size_(batch_size),
        num_batches_((objective.num_terms() + batch_size - 1) / batch_size) {}
  virtual ~Estimate() = default;

  /// Before the first update, at the start: false if it ended the run.
  virtual bool begin(View x) = 0;
  virtual void begin_epoch(std::uint64_t epoch) = 0;
  /// Batch k of this epoch.
  [[nodiscard]] virtual Rows rows(std::size_t k) const = 0;
  /// True if point must be of all rows when this epoch begins.
  [[nodiscard]] virtual bool wants_all_rows(std::uint64_t epoch) const = 0;
  /// v at point.x, by batch k, which point is then of. False if it ended the run.
  virtual bool direction(std::size_t k, Point& point, MutableView v) = 0;

  [[nodiscard]] std::size_t num_batches() const { return num_batches_; }
  [[nodiscard]] double weight(Rows rows) const { return static_cast<double>(num_batches_) * share(rows); }

 protected:
  /// |B| / n
  [[nodiscard]] double share(Rows rows) const {
    return static_cast<double>(rows.size()) / static_cast<double>(objective_.num_terms());
  }
  /// f_B and its gradient at point.x, counted. False (and the run ends) if they are not finite.
  [[nodiscard]] bool evaluate(Rows rows, Point& point) {
    run_.evaluate_rows(objective_, rows, point);
    return run_.check_finite(point);
  }
  [[nodiscard]] std::size_t num_parameters() const { return objective_.num_parameters(); }
  [[nodiscard]] std::size_t batch_size() const { return batch_size_; }

 private:
  Run& run_;
  FiniteSum& objective_;
  std::size_t batch_size_, num_batches_;
};

/// svrg: v = s (g_B(x) - g_B(z)) + g(z), z the snapshot. sarah: v = s (g_B(x) - g_B(x_before)) + v_before.
class FromSnapshot final : public Estimate {
 public:
  FromSnapshot(Run& run, FiniteSum& objective, const Optimizer& optimizer, const SumOptions& options)
      : Estimate(run, objective, options.batch_size),
        order_(objective.num_terms(), options.shuffle, options.seed),
        inner_epochs_(optimizer.inner_epochs),
        carries_on_(optimizer.method == Method::sarah),
        base_(num_parameters()) {
    reference_.x.resize(num_parameters());
    reference_.gradient.resize(num_parameters());
  }

  bool begin(View) override { return true; }
  void begin_epoch(std::uint64_t epoch) override {
    order_.begin_epoch(epoch);
    takes_snapshot_ = wants_all_rows(epoch);
  }
  [[nodiscard]] Rows rows(std::size_t k) const override { return order_.batch(k * batch_size(), batch_size()); }
  [[nodiscard]] bool wants_all_rows(std::uint64_t epoch) const override { return epoch % inner_epochs_ == 0; }

  bool direction(std::size_t k, Point& point, MutableView v) override {
    if (std::exchange(takes_snapshot_, false)) {  // every batch's correction is 0 here
      copy_vector(point.gradient, base_);
      copy_vector(point.gradient, v);
      copy_vector(point.x, reference_.x);
      return true;
    }
    if (!evaluate(rows(k), point) || !evaluate(rows(k), reference_)) return false;
    const double s = weight(rows(k));
    for (std::size_t i = 0; i < v.size(); ++i) v[i] = base_[i] + s * (point.gradient[i] - reference_.gradient[i]);
    if (carries_on_) {
      copy_vector(v, base_);
      copy_vector(point.x, reference_.x);
    }
    return true;
  }

 private:
  RowOrder order_;
  std::size_t inner_epochs_;
  bool carries_on_, takes_snapshot_ = false;
  std::vector<double> base_;  // g(z), or v_before
  Point reference_;           // z, or x_before
};

/// saga: v = s_j (g_j(x) - y_j) + sum_k (|B_k| / n) y_k, y_j the last gradient seen of group j.
class FromTable final : public Estimate {
 public:
  FromTable(Run& run, FiniteSum& objective, const SumOptions& options)
      : Estimate(run, objective, options.batch_size),
        groups_(objective.num_terms(), options.shuffle, options.seed),
        visits_(num_batches(), options.shuffle, options.seed),
        mean_(num_parameters()) {
    const double bytes = 8.0 * static_cast<double>(num_batches()) * static_cast<double>(num_parameters());
    if (bytes > kMostMemory)
      throw Error(ErrorCode::usage,
                  "saga would keep " + count_text(static_cast<double>(num_batches())) + " gradients of " +
                      count_text(static_cast<double>(num_parameters())) + " numbers, " +
                      number_text(bytes / kMostMemory, 3) +
                      " GiB of at most 1: take larger batches, or svrg, which keeps three vectors",
                  "optimizer");
    groups_.begin_epoch(0);
    table_.resize(num_batches() * num_parameters());
  }

  bool begin(View x) override {
    Point point{.x = {x.begin(), x.end()}, .gradient = std::vector<double>(x.size())};
    for (std::size_t j = 0; j < num_batches(); ++j) {
      if (!evaluate(group(j), point)) return false;
      copy_vector(point.gradient, stored(j));
    }
    return true;
  }
  /// The mean is summed anew, so that rounding does not add up over epochs.
  void begin_epoch(std::uint64_t epoch) override {
    visits_.begin_epoch(epoch + 1);  // the order that cut the groups is epoch 0's
    std::fill(mean_.begin(), mean_.end(), 0.0);
    for (std::size_t j = 0; j < num_batches(); ++j) simd::axpy(share(group(j)), stored(j), mean_);
  }
  [[nodiscard]] Rows rows(std::size_t k) const override { return group(visits_.batch(k, 1).front()); }
  [[nodiscard]] bool wants_all_rows(std::uint64_t) const override { return false; }

  bool direction(std::size_t k, Point& point, MutableView v) override {
    const std::size_t j = visits_.batch(k, 1).front();
    if (!evaluate(group(j), point)) return false;
    const MutableView y = stored(j);
    const double s = weight(group(j)), part = share(group(j));
    for (std::size_t i = 0; i < v.size(); ++i) {
      const double change = point.gradient[i] - y[i];
      v[i] = mean_[i] + s * change;
      mean_[i] += part * change;
      y[i] = point.gradient[i];
    }
    return true;
  }

 private:
  [[nodiscard]] Rows group(std::size_t j) const { return groups_.batch(j * batch_size(), batch_size()); }
  [[nodiscard]] MutableView stored(std::size_t j) {
    return MutableView(table_).subspan(j * num_parameters(), num_parameters());
  }

  RowOrder groups_, visits_;
  std::vector<double> table_, mean_;
};

/// The number that was given, or 1 / (c L).
class ConstantRate {
 public:
  ConstantRate(const Optimizer& optimizer, Run& run, FiniteSum& objective)
      : given_(optimizer.learning_rate),
        times_lipschitz_(optimizer.method == Method::saga ? 3.0 : 2.0),
        lipschitz_(run, objective) {}

  void begin_epoch(std::uint64_t epoch, const Estimate& estimate, View x) {
    if (given_ > 0.0) return;
    // At the start every batch: a few steep rows among many would be missed by a sample, and 30 times steeper ones make
    // the run diverge.
    const std::size_t count = estimate.num_batches();
    for (const std::size_t k : evenly_spread(count, epoch == 0 ? count : 4))
      lipschitz_.look(estimate.rows(k), estimate.weight(estimate.rows(k)), x);
  }
  [[nodiscard]] double operator()() const {
    return given_ > 0.0 ? given_ : 1.0 / (times_lipschitz_ * lipschitz_.value());
  }

 private:
  double given_, times_lipschitz_;
  LipschitzEstimate lipschitz_;
};

void suggest_rate(Run& run, FiniteSum& objective, const Estimate& estimate) {
  std::vector<std::vector<std::uint32_t>> batches;
  for (const std::size_t k : evenly_spread(estimate.num_batches(), 16))
    batches.emplace_back(estimate.rows(k).begin(), estimate.rows(k).end());
  const double rate = run.learning_rate();
  const RateAdvice advice = advise_batch_rate(objective, sgd(rate), run.best(), rate, batches);
  run.count_evaluations(advice.evaluations);
  run.set_suggestion(advice.text);
}

}  // namespace

Result run_variance_reduced(FiniteSum& objective, std::vector<double> start, const Optimizer& optimizer,
                            const SumOptions& options) {
  if (!objective.is_mean())
    throw Error(ErrorCode::usage,
                to_text(optimizer) +
                    " takes f for the mean of its batches, which a sum is not: take the mean, with a penalty divided "
                    "by the number of rows the minimum is the same",
                "loss_scale");
  Run run(objective, options.run, to_text(optimizer));
  std::unique_ptr<Estimate> estimate;
  if (optimizer.method == Method::saga)
    estimate = std::make_unique<FromTable>(run, objective, options);
  else
    estimate = std::make_unique<FromSnapshot>(run, objective, optimizer, options);
  ConstantRate rate(optimizer, run, objective);
  const bool judges_gradient = options.run.gradient_tolerance > 0 || options.run.gradient_tolerance_relative > 0;

  Point point = run.begin(std::move(start));
  bool is_of_all_rows = true;
  std::vector<double> v(point.x.size()), previous(run.needs_previous() ? point.x.size() : 0);
  double previous_mean = point.value;

  const auto run_epoch = [&](std::uint64_t epoch) {
    estimate->begin_epoch(epoch);
    rate.begin_epoch(epoch, *estimate, point.x);
    double total = 0.0;  // of batch objectives, weighted by their rows
    for (std::size_t k = 0; k < estimate->num_batches(); ++k) {
      is_of_all_rows = false;
      if (!estimate->direction(k, point, v)) return;
      total += point.value * static_cast<double>(estimate->rows(k).size());
      if (!run.announce(point, rate())) return;
      std::copy_n(point.x.begin(), previous.size(), previous.begin());
      simd::axpy(-rate(), v, point.x);
      const bool is_finite = std::isfinite(largest_component(point.x));  // bounds would hide an infinity
      if (is_finite) run.region().project(point.x);
      const bool goes_on = run.judge_update(point, previous, rate());
      if (k + 1 == estimate->num_batches()) run.set_epochs(epoch + 1);
      if (!goes_on) return;
    }
    const double mean = total / static_cast<double>(objective.num_terms());
    point.value = mean;
    if (judges_gradient || estimate->wants_all_rows(epoch + 1)) {
      run.evaluate(point);
      is_of_all_rows = true;
      if (!run.check_finite(point)) return;
    }
    if (point.value < run.best().value) run.keep_best(point);
    if (is_of_all_rows && !run.judge_gradient(point)) return;
    (void)judge_epoch(run, options, {.epoch = epoch + 1, .step = run.steps(), .mean_objective = mean, .x = point.x},
                      previous_mean);
  };
  if (!run.ended()) (void)estimate->begin(point.x);
  for (std::uint64_t epoch = 0; !run.ended(); ++epoch) run_epoch(epoch);

  if (run.status() == Status::diverged && run.steps() > 0) suggest_rate(run, objective, *estimate);
  if (!is_of_all_rows) run.evaluate(point);  // what is reported is
  if (run.status() != Status::diverged) (void)run.check_finite(point);
  if (run.steps() > 0) settle_best(run, point);
  return run.finish(std::move(point));
}

}  // namespace descent

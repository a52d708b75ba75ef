// P1: 100,000 plain steps of least squares on 100 rows of 2 parameters. P2: one pass over 1e6 x 100 for value and
// gradient. Peers: numpy's loop of P1, `w -= rate / n * X.T @ (X @ w - y)`, in
// benchmarks/linear/gradient_descent_peer.py.
#include <benchmark/benchmark.h>

#include <cmath>

#include "descent/core/random.hpp"
#include "descent/linear/linear_model.hpp"
#include "descent/linear/objective.hpp"
#include "src/linear/gram_steps.hpp"

namespace descent::linear {
namespace {

DenseRows normal_rows(std::size_t rows, std::size_t features, bool signs) {
  const Rng rng(1, RandomStream::test);
  DenseRows result(features);
  std::vector<double> row(features);
  for (std::size_t i = 0; i < rows; ++i) {
    double target = rng.normal(i * (features + 1));
    for (std::size_t j = 0; j < features; ++j) target += row[j] = rng.normal(i * (features + 1) + j + 1);
    result.append(row, signs ? (target > 0.0 ? 1.0 : -1.0) : target);
  }
  return result;
}

/// The steps alone, the Gram matrix being there.
void P1Steps(benchmark::State& state) {
  const DenseRows rows = normal_rows(100, 1, false);
  const LeastSquaresAnalysis analysis = analyse_least_squares(rows, true, LossScale::half_mean, {});
  const LinearObjective objective(rows,
                                  {.pointwise = loss::parse_loss("squared_error"), .scale = LossScale::half_mean});
  GramObjective gram(analysis, objective);
  MinimizeOptions options;
  options.max_steps = 100'000;
  options.gradient_tolerance = 0.0;
  const Optimizer optimizer = sgd(0.01);
  for (auto _ : state) benchmark::DoNotOptimize(gram_steps(analysis, gram, {0.0, 0.0}, optimizer, options));
  state.SetItemsProcessed(state.iterations() * 100'000);
}
BENCHMARK(P1Steps)->Unit(benchmark::kMicrosecond);

/// The whole fit: analysis, steps, metrics.
void P1Fit(benchmark::State& state) {
  LinearOptions options;
  options.optimizer = sgd(0.01);
  options.loss_scale = LossScale::half_mean;
  options.max_steps = 100'000;
  for (auto _ : state) {
    LinearModel model(options);
    benchmark::DoNotOptimize(model.fit(normal_rows(100, 1, false)));
  }
}
BENCHMARK(P1Fit)->Unit(benchmark::kMicrosecond);

/// One pass over the rows; the argument is the number of threads.
void P2Pass(benchmark::State& state, const char* loss, std::size_t count) {
  const DenseRows rows = normal_rows(count, 100, true);
  parallel::Pool pool(static_cast<std::size_t>(state.range(0)));
  LinearObjective objective(rows, {.pointwise = loss::parse_loss(loss), .pool = &pool});
  std::vector<double> x(objective.num_parameters(), 0.01), gradient(x.size());
  for (auto _ : state) benchmark::DoNotOptimize(objective.evaluate(x, gradient));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(count) * 100 * 8);
}
BENCHMARK_CAPTURE(P2Pass, least_squares, "squared_error", 1'000'000)
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(P2Pass, logistic, "log_loss", 1'000'000)
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace descent::linear

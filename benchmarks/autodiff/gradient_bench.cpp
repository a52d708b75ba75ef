// Value and gradient of Rosenbrock in n dimensions and of a logistic loss, forward, by the tape, and by hand.
#include "descent/autodiff/gradient.hpp"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <span>
#include <vector>

#include "descent/core/elementary.hpp"

namespace descent::autodiff {
namespace {

const auto rosenbrock = [](const auto& x) {
  auto total = 0.0 * x[0];
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    const auto a = 1.0 - x[i];
    const auto b = x[i + 1] - x[i] * x[i];
    total += a * a + 100.0 * (b * b);
  }
  return total;
};

double rosenbrock_by_hand(View x, MutableView g) {
  double total = 0.0;
  g[0] = 0.0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    const double a = 1.0 - x[i];
    const double b = x[i + 1] - x[i] * x[i];
    total += a * a + 100.0 * (b * b);
    g[i] += -2.0 * a - 400.0 * b * x[i];
    g[i + 1] = 200.0 * b;
  }
  return total;
}

void ByHand(benchmark::State& state) {
  std::vector<double> x(state.range(0), 0.5), g(x.size());
  for (auto _ : state) {
    benchmark::DoNotOptimize(rosenbrock_by_hand(x, g));
    benchmark::ClobberMemory();
  }
}
BENCHMARK(ByHand)->Arg(2)->Arg(8)->Arg(9)->Arg(100)->Arg(1000)->Arg(100000);

/// The value alone, in doubles: what a gradient is a multiple of.
void Plain(benchmark::State& state) {
  const std::vector<double> x(state.range(0), 0.5);
  for (auto _ : state) {
    benchmark::DoNotOptimize(rosenbrock(std::span<const double>(x)));
    benchmark::ClobberMemory();
  }
}
BENCHMARK(Plain)->Arg(2)->Arg(100)->Arg(1000);

void HessianProduct(benchmark::State& state) {
  Differentiated f(rosenbrock);
  const std::vector<double> x(state.range(0), 0.5), v(x.size(), 1.0);
  std::vector<double> product(x.size());
  for (auto _ : state) {
    f.hessian_product(x, v, product);
    benchmark::ClobberMemory();
  }
}
BENCHMARK(HessianProduct)->Arg(2)->Arg(100)->Arg(1000);

/// Forward up to kForwardLimit, the tape beyond: what an objective does.
void Automatic(benchmark::State& state) {
  Differentiated f(rosenbrock);
  std::vector<double> x(state.range(0), 0.5), g(x.size());
  for (auto _ : state) {
    benchmark::DoNotOptimize(f.evaluate(x, g));
    benchmark::ClobberMemory();
  }
}
BENCHMARK(Automatic)->Arg(2)->Arg(4)->Arg(8)->Arg(9)->Arg(100)->Arg(1000)->Arg(100000);

/// The tape at any size: what sets kForwardLimit. Counts nodes.
void ByTape(benchmark::State& state) {
  Tape tape;
  std::vector<double> x(state.range(0), 0.5), g(x.size());
  std::vector<Var> v;
  for (auto _ : state) {
    tape.rewind({});
    v.clear();
    for (const double value : x) v.push_back(tape.variable(value));
    tape.clear_adjoints();
    const Tape::Mark start = tape.mark();
    tape.reverse(rosenbrock(std::span<const Var>(v)), 1.0, start);
    for (std::size_t i = 0; i < x.size(); ++i) g[i] = tape.adjoint(v[i]);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * tape.num_nodes()));
}
BENCHMARK(ByTape)->Arg(2)->Arg(4)->Arg(8)->Arg(100)->Arg(1000)->Arg(100000);

/// sum over rows of log(1 + exp(-y x.w)) + an L2 penalty.
struct LogisticLoss {
  std::size_t rows, n;
  std::vector<double> table = std::vector<double>(rows * n);

  LogisticLoss(std::size_t num_rows, std::size_t num_features) : rows(num_rows), n(num_features) {
    for (std::size_t i = 0; i < table.size(); ++i) table[i] = static_cast<double>(i * 7919 % 1000) / 500.0 - 1.0;
  }
  [[nodiscard]] View row(std::size_t i) const { return View(table).subspan(i * n, n); }
  [[nodiscard]] static double sign(std::size_t i) { return i % 2 == 0 ? 1.0 : -1.0; }

  /// Products as vector nodes.
  template <class T>
  T operator()(std::span<const T> w) const {
    T total = 0.05 * squared_norm(w);
    for (std::size_t i = 0; i < rows; ++i) total += softplus(sign(i) * dot(row(i), w));
    return total;
  }
  /// In doubles, with the same sums of 16 lanes.
  [[nodiscard]] double value(View w) const {
    double total = 0.05 * detail::lane_sum(n, [&](std::size_t j) { return w[j] * w[j]; });
    for (std::size_t i = 0; i < rows; ++i) {
      const View a = row(i);
      total += math::softplus(sign(i) * detail::lane_sum(n, [&](std::size_t j) { return a[j] * w[j]; }));
    }
    return total;
  }
};

// rows, features
void Logistic(benchmark::State& state) {
  Differentiated f(LogisticLoss(static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(state.range(1))));
  std::vector<double> w(state.range(1), 0.01), g(w.size());
  for (auto _ : state) {
    benchmark::DoNotOptimize(f.evaluate(w, g));
    benchmark::ClobberMemory();
  }
}
BENCHMARK(Logistic)->Args({200, 20})->Args({200, 200})->Args({1000, 50});

void LogisticPlain(benchmark::State& state) {
  const LogisticLoss f(static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(state.range(1)));
  const std::vector<double> w(state.range(1), 0.01);
  for (auto _ : state) {
    benchmark::DoNotOptimize(f.value(w));
    benchmark::ClobberMemory();
  }
}
BENCHMARK(LogisticPlain)->Args({200, 20})->Args({200, 200})->Args({1000, 50});

}  // namespace
}  // namespace descent::autodiff

// Value and gradient of Rosenbrock in n dimensions and of a logistic loss, forward, by the tape, and by hand.
#include "descent/autodiff/gradient.hpp"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <vector>

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

/// sum over rows of log(1 + exp(-y x.w)) + an L2 penalty, the product a vector node. // 200 rows, n features
void Logistic(benchmark::State& state) {
  const auto n = static_cast<std::size_t>(state.range(0));
  constexpr std::size_t kRows = 200;
  std::vector<double> rows(kRows * n);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<double>(i * 7919 % 1000) / 500.0 - 1.0;
  Differentiated f([&](const auto& w) {
    auto total = 0.05 * squared_norm(w);
    for (std::size_t i = 0; i < kRows; ++i)
      total += softplus((i % 2 == 0 ? 1.0 : -1.0) * dot(View(rows).subspan(i * n, n), w));
    return total;
  });
  std::vector<double> w(n, 0.01), g(n);
  for (auto _ : state) {
    benchmark::DoNotOptimize(f.evaluate(w, g));
    benchmark::ClobberMemory();
  }
}
BENCHMARK(Logistic)->Arg(20)->Arg(200);

}  // namespace
}  // namespace descent::autodiff

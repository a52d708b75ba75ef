// P8: what one evaluation of Rosenbrock in two dimensions costs a minimiser, through the Objective interface.
#include "descent/problem/objective.hpp"

#include <benchmark/benchmark.h>

#include <memory>
#include <vector>

#include "descent/problem/test_functions.hpp"

namespace descent {
namespace {

const auto rosenbrock = [](const auto& x) {
  auto a = 1.0 - x[0], b = x[1] - x[0] * x[0];
  return a * a + 100.0 * b * b;
};

/// Through a pointer, so that the call is virtual as in minimize().
void evaluate(benchmark::State& state, Objective& objective, bool with_gradient) {
  Objective* f = &objective;
  benchmark::DoNotOptimize(f);
  std::vector<double> x(f->num_parameters(), -1.2), g(with_gradient ? x.size() : 0);
  for (auto _ : state) {
    benchmark::DoNotOptimize(f->evaluate(x, g));
    benchmark::ClobberMemory();
  }
}

void Autodiff(benchmark::State& state) {
  auto f = objective(2, rosenbrock);
  evaluate(state, f, true);
}
BENCHMARK(Autodiff);

void AutodiffValue(benchmark::State& state) {
  auto f = objective(2, rosenbrock);
  evaluate(state, f, false);
}
BENCHMARK(AutodiffValue);

void Analytic(benchmark::State& state) {
  auto f = objective(2, [](View x, MutableView g) {
    const double a = 1.0 - x[0];
    const double b = x[1] - x[0] * x[0];
    if (!g.empty()) {
      g[0] = -2.0 * a - 400.0 * b * x[0];
      g[1] = 200.0 * b;
    }
    return a * a + 100.0 * b * b;
  });
  evaluate(state, f, true);
}
BENCHMARK(Analytic);

void Numeric(benchmark::State& state) {
  auto f = numeric_objective(2, [](View x) {
    const double a = 1.0 - x[0];
    const double b = x[1] - x[0] * x[0];
    return a * a + 100.0 * b * b;
  });
  evaluate(state, f, true);
}
BENCHMARK(Numeric);

void LargeTestFunction(benchmark::State& state) {
  const TestProblem problem = make_test_problem("rosenbrock(dimension=1000)");
  evaluate(state, *problem.objective, true);
}
BENCHMARK(LargeTestFunction);

}  // namespace
}  // namespace descent

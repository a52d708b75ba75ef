// What a formula costs: once (reading, differentiating, compiling), a point at a time, and in blocks of 256.
#include "descent/expr/program.hpp"

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "descent/expr/derivative.hpp"
#include "descent/expr/formula.hpp"

namespace descent::expr {
namespace {

const std::string kFormulas[] = {"(1-x)^2 + 100*(y-x^2)^2",
                                 "-20*exp(-0.2*sqrt((x^2+y^2)/2)) - exp((cos(2pi*x)+cos(2pi*y))/2) + e + 20",
                                 "where(x < y, log1p(exp(x-y)), atan2(x, y)) + tanh(x*y)^2/(1+max(x^2, y^2, 1))"};
const char* const kNames[] = {"rosenbrock", "ackley", "branches"};

void labelled(benchmark::internal::Benchmark* bench) { bench->Arg(0)->Arg(1)->Arg(2); }

const std::string& formula(benchmark::State& state) {
  state.SetLabel(kNames[state.range(0)]);
  return kFormulas[state.range(0)];
}

void Parse(benchmark::State& state) {
  const std::string& text = formula(state);
  for (auto _ : state) benchmark::DoNotOptimize(parse(text));
}
BENCHMARK(Parse)->Apply(labelled);

void ParseDifferentiateCompile(benchmark::State& state) {
  const std::string& text = formula(state);
  for (auto _ : state) benchmark::DoNotOptimize(Program(parse(text)));
}
BENCHMARK(ParseDifferentiateCompile)->Apply(labelled);

void Point(benchmark::State& state, bool with_gradient) {
  Program program(parse(formula(state)));
  std::vector<double> x{-1.2, 1.0}, gradient(with_gradient ? 2 : 0);
  for (auto _ : state) {
    benchmark::DoNotOptimize(program.evaluate(x, gradient));
    benchmark::ClobberMemory();
  }
}
BENCHMARK_CAPTURE(Point, value, false)->Apply(labelled);
BENCHMARK_CAPTURE(Point, value_and_gradient, true)->Apply(labelled);

void Blocks(benchmark::State& state, bool with_gradient) {
  constexpr std::size_t kPoints = 16 * kPointsPerBlock;
  Program program(parse(formula(state)));
  std::vector<double> x(kPoints), y(kPoints), values(kPoints), dx(kPoints), dy(kPoints);
  for (std::size_t i = 0; i < kPoints; ++i) {
    x[i] = -2.0 + 4.0 * static_cast<double>(i) / kPoints;
    y[i] = 1.0 - x[i] * x[i] / 2.0;
  }
  const std::vector<View> coordinates{x, y};
  std::vector<MutableView> partials;
  if (with_gradient) partials = {dx, dy};
  for (auto _ : state) {
    program.evaluate_points(coordinates, values, partials);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kPoints));
}
BENCHMARK_CAPTURE(Blocks, value, false)->Apply(labelled);
BENCHMARK_CAPTURE(Blocks, value_and_gradient, true)->Apply(labelled);

}  // namespace
}  // namespace descent::expr

// Reading numbers from csv text in memory: both passes, and the bytes a second of the text.
#include <benchmark/benchmark.h>

#include <string>

#include "descent/core/param_table.hpp"
#include "descent/data/csv.hpp"
#include "descent/data/generate.hpp"

namespace {

void read_numbers(benchmark::State& state) {
  const std::string text = descent::data::to_csv(descent::data::generate(
      descent::parse_call("normal(features=22)"), {.rows = static_cast<std::size_t>(state.range(0)), .seed = 1}));
  for (auto _ : state) {
    const auto source = descent::data::csv_from_text(text);
    descent::Batch batch;
    while (source->next(batch)) benchmark::DoNotOptimize(batch.columns.data());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(read_numbers)->Arg(1000)->Arg(50000)->Unit(benchmark::kMillisecond);

}  // namespace

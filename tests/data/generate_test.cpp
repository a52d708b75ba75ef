#include "descent/data/generate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "descent/core/error.hpp"
#include "descent/core/param_table.hpp"
#include "descent/data/csv.hpp"
#include "descent/data/memory_source.hpp"
#include "src/data/row_order.hpp"
#include "tests/data/golden_draws.hpp"

namespace descent::data {
namespace {

void expect_table(const GeneratedTable& table, const std::string& name, double tolerance) {
  std::vector<double> values;
  for (const auto& column : table.columns) values.insert(values.end(), column.begin(), column.end());
  const std::vector<double>& expected = golden(name);
  ASSERT_EQ(values.size(), expected.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    ASSERT_NEAR(values[i], expected[i], tolerance * std::max(1.0, std::fabs(expected[i]))) << name << i;
}

GeneratedTable numpy_table(const char* call, std::size_t rows, std::uint64_t seed) {
  return generate(parse_call(call), {.rows = rows, .seed = seed, .stream = DrawStream::numpy});
}

TEST(Generate, DrawsTheLineOfTheTutorials) { expect_table(numpy_table("line", 100, 42), "line", 1e-15); }

TEST(Generate, DrawsTheBlobsOfScikitLearn) { expect_table(numpy_table("blobs(spread=0.6)", 100, 7), "blobs", 1e-15); }

TEST(Generate, DrawsTheRegressionOfScikitLearn) {
  expect_table(numpy_table("regression(features=4, informative=2, noise=5, bias=1.5)", 50, 3), "regression", 1e-12);
}

TEST(Generate, DrawsTheQuestionAndAnswerData) {
  const auto table =
      generate(parse_call("line(slope=1, intercept=25, noise=10, low=0, high=99, spacing=even, noise_shape=uniform)"),
               {.rows = 100, .seed = 0, .stream = DrawStream::python});
  const auto source = open_csv(DESCENT_SOURCE_DIR "/data/acceptance/answer1.csv");
  const Batch all = read_all(*source);
  EXPECT_EQ(table.columns[0], all.columns[0].numbers);
  EXPECT_EQ(table.columns[1], all.columns[1].numbers);
}

TEST(Generate, WritesCsvThatReadsBackToTheSameNumbers) {
  for (const auto& generator : generator_registry().items()) {
    const auto table = generate(parse_call(generator.entry.example), {.rows = 40, .seed = 5});
    const auto source = csv_from_text(to_csv(table));
    EXPECT_EQ(source->schema().names(), table.names);
    const Batch all = read_all(*source);
    for (std::size_t i = 0; i < table.columns.size(); ++i)
      EXPECT_EQ(all.columns[i].numbers, table.columns[i]) << generator.entry.name;
  }
}

TEST(Generate, RefusesWhatItDoesNotKnow) {
  EXPECT_THROW((void)generate(parse_call("blob"), {}), Error);
  EXPECT_THROW((void)generate(parse_call("blobs(centers=0)"), {}), Error);
  EXPECT_THROW((void)generate(parse_call("line(low=2, high=1)"), {}), Error);
  EXPECT_THROW((void)generate(parse_call("line"), {.rows = 0}), Error);
  EXPECT_THROW((void)parse_draw_stream("nunpy"), Error);
  EXPECT_EQ(parse_draw_stream("python"), DrawStream::python);
}

/// Sorted rows: what a table holds whatever their order.
std::vector<std::vector<double>> sorted_rows(const GeneratedTable& table) {
  std::vector<std::vector<double>> rows(table.columns.front().size());
  for (const auto& column : table.columns)
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].push_back(column[i]);
  std::sort(rows.begin(), rows.end());
  return rows;
}

TEST(Generate, PutsTheSameRowsInAnotherOrderInEveryStream) {
  for (const DrawStream stream : {DrawStream::descent, DrawStream::numpy, DrawStream::python})
    for (const std::size_t rows : {1U, 2U, 3U, 5U, 100U, 1009U}) {
      const GenerateOptions options{.rows = rows, .seed = 11, .stream = stream};
      const auto mixed = generate(parse_call("blobs(centers=3)"), options);
      const auto straight = generate(parse_call("blobs(centers=3, shuffle=false)"), options);
      EXPECT_EQ(sorted_rows(mixed), sorted_rows(straight));
      if (rows >= 100) {
        EXPECT_NE(mixed.columns, straight.columns);
      }
      const auto y = generate(parse_call("regression(features=3)"), options);
      const auto y_straight = generate(parse_call("regression(features=3, shuffle=false)"), options);
      auto a = y.columns.back(), b = y_straight.columns.back();
      std::sort(a.begin(), a.end());
      std::sort(b.begin(), b.end());
      EXPECT_EQ(a, b);
    }
}

TEST(Generate, RefusesShufflesThatDoNotFitInMemory) {
  const GenerateOptions many{.rows = 1'000'000'000, .seed = 1, .stream = DrawStream::numpy};
  try {
    (void)open_generator(parse_call("blobs"), many);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::usage);
    EXPECT_NE(std::string(error.what()).find("--stream descent"), std::string::npos) << error.what();
  }
}

TEST(Generate, OpensTablesOfAnySizeAtOnce) {
  for (const char* call : {"line", "blobs", "regression(features=4)", "normal"}) {
    const auto table = open_generator(parse_call(call), {.rows = std::uint64_t{1} << 40U, .seed = 1});
    std::vector<double> row(table->names().size(), NAN);
    table->next(row);
    for (const double value : row) EXPECT_TRUE(std::isfinite(value)) << call;
  }
}

TEST(RowOrder, HasEveryRowOnce) {
  for (const std::uint64_t size : {1U, 2U, 3U, 4U, 7U, 10U, 64U, 1000U, 4099U}) {
    const auto draws = make_draws(DrawStream::descent, size);
    const RowOrder order(size, *draws);
    std::vector<bool> seen(size);
    for (std::uint64_t i = 0; i < size; ++i) {
      const std::uint64_t row = order(i);
      ASSERT_LT(row, size);
      ASSERT_FALSE(seen[row]);
      seen[row] = true;
    }
  }
}

/// Chi-square of where row 0 of 8 goes, and of which row follows it, over 40,000 keys: 7 and 6 degrees of freedom.
TEST(RowOrder, TreatsAllPlacesAlike) {
  constexpr int kTrials = 40000;
  std::array<int, 8> place{}, next{};
  const auto draws = make_draws(DrawStream::descent, 3);
  for (int trial = 0; trial < kTrials; ++trial) {
    const RowOrder order(8, *draws);
    ++place[order(0)];
    ++next[(order(1) + 8 - order(0)) % 8];
  }
  double of_place = 0.0, of_next = 0.0;
  for (std::size_t k = 0; k < 8; ++k)
    of_place += (place[k] - kTrials / 8.0) * (place[k] - kTrials / 8.0) / (kTrials / 8.0);
  for (std::size_t k = 1; k < 8; ++k)
    of_next += (next[k] - kTrials / 7.0) * (next[k] - kTrials / 7.0) / (kTrials / 7.0);
  EXPECT_LT(of_place, 24.3);  // one in 1,000
  EXPECT_LT(of_next, 22.5);
}

}  // namespace
}  // namespace descent::data

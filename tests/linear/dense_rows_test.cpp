#include "descent/linear/dense_rows.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "descent/simd/axpy.hpp"
#include "descent/simd/reduce.hpp"
#include "src/linear/rows_kernels.hpp"
#include "tests/linear/rows_from_csv.hpp"

namespace descent::linear {
namespace {

Schema schema() {
  Schema result;
  result.columns = {{.name = "a"},
                    {.name = "y", .role = ColumnRole::target},
                    {.name = "b"},
                    {.name = "w", .role = ColumnRole::weight},
                    {.name = "c", .role = ColumnRole::ignored}};
  return result;
}

TEST(DenseRows, TakesColumnsByTheirRole) {
  TableRows source(schema(), {{1, 2, 3, 4, 5}, {6, 7, 8, 9, 10}});
  const DenseRows rows = DenseRows::read(source);
  EXPECT_EQ(rows.num_rows(), 2u);
  EXPECT_EQ(rows.feature_names(), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(rows.row(1)[0], 6.0);
  EXPECT_EQ(rows.row(1)[1], 8.0);
  EXPECT_EQ(rows.targets()[0], 2.0);
  EXPECT_EQ(rows.weights()[1], 9.0);
}

void expect_refused(std::vector<std::vector<double>> table, const std::string& row, const std::string& column) {
  TableRows source(schema(), std::move(table));
  try {
    (void)DenseRows::read(source);
    FAIL() << "accepted";
  } catch (const Error& error) {
    const std::string what = error.what();
    EXPECT_EQ(error.code(), ErrorCode::data);
    EXPECT_NE(what.find(row), std::string::npos) << what;
    EXPECT_NE(what.find(column), std::string::npos) << what;
  }
}

TEST(DenseRows, NamesRowAndColumnOfWhatIsNotFinite) {
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  std::vector<std::vector<double>> table(1500, {1, 2, 3, 4, 5});
  table[1234][2] = nan;
  expect_refused(table, "row 1235", "'b'");
  table[1234][2] = -infinity;
  expect_refused(table, "row 1235", "'b'");
  expect_refused({{1, 2, 3, 4, 5}, {1, nan, 3, 4, 5}}, "row 2", "'y'");
  expect_refused({{1, 2, 3, -1, 5}}, "row 1", "'w'");
  expect_refused({{1, 2, 3, 0, 5}}, "weights", "'w'");
  expect_refused({}, "no rows", "table");
}

TEST(DenseRows, KeepsRowsAcrossPieces) {
  DenseRows rows(700);  // 256 rows are a piece of 1.4 MB
  std::vector<double> row(700);
  for (std::size_t i = 0; i < 1000; ++i) {
    for (std::size_t j = 0; j < 700; ++j) row[j] = static_cast<double>(i * 1000 + j);
    rows.append(row);
  }
  for (const std::size_t i : {0, 255, 256, 700, 999})
    for (const std::size_t j : {0, 1, 699}) EXPECT_EQ(rows.row(i)[j], static_cast<double>(i * 1000 + j));
}

TEST(DenseRows, SplitsOffRowsInOrder) {
  DenseRows rows(1);
  for (int i = 0; i < 10; ++i) {
    const double x = i;
    rows.append({&x, 1}, 10.0 * i);
  }
  rows.set_weights(std::vector<double>(10, 1.5));
  const std::vector<std::uint32_t> chosen{0, 4, 9};
  const DenseRows other = rows.split_off(chosen);
  EXPECT_EQ(other.num_rows(), 3u);
  EXPECT_EQ(rows.num_rows(), 7u);
  EXPECT_EQ(other.row(1)[0], 4.0);
  EXPECT_EQ(other.targets()[2], 90.0);
  EXPECT_EQ(rows.row(3)[0], 5.0);
  EXPECT_EQ(rows.targets()[6], 80.0);
  EXPECT_EQ(rows.weights().size(), 7u);
  EXPECT_EQ(other.weights().size(), 3u);
}

TEST(RowsKernels, HaveTheBitsOfTheScalarLoops) {
  for (const std::size_t features : {1, 2, 7, 8, 9, 15, 16, 17, 31, 33, 100})
    for (const std::size_t count : {1, 3, 4, 5, 256}) {
      DenseRows rows(features);
      AlignedBuffer<double> w(features), g(features + 16), expected_g(features + 16);
      std::vector<double> row(features), slopes(count), scores(count);
      for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t j = 0; j < features; ++j) row[j] = 1.0 / static_cast<double>(1 + i * 3 + j * 7);
        rows.append(row);
        slopes[i] = 1.0 / static_cast<double>(3 + i);
      }
      for (std::size_t j = 0; j < features; ++j) w[j] = 1.0 / static_cast<double>(5 + j);
      block_scores(rows.row(0), count, features, w.data(), 0.25, scores.data(), 1, nullptr);
      block_gradient(rows.row(0), count, features, slopes.data(), 1, g.data(), nullptr);
      for (std::size_t i = 0; i < count; ++i) {
        double expected = 0.0;
        if (features < kNarrowRow) {
          for (std::size_t j = 0; j < features; ++j) expected += rows.row(i)[j] * w[j];
        } else {
          expected = simd::dot({rows.row(i), features}, w.view());
        }
        EXPECT_EQ(scores[i], expected + 0.25) << features << " features, row " << i;
        simd::axpy(slopes[i], {rows.row(i), features}, {expected_g.data(), features});
      }
      for (std::size_t j = 0; j < features; ++j) EXPECT_EQ(g[j], expected_g[j]) << features << " features, " << j;
    }
}

}  // namespace
}  // namespace descent::linear

#include "descent/select/row_subset.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "descent/core/error.hpp"
#include "select/table.hpp"

namespace descent::select {
namespace {

std::vector<double> iota(std::size_t n) {
  std::vector<double> values(n);
  for (std::size_t i = 0; i < n; ++i) values[i] = static_cast<double>(i);
  return values;
}

TEST(RowSubset, GivesItsRowsHoweverTheSourceIsCut) {
  const std::vector<std::uint32_t> rows{0, 3, 4, 11, 19};
  for (const std::size_t batch_rows : {1U, 3U, 7U, 20U, 100U}) {
    Table table(iota(20), iota(20), batch_rows);
    table.add_sparse();
    RowSubset subset(table, rows);
    for (int pass = 0; pass < 2; ++pass) {
      subset.rewind();
      std::size_t seen = 0;
      for (Batch batch; subset.next(batch);) {
        EXPECT_EQ(batch.first_row, seen);
        ASSERT_EQ(batch.sparse.begin.size(), batch.num_rows + 1);
        for (std::size_t i = 0; i < batch.num_rows; ++i, ++seen) {
          ASSERT_LT(seen, rows.size());
          EXPECT_EQ(batch.columns[0].numbers[i], rows[seen]);
          EXPECT_EQ(batch.columns[1].text[i], "row " + std::to_string(rows[seen]));
          ASSERT_EQ(batch.sparse.begin[i + 1] - batch.sparse.begin[i], rows[seen] % 3);
          for (std::size_t e = batch.sparse.begin[i]; e < batch.sparse.begin[i + 1]; ++e)
            EXPECT_EQ(batch.sparse.value[e], rows[seen]);
        }
      }
      EXPECT_EQ(seen, rows.size());
    }
  }
}

TEST(RowSubset, OfNoRowsIsEmpty) {
  Table table(iota(5), iota(5), 2);
  RowSubset subset(table, {});
  Batch batch;
  EXPECT_FALSE(subset.next(batch));
  EXPECT_EQ(batch.num_rows, 0U);
}

TEST(RowSubset, RefusesRowsThatDoNotRiseOrDoNotExist) {
  Table table(iota(5), iota(5), 2);
  EXPECT_THROW(RowSubset(table, {2, 1}), Error);
  EXPECT_THROW(RowSubset(table, {1, 1}), Error);
  RowSubset subset(table, {4, 5});
  Batch batch;
  EXPECT_TRUE(subset.next(batch));
  EXPECT_THROW(subset.next(batch), Error);
}

}  // namespace
}  // namespace descent::select

#include "descent/data/memory_source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "descent/core/error.hpp"

namespace descent::data {
namespace {

using testing::ElementsAre;

MemorySource people(std::size_t batch_rows) {
  Schema schema;
  schema.columns = {{"age", ColumnKind::number}, {"town", ColumnKind::text}};
  std::vector<BatchColumn> columns(2);
  columns[0].numbers = {31, 42, 53};
  for (const char* town : {"Ulm", "", "Jena"}) columns[1].text.push_back(town);
  return {schema, columns, "people", batch_rows};
}

TEST(MemorySource, CutsRowsIntoBatchesWithoutChangingThem) {
  for (const std::size_t batch_rows : {1U, 2U, 3U, 100U}) {
    MemorySource source = people(batch_rows);
    Batch batch;
    std::uint64_t rows = 0;
    while (source.next(batch)) {
      EXPECT_EQ(batch.first_row, rows);
      EXPECT_LE(batch.num_rows, batch_rows);
      rows += batch.num_rows;
    }
    EXPECT_EQ(rows, 3U);
    EXPECT_EQ(batch.num_rows, 0U);
    const Batch all = read_all(source);
    EXPECT_THAT(all.columns[0].numbers, ElementsAre(31, 42, 53));
    EXPECT_EQ(all.columns[1].text[0], "Ulm");
    EXPECT_EQ(all.columns[1].text[1], "");
    EXPECT_EQ(all.columns[1].text[2], "Jena");
  }
}

TEST(MemorySource, StartsAgainAfterRewind) {
  MemorySource source = people(2);
  Batch batch;
  ASSERT_TRUE(source.next(batch));
  source.rewind();
  ASSERT_TRUE(source.next(batch));
  EXPECT_EQ(batch.first_row, 0U);
  EXPECT_THAT(batch.columns[0].numbers, ElementsAre(31, 42));
}

TEST(MemorySource, RefusesColumnsOfDifferentLengths) {
  try {
    (void)number_table({"x", "y"}, {{1, 2, 3}, {1, 2}});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::usage);
    EXPECT_STREQ(error.what(), "memory 'y': has 2 rows, 'x' has 3");
  }
}

TEST(MemorySource, MakesTheLastNumberColumnTheTarget) {
  const MemorySource source = number_table({"x", "y"}, {{1, 2}, {3, 4}});
  EXPECT_EQ(source.schema().columns[0].role, ColumnRole::feature);
  EXPECT_EQ(source.schema().columns[1].role, ColumnRole::target);
}

}  // namespace
}  // namespace descent::data

#include "descent/core/schema.hpp"

#include <gtest/gtest.h>

#include "descent/core/batch.hpp"

namespace descent {
namespace {

const Schema kSchema{.columns = {{.name = "id", .role = ColumnRole::ignored},
                                 {.name = "length"},
                                 {.name = "species", .kind = ColumnKind::text, .role = ColumnRole::target},
                                 {.name = "width"}}};

TEST(Schema, FindsColumnsByName) {
  EXPECT_EQ(kSchema.find("species"), 2U);
  EXPECT_EQ(kSchema.find("Species"), std::nullopt);
  EXPECT_EQ(kSchema.find(""), std::nullopt);
  EXPECT_EQ(kSchema.names(), (std::vector<std::string>{"id", "length", "species", "width"}));
}

TEST(Schema, ListsTheColumnsOfARoleInOrder) {
  EXPECT_EQ(kSchema.with_role(ColumnRole::feature), (std::vector<std::size_t>{1, 3}));
  EXPECT_EQ(kSchema.with_role(ColumnRole::target), (std::vector<std::size_t>{2}));
  EXPECT_TRUE(kSchema.with_role(ColumnRole::weight).empty());
}

TEST(TextValues, KeepsEmptyValuesApart) {
  TextValues values;
  for (const char* value : {"", "red", "", "green", ""}) values.push_back(value);
  ASSERT_EQ(values.size(), 5U);
  EXPECT_EQ(values[0], "");
  EXPECT_EQ(values[1], "red");
  EXPECT_EQ(values[2], "");
  EXPECT_EQ(values[3], "green");
  EXPECT_EQ(values[4], "");
  values.clear();
  EXPECT_EQ(values.size(), 0U);
}

}  // namespace
}  // namespace descent

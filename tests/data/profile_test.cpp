#include "descent/data/profile.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "descent/core/param_table.hpp"
#include "descent/data/csv.hpp"
#include "descent/data/reader.hpp"

namespace descent::data {
namespace {

TEST(Profile, SummarisesNumbersAndTexts) {
  const auto source = csv_from_text("x,town,none\n2,Ulm,\n4,Jena,\n,,\n6,Ulm,\n");
  const TableProfile result = profile(*source);
  EXPECT_EQ(result.rows, 4U);
  const ColumnProfile& x = result.columns[0];
  EXPECT_EQ(x.num_missing, 1U);
  EXPECT_EQ(x.min, 2.0);
  EXPECT_EQ(x.max, 6.0);
  EXPECT_EQ(x.mean, 4.0);
  EXPECT_DOUBLE_EQ(x.deviation, std::sqrt(8.0 / 3.0));
  const ColumnProfile& town = result.columns[1];
  EXPECT_EQ(town.num_missing, 1U);
  EXPECT_EQ(town.num_levels, 2U);
  EXPECT_EQ(town.common.front(), (std::pair<std::string, std::uint64_t>("Ulm", 2)));
  EXPECT_TRUE(std::isnan(result.columns[2].mean));
}

TEST(Reader, ReadsByNameWithItsOptions) {
  const auto& csv = reader_registry().at("csv");
  const auto source =
      csv.item(memory_bytes("1;2\n3;4\n"), bind(csv.entry, parse_call("csv(separator=semicolon, header=no)")));
  EXPECT_EQ(source->num_rows(), 2U);
  EXPECT_EQ(source->schema().names(), (std::vector<std::string>{"c1", "c2"}));
}

}  // namespace
}  // namespace descent::data

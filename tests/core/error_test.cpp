#include "descent/core/error.hpp"

#include <gtest/gtest.h>

namespace descent {
namespace {

TEST(Place, SaysWhateverOfItIsKnown) {
  EXPECT_EQ(to_text(Place{.file = "train.csv", .line = 812, .column = 3, .name = "price"}), "train.csv:812:3 'price'");
  EXPECT_EQ(to_text(Place{.file = "train.csv", .line = 812}), "train.csv:812");
  EXPECT_EQ(to_text(Place{.file = "train.csv"}), "train.csv");
  EXPECT_EQ(to_text(Place{.file = "train.csv", .name = "price"}), "train.csv 'price'");
  EXPECT_EQ(to_text(Place{.line = 3, .column = 4}), "line 3:4");
  EXPECT_EQ(to_text(Place{.column = 12}), "column 12");
  EXPECT_EQ(to_text(Place{.name = "x"}), "'x'");
  EXPECT_EQ(to_text(Place{}), "");
}

TEST(Error, PutsThePlaceBeforeTheMessage) {
  const Error error(ErrorCode::data, "expected a number, got \"n/a\"", Place{.file = "a.csv", .line = 2, .column = 1});
  EXPECT_STREQ(error.what(), "a.csv:2:1: expected a number, got \"n/a\"");
  EXPECT_EQ(error.code(), ErrorCode::data);
  EXPECT_EQ(error.where(), "a.csv:2:1");
  EXPECT_EQ(error.place().line, 2U);
  EXPECT_EQ(error.place().column, 1U);
  EXPECT_EQ(Error(ErrorCode::data, "wrong", "a.csv").place().file, "");  // a text has no parts
  EXPECT_EQ(error.message(), "expected a number, got \"n/a\"");
}

TEST(Error, IsTheMessageAloneWhenThereIsNoPlace) {
  EXPECT_STREQ(Error(ErrorCode::usage, "no such optimizer").what(), "no such optimizer");
  EXPECT_STREQ(Error(ErrorCode::usage, "no such optimizer", Place{}).what(), "no such optimizer");
}

TEST(Error, IsCaughtAsAStandardException) {
  try {
    throw Error(ErrorCode::system, "disk full", "out.json");
  } catch (const std::exception& error) {
    EXPECT_STREQ(error.what(), "out.json: disk full");
  }
}

}  // namespace
}  // namespace descent

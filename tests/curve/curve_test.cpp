#include "descent/curve/curve.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "descent/core/error.hpp"

namespace descent::curve {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<std::string> kColumns{"x", "y", "petal length"};

std::string refusal(const std::string& text, const std::string& target = {}) {
  try {
    (void)parse_curve(text, kColumns, target);
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Curve, NamesThatAreNoColumnsAreTheParameters) {
  const Curve curve = parse_curve("y = a*exp(-b*x) + c", kColumns);
  EXPECT_THAT(curve.parameters, ElementsAre("a", "b", "c"));
  EXPECT_THAT(curve.inputs, ElementsAre("x"));
  EXPECT_THAT(curve.response_columns, ElementsAre("y"));
  EXPECT_TRUE(curve.plain_response());
  EXPECT_EQ(curve.formula_text, "a*exp(-b*x) + c");
}

TEST(Curve, TheLeftSideMayBeAFormulaOfColumns) {
  const Curve curve = parse_curve("log(y) = b1 - b2*x", kColumns);
  EXPECT_FALSE(curve.plain_response());
  EXPECT_THAT(curve.response_columns, ElementsAre("y"));
}

TEST(Curve, ATargetStandsForTheLeftSide) {
  const Curve curve = parse_curve("a*x", kColumns, "petal length");
  EXPECT_EQ(curve.response_text, "petal length");
  EXPECT_TRUE(curve.plain_response());
  EXPECT_TRUE(parse_curve("`petal length` = a*x", kColumns).plain_response());
}

TEST(Curve, ComparisonsAreNoSignsOfEquality) {
  EXPECT_FALSE(is_curve("where(x <= 3, a, b)"));
  EXPECT_FALSE(is_curve("where(x == 3, a, b)"));
  EXPECT_FALSE(is_curve("mlp:32"));
  EXPECT_TRUE(is_curve("y = where(x >= k, a, b)"));
  EXPECT_THAT(parse_curve("y = where(x <= k, a, b*x)", kColumns).parameters, ElementsAre("k", "a", "b"));
}

TEST(Curve, WhatIsNoCurveIsRefusedWithWhereAndWhy) {
  EXPECT_THAT(refusal("a*x"), HasSubstr("no '='"));
  EXPECT_THAT(refusal("y = a = x"), HasSubstr("two"));
  EXPECT_THAT(refusal(" = a*x"), HasSubstr("left"));
  EXPECT_THAT(refusal("z = a*x"), HasSubstr("'z' on the left of '=' is no column"));
  EXPECT_THAT(refusal("y = x^2"), HasSubstr("no parameters"));
  EXPECT_THAT(refusal("y = a*y"), HasSubstr("both sides"));
  EXPECT_THAT(refusal("y = a*sum(x)"), HasSubstr("same in every row"));
  EXPECT_THAT(refusal("3 = a*x"), HasSubstr("no column"));
  EXPECT_THAT(refusal("y = a*x", "x"), HasSubstr("--target"));
  // The column is that of the whole text.
  EXPECT_THAT(refusal("y = a*sinn(x)"), HasSubstr("column 7"));
}

}  // namespace
}  // namespace descent::curve

#include "descent/expr/sum_of_squares.hpp"

#include <gtest/gtest.h>

#include <string>

namespace descent::expr {
namespace {

const ParseOptions kColumns{.columns = {"x", "y", "s"}};

std::string root_of(const char* text) {
  const auto squares = sum_of_squares(parse(text, kColumns));
  return squares ? to_text(squares->root) : "none";
}

TEST(SumOfSquares, IsSeenInSumsAndMeansOfEvenPowers) {
  EXPECT_EQ(root_of("sum((y - a*exp(-b*x))^2)"), "y - a*exp(-b*x)");
  EXPECT_EQ(root_of("mean((a*x - y)^2)"), "a*x - y");
  EXPECT_EQ(root_of("sum((y - a*x)^4)"), "(y - a*x)^2");
  EXPECT_EQ(root_of("sum((y - a*x)*(y - a*x))"), "y - a*x");
  EXPECT_EQ(root_of("sum((a*x*y)^2)"), "a*x*y");
  EXPECT_EQ(root_of("sum(((y - a*x)/s)^2)"), "(y - a*x)/s");
}

TEST(SumOfSquares, KeepsTheFactorBeforeIt) {
  const auto squares = sum_of_squares(parse("3*mean(2*(y - a*x)^2)/4", kColumns));
  ASSERT_TRUE(squares);
  EXPECT_TRUE(squares->is_mean);
  EXPECT_DOUBLE_EQ(squares->factor, 1.5);
  EXPECT_FALSE(sum_of_squares(parse("sum(y - a*x)", kColumns)));
  EXPECT_FALSE(sum_of_squares(parse("-sum((y - a*x)^2)", kColumns)));
}

TEST(SumOfSquares, IsNothingElse) {
  for (const char* text : {"sum((y - a*x)^2) + a^2", "sum((y - a*x)^2 + a^2)", "sum((y - a*x)^3)",
                           "sum((y - a*mean(x))^2)", "a^2", "sum(y^2)*a^2", "sum(s*(y - a*x)^2)", "sum(abs(y - a*x)^2)",
                           "sum((y - max(a, x))^2)", "sqrt(sum((y - a*x)^2))", "sum((y - a*x)^a)"})
    EXPECT_EQ(root_of(text), "none") << text;
}

}  // namespace
}  // namespace descent::expr

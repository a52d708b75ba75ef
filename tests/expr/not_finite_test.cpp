#include "descent/expr/not_finite.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "descent/core/error.hpp"

namespace descent::expr {
namespace {

/// `PART is VALUE` of a formula of p (2) and the columns u (-1), v (0); "finite" if it is.
std::string blame(const std::string& text) {
  const Formula formula = parse(text, {.columns = {"u", "v"}, .per_row = true});
  const std::vector<double> x(formula.variables().size(), 2.0), row{-1.0, 0.0};
  const auto part = find_not_finite(formula, x, row);
  if (!part) return "finite";
  return part->text + " is " + (std::isnan(part->value) ? "nan" : part->value > 0.0 ? "inf" : "-inf");
}

TEST(NotFinite, TheInnermostPartIsNamed) {
  EXPECT_EQ(blame("p*u^1.5 + exp(p)"), "u^1.5 is nan");
  EXPECT_EQ(blame("3*log(1 + sqrt(u*p))"), "sqrt(p*u) is nan");
  EXPECT_EQ(blame("p/v"), "1/v is inf");
  EXPECT_EQ(blame("exp(400*p)*v"), "exp(400*p) is inf");
  EXPECT_EQ(blame("log(v) + log(u)"), "log(v) is -inf");
  EXPECT_EQ(blame("gamma(u)"), "gamma(u) is nan");
  EXPECT_EQ(blame("min(p, log(u))"), "log(u) is nan");
  EXPECT_EQ(blame("p*u + pi*e/3 + (p < u)"), "finite");
}

TEST(NotFinite, ABranchThatIsNotTakenIsNotToBlame) {
  EXPECT_EQ(blame("where(u > 0, log(u), p)"), "finite");
  EXPECT_EQ(blame("where(u > 0, log(u), sqrt(u - p))"), "sqrt(u - p) is nan");
  EXPECT_EQ(blame("where(log(u), 1/v, 1/v)*where(v < 1, 1/v, log(u))"), "1/v is inf");
}

TEST(NotFinite, SumsHaveNoValueInARow) {
  EXPECT_THROW((void)find_not_finite(parse("sum(u)", {.columns = {"u"}}), {}, {}), Error);
}

}  // namespace
}  // namespace descent::expr

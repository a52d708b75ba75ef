// sum(...) and mean(...) of columns in a curve are the numbers that they are over the rows that are fitted.
#include "src/curve/sums.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "descent/core/error.hpp"
#include "descent/curve/curve_model.hpp"
#include "tests/core/path_archive.hpp"

namespace descent::curve {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::vector<std::string> kColumns{"x", "y", "mean x"};

std::shared_ptr<CurveRows> rows() {
  auto result = std::make_shared<CurveRows>();
  result->names = kColumns;
  result->columns = {{1, 2, 3, 4, 5, 8}, {2.1, 3.9, 6.2, 7.9, 10.1, 15.8}, {0.5, 0.1, 0.7, 0.2, 0.9, 0.3}};
  return result;
}

std::string seven(std::string_view text) {
  return replace_sums(text, [](const std::string&) { return 7.0; });
}

TEST(Sums, AreFoundInAText) {
  EXPECT_EQ(seven("a*(x - mean(x))"), "a*(x - 7)");
  EXPECT_EQ(seven("a + sum (x*(y - mean(y)))^2"), "a + 7^2");
  EXPECT_EQ(seven("2mean(x) + (a)sum(x)"), "2(7) + (a)(7)");
  EXPECT_EQ(seven("mean(x)e + mean(x)(a)"), "(7)e + 7(a)");
  EXPECT_EQ(seven("`mean(x)` + xmean*mean2"), "`mean(x)` + xmean*mean2");
  EXPECT_EQ(seven("mean(`mean )`)/x"), "7/x");
  EXPECT_EQ(replace_sums("x^sum(x) - sum(y)", [](const std::string&) { return -0.25; }), "x^(-0.25) - (-0.25)");
}

TEST(Sums, BecomeTheirNumbersOverTheRows) {
  const Curve typed = parse_curve("y/sum(y) = a*(x - mean(x))^2 + b*mean(x*`mean x`)", kColumns);
  EXPECT_THAT(typed.parameters, ElementsAre("a", "b"));
  EXPECT_THAT(typed.inputs, ElementsAre("x"));
  EXPECT_THAT(typed.response_columns, ElementsAre("y"));
  EXPECT_THAT(typed.sum_columns, ElementsAre("y", "x", "mean x"));
  const Curve settled = settle_sums(typed, *rows());
  EXPECT_EQ(settled.response_text, "y/46");
  EXPECT_EQ(settled.formula_text, "a*(x - 3.8333333333333335)^2 + b*1.75");
  EXPECT_THAT(settled.sum_columns, IsEmpty());
  ASSERT_EQ(settled.sums.size(), 3U);
  EXPECT_EQ(settled.sums[1].text, "mean(x)");
  EXPECT_EQ(settled.sums[1].value, 23.0 / 6.0);
}

TEST(Sums, OfTheResponseMayStandOnTheRight) {
  const Curve curve = parse_curve("y = mean(y) + b*(x - mean(x))", kColumns);
  EXPECT_THAT(curve.inputs, ElementsAre("x"));
  const CurveReport report = fit_curve(curve, rows());
  // The slope of the line, which goes through the means.
  EXPECT_NEAR(report.parameters[0].value, fit_curve(parse_curve("y = a + b*x", kColumns), rows()).parameters[1].value,
              1e-12);
}

TEST(Sums, OfAFittedModelAreThoseOfItsRowsWhereverItPredicts) {
  CurveModel model(parse_curve("y = a + b*(x - mean(x))", kColumns), {.start = {0.0, 0.0}});
  (void)model.fit(rows());
  EXPECT_NEAR(model.report().parameters[0].value, 46.0 / 6.0, 1e-12);
  PathArchive archive;
  model.save(archive);
  const auto loaded = CurveModel::load(archive);
  EXPECT_EQ(loaded->curve().formula_text, "a + b*(x - 3.8333333333333335)");
  const double x = 100.0;
  EXPECT_EQ(loaded->predict({&x, 1}).value, model.predict({&x, 1}).value);
}

TEST(Sums, OfAModelThatIsFittedAgainAreThoseOfTheNewRows) {
  CurveModel model(parse_curve("y = a + b*(x - mean(x))", kColumns), {.start = {0.0, 0.0}});
  (void)model.fit(rows());
  auto others = std::make_shared<CurveRows>(*rows());
  for (double& x : others->columns[0]) x *= 3.0;
  (void)model.fit(others);
  EXPECT_EQ(model.curve().formula_text, "a + b*(x - 11.5)");
}

TEST(Sums, ThatCancelAmongEachOtherLeaveTheColumnsThatAreRead) {
  for (const char* text : {"y = a + b*x*(mean(x) - mean(`mean x`)) + c*`mean x`",
                           "y = a + b*x*(mean(x) + sum(x) - 2mean(`mean x`)) + c*`mean x`"})
    EXPECT_THAT(parse_curve(text, kColumns).inputs, ElementsAre("x", "mean x")) << text;
  // Those that are 0 over the rows do remove one.
  auto same = std::make_shared<CurveRows>(*rows());
  same->columns[1] = same->columns[0];
  const Curve curve = parse_curve("y = a*`mean x` + b*x*(mean(x) - mean(y))", kColumns);
  EXPECT_THAT(settle_sums(curve, *same).inputs, ElementsAre("mean x"));
}

std::string refusal(const std::string& text) {
  try {
    (void)settle_sums(parse_curve(text, kColumns), *rows());
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Sums, ThatNoNumberCanStandForAreRefused) {
  EXPECT_THAT(refusal("y = a*exp(-b*x)/sum(exp(-b*x))"), HasSubstr("sum(exp(-b*x)) holds the parameter 'b'"));
  EXPECT_THAT(refusal("y = a*sum(x)"), HasSubstr("the same in every row"));
  EXPECT_THAT(refusal("y = 2e3sum(x)*a*x"), HasSubstr("write * before it"));
  EXPECT_THAT(refusal("mean(y) = a*x"), HasSubstr("names no column"));
  EXPECT_THAT(refusal("y = a*x + mean(log(x - 1))"), HasSubstr("mean(log(x - 1)) is -inf over these rows"));
  EXPECT_THAT(refusal("y = a*x + mean(q(x))"), HasSubstr("column 16"));
}

}  // namespace
}  // namespace descent::curve

#include "descent/metrics/regression.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "descent/core/error.hpp"
#include "metrics/golden.hpp"

namespace descent::metrics {
namespace {

using Values = std::vector<double>;

void expect_relative(double got, double want) { EXPECT_NEAR(got, want, 1e-12 * std::fabs(want)); }

TEST(RegressionMetrics, AgreeWithScikitLearn) {
  auto cases = golden_cases();
  for (const char* name : {"regression", "regression weighted"}) {
    SCOPED_TRACE(name);
    ASSERT_TRUE(cases.contains(name));
    GoldenCase& c = cases[name];
    expect_relative(mse(c["truth"], c["values"], c["weights"]), c["mse"].at(0));
    expect_relative(rmse(c["truth"], c["values"], c["weights"]), c["rmse"].at(0));
    expect_relative(mae(c["truth"], c["values"], c["weights"]), c["mae"].at(0));
    expect_relative(r2(c["truth"], c["values"], c["weights"]), c["r2"].at(0));
  }
}

TEST(RegressionMetrics, WeightsCountRowsSeveralTimes) {
  const Values truth{1, 2, 4};
  const Values prediction{1.5, 2, 3};
  const Values weights{2, 1, 0};
  const Values repeated_truth{1, 1, 2};
  const Values repeated_prediction{1.5, 1.5, 2};
  EXPECT_DOUBLE_EQ(mse(truth, prediction, weights), mse(repeated_truth, repeated_prediction));
  EXPECT_DOUBLE_EQ(mae(truth, prediction, weights), mae(repeated_truth, repeated_prediction));
  EXPECT_DOUBLE_EQ(r2(truth, prediction, weights), r2(repeated_truth, repeated_prediction));
}

TEST(RegressionMetrics, AddUpInSixteenLanesAndOneTree) {
  Values truth(33, 0.0);
  truth[0] = 1.0;
  truth[16] = 0x1p-53;
  truth[32] = 0x1p-53;
  EXPECT_EQ(mae(truth, Values(33, 0.0)) * 33, 1.0);  // one lane, in order: each half ulp is rounded away
  truth[32] = 0.0;
  truth[17] = 0x1p-53;
  truth[25] = 0x1p-53;
  EXPECT_EQ(mae(truth, Values(33, 0.0)) * 33, 1.0 + 0x1p-52);  // lanes 1 and 9 join before they meet lane 0
}

TEST(RegressionMetrics, R2OfAConstantTargetIsOneOnlyForAPerfectPrediction) {
  EXPECT_EQ(r2(Values{3, 3, 3}, Values{3, 3, 3}), 1.0);
  EXPECT_EQ(r2(Values{3, 3, 3}, Values{3, 3, 4}), 0.0);
  EXPECT_TRUE(std::isnan(r2(Values{3}, Values{3})));
}

TEST(RegressionMetrics, CarryNotFiniteValuesThrough) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(std::isnan(mse(Values{1, 2}, Values{nan, 2})));
  EXPECT_TRUE(std::isnan(r2(Values{2, 2}, Values{nan, 2})));
  EXPECT_TRUE(std::isinf(mae(Values{1, 2}, Values{std::numeric_limits<double>::infinity(), 2})));
}

TEST(RegressionMetrics, RefuseRowsThatDoNotFit) {
  EXPECT_THROW(static_cast<void>(mse(Values{1, 2}, Values{1})), Error);
  EXPECT_THROW(static_cast<void>(mse(Values{}, Values{})), Error);
  EXPECT_THROW(static_cast<void>(mae(Values{1, 2}, Values{1, 2}, Values{1})), Error);
  EXPECT_THROW(static_cast<void>(mae(Values{1, 2}, Values{1, 2}, Values{1, -1})), Error);
  EXPECT_THROW(static_cast<void>(mae(Values{1, 2}, Values{1, 2}, Values{0, 0})), Error);
  try {
    static_cast<void>(r2(Values{1, 2}, Values{1, 2}, Values{1, -1}));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::data);
    EXPECT_STREQ(error.what(), "r2: row 1: expected a weight >= 0, got -1");
  }
}

}  // namespace
}  // namespace descent::metrics

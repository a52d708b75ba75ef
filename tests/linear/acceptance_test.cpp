// The published runs that descent reproduces: sections B and C of the acceptance cases, to the digits given there.
#include <gtest/gtest.h>

#include <cmath>

#include "descent/core/trace.hpp"
#include "tests/linear/rows_from_csv.hpp"

namespace descent::linear {
namespace {

constexpr loss::Penalty kNone{};

LinearOptions textbook(double rate, std::uint64_t steps, LossScale scale = LossScale::mean) {
  LinearOptions options;
  options.optimizer = sgd(rate);
  options.max_steps = steps;
  options.loss_scale = scale;
  options.penalty = kNone;
  options.standardize = Standardize::no;
  options.gradient_tolerance = 0.0;
  return options;
}

double w(const LinearModel& model, std::size_t i = 0) { return model.report().coefficients.coefficients[i]; }
double b(const LinearModel& model, std::size_t i = 0) { return model.report().coefficients.intercepts[i]; }

void expect_digits(double got, double expected, double half_unit) { EXPECT_NEAR(got, expected, half_unit); }

class Both : public testing::TestWithParam<Evaluation> {};  // rows and gram: the same iterates to rounding

INSTANTIATE_TEST_SUITE_P(Acceptance, Both, testing::Values(Evaluation::rows, Evaluation::gram),
                         [](const auto& evaluation) { return std::string(to_text(evaluation.param)); });

TEST_P(Both, B1StopsAtASmallChangeFarFromTheMinimumAndSaysSo) {
  LinearOptions options = textbook(1e-4, 2000);
  options.value_tolerance = 1e-6;
  options.start = parse_start("x=0.1,intercept=0.01");
  options.evaluation = GetParam();
  Trace trace;
  options.observer = trace.recorder();
  LinearModel model(options);
  const Result result = model.fit(rows_of(read_table("data/acceptance/line20.csv"), "y"));

  EXPECT_EQ(result.status, Status::small_change);
  EXPECT_FALSE(result.certificate.has_value());
  expect_digits(trace.rows()[0].objective, 4352.088931274409, 4352e-9);
  expect_digits(trace.rows()[1].objective, 1114.8561474350017, 1114e-9);
  expect_digits(trace.rows()[2].objective, 341.42912086804455, 341e-9);
  EXPECT_EQ(result.value_evaluations, 18u);
  expect_digits(w(model), 1.389738813, 5e-10);
  expect_digits(b(model), 0.035094617, 5e-10);
  expect_digits(result.value, 98.638315, 5e-7);

  const LeastSquaresAnalysis& analysis = model.report().analysis.value();
  expect_digits(analysis.solution[0], 1.42122, 5e-6);
  expect_digits(analysis.solution[1], -1.57452, 5e-6);
  expect_digits(analysis.value, 98.57874, 5e-6);
  expect_digits(analysis.condition, 111207, 0.5);
  EXPECT_GT(model.report().distance_to_solution.value(), 0.5);
  ASSERT_FALSE(model.report().findings.empty());
  EXPECT_NE(model.report().findings[0].find("111,207"), std::string::npos) << model.report().findings[0];
  EXPECT_FALSE(result.suggestion.empty());
}

TEST_P(Both, B2DiabetesBmiStandardised) {
  LinearOptions options = textbook(0.05, 1000);
  options.standardize = Standardize::yes;
  options.evaluation = GetParam();
  Trace trace;
  options.observer = trace.recorder();
  LinearModel model(options);
  const Result result = model.fit(rows_of(read_table("data/diabetes.csv"), "progression", "bmi"));

  expect_digits(trace.rows()[0].objective, 29074.4819, 5e-5);
  expect_digits(trace.parameters(1)[0], 4.5160, 5e-5);
  expect_digits(trace.parameters(1)[1], 15.2133, 5e-5);
  expect_digits(model.report().standardized.value().coefficients[0], 45.16003002, 5e-9);
  expect_digits(model.report().standardized.value().intercepts[0], 152.13348416, 5e-9);
  expect_digits(result.value, 3890.45658546, 5e-9);
  expect_digits(model.report().train.find("r2").value(), 0.34392376, 5e-9);
  EXPECT_EQ(result.steps, 1000u);
  EXPECT_EQ(result.status, Status::step_limit);
}

TEST_P(Both, B3QuestionAndAnswer) {
  LinearOptions options = textbook(5e-4, 100'000, LossScale::half_mean);
  options.start.kind = StartKind::ones;
  options.evaluation = GetParam();
  std::vector<double> costs;
  options.observer = [&](const StepInfo& info) {
    if (info.step <= 10 || info.step == 10'000) costs.push_back(info.objective);
    return true;
  };
  LinearModel model(options);
  const Result result = model.fit(rows_of(read_table("data/acceptance/answer1.csv"), "y"));

  expect_digits(costs[0], 449.209912, 5e-7);
  expect_digits(costs[1], 252.345187, 5e-7);
  expect_digits(costs[2], 171.156993, 5e-7);
  expect_digits(costs[10], 114.037090, 5e-7);
  expect_digits(costs[11], 12.243624, 5e-7);
  expect_digits(b(model), 30.55567002, 5e-9);
  expect_digits(w(model), 1.00608157, 5e-9);
  expect_digits(result.value, 3.482315739, 5e-10);

  const LeastSquaresAnalysis& analysis = model.report().analysis.value();
  expect_digits(analysis.solution[1], 30.55576141, 5e-9);
  expect_digits(analysis.solution[0], 1.00608019, 5e-9);
  expect_digits(analysis.lambda_min, 0.253711, 5e-7);
  expect_digits(analysis.lambda_max, 3284.246, 5e-4);
  expect_digits(analysis.condition, 12944.8, 0.05);
  expect_digits(analysis.largest_stable_rate, 6.0897e-4, 5e-9);
  expect_digits(analysis.steps_to_1e6, 108'900, 50);
  EXPECT_EQ(analysis.steps_with_momentum, 989);
}

TEST(Acceptance, B3WithoutAnObserverWalksTheSamePathInItsFastLoop) {
  LinearOptions options = textbook(5e-4, 100'000, LossScale::half_mean);
  options.start.kind = StartKind::ones;
  LinearModel model(options);
  const Result result = model.fit(rows_of(read_table("data/acceptance/answer1.csv"), "y"));
  EXPECT_EQ(model.report().evaluation, "gram");
  expect_digits(b(model), 30.55567002, 5e-9);
  expect_digits(w(model), 1.00608157, 5e-9);
  expect_digits(result.value, 3.482315739, 5e-10);
  EXPECT_EQ(result.steps, 100'000u);
  EXPECT_EQ(result.best.step, 100'000u);
  EXPECT_EQ(result.status, Status::step_limit);
  EXPECT_EQ(result.reason, "the limit of 100,000 updates was reached");
}

TEST(Acceptance, StepsThatNoLongerChangeAnythingAreCountedLikeTheOthers) {
  // Errors shrink by 0.5 and 0.9 a step: after 7,000 steps they would be below the smallest normal number.
  LinearOptions options = textbook(0.5, 50'000, LossScale::half_mean);
  options.evaluation = Evaluation::gram;
  DenseRows rows(1);
  for (const double x : {-1.0, -0.2, 0.2, 1.0}) rows.append({&x, 1}, 3.0 * x);
  LinearModel model(options);
  const Result result = model.fit(std::move(rows));
  EXPECT_EQ(result.steps, 50'000u);
  EXPECT_EQ(result.status, Status::step_limit);
  EXPECT_NEAR(w(model), 3.0, 1e-15);
  EXPECT_NEAR(b(model), 0.0, 1e-15);  // the solution itself, so that only the error is left of it
}

DenseRows hundred_on_a_line() {
  DenseRows rows(1);
  for (int i = 0; i < 100; ++i) {
    const double x = i / 100.0;
    rows.append({&x, 1}, 2.0 + 3.0 * x);
  }
  return rows;
}

TEST_P(Both, B4BatchDescent) {
  LinearOptions options = textbook(0.01, 100, LossScale::half_mean);
  options.evaluation = GetParam();
  LinearModel model(options);
  (void)model.fit(hundred_on_a_line());
  expect_digits(b(model), 1.96463029, 5e-9);
  expect_digits(w(model), 1.16518408, 5e-9);
}

TEST(Acceptance, B4RowsOneByOneInOrder) {
  LinearOptions options = textbook(0.01, 0, LossScale::half_mean);
  options.max_epochs = 100;
  options.batch_size = 1;
  options.shuffle = Shuffle::none;
  LinearModel model(options);
  const Result result = model.fit(hundred_on_a_line());
  EXPECT_EQ(result.steps, 10'000u);
  EXPECT_EQ(result.epochs, 100u);
  expect_digits(b(model), 2.00162355, 5e-9);
  expect_digits(w(model), 2.99744542, 5e-9);
}

TEST_P(Both, B4Momentum) {
  LinearOptions options = textbook(0.01, 100, LossScale::half_mean);
  options.optimizer = momentum(0.01, {.momentum = 0.9, .form = MomentumForm::velocity});
  options.evaluation = GetParam();
  LinearModel model(options);
  (void)model.fit(hundred_on_a_line());
  expect_digits(b(model), 2.43925095, 5e-9);
  expect_digits(w(model), 2.20615770, 5e-9);
}

TEST_P(Both, B5FourPoints) {
  DenseRows rows(1);
  for (const double x : {1.0, 2.0, 3.0, 4.0}) rows.append({&x, 1}, 2.0 * x);
  LinearOptions options = textbook(0.001, 250);
  options.evaluation = GetParam();
  Trace trace;
  options.observer = trace.recorder();
  LinearModel model(options);
  const Result result = model.fit(std::move(rows));
  expect_digits(w(model), 1.7809780193, 5e-11);
  expect_digits(b(model), 0.5566867921, 5e-11);
  EXPECT_EQ(trace.rows().size(), 250u);
  expect_digits(trace.rows()[0].objective, 30.0, 30e-9);
  expect_digits(trace.rows()[249].objective, 0.0603045652, 5e-11);
  expect_digits(result.value, 0.0600466756, 5e-11);
}

TEST(Acceptance, C1Logistic) {
  LinearOptions options = textbook(0.2, 300);
  options.loss = "log_loss";
  Trace trace;
  options.observer = trace.recorder();
  LinearModel model(options);
  const Result result = model.fit(rows_of(read_table("data/acceptance/blobs2.csv"), "label"));
  expect_digits(w(model, 0), -0.35908306, 5e-9);
  expect_digits(w(model, 1), -1.68663045, 5e-9);
  expect_digits(b(model), -0.32311516, 5e-9);
  expect_digits(trace.rows()[0].objective, 0.69314718, 5e-9);
  expect_digits(trace.rows()[299].objective, 0.00237397, 1e-8);  // given cut, not rounded: numpy has 0.00237397867
  expect_digits(result.value, 0.00236799, 5e-9);
  EXPECT_EQ(model.report().train.find("accuracy").value(), 1.0);
  EXPECT_EQ(model.classes(), (std::vector<std::string>{"0", "1"}));
}

TEST(Acceptance, C2Softmax) {
  LinearOptions options = textbook(0.2, 300);
  options.loss = "log_loss";
  Trace trace;
  options.observer = trace.recorder();
  LinearModel model(options);
  (void)model.fit(rows_of(read_table("data/acceptance/blobs3.csv"), "label"));
  expect_digits(trace.rows()[0].objective, 1.09861229, 5e-9);
  expect_digits(trace.rows()[299].objective, 0.31366790, 5e-9);
  expect_digits(model.report().train.find("accuracy").value(), 0.884444, 5e-7);
  expect_digits(b(model, 0), -3.24744277, 5e-9);
  expect_digits(b(model, 1), 2.32581838, 5e-9);
  expect_digits(b(model, 2), 0.92162439, 5e-9);
}

TEST(Acceptance, C3SupportVectorMachine) {
  LinearOptions options = textbook(0.01, 500);
  options.loss = "hinge";
  options.penalty = loss::Penalty{.l2 = 1.0};
  Trace trace;
  options.observer = trace.recorder();
  LinearModel model(options);
  (void)model.fit(rows_of(read_table("data/acceptance/svm.csv"), "label"));
  expect_digits(w(model, 0), -0.11860910, 5e-9);
  expect_digits(w(model, 1), 0.50110403, 5e-9);
  expect_digits(b(model), -0.16493333, 5e-9);
  expect_digits(trace.rows()[0].objective, 1.0, 1e-9);
  expect_digits(trace.rows()[499].objective, 0.45864276, 5e-9);
  expect_digits(model.report().train.find("accuracy").value(), 0.92, 1e-12);
  EXPECT_EQ(model.classes(), (std::vector<std::string>{"-1", "1"}));
}

}  // namespace
}  // namespace descent::linear

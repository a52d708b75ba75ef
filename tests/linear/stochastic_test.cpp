// Passes over batches whose rate nobody chose: they end close to the optimum, on raw data, for every loss and batch.
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "descent/core/random.hpp"
#include "src/linear/rate_trial.hpp"
#include "tests/linear/rows_from_csv.hpp"

namespace descent::linear {
namespace {

/// Columns from 1e-5 to 1e5 with offsets, one of them constant, and a target of 1e5 or its sign.
DenseRows raw_rows(std::size_t rows, bool classes) {
  const Rng rng(11, RandomStream::test);
  DenseRows result(5);
  for (std::size_t i = 0; i < rows; ++i) {
    const double a = rng.normal(4 * i), b = rng.normal(4 * i + 1), c = rng.normal(4 * i + 2);
    const std::vector<double> row{5e4 + 2e4 * a, 3e-5 + 1e-5 * b, 2005.0 + 8.0 * c, 7.0, 40.0 + 10.0 * (a + c)};
    const double target = 3e5 + 6e4 * a - 2e4 * b + 4e4 * c + 4e4 * rng.normal(4 * i + 3);
    result.append(row, classes ? (target > 3.2e5 ? 1.0 : 0.0) : target);
  }
  return result;
}

DenseRows rows_for(const std::string& data) {
  if (data.starts_with("raw")) return raw_rows(400, data == "raw classes");
  const NumberTable table = read_table(data);
  std::vector<std::string> levels;
  if (data == "data/iris.csv") levels = {"setosa", "versicolor", "virginica"};
  return rows_of(table, table.names.back(), {}, levels);
}

struct Case {
  const char *data, *loss, *penalty;
  /// (f - f*) / f* allowed. Where it is more than 1e-2 nothing that was tried comes closer in 100 epochs at any rate:
  /// nearly separable classes with l2:1e-4, whose optimum lies far out, and rmsprop's bias in batches of one row.
  double gap = 1e-2;
};

const Case kCases[] = {
    {"data/diabetes.csv", "squared_error", "none", 1e-3},
    {"data/diabetes.csv", "squared_error", "l2:0.1", 1e-3},
    {"data/diabetes.csv", "squared_error", "l1:2", 1e-3},
    {"data/diabetes.csv", "squared_error", "elasticnet:1,0.5", 1e-3},
    {"data/diabetes.csv", "huber(40)", "none", 1e-3},
    {"data/diabetes.csv", "epsilon_insensitive(10)", "l2:0.01", 1e-3},
    {"data/breast_cancer.csv", "log_loss", "l2:1e-4", 0.2},
    {"data/breast_cancer.csv", "log_loss", "l2:0.01", 1e-3},
    {"data/breast_cancer.csv", "log_loss", "l1:0.01", 5e-3},
    {"data/breast_cancer.csv", "hinge", "l2:1e-4", 0.5},
    {"data/breast_cancer.csv", "hinge", "l2:0.01"},
    {"data/breast_cancer.csv", "squared_hinge", "l2:0.01", 2e-2},
    {"data/iris.csv", "log_loss", "l2:1e-4", 0.1},
    {"data/iris.csv", "log_loss", "l2:0.001", 5e-3},
    {"data/iris.csv", "hinge", "l2:0.01", 5e-3},
    {"data/acceptance/line20.csv", "squared_error", "none"},
    {"data/acceptance/answer1.csv", "squared_error", "none", 1e-3},
    {"data/acceptance/blobs3.csv", "log_loss", "l2:0.001"},
    {"data/acceptance/svm.csv", "hinge", "l2:0.01", 2e-2},
    {"raw", "squared_error", "none", 1e-3},
    {"raw", "huber(30000)", "l2:0.01", 1e-3},
    {"raw classes", "log_loss", "l2:1e-4", 1e-3},
    {"raw classes", "hinge", "l2:0.01", 1e-3},
};

double optimum(const Case& c) {
  LinearModel model({.loss = c.loss, .penalty = loss::parse_penalty(c.penalty)});
  const Result result = model.fit(rows_for(c.data));
  EXPECT_EQ(result.status, Status::converged) << result.reason;
  return result.value;
}

class Batches : public testing::TestWithParam<Case> {};

TEST_P(Batches, EndCloseToTheOptimumAtRatesFoundByTrials) {
  const Case& c = GetParam();
  const double best = optimum(c);
  const std::size_t rows = rows_for(c.data).num_rows();
  for (const char* optimizer : {"auto", "sgd", "momentum", "nesterov", "adam"})
    for (const std::size_t batch : {std::size_t{1}, std::size_t{8}, std::size_t{32}, rows / 2, rows - 1}) {
      if (batch >= rows) continue;
      LinearOptions options{.loss = c.loss, .penalty = loss::parse_penalty(c.penalty)};
      options.optimizer = parse_optimizer(optimizer);
      options.learning_rate = Schedule::automatic();
      options.batch_size = batch;
      LinearModel model(options);
      const Result result = model.fit(rows_for(c.data));
      const std::string what =
          std::string(optimizer) + " in batches of " + std::to_string(batch) + " as " + result.optimizer;
      EXPECT_NE(result.status, Status::diverged) << what;
      EXPECT_LE(result.value - best, c.gap * best) << what;
      bool said = false;
      for (const std::string& remark : model.report().remarks)
        said = said || remark.starts_with("learning rate auto: ");
      EXPECT_TRUE(said) << what;
    }
}

INSTANTIATE_TEST_SUITE_P(Linear, Batches, testing::ValuesIn(kCases), [](const auto& names) {
  std::string name = std::string(names.param.data) + "_" + names.param.loss + "_" + names.param.penalty;
  if (const auto slash = name.rfind('/'); slash != std::string::npos) name = name.substr(slash + 1);
  for (char& c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  return name;
});

LinearOptions in_batches(const char* optimizer, std::size_t batch) {
  LinearOptions options;
  options.optimizer = parse_optimizer(optimizer);
  options.batch_size = batch;
  return options;
}

TEST(Stochastic, RulesThatScaleTheGradientFindTheirRateWhateverTheUnits) {
  // adamw decays the intercept, so it is not held to the optimum; rmsprop is biased in small batches.
  for (const char* optimizer : {"rmsprop(auto)", "adam(auto)"})
    for (const std::size_t batch : {1, 32}) {
      LinearModel model(in_batches(optimizer, batch));
      (void)model.fit(rows_for("data/diabetes.csv"));
      EXPECT_LE(model.report().relative_gap.value(), 1e-2) << optimizer << " in batches of " << batch;
    }
}

TEST(Stochastic, AnAutoRateTakesThePlaceOfAGivenOne) {
  LinearOptions options = in_batches("sgd(123)", 8);
  options.learning_rate = Schedule::automatic();
  LinearModel given(options), plain(in_batches("sgd(auto)", 8));
  EXPECT_EQ(given.fit(rows_for("data/diabetes.csv")).x, plain.fit(rows_for("data/diabetes.csv")).x);
}

TEST(Stochastic, TheSameRateAndBitsOnAnyNumberOfThreads) {
  for (const std::size_t batch : {1, 300}) {
    Result first;
    for (const std::size_t threads : {1, 2, 3, 8}) {
      LinearOptions options = in_batches("auto", batch);
      options.max_steps = 500;
      options.threads = threads;
      LinearModel model(options);
      const Result result = model.fit(raw_rows(30'000, false));
      if (threads == 1) first = result;
      EXPECT_EQ(result.optimizer, first.optimizer);
      EXPECT_EQ(result.x, first.x) << threads << " threads, batches of " << batch;
    }
  }
}

TEST(Stochastic, AGivenRateIsTheTextbooks) {
  // Two updates by hand: rows 0 and 1, then the row left over, which moves as far as both; the start is 0.
  LinearOptions options = in_batches("sgd(0.1)", 2);
  options.shuffle = Shuffle::none;
  options.max_epochs = 1;
  options.intercept = false;
  DenseRows rows(1);
  const double x[] = {1.0, 2.0, 3.0}, y[] = {1.0, 0.0, 2.0};
  for (int i = 0; i < 3; ++i) rows.append({&x[i], 1}, y[i]);
  LinearModel model(options);
  const Result result = model.fit(std::move(rows));
  const double w1 = 0.1 * (1.0 * 1.0 + 2.0 * 0.0);  // gradient of the mean of r^2 at 0: -(x0 y0 + x1 y1)
  const double w2 = w1 - 0.1 * 2.0 * 3.0 * (3.0 * w1 - 2.0);
  EXPECT_NEAR(result.x[0], w2, 1e-15);
  EXPECT_EQ(result.steps, 2u);
}

TEST(Stochastic, TheTrialsAreCounted) {
  LinearModel model(in_batches("auto", 32));
  const Result result = model.fit(rows_for("data/diabetes.csv"));
  EXPECT_EQ(result.steps, 1400u);
  EXPECT_GT(result.gradient_evaluations, result.steps + 100);
  EXPECT_LT(result.gradient_evaluations, 3 * result.steps);
}

TEST(Stochastic, FewLargeBatchesGetAThousandUpdates) {
  LinearModel model(in_batches("auto", 300));
  const Result result = model.fit(rows_for("data/diabetes.csv"));
  EXPECT_EQ(result.steps, 1000u);
  EXPECT_EQ(result.epochs, 500u);
}

TEST(Stochastic, AScheduleShapesTheRate) {
  LinearOptions options = in_batches("sgd(0.01)", 32);
  options.schedule = "cosine";
  LinearModel cosine_model(options), typed(in_batches("sgd(cosine(0.01, 1400))", 32));
  EXPECT_EQ(cosine_model.fit(rows_for("data/acceptance/blobs2.csv")).status, Status::step_limit);
  EXPECT_EQ(LinearModel(options).fit(rows_for("data/diabetes.csv")).optimizer, "sgd(cosine(0.01, 1400))");

  options.learning_rate = Schedule::automatic();
  options.schedule = "step_decay";
  LinearModel decayed(options);
  EXPECT_TRUE(decayed.fit(rows_for("data/diabetes.csv")).optimizer.starts_with("sgd(step_decay("));
  EXPECT_LE(decayed.report().relative_gap.value(), 1e-2);

  options = in_batches("sgd(cosine(0.01, 100))", 32);
  options.schedule = "cosine";
  EXPECT_THROW((void)LinearModel(options).fit(rows_for("data/diabetes.csv")), Error);
  LinearOptions full;
  full.schedule = "cosine";
  EXPECT_THROW((void)LinearModel(full).fit(rows_for("data/diabetes.csv")), Error);
  full.optimizer = parse_optimizer("adam(auto)");
  LinearModel whole(full);
  (void)whole.fit(rows_for("data/diabetes.csv"));
  EXPECT_LE(whole.report().relative_gap.value(), 1e-6);
}

TEST(Stochastic, TheCurvatureOfBatchesGoesFromTheSteepestRowToAllRows) {
  DenseRows rows(1);
  for (const double x : {1.0, 2.0, 3.0, 6.0}) rows.append({&x, 1}, 0.0);
  const auto curvature = [&](LossScale scale, std::size_t batch) {
    LinearObjective objective(
        rows,
        {.pointwise = loss::parse_loss("squared_error"), .scale = scale, .penalty = {.l2 = 0.5}, .intercept = false});
    return batch_curvature(objective, batch);
  };
  const double all = 2.0 * 50.0 / 4.0, row = 2.0 * 36.0;  // of the mean of r^2
  EXPECT_NEAR(curvature(LossScale::mean, 1), row + 0.5, 1e-12);
  EXPECT_NEAR(curvature(LossScale::mean, 4), 1.01 * all + 0.5, 1e-9);  // power iteration adds 1 %
  EXPECT_NEAR(curvature(LossScale::mean, 2), 2.0 / 3.0 * 1.01 * all + 1.0 / 3.0 * row + 0.5, 1e-9);
  EXPECT_NEAR(curvature(LossScale::half_mean, 2), 0.5 * (curvature(LossScale::mean, 2) - 0.5) + 0.5, 1e-9);
  EXPECT_NEAR(curvature(LossScale::sum, 2), 2.0 * (curvature(LossScale::mean, 2) - 0.5) + 0.5, 1e-9);
  rows.set_weights({1.0, 1.0, 1.0, 5.0});
  EXPECT_NEAR(curvature(LossScale::mean, 1), 5.0 / 2.0 * row + 0.5, 1e-12);
  EXPECT_TRUE(std::isinf(batch_curvature(
      *std::make_unique<LinearObjective>(rows, LinearObjective::Settings{.pointwise = loss::parse_loss("hinge")}), 2)));
}

TEST(Stochastic, AChainsResponseIsMeasured) {
  EXPECT_NEAR(response_of(sgd(0.3)).gain, 1.0, 1e-12);
  EXPECT_NEAR(response_of(momentum(0.3)).gain, 10.0, 1e-9);
  EXPECT_NEAR(response_of(momentum(0.3, {.momentum = 0.5, .form = MomentumForm::ema})).gain, 1.0, 1e-9);
  EXPECT_NEAR(response_of(nesterov(0.3)).gain, 10.0, 1e-9);
  EXPECT_NEAR(response_of(parse_chain("clip_by_global_norm(1) | scale(3) | sgd(auto)")).gain, 3.0, 1e-12);
  EXPECT_FALSE(response_of(momentum(0.3)).scale_free);
  for (const char* text : {"adam(0.1)", "rmsprop(0.1)", "adamw(0.1)"}) {
    EXPECT_TRUE(response_of(parse_chain(text)).scale_free) << text;
    EXPECT_NEAR(response_of(parse_chain(text)).gain, 1.0, 0.02) << text;
  }
  EXPECT_TRUE(response_of(parse_chain("adamw(0.1)")).decays);
  EXPECT_FALSE(response_of(parse_chain("adam(0.1)")).decays);
}

TEST(Stochastic, TheRateSuggestedAfterDivergenceHolds) {
  for (const char* optimizer : {"sgd(0.9)", "momentum(0.5)"})
    for (const std::size_t batch : {1, 32}) {
      LinearOptions options = in_batches(optimizer, batch);
      options.standardize = Standardize::yes;
      LinearModel model(options);
      const Result result = model.fit(rows_for("data/diabetes.csv"));
      ASSERT_EQ(result.status, Status::diverged) << optimizer;
      const std::string::size_type at = result.suggestion.find("at most ");
      ASSERT_NE(at, std::string::npos) << result.suggestion;
      options.learning_rate = Schedule(std::stod(result.suggestion.substr(at + 8)));
      LinearModel again(options);
      EXPECT_NE(again.fit(rows_for("data/diabetes.csv")).status, Status::diverged) << optimizer;
      EXPECT_LE(again.report().relative_gap.value(), 0.1) << optimizer << " in batches of " << batch;
    }
}

TEST(Stochastic, TrialsEndWhenAskedToStop) {
  StopSource source;
  source.request_stop();
  LinearOptions options = in_batches("auto", 1);
  options.stop_token = source.token();
  LinearModel model(options);
  const Result result = model.fit(rows_for("data/diabetes.csv"));
  EXPECT_EQ(result.status, Status::interrupted);
  EXPECT_EQ(result.steps, 0u);
  EXPECT_LT(result.gradient_evaluations, 10u);
}

TEST(Stochastic, ATimeLimitHoldsForTrialsToo) {
  LinearOptions options = in_batches("auto", 1);
  options.time_limit_seconds = 0.05;
  options.max_epochs = 1'000'000;
  LinearModel model(options);
  const Result result = model.fit(rows_for("data/diabetes.csv"));
  EXPECT_EQ(result.status, Status::time_limit) << result.reason;
}

TEST(Stochastic, EarlyStoppingReportsTheBestEpochsNumbers) {
  for (const std::size_t batch : {std::size_t{8}, std::size_t{0}}) {
    LinearOptions options = in_batches("sgd(0.02)", 8);
    if (batch == 0) {
      options.batch_size.reset();
      options.optimizer = parse_optimizer("adam(3)");
    }
    options.early_stopping = true;
    options.patience = 3;
    options.standardize = Standardize::yes;
    options.max_epochs = 3000;
    LinearModel model(options);
    const Result result = model.fit(rows_for("data/diabetes.csv"));
    const FitReport& report = model.report();
    EXPECT_EQ(result.status, Status::small_change) << result.reason;
    EXPECT_LT(report.best.epoch, static_cast<double>(result.epochs));
    EXPECT_EQ(report.best.objective, result.value);
    EXPECT_EQ(report.objective, result.value);
    EXPECT_EQ(result.best.x, result.x);

    // A run that is cut there has the same objective.
    options.early_stopping = false;
    options.validation = 0.1;
    options.max_epochs = static_cast<std::uint64_t>(report.best.epoch);
    options.gradient_tolerance = 0.0;
    LinearModel shorter(options);
    EXPECT_EQ(shorter.fit(rows_for("data/diabetes.csv")).value, report.best.objective) << batch;
  }
}

TEST(Stochastic, SaysHowManyUpdatesThereWillBe) {
  std::uint64_t planned = 0;
  LinearOptions options = in_batches("sgd(0.001)", 32);
  options.max_epochs = 3;
  options.on_plan = [&](std::uint64_t updates) { planned = updates; };
  LinearModel model(options);
  EXPECT_EQ(model.fit(rows_for("data/acceptance/answer1.csv")).steps, planned);
  EXPECT_EQ(planned, 12u);
}

}  // namespace
}  // namespace descent::linear

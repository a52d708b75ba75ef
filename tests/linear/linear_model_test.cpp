#include "descent/linear/linear_model.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "descent/core/random.hpp"
#include "descent/optim/rate_range.hpp"
#include "tests/core/path_archive.hpp"
#include "tests/linear/rows_from_csv.hpp"

namespace descent::linear {
namespace {

/// `rows` rows of normals; the target is linear in them plus noise, or its sign.
DenseRows normal_rows(std::size_t rows, std::size_t features, bool classes, std::uint64_t seed = 1) {
  const Rng rng(seed, RandomStream::test);
  DenseRows result(features);
  std::vector<double> row(features);
  for (std::size_t i = 0; i < rows; ++i) {
    double target = 0.5 * rng.normal(i * (features + 1));
    for (std::size_t j = 0; j < features; ++j) {
      row[j] = rng.normal(i * (features + 1) + j + 1);
      target += row[j] * (1.0 - 0.1 * static_cast<double>(j));
    }
    result.append(row, classes ? (target > 0.0 ? 1.0 : 0.0) : target);
  }
  return result;
}

std::vector<double> parameters(const LinearModel& model) {
  std::vector<double> result = model.report().coefficients.coefficients;
  const std::vector<double>& intercepts = model.report().coefficients.intercepts;
  result.insert(result.end(), intercepts.begin(), intercepts.end());
  return result;
}

void expect_near(View got, View expected, double tolerance) {
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i)
    EXPECT_NEAR(got[i], expected[i], tolerance * (1.0 + std::fabs(expected[i]))) << i;
}

TEST(LinearModel, ShowsTheProblemThatAFitWouldMinimise) {
  for (const Standardize standardize : {Standardize::yes, Standardize::no}) {
    LinearOptions options{.loss = "log_loss",
                          .optimizer = sgd(0.01),
                          .batch_size = 32,
                          .max_steps = 7,
                          .validation = 0.25,
                          .seed = 3,
                          .start = parse_start("random"),
                          .standardize = standardize};
    LinearModel shown(options);
    std::vector<double> first;
    options.observer = [&first](const StepInfo& info) {
      if (first.empty()) first.assign(info.x.begin(), info.x.end());
      return true;
    };
    LinearModel watched(options);
    const Result result = watched.fit(normal_rows(200, 4, true));
    int looks = 0;
    shown.show_problem(normal_rows(200, 4, true), [&](const SumProblem& problem) {
      ++looks;
      EXPECT_EQ(problem.start, first);
      EXPECT_EQ(problem.batch_size, 32U);
      EXPECT_EQ(problem.objective.num_terms(), 150U);
      EXPECT_EQ(problem.objective.value(result.x), result.value) << "the same function, to the last bit";
    });
    EXPECT_EQ(looks, 1);
    EXPECT_EQ(shown.report().remarks, watched.report().remarks);
  }
}

TEST(LinearModel, ARangeTestGivesTheSameBitsOnAnyNumberOfThreads) {
  for (const std::size_t batch : {std::size_t{0}, std::size_t{1000}}) {
    RateRange first;
    for (const std::size_t threads : {1, 2, 3, 8}) {
      LinearOptions options{.loss = "log_loss", .optimizer = adam(1.0), .threads = threads};
      if (batch > 0) options.batch_size = batch;
      RateRange range;
      LinearModel(options).show_problem(normal_rows(12'000, 10, true), [&](const SumProblem& problem) {
        range =
            learning_rate_range_test(problem.objective, problem.start, adam(1.0), {.batch_size = problem.batch_size});
      });
      if (threads == 1) first = range;
      EXPECT_TRUE(range.suggestion);
      EXPECT_EQ(range.suggestion, first.suggestion);
      ASSERT_EQ(range.points.size(), first.points.size());
      for (std::size_t k = 0; k < range.points.size(); ++k) {
        EXPECT_EQ(range.points[k].loss, first.points[k].loss) << threads << " threads, batches of " << batch;
        EXPECT_EQ(range.points[k].smoothed, first.points[k].smoothed);
      }
    }
  }
}

TEST(LinearModel, GivesTheSameBitsOnAnyNumberOfThreads) {
  for (const char* loss : {"squared_error", "log_loss", "hinge"})
    for (const std::size_t batch : {std::size_t{0}, std::size_t{1000}}) {
      std::vector<double> first;
      for (const std::size_t threads : {1, 2, 3, 4, 8}) {
        LinearOptions options{
            .loss = loss, .max_epochs = 3, .seed = 7, .evaluation = Evaluation::rows, .threads = threads};
        if (batch > 0) options.batch_size = batch;
        if (batch > 0) options.optimizer = sgd(0.01);
        LinearModel model(options);
        (void)model.fit(normal_rows(12'000, 10, std::string(loss) != "squared_error"));
        if (first.empty()) first = parameters(model);
        EXPECT_EQ(parameters(model), first) << loss << " with " << threads << " threads";
      }
    }
}

TEST(LinearModel, AWeightOfTwoIsARowTwice) {
  for (const char* loss : {"squared_error", "log_loss", "hinge"}) {
    const bool classes = std::string(loss) != "squared_error";
    DenseRows weighted = normal_rows(300, 4, classes), doubled = normal_rows(300, 4, classes);
    std::vector<double> weights(300, 1.0);
    for (std::size_t i = 0; i < 300; i += 3) {
      weights[i] = 2.0;
      doubled.append({weighted.row(i), 4}, weighted.targets()[i]);
    }
    weighted.set_weights(weights);
    LinearModel a({.loss = loss, .penalty = loss::Penalty{.l2 = 0.01}}),
        b({.loss = loss, .penalty = loss::Penalty{.l2 = 0.01}});
    (void)a.fit(std::move(weighted));
    (void)b.fit(std::move(doubled));
    EXPECT_NEAR(a.report().objective, b.report().objective, 1e-6 * b.report().objective) << loss;
    expect_near(parameters(a), parameters(b), 1e-4);
  }
}

TEST(LinearModel, AWeightOfZeroIsNoRow) {
  DenseRows all = normal_rows(300, 4, false), kept = normal_rows(200, 4, false);
  std::vector<double> weights(300, 1.0);
  for (std::size_t i = 200; i < 300; ++i) weights[i] = 0.0;
  all.set_weights(weights);
  LinearModel a, b;
  (void)a.fit(std::move(all));
  (void)b.fit(std::move(kept));
  expect_near(parameters(a), parameters(b), 1e-9);
}

TEST(LinearModel, TheOrderOfRowsDoesNotMatterToAFullBatch) {
  DenseRows forward = normal_rows(1000, 9, true), backward(9);
  for (std::size_t i = 1000; i-- > 0;) backward.append({forward.row(i), 9}, forward.targets()[i]);
  LinearModel a({.loss = "log_loss"}), b({.loss = "log_loss"});
  (void)a.fit(std::move(forward));
  (void)b.fit(std::move(backward));
  expect_near(parameters(a), parameters(b), 1e-6);
}

TEST(LinearModel, StandardisingMovesTheWalkAndNotTheUnpenalisedOptimum) {
  LinearModel with({.standardize = Standardize::yes}), without({.standardize = Standardize::no});
  (void)with.fit(rows_of(read_table("data/diabetes.csv"), "progression"));
  (void)without.fit(rows_of(read_table("data/diabetes.csv"), "progression"));
  EXPECT_NEAR(with.report().objective, without.report().objective, 1e-6 * with.report().objective);
  EXPECT_TRUE(with.report().standardized.has_value());
  EXPECT_FALSE(without.report().standardized.has_value());
  EXPECT_GT(with.report().analysis->condition_raw, 100 * with.report().analysis->condition_standardized);
  EXPECT_NEAR(with.report().analysis->condition_raw, without.report().analysis->condition_raw,
              1e-6 * with.report().analysis->condition_raw);
  EXPECT_NEAR(with.report().analysis->condition_standardized, without.report().analysis->condition_standardized,
              1e-6 * with.report().analysis->condition_standardized);
}

TEST(LinearModel, ConstantAndRepeatedColumnsGiveTheSolutionOfLeastNorm) {
  DenseRows rows(3);
  for (int i = 0; i < 50; ++i) {
    const double x = 0.1 * i;
    const std::vector<double> row{x, x, 5.0};
    rows.append(row, 3.0 * x + 1.0);
  }
  LinearModel model;
  const Result result = model.fit(std::move(rows));
  EXPECT_EQ(result.status, Status::converged) << result.reason;
  EXPECT_NEAR(model.report().coefficients.coefficients[0], 1.5, 1e-6);
  EXPECT_NEAR(model.report().coefficients.coefficients[1], 1.5, 1e-6);
  EXPECT_NEAR(model.report().coefficients.coefficients[2], 0.0, 1e-12);
  EXPECT_LT(model.report().objective, 1e-10);
}

TEST(LinearModel, MakesOneUpdateForEachBatchAndUsesAPartialOneOnce) {
  LinearOptions options;
  options.optimizer = sgd(0.001);
  options.batch_size = 32;
  options.max_epochs = 2;
  LinearModel model(options);
  const Result result = model.fit(normal_rows(100, 3, false));
  EXPECT_EQ(result.steps, 8u);  // 2 * ceil(100 / 32)
  EXPECT_EQ(result.epochs, 2u);
}

TEST(LinearModel, SaysTheLargestStableRateInPlainDecimalsWhenItDiverges) {
  LinearOptions options;
  options.optimizer = sgd(0.01);
  options.max_steps = 5000;
  LinearModel model(options);
  const Result result = model.fit(rows_of(read_table("data/acceptance/answer1.csv"), "y"));
  EXPECT_EQ(result.status, Status::diverged);
  ASSERT_TRUE(result.fault.has_value());
  EXPECT_GT(result.fault->step, 0u);
  const double stable = model.report().analysis->largest_stable_rate;
  EXPECT_NE(result.suggestion.find(plain_decimal_text(stable, 5)), std::string::npos) << result.suggestion;
  EXPECT_EQ(result.suggestion.find("e-"), std::string::npos) << result.suggestion;
}

TEST(LinearModel, SeparableClassesWithoutAPenaltyHaveNoMinimumAndItIsSaid) {
  const DenseRows rows = [] {
    DenseRows made(1);
    for (int i = 0; i < 20; ++i) made.append(std::vector<double>{static_cast<double>(i)}, i < 10 ? 0.0 : 1.0);
    return made;
  }();
  LinearModel free({.loss = "log_loss", .penalty = loss::Penalty{}});
  (void)free.fit(DenseRows(rows));
  ASSERT_TRUE(free.report().separation);
  EXPECT_GT(*free.report().separation, 0.0);
  LinearModel held({.loss = "log_loss", .penalty = loss::Penalty{.l2 = 1e-4}});
  EXPECT_EQ(held.fit(DenseRows(rows)).status, Status::converged);
  EXPECT_FALSE(held.report().separation);
  DenseRows mixed = rows;
  mixed.append(std::vector<double>{0.0}, 1.0);
  LinearModel bounded({.loss = "log_loss", .penalty = loss::Penalty{}});
  (void)bounded.fit(std::move(mixed));
  EXPECT_FALSE(bounded.report().separation);
}

TEST(LinearModel, ThreeClassesAreSeparableWhenEveryRowScoresItsOwnHighest) {
  DenseRows rows(2);
  rows.append(std::vector<double>{0.0, 0.0}, 0.0);
  rows.append(std::vector<double>{4.0, 0.0}, 1.0);
  rows.append(std::vector<double>{0.0, 4.0}, 2.0);
  LinearModel model({.loss = "log_loss", .penalty = loss::Penalty{}});
  (void)model.fit(std::move(rows));
  EXPECT_TRUE(model.report().separation);
}

TEST(LinearModel, NeverAdvisesToLeaveOutWhatWasNotGiven) {
  LinearOptions options;
  options.max_steps = 2;
  LinearModel by_default(options);
  const Result limited = by_default.fit(rows_of(read_table("data/diabetes.csv"), "progression"));
  EXPECT_EQ(limited.status, Status::step_limit);
  EXPECT_EQ(limited.suggestion.find("--optimizer"), std::string::npos) << limited.suggestion;
  EXPECT_NE(limited.suggestion.find("Allow more steps"), std::string::npos) << limited.suggestion;
  options.optimizer = adam(0.001);
  LinearModel chosen(options);
  const Result slow = chosen.fit(rows_of(read_table("data/diabetes.csv"), "progression"));
  EXPECT_NE(slow.suggestion.find("Leave out --optimizer"), std::string::npos) << slow.suggestion;
}

TEST(LinearModel, TellsLossAndPenaltyApart) {
  LinearModel model({.penalty = loss::Penalty{.l2 = 0.5}});
  (void)model.fit(normal_rows(200, 3, false));
  const FitReport& report = model.report();
  double square = 0.0;
  for (const double w : report.standardized->coefficients) square += w * w;
  EXPECT_NEAR(report.penalty, 0.25 * square, 1e-12);
  EXPECT_NEAR(report.loss, report.train.find("mse").value(), 1e-9);
  EXPECT_NEAR(report.objective, report.loss + report.penalty, 1e-12);
}

TEST(LinearModel, KeepsTheBestBesideTheLast) {
  LinearOptions options{.loss = "log_loss", .shuffle = Shuffle::none};
  options.optimizer = sgd(30.0);  // far too large: the loss goes up and down
  options.max_steps = 40;
  LinearModel model(options);
  const Result result = model.fit(normal_rows(200, 3, true));
  EXPECT_LE(result.best.value, result.value);
  EXPECT_EQ(model.report().best.objective, result.best.value);
}

TEST(LinearModel, EarlyStoppingGivesBackTheBestWeights) {
  LinearOptions options{.early_stopping = true, .patience = 3, .seed = 3};
  options.optimizer = sgd(0.02);
  options.batch_size = 1;
  options.max_epochs = 200;
  std::vector<double> losses;
  DenseRows rows = normal_rows(60, 12, false), held_out = normal_rows(40, 12, false, 2);
  LinearModel model(options);
  const Result result = model.fit(std::move(rows), &held_out);
  EXPECT_LT(result.epochs, 200u);
  EXPECT_EQ(result.status, Status::small_change) << result.reason;
  EXPECT_EQ(model.report().validation_rows, 40u);
  EXPECT_NEAR(static_cast<double>(result.epochs), model.report().best.epoch + 3.0, 1e-12);

  options.early_stopping = false;
  options.max_epochs = static_cast<std::uint64_t>(model.report().best.epoch);
  LinearModel shorter(options);
  DenseRows again = normal_rows(40, 12, false, 2);
  (void)shorter.fit(normal_rows(60, 12, false), &again);
  EXPECT_EQ(parameters(shorter), parameters(model));
  EXPECT_EQ(shorter.report().validation->find("mse"), model.report().validation->find("mse"));
}

TEST(LinearModel, HoldsOutAFractionByTheSeed) {
  LinearModel a({.validation = 0.25, .seed = 1}), b({.validation = 0.25, .seed = 1}),
      c({.validation = 0.25, .seed = 2});
  for (LinearModel* model : {&a, &b, &c}) (void)model->fit(normal_rows(101, 2, false));
  EXPECT_EQ(a.report().validation_rows, 26u);
  EXPECT_EQ(a.report().rows, 75u);
  EXPECT_EQ(parameters(a), parameters(b));
  EXPECT_NE(parameters(a), parameters(c));
}

TEST(LinearModel, BalancedClassesWeighTheSame) {
  DenseRows plain(1), repeated(1);
  const Rng rng(5, RandomStream::test);
  for (std::size_t i = 0; i < 80; ++i) {
    const bool rare = i % 4 == 0;
    const double x = rng.normal(i) + (rare ? 1.0 : 0.0);
    plain.append({&x, 1}, rare ? 1.0 : 0.0);
    for (int copy = 0; copy < (rare ? 3 : 1); ++copy) repeated.append({&x, 1}, rare ? 1.0 : 0.0);
  }
  const loss::Penalty none{};
  LinearModel balanced({.loss = "log_loss", .penalty = none, .class_weight = parse_class_weights("balanced")});
  LinearModel mapped({.loss = "log_loss", .penalty = none, .class_weight = parse_class_weights("1=3")});
  LinearModel copied({.loss = "log_loss", .penalty = none});
  (void)balanced.fit(std::move(plain));
  (void)copied.fit(std::move(repeated));
  expect_near(parameters(balanced), parameters(copied), 1e-6);
  DenseRows again(1);
  for (std::size_t i = 0; i < 80; ++i) {
    const double x = rng.normal(i) + (i % 4 == 0 ? 1.0 : 0.0);
    again.append({&x, 1}, i % 4 == 0 ? 1.0 : 0.0);
  }
  (void)mapped.fit(std::move(again));
  expect_near(parameters(mapped), parameters(copied), 1e-6);
}

TEST(LinearModel, StopsWhenAskedAndKeepsItsWeights) {
  StopSource source;
  LinearOptions options;
  options.optimizer = sgd(0.01);
  options.observer = [&](const StepInfo& info) {
    if (info.step == 5) source.request_stop();
    return true;
  };
  options.stop_token = source.token();
  LinearModel model(options);
  const Result result = model.fit(normal_rows(100, 3, false));
  EXPECT_EQ(result.status, Status::interrupted);
  EXPECT_LE(result.steps, 6u);
  EXPECT_NE(model.report().coefficients.coefficients[0], 0.0);
}

TEST(LinearModel, RefusesWhatCannotBeFitted) {
  EXPECT_THROW(LinearModel({.validation = 1.0}), Error);
  EXPECT_THROW((void)LinearModel().fit(DenseRows(2)), Error);
  EXPECT_THROW((void)LinearModel({.loss = "hinge"}).fit(normal_rows(1, 2, true)), Error);
  EXPECT_THROW((void)LinearModel({.class_weight = parse_class_weights("balanced")}).fit(normal_rows(9, 2, false)),
               Error);
  EXPECT_THROW((void)LinearModel({.start = parse_start("x9=1")}).fit(normal_rows(9, 2, false)), Error);
  EXPECT_THROW((void)LinearModel({.loss = "huber", .evaluation = Evaluation::gram}).fit(normal_rows(9, 2, false)),
               Error);
  LinearOptions batches;
  batches.optimizer = Optimizer(Method::lbfgs);
  batches.batch_size = 2;
  EXPECT_THROW((void)LinearModel(batches).fit(normal_rows(9, 2, false)), Error);
}

TEST(LinearModel, ComesBackFromItsArchiveWithTheSamePredictions) {
  const NumberTable iris = read_table("data/iris.csv");
  LinearModel model({.loss = "log_loss"});
  (void)model.fit(rows_of(iris, "species", {}, {"setosa", "versicolor", "virginica"}));
  PathArchive archive;
  model.save(archive);
  const std::unique_ptr<LinearModel> loaded = LinearModel::load(archive);
  EXPECT_EQ(loaded->task(), Task::multiclass);
  EXPECT_EQ(loaded->classes(), model.classes());
  const DenseRows rows = rows_of(iris, "species", {}, {"setosa", "versicolor", "virginica"});
  std::vector<double> before(150 * 3), after(150 * 3);
  ASSERT_TRUE(model.probabilities(rows.block(0, 150), before));
  ASSERT_TRUE(loaded->probabilities(rows.block(0, 150), after));
  EXPECT_EQ(before, after);
  EXPECT_EQ(loaded->evaluate(rows).find("accuracy"), model.evaluate(rows).find("accuracy"));
  EXPECT_NEAR(model.evaluate(rows).find("log_loss").value(), model.report().train.find("log_loss").value(), 1e-9);
}

TEST(LinearModel, RefusesAnArchiveWhoseNumbersDoNotAgree) {
  LinearModel model;
  (void)model.fit(normal_rows(20, 3, false));
  PathArchive archive;
  model.save(archive);
  archive.numbers_["linear.coefficients"].pop_back();
  try {
    (void)LinearModel::load(archive);
    FAIL() << "a damaged model was loaded";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::model);
  }
}

TEST(LinearModel, HingeWithSeveralClassesIsOneAgainstTheRest) {
  const NumberTable iris = read_table("data/iris.csv");
  const std::vector<std::string> levels{"setosa", "versicolor", "virginica"};
  LinearModel joint({.loss = "hinge", .penalty = loss::Penalty{.l2 = 0.01}});
  const Result result = joint.fit(rows_of(iris, "species", {}, levels));
  EXPECT_EQ(result.status, Status::converged) << result.reason;
  double total = 0.0;
  for (std::size_t k = 0; k < 3; ++k) {
    DenseRows one = rows_of(iris, "species");
    for (double& target : one.mutable_targets()) target = target == static_cast<double>(k) ? 1.0 : 0.0;
    LinearModel single({.loss = "hinge", .penalty = loss::Penalty{.l2 = 0.01}});
    total += single.fit(std::move(one)).value;
  }
  EXPECT_NEAR(result.value, total, 1e-6 * total);
  std::vector<double> unused(450);
  EXPECT_FALSE(joint.probabilities(rows_of(iris, "species").block(0, 1), unused));
}

TEST(LinearModel, MeasuresColumnsWhoseSquaresLeaveTheRangeOfDoubles) {
  const double x[] = {1.0, 2.0, 5.0, -3.0}, y[] = {1.0, 2.5, 4.0, -2.0};
  const auto fitted = [&](double unit) {
    DenseRows rows(1);
    for (std::size_t i = 0; i < 4; ++i) rows.append(std::vector<double>{x[i] * unit}, y[i]);
    LinearModel model(LinearOptions{});
    const Result result = model.fit(std::move(rows));
    EXPECT_EQ(result.status, Status::converged) << unit;
    return model.report().train.find("r2").value();
  };
  const double r2 = fitted(1.0);
  EXPECT_GT(r2, 0.97);
  for (const double unit : {1e-300, 1e-200, 1e155, 1e200, 1e300}) EXPECT_NEAR(fitted(unit), r2, 1e-12) << unit;
}

TEST(LinearModel, ColumnsThatNearlyRepeatEachOtherEndAtTheExactSolution) {
  const Rng rng(3, RandomStream::test);
  DenseRows rows(2);
  for (std::size_t i = 0; i < 200; ++i) {
    const double a = rng.normal(3 * i);
    rows.append(std::vector<double>{a, a + 1e-6 * rng.normal(3 * i + 1)}, 2.0 * a + 0.1 * rng.normal(3 * i + 2));
  }
  LinearModel model(LinearOptions{});
  const Result result = model.fit(std::move(rows));
  EXPECT_EQ(result.status, Status::converged);
  EXPECT_EQ(result.certificate.value().kind, "exact_solution");
  EXPECT_LE(model.report().relative_gap.value(), 1e-9);
}

}  // namespace
}  // namespace descent::linear

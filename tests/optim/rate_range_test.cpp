#include "descent/optim/rate_range.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "descent/core/error.hpp"
#include "tests/optim/objectives.hpp"

namespace descent {
namespace {

using testing::Given;
using ::testing::HasSubstr;
using testing::Line;
using testing::line_of_b4;
using testing::quadratic;
using testing::rosenbrock;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// factor (f(x) + shift)
Given scaled(Given inner, double factor, double shift = 0.0) {
  const std::size_t n = inner.num_parameters();
  return {n, [inner, factor, shift](View x, MutableView g) mutable {
            const double value = inner.evaluate(x, g);
            for (double& slope : g) slope *= factor;
            return factor * (value + shift);
          }};
}

std::vector<double> zeros(const Objective& objective) { return std::vector<double>(objective.num_parameters(), 0.0); }

RateRange test_of(Objective& objective, const char* chain, const RateRangeOptions& options = {}) {
  return learning_rate_range_test(objective, zeros(objective), parse_chain(chain), options);
}

std::string refusal(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::usage);
    return error.what();
  }
  return "nothing was refused";
}

TEST(RateRange, OnAQuadraticDivergenceBeginsAbove2OverLAndTheSuggestionIsNear1OverL) {
  for (const double condition : {1.0, 10.0, 1e3, 1e5})
    for (const double size : {1e-6, 1.0, 1e6}) {  // L = condition size
      auto f = scaled(quadratic(8, condition), size);
      const RateRange range = test_of(f, "sgd(1)");
      const double largest = condition * size;
      ASSERT_TRUE(range.suggestion && range.diverged_at && range.curvature && range.stable_rate);
      EXPECT_EQ(range.end, RateRangeEnd::risen);
      EXPECT_NEAR(*range.curvature, largest, 1e-4 * largest);
      EXPECT_NEAR(*range.stable_rate, 2.0 / largest, 1e-4 * 2.0 / largest);
      EXPECT_GT(*range.diverged_at, 2.0 / largest);
      EXPECT_LT(*range.diverged_at, 25.0 / largest);
      EXPECT_GT(*range.suggestion, 0.09 / largest) << condition << " " << size;
      EXPECT_LT(*range.suggestion, 1.4 / largest) << condition << " " << size;
      for (std::size_t k = 1; k < range.points.size(); ++k) {
        if (range.points[k].rate < 1.99 / largest) {
          EXPECT_LE(range.points[k].loss, range.points[k - 1].loss) << "below 2 / L every update descends";
        }
      }
    }
}

TEST(RateRange, UnitsOfTheObjectiveMoveTheSuggestionOfSgdAndNotThatOfAdam) {
  for (const double factor : {1e-3, 1e3, 1e9}) {
    auto f = quadratic(5, 30.0), g = scaled(quadratic(5, 30.0), factor);
    const double sgd = *test_of(f, "sgd(1)").suggestion, scaled_sgd = *test_of(g, "sgd(1)").suggestion;
    EXPECT_NEAR(scaled_sgd * factor, sgd, 0.011 * sgd) << "three digits are given";
    const double adam = *test_of(f, "adam(1, epsilon=1e-30)").suggestion;
    EXPECT_NEAR(*test_of(g, "adam(1, epsilon=1e-30)").suggestion, adam, 0.011 * adam);
  }
}

TEST(RateRange, UnitsOfTheParametersMoveTheSuggestionOfAdam) {
  // f(x / 1000), begun at 1000 times the start.
  Given wide{2, [](View x, MutableView g) {
               auto f = rosenbrock();
               const double value = f.evaluate(std::vector<double>{x[0] / 1000.0, x[1] / 1000.0}, g);
               for (double& slope : g) slope /= 1000.0;
               return value;
             }};
  auto f = rosenbrock();
  const Chain adam = parse_chain("adam(1, epsilon=1e-30)");
  const double usual = *learning_rate_range_test(f, {-1.2, 1.0}, adam).suggestion;
  EXPECT_NEAR(*learning_rate_range_test(wide, {-1200.0, 1000.0}, adam).suggestion, 1000.0 * usual, 11.0 * usual);
}

TEST(RateRange, NegativeObjectivesAndOffsetsChangeNothing) {
  auto f = quadratic(4, 10.0);
  const RateRange plain = test_of(f, "sgd(1)");
  for (const double shift : {-1e4, -50.0, 1e4}) {
    auto shifted = scaled(quadratic(4, 10.0), 1.0, shift);
    const RateRange range = test_of(shifted, "sgd(1)");
    EXPECT_EQ(range.suggestion, plain.suggestion) << shift;
    EXPECT_EQ(range.end, RateRangeEnd::risen);
    EXPECT_EQ(range.diverged_at, plain.diverged_at);
  }
}

TEST(RateRange, SamGetsItsSecondGradientAtEveryRate) {
  Given slope{1, [](View x, MutableView g) {
                if (!g.empty()) g[0] = x[0];
                return 0.5 * x[0] * x[0];
              }};
  const RateRange range =
      learning_rate_range_test(slope, {3.0}, parse_chain("sam(0.5) | sgd(1)"), {.from = 1e-3, .to = 4.0});
  double x = 3.0;
  ASSERT_GT(range.points.size(), 50U);
  for (const RatePoint& point : range.points) {
    x -= point.rate * (x + (x > 0.0 ? 0.5 : -0.5));
    EXPECT_NEAR(point.loss, 0.5 * x * x, 1e-12 * (1.0 + point.loss));
  }
  EXPECT_GT(range.evaluations, 2 * range.updates);
  EXPECT_GT(*range.suggestion, 0.05);
  EXPECT_LT(*range.suggestion, 1.0);
}

TEST(RateRange, ASuggestionThatDoesNotHoldFromTheStartIsCut) {
  // x^4 far out: its curvature falls so quickly on the way down that growing rates never rise; from the start, rates
  // above 2 / (4 x^2) = 5e-13 do.
  Given quartic{1, [](View x, MutableView g) {
                  if (!g.empty()) g[0] = 4.0 * x[0] * x[0] * x[0];
                  return x[0] * x[0] * x[0] * x[0];
                }};
  const RateRange range = learning_rate_range_test(quartic, {1e6}, parse_chain("sgd(1)"));
  ASSERT_TRUE(range.suggestion && range.readings.tenth);
  EXPECT_EQ(range.end, RateRangeEnd::range_end);
  EXPECT_GT(*range.readings.tenth, 5e-13);
  EXPECT_LT(*range.suggestion, 5e-13);
  EXPECT_GT(*range.suggestion, 5e-13 / 5.0);
  EXPECT_THAT(range.advice, HasSubstr("divided by 256"));
}

TEST(RateRange, KinksAndStartsFarFromTheMinimumHaveASuggestion) {
  // A kink: no curvature to go by.
  Given kink{1, [](View x, MutableView g) {
               if (!g.empty()) g[0] = x[0] > 3.0 ? 1.0 : -1.0;
               return std::fabs(x[0] - 3.0);
             }};
  const RateRange kinked = learning_rate_range_test(kink, {1000.0}, parse_chain("sgd(1)"));
  ASSERT_TRUE(kinked.suggestion);
  EXPECT_GT(*kinked.suggestion, 0.1);
  EXPECT_LT(*kinked.suggestion, 500.0);
}

TEST(RateRange, FlatOrUndefinedStartsAreRefused) {
  Given flat{2, [](View, MutableView g) {
               for (double& slope : g) slope = 0.0;
               return 1.0;
             }};
  EXPECT_THAT(refusal([&] { (void)test_of(flat, "sgd(1)"); }), HasSubstr("gradient is exactly 0"));
  Given undefined{1, [](View, MutableView g) {
                    if (!g.empty()) g[0] = 1.0;
                    return std::nan("");
                  }};
  EXPECT_THAT(refusal([&] { (void)test_of(undefined, "sgd(1)"); }), HasSubstr("not finite"));
}

/// x^2 where |x| < 2, nothing beyond.
Given walled() {
  return {1, [](View x, MutableView g) {
            if (!g.empty()) g[0] = 2.0 * x[0];
            return std::fabs(x[0]) < 2.0 ? x[0] * x[0] : std::nan("");
          }};
}

TEST(RateRange, NotFiniteAfterTheFirstUpdateIsSaidAndNothingIsSuggested) {
  auto f = walled();
  const RateRange range = learning_rate_range_test(f, {1.5}, parse_chain("sgd(1)"), {.from = 100.0, .to = 1000.0});
  EXPECT_EQ(range.end, RateRangeEnd::not_finite);
  EXPECT_EQ(range.diverged_at, 100.0);
  EXPECT_EQ(range.points.size(), 1U);
  EXPECT_FALSE(range.suggestion);
  EXPECT_THAT(range.reason, HasSubstr("not finite"));
  EXPECT_THAT(range.advice, HasSubstr("begin lower"));
}

TEST(RateRange, RisingFromTheFirstRateOnIsToldAtTheFirstRate) {
  auto f = quadratic(3, 5.0);
  const RateRange range = test_of(f, "sgd(1)", {.from = 10.0, .to = 1000.0});
  EXPECT_EQ(range.end, RateRangeEnd::risen);
  EXPECT_EQ(range.diverged_at, 10.0);
  EXPECT_EQ(range.points.size(), 1U);
  EXPECT_FALSE(range.suggestion);
}

TEST(RateRange, ObjectivesOfAnySizeHaveARange) {
  for (const double size : {1e-300, 1e300}) {
    auto f = scaled(quadratic(2, 1.0), size);
    const RateRange range = test_of(f, "sgd(1)");
    EXPECT_FALSE(range.points.empty()) << size;
    for (const RatePoint& point : range.points) EXPECT_TRUE(std::isfinite(point.rate));
  }
}

TEST(RateRange, ARangeThatIsGivenIsKeptAndOneThatIsFoundEndsWhereItDiverges) {
  auto f = walled();
  const RateRange given =
      learning_rate_range_test(f, {1.5}, parse_chain("sgd(1)"), {.from = 1e-4, .to = 1e-2, .num_steps = 50});
  EXPECT_EQ(given.end, RateRangeEnd::range_end);
  ASSERT_EQ(given.points.size(), 50U);
  EXPECT_EQ(given.points.front().rate, 1e-4);
  EXPECT_EQ(given.points.back().rate, 1e-2);
  EXPECT_NEAR(given.points[49].rate / given.points[48].rate, given.points[1].rate / given.points[0].rate, 1e-12);
  EXPECT_EQ(given.restarts, 0U);
  EXPECT_THAT(given.advice, HasSubstr("still falling at the last rate"));
  const RateRange found = learning_rate_range_test(f, {1.5}, parse_chain("sgd(1)"));
  EXPECT_GT(found.diverged_at.value(), 1.0);
}

TEST(RateRange, TheStartIsNotChangedAndEveryUpdateIsCounted) {
  auto f = quadratic(3, 5.0);
  const std::vector<double> start{0.5, -1.0, 2.0};
  const std::vector<double> kept = start;
  const RateRange range = learning_rate_range_test(f, start, parse_chain("momentum(1)"));
  EXPECT_EQ(start, kept);
  EXPECT_EQ(range.evaluations, f.calls);
  EXPECT_EQ(range.updates, range.points.size() + 2 * 200);  // the runs with the suggestion and with a quarter of it
  EXPECT_EQ(range.optimizer, to_text(with_learning_rate(parse_chain("momentum(1)"), *range.suggestion)));
}

TEST(RateRange, AStopTokenEndsItWithoutASuggestion) {
  auto f = quadratic(3, 5.0);
  StopSource source;
  RateRangeOptions options{.observer =
                               [&](std::uint64_t updates) {
                                 if (updates == 30) source.request_stop();
                                 return true;
                               },
                           .stop = source.token()};
  const RateRange range = test_of(f, "sgd(1)", options);
  EXPECT_EQ(range.end, RateRangeEnd::interrupted);
  EXPECT_EQ(range.updates, 31U);
  EXPECT_EQ(range.points.size(), 31U);
  EXPECT_FALSE(range.suggestion);
  // While the suggestion is tried, too.
  const RateRange whole = test_of(f, "sgd(1)");
  const std::uint64_t late = whole.updates - 5;
  const RateRange cut = test_of(f, "sgd(1)", {.observer = [&](std::uint64_t updates) { return updates < late; }});
  EXPECT_EQ(cut.end, RateRangeEnd::interrupted);
  EXPECT_FALSE(cut.suggestion);
}

TEST(RateRange, BatchesAreSmoothedAndFollowTheOrderOfMinimizeSum) {
  auto f = line_of_b4();
  const RateRange range = learning_rate_range_test(f, {0.0, 0.0}, sgd(1.0), {.batch_size = 10, .seed = 3});
  ASSERT_TRUE(range.suggestion);
  auto g = line_of_b4();
  (void)minimize_sum(g, {0.0, 0.0}, sgd(1e-9),
                     {.run = {.max_steps = 40, .gradient_tolerance = 0}, .batch_size = 10, .seed = 3});
  // The last sweep's batches, before those of the suggestion's own run of 200 updates and 201 batches.
  ASSERT_GT(f.batches.size(), 201U);
  const std::vector<std::vector<std::uint32_t>> own(f.batches.end() - 201, f.batches.end());
  for (std::size_t k = 0; k < 40; ++k) EXPECT_EQ(own[k], g.batches[k]) << k;
  // The mean is that of its definition.
  double mean = 0.0, weight = 1.0;
  for (const RatePoint& point : range.points) {
    mean = 0.9 * mean + (1.0 - 0.9) * point.loss;
    weight *= 0.9;
    EXPECT_NEAR(point.smoothed, mean / (1.0 - weight), 1e-12 * std::fabs(point.smoothed));
  }
  // The suggestion is of use: a fit in batches comes near the exact line.
  auto h = line_of_b4(), exact = line_of_b4();
  const Result fit = minimize_sum(h, {0.0, 0.0}, sgd(*range.suggestion),
                                  {.run = {.max_steps = 2000, .gradient_tolerance = 0}, .batch_size = 10});
  const Result best = minimize(exact, {0.0, 0.0});
  EXPECT_LT(fit.value - best.value, 0.05 * (exact.value(std::vector<double>{0.0, 0.0}) - best.value));
}

TEST(RateRange, AllRowsGiveWhatTheObjectiveGives) {
  auto f = line_of_b4(), g = line_of_b4();
  const RateRange rows = learning_rate_range_test(f, {0.0, 0.0}, adam(1.0));
  const RateRange whole = learning_rate_range_test(static_cast<Objective&>(g), {0.0, 0.0}, adam(1.0));
  EXPECT_EQ(rows.suggestion, whole.suggestion);
  ASSERT_EQ(rows.points.size(), whole.points.size());
  for (std::size_t k = 0; k < rows.points.size(); ++k) {
    EXPECT_EQ(rows.points[k].loss, whole.points[k].loss);
    EXPECT_EQ(rows.points[k].smoothed, rows.points[k].loss);
  }
}

TEST(RateRange, BoundsAreKept) {
  auto f = quadratic(2, 4.0);
  double low = 0.0;
  Given watched{2, [&](View x, MutableView g) {
                  low = std::min({low, x[0], x[1]});
                  return f.evaluate(x, g);
                }};
  const RateRange range =
      learning_rate_range_test(watched, {3.0, 3.0}, parse_chain("adam(1)"),
                               {.bounds = {{.low = 0.5, .high = kInfinity}, {.low = 0.5, .high = kInfinity}}});
  EXPECT_TRUE(range.suggestion);
  EXPECT_FALSE(range.stable_rate);
  EXPECT_GE(low, 0.0);
}

TEST(RateRange, ChainsWithoutARateToTuneAreRefused) {
  auto f = quadratic(2, 4.0);
  const auto refused = [&](const char* chain) { return refusal([&] { (void)test_of(f, chain); }); };
  EXPECT_THAT(refused("prodigy"), HasSubstr("finds its rate itself"));
  EXPECT_THAT(refused("adam(cosine(0.1, 100))"), HasSubstr("has a schedule"));
  EXPECT_THAT(refused("clip_by_global_norm(1)"), HasSubstr("rate"));
  EXPECT_THAT(refusal([&] { (void)test_of(f, "sgd(1)", {.from = 1.0, .to = 0.5}); }), HasSubstr("must be above from"));
  EXPECT_THAT(refusal([&] { (void)test_of(f, "sgd(1)", {.num_steps = 19}); }), HasSubstr("at least 20"));
  EXPECT_THAT(refusal([&] { (void)test_of(f, "sgd(1)", {.from = -1.0}); }), HasSubstr("rate > 0"));
  EXPECT_THAT(refusal([&] { (void)test_of(f, "sgd(1)", {.smoothing = 1.0}); }), HasSubstr("[0, 1)"));
  EXPECT_THAT(refusal([&] { (void)test_of(f, "sgd(1)", {.rise = 0.0}); }), HasSubstr("> 0"));
}

TEST(RateRange, RulesThatHoldTheirFirstUpdatesBackAreTested) {
  auto f = quadratic(6, 10.0);
  for (const char* chain : {"accumulate(4) | sgd(1)", "soap", "adopt", "clip_by_global_norm(1) | momentum(1)", "lion",
                            "skip_if_not_finite | adam", "torch.sgd(1, momentum=0.9)", "adam | lookahead"})
    EXPECT_TRUE(test_of(f, chain).suggestion) << chain;
}

TEST(RateCurve, ReadingsAreThoseOfTheirDefinitions) {
  // Rates 1, 2, 4, ...: falls of 1, 5, 3, 1, then up.
  std::vector<RatePoint> points;
  double rate = 1.0;
  for (const double loss : {10.0, 9.0, 4.0, 1.0, 0.0, 6.0, 100.0}) {
    points.push_back({.rate = rate, .loss = loss, .smoothed = loss});
    rate *= 2.0;
  }
  const RateReadings readings = read_rate_curve(points, 10.0);
  EXPECT_EQ(readings.lowest, 16.0);
  EXPECT_EQ(readings.tenth, 1.6);
  EXPECT_EQ(readings.steepest, 4.0);
  EXPECT_NEAR(readings.valley.value(), std::sqrt(2.0 * 16.0), 1e-12);  // a tenth of the fall was made at rate 2
  points[5].smoothed = 0.1;                                            // 1 % of the fall above the lowest
  EXPECT_EQ(read_rate_curve(points, 10.0).lowest, 32.0);
  points[5].smoothed = 0.11;
  EXPECT_EQ(read_rate_curve(points, 10.0).lowest, 16.0);
  EXPECT_FALSE(read_rate_curve(points, 10.0, 10.0).lowest) << "a fall that is no more than noise";
  EXPECT_FALSE(read_rate_curve({}, 1.0).lowest);
}

}  // namespace
}  // namespace descent

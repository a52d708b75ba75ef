// sam: the second gradient of an update, by hand and in the loops.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <utility>

#include "descent/core/error.hpp"
#include "descent/optim/chain_state.hpp"
#include "descent/optim/minimize.hpp"
#include "descent/optim/minimize_sum.hpp"
#include "tests/optim/chain_checks.hpp"
#include "tests/optim/memory_archive.hpp"
#include "tests/optim/objectives.hpp"

namespace descent {
namespace {

using ::testing::HasSubstr;

template <class Work>
std::string refusal(const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::usage);
    return error.what();
  }
  return "it was taken";
}

TEST(Sam, DisplacesByRhoAlongTheGradientOrAgainstTheSizeOfEachParameter) {
  const std::vector<double> g{3.0, -4.0}, x{2.0, 0.0};
  std::vector<double> there(2);
  ChainState plain(parse_chain("sam(0.5) | sgd(0.1)"), 2);
  EXPECT_TRUE(plain.displace(g, x, there));
  EXPECT_EQ(there, (std::vector<double>{2.0 + 0.5 * 0.6, -0.5 * 0.8}));
  ChainState adaptive(parse_chain("sam(0.5, adaptive=true) | sgd(0.1)"), 2);
  EXPECT_TRUE(adaptive.displace(g, x, there));
  EXPECT_EQ(there, (std::vector<double>{3.0, 0.0}));  // T g = (6, 0), T^2 g = (12, 0)
  for (const double size : {1e160, 1e-160}) {
    ChainState state(parse_chain("sam(0.5) | sgd(0.1)"), 2);
    EXPECT_TRUE(state.displace(std::vector<double>{3.0 * size, 4.0 * size}, x, there));
    EXPECT_NEAR(there[0], 2.3, 1e-14);
    EXPECT_NEAR(there[1], 0.4, 1e-14);
  }
}

TEST(Sam, NoDirectionIsNoDisplacement) {
  const double nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
  for (const char* text : {"sam | adam(0.1)", "sam(adaptive=true) | adam(0.1)"})
    for (const ChainPath path : {ChainPath::fastest, ChainPath::reference})
      for (const double bad : {0.0, nan, infinity}) {
        ChainState state(parse_chain(text), 2, {.path = path});
        std::vector<double> x{1.0, 1.0}, there(2), g{0.0, bad};
        EXPECT_FALSE(state.displace(g, x, there)) << text << ' ' << bad;
        state.update(g, x);  // the same gradient serves
        EXPECT_EQ(std::isfinite(x[1]), bad == 0.0);
      }
}

TEST(Sam, ByHandAnUpdateIsTwoCallsAndOneAloneIsRefused) {
  ChainState state(parse_chain("sam | adam(0.1)"), 1);
  std::vector<double> x{1.0}, there(1);
  const std::vector<double> g{1.0};
  EXPECT_THAT(refusal([&] { state.update(g, x); }), HasSubstr("ask displace() where"));
  EXPECT_EQ(x[0], 1.0);
  EXPECT_EQ(state.steps(), 0U);
  EXPECT_TRUE(state.displace(g, x, there));
  state.update(g, x);
  EXPECT_THAT(refusal([&] { state.update(g, x); }), HasSubstr("before each update"));
  ChainState other(parse_chain("adam(0.1)"), 1);
  EXPECT_FALSE(other.displaces());
  EXPECT_THAT(refusal([&] { (void)other.displace(g, x, there); }), HasSubstr("no rule of adam(0.1)"));
  const std::vector<std::size_t> rows{0};
  EXPECT_THAT(refusal([&] { state.update_rows({.rows = rows, .values = g}, x); }), HasSubstr("all parameters"));
}

TEST(Sam, StandsOnceInFrontOfRulesThatMove) {
  const auto made = [](const char* text) { return refusal([&] { ChainState state(parse_chain(text), 2); }); };
  EXPECT_THAT(made("clip_by_value(1) | sam | sgd(0.1)"), HasSubstr("at the front of a chain, got clip_by_value(1)"));
  EXPECT_THAT(made("sam | sam | sgd(0.1)"), HasSubstr("it stands once"));
  EXPECT_THAT(made("sam"), HasSubstr("append sgd or adam"));
  EXPECT_THAT(made("sam(eta=0.1) | sgd(0.1)"), HasSubstr("'eta' belongs to adaptive=true"));
  EXPECT_THAT(made("sam(0) | sgd(0.1)"), HasSubstr("'rho' must be a number > 0"));
}

TEST(Sam, LeavesTheFusedKernelsBehindItAlone) {
  EXPECT_TRUE(ChainState(parse_chain("sam | adam(0.1)"), 3).is_fused());
  EXPECT_FALSE(ChainState(parse_chain("sam | adam(0.1)"), 3, {.path = ChainPath::blocks}).is_fused());
}

TEST(Sam, SavedBetweenItsTwoCallsItContinues) {
  ChainState first(parse_chain("sam(0.3) | adam(0.1)"), 3), second = first;
  std::vector<double> x(3, 1.0), there(3);
  update(first, gradient_of(3, 0), x);
  ASSERT_TRUE(first.displace(gradient_of(3, 1), x, there));
  MemoryArchive memory;
  first.save(memory);
  second.load(memory);
  std::vector<double> y = x;
  first.update(gradient_of(3, 2), x);
  second.update(gradient_of(3, 2), y);
  EXPECT_EQ(x, y);
  EXPECT_THROW(ChainState(parse_chain("sam(0.2) | adam(0.1)"), 3).load(memory), Error);
}

/// Counts its evaluations, and keeps where they were.
class Counted final : public Objective {
 public:
  explicit Counted(double limit = std::numeric_limits<double>::infinity()) : limit_(limit) {}
  [[nodiscard]] std::size_t num_parameters() const override { return 2; }
  double evaluate(View x, MutableView gradient) override {
    points.emplace_back(x.begin(), x.end());
    if (!gradient.empty()) {
      gradient[0] = x[0] > limit_ ? std::nan("") : x[0] - 3.0;
      gradient[1] = 4.0 * (x[1] + 1.0);
    }
    return 0.5 * (x[0] - 3.0) * (x[0] - 3.0) + 2.0 * (x[1] + 1.0) * (x[1] + 1.0);
  }
  std::vector<std::vector<double>> points;

 private:
  double limit_;
};

TEST(Sam, MinimizeTakesAndCountsTwoGradientsAnUpdate) {
  Counted f;
  const Result result =
      minimize(f, {0.0, 0.0}, parse_optimizer("sam(0.2) | momentum(0.05)"), {.max_steps = 10, .gradient_tolerance = 0});
  EXPECT_EQ(result.steps, 10U);
  EXPECT_EQ(f.points.size(), 21U);  // the start, and two each
  EXPECT_EQ(result.gradient_evaluations, 21U);
  EXPECT_EQ(result.value_evaluations, 21U);
  ChainState state(parse_chain("sam(0.2) | momentum(0.05)"), 2);
  std::vector<double> x{0.0, 0.0}, there(2), g(2);
  Counted other;
  for (int k = 0; k < 10; ++k) {
    other.evaluate(x, g);
    ASSERT_TRUE(state.displace(g, x, there));
    EXPECT_EQ(f.points[static_cast<std::size_t>(2 * k + 1)], there);
    other.evaluate(there, g);
    state.update(g, x);
  }
  EXPECT_EQ(result.x, x);
}

TEST(Sam, AtAMinimumThereIsNothingToDisplaceAndNothingIsEvaluatedTwice) {
  Counted f;
  const Result result =
      minimize(f, {3.0, -1.0}, parse_optimizer("sam | sgd(0.1)"), {.max_steps = 3, .gradient_tolerance = 0});
  EXPECT_EQ(result.gradient_evaluations, 4U);
  EXPECT_EQ(f.points.size(), 4U);
}

TEST(Sam, ADisplacedPointStaysWithinTheBounds) {
  Counted f;
  (void)minimize(f, {2.5, 0.0}, parse_optimizer("sam(5) | sgd(0.1)"),
                 {.max_steps = 20, .gradient_tolerance = 0, .bounds = {{0.0, 4.0}, {-2.0, 0.5}}});
  for (const std::vector<double>& x : f.points) {
    EXPECT_TRUE(x[0] >= 0.0 && x[0] <= 4.0) << x[0];
    EXPECT_TRUE(x[1] >= -2.0 && x[1] <= 0.5) << x[1];
  }
}

TEST(Sam, AGradientThatIsNotFiniteThereEndsTheRunAndSaysWhere) {
  Counted f(5.0);
  const Result result = minimize(f, {4.9, -1.0}, parse_optimizer("sam(0.5) | sgd(0.1)"), {.max_steps = 20});
  EXPECT_EQ(result.status, Status::diverged);
  EXPECT_THAT(result.reason, HasSubstr("at the start, at the point where sam takes it"));
  EXPECT_EQ(result.x, (std::vector<double>{4.9, -1.0}));
  Counted again(5.0);
  const Result skipped =
      minimize(again, {4.9, -1.0}, parse_optimizer("sam(0.5) | skip_if_not_finite(3) | sgd(0.1)"), {.max_steps = 3});
  EXPECT_EQ(skipped.status, Status::step_limit);  // skipped each time: x stays
  EXPECT_EQ(skipped.x, (std::vector<double>{4.9, -1.0}));
}

/// (x - row)^2 / 2 over rows 0 .. 5; keeps what was asked for.
class Recorded final : public FiniteSum {
 public:
  [[nodiscard]] std::size_t num_parameters() const override { return 1; }
  [[nodiscard]] std::size_t num_terms() const override { return 6; }
  double evaluate(View x, MutableView gradient) override {
    const std::vector<std::uint32_t> rows{0, 1, 2, 3, 4, 5};
    const double value = evaluate_rows(rows, x, gradient);
    asked.pop_back();
    return value;
  }
  double evaluate_rows(std::span<const std::uint32_t> rows, View x, MutableView gradient) override {
    asked.emplace_back(std::vector<std::uint32_t>(rows.begin(), rows.end()), x[0]);
    double value = 0.0, slope = 0.0;
    for (const std::uint32_t row : rows) {
      const double off = x[0] - static_cast<double>(row);
      value += 0.5 * off * off;
      slope += off;
    }
    const double count = static_cast<double>(rows.size());
    if (!gradient.empty()) gradient[0] = slope / count;
    return value / count;
  }
  std::vector<std::pair<std::vector<std::uint32_t>, double>> asked;
};

TEST(Sam, BothGradientsAreOfTheSameBatch) {
  Recorded f;
  const Result result = minimize_sum(f, {10.0}, parse_optimizer("sam(0.5) | sgd(0.1)"),
                                     {.run = {.gradient_tolerance = 0}, .batch_size = 4, .max_epochs = 3, .seed = 5});
  EXPECT_EQ(result.steps, 6U);
  ASSERT_EQ(f.asked.size(), 12U);
  for (std::size_t k = 0; k < f.asked.size(); k += 2) {
    EXPECT_EQ(f.asked[k].first, f.asked[k + 1].first);
    EXPECT_NEAR(std::fabs(f.asked[k + 1].second - f.asked[k].second), 0.5, 1e-14);
  }
  EXPECT_EQ(result.gradient_evaluations, 14U);  // the start and the end are of all rows
}

}  // namespace
}  // namespace descent

// Least squares through minimize().
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "descent/core/error.hpp"
#include "descent/core/residual_objective.hpp"
#include "descent/optim/minimize.hpp"
#include "descent/parallel/reduce.hpp"
#include "descent/simd/reduce.hpp"
#include "src/optim/triangle.hpp"

namespace descent {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// r and its Jacobian as a function of x; counts what is asked.
class Residuals final : public ResidualObjective {
 public:
  using Function = std::function<void(View x, MutableView r, MutableView jacobian)>;  // jacobian: column by column
  Residuals(std::size_t n, std::size_t m, Function f) : n_(n), m_(m), f_(std::move(f)) {}

  [[nodiscard]] std::size_t num_parameters() const override { return n_; }
  [[nodiscard]] std::size_t num_residuals() const override { return m_; }
  void residual_rows(View x, std::size_t /*begin*/, MutableView r, MutableView jacobian) override {
    ++values;
    jacobians += jacobian.empty() ? 0 : 1;
    f_(x, r, jacobian);
  }
  double evaluate(View x, MutableView gradient) override {
    ++values;
    jacobians += gradient.empty() ? 0 : 1;
    std::vector<double> r(m_), jacobian(n_ * m_);
    f_(x, r, jacobian);
    for (std::size_t j = 0; j < gradient.size(); ++j) gradient[j] = simd::dot(View(jacobian).subspan(j * m_, m_), r);
    std::vector<double> sums;
    for (std::size_t i = 0; i < m_; i += parallel::kRowsPerBlock)
      sums.push_back(simd::squared_norm(View(r).subspan(i, std::min(parallel::kRowsPerBlock, m_ - i))));
    return 0.5 * parallel::tree_sum(sums);
  }
  std::uint64_t values = 0, jacobians = 0;

 private:
  std::size_t n_, m_;
  Function f_;
};

Residuals rosenbrock() {
  return {2, 2, [](View x, MutableView r, MutableView jacobian) {
            r[0] = 10.0 * (x[1] - x[0] * x[0]);
            r[1] = 1.0 - x[0];
            if (jacobian.empty()) return;
            jacobian[0] = -20.0 * x[0];
            jacobian[1] = -1.0;
            jacobian[2] = 10.0;
            jacobian[3] = 0.0;
          }};
}

/// Four rows that no line goes through.
Residuals line() {
  return {2, 4, [](View x, MutableView r, MutableView jacobian) {
            const double t[] = {0, 1, 2, 3}, y[] = {1, 3, 2, 5};
            for (std::size_t i = 0; i < 4; ++i) {
              r[i] = x[0] + x[1] * t[i] - y[i];
              if (jacobian.empty()) continue;
              jacobian[i] = 1.0;
              jacobian[4 + i] = t[i];
            }
          }};
}

const Optimizer kMethod(Method::levenberg_marquardt);

TEST(LevenbergMarquardt, SolvesALineInOneStepWithACertificate) {
  Residuals objective = line();
  const Result result = minimize(objective, {100.0, -30.0}, kMethod, {.gradient_tolerance = 0.0});
  EXPECT_EQ(result.status, Status::converged) << result.reason;
  EXPECT_EQ(result.certificate->kind, "relative_offset");
  EXPECT_LE(result.certificate->bound, 1e-12);
  EXPECT_NEAR(result.x[0], 1.1, 1e-13);
  EXPECT_NEAR(result.x[1], 1.1, 1e-13);
  EXPECT_LE(result.steps, 4U);
}

TEST(LevenbergMarquardt, IsWhatAutoTakesForResiduals) {
  Residuals objective = rosenbrock();
  const Result result = minimize(objective, {-1.2, 1.0});
  EXPECT_EQ(result.optimizer, "levenberg_marquardt");
  EXPECT_EQ(result.status, Status::converged);
  EXPECT_NEAR(result.x[0], 1.0, 1e-8);
}

TEST(LevenbergMarquardt, CountsWhatItAsksAndGivesTheValueAtItsPoint) {
  Residuals objective = rosenbrock();
  const Result result = minimize(objective, {-1.2, 1.0}, kMethod);
  EXPECT_EQ(result.value_evaluations, objective.values);
  EXPECT_EQ(result.gradient_evaluations, objective.jacobians);
  EXPECT_EQ(result.value, objective.value(result.x));
}

TEST(LevenbergMarquardt, TheValueNeverRises) {
  Residuals objective = rosenbrock();
  double last = std::numeric_limits<double>::infinity();
  MinimizeOptions options{.observer = [&](const StepInfo& info) {
    EXPECT_LE(info.objective, last);
    last = info.objective;
    return true;
  }};
  (void)minimize(objective, {-1.2, 1.0}, kMethod, options);
}

TEST(LevenbergMarquardt, HoldsBoundsAndIsCertifiedWithinThem) {
  Residuals objective = line();
  const MinimizeOptions options{.gradient_tolerance = 0.0, .bounds = {{2.0, 3.0}, {-10.0, 10.0}}};
  const Result result = minimize(objective, {2.5, 0.0}, kMethod, options);
  EXPECT_EQ(result.status, Status::converged) << result.reason;
  EXPECT_EQ(result.x[0], 2.0);
  // sum t (y - 2) / sum t^2
  EXPECT_NEAR(result.x[1], 10.0 / 14.0, 1e-13);
  EXPECT_EQ(result.information->num_free, 1U);
  EXPECT_NEAR(result.information->inverse[3], 1.0 / 14.0, 1e-14);
  EXPECT_EQ(result.information->inverse[0], 0.0);
  // A start outside is moved inside.
  EXPECT_EQ(minimize(objective, {-7.0, 0.0}, kMethod, options).x[0], 2.0);
}

TEST(LevenbergMarquardt, SaysWhichParametersTheResidualsDoNotTellApart) {
  Residuals objective(3, 4, [](View x, MutableView r, MutableView jacobian) {
    const double t[] = {0, 1, 2, 3}, y[] = {1, 3, 2, 5};
    for (std::size_t i = 0; i < 4; ++i) {
      r[i] = (x[0] + x[1]) * t[i] + x[2] - y[i];
      if (jacobian.empty()) continue;
      jacobian[i] = jacobian[4 + i] = t[i];
      jacobian[8 + i] = 1.0;
    }
  });
  const Result result = minimize(objective, {0.0, 0.0, 0.0}, kMethod, {.gradient_tolerance = 0.0});
  EXPECT_EQ(result.status, Status::converged) << result.reason;
  EXPECT_NEAR(result.x[0] + result.x[1], 1.1, 1e-12);
  EXPECT_EQ(result.information->rank, 2U);
  EXPECT_THAT(result.information->dependent, ElementsAre(0, 1));
  EXPECT_TRUE(std::isnan(result.information->inverse[0]));
  EXPECT_TRUE(std::isnan(result.information->inverse[4]));
  // What is told apart has its error: that of the constant of a line.
  EXPECT_NEAR(result.information->inverse[8], 14.0 / 20.0, 1e-13);
}

TEST(LevenbergMarquardt, TheInverseIsThatOfJTransposedJ) {
  Residuals objective = line();
  const Result result = minimize(objective, {0.0, 0.0}, kMethod, {.gradient_tolerance = 0.0});
  // J^T J = [4 6; 6 14]
  const double determinant = 4.0 * 14.0 - 36.0;
  const std::vector<double> expected{14.0 / determinant, -6.0 / determinant, -6.0 / determinant, 4.0 / determinant};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(result.information->inverse[i], expected[i], 1e-14);
  // Columns of one length have the cosine 6 / sqrt(56) between them.
  const double cosine = 6.0 / std::sqrt(56.0);
  EXPECT_NEAR(result.information->condition, std::sqrt((1 + cosine) / (1 - cosine)), 1e-13);
}

TEST(LevenbergMarquardt, APlateauIsNoMinimumAndIsNotCalledOne) {
  // exp(-x t) is 1e-130 and less at the start: the residuals hardly depend on x there.
  Residuals objective(1, 3, [](View x, MutableView r, MutableView jacobian) {
    const double t[] = {1, 2, 3}, y[] = {0.5, 0.3, 0.1};
    for (std::size_t i = 0; i < 3; ++i) {
      r[i] = std::exp(-x[0] * t[i]) - y[i];
      if (!jacobian.empty()) jacobian[i] = -t[i] * std::exp(-x[0] * t[i]);
    }
  });
  const Result result = minimize(objective, {300.0}, kMethod, {.gradient_tolerance = 0.0});
  EXPECT_EQ(result.status, Status::small_change);
  EXPECT_FALSE(result.certificate);
  EXPECT_THAT(result.reason, HasSubstr("nothing proves a minimum"));
}

TEST(LevenbergMarquardt, ValuesThatAreNotFiniteAreTooFarOrTheEnd) {
  for (const std::uint64_t bad : {0U, 1U, 2U, 3U, 5U, 8U}) {
    std::uint64_t calls = 0;
    Residuals objective(2, 2, [&](View x, MutableView r, MutableView jacobian) {
      const double spoilt = calls++ == bad ? std::nan("") : 0.0;
      r[0] = 10.0 * (x[1] - x[0] * x[0]) + spoilt;
      r[1] = 1.0 - x[0];
      if (jacobian.empty()) return;
      jacobian[0] = -20.0 * x[0] + spoilt;
      jacobian[1] = -1.0;
      jacobian[2] = 10.0;
      jacobian[3] = 0.0;
    });
    const Result result = minimize(objective, {-1.2, 1.0}, kMethod);
    EXPECT_TRUE(bad < 2 ? result.status == Status::diverged : result.status == Status::converged)
        << bad << ": " << to_text(result.status) << ": " << result.reason;
  }
}

TEST(LevenbergMarquardt, WantsResiduals) {
  class Plain final : public Objective {
   public:
    [[nodiscard]] std::size_t num_parameters() const override { return 1; }
    double evaluate(View x, MutableView gradient) override {
      for (double& slope : gradient) slope = 2.0 * x[0];
      return x[0] * x[0];
    }
  } objective;
  EXPECT_THROW((void)minimize(objective, {1.0}, kMethod), Error);
}

TEST(Triangle, BlocksOfRowsGiveTheTriangleOfAllOfThem) {
  // [A b], 5 rows of 2 + 1 columns, in one block and in two.
  const std::vector<double> a{1, 2, 3, 4, 5}, c{2, 1, 0, 1, 3}, b{1, -1, 2, 0, 4};
  Triangle whole(2), parts(2);
  std::vector<double> block;
  for (const auto* column : {&a, &c, &b}) block.insert(block.end(), column->begin(), column->end());
  whole.absorb(block, 5);
  block.clear();
  for (const auto* column : {&a, &c, &b}) block.insert(block.end(), column->begin(), column->begin() + 2);
  parts.absorb(block, 2);
  block.clear();
  for (const auto* column : {&a, &c, &b}) block.insert(block.end(), column->begin() + 2, column->end());
  parts.absorb(block, 3);
  EXPECT_NEAR(whole.rho(), parts.rho(), 1e-14);
  EXPECT_NEAR(whole.column_norm(0), std::sqrt(55.0), 1e-13);
  EXPECT_NEAR(whole.column_norm(1), parts.column_norm(1), 1e-14);
  std::vector<double> gradient(2);
  whole.gradient(gradient);
  EXPECT_NEAR(gradient[0], 25.0, 1e-13);  // a . b
  EXPECT_NEAR(gradient[1], 13.0, 1e-13);  // c . b
}

TEST(Triangle, PivotsPutColumnsThatOthersExplainLast) {
  // The second column is twice the first.
  std::vector<double> block{1, 2, 3, 2, 4, 6, 1, 0, 1, 5, 5, 5};
  Triangle triangle(3);
  triangle.absorb(block, 3);
  const PivotedTriangle pivoted = pivot(triangle, std::vector<double>{1, 1, 1}, {0, 1, 2});
  EXPECT_EQ(pivoted.rank, 2U);
  EXPECT_EQ(pivoted.columns[0], 1U);
  EXPECT_EQ(pivoted.columns[2], 0U);
}

}  // namespace
}  // namespace descent

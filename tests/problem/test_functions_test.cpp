#include "descent/problem/test_functions.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "descent/core/error.hpp"
#include "descent/core/random.hpp"
#include "descent/problem/gradient_check.hpp"

namespace descent {
namespace {

/// Every function as its example and by name, those of any dimension also in 12 (by the tape).
std::vector<std::string> all_texts() {
  std::vector<std::string> texts;
  for (const auto& named : test_function_registry().items()) {
    texts.push_back(named.entry.example);
    texts.push_back(named.entry.name);
    if (!named.entry.params.empty()) texts.push_back(named.entry.name + "(dimension=12)");
  }
  return texts;
}

TEST(TestFunctions, HaveTheirMinimumWhereTheySay) {
  const Rng rng(3, RandomStream::test);
  std::uint64_t index = 0;
  for (const std::string& text : all_texts()) {
    SCOPED_TRACE(text);
    TestProblem problem = make_test_problem(text);
    EXPECT_NEAR(problem.objective->value(problem.minimizer), problem.minimum, 1e-12 * (1 + std::fabs(problem.minimum)));
    for (int i = 0; i < 100; ++i) {  // nothing nearby or far away is lower
      std::vector<double> x = problem.minimizer;
      for (double& v : x) v += (i % 2 == 0 ? 0.01 : 4.0) * rng.normal(index++);
      EXPECT_GT(problem.objective->value(x), problem.minimum);
    }
    if (text.find("ackley") == 0) continue;  // a cusp
    std::vector<double> g(problem.minimizer.size());
    problem.objective->evaluate(problem.minimizer, g);
    for (const double slope : g) EXPECT_NEAR(slope, 0.0, 1e-10);
  }
}

TEST(TestFunctions, HaveRightGradients) {
  const Rng rng(4, RandomStream::test);
  std::uint64_t index = 0;
  for (const std::string& text : all_texts()) {
    TestProblem problem = make_test_problem(text);
    for (int i = 0; i < 3; ++i) {
      std::vector<double> x = problem.start;
      for (double& v : x) v += 0.3 * rng.normal(index++);
      const GradientCheck check = check_gradient(*problem.objective, x);
      EXPECT_TRUE(check.ok) << text << ": " << check.text;
      for (const GradientComponent& c : check.components) EXPECT_EQ(c.verdict, GradientComponent::Verdict::agrees);
    }
  }
}

TEST(TestFunctions, StartWhereTextbooksDo) {
  EXPECT_EQ(make_test_problem("rosenbrock").start, (std::vector<double>{-1.2, 1.0}));
  EXPECT_DOUBLE_EQ(make_test_problem("rosenbrock").objective->value(std::vector<double>{-1.2, 1.0}), 24.2);
  TestProblem powell = make_test_problem("powell_singular");
  EXPECT_DOUBLE_EQ(powell.objective->value(powell.start), 215.0);
  TestProblem wood = make_test_problem("wood");
  EXPECT_DOUBLE_EQ(wood.objective->value(wood.start), 19192.0);
}

TEST(TestFunctions, RefuseWhatTheyCannotBe) {
  EXPECT_THROW(static_cast<void>(make_test_problem("rosenbrok")), Error);
  EXPECT_THROW(static_cast<void>(make_test_problem("rosenbrock(dimension=1)")), Error);
  EXPECT_THROW(static_cast<void>(make_test_problem("booth(dimension=3)")), Error);
  EXPECT_THROW(static_cast<void>(make_test_problem("ellipsoid(condition=0.5)")), Error);
}

}  // namespace
}  // namespace descent

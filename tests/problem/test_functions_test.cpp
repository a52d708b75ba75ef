#include "descent/problem/test_functions.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "descent/core/error.hpp"
#include "descent/core/random.hpp"
#include "descent/problem/formula_objective.hpp"
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

/// What rounding x and the residuals leaves of the gradient at a minimum: its columns meet residuals that are off by
/// eps of what they are differences of.
std::vector<double> rounding_of_gradient(TestProblem& problem) {
  const std::size_t n = problem.minimizer.size();
  if (problem.residuals == nullptr) return std::vector<double>(n, 1e-10);
  const std::size_t m = problem.residuals->num_residuals();
  std::vector<double> r(m), jacobian(n * m), result;
  problem.residuals->residual_rows(problem.minimizer, 0, r, jacobian);
  std::vector<double> lengths;
  double size = 1.0;
  for (std::size_t j = 0; j < n; ++j) {
    double total = 0.0;
    for (std::size_t i = 0; i < m; ++i) total += jacobian[j * m + i] * jacobian[j * m + i];
    lengths.push_back(std::sqrt(total));
    size += lengths.back() * std::fabs(problem.minimizer[j]);
  }
  for (const double length : lengths) result.push_back(1e-15 * size * (1.0 + length));
  return result;
}

TEST(TestFunctions, AreManyEachWithItsOwnName) { EXPECT_GE(test_function_registry().items().size(), 40U); }

TEST(TestFunctions, HaveTheirMinimumWhereTheySay) {
  const Rng rng(3, RandomStream::test);
  std::uint64_t index = 0;
  for (const std::string& text : all_texts()) {
    SCOPED_TRACE(text);
    TestProblem problem = make_test_problem(text);
    if (problem.minimizer.empty()) continue;
    const double value = problem.objective->value(problem.minimizer);
    EXPECT_NEAR(value, problem.minimum, 4e-12 * (1.0 + std::fabs(problem.minimum)));  // Meyer's cancels most
    EXPECT_NEAR(value, problem.minimum, 1e-9 * std::fabs(problem.minimum) + 1e-15);   // the small ones as well
    for (int i = 0; i < 100; ++i) {  // nothing nearby or far away is lower
      std::vector<double> x = problem.minimizer;
      for (double& v : x) v += (i % 2 == 0 ? 0.01 : 4.0) * rng.normal(index++);
      EXPECT_FALSE(problem.objective->value(x) <= problem.minimum);  // or not finite
    }
    for (const double other : problem.other_minima) EXPECT_GT(other, problem.minimum);
    if (text.find("ackley") == 0) continue;  // a cusp
    std::vector<double> g(problem.minimizer.size());
    problem.objective->evaluate(problem.minimizer, g);
    const std::vector<double> rounding = rounding_of_gradient(problem);
    for (std::size_t j = 0; j < g.size(); ++j) EXPECT_NEAR(g[j], 0.0, rounding[j]) << j;
  }
}

/// Around the start, where every term counts.
std::vector<double> moved_start(const TestProblem& problem, const Rng& rng, std::uint64_t& index) {
  std::vector<double> x = problem.start;
  for (double& v : x) v *= 1.0 + 0.1 * rng.normal(index++);
  for (double& v : x) v += 0.01 * rng.normal(index++);
  return x;
}

TEST(TestFunctions, AreTwiceTheirResidualObjectives) {
  const Rng rng(5, RandomStream::test);
  std::uint64_t index = 0;
  int squares = 0;
  for (const std::string& text : all_texts()) {
    SCOPED_TRACE(text);
    TestProblem problem = make_test_problem(text);
    if (problem.residuals == nullptr) continue;
    ++squares;
    const std::size_t n = problem.start.size();
    const std::size_t m = problem.residuals->num_residuals();
    const std::vector<double> x = moved_start(problem, rng, index);
    std::vector<double> gradient(n), half(n), r(m), jacobian(n * m);
    const double value = problem.objective->evaluate(x, gradient);
    EXPECT_NEAR(2.0 * problem.residuals->evaluate(x, half), value, 1e-14 * value);
    problem.residuals->residual_rows(x, 0, r, jacobian);
    for (std::size_t j = 0; j < n; ++j) {
      double slope = 0.0, size = 0.0;
      for (std::size_t i = 0; i < m; ++i) {
        slope += 2.0 * r[i] * jacobian[j * m + i];
        size += std::fabs(2.0 * r[i] * jacobian[j * m + i]);
      }
      EXPECT_NEAR(gradient[j], slope, 1e-13 * size);
      EXPECT_NEAR(2.0 * half[j], slope, 1e-13 * size);
      EXPECT_EQ(problem.residuals->parameter_name(j), problem.objective->parameter_name(j));
    }
  }
  EXPECT_GE(squares, 37);
}

TEST(TestFunctions, AreWhatTheirFormulasSay) {
  const Rng rng(6, RandomStream::test);
  std::uint64_t index = 0;
  for (const std::string& text : all_texts()) {
    SCOPED_TRACE(text);
    TestProblem problem = make_test_problem(text);
    if (problem.formula.empty()) {
      EXPECT_EQ(text, "chebyquad(dimension=12)");
      continue;
    }
    FormulaObjective formula(problem.formula);
    const std::vector<double> x = moved_start(problem, rng, index);
    std::vector<double> named, g(x.size()), slopes(formula.num_parameters());
    std::vector<std::size_t> places;
    for (const std::string& name : formula.variables())
      for (std::size_t j = 0; j < x.size(); ++j)
        if (problem.objective->parameter_name(j) == name) places.push_back(j);
    for (const std::size_t j : places) named.push_back(x[j]);
    ASSERT_EQ(named.size(), formula.num_parameters());
    const double value = problem.objective->evaluate(x, g);
    EXPECT_NEAR(formula.evaluate(named, slopes), value, 1e-12 * std::fabs(value));
    double largest = 0.0;
    for (const double slope : g) largest = std::fmax(largest, std::fabs(slope));
    for (std::size_t k = 0; k < places.size(); ++k) EXPECT_NEAR(slopes[k], g[places[k]], 1e-11 * largest);
  }
}

// tests/golden/test_functions.py: the paper once more, with numbers of 60 digits.
TEST(TestFunctions, AreThoseOfMoreGarbowAndHillstrom) {
  std::ifstream file(DESCENT_SOURCE_DIR "/tests/golden/test_functions.txt");
  std::string line, text;
  ASSERT_TRUE(std::getline(file, line) && line.starts_with("# mpmath"));
  TestProblem problem;
  std::set<std::string> names;
  std::size_t n = 0, m = 0;
  bool least = true;
  while (std::getline(file, line)) {
    std::istringstream words(line);
    std::string key;
    words >> key;
    if (key == "problem") {
      words >> text >> n >> m;
      problem = make_test_problem(text);
      names.insert(parse_call(text).name);
      least = true;
      ASSERT_EQ(problem.start.size(), n) << text;
      ASSERT_EQ(problem.residuals->num_residuals(), m) << text;
      continue;
    }
    SCOPED_TRACE(text + " " + key);
    std::vector<double> numbers;
    for (double v = 0.0; words >> v;) numbers.push_back(v);
    if (key == "start") {
      for (std::size_t j = 0; j < n; ++j) EXPECT_DOUBLE_EQ(problem.start[j], numbers[j]);
    } else if (key == "residuals" || key == "scaled") {
      std::vector<double> x = problem.start, r(m), jacobian(n * m);
      const bool zero = std::all_of(x.begin(), x.end(), [](double v) { return v == 0.0; });
      if (key == "scaled")
        for (double& v : x) v = zero ? 10.0 : 10.0 * v;
      problem.residuals->residual_rows(x, 0, r, jacobian);
      for (std::size_t i = 0; i < m; ++i) EXPECT_NEAR(r[i], numbers[i], 1e-13 * (1.0 + std::fabs(numbers[i]))) << i;
    } else if (least) {
      EXPECT_NEAR(problem.minimum, numbers[0], 1e-15 * numbers[0]);
      for (std::size_t j = 1; j < numbers.size(); ++j) EXPECT_DOUBLE_EQ(problem.minimizer[j - 1], numbers[j]);
      least = false;
    } else {
      EXPECT_EQ(std::count(problem.other_minima.begin(), problem.other_minima.end(), numbers[0]), 1) << numbers[0];
      const std::vector<double> x(numbers.begin() + 1, numbers.end());
      if (x.empty()) continue;
      EXPECT_NEAR(problem.objective->value(x), numbers[0], 1e-12 * numbers[0]);
    }
  }
  EXPECT_EQ(names.size(), 35U);
}

TEST(TestFunctions, HaveRightGradients) {
  const Rng rng(4, RandomStream::test);
  std::uint64_t index = 0;
  for (const std::string& text : all_texts()) {
    // Differences do not see a variable beside 1e12, and do not settle where steps of 0.1 move rates of 0.01.
    if (text == "brown_badly_scaled" || text == "osborne_1") continue;
    TestProblem problem = make_test_problem(text);
    for (int i = 0; i < 3; ++i) {
      const std::vector<double> x = moved_start(problem, rng, index);
      const GradientCheck check = check_gradient(*problem.objective, x);
      EXPECT_TRUE(check.ok) << text << ": " << check.text;
      for (const GradientComponent& c : check.components)
        EXPECT_EQ(c.verdict, GradientComponent::Verdict::agrees) << text;
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
  EXPECT_THROW(static_cast<void>(make_test_problem("extended_rosenbrock(dimension=5)")), Error);
  EXPECT_THROW(static_cast<void>(make_test_problem("watson(dimension=32)")), Error);
  EXPECT_THROW(static_cast<void>(make_test_problem("ellipsoid(condition=0.5)")), Error);
}

}  // namespace
}  // namespace descent

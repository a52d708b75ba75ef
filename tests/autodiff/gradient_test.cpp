#include "descent/autodiff/gradient.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "autodiff/count_allocations.hpp"
#include "autodiff/rosenbrock.hpp"

namespace descent::autodiff {
namespace {

const auto logistic = [](const auto& x) {
  auto total = 0.05 * squared_norm(x);
  constexpr double kSign[] = {1, -1, 1, 1, -1, -1};
  std::vector<double> row(x.size());
  for (int i = 0; i < 6; ++i) {
    for (std::size_t j = 0; j < row.size(); ++j) row[j] = std::sin((i + 1.0) * (static_cast<double>(j) + 1.0));
    total += softplus(-kSign[i] * dot(View(row), x));
  }
  return total;
};

const auto mixed = [](const auto& x) {
  auto s = x[0] * 0;
  double i = 0;
  for (const auto& v : x) {
    s += sin(v) * exp(-v * v) + atan2(v, 1 + v * v) / (i + 1);
    s += tanh(v) * log1p(v * v) + sqrt(1 + v * v) * abs(v);
    s += max(v, v * v) + pow(1 + abs(v), 1.5);
    ++i;
  }
  return s + log_sum_exp(x);
};

template <class F>
void expect_golden(const std::string& wanted, const F& f) {
  std::ifstream file(DESCENT_SOURCE_DIR "/tests/golden/autodiff.txt");
  std::string line;
  int cases = 0;
  while (std::getline(file, line)) {
    std::istringstream words(line);
    std::string name;
    std::size_t n = 0;
    words >> name >> n;
    if (name != wanted) continue;
    ++cases;
    std::vector<double> x(n), g(n), got(n), v(n), product(n), got_product(n);
    double value = 0;
    for (double& number : x) words >> number;
    words >> value;
    for (double& slope : g) words >> slope;
    for (double& number : v) words >> number;
    for (double& number : product) words >> number;
    ASSERT_TRUE(words) << line;
    Differentiated differentiated(f);
    const double got_value = differentiated.evaluate(x, got);
    EXPECT_EQ(got_value, differentiated.evaluate(x, {})) << name << n;
    EXPECT_NEAR(got_value, value, 1e-12 * std::fabs(value)) << name << n;
    for (std::size_t i = 0; i < n; ++i)
      EXPECT_NEAR(got[i], g[i], 1e-12 * (1 + std::fabs(g[i]))) << name << n << " " << i;
    differentiated.hessian_product(x, v, got_product);
    for (std::size_t i = 0; i < n; ++i)
      EXPECT_NEAR(got_product[i], product[i], 1e-12 * (1 + std::fabs(product[i]))) << name << n << " " << i;
  }
  EXPECT_EQ(cases, 3);
}

TEST(Gradient, OfRosenbrockIsTorchs) { expect_golden("rosenbrock", Rosenbrock{}); }
TEST(Gradient, OfALogisticLossIsTorchs) { expect_golden("logistic", logistic); }
TEST(Gradient, OfEverythingMixedIsTorchs) { expect_golden("mixed", mixed); }

TEST(Gradient, ForwardAndReverseMeetAtTheLimit) {
  // n parameters by duals, and the same function with one idle parameter more by the tape.
  std::vector<double> x(kForwardLimit);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::cos(static_cast<double>(i));
  const auto first = [](const auto& v) { return mixed(v.first(kForwardLimit)); };
  const std::vector<double> forward = gradient(first, x);
  x.push_back(1.0);
  const std::vector<double> reverse = gradient(first, x);
  ASSERT_EQ(reverse.size(), forward.size() + 1);
  EXPECT_EQ(reverse.back(), 0.0);
  for (std::size_t i = 0; i < forward.size(); ++i)
    EXPECT_NEAR(forward[i], reverse[i], 1e-13 * (1 + std::fabs(forward[i])));
}

TEST(Gradient, FollowsTheBranchThatIsTaken) {
  const auto f = [](const auto& x) {
    auto y = x[0];
    for (int i = 0; i < 20 && y < 100.0; ++i) y = y * 2.0;
    return y;
  };
  EXPECT_EQ(gradient(f, std::vector<double>{3.0}), std::vector<double>{64.0});
  EXPECT_EQ(gradient(f, std::vector<double>{30.0}), std::vector<double>{4.0});
}

TEST(Gradient, OfAConstantIsZero) {
  const auto f = [](const auto&) { return 4.0; };
  EXPECT_EQ(gradient(f, std::vector<double>(3, 1.0)), std::vector<double>(3, 0.0));
  EXPECT_EQ(gradient(f, std::vector<double>(30, 1.0)), std::vector<double>(30, 0.0));
}

TEST(Gradient, AllocatesNothingOnceWarm) {
  for (const std::size_t n : {2U, 8U, 9U, 1000U}) {
    Differentiated f((Rosenbrock()));
    const std::vector<double> x(n, 0.5);
    std::vector<double> g(n);
    f.evaluate(x, g);
    f.evaluate(x, {});
    const std::size_t before = num_allocations();
    for (int i = 0; i < 3; ++i) {
      f.evaluate(x, g);
      f.evaluate(x, {});
    }
    EXPECT_EQ(num_allocations(), before) << n;
    EXPECT_GT(before, 0U);
  }
}

TEST(Jacobian, ComesEightColumnsAtATime) {
  constexpr std::size_t kN = 19;
  const auto f = [](const auto& x, auto y) {
    for (std::size_t j = 0; j < y.size(); ++j) {
      y[j] = static_cast<double>(j);
      for (std::size_t i = 0; i < x.size(); ++i) y[j] += sin(x[i] * static_cast<double>(i + j + 1));
    }
  };
  DifferentiatedMap map(3, f);
  std::vector<double> x(kN);
  for (std::size_t i = 0; i < kN; ++i) x[i] = 0.1 * static_cast<double>(i);
  std::vector<double> y(3), again(3), jacobian(3 * kN);
  map.evaluate(x, y, jacobian);
  map.evaluate(x, again, {});
  EXPECT_EQ(y, again);
  for (std::size_t j = 0; j < 3; ++j)
    for (std::size_t i = 0; i < kN; ++i) {
      const auto k = static_cast<double>(i + j + 1);
      EXPECT_NEAR(jacobian[j * kN + i], k * std::cos(x[i] * k), 1e-13 * k) << j << " " << i;
    }
}

}  // namespace
}  // namespace descent::autodiff

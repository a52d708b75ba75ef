// lbfgs within bounds (L-BFGS-B): problems with known minima, and what every run keeps.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "descent/core/random.hpp"
#include "descent/optim/minimize.hpp"

namespace descent {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

class Function final : public Objective {
 public:
  using Body = std::function<double(View x, MutableView gradient)>;  // the gradient always has n elements
  Function(std::size_t n, Body body, std::vector<Bound> bounds = {})
      : n_(n), body_(std::move(body)), bounds_(std::move(bounds)), scratch_(n) {}
  [[nodiscard]] std::size_t num_parameters() const override { return n_; }
  double evaluate(View x, MutableView gradient) override {
    ++calls;
    for (std::size_t i = 0; i < bounds_.size(); ++i)
      if (x[i] < bounds_[i].low || x[i] > bounds_[i].high) ++outside;
    return body_(x, gradient.empty() ? MutableView(scratch_) : gradient);
  }
  std::uint64_t calls = 0, outside = 0;

 private:
  std::size_t n_;
  Body body_;
  std::vector<Bound> bounds_;
  std::vector<double> scratch_;
};

double rosenbrock(View x, MutableView g) {
  const double a = 1.0 - x[0], b = x[1] - x[0] * x[0];
  g[0] = -2.0 * a - 400.0 * x[0] * b;
  g[1] = 200.0 * b;
  return a * a + 100.0 * b * b;
}

/// W. Hock, K. Schittkowski, "Test Examples for Nonlinear Programming Codes", 1981: those with bounds alone.
struct Problem {
  const char* name;
  std::size_t n;
  Function::Body body;
  std::vector<Bound> bounds;
  std::vector<double> start;
  double minimum;
};

std::vector<Problem> problems() {
  std::vector<Problem> list;
  list.push_back({"HS1", 2, rosenbrock, {{-kInfinity, kInfinity}, {-1.5, kInfinity}}, {-2, 1}, 0.0});
  // From the book's (-2, 1) the nearest minimum is the other one, 4.9412.
  list.push_back({"HS2", 2, rosenbrock, {{-kInfinity, kInfinity}, {1.5, kInfinity}}, {2, 1}, 0.0504261879});
  list.push_back({"HS3",
                  2,
                  [](View x, MutableView g) {
                    const double d = x[1] - x[0];
                    g[0] = -2e-5 * d;
                    g[1] = 1.0 + 2e-5 * d;
                    return x[1] + 1e-5 * d * d;
                  },
                  {{-kInfinity, kInfinity}, {0, kInfinity}},
                  {10, 1},
                  0.0});
  list.push_back({"HS4",
                  2,
                  [](View x, MutableView g) {
                    g[0] = (x[0] + 1.0) * (x[0] + 1.0);
                    g[1] = 1.0;
                    return std::pow(x[0] + 1.0, 3) / 3.0 + x[1];
                  },
                  {{1, kInfinity}, {0, kInfinity}},
                  {1.125, 0.125},
                  8.0 / 3.0});
  list.push_back({"HS5",
                  2,
                  [](View x, MutableView g) {
                    const double d = x[0] - x[1], c = std::cos(x[0] + x[1]);
                    g[0] = c + 2.0 * d - 1.5;
                    g[1] = c - 2.0 * d + 2.5;
                    return std::sin(x[0] + x[1]) + d * d - 1.5 * x[0] + 2.5 * x[1] + 1.0;
                  },
                  {{-1.5, 4}, {-3, 3}},
                  {0, 0},
                  -std::sqrt(3.0) / 2.0 - 3.141592653589793 / 3.0});
  list.push_back({"HS38",
                  4,
                  [](View x, MutableView g) {
                    const double a = x[1] - x[0] * x[0], b = 1.0 - x[0], c = x[3] - x[2] * x[2], d = 1.0 - x[2];
                    const double e = x[1] - 1.0, f = x[3] - 1.0;
                    g[0] = -400.0 * x[0] * a - 2.0 * b;
                    g[1] = 200.0 * a + 20.2 * e + 19.8 * f;
                    g[2] = -360.0 * x[2] * c - 2.0 * d;
                    g[3] = 180.0 * c + 20.2 * f + 19.8 * e;
                    return 100 * a * a + b * b + 90 * c * c + d * d + 10.1 * (e * e + f * f) + 19.8 * e * f;
                  },
                  {{-10, 10}, {-10, 10}, {-10, 10}, {-10, 10}},
                  {-3, -1, -3, -1},
                  0.0});
  list.push_back({"HS45",
                  5,
                  [](View x, MutableView g) {
                    double product = 1.0;
                    for (const double v : x) product *= v;
                    for (std::size_t i = 0; i < 5; ++i) {
                      double others = 1.0;
                      for (std::size_t j = 0; j < 5; ++j) others *= j == i ? 1.0 : x[j];
                      g[i] = -others / 120.0;
                    }
                    return 2.0 - product / 120.0;
                  },
                  {{0, 1}, {0, 2}, {0, 3}, {0, 4}, {0, 5}},
                  {0.5, 1, 1.5, 2, 2.5},
                  1.0});
  list.push_back({"HS110", 10,
                  [](View x, MutableView g) {
                    double sum = 0.0, product = 1.0;
                    for (const double v : x) product *= v;
                    for (std::size_t i = 0; i < 10; ++i) {
                      const double a = std::log(x[i] - 2.0), b = std::log(10.0 - x[i]);
                      sum += a * a + b * b;
                      g[i] = 2.0 * a / (x[i] - 2.0) - 2.0 * b / (10.0 - x[i]) - 0.2 * std::pow(product, 0.2) / x[i];
                    }
                    return sum - std::pow(product, 0.2);
                  },
                  std::vector<Bound>(10, Bound{2.001, 9.999}), std::vector<double>(10, 9.0), -45.77846971});
  return list;
}

TEST(LbfgsWithinBounds, ReachesTheMinimaOfHockAndSchittkowski) {
  for (const Problem& problem : problems()) {
    Function f(problem.n, problem.body, problem.bounds);
    const Result result = minimize(f, problem.start, Optimizer(Method::lbfgs), {.bounds = problem.bounds});
    EXPECT_EQ(result.status, Status::converged) << problem.name << ": " << result.reason;
    EXPECT_NEAR(result.value, problem.minimum, 1e-8 * std::max(1.0, std::fabs(problem.minimum))) << problem.name;
    EXPECT_EQ(f.outside, 0U) << problem.name << ": asked for a point outside of the bounds";
    EXPECT_LE(f.calls, 120U) << problem.name;
  }
}

TEST(LbfgsWithinBounds, IsWhatAutoTakes) {
  const std::vector<Bound> bounds{{-kInfinity, kInfinity}, {1.5, kInfinity}};
  Function f(2, rosenbrock, bounds);
  EXPECT_EQ(minimize(f, {-2, 1}, {.bounds = bounds}).optimizer, "lbfgs");
}

TEST(LbfgsWithinBounds, SolvesConvexQuadraticsAsTheBestOfAllActiveSetsDoes) {
  // 1/2 x' A x - b' x with A = G'G + I/10; every choice of parameters at low, at high or free is tried.
  const Rng rng(7, RandomStream::test);
  std::uint64_t draw = 0;
  for (int trial = 0; trial < 20; ++trial) {
    constexpr std::size_t n = 4;
    double a[n][n] = {}, gram[n][n], b[n];
    for (auto& row : gram)
      for (double& v : row) v = rng.normal(draw++);
    for (std::size_t i = 0; i < n; ++i) {
      b[i] = 3.0 * rng.normal(draw++);
      for (std::size_t j = 0; j < n; ++j) {
        for (std::size_t k = 0; k < n; ++k) a[i][j] += gram[k][i] * gram[k][j];
        if (i == j) a[i][j] += 0.1;
      }
    }
    const auto value = [&](View x, MutableView g) {
      double total = 0.0;
      for (std::size_t i = 0; i < n; ++i) {
        double row = 0.0;
        for (std::size_t j = 0; j < n; ++j) row += a[i][j] * x[j];
        g[i] = row - b[i];
        total += x[i] * (0.5 * row - b[i]);
      }
      return total;
    };
    const std::vector<Bound> bounds(n, Bound{-0.5, 0.7});
    double best = kInfinity;
    std::vector<double> gradient(n);
    for (int set = 0; set < 81; ++set) {  // 3^4
      std::vector<double> x(n);
      std::vector<std::size_t> free;
      for (std::size_t i = 0, code = static_cast<std::size_t>(set); i < n; ++i, code /= 3) {
        if (code % 3 == 2) free.push_back(i);
        x[i] = code % 3 == 0 ? -0.5 : 0.7;
      }
      // Gauss-Seidel on the free ones, to convergence.
      for (int sweep = 0; sweep < 20000; ++sweep)
        for (const std::size_t i : free) {
          double rest = b[i];
          for (std::size_t j = 0; j < n; ++j)
            if (j != i) rest -= a[i][j] * x[j];
          x[i] = rest / a[i][i];
        }
      bool inside = true;
      for (const double v : x) inside = inside && v >= -0.5 - 1e-12 && v <= 0.7 + 1e-12;
      if (inside) best = std::min(best, value(x, gradient));
    }
    Function f(n, value, bounds);
    const Result result = minimize(f, std::vector<double>(n, 0.0), Optimizer(Method::lbfgs), {.bounds = bounds});
    EXPECT_EQ(result.status, Status::converged) << result.reason;
    EXPECT_NEAR(result.value, best, 1e-10 * std::max(1.0, std::fabs(best))) << trial;
  }
}

TEST(LbfgsWithinBounds, WithoutAnEndItIsTheUnboundedMethodsMinimum) {
  // Chained Rosenbrock, n = 50, with bounds that never bind.
  const auto chained = [](View x, MutableView g) {
    double total = 0.0;
    std::fill(g.begin(), g.end(), 0.0);
    for (std::size_t i = 0; i + 1 < x.size(); ++i) {
      const double a = 1.0 - x[i], b = x[i + 1] - x[i] * x[i];
      g[i] += -2.0 * a - 400.0 * x[i] * b;
      g[i + 1] += 200.0 * b;
      total += a * a + 100.0 * b * b;
    }
    return total;
  };
  const std::vector<Bound> wide(50, Bound{-kInfinity, kInfinity});
  Function f(50, chained), g(50, chained);
  const Result bounded = minimize(f, std::vector<double>(50, -1.0), Optimizer(Method::lbfgs), {.bounds = wide});
  const Result free = minimize(g, std::vector<double>(50, -1.0), Optimizer(Method::lbfgs));
  EXPECT_EQ(bounded.status, Status::converged) << bounded.reason;
  EXPECT_LE(f.calls, 2 * g.calls);
  for (std::size_t i = 0; i < 50; ++i) EXPECT_NEAR(bounded.x[i], free.x[i], 1e-6);
}

TEST(LbfgsWithinBounds, HoldsFixedParametersAndStartsOutside) {
  const std::vector<Bound> bounds{{0.5, 0.5}, {-1.0, 3.0}};
  Function f(2, rosenbrock, bounds);
  const Result result = minimize(f, {9.0, -7.0}, Optimizer(Method::lbfgs), {.bounds = bounds});
  EXPECT_EQ(result.status, Status::converged) << result.reason;
  EXPECT_EQ(result.x[0], 0.5);
  EXPECT_NEAR(result.x[1], 0.25, 1e-9);
  EXPECT_EQ(f.outside, 0U);
}

TEST(LbfgsWithinBounds, ValuesThatAreNotFiniteNeverEndInSuccess) {
  for (const std::uint64_t bad : {0U, 1U, 3U, 6U}) {
    std::uint64_t calls = 0;
    const std::vector<Bound> bounds{{-3.0, 3.0}, {-3.0, 3.0}};
    Function f(2, [&](View x, MutableView g) {
      const double value = rosenbrock(x, g);
      return calls++ >= bad ? std::nan("") : value;
    });
    EXPECT_NE(minimize(f, {-1.2, 1.0}, Optimizer(Method::lbfgs), {.bounds = bounds}).status, Status::converged);
  }
}

TEST(LbfgsWithinBounds, TheValueNeverRises) {
  for (const Problem& problem : problems()) {
    Function f(problem.n, problem.body);
    double last = kInfinity;
    MinimizeOptions options{.bounds = problem.bounds, .observer = [&](const StepInfo& info) {
                              EXPECT_LE(info.objective, last + 1e-14 * std::fabs(last)) << problem.name;
                              last = info.objective;
                              return true;
                            }};
    (void)minimize(f, problem.start, Optimizer(Method::lbfgs), options);
  }
}

}  // namespace
}  // namespace descent

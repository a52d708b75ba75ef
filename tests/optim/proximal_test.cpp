// Terms and sets: their maps, and the methods that minimise with them.
#include "descent/optim/proximal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <random>
#include <sstream>

#include "descent/core/error.hpp"
#include "descent/optim/minimize.hpp"
#include "tests/optim/objectives.hpp"

namespace descent {
namespace {

using testing::Given;
using ::testing::HasSubstr;
using testing::quadratic;

const char* const kTerms[] = {"l1(0.3)", "elastic_net(0.4, ratio=0.25)", "norm(0.7)"};
const char* const kSets[] = {"nonnegative", "box(-0.5, 0.75)", "simplex", "simplex(total=2.5)",
                             "ball",        "ball(radius=2)",  "l1_ball", "l1_ball(radius=2)"};

std::vector<double> random_point(std::mt19937& generator, std::size_t n, double size) {
  std::normal_distribution<double> normal(0.0, size);
  std::vector<double> x(n);
  for (double& v : x) v = normal(generator);
  return x;
}

TEST(ProximalTerms, AreReadAndWritten) {
  for (const auto& list : {std::span<const char* const>(kTerms), std::span<const char* const>(kSets)})
    for (const char* text : list) EXPECT_EQ(parse_proximal_term(text)->text(), text);
  EXPECT_EQ(parse_proximal_term("l1:0.3")->text(), "l1(0.3)");
  EXPECT_EQ(parse_proximal_term("box")->text(), "box(0, 1)");
  const auto message = [](const char* text) -> std::string {
    try {
      (void)parse_proximal_term(text);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(message("simplx"), HasSubstr("did you mean 'simplex'"));
  EXPECT_THAT(message("l1"), HasSubstr("weight"));
  EXPECT_THAT(message("l1(-1)"), HasSubstr(">= 0"));
  EXPECT_THAT(message("box(2, 1)"), HasSubstr("low must be <= high, got 2 and 1"));
}

// The definition itself: no point nearby has a smaller p(v) + ||v - x||^2 / (2 step).
TEST(ProximalTerms, TheMapIsTheMinimumThatDefinesIt) {
  std::mt19937 generator(1);
  for (const char* text : kTerms) {
    const auto term = parse_proximal_term(text);
    for (const std::size_t n : {1, 2, 5})
      for (const double step : {0.1, 1.0, 7.0})
        for (int round = 0; round < 50; ++round) {
          const std::vector<double> x = random_point(generator, n, 1.5);
          std::vector<double> v = x;
          term->prox(step, v);
          const auto total = [&](View w) {
            double squares = 0.0;
            for (std::size_t i = 0; i < n; ++i) squares += (w[i] - x[i]) * (w[i] - x[i]);
            return term->value(w) + squares / (2.0 * step);
          };
          const double least = total(v);
          for (int trial = 0; trial < 20; ++trial) {
            std::vector<double> other = random_point(generator, n, trial % 2 == 0 ? 1e-3 : 0.5);
            for (std::size_t i = 0; i < n; ++i) other[i] += v[i];
            EXPECT_GE(total(other), least - 1e-12) << text;
          }
          EXPECT_GE(total(std::vector<double>(n, 0.0)), least - 1e-12) << text;
        }
  }
}

bool is_inside(const std::string& set, View x) {
  double sum = 0.0, absolute = 0.0, squares = 0.0, least = 0.0, most = 0.0;
  for (const double v : x) {
    sum += v;
    absolute += std::fabs(v);
    squares += v * v;
    least = std::min(least, v);
    most = std::max(most, v);
  }
  constexpr double kSlack = 1e-12;
  if (set == "nonnegative") return least >= 0.0;
  if (set == "box(-0.5, 0.75)") return least >= -0.5 && most <= 0.75;
  if (set == "simplex") return least >= 0.0 && std::fabs(sum - 1.0) <= kSlack;
  if (set == "simplex(total=2.5)") return least >= 0.0 && std::fabs(sum - 2.5) <= kSlack;
  if (set == "ball") return std::sqrt(squares) <= 1.0 + kSlack;
  if (set == "ball(radius=2)") return std::sqrt(squares) <= 2.0 + kSlack;
  return absolute <= (set == "l1_ball" ? 1.0 : 2.0) + kSlack;
}

// P(x) is in the set, and x - P(x) makes an angle of at least 90 degrees with every way further into it.
TEST(ProximalTerms, TheNearestPointOfASetIsInItAndIsTheNearest) {
  std::mt19937 generator(2);
  for (const char* text : kSets) {
    const auto set = parse_proximal_term(text);
    EXPECT_TRUE(set->is_set());
    for (const std::size_t n : {1, 2, 6})
      for (int round = 0; round < 100; ++round) {
        const std::vector<double> x = random_point(generator, n, round % 3 == 0 ? 10.0 : 1.0);
        std::vector<double> p = x;
        set->prox(3.0, p);
        EXPECT_TRUE(is_inside(text, p)) << text;
        std::vector<double> again = p;
        set->prox(1.0, again);
        for (std::size_t i = 0; i < n; ++i) EXPECT_NEAR(again[i], p[i], 1e-12) << text;
        for (int trial = 0; trial < 10; ++trial) {
          std::vector<double> z = random_point(generator, n, 1.0);
          set->prox(1.0, z);
          double product = 0.0;
          for (std::size_t i = 0; i < n; ++i) product += (x[i] - p[i]) * (z[i] - p[i]);
          EXPECT_LE(product, 1e-10) << text;
        }
      }
  }
}

TEST(ProximalTerms, LeaveWhatIsNotFiniteToBeFound) {
  for (const auto& list : {std::span<const char* const>(kTerms), std::span<const char* const>(kSets)})
    for (const char* text : list) {
      std::vector<double> x{1.0, std::nan(""), 2.0};
      parse_proximal_term(text)->prox(1.0, x);
      EXPECT_TRUE(std::isnan(x[1])) << text;
    }
  std::vector<double> huge{3e200, -4e200};  // their squares are not finite
  parse_proximal_term("ball")->prox(1.0, huge);
  EXPECT_NEAR(huge[0], 0.6, 1e-15);
  EXPECT_NEAR(huge[1], -0.8, 1e-15);
}

TEST(ProximalTerms, SetsHoldTheirTotalBesideCoordinatesThatDwarfIt) {
  const auto nearest = [](const char* set, std::vector<double> x) {
    parse_proximal_term(set)->prox(1.0, x);
    return x;
  };
  using Point = std::vector<double>;
  EXPECT_EQ(nearest("simplex", {1e20, 1e20, -3.0}), (Point{0.5, 0.5, 0.0}));
  EXPECT_EQ(nearest("simplex", {1.5e308, -1.5e308, 1.5e308}), (Point{0.5, 0.0, 0.5}));
  EXPECT_EQ(nearest("simplex(total=1e308)", {1.5e308, 1.5e308}), (Point{5e307, 5e307}));
  EXPECT_EQ(nearest("l1_ball", {1e20, -2.0}), (Point{1.0, 0.0}));
  EXPECT_EQ(nearest("l1_ball(radius=2)", {-1.5e308, 1.5e308}), (Point{-1.0, 1.0}));
}

/// The rows and cases of tests/golden/proximal.txt.
struct Golden {
  std::vector<std::vector<double>> a;
  std::vector<double> b;
  struct Case {
    std::string term;
    std::vector<double> x;
  };
  std::vector<Case> cases;
};

Golden read_golden() {
  Golden golden;
  std::ifstream file(DESCENT_SOURCE_DIR "/tests/golden/proximal.txt");
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string kind;
    words >> kind;
    if (kind == "case") {
      golden.cases.emplace_back();
      words >> golden.cases.back().term;
      for (double v; words >> v;) golden.cases.back().x.push_back(v);
    } else if (kind == "row") {
      std::vector<double> row;
      for (double v; words >> v;) row.push_back(v);
      golden.b.push_back(row.back());
      row.pop_back();
      golden.a.push_back(row);
    }
  }
  return golden;
}

/// ||A x - b||^2 / 2
Given residual_squares(const Golden& golden) {
  return {golden.a[0].size(), [&golden](View x, MutableView g) {
            double value = 0.0;
            for (double& slope : g) slope = 0.0;
            for (std::size_t i = 0; i < golden.a.size(); ++i) {
              double r = -golden.b[i];
              for (std::size_t j = 0; j < x.size(); ++j) r += golden.a[i][j] * x[j];
              value += 0.5 * r * r;
              for (std::size_t j = 0; j < g.size(); ++j) g[j] += golden.a[i][j] * r;
            }
            return value;
          }};
}

TEST(ProximalMethods, ReachScikitLearnsAndScipysMinima) {
  const Golden golden = read_golden();
  ASSERT_EQ(golden.cases.size(), 6U);
  for (const Golden::Case& c : golden.cases) {
    const auto term = parse_proximal_term(c.term);
    std::vector<std::string> methods{"auto", "fista", "proximal_gradient"};
    if (term->is_separable()) {
      for (const char* order : {"cyclic", "random", "greedy"})
        methods.push_back("coordinate_descent(order=" + std::string(order) + ")");
    }
    if (term->is_set()) {
      for (const char* method :
           {"spectral_gradient", "spectral_gradient(step=short)", "spectral_gradient(step=alternating, look_back=1)",
            "gradient_descent", "momentum(0.002)", "nesterov(0.002)"})
        methods.emplace_back(method);
    }
    // Projecting onto what is no box rounds x itself, to 1e-16 and so the gradient to 1e-14 of its terms.
    const double tolerance = term->is_set() ? 3e-8 : 1e-9;
    for (const std::string& method : methods) {
      Given f = residual_squares(golden);
      const Result result = minimize(f, std::vector<double>(5, 0.3), parse_optimizer(method),
                                     {.max_steps = 100000, .gradient_tolerance = tolerance, .term = term});
      EXPECT_EQ(result.status, Status::converged) << c.term << ", " << method << ": " << result.reason;
      for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_NEAR(result.x[i], c.x[i], 2.0 * tolerance) << c.term << ", " << method;
        // fista and its kin give exact zeros.
        if (c.x[i] == 0.0 && !term->is_set()) {
          EXPECT_EQ(result.x[i], 0.0) << c.term << ", " << method;
        }
      }
      std::vector<double> gradient(5);
      EXPECT_NEAR(result.value, f.evaluate(result.x, gradient) + term->value(result.x), 1e-12);
    }
  }
}

TEST(ProximalMethods, AutoTakesFistaForATermAndTheSpectralGradientForASet) {
  Given f = quadratic(3, 10.0);
  const auto optimizer = [&](const char* term) {
    return minimize(f, std::vector<double>(3, 0.3), Optimizer(), {.term = parse_proximal_term(term)}).optimizer;
  };
  EXPECT_EQ(optimizer("l1(1)"), "fista");
  EXPECT_EQ(optimizer("simplex"), "spectral_gradient");
  EXPECT_EQ(optimizer("nonnegative"), "lbfgs");  // bounds
}

TEST(ProximalMethods, EveryChainThatIsProjectedEndsInsideItsSet) {
  for (const char* set : kSets)
    for (const char* method : {"sgd(0.1)", "momentum(0.05)", "nesterov(0.05)", "adam(0.05)", "rmsprop(0.01)",
                               "adagrad(0.3)", "lion(0.01)", "prodigy", "dog", "clip_by_global_norm(1) | sgd(0.1)"}) {
      Given f = quadratic(4, 10.0);
      const Result result = minimize(f, {5.0, -5.0, 5.0, -5.0}, parse_optimizer(method),
                                     {.max_steps = 50, .term = parse_proximal_term(set)});
      EXPECT_TRUE(is_inside(set, result.x)) << set << ", " << method;
      EXPECT_TRUE(is_inside(set, result.best.x)) << set << ", " << method;
    }
}

TEST(ProximalMethods, NeverAskForAPointOutsideTheSet) {
  // The logarithm has no value outside; the extrapolated point of fista is projected, too.
  for (const char* method : {"fista", "proximal_gradient", "spectral_gradient", "gradient_descent", "sgd(1e-4)"}) {
    Given f(3, [&](View x, MutableView g) {
      double value = 0.0;
      const double c[] = {1.0, 2.0, 4.0};
      for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_GE(x[i], 0.0) << method;
        value -= c[i] * std::log(x[i] + 1e-3);
        if (!g.empty()) g[i] = -c[i] / (x[i] + 1e-3);
      }
      return value;
    });
    const Result result =
        minimize(f, {1.0, 0.0, 0.0}, parse_optimizer(method),
                 {.max_steps = 5000, .gradient_tolerance = 1e-6, .term = parse_proximal_term("simplex")});
    // The largest sum_i c_i log(x_i + e) on the simplex has x_i + e in proportion to c_i.
    for (std::size_t i = 0; i < 3; ++i)
      EXPECT_NEAR(result.x[i], (1.0 + 3e-3) * static_cast<double>(1 << i) / 7.0 - 1e-3, 1e-4)
          << method << ": " << result.reason;
  }
}

TEST(ProximalMethods, SayThatRulesWhichScaleEachParameterNeedNotEndAtTheMinimumOfASet) {
  Given f(2, [](View x, MutableView g) {
    if (!g.empty()) {
      g[0] = -1.0 / (x[0] + 1e-3);
      g[1] = -3.0 / (x[1] + 1e-3);
    }
    return -std::log(x[0] + 1e-3) - 3.0 * std::log(x[1] + 1e-3);
  });
  const Result result = minimize(f, {1.0, 0.0}, parse_optimizer("adam(0.05)"),
                                 {.max_steps = 1000, .term = parse_proximal_term("simplex")});
  EXPECT_EQ(result.status, Status::step_limit);
  EXPECT_THAT(result.suggestion, HasSubstr("projected onto simplex, need not end at a minimum"));
}

TEST(ProximalTerms, TheGapOfASetBoundsWhatAConvexFunctionCanStillFall) {
  std::mt19937 generator(3);
  for (const char* text : {"simplex", "simplex(total=2.5)", "ball", "l1_ball(radius=2)"}) {
    const auto set = parse_proximal_term(text);
    Given f = quadratic(4, 10.0);
    const Result least = minimize(f, std::vector<double>(4, 0.0), Optimizer(), {.term = set});
    EXPECT_EQ(least.status, Status::converged) << text;
    for (int round = 0; round < 50; ++round) {
      std::vector<double> x = random_point(generator, 4, 1.0), g(4);
      set->prox(1.0, x);
      const double value = f.evaluate(x, g);
      ASSERT_TRUE(set->gap(x, g));
      EXPECT_GE(*set->gap(x, g), value - least.value - 1e-9) << text;
    }
    EXPECT_NEAR(*set->gap(least.x, least.gradient), 0.0, 1e-6) << text;
  }
  EXPECT_FALSE(parse_proximal_term("nonnegative")->gap(std::vector<double>{1.0}, std::vector<double>{1.0}));
}

TEST(ProximalMethods, BoundsJoinATermThatIsASumOverTheCoordinates) {
  // (x - 3)^2 / 2 + 0.5 |x| in [-1, 2]: 2; the other (x + 0.2)^2 / 2 + 0.5 |x|: 0.
  Given f(2, [](View x, MutableView g) {
    if (!g.empty()) {
      g[0] = x[0] - 3.0;
      g[1] = x[1] + 0.2;
    }
    return 0.5 * (x[0] - 3.0) * (x[0] - 3.0) + 0.5 * (x[1] + 0.2) * (x[1] + 0.2);
  });
  for (const char* method : {"fista", "proximal_gradient", "coordinate_descent"}) {
    const Result result = minimize(f, {0.0, 1.0}, parse_optimizer(method),
                                   {.bounds = {{-1.0, 2.0}, {-1.0, 2.0}}, .term = parse_proximal_term("l1(0.5)")});
    EXPECT_EQ(result.status, Status::converged) << method;
    EXPECT_NEAR(result.x[0], 2.0, 1e-8) << method;
    EXPECT_EQ(result.x[1], 0.0) << method;
  }
}

TEST(ProximalMethods, SayWhatTheyCannotDo) {
  const auto message = [](const char* method, const char* term, std::vector<Bound> bounds = {}) -> std::string {
    Given f = quadratic(2, 10.0);
    try {
      (void)minimize(f, {0.3, 0.3}, parse_optimizer(method),
                     {.bounds = std::move(bounds), .term = parse_proximal_term(term)});
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(message("lbfgs", "simplex"), HasSubstr("lbfgs cannot hold x in simplex: spectral_gradient"));
  EXPECT_THAT(message("adam(0.1)", "l1(1)"), HasSubstr("adam(0.1) cannot take l1(1): fista"));
  EXPECT_THAT(message("coordinate_descent", "ball"), HasSubstr("cannot hold x in ball"));
  EXPECT_THAT(message("sgd(0.1) | polyak_average", "ball"), HasSubstr("averages within a set"));
  EXPECT_THAT(message("fista", "ball", {{0.0, 1.0}, {0.0, 1.0}}), HasSubstr("within bounds is not known"));
}

TEST(Fista, NeedsFarFewerEvaluationsThanDescentOnAnIllConditionedBowl) {
  std::uint64_t evaluations[2];
  int i = 0;
  for (const char* method : {"fista", "gradient_descent"}) {
    Given f = quadratic(10, 1e4);
    const Result result = minimize(f, std::vector<double>(10, 0.0), parse_optimizer(method),
                                   {.max_steps = 1000000, .gradient_tolerance = 1e-6});
    EXPECT_EQ(result.status, Status::converged) << method;
    evaluations[i++] = result.gradient_evaluations;
    EXPECT_EQ(result.gradient_evaluations, f.calls) << method;
  }
  EXPECT_LT(10 * evaluations[0], evaluations[1]);
}

TEST(Fista, ReturnsTheBestPointAndItsValue) {
  for (const std::uint64_t steps : {1, 3, 10, 40}) {
    Given f = testing::rosenbrock();
    const Result result = minimize(f, {-1.2, 1.0}, parse_optimizer("fista"), {.max_steps = steps});
    std::vector<double> gradient(2);
    EXPECT_EQ(result.value, f.evaluate(result.x, gradient));
    EXPECT_LE(result.value, result.best.value);
  }
}

TEST(CoordinateDescent, NeverLetsTheValueRiseAndSolvesASeparableFunctionInAFewSweeps) {
  Given f = quadratic(6, 1e6);
  double last = INFINITY;
  MinimizeOptions options;
  options.observer = [&](const StepInfo& step) {
    EXPECT_LE(step.objective, last);
    last = step.objective;
    return true;
  };
  const Result result = minimize(f, std::vector<double>(6, 0.0), parse_optimizer("coordinate_descent"), options);
  EXPECT_EQ(result.status, Status::converged) << result.reason;
  EXPECT_LE(result.steps, 40U);
  EXPECT_EQ(result.gradient_evaluations, f.calls);
}

TEST(ProximalMethods, AValueThatIsNotFiniteNeverEndsInSuccess) {
  for (const char* method : {"fista", "proximal_gradient", "coordinate_descent"})
    for (const double poison : {std::nan(""), HUGE_VAL, -HUGE_VAL})
      for (const std::uint64_t at : {1, 2, 3, 7, 20}) {
        Given inner = quadratic(3, 100.0);
        std::uint64_t calls = 0;
        Given f(3, [&](View x, MutableView g) {
          const double value = inner.evaluate(x, g);
          return ++calls >= at ? poison : value;
        });
        const Result result = minimize(f, {5.0, 5.0, 5.0}, parse_optimizer(method),
                                       {.gradient_tolerance = 1e-14, .term = parse_proximal_term("l1(0.1)")});
        EXPECT_FALSE(result.ok()) << method << ", " << poison << " from call " << at << ": " << result.reason;
      }
}

}  // namespace
}  // namespace descent

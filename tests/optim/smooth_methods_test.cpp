// What all methods for smooth functions promise, and what each of them is for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "descent/core/error.hpp"
#include "descent/optim/minimize.hpp"
#include "tests/optim/objectives.hpp"

namespace descent {
namespace {

using testing::Given;
using testing::quadratic;
using testing::rosenbrock;

const char* const kMethods[] = {"lbfgs",
                                "lbfgs(memory=3)",
                                "lbfgs(line_search=zoom)",
                                "lbfgs(line_search=hager_zhang)",
                                "lbfgs(line_search=armijo)",
                                "bfgs",
                                "bfgs(line_search=armijo)",
                                "cg",
                                "cg(line_search=hager_zhang)",
                                "cg(line_search=zoom)",
                                "cg(beta=hager_zhang)",
                                "cg(beta=hestenes_stiefel)",
                                "cg(beta=fletcher_reeves)",
                                "newton_cg",
                                "newton_cg(line_search=armijo)",
                                "trust_region"};

/// Chained Rosenbrock in n variables, for double and long double.
template <class T>
T chained(std::size_t n, const T* x, T* gradient) {
  T value = 0;
  for (std::size_t i = 0; i < n; ++i) gradient[i] = 0;
  for (std::size_t i = 0; i + 1 < n; ++i) {
    const T a = 1 - x[i], b = x[i + 1] - x[i] * x[i];
    value += a * a + 100 * b * b;
    gradient[i] += -2 * a - 400 * x[i] * b;
    gradient[i + 1] += 200 * b;
  }
  return value;
}

Given chained_rosenbrock(std::size_t n, double constant = 0.0) {
  return {n, [n, constant](View x, MutableView g) {
            std::vector<double> unused(n);
            return constant + chained(n, x.data(), g.empty() ? unused.data() : g.data());
          }};
}

std::vector<double> customary_start(std::size_t n) {
  std::vector<double> start(n, 1.0);
  for (std::size_t i = 0; i < n; i += 2) start[i] = -1.2;
  return start;
}

TEST(SmoothMethods, CertifyTheMinimumWithAGradientThatHoldsInLongDouble) {
  constexpr std::size_t n = 12;
  for (const char* method : kMethods) {
    Given f = chained_rosenbrock(n);
    const Result result = minimize(f, customary_start(n), parse_optimizer(method));
    ASSERT_EQ(result.status, Status::converged) << method << ": " << result.reason;
    ASSERT_EQ(result.certificate->kind, "gradient") << method;
    std::vector<long double> x(result.x.begin(), result.x.end()), g(n);
    const long double value = chained(n, x.data(), g.data());
    EXPECT_NEAR(result.value, static_cast<double>(value), 1e-15) << method;
    for (const long double component : g) EXPECT_LE(std::fabs(static_cast<double>(component)), 1.01e-8) << method;
    for (const double coordinate : result.x) EXPECT_NEAR(std::fabs(coordinate), 1.0, 1e-3) << method;
  }
}

TEST(SmoothMethods, CountEveryCallOfTheObjective) {
  for (const char* method : kMethods) {
    std::uint64_t values = 0, gradients = 0;
    Given f = rosenbrock();
    Given counting(2, [&](View x, MutableView g) {
      ++values;
      if (!g.empty()) ++gradients;
      return f.evaluate(x, g);
    });
    const Result result = minimize(counting, {-1.2, 1.0}, parse_optimizer(method));
    EXPECT_EQ(result.value_evaluations, values) << method;
    EXPECT_EQ(result.gradient_evaluations, gradients) << method;
  }
}

TEST(SmoothMethods, NeverLetTheValueRise) {
  for (const char* method : kMethods) {
    double last = INFINITY;
    Given f = chained_rosenbrock(6);
    MinimizeOptions options;
    options.observer = [&](const StepInfo& step) {
      EXPECT_LE(step.objective, last * (1 + 0x1p-46)) << method << " at step " << step.step;
      last = step.objective;
      return true;
    };
    (void)minimize(f, customary_start(6), parse_optimizer(method), options);
  }
}

TEST(SmoothMethods, ReturnTheValueOfThePointTheyReturn) {
  for (const char* method : kMethods)
    for (const std::uint64_t steps : {0, 1, 2, 5, 9}) {
      Given f = chained_rosenbrock(4);
      const Result result = minimize(f, customary_start(4), parse_optimizer(method), {.max_steps = steps});
      std::vector<double> gradient(4);
      EXPECT_EQ(result.value, f.evaluate(result.x, gradient)) << method;
      EXPECT_EQ(result.gradient, gradient) << method;
      EXPECT_LE(result.steps, steps);
    }
}

// A search that is as good as exact: the slope at the step is at most 1e-9 of that at the start. On a quadratic in n
// variables with the eigenvalues 1 to 10 all of these methods are then conjugate directions, and end after n steps (one
// more is allowed for what rounding leaves of 1e-8).
TEST(SmoothMethods, EndWithinAsManyStepsAsThereAreVariablesOnQuadraticsWithAnExactSearch) {
  constexpr std::size_t n = 8;
  for (const char* method :
       {"cg(curvature=1e-9)", "cg(beta=hager_zhang, curvature=1e-9)", "cg(beta=hestenes_stiefel, curvature=1e-9)",
        "cg(beta=fletcher_reeves, curvature=1e-9)", "lbfgs(memory=8, curvature=1e-9)",
        "lbfgs(memory=20, curvature=1e-9)", "bfgs(curvature=1e-9)"}) {
    Given f = quadratic(n, 10.0);
    const Result result = minimize(f, std::vector<double>(n, 0.0), parse_optimizer(method));
    EXPECT_EQ(result.status, Status::converged) << method << ": " << result.reason;
    EXPECT_LE(result.steps, n + 1) << method;
  }
}

TEST(SmoothMethods, NewtonsMethodsTakeOneStepOnAQuadraticIfItIsSolvedExactly) {
  Given f = quadratic(5, 100.0);
  // Close to the minimum the forcing term asks for many digits.
  std::vector<double> start{1.0 + 1e-6, 1.25, 1.5, 1.75 - 1e-6, 2.0};
  for (const char* method : {"newton_cg", "trust_region(first_radius=1e6)"}) {
    const Result result = minimize(f, start, parse_optimizer(method));
    EXPECT_EQ(result.status, Status::converged) << method << ": " << result.reason;
    EXPECT_LE(result.steps, 3U) << method;
  }
}

TEST(SmoothMethods, PermutingTheCoordinatesPermutesThePath) {
  constexpr std::size_t n = 5;
  const std::size_t order[n] = {3, 0, 4, 2, 1};
  for (const char* method : kMethods) {
    Given f = chained_rosenbrock(n);
    Given permuted(n, [&](View x, MutableView g) {
      std::vector<double> y(n), h(n);
      for (std::size_t i = 0; i < n; ++i) y[order[i]] = x[i];
      const double value = f.evaluate(y, h);
      for (std::size_t i = 0; i < n && !g.empty(); ++i) g[i] = h[order[i]];
      return value;
    });
    const std::vector<double> start = customary_start(n);
    std::vector<double> moved(n);
    for (std::size_t i = 0; i < n; ++i) moved[i] = start[order[i]];
    const MinimizeOptions few{.max_steps = 6};
    const Result a = minimize(f, start, parse_optimizer(method), few);
    const Result b = minimize(permuted, moved, parse_optimizer(method), few);
    for (std::size_t i = 0; i < n; ++i) EXPECT_NEAR(b.x[i], a.x[order[i]], 1e-8) << method;
  }
}

TEST(SmoothMethods, ShiftingTheMinimumShiftsThePath) {
  // By a power of two near the coordinates' size, so that little is rounded.
  for (const char* method : kMethods) {
    Given f = rosenbrock();
    Given shifted(2, [&](View x, MutableView g) {
      const std::vector<double> y{x[0] - 4.0, x[1] + 8.0};
      return f.evaluate(y, g);
    });
    const MinimizeOptions few{.max_steps = 6};
    const Result a = minimize(f, {-1.25, 1.0}, parse_optimizer(method), few);
    const Result b = minimize(shifted, {2.75, -7.0}, parse_optimizer(method), few);
    // The products with the Hessian are differences of gradients here, right to about 1e-8 of each.
    const double tolerance = a.hessian_products > 0 ? 1e-5 : 1e-8;
    EXPECT_NEAR(b.x[0], a.x[0] + 4.0, tolerance) << method;
    EXPECT_NEAR(b.x[1], a.x[1] - 8.0, tolerance) << method;
  }
}

TEST(SmoothMethods, AValueThatIsNotFiniteNeverEndsInSuccess) {
  for (const char* method : kMethods)
    for (const double poison : {std::nan(""), HUGE_VAL, -HUGE_VAL})
      for (const std::uint64_t at : {1, 2, 3, 5, 10, 20}) {
        Given inner = chained_rosenbrock(4);
        std::uint64_t calls = 0;
        Given f(4, [&](View x, MutableView g) {
          const double value = inner.evaluate(x, g);
          return ++calls >= at ? poison : value;  // from there on
        });
        const Result result = minimize(f, customary_start(4), parse_optimizer(method), {.max_steps = 200});
        EXPECT_NE(result.status, Status::converged) << method << ", " << poison << " from call " << at;
        EXPECT_NE(result.status, Status::small_change) << method;
        EXPECT_FALSE(result.reason.empty());
        EXPECT_FALSE(result.suggestion.empty()) << method << ": " << result.reason;
      }
}

TEST(SmoothMethods, OneValueThatIsNotFiniteOnTheWayIsSteppedBackFrom) {
  for (const char* method : kMethods)
    for (const std::uint64_t at : {2, 3, 5}) {
      Given inner = chained_rosenbrock(4);
      std::uint64_t calls = 0;
      Given f(4, [&](View x, MutableView g) {
        const double value = inner.evaluate(x, g);
        return ++calls == at ? std::nan("") : value;
      });
      const Result result = minimize(f, customary_start(4), parse_optimizer(method));
      EXPECT_EQ(result.status, Status::converged) << method << " at call " << at << ": " << result.reason;
    }
}

TEST(SmoothMethods, WhatIsLeftToWinIsCertifiedWhereRoundingEndsTheSearch) {
  for (const char* method : kMethods) {
    Given f(2, [](View x, MutableView g) {
      // All terms are large: no gradient below about 1e-6 can be seen either.
      const double a = x[0] - 1.0, b = x[1] - x[0] * x[0];
      if (!g.empty()) {
        g[0] = (1e10 + (2.0 * a - 400.0 * x[0] * b)) - 1e10;
        g[1] = (1e10 + 200.0 * b) - 1e10;
      }
      return 1e10 + (a * a + 100.0 * b * b);
    });
    const Result result = minimize(f, {-1.2, 1.0}, parse_optimizer(method), {.gradient_tolerance = 1e-12});
    EXPECT_EQ(result.status, Status::converged) << method << ": " << result.reason;
    if (result.status != Status::converged || result.certificate->kind == "gradient") continue;
    EXPECT_EQ(result.certificate->kind, "rounding") << method;
    EXPECT_LE(result.certificate->bound, 0x1p-47) << method;
    // The value without the constant, where the digits are: what could still be won is below an ulp of f.
    const long double a = result.x[0] - 1.0L, b = result.x[1] - static_cast<long double>(result.x[0]) * result.x[0];
    EXPECT_LE(static_cast<double>(a * a + 100.0L * b * b), 1e10 * 0x1p-47) << method;
  }
}

TEST(SmoothMethods, AWrongGradientEndsTheSearchWithoutACertificate) {
  for (const char* method : kMethods) {
    Given f(2, [](View x, MutableView g) {
      if (!g.empty()) {
        g[0] = -2.0 * x[0] - 1.0;  // the wrong sign
        g[1] = -2.0 * x[1];
      }
      return 1.0 + x[0] * x[0] + x[1] * x[1];
    });
    const Result result = minimize(f, {3.0, -2.0}, parse_optimizer(method));
    EXPECT_EQ(result.status, Status::line_search_failed) << method << ": " << result.reason;
    EXPECT_THAT(result.suggestion, ::testing::HasSubstr("gradient may be wrong")) << method;
  }
}

TEST(SmoothMethods, AreAskedToStopBetweenSteps) {
  for (const char* method : kMethods) {
    Given f = chained_rosenbrock(6);
    MinimizeOptions options;
    options.observer = [](const StepInfo& step) { return step.step < 3; };
    const Result result = minimize(f, customary_start(6), parse_optimizer(method), options);
    EXPECT_EQ(result.status, Status::interrupted) << method;
    EXPECT_EQ(result.steps, 3U) << method;
  }
}

TEST(SmoothMethods, SayWhenTheFunctionFallsWithoutEnd) {
  for (const char* method : kMethods) {
    Given f(1, [](View x, MutableView g) {
      if (!g.empty()) g[0] = -std::exp(x[0]);
      return -std::exp(x[0]);
    });
    Given line(1, [](View x, MutableView g) {
      if (!g.empty()) g[0] = -1.0;
      return -x[0];
    });
    for (Given* falling : {&f, &line}) {
      if (falling == &line && std::string(method).find("armijo") != std::string::npos) continue;  // never goes far
      const Result result = minimize(*falling, {0.0}, parse_optimizer(method));
      EXPECT_FALSE(result.ok()) << method << ": " << result.reason;
      EXPECT_THAT(result.suggestion, ::testing::HasSubstr("falls without end")) << method << ": " << result.reason;
      EXPECT_LE(result.value_evaluations, 2000U) << method;
    }
  }
}

TEST(SmoothMethods, SayWhenTheFunctionFallsWithoutEndWithinABound) {
  Given line(1, [](View x, MutableView g) {
    if (!g.empty()) g[0] = -1.0;
    return -x[0];
  });
  const Result result = minimize(line, {1.0}, parse_optimizer("lbfgs"), {.bounds = {{0.0, HUGE_VAL}}});
  EXPECT_EQ(result.status, Status::line_search_failed);
  EXPECT_THAT(result.suggestion, ::testing::HasSubstr("falls without end"));
}

TEST(Bfgs, ReturnsItsInverseHessian) {
  Given f = quadratic(4, 10.0);
  const Result result =
      minimize(f, std::vector<double>(4, 0.0), parse_optimizer("bfgs(curvature=1e-9)"), {.gradient_tolerance = 1e-12});
  ASSERT_EQ(result.inverse_hessian.size(), 16U);
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t j = 0; j < 4; ++j) {
      const double wanted = i == j ? 1.0 / std::pow(10.0, static_cast<double>(i) / 3.0) : 0.0;
      EXPECT_NEAR(result.inverse_hessian[i * 4 + j], wanted, 1e-5);
    }
}

TEST(TrustRegion, LeavesASaddleAlongItsNegativeCurvature) {
  // x^2 - y^2 + y^4 / 2 from a point where the gradient is almost along x.
  Given f(2, [](View x, MutableView g) {
    if (!g.empty()) {
      g[0] = 2.0 * x[0];
      g[1] = -2.0 * x[1] + 2.0 * x[1] * x[1] * x[1];
    }
    return x[0] * x[0] - x[1] * x[1] + 0.5 * x[1] * x[1] * x[1] * x[1];
  });
  for (const char* method : {"trust_region", "newton_cg"}) {
    const Result result = minimize(f, {1.0, 1e-6}, parse_optimizer(method));
    EXPECT_EQ(result.status, Status::converged) << method;
    EXPECT_NEAR(result.value, -0.5, 1e-9) << method;
  }
}

TEST(SmoothMethods, SayWhatTheyCannotDo) {
  const auto message = [](const char* method, std::vector<Bound> bounds, std::size_t n) -> std::string {
    Given f = quadratic(n, 10.0);
    try {
      (void)minimize(f, std::vector<double>(n, 0.0), parse_optimizer(method), {.bounds = std::move(bounds)});
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  const std::vector<Bound> box(2, Bound{0.0, 2.0});
  for (const char* method : {"bfgs", "cg", "newton_cg", "trust_region"})
    EXPECT_THAT(message(method, box, 2), ::testing::HasSubstr("takes no bounds: lbfgs")) << method;
  EXPECT_THAT(message("lbfgs(line_search=zoom)", box, 2), ::testing::HasSubstr("leave out line_search"));
  EXPECT_THAT(message("bfgs", {}, 20001), ::testing::HasSubstr("at most for n = 20,000"));
}

}  // namespace
}  // namespace descent

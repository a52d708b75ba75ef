// The comparison of hand-written gradients at the start of a run must not call right ones wrong.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "descent/core/error.hpp"
#include "descent/optim/minimize.hpp"
#include "descent/problem/objective.hpp"
#include "descent/problem/test_functions.hpp"

namespace descent {
namespace {

TEST(FirstGradient, OfHardFunctionsIsNotCalledWrong) {
  for (const auto& named : test_function_registry().items()) {
    TestProblem problem = make_test_problem(named.entry.name);
    Objective& inner = *problem.objective;
    auto f = objective(problem.start.size(), [&](View x, MutableView g) { return inner.evaluate(x, g); });
    for (const double factor : {1.0, 10.0}) {
      std::vector<double> start = problem.start;
      for (double& x : start) x *= factor;
      EXPECT_NO_THROW((void)minimize(f, start, {.max_steps = 0})) << named.entry.name << " x " << factor;
    }
  }
}

}  // namespace
}  // namespace descent

// The functions that minimisers are tried on, with what is known about them.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "descent/core/objective.hpp"
#include "descent/core/param_table.hpp"
#include "descent/core/registry.hpp"

namespace descent {

/// One function in one dimension, ready to be minimised.
struct TestProblem {
  std::string formula;            ///< as `descent minimize` reads it; its variables are objective's parameter names
  std::vector<double> start;      ///< the customary one. // shape = [n]
  std::vector<double> minimizer;  ///< a global one. // shape = [n]
  double minimum = 0.0;           ///< value there
  std::unique_ptr<Objective> objective;  ///< the same function in C++, gradient by autodiff
};

struct TestFunction {
  TestProblem (*make)(const BoundArguments& arguments) = nullptr;
};

[[nodiscard]] const Registry<TestFunction>& test_function_registry();

/// `rosenbrock`, `rosenbrock(dimension=10)`. Throws: Error(usage).
[[nodiscard]] TestProblem make_test_problem(std::string_view text);

}  // namespace descent

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
#include "descent/core/residual_objective.hpp"

namespace descent {

/// One function in one dimension, ready to be minimised.
struct TestProblem {
  std::string formula{};            ///< as `descent minimize` reads it, in objective's parameter names; empty: too long
  std::vector<double> start{};      ///< the customary one. // shape = [n]
  std::vector<double> minimizer{};  ///< a global one; empty where it is not known for this n. // shape = [n]
  double minimum = 0.0;             ///< the least value, NaN where it is not known for this n
  /// Of local minima, and what is approached at infinity: those of the literature, and those that runs from the
  /// customary starts have found and Newton's method has confirmed. What else there may be is not known.
  std::vector<double> other_minima{};
  std::unique_ptr<Objective> objective{};          ///< the same function in C++, gradient by autodiff
  std::unique_ptr<ResidualObjective> residuals{};  ///< objective is 2 times this; null where it is not given as squares
};

struct TestFunction {
  TestProblem (*make)(const BoundArguments& arguments) = nullptr;
};

[[nodiscard]] const Registry<TestFunction>& test_function_registry();

/// `rosenbrock`, `rosenbrock(dimension=10)`. Throws: Error(usage).
[[nodiscard]] TestProblem make_test_problem(std::string_view text);

}  // namespace descent

// What the test functions are made with: names, texts, parameters of tables, and sums of squares from their residuals.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "descent/core/param_table.hpp"
#include "descent/expr/formula.hpp"
#include "descent/problem/least_squares_objective.hpp"
#include "descent/problem/objective.hpp"
#include "descent/problem/test_functions.hpp"
#include "src/problem/test_functions/written.hpp"

namespace descent::test_functions {

using Maker = TestProblem (*)(const BoundArguments& arguments);

/// x, y, z up to three variables, x0, x1, ... beyond.
std::vector<std::string> names_of(std::size_t n);

std::size_t dimension_of(const BoundArguments& arguments);
/// The same, for functions that take their variables in groups. Throws: Error(usage).
std::size_t dimension_of(const BoundArguments& arguments, std::size_t group);

struct Dimensions {
  double low = 1;
  double high = 1e6;
  const char* usual = "10";
  const char* why = "the paper's";
};
ParamSpec dimension_param(const Dimensions& dimensions);

/// The paper counts from 1.
[[nodiscard]] inline double counted(std::size_t i) { return static_cast<double>(i + 1); }

/// The paper's problem of this number.
std::string more_garbow_hillstrom(int number);

// Each adds its file's.
void add_landscapes(Registry<TestFunction>& registry);
void add_few_variables(Registry<TestFunction>& registry);
void add_more_variables(Registry<TestFunction>& registry);
void add_dense(Registry<TestFunction>& registry);
void add_banded(Registry<TestFunction>& registry);

void add(Registry<TestFunction>& registry, Entry entry, Maker make);

/// sum_i r_i(x)^2 of residuals `f(x, r)`.
template <class F>
struct SumOfSquares {
  F f;
  std::size_t num_residuals = 0;

  template <class T>
  T operator()(std::span<const T> x) const {
    std::vector<T> r(num_residuals);
    f(x, std::span<T>(r));
    T total = pow(r[0], 2.0);
    for (std::size_t i = 1; i < r.size(); ++i) total += pow(r[i], 2.0);
    return total;
  }
};

struct Facts {
  std::size_t num_residuals = 0;
  std::vector<double> start{};
  std::vector<double> minimizer{};
  double minimum = 0.0;
  std::vector<double> other_minima{};
  std::size_t max_written = 100;  ///< variables; beyond, no formula is written
};

/// Of problems 28 and 29, which discretise one boundary value problem: by differences, and by the sums that these are
/// the inverse of, so that start and solution are the same.
[[nodiscard]] Facts boundary_value_facts(std::size_t n);

/// The objective, its residuals and its formula from one `f(x, r)` for `const auto& x, auto r`.
template <class F>
TestProblem sum_of_squares(F f, Facts facts) {
  const std::size_t n = facts.start.size();
  const std::size_t m = facts.num_residuals;
  const SumOfSquares<F> sum{f, m};
  const std::vector<std::string> names = names_of(n);
  std::string formula;
  if (n <= facts.max_written) {
    std::vector<Written> x;
    for (const std::string& name : names) x.push_back(Written::variable(name));
    formula = sum(std::span<const Written>(x)).text();
    if (formula.size() > expr::kMaxFormulaBytes) formula.clear();
  }
  return {.formula = std::move(formula),
          .start = std::move(facts.start),
          .minimizer = std::move(facts.minimizer),
          .minimum = facts.minimum,
          .other_minima = std::move(facts.other_minima),
          .objective = std::make_unique<AutodiffObjective<SumOfSquares<F>>>(n, sum, names),
          .residuals = std::make_unique<LeastSquaresObjective<F>>(n, m, std::move(f), names)};
}

}  // namespace descent::test_functions

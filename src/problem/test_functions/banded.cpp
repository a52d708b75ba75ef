// More, Garbow and Hillstrom's problems of any dimension in which a variable meets its neighbours alone.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <type_traits>

#include "src/problem/test_functions/sum_of_squares.hpp"

namespace descent::test_functions {
namespace {

TestProblem extended_rosenbrock(const BoundArguments& arguments) {
  const std::size_t n = dimension_of(arguments, 2);
  std::vector<double> start(n, 1.0);
  for (std::size_t i = 0; i < n; i += 2) start[i] = -1.2;
  return sum_of_squares(
      [](const auto& x, auto r) {
        for (std::size_t i = 0; i < x.size(); i += 2) {
          r[i] = 10.0 * (x[i + 1] - pow(x[i], 2.0));
          r[i + 1] = 1.0 - x[i];
        }
      },
      {.num_residuals = n, .start = std::move(start), .minimizer = std::vector<double>(n, 1.0)});
}

TestProblem extended_powell_singular(const BoundArguments& arguments) {
  const std::size_t n = dimension_of(arguments, 4);
  std::vector<double> start;
  for (std::size_t i = 0; i < n; i += 4) start.insert(start.end(), {3.0, -1.0, 0.0, 1.0});
  return sum_of_squares(
      [](const auto& x, auto r) {
        for (std::size_t i = 0; i < x.size(); i += 4) {
          r[i] = x[i] + 10.0 * x[i + 1];
          r[i + 1] = std::sqrt(5.0) * (x[i + 2] - x[i + 3]);
          r[i + 2] = pow(x[i + 1] - 2.0 * x[i + 2], 2.0);
          r[i + 3] = std::sqrt(10.0) * pow(x[i] - x[i + 3], 2.0);
        }
      },
      {.num_residuals = n, .start = std::move(start), .minimizer = std::vector<double>(n)});
}

TestProblem discrete_boundary_value(const BoundArguments& arguments) {
  const std::size_t n = dimension_of(arguments);
  const double h = 1.0 / counted(n);
  return sum_of_squares(
      [h](const auto& x, auto r) {
        for (std::size_t i = 0; i < x.size(); ++i) {
          std::remove_cvref_t<decltype(x[0])> total = 2.0 * x[i];
          if (i > 0) total = total - x[i - 1];
          if (i + 1 < x.size()) total = total - x[i + 1];
          r[i] = total + 0.5 * h * h * pow(x[i] + (counted(i) * h + 1.0), 3.0);
        }
      },
      boundary_value_facts(n));
}

TestProblem broyden_tridiagonal(const BoundArguments& arguments) {
  const std::size_t n = dimension_of(arguments);
  Facts facts{.num_residuals = n, .start = std::vector<double>(n, -1.0)};
  if (n == 10)
    facts.minimizer = {-0.5707221320112248, -0.681806949984275,  -0.7022100760176601, -0.7055106298950804,
                       -0.7049061557287437, -0.7014966070298512, -0.6918893223547983, -0.6657965144058537,
                       -0.5960351090263657, -0.4164122575286934};
  return sum_of_squares(
      [](const auto& x, auto r) {
        for (std::size_t i = 0; i < x.size(); ++i) {
          std::remove_cvref_t<decltype(x[0])> total = (3.0 - 2.0 * x[i]) * x[i];
          if (i > 0) total = total - x[i - 1];
          if (i + 1 < x.size()) total = total - 2.0 * x[i + 1];
          r[i] = total + 1.0;
        }
      },
      std::move(facts));
}

TestProblem broyden_banded(const BoundArguments& arguments) {
  const std::size_t n = dimension_of(arguments);
  Facts facts{.num_residuals = n, .start = std::vector<double>(n, -1.0)};
  if (n == 10)
    facts.minimizer = {-0.4283028635872503, -0.47659642435629024, -0.5196524636468617, -0.5580993248321809,
                       -0.5925061568294574, -0.624503682199468,   -0.6232394714405911, -0.6213938417965735,
                       -0.6204535966590874, -0.5864692707204351};
  return sum_of_squares(
      [](const auto& x, auto r) {
        for (std::size_t i = 0; i < x.size(); ++i) {
          std::remove_cvref_t<decltype(x[0])> total = x[i] * (2.0 + 5.0 * pow(x[i], 2.0)) + 1.0;
          const std::size_t end = std::min(i + 2, x.size());
          for (std::size_t j = i - std::min<std::size_t>(i, 5); j < end; ++j)
            if (j != i) total = total - x[j] * (1.0 + x[j]);
          r[i] = total;
        }
      },
      std::move(facts));
}

}  // namespace

Facts boundary_value_facts(std::size_t n) {
  Facts facts{.num_residuals = n};
  for (std::size_t j = 0; j < n; ++j)
    facts.start.push_back(-counted(j) * counted(n - 1 - j) / (counted(n) * counted(n)));
  if (n == 10)
    facts.minimizer = {-0.04316498251876487, -0.08157715653538689, -0.11448571438052929, -0.14097357686259668,
                       -0.1599086961819831,  -0.16987720231277492, -0.16908998378120835, -0.15524953522183182,
                       -0.125355891678935,   -0.07541653368589209};
  return facts;
}

void add_banded(Registry<TestFunction>& r) {
  add(r,
      {.name = "extended_rosenbrock",
       .summary = "n/2 bent valleys side by side; minimum 0 at 1",
       .formula = "sum_{i<=n/2} 100 (x_{2i} - x_{2i-1}^2)^2 + (1 - x_{2i-1})^2",
       .params = {dimension_param({.low = 2})},
       .reference = more_garbow_hillstrom(21),
       .example = "extended_rosenbrock(dimension=20)"},
      extended_rosenbrock);
  add(r,
      {.name = "extended_powell_singular",
       .summary = "n/4 times powell_singular side by side; minimum 0 at 0",
       .formula = "sum_{i<=n/4} (x_{4i-3} + 10 x_{4i-2})^2 + 5 (x_{4i-1} - x_{4i})^2 + (x_{4i-2} - 2 x_{4i-1})^4 + "
                  "10 (x_{4i-3} - x_{4i})^4",
       .params = {dimension_param({.low = 4, .usual = "12", .why = "three of them"})},
       .reference = more_garbow_hillstrom(22),
       .example = "extended_powell_singular(dimension=20)"},
      extended_powell_singular);
  add(r,
      {.name = "discrete_boundary_value",
       .summary = "x'' = (x + t + 1)^3 / 2 with x = 0 at both ends, by differences; minimum 0",
       .formula = "sum_i (2 x_i - x_{i-1} - x_{i+1} + h^2 (x_i + t_i + 1)^3 / 2)^2, h = 1/(n + 1), t_i = i h, x_0 = "
                  "x_{n+1} = 0",
       .params = {dimension_param({})},
       .reference = more_garbow_hillstrom(28),
       .example = "discrete_boundary_value(dimension=10)"},
      discrete_boundary_value);
  add(r,
      {.name = "broyden_tridiagonal",
       .summary = "equations that bind each variable to its two neighbours; minimum 0",
       .formula = "sum_i ((3 - 2 x_i) x_i - x_{i-1} - 2 x_{i+1} + 1)^2, x_0 = x_{n+1} = 0",
       .params = {dimension_param({})},
       .reference = more_garbow_hillstrom(30),
       .example = "broyden_tridiagonal(dimension=10)"},
      broyden_tridiagonal);
  add(r,
      {.name = "broyden_banded",
       .summary = "equations that bind each variable to the five before it and the one behind; minimum 0",
       .formula = "sum_i (x_i (2 + 5 x_i^2) + 1 - sum_j x_j (1 + x_j))^2, j from i - 5 to i + 1 without i",
       .params = {dimension_param({})},
       .reference = more_garbow_hillstrom(31),
       .example = "broyden_banded(dimension=10)"},
      broyden_banded);
}

}  // namespace descent::test_functions

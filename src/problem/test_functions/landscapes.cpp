// Bowls, and landscapes with many minima: functions that are drawn.
#include <cmath>
#include <cstddef>

#include "descent/core/elementary.hpp"
#include "src/problem/test_functions/sum_of_squares.hpp"

namespace descent::test_functions {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kE = 2.71828182845904523536;
constexpr Dimensions kAny{.usual = "2", .why = "two can be drawn"};
constexpr Dimensions kAtLeastTwo{.low = 2, .usual = "2", .why = "two can be drawn"};

constexpr const char* kJamilYang =
    "M. Jamil, X.-S. Yang, \"A literature survey of benchmark functions for global optimisation problems\", Int. J. "
    "Mathematical Modelling and Numerical Optimisation 4(2), 2013";

/// term(name 0) + term(name 1) + ...
template <class Term>
std::string sum_text(const std::vector<std::string>& names, const Term& term) {
  std::vector<std::string> parts;
  for (const std::string& name : names) parts.push_back(term(name));
  return join(parts, " + ");
}

template <class F>
TestProblem problem(std::string formula, F f, std::vector<double> start, std::vector<double> minimizer,
                    double minimum) {
  const std::size_t n = start.size();
  return {.formula = std::move(formula),
          .start = std::move(start),
          .minimizer = std::move(minimizer),
          .minimum = minimum,
          .objective = std::make_unique<AutodiffObjective<F>>(n, std::move(f), names_of(n))};
}

TestProblem sphere(const BoundArguments& arguments) {
  const std::size_t n = dimension_of(arguments);
  return problem(
      sum_text(names_of(n), [](const std::string& v) { return v + "^2"; }),
      [](const auto& x) { return squared_norm(x); }, std::vector<double>(n, 1.0), std::vector<double>(n), 0.0);
}

TestProblem ellipsoid(const BoundArguments& arguments) {
  const std::size_t n = dimension_of(arguments);
  std::vector<double> weight(n, 1.0);
  for (std::size_t i = 1; i < n; ++i)
    weight[i] = math::pow(arguments.number("condition"), static_cast<double>(i) / static_cast<double>(n - 1));
  std::size_t i = 0;
  std::string formula =
      sum_text(names_of(n), [&](const std::string& v) { return number_text(weight[i++]) + "*" + v + "^2"; });
  return problem(
      std::move(formula),
      [weight](const auto& x) {
        auto total = weight[0] * x[0] * x[0];
        for (std::size_t k = 1; k < x.size(); ++k) total += weight[k] * x[k] * x[k];
        return total;
      },
      std::vector<double>(n, 1.0), std::vector<double>(n), 0.0);
}

TestProblem booth(const BoundArguments&) {
  return sum_of_squares(
      [](const auto& x, auto r) {
        r[0] = x[0] + 2.0 * x[1] - 7.0;
        r[1] = 2.0 * x[0] + x[1] - 5.0;
      },
      {.num_residuals = 2, .start = {0, 0}, .minimizer = {1, 3}});
}

TestProblem matyas(const BoundArguments&) {
  return problem(
      "0.26*(x^2 + y^2) - 0.48*x*y",
      [](const auto& x) { return 0.26 * (x[0] * x[0] + x[1] * x[1]) - 0.48 * x[0] * x[1]; }, {5, -8}, {0, 0}, 0);
}

TestProblem himmelblau(const BoundArguments&) {
  return sum_of_squares(
      [](const auto& x, auto r) {
        r[0] = pow(x[0], 2.0) + x[1] - 11.0;
        r[1] = x[0] + pow(x[1], 2.0) - 7.0;
      },
      {.num_residuals = 2, .start = {0, 0}, .minimizer = {3, 2}});
}

TestProblem goldstein_price(const BoundArguments&) {
  return problem(
      "(1 + (x + y + 1)^2*(19 - 14x + 3x^2 - 14y + 6x*y + 3y^2))*"
      "(30 + (2x - 3y)^2*(18 - 32x + 12x^2 + 48y - 36x*y + 27y^2))",
      [](const auto& v) {
        const auto x = v[0];
        const auto y = v[1];
        return (1.0 + pow(x + y + 1.0, 2) * (19.0 - 14.0 * x + 3.0 * x * x - 14.0 * y + 6.0 * x * y + 3.0 * y * y)) *
               (30.0 +
                pow(2.0 * x - 3.0 * y, 2) * (18.0 - 32.0 * x + 12.0 * x * x + 48.0 * y - 36.0 * x * y + 27.0 * y * y));
      },
      {0.5, -0.5}, {0, -1}, 3);
}

TestProblem three_hump_camel(const BoundArguments&) {
  return problem(
      "2x^2 - 1.05x^4 + x^6/6 + x*y + y^2",
      [](const auto& x) {
        return 2.0 * pow(x[0], 2) - 1.05 * pow(x[0], 4) + pow(x[0], 6) / 6.0 + x[0] * x[1] + x[1] * x[1];
      },
      {2, -1}, {0, 0}, 0);
}

TestProblem styblinski_tang(const BoundArguments& arguments) {
  const std::size_t n = dimension_of(arguments);
  // The root of 4t^3 - 32t + 5 near -2.9, and the term there.
  constexpr double kRoot = -2.9035340277711772;
  constexpr double kTerm = -39.166165703771416;
  return problem(
      sum_text(names_of(n), [](const std::string& v) { return "(" + v + "^4 - 16*" + v + "^2 + 5*" + v + ")/2"; }),
      [](const auto& x) {
        auto total = 0.0 * x[0];
        for (const auto& t : x) total += (pow(t, 4) - 16.0 * pow(t, 2) + 5.0 * t) / 2.0;
        return total;
      },
      std::vector<double>(n), std::vector<double>(n, kRoot), kTerm * static_cast<double>(n));
}

TestProblem rastrigin(const BoundArguments& arguments) {
  const std::size_t n = dimension_of(arguments);
  return problem(
      sum_text(names_of(n), [](const std::string& v) { return v + "^2 - 10*cos(2*pi*" + v + ") + 10"; }),
      [](const auto& x) {
        auto total = 0.0 * x[0];
        for (const auto& t : x) total += t * t - 10.0 * cos(2.0 * kPi * t) + 10.0;
        return total;
      },
      std::vector<double>(n, 0.4), std::vector<double>(n), 0.0);
}

TestProblem ackley(const BoundArguments& arguments) {
  const std::size_t n = dimension_of(arguments);
  const std::vector<std::string> v = names_of(n);
  const std::string count = std::to_string(n);
  return problem(
      "20 + e - 20*exp(-0.2*sqrt((" + sum_text(v, [](const std::string& t) { return t + "^2"; }) + ")/" + count +
          ")) - exp((" + sum_text(v, [](const std::string& t) { return "cos(2*pi*" + t + ")"; }) + ")/" + count + ")",
      [](const auto& x) {
        const auto size = static_cast<double>(x.size());
        auto waves = 0.0 * x[0];
        for (const auto& t : x) waves += cos(2.0 * kPi * t);
        return 20.0 + kE - 20.0 * exp(-0.2 * sqrt(squared_norm(x) / size)) - exp(waves / size);
      },
      std::vector<double>(n, 0.4), std::vector<double>(n), 0.0);
}

TestProblem griewank(const BoundArguments& arguments) {
  const std::size_t n = dimension_of(arguments);
  std::vector<std::string> waves;
  for (const std::string& v : names_of(n))
    waves.push_back("cos(" + v + "/sqrt(" + std::to_string(waves.size() + 1) + "))");
  return problem(
      "1 + (" + sum_text(names_of(n), [](const std::string& t) { return t + "^2"; }) + ")/4000 - " + join(waves, "*"),
      [](const auto& x) {
        auto product = 1.0 + 0.0 * x[0];
        for (std::size_t i = 0; i < x.size(); ++i) product *= cos(x[i] / std::sqrt(static_cast<double>(i + 1)));
        return 1.0 + squared_norm(x) / 4000.0 - product;
      },
      std::vector<double>(n, 1.0), std::vector<double>(n), 0.0);
}

}  // namespace

void add_landscapes(Registry<TestFunction>& r) {
  add(r,
      {.name = "sphere",
       .summary = "the easiest bowl; minimum 0 at 0",
       .formula = "sum_i x_i^2",
       .params = {dimension_param(kAny)},
       .example = "sphere(dimension=10)"},
      sphere);
  add(r,
      {.name = "ellipsoid",
       .summary = "a bowl stretched by a chosen condition number; minimum 0 at 0",
       .formula = "sum_i condition^((i-1)/(n-1)) x_i^2",
       .params = {dimension_param(kAtLeastTwo),
                  {.name = "condition",
                   .kind = ParamKind::number,
                   .default_text = "1000",
                   .interval = {.low = 1.0},
                   .meaning = "largest over smallest curvature",
                   .why = "plain descent needs thousands of steps, momentum about a hundred"}},
       .example = "ellipsoid(2, condition=100)"},
      ellipsoid);
  add(r,
      {.name = "booth",
       .summary = "a tilted bowl; minimum 0 at (1, 3)",
       .formula = "(x + 2y - 7)^2 + (2x + y - 5)^2",
       .reference = kJamilYang,
       .example = "booth"},
      booth);
  add(r,
      {.name = "matyas",
       .summary = "a flat bowl; minimum 0 at 0",
       .formula = "0.26 (x^2 + y^2) - 0.48 x y",
       .reference = kJamilYang,
       .example = "matyas"},
      matyas);
  add(r,
      {.name = "himmelblau",
       .summary = "four minima of value 0, at (3, 2), (-2.805, 3.131), (-3.779, -3.283) and (3.584, -1.848)",
       .formula = "(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
       .reference = "D. M. Himmelblau, \"Applied Nonlinear Programming\", McGraw-Hill 1972",
       .example = "himmelblau"},
      himmelblau);
  add(r,
      {.name = "goldstein_price",
       .summary = "values over six orders of magnitude and several minima; the least is 3 at (0, -1)",
       .formula = "(1 + (x + y + 1)^2 (19 - 14x + 3x^2 - 14y + 6xy + 3y^2)) "
                  "(30 + (2x - 3y)^2 (18 - 32x + 12x^2 + 48y - 36xy + 27y^2))",
       .reference = kJamilYang,
       .example = "goldstein_price"},
      goldstein_price);
  add(r,
      {.name = "three_hump_camel",
       .summary = "three minima; the least is 0 at 0",
       .formula = "2x^2 - 1.05x^4 + x^6/6 + xy + y^2",
       .reference = kJamilYang,
       .example = "three_hump_camel"},
      three_hump_camel);
  add(r,
      {.name = "styblinski_tang",
       .summary = "2^n minima; the least is -39.16617 n at -2.903534",
       .formula = "sum_i (x_i^4 - 16 x_i^2 + 5 x_i) / 2",
       .params = {dimension_param(kAny)},
       .reference = kJamilYang,
       .example = "styblinski_tang(dimension=3)"},
      styblinski_tang);
  add(r,
      {.name = "rastrigin",
       .summary = "a bowl full of minima, one near every whole point; the least is 0 at 0",
       .formula = "sum_i x_i^2 - 10 cos(2 pi x_i) + 10",
       .params = {dimension_param(kAny)},
       .reference = kJamilYang,
       .example = "rastrigin(dimension=5)"},
      rastrigin);
  add(r,
      {.name = "ackley",
       .summary = "a plain of ripples around a funnel; minimum 0 at 0, where it has a cusp and no gradient",
       .formula = "20 + e - 20 exp(-0.2 sqrt(sum_i x_i^2 / n)) - exp(sum_i cos(2 pi x_i) / n)",
       .params = {dimension_param(kAny)},
       .reference = kJamilYang,
       .example = "ackley(dimension=2)"},
      ackley);
  add(r,
      {.name = "griewank",
       .summary = "a wide bowl with regular ripples; the least minimum is 0 at 0",
       .formula = "1 + sum_i x_i^2 / 4000 - prod_i cos(x_i / sqrt(i))",
       .params = {dimension_param(kAny)},
       .reference = kJamilYang,
       .example = "griewank(dimension=2)"},
      griewank);
}

}  // namespace descent::test_functions

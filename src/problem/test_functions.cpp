#include "descent/problem/test_functions.hpp"

#include <span>
#include <utility>

#include "descent/core/elementary.hpp"
#include "descent/problem/objective.hpp"

namespace descent {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kE = 2.71828182845904523536;

constexpr const char* kMoreGarbowHillstrom =
    "J. J. More, B. S. Garbow, K. E. Hillstrom, \"Testing unconstrained optimization software\", ACM TOMS 7(1), 1981";
constexpr const char* kJamilYang =
    "M. Jamil, X.-S. Yang, \"A literature survey of benchmark functions for global optimisation problems\", Int. J. "
    "Mathematical Modelling and Numerical Optimisation 4(2), 2013";

/// x, y, z up to three variables, x0, x1, ... beyond.
std::vector<std::string> names_of(std::size_t n) {
  static const std::vector<std::string> letters{"x", "y", "z"};
  if (n <= 3) return {letters.begin(), letters.begin() + static_cast<std::ptrdiff_t>(n)};
  std::vector<std::string> names;
  for (std::size_t i = 0; i < n; ++i) names.push_back("x" + std::to_string(i));
  return names;
}

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

std::size_t dimension_of(const BoundArguments& arguments) {
  return static_cast<std::size_t>(arguments.integer("dimension"));
}

ParamSpec dimension_param(double low) {
  return {.name = "dimension",
          .kind = ParamKind::integer,
          .default_text = "2",
          .interval = {.low = low, .high = 1e6},
          .meaning = "number of variables, n",
          .why = "two can be drawn"};
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

TestProblem rosenbrock(const BoundArguments& arguments) {
  const std::size_t n = dimension_of(arguments);
  const std::vector<std::string> v = names_of(n);
  std::vector<std::string> parts;
  for (std::size_t i = 0; i + 1 < n; ++i)
    parts.push_back("(1 - " + v[i] + ")^2 + 100*(" + v[i + 1] + " - " + v[i] + "^2)^2");
  std::vector<double> start(n, 1.0);
  for (std::size_t i = 0; i < n; i += 2) start[i] = -1.2;
  return problem(
      join(parts, " + "),
      [](const auto& x) {
        auto total = 0.0 * x[0];
        for (std::size_t i = 0; i + 1 < x.size(); ++i) {
          const auto a = 1.0 - x[i];
          const auto b = x[i + 1] - x[i] * x[i];
          total += a * a + 100.0 * (b * b);
        }
        return total;
      },
      std::move(start), std::vector<double>(n, 1.0), 0.0);
}

TestProblem booth(const BoundArguments&) {
  return problem(
      "(x + 2y - 7)^2 + (2x + y - 5)^2",
      [](const auto& x) { return pow(x[0] + 2.0 * x[1] - 7.0, 2) + pow(2.0 * x[0] + x[1] - 5.0, 2); }, {0, 0}, {1, 3},
      0);
}

TestProblem matyas(const BoundArguments&) {
  return problem(
      "0.26*(x^2 + y^2) - 0.48*x*y",
      [](const auto& x) { return 0.26 * (x[0] * x[0] + x[1] * x[1]) - 0.48 * x[0] * x[1]; }, {5, -8}, {0, 0}, 0);
}

TestProblem beale(const BoundArguments&) {
  return problem(
      "(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2",
      [](const auto& x) {
        return pow(1.5 - x[0] + x[0] * x[1], 2) + pow(2.25 - x[0] + x[0] * pow(x[1], 2), 2) +
               pow(2.625 - x[0] + x[0] * pow(x[1], 3), 2);
      },
      {1, 1}, {3, 0.5}, 0);
}

TestProblem himmelblau(const BoundArguments&) {
  return problem(
      "(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
      [](const auto& x) { return pow(x[0] * x[0] + x[1] - 11.0, 2) + pow(x[0] + x[1] * x[1] - 7.0, 2); }, {0, 0},
      {3, 2}, 0);
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

TestProblem powell_singular(const BoundArguments&) {
  return problem(
      "(x0 + 10*x1)^2 + 5*(x2 - x3)^2 + (x1 - 2*x2)^4 + 10*(x0 - x3)^4",
      [](const auto& x) {
        return pow(x[0] + 10.0 * x[1], 2) + 5.0 * pow(x[2] - x[3], 2) + pow(x[1] - 2.0 * x[2], 4) +
               10.0 * pow(x[0] - x[3], 4);
      },
      {3, -1, 0, 1}, {0, 0, 0, 0}, 0);
}

TestProblem wood(const BoundArguments&) {
  return problem(
      "100*(x1 - x0^2)^2 + (1 - x0)^2 + 90*(x3 - x2^2)^2 + (1 - x2)^2 + 10*(x1 + x3 - 2)^2 + (x1 - x3)^2/10",
      [](const auto& x) {
        return 100.0 * pow(x[1] - x[0] * x[0], 2) + pow(1.0 - x[0], 2) + 90.0 * pow(x[3] - x[2] * x[2], 2) +
               pow(1.0 - x[2], 2) + 10.0 * pow(x[1] + x[3] - 2.0, 2) + pow(x[1] - x[3], 2) / 10.0;
      },
      {-3, -1, -3, -1}, {1, 1, 1, 1}, 0);
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

Registry<TestFunction> make_registry() {
  Registry<TestFunction> r("test function");
  const auto add = [&r](Entry entry, TestProblem (*make)(const BoundArguments&)) {
    entry.kind = r.kind();
    r.add(std::move(entry), {make});
  };
  add({.name = "sphere",
       .summary = "the easiest bowl; minimum 0 at 0",
       .formula = "sum_i x_i^2",
       .params = {dimension_param(1)},
       .example = "sphere(dimension=10)"},
      sphere);
  add({.name = "ellipsoid",
       .summary = "a bowl stretched by a chosen condition number; minimum 0 at 0",
       .formula = "sum_i condition^((i-1)/(n-1)) x_i^2",
       .params = {dimension_param(2),
                  {.name = "condition",
                   .kind = ParamKind::number,
                   .default_text = "1000",
                   .interval = {.low = 1.0},
                   .meaning = "largest over smallest curvature",
                   .why = "plain descent needs thousands of steps, momentum about a hundred"}},
       .example = "ellipsoid(2, condition=100)"},
      ellipsoid);
  add({.name = "rosenbrock",
       .summary = "a narrow bent valley; minimum 0 at 1",
       .formula = "sum_i (1 - x_i)^2 + 100 (x_{i+1} - x_i^2)^2",
       .params = {dimension_param(2)},
       .reference = "H. H. Rosenbrock, \"An automatic method for finding the greatest or least value of a function\", "
                    "Computer Journal 3, 1960",
       .example = "rosenbrock(dimension=10)"},
      rosenbrock);
  add({.name = "booth",
       .summary = "a tilted bowl; minimum 0 at (1, 3)",
       .formula = "(x + 2y - 7)^2 + (2x + y - 5)^2",
       .reference = kJamilYang,
       .example = "booth"},
      booth);
  add({.name = "matyas",
       .summary = "a flat bowl; minimum 0 at 0",
       .formula = "0.26 (x^2 + y^2) - 0.48 x y",
       .reference = kJamilYang,
       .example = "matyas"},
      matyas);
  add({.name = "beale",
       .summary = "flat far out, steep in the corners; minimum 0 at (3, 0.5)",
       .formula = "(1.5 - x + x y)^2 + (2.25 - x + x y^2)^2 + (2.625 - x + x y^3)^2",
       .reference = kMoreGarbowHillstrom,
       .example = "beale"},
      beale);
  add({.name = "himmelblau",
       .summary = "four minima of value 0, at (3, 2), (-2.805, 3.131), (-3.779, -3.283) and (3.584, -1.848)",
       .formula = "(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
       .reference = "D. M. Himmelblau, \"Applied Nonlinear Programming\", McGraw-Hill 1972",
       .example = "himmelblau"},
      himmelblau);
  add({.name = "goldstein_price",
       .summary = "values over six orders of magnitude and several minima; the least is 3 at (0, -1)",
       .formula = "(1 + (x + y + 1)^2 (19 - 14x + 3x^2 - 14y + 6xy + 3y^2)) "
                  "(30 + (2x - 3y)^2 (18 - 32x + 12x^2 + 48y - 36xy + 27y^2))",
       .reference = kJamilYang,
       .example = "goldstein_price"},
      goldstein_price);
  add({.name = "three_hump_camel",
       .summary = "three minima; the least is 0 at 0",
       .formula = "2x^2 - 1.05x^4 + x^6/6 + xy + y^2",
       .reference = kJamilYang,
       .example = "three_hump_camel"},
      three_hump_camel);
  add({.name = "powell_singular",
       .summary = "the Hessian is singular at the minimum, 0 at 0: only fourth powers hold two directions",
       .formula = "(x0 + 10 x1)^2 + 5 (x2 - x3)^2 + (x1 - 2 x2)^4 + 10 (x0 - x3)^4",
       .reference = kMoreGarbowHillstrom,
       .example = "powell_singular"},
      powell_singular);
  add({.name = "wood",
       .summary = "two coupled valleys, with a saddle near (-1, 1, -1, 1); minimum 0 at 1",
       .formula =
           "100 (x1 - x0^2)^2 + (1 - x0)^2 + 90 (x3 - x2^2)^2 + (1 - x2)^2 + 10 (x1 + x3 - 2)^2 + (x1 - x3)^2 / 10",
       .reference = kMoreGarbowHillstrom,
       .example = "wood"},
      wood);
  add({.name = "styblinski_tang",
       .summary = "2^n minima; the least is -39.16617 n at -2.903534",
       .formula = "sum_i (x_i^4 - 16 x_i^2 + 5 x_i) / 2",
       .params = {dimension_param(1)},
       .reference = kJamilYang,
       .example = "styblinski_tang(dimension=3)"},
      styblinski_tang);
  add({.name = "rastrigin",
       .summary = "a bowl full of minima, one near every whole point; the least is 0 at 0",
       .formula = "sum_i x_i^2 - 10 cos(2 pi x_i) + 10",
       .params = {dimension_param(1)},
       .reference = kJamilYang,
       .example = "rastrigin(dimension=5)"},
      rastrigin);
  add({.name = "ackley",
       .summary = "a plain of ripples around a funnel; minimum 0 at 0, where it has a cusp and no gradient",
       .formula = "20 + e - 20 exp(-0.2 sqrt(sum_i x_i^2 / n)) - exp(sum_i cos(2 pi x_i) / n)",
       .params = {dimension_param(1)},
       .reference = kJamilYang,
       .example = "ackley(dimension=2)"},
      ackley);
  add({.name = "griewank",
       .summary = "a wide bowl with regular ripples; the least minimum is 0 at 0",
       .formula = "1 + sum_i x_i^2 / 4000 - prod_i cos(x_i / sqrt(i))",
       .params = {dimension_param(1)},
       .reference = kJamilYang,
       .example = "griewank(dimension=2)"},
      griewank);
  return r;
}

}  // namespace

const Registry<TestFunction>& test_function_registry() {
  static const Registry<TestFunction> registry = make_registry();
  return registry;
}

TestProblem make_test_problem(std::string_view text) {
  const Call call = parse_call(text);
  return placed(call, [&] {
    const auto& named = test_function_registry().at(call.name);
    return named.item.make(bind(named.entry, call));
  });
}

}  // namespace descent

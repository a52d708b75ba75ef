// More, Garbow and Hillstrom's problems 1 to 12: two and three variables.
#include <array>
#include <cstddef>

#include "descent/core/elementary.hpp"
#include "src/problem/test_functions/sum_of_squares.hpp"

namespace descent::test_functions {
namespace {

constexpr double kPi = 3.14159265358979323846;

TestProblem freudenstein_roth(const BoundArguments&) {
  return sum_of_squares(
      [](const auto& x, auto r) {
        r[0] = -13.0 + x[0] + ((5.0 - x[1]) * x[1] - 2.0) * x[1];
        r[1] = -29.0 + x[0] + ((x[1] + 1.0) * x[1] - 14.0) * x[1];
      },
      {.num_residuals = 2, .start = {0.5, -2}, .minimizer = {5, 4}, .other_minima = {48.98425367924002}});
}

TestProblem powell_badly_scaled(const BoundArguments&) {
  return sum_of_squares(
      [](const auto& x, auto r) {
        r[0] = 1e4 * x[0] * x[1] - 1.0;
        r[1] = exp(-x[0]) + exp(-x[1]) - 1.0001;
      },
      {.num_residuals = 2, .start = {0, 1}, .minimizer = {1.0981593296998175e-05, 9.106146739866524}});
}

TestProblem brown_badly_scaled(const BoundArguments&) {
  return sum_of_squares(
      [](const auto& x, auto r) {
        r[0] = x[0] - 1e6;
        r[1] = x[1] - 2e-6;
        r[2] = x[0] * x[1] - 2.0;
      },
      {.num_residuals = 3, .start = {1, 1}, .minimizer = {1e6, 2e-6}});
}

TestProblem beale(const BoundArguments&) {
  return sum_of_squares(
      [](const auto& x, auto r) {
        constexpr std::array y{1.5, 2.25, 2.625};
        for (std::size_t i = 0; i < 3; ++i) r[i] = y[i] - x[0] * (1.0 - pow(x[1], counted(i)));
      },
      {.num_residuals = 3, .start = {1, 1}, .minimizer = {3, 0.5}});
}

TestProblem jennrich_sampson(const BoundArguments&) {
  return sum_of_squares(
      [](const auto& x, auto r) {
        for (std::size_t i = 0; i < 10; ++i)
          r[i] = 2.0 + 2.0 * counted(i) - (exp(counted(i) * x[0]) + exp(counted(i) * x[1]));
      },
      {.num_residuals = 10,
       .start = {0.3, 0.4},
       .minimizer = {0.2578252136703641, 0.2578252136703641},
       .minimum = 124.36218235561485});
}

TestProblem helical_valley(const BoundArguments&) {
  return sum_of_squares(
      [](const auto& x, auto r) {
        // The paper's arctan(x2/x1) with 1/2 added left of x1 = 0: an angle that jumps where x1 = 0 and x2 < 0.
        const auto turns = atan2(-x[0], x[1]) / (2.0 * kPi) + 0.25;
        r[0] = 10.0 * (x[2] - 10.0 * turns);
        r[1] = 10.0 * (sqrt(pow(x[0], 2.0) + pow(x[1], 2.0)) - 1.0);
        r[2] = x[2];
      },
      {.num_residuals = 3, .start = {-1, 0, 0}, .minimizer = {1, 0, 0}});
}

TestProblem bard(const BoundArguments&) {
  return sum_of_squares(
      [](const auto& x, auto r) {
        constexpr std::array y{0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39,
                               0.37, 0.58, 0.73, 0.96, 1.34, 2.10, 4.39};
        for (std::size_t i = 0; i < y.size(); ++i) {
          const double u = counted(i);
          const double v = 16.0 - u;
          r[i] = y[i] - (x[0] + u / (v * x[1] + (u < v ? u : v) * x[2]));
        }
      },
      {.num_residuals = 15,
       .start = {1, 1, 1},
       .minimizer = {0.08241055974978893, 1.1330360920297216, 2.343695178642537},
       .minimum = 0.008214877306578975,
       .other_minima = {17.42869333333333}});
}

TestProblem gaussian(const BoundArguments&) {
  return sum_of_squares(
      [](const auto& x, auto r) {
        constexpr std::array y{0.0009, 0.0044, 0.0175, 0.0540, 0.1295, 0.2420, 0.3521, 0.3989,
                               0.3521, 0.2420, 0.1295, 0.0540, 0.0175, 0.0044, 0.0009};
        for (std::size_t i = 0; i < y.size(); ++i) {
          const double t = (8.0 - counted(i)) / 2.0;
          r[i] = x[0] * exp(-x[1] * pow(t - x[2], 2.0) / 2.0) - y[i];
        }
      },
      {.num_residuals = 15,
       .start = {0.4, 1, 0},
       .minimizer = {0.39895613783875666, 1.0000190844878056, 0},
       .minimum = 1.127932769618648e-08});
}

TestProblem meyer(const BoundArguments&) {
  return sum_of_squares(
      [](const auto& x, auto r) {
        constexpr std::array<double, 16> y{34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744,
                                           8261,  7030,  6005,  5147,  4427,  3820,  3307,  2872};
        for (std::size_t i = 0; i < y.size(); ++i) r[i] = x[0] * exp(x[1] / (45.0 + 5.0 * counted(i) + x[2])) - y[i];
      },
      {.num_residuals = 16,
       .start = {0.02, 4000, 250},
       .minimizer = {0.005609636471028053, 6181.346346286372, 345.2236346241365},
       .minimum = 87.94585517085112});
}

TestProblem gulf(const BoundArguments&) {
  return sum_of_squares(
      [](const auto& x, auto r) {
        for (std::size_t i = 0; i < 99; ++i) {
          const double t = counted(i) / 100.0;
          const double y = 25.0 + math::pow(-50.0 * math::log(t), 2.0 / 3.0);
          r[i] = exp(-pow(abs(y - x[1]), x[2]) / x[0]) - t;
        }
      },
      {.num_residuals = 99, .start = {5, 2.5, 0.15}, .minimizer = {50, 25, 1.5}});
}

TestProblem box_3d(const BoundArguments&) {
  return sum_of_squares(
      [](const auto& x, auto r) {
        for (std::size_t i = 0; i < 10; ++i) {
          const double t = counted(i) / 10.0;
          r[i] = exp(-t * x[0]) - exp(-t * x[1]) - x[2] * (math::exp(-t) - math::exp(-10.0 * t));
        }
      },
      {.num_residuals = 10, .start = {0, 10, 20}, .minimizer = {1, 10, 1}});
}

TestProblem rosenbrock(const BoundArguments& arguments) {
  const std::size_t n = dimension_of(arguments);
  std::vector<double> start(n, 1.0);
  for (std::size_t i = 0; i < n; i += 2) start[i] = -1.2;
  return sum_of_squares(
      [](const auto& x, auto r) {
        for (std::size_t i = 0; i + 1 < x.size(); ++i) {
          r[2 * i] = 10.0 * (x[i + 1] - pow(x[i], 2.0));
          r[2 * i + 1] = 1.0 - x[i];
        }
      },
      {.num_residuals = 2 * (n - 1), .start = std::move(start), .minimizer = std::vector<double>(n, 1.0)});
}

}  // namespace

void add_few_variables(Registry<TestFunction>& r) {
  add(r,
      {.name = "rosenbrock",
       .summary = "a narrow bent valley; minimum 0 at 1",
       .formula = "sum_i 100 (x_{i+1} - x_i^2)^2 + (1 - x_i)^2",
       .params = {dimension_param({.low = 2, .usual = "2", .why = "two can be drawn"})},
       .reference = "H. H. Rosenbrock, \"An automatic method for finding the greatest or least value of a function\", "
                    "Computer Journal 3, 1960; n = 2: " +
                    more_garbow_hillstrom(1),
       .example = "rosenbrock(dimension=10)"},
      rosenbrock);
  add(r,
      {.name = "freudenstein_roth",
       .summary = "two minima: 0 at (5, 4) and, where most runs end, 48.98425 at (11.41, -0.8968)",
       .formula = "(-13 + x + ((5 - y) y - 2) y)^2 + (-29 + x + ((y + 1) y - 14) y)^2",
       .reference = more_garbow_hillstrom(2),
       .example = "freudenstein_roth"},
      freudenstein_roth);
  add(r,
      {.name = "powell_badly_scaled",
       .summary = "a valley along x y = 0.0001; minimum 0 at (1.098e-5, 9.106)",
       .formula = "(10^4 x y - 1)^2 + (exp(-x) + exp(-y) - 1.0001)^2",
       .reference = more_garbow_hillstrom(3),
       .example = "powell_badly_scaled"},
      powell_badly_scaled);
  add(r,
      {.name = "brown_badly_scaled",
       .summary = "variables that differ by twelve orders of magnitude; minimum 0 at (10^6, 2 10^-6)",
       .formula = "(x - 10^6)^2 + (y - 2 10^-6)^2 + (x y - 2)^2",
       .reference = more_garbow_hillstrom(4),
       .example = "brown_badly_scaled"},
      brown_badly_scaled);
  add(r,
      {.name = "beale",
       .summary = "flat far out, steep in the corners; minimum 0 at (3, 0.5)",
       .formula = "(1.5 - x (1 - y))^2 + (2.25 - x (1 - y^2))^2 + (2.625 - x (1 - y^3))^2",
       .reference = more_garbow_hillstrom(5),
       .example = "beale"},
      beale);
  add(r,
      {.name = "jennrich_sampson",
       .summary = "large residuals and exponentials that overflow soon; minimum 124.3622 at x = y = 0.2578",
       .formula = "sum_{i<=10} (2 + 2i - exp(i x) - exp(i y))^2",
       .reference = more_garbow_hillstrom(6),
       .example = "jennrich_sampson"},
      jennrich_sampson);
  add(r,
      {.name = "helical_valley",
       .summary = "a valley that winds around the third axis; minimum 0 at (1, 0, 0)",
       .formula = "(10 (z - 10 theta))^2 + (10 (sqrt(x^2 + y^2) - 1))^2 + z^2, theta the angle of (x, y) in turns",
       .reference = more_garbow_hillstrom(7),
       .example = "helical_valley"},
      helical_valley);
  add(r,
      {.name = "bard",
       .summary = "a curve through 15 points; minimum 0.008214877, and 17.42869 towards (0.8407, -inf, -inf)",
       .formula = "sum_{u<=15} (y_u - x - u / ((16 - u) y + min(u, 16 - u) z))^2, y_u in the reference",
       .reference = more_garbow_hillstrom(8),
       .example = "bard"},
      bard);
  add(r,
      {.name = "gaussian",
       .summary = "a bell through 15 points, begun almost at the minimum, 1.127933e-8 at (0.39896, 1.00002, 0)",
       .formula = "sum_{i<=15} (x exp(-y (t_i - z)^2 / 2) - y_i)^2, t_i = (8 - i) / 2, y_i in the reference",
       .reference = more_garbow_hillstrom(9),
       .example = "gaussian"},
      gaussian);
  add(r,
      {.name = "meyer",
       .summary = "a long, very narrow valley; minimum 87.94586 at (0.0056096, 6181.35, 345.22)",
       .formula = "sum_{i<=16} (x exp(y / (45 + 5i + z)) - y_i)^2, y_i in the reference",
       .reference = more_garbow_hillstrom(10),
       .example = "meyer"},
      meyer);
  add(r,
      {.name = "gulf",
       .summary = "powers with a fitted exponent, flat far out; minimum 0 at (50, 25, 1.5)",
       .formula = "sum_{i<=99} (exp(-|y_i - y|^z / x) - t_i)^2, t_i = i/100, y_i = 25 + (-50 log t_i)^(2/3)",
       .reference = more_garbow_hillstrom(11) + ", with its misprinted exponent put right",
       .example = "gulf"},
      gulf);
  add(r,
      {.name = "box_3d",
       .summary = "minimum 0 at (1, 10, 1), at (10, 1, -1) and wherever x = y, z = 0",
       .formula = "sum_{i<=10} (exp(-t x) - exp(-t y) - z (exp(-t) - exp(-10 t)))^2, t = i/10",
       .reference = more_garbow_hillstrom(12),
       .example = "box_3d"},
      box_3d);
}

}  // namespace descent::test_functions

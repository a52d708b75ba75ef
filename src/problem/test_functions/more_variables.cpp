// More, Garbow and Hillstrom's problems 13 to 19: four to eleven variables, most of them fits of curves.
#include <array>
#include <cmath>
#include <cstddef>

#include "descent/core/elementary.hpp"
#include "src/problem/test_functions/sum_of_squares.hpp"

namespace descent::test_functions {
namespace {

TestProblem powell_singular(const BoundArguments&) {
  return sum_of_squares(
      [](const auto& x, auto r) {
        r[0] = x[0] + 10.0 * x[1];
        r[1] = std::sqrt(5.0) * (x[2] - x[3]);
        r[2] = pow(x[1] - 2.0 * x[2], 2.0);
        r[3] = std::sqrt(10.0) * pow(x[0] - x[3], 2.0);
      },
      {.num_residuals = 4, .start = {3, -1, 0, 1}, .minimizer = {0, 0, 0, 0}});
}

TestProblem wood(const BoundArguments&) {
  return sum_of_squares(
      [](const auto& x, auto r) {
        r[0] = 10.0 * (x[1] - pow(x[0], 2.0));
        r[1] = 1.0 - x[0];
        r[2] = std::sqrt(90.0) * (x[3] - pow(x[2], 2.0));
        r[3] = 1.0 - x[2];
        r[4] = std::sqrt(10.0) * (x[1] + x[3] - 2.0);
        r[5] = (x[1] - x[3]) / std::sqrt(10.0);
      },
      {.num_residuals = 6, .start = {-3, -1, -3, -1}, .minimizer = {1, 1, 1, 1}});
}

TestProblem kowalik_osborne(const BoundArguments&) {
  return sum_of_squares(
      [](const auto& x, auto r) {
        constexpr std::array y{0.1957, 0.1947, 0.1735, 0.1600, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246};
        constexpr std::array u{4.0, 2.0, 1.0, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625};
        for (std::size_t i = 0; i < y.size(); ++i)
          r[i] = y[i] - x[0] * (u[i] * u[i] + u[i] * x[1]) / (u[i] * u[i] + u[i] * x[2] + x[3]);
      },
      {.num_residuals = 11,
       .start = {0.25, 0.39, 0.415, 0.39},
       .minimizer = {0.19280693457903786, 0.19128232873436696, 0.12305650692632066, 0.13606233068379484},
       .minimum = 0.00030750560384923745,
       .other_minima = {0.0004236746264698345, 0.0010273430486954578}});
}

TestProblem brown_dennis(const BoundArguments&) {
  return sum_of_squares(
      [](const auto& x, auto r) {
        for (std::size_t i = 0; i < 20; ++i) {
          const double t = static_cast<double>(i + 1) / 5.0;
          r[i] = pow(x[0] + t * x[1] - math::exp(t), 2.0) + pow(x[2] + x[3] * math::sin(t) - math::cos(t), 2.0);
        }
      },
      {.num_residuals = 20,
       .start = {25, 5, -5, -1},
       .minimizer = {-11.594439904762165, 13.203630051207204, -0.40343948817685954, 0.2367787744557363},
       .minimum = 85822.20162635634});
}

TestProblem osborne_1(const BoundArguments&) {
  return sum_of_squares(
      [](const auto& x, auto r) {
        constexpr std::array y{0.844, 0.908, 0.932, 0.936, 0.925, 0.908, 0.881, 0.850, 0.818, 0.784, 0.751,
                               0.718, 0.685, 0.658, 0.628, 0.603, 0.580, 0.558, 0.538, 0.522, 0.506, 0.490,
                               0.478, 0.467, 0.457, 0.448, 0.438, 0.431, 0.424, 0.420, 0.414, 0.411, 0.406};
        for (std::size_t i = 0; i < y.size(); ++i) {
          const double t = 10.0 * static_cast<double>(i);
          r[i] = y[i] - (x[0] + x[1] * exp(-t * x[3]) + x[2] * exp(-t * x[4]));
        }
      },
      {.num_residuals = 33,
       .start = {0.5, 1.5, -1, 0.01, 0.02},
       .minimizer = {0.37541005210695205, 1.9358469127123674, -1.464687136613423, 0.012867534640057288,
                     0.02212269966167261},
       .minimum = 5.464894697482907e-05});
}

TestProblem biggs_exp6(const BoundArguments&) {
  return sum_of_squares(
      [](const auto& x, auto r) {
        for (std::size_t i = 0; i < 13; ++i) {
          const double t = static_cast<double>(i + 1) / 10.0;
          const double y = math::exp(-t) - 5.0 * math::exp(-10.0 * t) + 3.0 * math::exp(-4.0 * t);
          r[i] = x[2] * exp(-t * x[0]) - x[3] * exp(-t * x[1]) + x[5] * exp(-t * x[4]) - y;
        }
      },
      {.num_residuals = 13,
       .start = {1, 2, 1, 1, 1, 1},
       .minimizer = {1, 10, 1, 5, 4, 3},
       .other_minima = {0.005655649925499931}});
}

TestProblem osborne_2(const BoundArguments&) {
  return sum_of_squares(
      [](const auto& x, auto r) {
        constexpr std::array y{1.366, 1.191, 1.112, 1.013, 0.991, 0.885, 0.831, 0.847, 0.786, 0.725, 0.746,
                               0.679, 0.608, 0.655, 0.616, 0.606, 0.602, 0.626, 0.651, 0.724, 0.649, 0.649,
                               0.694, 0.644, 0.624, 0.661, 0.612, 0.558, 0.533, 0.495, 0.500, 0.423, 0.395,
                               0.375, 0.372, 0.391, 0.396, 0.405, 0.428, 0.429, 0.523, 0.562, 0.607, 0.653,
                               0.672, 0.708, 0.633, 0.668, 0.645, 0.632, 0.591, 0.559, 0.597, 0.625, 0.739,
                               0.710, 0.729, 0.720, 0.636, 0.581, 0.428, 0.292, 0.162, 0.098, 0.054};
        for (std::size_t i = 0; i < y.size(); ++i) {
          const double t = static_cast<double>(i) / 10.0;
          r[i] = y[i] - (x[0] * exp(-t * x[4]) + x[1] * exp(-pow(t - x[8], 2.0) * x[5]) +
                         x[2] * exp(-pow(t - x[9], 2.0) * x[6]) + x[3] * exp(-pow(t - x[10], 2.0) * x[7]));
        }
      },
      {.num_residuals = 65,
       .start = {1.3, 0.65, 0.65, 0.7, 0.6, 3, 5, 7, 2, 4.5, 5.5},
       .minimizer = {1.3099771546273005, 0.4315537946029889, 0.633661698960724, 0.5994305347859163, 0.7541832263280113,
                     0.9042885798596336, 1.3658118352370285, 4.8236988172271555, 2.3986848661317546, 4.568874597667672,
                     5.6753414705806415},
       .minimum = 0.040137736293547735});
}

}  // namespace

void add_more_variables(Registry<TestFunction>& r) {
  add(r,
      {.name = "powell_singular",
       .summary = "the Hessian is singular at the minimum, 0 at 0: only fourth powers hold two directions",
       .formula = "(x0 + 10 x1)^2 + 5 (x2 - x3)^2 + (x1 - 2 x2)^4 + 10 (x0 - x3)^4",
       .reference = more_garbow_hillstrom(13),
       .example = "powell_singular"},
      powell_singular);
  add(r,
      {.name = "wood",
       .summary = "two coupled valleys, with a saddle near (-1, 1, -1, 1); minimum 0 at 1",
       .formula =
           "100 (x1 - x0^2)^2 + (1 - x0)^2 + 90 (x3 - x2^2)^2 + (1 - x2)^2 + 10 (x1 + x3 - 2)^2 + (x1 - x3)^2 / 10",
       .reference = more_garbow_hillstrom(14),
       .example = "wood"},
      wood);
  add(r,
      {.name = "kowalik_osborne",
       .summary = "a quotient through 11 points; minimum 3.075056e-4, others 4.236746e-4 and, far out, 1.027343e-3",
       .formula = "sum_{i<=11} (y_i - x0 (u_i^2 + u_i x1) / (u_i^2 + u_i x2 + x3))^2, y_i and u_i in the reference",
       .reference = more_garbow_hillstrom(15),
       .example = "kowalik_osborne"},
      kowalik_osborne);
  add(r,
      {.name = "brown_dennis",
       .summary = "squares of squares, with large residuals; minimum 85822.20 at (-11.59, 13.20, -0.4034, 0.2368)",
       .formula = "sum_{i<=20} ((x0 + t x1 - exp(t))^2 + (x2 + x3 sin(t) - cos(t))^2)^2, t = i/5",
       .reference = more_garbow_hillstrom(16),
       .example = "brown_dennis"},
      brown_dennis);
  add(r,
      {.name = "osborne_1",
       .summary = "two exponentials and a constant through 33 points; minimum 5.464895e-5",
       .formula = "sum_{i<=33} (y_i - x0 - x1 exp(-t x3) - x2 exp(-t x4))^2, t = 10 (i - 1), y_i in the reference",
       .reference = more_garbow_hillstrom(17),
       .example = "osborne_1"},
      osborne_1);
  add(r,
      {.name = "biggs_exp6",
       .summary = "three exponentials; minimum 0 at (1, 10, 1, 5, 4, 3), another 0.00565565 where two of them agree",
       .formula = "sum_{i<=13} (x2 exp(-t x0) - x3 exp(-t x1) + x5 exp(-t x4) - y_i)^2, t = i/10, "
                  "y_i = exp(-t) - 5 exp(-10 t) + 3 exp(-4 t)",
       .reference = more_garbow_hillstrom(18),
       .example = "biggs_exp6"},
      biggs_exp6);
  add(r,
      {.name = "osborne_2",
       .summary = "an exponential and three bells through 65 points; minimum 0.04013774",
       .formula = "sum_{i<=65} (y_i - x0 exp(-t x4) - sum_{k<=3} x_k exp(-(t - x_{7+k})^2 x_{4+k}))^2, "
                  "t = (i - 1)/10, y_i in the reference",
       .reference = more_garbow_hillstrom(19),
       .example = "osborne_2"},
      osborne_2);
}

}  // namespace descent::test_functions

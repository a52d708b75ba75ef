// More, Garbow and Hillstrom's problems of any dimension in which every variable meets every other.
#include <cmath>
#include <cstddef>
#include <limits>
#include <type_traits>

#include "descent/core/elementary.hpp"
#include "src/problem/test_functions/sum_of_squares.hpp"

namespace descent::test_functions {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
const double kPenalty = std::sqrt(1e-5);

template <class X>
auto sum_of(const X& x) {
  std::remove_cvref_t<decltype(x[0])> total = x[0];
  for (std::size_t i = 1; i < x.size(); ++i) total += x[i];
  return total;
}

TestProblem watson(const BoundArguments& arguments) {
  const std::size_t n = dimension_of(arguments);
  Facts facts{.num_residuals = 31, .start = std::vector<double>(n), .minimum = kUnknown};
  if (n == 6) {
    facts.minimizer = {-0.015725086401458456, 1.0124348693691099,  -0.2329916259567377,
                       1.2604300877996084,    -1.5137289227222797, 0.9929964324311346};
    facts.minimum = 0.0022876700535524363;
  } else if (n == 9) {
    facts.minimizer = {-1.5307036521394342e-05, 0.9997897039319483,  0.014763963693556958,
                       0.14634232829936222,     1.0008211030047092,  -2.617731140519015,
                       4.104403164478857,       -3.1436122785564424, 1.0526264080101668};
    facts.minimum = 1.39976013809902e-06;
  } else if (n == 12) {
    facts.minimizer = {-6.638060464520687e-09, 1.000001644117862,  -0.0005639322103423058, 0.34782054050404243,
                       -0.15673150409616513,   1.0528151772071777, -3.2472711534596677,    7.288434897938061,
                       -10.271848241321724,    9.074113647075317,  -4.541375466692512,     1.0120118885528104};
    facts.minimum = 4.722381105891757e-10;
  }
  return sum_of_squares(
      [](const auto& x, auto r) {
        using T = std::remove_cvref_t<decltype(x[0])>;
        for (std::size_t i = 0; i < 29; ++i) {
          const double t = counted(i) / 29.0;
          T slope = x[1];
          T value = x[0] + t * x[1];
          double power = t;
          for (std::size_t j = 2; j < x.size(); ++j) {
            slope += static_cast<double>(j) * power * x[j];
            power *= t;
            value += power * x[j];
          }
          r[i] = slope - pow(value, 2.0) - 1.0;
        }
        r[29] = x[0];
        r[30] = x[1] - pow(x[0], 2.0) - 1.0;
      },
      std::move(facts));
}

TestProblem penalty_1(const BoundArguments& arguments) {
  const std::size_t n = dimension_of(arguments);
  const auto size = static_cast<double>(n);
  Facts facts{.num_residuals = n + 1};
  for (std::size_t j = 0; j < n; ++j) facts.start.push_back(counted(j));
  // All variables are equal, so that one slope has to vanish: 1e-5 (t - 1) + 2 (n t^2 - 1/4) t, by Newton's method.
  double t = 0.5 / std::sqrt(size);
  for (int i = 0; i < 8; ++i)
    t -= (1e-5 * (t - 1.0) + 2.0 * (size * t * t - 0.25) * t) / (1e-5 + 6.0 * size * t * t - 0.5);
  const double gap = 1e-5 * (1.0 - t) / (2.0 * t);
  facts.minimizer.assign(n, t);
  facts.minimum = 1e-5 * size * (t - 1.0) * (t - 1.0) + gap * gap;
  return sum_of_squares(
      [](const auto& x, auto r) {
        for (std::size_t i = 0; i < x.size(); ++i) r[i] = kPenalty * (x[i] - 1.0);
        std::remove_cvref_t<decltype(x[0])> total = pow(x[0], 2.0);
        for (std::size_t i = 1; i < x.size(); ++i) total += pow(x[i], 2.0);
        r[x.size()] = total - 0.25;
      },
      std::move(facts));
}

TestProblem penalty_2(const BoundArguments& arguments) {
  const std::size_t n = dimension_of(arguments);
  Facts facts{.num_residuals = 2 * n, .start = std::vector<double>(n, 0.5), .minimum = kUnknown};
  if (n == 4) {
    facts.minimizer = {0.1999993333503804, 0.19131670099277245, 0.48010148533262315, 0.5188454043902005};
    facts.minimum = 9.376293007355442e-06;
  } else if (n == 10) {
    facts.minimizer = {0.1999836051978236,   0.010350648471292297, 0.019604934480438402, 0.03208906722068565,
                       0.049932677399641294, 0.07651399515399361,  0.11862407286950417,  0.19214487233557667,
                       0.34732058694184365,  0.3691643741593508};
    facts.minimum = 0.00029366053745674594;
  }
  return sum_of_squares(
      [](const auto& x, auto r) {
        const std::size_t count = x.size();
        r[0] = x[0] - 0.2;
        for (std::size_t i = 1; i < count; ++i) {
          const double y = math::exp(counted(i) / 10.0) + math::exp(static_cast<double>(i) / 10.0);
          r[i] = kPenalty * (exp(x[i] / 10.0) + exp(x[i - 1] / 10.0) - y);
          r[count + i - 1] = kPenalty * (exp(x[i] / 10.0) - math::exp(-0.1));
        }
        std::remove_cvref_t<decltype(x[0])> total = static_cast<double>(count) * pow(x[0], 2.0);
        for (std::size_t j = 1; j < count; ++j) total += static_cast<double>(count - j) * pow(x[j], 2.0);
        r[2 * count - 1] = total - 1.0;
      },
      std::move(facts));
}

TestProblem variably_dimensioned(const BoundArguments& arguments) {
  const std::size_t n = dimension_of(arguments);
  Facts facts{.num_residuals = n + 2, .minimizer = std::vector<double>(n, 1.0)};
  for (std::size_t j = 0; j < n; ++j) facts.start.push_back(1.0 - counted(j) / static_cast<double>(n));
  return sum_of_squares(
      [](const auto& x, auto r) {
        const std::size_t count = x.size();
        for (std::size_t i = 0; i < count; ++i) r[i] = x[i] - 1.0;
        std::remove_cvref_t<decltype(x[0])> total = r[0];
        for (std::size_t i = 1; i < count; ++i) total += counted(i) * r[i];
        r[count] = total;
        r[count + 1] = pow(total, 2.0);
      },
      std::move(facts));
}

TestProblem trigonometric(const BoundArguments& arguments) {
  const std::size_t n = dimension_of(arguments);
  Facts facts{.num_residuals = n,
              .start = std::vector<double>(n, 1.0 / static_cast<double>(n)),
              .minimizer = std::vector<double>(n)};
  if (n == 10) facts.other_minima = {2.7950561218794563e-05, 4.218633887923726e-05, 0.0008788225218218983};
  return sum_of_squares(
      [](const auto& x, auto r) {
        std::remove_cvref_t<decltype(x[0])> total = cos(x[0]);
        for (std::size_t j = 1; j < x.size(); ++j) total += cos(x[j]);
        for (std::size_t i = 0; i < x.size(); ++i)
          r[i] = static_cast<double>(x.size()) - total + counted(i) * (1.0 - cos(x[i])) - sin(x[i]);
      },
      std::move(facts));
}

TestProblem brown_almost_linear(const BoundArguments& arguments) {
  const std::size_t n = dimension_of(arguments);
  Facts facts{.num_residuals = n, .start = std::vector<double>(n, 0.5), .minimizer = std::vector<double>(n, 1.0)};
  if (n > 2) facts.other_minima = {1.0};
  return sum_of_squares(
      [](const auto& x, auto r) {
        const std::size_t count = x.size();
        const auto total = sum_of(x);
        std::remove_cvref_t<decltype(x[0])> product = x[0];
        for (std::size_t i = 1; i < count; ++i) product *= x[i];
        for (std::size_t i = 0; i + 1 < count; ++i) r[i] = x[i] + total - counted(count);
        r[count - 1] = product - 1.0;
      },
      std::move(facts));
}

TestProblem discrete_integral_equation(const BoundArguments& arguments) {
  const std::size_t n = dimension_of(arguments);
  const double h = 1.0 / counted(n);
  return sum_of_squares(
      [h](const auto& x, auto r) {
        for (std::size_t i = 0; i < x.size(); ++i) {
          std::remove_cvref_t<decltype(x[0])> total = x[i];
          for (std::size_t j = 0; j < x.size(); ++j) {
            const double low = counted(j < i ? j : i) * h;
            const double high = counted(j < i ? i : j) * h;
            total += 0.5 * h * low * (1.0 - high) * pow(x[j] + (counted(j) * h + 1.0), 3.0);
          }
          r[i] = total;
        }
      },
      boundary_value_facts(n));
}

TestProblem linear_full_rank(const BoundArguments& arguments) {
  const std::size_t n = dimension_of(arguments);
  return sum_of_squares(
      [](const auto& x, auto r) {
        const auto share = 2.0 / static_cast<double>(r.size()) * sum_of(x);
        for (std::size_t i = 0; i < x.size(); ++i) r[i] = x[i] - share - 1.0;
        for (std::size_t i = x.size(); i < r.size(); ++i) r[i] = -share - 1.0;
      },
      {.num_residuals = 2 * n,
       .start = std::vector<double>(n, 1.0),
       .minimizer = std::vector<double>(n, -1.0),
       .minimum = static_cast<double>(n)});
}

TestProblem linear_rank_1(const BoundArguments& arguments) {
  const std::size_t n = dimension_of(arguments);
  const auto m = static_cast<double>(2 * n);
  Facts facts{.num_residuals = 2 * n, .start = std::vector<double>(n, 1.0), .minimizer = std::vector<double>(n)};
  facts.minimizer[0] = 3.0 / (2.0 * m + 1.0);
  facts.minimum = m * (m - 1.0) / (2.0 * (2.0 * m + 1.0));
  return sum_of_squares(
      [](const auto& x, auto r) {
        std::remove_cvref_t<decltype(x[0])> total = x[0];
        for (std::size_t j = 1; j < x.size(); ++j) total += counted(j) * x[j];
        for (std::size_t i = 0; i < r.size(); ++i) r[i] = counted(i) * total - 1.0;
      },
      std::move(facts));
}

TestProblem linear_rank_1_zeros(const BoundArguments& arguments) {
  const std::size_t n = dimension_of(arguments);
  const auto m = static_cast<double>(2 * n);
  Facts facts{.num_residuals = 2 * n, .start = std::vector<double>(n, 1.0), .minimizer = std::vector<double>(n)};
  facts.minimizer[1] = 1.5 / (2.0 * m - 3.0);
  facts.minimum = (m * m + 3.0 * m - 6.0) / (2.0 * (2.0 * m - 3.0));
  return sum_of_squares(
      [](const auto& x, auto r) {
        std::remove_cvref_t<decltype(x[0])> total = 2.0 * x[1];
        for (std::size_t j = 2; j + 1 < x.size(); ++j) total += counted(j) * x[j];
        r[0] = -1.0;
        for (std::size_t i = 1; i + 1 < r.size(); ++i) r[i] = static_cast<double>(i) * total - 1.0;
        r[r.size() - 1] = -1.0;
      },
      std::move(facts));
}

TestProblem chebyquad(const BoundArguments& arguments) {
  const std::size_t n = dimension_of(arguments);
  // A polynomial written out as its recurrence doubles with every second degree.
  Facts facts{.num_residuals = n, .max_written = 10};
  for (std::size_t j = 0; j < n; ++j) facts.start.push_back(counted(j) / counted(n));
  if (n == 8) {
    facts.minimizer = {0.04315276015101663, 0.1930908403841861, 0.26632870689027294, 0.5, 0.5,
                       0.7336712931097271,  0.8069091596158139, 0.9568472398489833};
    facts.minimum = 0.0035168737256779316;
  } else if (n == 9) {
    facts.minimizer = {0.044205346135782767, 0.19949067230988096, 0.23561910847106,   0.416046907892598, 0.5,
                       0.583953092107402,    0.76438089152894,    0.8005093276901191, 0.9557946538642172};
  } else if (n == 10) {
    facts.minimizer = {0.07474816621460248, 0.17151817694809265, 0.286434152584,    0.3596464506289341,
                       0.47075052286659347, 0.616738335038745,   0.616738335038745, 0.7998108015386138,
                       0.8448546422409267,  0.9670066269819255};
    facts.minimum = 0.004772713696375349;
    facts.other_minima = {0.006503954800882306};
  } else if (n > 10) {
    facts.minimum = kUnknown;
  }
  return sum_of_squares(
      [](const auto& x, auto r) {
        using T = std::remove_cvref_t<decltype(x[0])>;
        std::vector<T> before(x.size(), T(1.0));
        std::vector<T> now;
        for (const T& v : x) now.push_back(2.0 * v - 1.0);
        const std::vector<T> shifted = now;
        for (std::size_t i = 0; i < x.size(); ++i) {
          const double order = counted(i);
          const double integral = i % 2 == 0 ? 0.0 : -1.0 / (order * order - 1.0);
          r[i] = sum_of(now) / static_cast<double>(x.size()) - integral;
          for (std::size_t j = 0; j < x.size(); ++j) {
            const T next = i == 0 ? 2.0 * pow(shifted[j], 2.0) - 1.0 : 2.0 * shifted[j] * now[j] - before[j];
            before[j] = now[j];
            now[j] = next;
          }
        }
      },
      std::move(facts));
}

}  // namespace

void add_dense(Registry<TestFunction>& r) {
  add(r,
      {.name = "watson",
       .summary = "a differential equation by a polynomial, ever worse conditioned; minimum 2.287670e-3 for n = 6",
       .formula = "sum_{i<=29} (sum_j (j - 1) x_j t^(j-2) - (sum_j x_j t^(j-1))^2 - 1)^2 + x_1^2 + "
                  "(x_2 - x_1^2 - 1)^2, t = i/29",
       .params = {dimension_param({.low = 2, .high = 31, .usual = "6", .why = "the least of the paper's 6, 9 and 12"})},
       .reference = more_garbow_hillstrom(20),
       .example = "watson(dimension=9)"},
      watson);
  add(r,
      {.name = "penalty_1",
       .summary = "nearly a sphere, which a faint pull sets off at one point; minimum 7.087651e-5 for n = 10",
       .formula = "1e-5 sum_i (x_i - 1)^2 + (sum_i x_i^2 - 1/4)^2",
       .params = {dimension_param({})},
       .reference = more_garbow_hillstrom(23),
       .example = "penalty_1(dimension=4)"},
      penalty_1);
  add(r,
      {.name = "penalty_2",
       .summary = "nearly an ellipsoid, with a pull of exponentials; minimum 2.936605e-4 for n = 10",
       .formula = "(x_1 - 0.2)^2 + 1e-5 sum_{i>1} ((exp(x_i/10) + exp(x_{i-1}/10) - exp(i/10) - exp((i-1)/10))^2 + "
                  "(exp(x_i/10) - exp(-1/10))^2) + (sum_i (n - i + 1) x_i^2 - 1)^2",
       .params = {dimension_param({.low = 2})},
       .reference = more_garbow_hillstrom(24),
       .example = "penalty_2(dimension=4)"},
      penalty_2);
  add(r,
      {.name = "variably_dimensioned",
       .summary = "a bowl with a fourth power across it; minimum 0 at 1",
       .formula = "sum_i (x_i - 1)^2 + s^2 + s^4, s = sum_i i (x_i - 1)",
       .params = {dimension_param({})},
       .reference = more_garbow_hillstrom(25),
       .example = "variably_dimensioned(dimension=20)"},
      variably_dimensioned);
  add(r,
      {.name = "trigonometric",
       .summary = "many minima, some as small as 2.8e-5; the least is 0, at 0 and elsewhere",
       .formula = "sum_i (n - sum_j cos(x_j) + i (1 - cos(x_i)) - sin(x_i))^2",
       .params = {dimension_param({.high = 1e4})},
       .reference = more_garbow_hillstrom(26),
       .example = "trigonometric(dimension=5)"},
      trigonometric);
  add(r,
      {.name = "brown_almost_linear",
       .summary = "one product among linear equations; minimum 0 at 1, and 1 at (0, ..., 0, n + 1)",
       .formula = "sum_{i<n} (x_i + sum_j x_j - (n + 1))^2 + (prod_j x_j - 1)^2",
       .params = {dimension_param({.low = 2, .high = 1e4})},
       .reference = more_garbow_hillstrom(27),
       .example = "brown_almost_linear(dimension=5)"},
      brown_almost_linear);
  add(r,
      {.name = "discrete_integral_equation",
       .summary = "discrete_boundary_value, as the integral equation that says the same; minimum 0",
       .formula =
           "sum_i (x_i + (1/2) h ((1 - t_i) sum_{j<=i} t_j g_j + t_i sum_{j>i} (1 - t_j) g_j))^2, h = 1/(n + 1), "
           "t_i = i h, g_j = (x_j + t_j + 1)^3",
       .params = {dimension_param({.high = 1e3})},
       .reference = more_garbow_hillstrom(29),
       .example = "discrete_integral_equation(dimension=10)"},
      discrete_integral_equation);
  add(r,
      {.name = "linear_full_rank",
       .summary = "2n linear equations; minimum n at -1",
       .formula = "sum_{i<=n} (x_i - s - 1)^2 + n (s + 1)^2, s = sum_j x_j / n",
       .params = {dimension_param({.high = 1e3})},
       .reference = more_garbow_hillstrom(32),
       .example = "linear_full_rank(dimension=5)"},
      linear_full_rank);
  add(r,
      {.name = "linear_rank_1",
       .summary = "2n linear equations that see one sum; minimum 4.634146 for n = 10, on a plane",
       .formula = "sum_{i<=2n} (i sum_j j x_j - 1)^2",
       .params = {dimension_param({.high = 1e3})},
       .reference = more_garbow_hillstrom(33),
       .example = "linear_rank_1(dimension=5)"},
      linear_rank_1);
  add(r,
      {.name = "linear_rank_1_zeros",
       .summary = "linear_rank_1 without its first and last variable and equation; minimum 6.135135 for n = 10",
       .formula = "2 + sum_{1<i<2n} ((i - 1) sum_{1<j<n} j x_j - 1)^2",
       .params = {dimension_param({.low = 3, .high = 1e3})},
       .reference = more_garbow_hillstrom(34),
       .example = "linear_rank_1_zeros(dimension=5)"},
      linear_rank_1_zeros);
  add(r,
      {.name = "chebyquad",
       .summary = "nodes of equal weight for integrals; minimum 0 up to n = 7 and for 9, 3.516874e-3 for 8",
       .formula = "sum_i (sum_j T_i(2 x_j - 1) / n - c_i)^2, T_i Chebyshev's polynomials, c_i = 0 for odd i, else "
                  "-1/(i^2 - 1)",
       .params = {dimension_param({.high = 1e3, .usual = "8", .why = "the first without a root"})},
       .reference = more_garbow_hillstrom(35),
       .example = "chebyquad(dimension=10)"},
      chebyquad);
}

}  // namespace descent::test_functions

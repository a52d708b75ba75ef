// The problems of tests/golden/rules/problems.py, term by term.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "descent/optim/rule.hpp"

namespace descent::golden {

struct Problem {
  std::string name;
  std::vector<ParameterBlock> blocks;
  std::vector<double> start;
  /// f at x in update `step`; writes the gradient.
  std::function<double(const std::vector<double>& x, std::uint64_t step, std::vector<double>& gradient)> evaluate;
};

inline Problem quadratic() {
  Problem problem{.name = "quadratic", .blocks = {{"x", 7, 1}}, .start = {}, .evaluate = {}};
  for (int i = 0; i < 7; ++i) problem.start.push_back(0.25 * (i + 1));
  problem.evaluate = [](const std::vector<double>& x, std::uint64_t, std::vector<double>& g) {
    double value = 0.0;
    for (std::size_t i = 0; i < 7; ++i) {
      const double c = std::ldexp(1.0, static_cast<int>(i) - 3), off = x[i] - (0.5 * static_cast<double>(i) - 1.25);
      value += 0.5 * c * off * off;
      g[i] = c * off;
    }
    return value;
  };
  return problem;
}

inline Problem rosenbrock() {
  return {.name = "rosenbrock",
          .blocks = {{"x", 2, 1}},
          .start = {-1.2, 1.0},
          .evaluate = [](const std::vector<double>& x, std::uint64_t, std::vector<double>& g) {
            const double a = x[0], d = x[1] - a * a;
            g = {-2.0 * (1.0 - a) - 400.0 * a * d, 200.0 * d};
            return (1.0 - a) * (1.0 - a) + 100.0 * d * d;
          }};
}

inline Problem least_squares() {
  return {.name = "least_squares",
          .blocks = {{"x", 5, 1}},
          .start = {0.5, -0.25, 0.125, 0.75, -0.5},
          .evaluate = [](const std::vector<double>& x, std::uint64_t step, std::vector<double>& g) {
            double value = 0.0;
            g.assign(5, 0.0);
            for (std::uint64_t k = 0; k < 4; ++k) {
              const int i = static_cast<int>((step * 4 + k) % 20);
              std::array<double, 5> a;
              double r = 0.0;
              for (int j = 0; j < 5; ++j) {
                a[static_cast<std::size_t>(j)] = ((i * 7 + j * 3) % 11 - 5) / 4.0;
                r += a[static_cast<std::size_t>(j)] * x[static_cast<std::size_t>(j)];
              }
              r -= ((i * 5) % 13 - 4) / 2.0;
              value += r * r;
              for (std::size_t j = 0; j < 5; ++j) g[j] += a[j] * r;
            }
            for (double& v : g) v /= 4.0;
            return value / 8.0;
          }};
}

inline Problem matrix() {
  Problem problem{.name = "matrix", .blocks = {{"W", 4, 3}, {"b", 4, 1}}, .start = {}, .evaluate = {}};
  for (int i = 0; i < 12; ++i) problem.start.push_back(((i * 5) % 7 - 3) / 8.0);
  problem.start.insert(problem.start.end(), {0.125, -0.25, 0.375, -0.5});
  problem.evaluate = [](const std::vector<double>& x, std::uint64_t, std::vector<double>& g) {
    double value = 0.0;
    g.assign(16, 0.0);
    for (int k = 0; k < 6; ++k) {
      std::array<double, 3> a;
      for (int j = 0; j < 3; ++j) a[static_cast<std::size_t>(j)] = ((k * 4 + j * 3) % 7 - 3) / 2.0;
      for (std::size_t i = 0; i < 4; ++i) {
        double s = 0.0;
        for (std::size_t j = 0; j < 3; ++j) s += x[3 * i + j] * a[j];
        const double r = s + x[12 + i] - ((k * 3 + static_cast<int>(i) * 5) % 9 - 3) / 2.0;
        value += 0.5 * r * r;
        for (std::size_t j = 0; j < 3; ++j) g[3 * i + j] += r * a[j];
        g[12 + i] += r;
      }
    }
    return value;
  };
  return problem;
}

inline Problem layers() {
  Problem problem{.name = "layers", .blocks = {{"W", 3, 4}, {"V", 3, 2}}, .start = {}, .evaluate = {}};
  for (int i = 0; i < 18; ++i) problem.start.push_back(((i * 3) % 11 - 5) / 8.0);
  problem.evaluate = [](const std::vector<double>& x, std::uint64_t, std::vector<double>& g) {
    double value = 0.0;
    g.assign(18, 0.0);
    const auto add = [&](std::size_t at, int rows, int columns, int k, int p, int q) {
      for (int i = 0; i < rows; ++i) {
        const auto row = at + static_cast<std::size_t>(columns * i);
        double r = 0.0;
        for (int j = 0; j < columns; ++j) r += x[row + static_cast<std::size_t>(j)] * (((k * p + j * q) % 7 - 3) / 2.0);
        r -= ((k * q + i * p) % 9 - 3) / 2.0;
        value += 0.5 * r * r;
        for (int j = 0; j < columns; ++j) g[row + static_cast<std::size_t>(j)] += r * (((k * p + j * q) % 7 - 3) / 2.0);
      }
    };
    for (int k = 0; k < 6; ++k) {
      add(0, 3, 4, k, 5, 2);
      add(12, 3, 2, k, 3, 4);
    }
    return value;
  };
  return problem;
}

inline std::vector<Problem> problems() { return {quadratic(), rosenbrock(), least_squares(), matrix(), layers()}; }

}  // namespace descent::golden

// Objectives with known minima, gradients by hand.
#pragma once

#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include "descent/core/elementary.hpp"
#include "descent/core/finite_sum.hpp"
#include "descent/core/objective.hpp"

namespace descent::testing {

/// Any function of x that fills the gradient when asked; counts its calls.
class Given : public Objective {
 public:
  using Function = std::function<double(View x, MutableView gradient)>;
  Given(std::size_t n, Function f) : n_(n), f_(std::move(f)) {}
  [[nodiscard]] std::size_t num_parameters() const override { return n_; }
  double evaluate(View x, MutableView gradient) override {
    ++calls;
    return f_(x, gradient);
  }
  std::uint64_t calls = 0;

 private:
  std::size_t n_;
  Function f_;
};

/// f of one variable from value and slope.
inline Given one_variable(double (*f)(double), double (*slope)(double)) {
  return {1, [=](View x, MutableView g) {
            if (!g.empty()) g[0] = slope(x[0]);
            return f(x[0]);
          }};
}

/// 100 (x1 - x0^2)^2 + (1 - x0)^2, minimum 0 at (1, 1).
inline Given rosenbrock() {
  return {2, [](View x, MutableView g) {
            const double a = 1.0 - x[0], b = x[1] - x[0] * x[0];
            if (!g.empty()) {
              g[0] = -2.0 * a - 400.0 * x[0] * b;
              g[1] = 200.0 * b;
            }
            return a * a + 100.0 * (b * b);
          }};
}

/// sum_i c_i (x_i - target_i)^2 / 2 with c_i from 1 to `condition` in equal ratios.
inline Given quadratic(std::size_t n, double condition) {
  std::vector<double> c(n), target(n);
  for (std::size_t i = 0; i < n; ++i) {
    c[i] = n == 1 ? condition : math::pow(condition, static_cast<double>(i) / static_cast<double>(n - 1));
    target[i] = 1.0 + 0.25 * static_cast<double>(i % 7);
  }
  return {n, [c, target](View x, MutableView g) {
            double value = 0.0;
            for (std::size_t i = 0; i < c.size(); ++i) {
              const double r = x[i] - target[i];
              value += 0.5 * c[i] * r * r;
              if (!g.empty()) g[i] = c[i] * r;
            }
            return value;
          }};
}

/// half_mean squared error of y = x0 + x1 t on given rows; rows can be taken one by one.
class Line : public FiniteSum {
 public:
  Line(std::vector<double> t, std::vector<double> y) : t_(std::move(t)), y_(std::move(y)) {}
  [[nodiscard]] std::size_t num_parameters() const override { return 2; }
  [[nodiscard]] std::size_t num_terms() const override { return t_.size(); }
  double evaluate(View x, MutableView gradient) override {
    std::vector<std::uint32_t> all(t_.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint32_t>(i);
    ++full_passes;
    return sum(all, x, gradient);
  }
  double evaluate_rows(std::span<const std::uint32_t> rows, View x, MutableView gradient) override {
    batches.emplace_back(rows.begin(), rows.end());
    return sum(rows, x, gradient);
  }
  std::vector<std::vector<std::uint32_t>> batches;
  int full_passes = 0;

 private:
  double sum(std::span<const std::uint32_t> rows, View x, MutableView gradient) const {
    double value = 0.0, g0 = 0.0, g1 = 0.0;
    for (const std::uint32_t i : rows) {
      const double r = x[0] + x[1] * t_[i] - y_[i];
      value += r * r;
      g0 += r;
      g1 += r * t_[i];
    }
    const double n = static_cast<double>(rows.size());
    if (!gradient.empty()) {
      gradient[0] = g0 / n;
      gradient[1] = g1 / n;
    }
    return value / (2.0 * n);
  }
  std::vector<double> t_, y_;
};

/// Acceptance case B4: t = i / 100, y = 2 + 3 t.
inline Line line_of_b4() {
  std::vector<double> t(100), y(100);
  for (std::size_t i = 0; i < 100; ++i) {
    t[i] = static_cast<double>(i) / 100.0;
    y[i] = 2.0 + 3.0 * t[i];
  }
  return {t, y};
}

}  // namespace descent::testing

#include "src/optim/trust_region.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace descent {
namespace {

double length(View p) {
  double total = 0.0;
  for (const double value : p) total += value * value;
  return std::sqrt(total);
}

/// ||R^-T p||^2 for an upper triangle of `n` columns given by `at`.
template <class At>
double squared_transposed_solve(std::size_t n, const At& at, View p) {
  std::vector<double> w(p.begin(), p.end());
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k) w[i] -= at(k, i) * w[k];
    w[i] /= at(i, i);
  }
  const double size = length(w);
  return size * size;
}

/// The triangle of [R; sqrt(lambda) I] and its right-hand side.
Triangle damped(const PivotedTriangle& triangle, double lambda) {
  const std::size_t n = triangle.size(), rows = 2 * n;
  std::vector<double> block((n + 1) * rows, 0.0);
  const double root = std::sqrt(lambda);
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = 0; i <= j; ++i) block[j * rows + i] = triangle.at(i, j);
    block[j * rows + n + j] = root;
    block[n * rows + j] = triangle.z[j];
  }
  Triangle result(n);
  result.absorb(block, rows);
  return result;
}

std::vector<double> solve(const Triangle& triangle) {
  const std::size_t n = triangle.num_columns();
  std::vector<double> p(n);
  for (std::size_t i = n; i-- > 0;) {
    double rest = -triangle.z(i);
    for (std::size_t j = i + 1; j < n; ++j) rest -= triangle(i, j) * p[j];
    p[i] = rest / triangle(i, i);
  }
  return p;
}

}  // namespace

double squared_image(const PivotedTriangle& triangle, View p) {
  double total = 0.0;
  for (std::size_t i = 0; i < triangle.size(); ++i) {
    double row = 0.0;
    for (std::size_t j = i; j < triangle.size(); ++j) row += triangle.at(i, j) * p[j];
    total += row * row;
  }
  return total;
}

DampedStep damped_step(const PivotedTriangle& triangle, double radius, double lambda) {
  constexpr double kTolerance = 0.1;
  constexpr int kMaxIterations = 30;  // MINPACK stops after 10
  const std::size_t n = triangle.size();
  DampedStep step;
  step.p = gauss_newton_step(triangle);
  step.norm = length(step.p);
  if (step.norm <= (1.0 + kTolerance) * radius) return step;

  // Newton's method on 1/||p(lambda)|| - 1/radius, kept between bounds.
  double low = 0.0;
  if (triangle.rank == n) {
    const double excess = step.norm - radius;
    const auto at = [&](std::size_t i, std::size_t j) { return triangle.at(i, j); };
    low = excess / radius * step.norm * step.norm / squared_transposed_solve(n, at, step.p);
  }
  double gradient = 0.0;
  for (std::size_t j = 0; j < n; ++j) {
    double slope = 0.0;
    for (std::size_t i = 0; i <= j; ++i) slope += triangle.at(i, j) * triangle.z[i];
    gradient += slope * slope;
  }
  gradient = std::sqrt(gradient);
  double high = gradient / radius;
  if (!(high > 0.0)) high = std::numeric_limits<double>::min() / std::min(radius, 0.1);
  lambda = std::clamp(lambda, low, std::max(low, high));
  if (lambda == 0.0) lambda = gradient / step.norm;
  for (int i = 0; i < kMaxIterations; ++i) {
    if (lambda == 0.0) lambda = std::max(std::numeric_limits<double>::min(), 0.001 * high);
    const Triangle with_damping = damped(triangle, lambda);
    step.p = solve(with_damping);
    step.norm = length(step.p);
    step.lambda = lambda;
    const double excess = step.norm - radius;
    if (std::fabs(excess) <= kTolerance * radius) break;
    const auto at = [&](std::size_t r, std::size_t c) { return with_damping(r, c); };
    const double change = excess / radius * step.norm * step.norm / squared_transposed_solve(n, at, step.p);
    if (excess > 0.0) {
      low = std::max(low, lambda);
    } else {
      high = std::min(high, lambda);
    }
    lambda = std::max(low, lambda + change);
  }
  return step;
}

}  // namespace descent

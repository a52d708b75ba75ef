#include "src/optim/truncated_newton.hpp"

#include <algorithm>
#include <cmath>

#include "descent/simd/axpy.hpp"
#include "descent/simd/reduce.hpp"

namespace descent {
namespace {

/// How far from p along d the sphere is: the t >= 0 with ||p + t d|| = radius.
double distance_to_sphere(View p, View d, double radius) {
  const double dd = simd::squared_norm(d), pd = simd::dot(p, d);
  const double inside = radius * radius - simd::squared_norm(p);
  const double root = std::sqrt(std::max(0.0, pd * pd + dd * inside));
  return pd <= 0.0 ? (root - pd) / dd : inside / (root + pd);
}

}  // namespace

TruncatedNewton truncated_newton(Run& run, const Point& point, const TruncatedNewtonOptions& options) {
  using End = TruncatedNewton::End;
  const std::size_t n = point.x.size();
  const Region& region = run.region();
  std::vector<double> r(n), d(n), hd(n);
  std::vector<bool> held(n, false);
  for (std::size_t i = 0; i < n; ++i) {
    held[i] = region.holds(i, point.x[i], point.gradient[i]);
    r[i] = held[i] ? 0.0 : -point.gradient[i];
    d[i] = r[i];
  }
  TruncatedNewton result{.p = std::vector<double>(n, 0.0)};
  double rr = simd::squared_norm(r);
  const double wanted = options.tolerance * options.tolerance * rr;
  const bool bounded = std::isfinite(options.radius);
  bool moved = false;
  const auto go = [&](double t, double dr, double curvature) {
    simd::axpy(t, d, result.p);
    result.decrease += t * (dr - 0.5 * t * curvature);
    moved = true;
  };
  for (std::size_t k = 0; k < options.max_products; ++k) {
    run.hessian_product(point.x, d, hd);
    for (std::size_t i = 0; i < n; ++i)
      if (held[i]) hd[i] = 0.0;
    const double curvature = simd::dot(d, hd), dr = simd::dot(d, r);
    if (!(curvature > 0.0)) {
      result.end = End::negative_curvature;
      if (!std::isfinite(curvature)) return result;
      if (bounded)
        go(distance_to_sphere(result.p, d, options.radius), dr, curvature);
      else if (!moved)
        result.p = d;
      return result;
    }
    const double t = dr / curvature;
    if (bounded) {
      const double edge = distance_to_sphere(result.p, d, options.radius);
      if (t >= edge) {
        go(edge, dr, curvature);
        result.end = End::boundary;
        return result;
      }
    }
    go(t, dr, curvature);
    simd::axpy(-t, hd, r);
    const double next = simd::squared_norm(r);
    if (!(next > wanted)) {
      result.end = End::converged;
      return result;
    }
    const double beta = next / rr;
    rr = next;
    for (std::size_t i = 0; i < n; ++i) d[i] = r[i] + beta * d[i];
  }
  return result;
}

std::optional<double> decrease_in_sight(Run& run, const Point& point) {
  constexpr std::size_t kMaxProducts = 200;
  const double size = std::fabs(point.value);
  if (!(size > 0.0) || !std::isfinite(size) || run.region().adds_term() || run.region().has_set()) return std::nullopt;
  const TruncatedNewton step =
      truncated_newton(run, point, {.tolerance = 0.1, .max_products = std::min(kMaxProducts, 2 * point.x.size() + 4)});
  if (step.end != TruncatedNewton::End::converged) return std::nullopt;
  return step.decrease / size;
}

}  // namespace descent

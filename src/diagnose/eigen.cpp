#include "src/diagnose/eigen.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace descent::diagnose {

Eigen symmetric_eigen(std::vector<double> a, std::size_t n) {
  std::vector<double> v(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) v[i * n + i] = 1.0;
  constexpr int kMaxSweeps = 60;  // about 8 are needed
  for (int sweep = 0; sweep < kMaxSweeps; ++sweep) {
    double off = 0.0;
    double all = 0.0;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) {
        const double size = std::fabs(a[i * n + j]);
        all = std::max(all, size);
        if (i != j) off = std::max(off, size);
      }
    if (!(off > 1e-16 * all)) break;
    for (std::size_t p = 0; p < n; ++p)
      for (std::size_t q = p + 1; q < n; ++q) {
        const double apq = a[p * n + q];
        if (apq == 0.0) continue;
        const double theta = (a[q * n + q] - a[p * n + p]) / (2.0 * apq);
        if (!std::isfinite(theta)) {
          a[p * n + q] = a[q * n + p] = 0.0;
          continue;
        }
        const double t = std::copysign(1.0, theta) / (std::fabs(theta) + std::sqrt(theta * theta + 1.0));
        const double c = 1.0 / std::sqrt(t * t + 1.0);
        const double s = t * c;
        for (std::size_t k = 0; k < n; ++k) {
          const double kp = a[k * n + p];
          const double kq = a[k * n + q];
          a[k * n + p] = c * kp - s * kq;
          a[k * n + q] = s * kp + c * kq;
        }
        for (std::size_t k = 0; k < n; ++k) {
          const double pk = a[p * n + k];
          const double qk = a[q * n + k];
          a[p * n + k] = c * pk - s * qk;
          a[q * n + k] = s * pk + c * qk;
          const double vp = v[p * n + k];
          const double vq = v[q * n + k];
          v[p * n + k] = c * vp - s * vq;
          v[q * n + k] = s * vp + c * vq;
        }
        a[p * n + q] = a[q * n + p] = 0.0;
      }
  }
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t i, std::size_t j) { return a[i * n + i] < a[j * n + j]; });
  Eigen result;
  for (const std::size_t k : order) {
    result.values.push_back(a[k * n + k]);
    result.vectors.insert(result.vectors.end(), v.begin() + static_cast<std::ptrdiff_t>(k * n),
                          v.begin() + static_cast<std::ptrdiff_t>((k + 1) * n));
  }
  return result;
}

}  // namespace descent::diagnose

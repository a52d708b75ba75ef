#include "descent/diagnose/curvature.hpp"

#include <algorithm>
#include <cmath>

#include "descent/core/random.hpp"
#include "src/diagnose/eigen.hpp"
#include "src/diagnose/vectors.hpp"

namespace descent::diagnose {
namespace {

constexpr std::size_t kWholeHessian = 32;  // variables
constexpr std::size_t kLanczosSteps = 40;
constexpr double kStep = 0x1p-17;     // near cbrt(2^-52), which balances rounding and truncation
constexpr double kResolution = 1e-7;  // of the largest eigenvalue: what differences of gradients resolve

class Differences {
 public:
  Differences(Objective& objective, View x, const Region& region)
      : objective_(objective),
        x_(x),
        region_(region),
        moved_(x.begin(), x.end()),
        ahead_(x.size()),
        behind_(x.size()) {}

  /// (g(x + h v) - g(x - h v)) / 2h, or one-sided where the region ends. False if something is not finite.
  bool along(View v, double h, std::vector<double>& out) {
    double forward = h;
    double backward = h;
    for (std::size_t i = 0; i < v.size(); ++i) {
      if (region_.low.empty() || v[i] == 0.0) continue;
      const double up = v[i] > 0.0 ? region_.high[i] - x_[i] : x_[i] - region_.low[i];
      const double down = v[i] > 0.0 ? x_[i] - region_.low[i] : region_.high[i] - x_[i];
      forward = std::min(forward, std::max(up, 0.0) / std::fabs(v[i]));
      backward = std::min(backward, std::max(down, 0.0) / std::fabs(v[i]));
    }
    if (!(forward + backward > 0.0)) return false;
    if (!gradient(v, forward, ahead_) || !gradient(v, -backward, behind_)) return false;
    for (std::size_t i = 0; i < v.size(); ++i) out[i] = (ahead_[i] - behind_[i]) / (forward + backward);
    return largest(out) < INFINITY;
  }
  [[nodiscard]] std::size_t evaluations() const { return evaluations_; }

 private:
  bool gradient(View v, double h, std::vector<double>& out) {
    for (std::size_t i = 0; i < v.size(); ++i) moved_[i] = x_[i] + h * v[i];
    ++evaluations_;
    return std::isfinite(objective_.evaluate(moved_, out)) && largest(out) < INFINITY;
  }

  Objective& objective_;
  View x_;
  const Region& region_;
  std::vector<double> moved_, ahead_, behind_;
  std::size_t evaluations_ = 0;
};

bool whole_hessian(Differences& differences, View x, const std::vector<std::size_t>& free, Spectrum& result) {
  const std::size_t n = free.size();
  std::vector<double> matrix(n * n), column(x.size()), unit(x.size(), 0.0);
  for (std::size_t j = 0; j < n; ++j) {
    unit[free[j]] = 1.0;
    if (!differences.along(unit, kStep * std::max(1.0, std::fabs(x[free[j]])), column)) return false;
    unit[free[j]] = 0.0;
    for (std::size_t i = 0; i < n; ++i) matrix[i * n + j] = column[free[i]];
  }
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const double mean = 0.5 * matrix[i * n + j] + 0.5 * matrix[j * n + i];
      matrix[i * n + j] = matrix[j * n + i] = mean;
    }
  const Eigen eigen = symmetric_eigen(std::move(matrix), n);
  result.values = eigen.values;
  for (std::size_t k = 0; k < n; ++k) {
    std::vector<double> vector(x.size(), 0.0);
    for (std::size_t i = 0; i < n; ++i) vector[free[i]] = eigen.vectors[k * n + i];
    result.vectors.push_back(std::move(vector));
  }
  return true;
}

bool lanczos(Differences& differences, View x, const std::vector<std::size_t>& free, Spectrum& result) {
  const std::size_t steps = std::min(kLanczosSteps, free.size());
  const Rng rng(0, RandomStream::general);
  std::vector<std::vector<double>> basis;
  std::vector<double> next(x.size(), 0.0), image(x.size());
  for (std::size_t i = 0; i < free.size(); ++i) next[free[i]] = rng.normal(i);
  std::vector<double> diagonal, beside;
  double scale = 0.0;
  while (basis.size() < steps) {
    const double size = length(next);
    if (!(size > 1e-10 * scale) || size == 0.0) break;  // the space is invariant: nothing new lies ahead
    if (!basis.empty()) beside.push_back(size);
    for (double& value : next) value /= size;
    basis.push_back(next);
    if (!differences.along(next, kStep * std::max(1.0, largest(x)), image)) return false;
    std::fill(next.begin(), next.end(), 0.0);
    for (const std::size_t i : free) next[i] = image[i];
    diagonal.push_back(dot(basis.back(), next));
    scale = std::max(scale, length(next));
    for (int pass = 0; pass < 2; ++pass)
      for (const std::vector<double>& earlier : basis) {
        const double part = dot(earlier, next);
        for (std::size_t i = 0; i < next.size(); ++i) next[i] -= part * earlier[i];
      }
  }
  const std::size_t m = basis.size();
  std::vector<double> matrix(m * m, 0.0);
  for (std::size_t i = 0; i < m; ++i) {
    matrix[i * m + i] = diagonal[i];
    if (i + 1 < m) matrix[i * m + i + 1] = matrix[(i + 1) * m + i] = beside[i];
  }
  const Eigen eigen = symmetric_eigen(std::move(matrix), m);
  result.values = eigen.values;
  for (std::size_t k = 0; k < m; ++k) {
    std::vector<double> vector(x.size(), 0.0);
    for (std::size_t i = 0; i < m; ++i)
      for (std::size_t j = 0; j < vector.size(); ++j) vector[j] += eigen.vectors[k * m + i] * basis[i][j];
    result.vectors.push_back(std::move(vector));
  }
  result.complete = m == free.size();
  return true;
}

}  // namespace

std::optional<Spectrum> spectrum(Objective& objective, View x, const Region& region, const std::vector<bool>& held) {
  std::vector<std::size_t> free;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const bool fixed = !region.low.empty() && !(region.high[i] > region.low[i]);
    if ((held.empty() || !held[i]) && !fixed) free.push_back(i);
  }
  if (free.empty() || x.size() > kMaxSpectrumVariables) return std::nullopt;
  Spectrum result;
  Differences differences(objective, x, region);
  const bool found = free.size() <= kWholeHessian ? whole_hessian(differences, x, free, result)
                                                  : lanczos(differences, x, free, result);
  if (!found || result.values.empty()) return std::nullopt;
  result.uncertainty = kResolution * std::max(std::fabs(result.values.front()), std::fabs(result.values.back()));
  // A wider difference must say the same of the smallest: it does not at a kink, or where the fourth derivative rules.
  std::vector<double> image(x.size());
  const double h = kStep * std::max(1.0, largest(x));
  double seen[2] = {0.0, 0.0};
  for (int k = 0; k < 2; ++k) {
    if (!differences.along(result.vectors.front(), k == 0 ? h : 4.0 * h, image)) return std::nullopt;
    seen[k] = dot(result.vectors.front(), image);
  }
  result.uncertainty = std::max(result.uncertainty, 2.0 * std::fabs(seen[1] - seen[0]));
  result.evaluations = differences.evaluations();
  return result;
}

}  // namespace descent::diagnose

#include "src/optim/rules/reference.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace descent::rules {
namespace {

double squared_norm_of(View u, double divisor) {
  std::array<double, 16> lane{};
  for (std::size_t i = 0; i < u.size(); ++i) lane[i % 16] = lane[i % 16] + (u[i] / divisor) * (u[i] / divisor);
  for (std::size_t width = 8; width > 0; width /= 2)
    for (std::size_t i = 0; i < width; ++i) lane[i] = lane[i] + lane[i + width];
  return lane[0];
}

}  // namespace

double norm_reference(View u) {
  const double squared = squared_norm_of(u, 1.0);
  if (std::isfinite(squared) && squared >= 0x1p-900) return std::sqrt(squared);
  double largest = 0.0;
  for (const double value : u) {
    if (std::isnan(value)) return value;
    largest = std::max(largest, std::fabs(value));
  }
  if (largest == 0.0 || std::isinf(largest)) return largest;
  return largest * std::sqrt(squared_norm_of(u, largest));
}

void apply_reference(const Rule& rule, std::uint64_t t, double rate, double power1, double power2,
                     std::span<AlignedBuffer<double>> slots, View x, MutableView u) {
  const auto [a, b, c] = rule.values;
  const std::size_t n = u.size();
  switch (rule.kind) {
    case RuleKind::clip_by_value:
      for (std::size_t i = 0; i < n; ++i) {
        if (u[i] > a) u[i] = a;
        if (u[i] < -a) u[i] = -a;
      }
      return;
    case RuleKind::clip_by_global_norm: {
      const double norm = norm_reference(u);
      if (norm > a)
        for (std::size_t i = 0; i < n; ++i) u[i] = (a / norm) * u[i];
      return;
    }
    case RuleKind::add_decayed_weights:
      for (std::size_t i = 0; i < n; ++i) u[i] = u[i] + a * x[i];
      return;
    case RuleKind::scale:
      for (std::size_t i = 0; i < n; ++i) u[i] = a * u[i];
      return;
    case RuleKind::scale_by_learning_rate:
      for (std::size_t i = 0; i < n; ++i) u[i] = rate * u[i];
      return;
    case RuleKind::trace:
      for (std::size_t i = 0; i < n; ++i) {
        double& v = slots[0][i];
        v = t == 1 ? a * v + u[i] : a * v + (1.0 - b) * u[i];
        u[i] = c != 0.0 ? u[i] + a * v : v;
      }
      return;
    case RuleKind::ema:
      for (std::size_t i = 0; i < n; ++i) {
        slots[0][i] = a * slots[0][i] + (1.0 - a) * u[i];
        u[i] = slots[0][i];
      }
      return;
    case RuleKind::scale_by_rms:
      for (std::size_t i = 0; i < n; ++i) {
        slots[0][i] = a * slots[0][i] + (1.0 - a) * (u[i] * u[i]);
        u[i] = u[i] / (std::sqrt(slots[0][i]) + b);
      }
      return;
    case RuleKind::scale_by_adam:
      for (std::size_t i = 0; i < n; ++i) {
        double& m = slots[0][i];
        double& v = slots[1][i];
        m = a * m + (1.0 - a) * u[i];
        v = b * v + (1.0 - b) * (u[i] * u[i]);
        const double root = std::sqrt(1.0 - power2);
        u[i] = (m * (root / (1.0 - power1))) / (std::sqrt(v) + c * root);
      }
      return;
    case RuleKind::custom: {
      RuleBlock block{.update = u, .x = x, .first = 0, .step = t - 1};
      (*rule.custom)(block);
      return;
    }
  }
}

}  // namespace descent::rules

#include "src/optim/first_gradient.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "src/optim/run.hpp"

namespace descent {
namespace {

constexpr std::array kLengths{1e-6, 1e-4, 1e-5, 1e-7};  // of max(1, |x_i|)
constexpr std::size_t kMostCoordinates = 1000;

double size_of(double x) { return std::max(1.0, std::fabs(x)); }

class Differences {
 public:
  Differences(const std::function<double(View)>& value, const Point& start)
      : value_(value), start_(start), x_(start.x) {}

  struct Slopes {
    double central = 0.0, forward = 0.0, backward = 0.0, noise = 0.0;
  };
  /// Along `direction` over a length of h to both sides.
  Slopes along(View direction, double h) {
    const double above = at(direction, h), below = at(direction, -h);
    const double scale = std::max({std::fabs(above), std::fabs(below), std::fabs(start_.value)});
    return {.central = (above - below) / (2.0 * h),
            .forward = (above - start_.value) / h,
            .backward = (start_.value - below) / h,
            .noise = 64.0 * std::numeric_limits<double>::epsilon() * scale / h};
  }

 private:
  double at(View direction, double t) {
    for (std::size_t i = 0; i < x_.size(); ++i) x_[i] = start_.x[i] + t * direction[i];
    return value_(x_);
  }
  const std::function<double(View)>& value_;
  const Point& start_;
  std::vector<double> x_;
};

}  // namespace

std::optional<WrongSlope> wrong_slope(const std::function<double(View)>& value, const Point& start,
                                      const std::vector<Bound>& bounds, bool in_a_set) {
  if (in_a_set || !std::isfinite(start.value) || !std::isfinite(start.gradient_norm)) return std::nullopt;
  const std::size_t n = start.x.size();
  std::vector<double> direction(n, 0.0);
  double given = 0.0, sizes = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    const double reach = 2.0 * kLengths[1] * size_of(start.x[i]);
    if (!bounds.empty() && (start.x[i] - reach < bounds[i].low || start.x[i] + reach > bounds[i].high)) continue;
    // Signs that no symmetry of f is likely to share.
    direction[i] = (i * 2654435761U >> 7U) % 2U == 0U ? size_of(start.x[i]) : -size_of(start.x[i]);
    given += start.gradient[i] * direction[i];
    sizes += std::fabs(start.gradient[i] * direction[i]);
  }
  Differences differences(value, start);
  for (const double h : kLengths) {
    const auto slopes = differences.along(direction, h);
    if (!(std::fabs(slopes.central - given) > 1e-3 * std::max(sizes, std::fabs(slopes.central)) + slopes.noise))
      return std::nullopt;
  }

  std::optional<WrongSlope> worst;
  double most = 0.0;
  std::vector<double> unit(n, 0.0);
  for (std::size_t i = 0; i < std::min(n, kMostCoordinates); ++i) {
    if (direction[i] == 0.0) continue;
    unit[i] = size_of(start.x[i]);
    double least = std::numeric_limits<double>::infinity(), found = 0.0;
    const double slope = start.gradient[i] * unit[i];
    for (const double h : kLengths) {
      const auto slopes = differences.along(unit, h);
      const double size = std::max(std::fabs(slope), std::fabs(slopes.central));
      const bool is_kink = !(std::fabs(slopes.forward - slopes.backward) <= 0.1 * size + slopes.noise);
      const double error = std::fabs(slopes.central - slope) - slopes.noise;
      if (is_kink || !(error > 1e-2 * size)) {
        least = 0.0;
        break;
      }
      if (error / size < least) {
        least = error / size;
        found = slopes.central / unit[i];
      }
    }
    if (least > most) {
      most = least;
      worst = WrongSlope{.coordinate = i, .given = start.gradient[i], .found = found};
    }
    unit[i] = 0.0;
  }
  return worst;
}

}  // namespace descent

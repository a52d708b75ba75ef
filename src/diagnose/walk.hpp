// How the value goes on along a ray.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "descent/core/objective.hpp"
#include "descent/diagnose/curvature.hpp"

namespace descent::diagnose {

/// The point that findings are about, and what may be asked around it.
class Neighbourhood {
 public:
  Neighbourhood(Objective& objective, View x, double value, const Region& region)
      : objective_(objective),
        region_(region),
        x_(x.begin(), x.end()),
        value_(value),
        moved_(x_),
        gradient_(x_.size()) {
    for (const double component : x) scale_ = std::max(scale_, std::fabs(component));
  }

  [[nodiscard]] View x() const { return x_; }
  [[nodiscard]] double value() const { return value_; }
  /// max(1, max |x_i|): what "near" is measured in.
  [[nodiscard]] double scale() const { return scale_; }
  /// How far one may go along `direction` before the region ends.
  [[nodiscard]] double room(View direction) const;
  /// Curvature makes terms that cancel in f, and leave their rounding.
  void set_curvature(double largest) { floor_ = 0x1p-49 * largest * scale_ * scale_; }
  [[nodiscard]] double noise(double value) const {
    return 0x1p-49 * std::max(std::fabs(value_), std::fabs(value)) + floor_;
  }
  /// f(x + t direction); gradient() is then the gradient there.
  double at(View direction, double t);
  double at_point(View point) { return objective_.evaluate(point, {}); }
  [[nodiscard]] View point() const { return moved_; }
  [[nodiscard]] View gradient() const { return gradient_; }
  [[nodiscard]] Objective& objective() const { return objective_; }
  [[nodiscard]] const Region& region() const { return region_; }

 private:
  Objective& objective_;
  const Region& region_;
  std::vector<double> x_;
  double value_;
  double scale_ = 1.0;
  double floor_ = 0.0;
  std::vector<double> moved_, gradient_;
};

struct Walk {
  enum class Outcome {
    rises,  ///< before it ever fell
    level,  ///< the same as far as was looked
    turns,  ///< fell, then rose
    ends,   ///< fell until the region, or the domain, ended
    falls,  ///< fell as far as was looked, perhaps to a limit
  };
  struct Stop {
    double distance = 0.0, value = 0.0, gradient_norm = 0.0;
  };
  Outcome outcome = Outcome::level;
  std::vector<Stop> stops;  ///< where it was lower than all before
  [[nodiscard]] bool fell() const { return !stops.empty(); }
};

/// From `first` on, doubling the distance at most 60 times.
[[nodiscard]] Walk follow(Neighbourhood& place, View direction, double first);

}  // namespace descent::diagnose

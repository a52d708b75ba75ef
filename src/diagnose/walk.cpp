#include "src/diagnose/walk.hpp"

#include <algorithm>
#include <cmath>

#include "src/diagnose/vectors.hpp"

namespace descent::diagnose {

double Neighbourhood::room(View direction) const {
  double room = INFINITY;
  if (region_.low.empty()) return room;
  for (std::size_t i = 0; i < direction.size(); ++i) {
    if (direction[i] == 0.0) continue;
    const double left = direction[i] > 0.0 ? region_.high[i] - x_[i] : x_[i] - region_.low[i];
    room = std::min(room, std::max(left, 0.0) / std::fabs(direction[i]));
  }
  return room;
}

double Neighbourhood::at(View direction, double t) {
  for (std::size_t i = 0; i < moved_.size(); ++i) {
    moved_[i] = x_[i] + t * direction[i];
    if (!region_.low.empty()) moved_[i] = std::min(std::max(moved_[i], region_.low[i]), region_.high[i]);
  }
  return objective_.evaluate(moved_, gradient_);
}

Walk follow(Neighbourhood& place, View direction, double first) {
  constexpr int kDoublings = 60;
  Walk walk;
  const double room = place.room(direction);
  double best = place.value();
  int still = 0;
  double t = first;
  for (int k = 0; k < kDoublings; ++k, t *= 2.0) {
    const bool last = t >= room;
    const double distance = std::min(t, room);
    if (distance == 0.0) return walk;
    const double value = place.at(direction, distance);
    if (value == -INFINITY) {
      walk.stops.push_back({distance, value, INFINITY});
      walk.outcome = Walk::Outcome::falls;
      return walk;
    }
    if (!std::isfinite(value)) {
      if (walk.fell()) walk.outcome = Walk::Outcome::ends;
      return walk;
    }
    const double noise = place.noise(value);
    const double slope = dot(direction, place.gradient());
    if (value > best + noise) {
      walk.outcome = walk.fell() ? Walk::Outcome::turns : Walk::Outcome::rises;
      return walk;
    }
    if (value < best - noise) {
      best = value;
      still = 0;
      walk.stops.push_back({distance, value, largest(place.gradient())});
      if (slope > 0.0) {
        walk.outcome = Walk::Outcome::turns;
        return walk;
      }
    } else if (walk.fell() && ++still >= 8) {
      break;  // a limit
    }
    if (last) {
      if (walk.fell()) walk.outcome = Walk::Outcome::ends;
      return walk;
    }
  }
  if (walk.fell()) walk.outcome = Walk::Outcome::falls;
  return walk;
}

}  // namespace descent::diagnose

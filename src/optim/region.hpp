// Where the parameters may be and what is added to f there, and what "no way down" means then.
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "descent/core/span.hpp"
#include "descent/optim/chain_state.hpp"
#include "descent/optim/minimize.hpp"
#include "descent/optim/proximal.hpp"
#include "descent/simd/reduce.hpp"

namespace descent {

/// Vectors shorter than this are looped over in place: a call of a vector kernel would cost more than the work.
inline constexpr std::size_t kSmallVector = 16;

/// max_i |x_i|; NaN if any is NaN.
[[nodiscard]] inline double largest_component(View x) {
  if (x.size() >= kSmallVector) return simd::max_abs(x);
  double result = 0.0;
  for (const double value : x) {
    const double size = std::fabs(value);
    result = size <= result ? result : size;  // NaN fails the test and is kept
    if (std::isnan(result)) return result;
  }
  return result;
}

inline void copy_vector(View from, MutableView to) {
  if (from.size() >= kSmallVector) {
    std::copy(from.begin(), from.end(), to.begin());
    return;
  }
  for (std::size_t i = 0; i < from.size(); ++i) to[i] = from[i];
}

/// All of space, a box, or what a proximal term says; with a separable term a box, too.
class Region {
 public:
  explicit Region(const std::vector<Bound>& bounds, const ProximalTerm* term = nullptr)
      : bounds_(bounds), term_(term) {}

  [[nodiscard]] bool empty() const { return bounds_.empty() && term_ == nullptr; }
  /// A set that is no box.
  [[nodiscard]] bool has_set() const { return term_ != nullptr && term_->is_set(); }
  /// True if f has a term added to it that is no set.
  [[nodiscard]] bool adds_term() const { return term_ != nullptr && !term_->is_set(); }
  [[nodiscard]] double term(View x) const { return adds_term() ? term_->value(x) : 0.0; }
  [[nodiscard]] std::optional<double> gap(View x, View gradient) const {
    return term_ != nullptr ? term_->gap(x, gradient) : std::nullopt;
  }
  [[nodiscard]] std::string term_text() const { return term_ != nullptr ? term_->text() : ""; }
  /// The nearest point in the set and the box.
  void project(MutableView x) const {
    if (term_ != nullptr && term_->is_set()) term_->prox(1.0, x);
    for (std::size_t i = 0; i < bounds_.size(); ++i) x[i] = clamp(i, x[i]);
  }
  /// argmin_v p(v) + ||v - x||^2 / (2 step) over the set and the box: clamping what a separable term gives is exact,
  /// since a convex function of one variable rises away from its minimum.
  void prox(double step, MutableView x) const {
    if (term_ != nullptr) term_->prox(step, x);
    for (std::size_t i = 0; i < bounds_.size(); ++i) x[i] = clamp(i, x[i]);
  }
  /// The same for coordinate i alone; the term must be separable.
  [[nodiscard]] double prox_one(std::size_t i, double step, double x) const {
    if (term_ != nullptr) term_->prox(step, MutableView(&x, 1));
    return bounds_.empty() ? x : clamp(i, x);
  }
  /// For a chain (ChainOptions::project); null without bounds. This region must outlive it.
  [[nodiscard]] Projection projection() const {
    if (bounds_.empty()) return {};
    return [this](std::size_t i, double value) { return clamp(i, value); };
  }
  /// Is parameter i at a bound that the negative gradient points out of?
  [[nodiscard]] bool holds(std::size_t i, double x, double gradient) const {
    return !bounds_.empty() && ((gradient >= 0.0 && x <= bounds_[i].low) || (gradient <= 0.0 && x >= bounds_[i].high));
  }
  /// max_i |g_i|; in a box max_i |P(x - g)_i - x_i|, with a term max_i |its stationarity|: 0 exactly where no move
  /// leads down.
  [[nodiscard]] double gradient_norm(View x, View gradient) const {
    if (term_ != nullptr) return term_norm(x, gradient);
    if (bounds_.empty()) return largest_component(gradient);
    double result = 0.0;
    for (std::size_t i = 0; i < bounds_.size(); ++i) {
      if (!std::isfinite(gradient[i])) return gradient[i];
      // Where the step of length |g| stays inside, |g| itself: x - (x - g) would round it away beside a large x.
      const double target = x[i] - gradient[i];
      const double move = clamp(i, target) == target ? gradient[i] : clamp(i, target) - x[i];
      result = std::max(result, std::fabs(move));
    }
    return result;
  }

 private:
  /// NaN passes through, to be found and named.
  [[nodiscard]] double clamp(std::size_t i, double value) const {
    return value < bounds_[i].low ? bounds_[i].low : value > bounds_[i].high ? bounds_[i].high : value;
  }
  [[nodiscard]] double term_norm(View x, View gradient) const {
    const double largest = largest_component(gradient);
    if (!std::isfinite(largest)) return largest;
    std::vector<double> out(x.size());
    if (bounds_.empty()) {
      term_->stationarity(x, gradient, out);
      return largest_component(out);
    }
    for (std::size_t i = 0; i < x.size(); ++i) out[i] = x[i] - gradient[i];
    prox(1.0, out);
    for (std::size_t i = 0; i < x.size(); ++i) out[i] = x[i] - out[i];
    return largest_component(out);
  }

  const std::vector<Bound>& bounds_;
  const ProximalTerm* term_;
};

}  // namespace descent

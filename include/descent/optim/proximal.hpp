// What may be added to a smooth function although it has kinks or walls: terms whose proximal map is known, and sets.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "descent/core/registry.hpp"
#include "descent/core/span.hpp"

namespace descent {

/// A convex p: R^n -> R with a known proximal map, or a convex set: p = 0 inside and infinite outside.
/// Reference: N. Parikh, S. Boyd, "Proximal algorithms", Foundations and Trends in Optimization 1(3), 2014.
class ProximalTerm {
 public:
  ProximalTerm() = default;
  ProximalTerm(const ProximalTerm&) = delete;
  ProximalTerm& operator=(const ProximalTerm&) = delete;
  virtual ~ProximalTerm() = default;

  /// As it is typed, and read again by parse_proximal_term.
  [[nodiscard]] virtual std::string text() const = 0;
  /// p(x); of a set 0.
  [[nodiscard]] virtual double value(View x) const = 0;
  /// x = argmin_v p(v) + ||v - x||^2 / (2 step); of a set the nearest point in it, whatever the step. An x that is not
  /// finite stays as it is.
  virtual void prox(double step, MutableView x) const = 0;

  [[nodiscard]] virtual bool is_set() const { return false; }
  /// True if p is a sum over the coordinates, so that bounds on them can be held, too.
  [[nodiscard]] virtual bool is_separable() const { return false; }
  /// Of a set that is the same interval for every coordinate.
  struct Ends {
    double low, high;
  };
  [[nodiscard]] virtual std::optional<Ends> interval() const { return std::nullopt; }

  /// Of a bounded set: max gradient'(x - z) over all z in it, what f may fall by to first order, 0 exactly at a
  /// stationary point and for convex f a bound on f(x) - min f.
  [[nodiscard]] virtual std::optional<double> gap(View x, View gradient) const;

  /// out = 0 exactly where x minimises f + p, given the gradient of f there: the smallest element of gradient + dp(x)
  /// where that is known, else x - prox_1(x - gradient).
  virtual void stationarity(View x, View gradient, MutableView out) const;
};

using ProximalTermMaker = std::function<std::shared_ptr<const ProximalTerm>(const BoundArguments& arguments)>;

/// l1, elastic_net, norm; nonnegative, box, simplex, ball, l1_ball.
[[nodiscard]] const Registry<ProximalTermMaker>& proximal_registry();

/// `l1(0.1)` or `l1:0.1`, `simplex`, `ball(radius=2)`. Throws: Error(usage) with column and "did you mean".
[[nodiscard]] std::shared_ptr<const ProximalTerm> parse_proximal_term(std::string_view text);

}  // namespace descent

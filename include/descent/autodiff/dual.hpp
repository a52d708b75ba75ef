// Forward differentiation: a value and its slopes in N directions, computed together.
//
// Right for few parameters (up to 8) and for Jacobians. Dual<0> is a plain number whose functions give the same bits:
// what a generic callable is run with when only its value is wanted.
// Reference: A. Griewank, A. Walther, "Evaluating Derivatives", SIAM 2008, section 3.1.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

namespace descent::autodiff {

/// value + sum_k slope_k e_k with e_k e_j = 0. Trivially copyable; constants convert from double with slopes 0.
template <std::size_t N>
class Dual {
 public:
  static constexpr std::size_t kDirections = N;

  constexpr Dual() = default;
  constexpr Dual(double value) : value_(value) {}  // NOLINT(google-explicit-constructor): constants are Duals
  constexpr Dual(double value, const std::array<double, N>& slopes) : value_(value), slope_(slopes) {}
  /// The variable that moves in direction `direction`.
  static constexpr Dual variable(double value, std::size_t direction) {
    Dual x(value);
    x.slope_[direction] = 1.0;
    return x;
  }

  /// Moves the point, not the slopes.
  constexpr void set_value(double value) { value_ = value; }

  [[nodiscard]] constexpr double value() const { return value_; }
  [[nodiscard]] constexpr double slope(std::size_t direction) const { return slope_[direction]; }

  /// The chain rule: a function's value at x and its slope there, `slope()`, which is asked for only if N > 0.
  /// A direction in which x does not move stays 0 even where the slope is infinite (sqrt at 0).
  template <class Slope>
  [[nodiscard]] static Dual propagate(const Dual& x, double value, const Slope& slope) {
    Dual y(value);
    if constexpr (N > 0) {
      const double d = slope();
      if (std::isfinite(d)) {
        for (std::size_t k = 0; k < N; ++k) y.slope_[k] = d * x.slope_[k];
      } else {
        for (std::size_t k = 0; k < N; ++k) y.slope_[k] = x.slope_[k] == 0.0 ? 0.0 : d * x.slope_[k];
      }
    }
    return y;
  }
  /// Functions also know f''(x), for numbers of second order.
  template <class Slope, class Curvature>
  [[nodiscard]] static Dual propagate(const Dual& x, double value, const Slope& slope, const Curvature& /*curvature*/) {
    return propagate(x, value, slope);
  }

  friend constexpr Dual operator+(const Dual& a) { return a; }
  friend constexpr Dual operator-(const Dual& a) {
    Dual y(-a.value_);
    for (std::size_t k = 0; k < N; ++k) y.slope_[k] = -a.slope_[k];
    return y;
  }
  friend constexpr Dual operator+(const Dual& a, const Dual& b) {
    Dual y(a.value_ + b.value_);
    for (std::size_t k = 0; k < N; ++k) y.slope_[k] = a.slope_[k] + b.slope_[k];
    return y;
  }
  friend constexpr Dual operator+(Dual a, double b) {
    a.value_ += b;
    return a;
  }
  friend constexpr Dual operator+(double a, Dual b) {
    b.value_ = a + b.value_;
    return b;
  }
  friend constexpr Dual operator-(const Dual& a, const Dual& b) {
    Dual y(a.value_ - b.value_);
    for (std::size_t k = 0; k < N; ++k) y.slope_[k] = a.slope_[k] - b.slope_[k];
    return y;
  }
  friend constexpr Dual operator-(Dual a, double b) {
    a.value_ -= b;
    return a;
  }
  friend constexpr Dual operator-(double a, const Dual& b) {
    Dual y(a - b.value_);
    for (std::size_t k = 0; k < N; ++k) y.slope_[k] = -b.slope_[k];
    return y;
  }
  friend constexpr Dual operator*(const Dual& a, const Dual& b) {
    Dual y(a.value_ * b.value_);
    for (std::size_t k = 0; k < N; ++k) y.slope_[k] = a.slope_[k] * b.value_ + b.slope_[k] * a.value_;
    return y;
  }
  friend constexpr Dual operator*(const Dual& a, double b) {
    Dual y(a.value_ * b);
    for (std::size_t k = 0; k < N; ++k) y.slope_[k] = a.slope_[k] * b;
    return y;
  }
  friend constexpr Dual operator*(double a, const Dual& b) { return b * a; }
  friend constexpr Dual operator/(const Dual& a, const Dual& b) {
    Dual y(a.value_ / b.value_);
    for (std::size_t k = 0; k < N; ++k) y.slope_[k] = (a.slope_[k] - y.value_ * b.slope_[k]) / b.value_;
    return y;
  }
  friend constexpr Dual operator/(const Dual& a, double b) {
    Dual y(a.value_ / b);
    for (std::size_t k = 0; k < N; ++k) y.slope_[k] = a.slope_[k] / b;
    return y;
  }
  friend constexpr Dual operator/(double a, const Dual& b) {
    Dual y(a / b.value_);
    for (std::size_t k = 0; k < N; ++k) y.slope_[k] = -y.value_ * b.slope_[k] / b.value_;
    return y;
  }
  constexpr Dual& operator+=(const Dual& b) { return *this = *this + b; }
  constexpr Dual& operator-=(const Dual& b) { return *this = *this - b; }
  constexpr Dual& operator*=(const Dual& b) { return *this = *this * b; }
  constexpr Dual& operator/=(const Dual& b) { return *this = *this / b; }
  constexpr Dual& operator+=(double b) { return *this = *this + b; }
  constexpr Dual& operator-=(double b) { return *this = *this - b; }
  constexpr Dual& operator*=(double b) { return *this = *this * b; }
  constexpr Dual& operator/=(double b) { return *this = *this / b; }

  // Comparisons look at values alone.
  friend constexpr bool operator==(const Dual& a, const Dual& b) { return a.value_ == b.value_; }
  friend constexpr auto operator<=>(const Dual& a, const Dual& b) { return a.value_ <=> b.value_; }

 private:
  double value_ = 0.0;
  [[no_unique_address]] std::array<double, N> slope_{};
};

}  // namespace descent::autodiff

// The number that writes its history on a tape.
#pragma once

#include <cmath>
#include <compare>
#include <cstdint>

#include "descent/autodiff/tape.hpp"

namespace descent::autodiff {

/// A value and its node. Constants convert from double and lie on no tape. Vars of two tapes must not meet.
class Var {
 public:
  Var() = default;
  Var(double value) : value_(value) {}  // NOLINT(google-explicit-constructor): constants are Vars

  [[nodiscard]] double value() const { return value_; }

  /// The chain rule, as Dual::propagate.
  template <class Slope>
  [[nodiscard]] static Var propagate(const Var& x, double value, const Slope& slope) {
    if (x.tape_ == nullptr) return Var(value);
    return unary(x, value, slope());
  }

  friend Var operator+(const Var& a) { return a; }
  friend Var operator-(const Var& a) { return unary(a, -a.value_, -1.0); }
  friend Var operator+(const Var& a, const Var& b) { return binary(a, b, a.value_ + b.value_, 1.0, 1.0); }
  friend Var operator+(const Var& a, double b) { return unary(a, a.value_ + b, 1.0); }
  friend Var operator+(double a, const Var& b) { return unary(b, a + b.value_, 1.0); }
  friend Var operator-(const Var& a, const Var& b) { return binary(a, b, a.value_ - b.value_, 1.0, -1.0); }
  friend Var operator-(const Var& a, double b) { return unary(a, a.value_ - b, 1.0); }
  friend Var operator-(double a, const Var& b) { return unary(b, a - b.value_, -1.0); }
  friend Var operator*(const Var& a, const Var& b) { return binary(a, b, a.value_ * b.value_, b.value_, a.value_); }
  friend Var operator*(const Var& a, double b) { return unary(a, a.value_ * b, b); }
  friend Var operator*(double a, const Var& b) { return unary(b, a * b.value_, a); }
  friend Var operator/(const Var& a, const Var& b) {
    const double q = a.value_ / b.value_;
    return binary(a, b, q, 1.0 / b.value_, -q / b.value_);
  }
  friend Var operator/(const Var& a, double b) { return unary(a, a.value_ / b, 1.0 / b); }
  friend Var operator/(double a, const Var& b) {
    const double q = a / b.value_;
    return unary(b, q, -q / b.value_);
  }
  Var& operator+=(const Var& b) { return *this = *this + b; }
  Var& operator-=(const Var& b) { return *this = *this - b; }
  Var& operator*=(const Var& b) { return *this = *this * b; }
  Var& operator/=(const Var& b) { return *this = *this / b; }
  Var& operator+=(double b) { return *this = *this + b; }
  Var& operator-=(double b) { return *this = *this - b; }
  Var& operator*=(double b) { return *this = *this * b; }
  Var& operator/=(double b) { return *this = *this / b; }

  // Comparisons look at values alone.
  friend bool operator==(const Var& a, const Var& b) { return a.value_ == b.value_; }
  friend auto operator<=>(const Var& a, const Var& b) { return a.value_ <=> b.value_; }

  /// The tape it lies on; null for a constant.
  [[nodiscard]] Tape* tape() const { return tape_; }

 private:
  friend class Tape;
  Var(double value, std::uint32_t node, Tape* tape) : value_(value), tape_(tape), node_(node) {}

  static Var unary(const Var& x, double value, double slope) {
    if (x.tape_ == nullptr) return Var(value);
    return Var(value, x.tape_->push(x.node_, slope), x.tape_);
  }
  static Var binary(const Var& x, const Var& y, double value, double dx, double dy) {
    Tape* tape = x.tape_ != nullptr ? x.tape_ : y.tape_;
    if (tape == nullptr) return Var(value);
    return Var(value, tape->push(x.node_, dx, y.node_, dy), tape);
  }

  double value_ = 0.0;
  Tape* tape_ = nullptr;
  std::uint32_t node_ = 0;
};

}  // namespace descent::autodiff

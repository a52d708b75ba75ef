// The number that writes its history on a tape.
#pragma once

#include <cmath>
#include <compare>
#include <concepts>
#include <cstdint>

#include "descent/autodiff/tape.hpp"

namespace descent::autodiff {

/// A value (of a TangentVar: and its tangent) and its node. Constants convert from double and lie on no tape. Vars of
/// two tapes must not meet.
template <class Real>
class BasicVar {
 public:
  static constexpr bool kHasTangent = std::same_as<Real, Dual<1>>;

  BasicVar() = default;
  BasicVar(double value) : value_(value) {}  // NOLINT(google-explicit-constructor): constants are Vars

  [[nodiscard]] double value() const {
    if constexpr (kHasTangent)
      return value_.value();
    else
      return value_;
  }
  /// With its tangent, where it has one.
  [[nodiscard]] const Real& real() const { return value_; }
  /// On no tape.
  static BasicVar constant(const Real& value) { return BasicVar(value, 0, nullptr); }

  /// The chain rule, as Dual::propagate.
  template <class Slope>
  [[nodiscard]] static BasicVar propagate(const BasicVar& x, double value, const Slope& slope) {
    if (x.tape_ == nullptr) return BasicVar(value);
    return unary(x, value, slope());
  }
  /// The same with f''(x), by which the slope moves.
  template <class Slope, class Curvature>
  [[nodiscard]] static BasicVar propagate(const BasicVar& x, double value, const Slope& slope,
                                          [[maybe_unused]] const Curvature& curvature) {
    if (x.tape_ == nullptr) return BasicVar(value);
    const double d = slope();
    if constexpr (kHasTangent)
      return unary(x, Real::propagate(x.value_, value, [&] { return d; }), Real::propagate(x.value_, d, curvature));
    else
      return unary(x, value, d);
  }
  /// f(x, y) with its slopes towards x and y.
  [[nodiscard]] static BasicVar propagate(const BasicVar& x, const BasicVar& y, const Real& value, const Real& dx,
                                          const Real& dy) {
    return binary(x, y, value, dx, dy);
  }

  friend BasicVar operator+(const BasicVar& a) { return a; }
  friend BasicVar operator-(const BasicVar& a) { return unary(a, -a.value_, -1.0); }
  friend BasicVar operator+(const BasicVar& a, const BasicVar& b) {
    return binary(a, b, a.value_ + b.value_, 1.0, 1.0);
  }
  friend BasicVar operator+(const BasicVar& a, double b) { return unary(a, a.value_ + b, 1.0); }
  friend BasicVar operator+(double a, const BasicVar& b) { return unary(b, a + b.value_, 1.0); }
  friend BasicVar operator-(const BasicVar& a, const BasicVar& b) {
    return binary(a, b, a.value_ - b.value_, 1.0, -1.0);
  }
  friend BasicVar operator-(const BasicVar& a, double b) { return unary(a, a.value_ - b, 1.0); }
  friend BasicVar operator-(double a, const BasicVar& b) { return unary(b, a - b.value_, -1.0); }
  friend BasicVar operator*(const BasicVar& a, const BasicVar& b) {
    return binary(a, b, a.value_ * b.value_, b.value_, a.value_);
  }
  friend BasicVar operator*(const BasicVar& a, double b) { return unary(a, a.value_ * b, b); }
  friend BasicVar operator*(double a, const BasicVar& b) { return unary(b, a * b.value_, a); }
  friend BasicVar operator/(const BasicVar& a, const BasicVar& b) {
    const Real q = a.value_ / b.value_;
    return binary(a, b, q, 1.0 / b.value_, -q / b.value_);
  }
  friend BasicVar operator/(const BasicVar& a, double b) { return unary(a, a.value_ / b, 1.0 / b); }
  friend BasicVar operator/(double a, const BasicVar& b) {
    const Real q = a / b.value_;
    return unary(b, q, -q / b.value_);
  }
  BasicVar& operator+=(const BasicVar& b) { return *this = *this + b; }
  BasicVar& operator-=(const BasicVar& b) { return *this = *this - b; }
  BasicVar& operator*=(const BasicVar& b) { return *this = *this * b; }
  BasicVar& operator/=(const BasicVar& b) { return *this = *this / b; }
  BasicVar& operator+=(double b) { return *this = *this + b; }
  BasicVar& operator-=(double b) { return *this = *this - b; }
  BasicVar& operator*=(double b) { return *this = *this * b; }
  BasicVar& operator/=(double b) { return *this = *this / b; }

  // Comparisons look at values alone.
  friend bool operator==(const BasicVar& a, const BasicVar& b) { return a.value_ == b.value_; }
  friend auto operator<=>(const BasicVar& a, const BasicVar& b) { return a.value_ <=> b.value_; }

  /// The tape it lies on; null for a constant.
  [[nodiscard]] BasicTape<Real>* tape() const { return tape_; }

 private:
  friend class BasicTape<Real>;
  BasicVar(const Real& value, std::uint32_t node, BasicTape<Real>* tape) : value_(value), tape_(tape), node_(node) {}

  static BasicVar unary(const BasicVar& x, const Real& value, const Real& slope) {
    if (x.tape_ == nullptr) return constant(value);
    return BasicVar(value, x.tape_->push(x.node_, slope), x.tape_);
  }
  static BasicVar binary(const BasicVar& x, const BasicVar& y, const Real& value, const Real& dx, const Real& dy) {
    BasicTape<Real>* tape = x.tape_ != nullptr ? x.tape_ : y.tape_;
    if (tape == nullptr) return constant(value);
    return BasicVar(value, tape->push(x.node_, dx, y.node_, dy), tape);
  }

  Real value_ = 0.0;
  BasicTape<Real>* tape_ = nullptr;
  std::uint32_t node_ = 0;
};

template <class Real>
template <class Slope>
BasicVar<Real> BasicTape<Real>::push_fan_in(std::span<const BasicVar<Real>> x, const Real& value, const Slope& slope) {
  Record record{.kind = Kind::fan_in_of_run,
                .num_outputs = 1,
                .first_operand = x[0].node_,
                .num_operands = x.size(),
                .first_weight = weights_.size()};
  weights_.resize(record.first_weight + x.size());
  Real* const weight = weights_.data() + record.first_weight;
  for (std::size_t i = 0; i < x.size(); ++i) weight[i] = slope(i);
  bool run = x[0].node_ != 0;
  for (std::size_t i = 1; i < x.size(); ++i) run = run && x[i].node_ == x[0].node_ + i;
  if (!run) {
    record.kind = Kind::fan_in;
    record.first_operand = operands_.size();
    operands_.resize(record.first_operand + x.size());
    for (std::size_t i = 0; i < x.size(); ++i) operands_[record.first_operand + i] = x[i].node_;
  }
  record.first_output = push_outputs(1);
  records_.push_back(record);
  return BasicVar<Real>(value, record.first_output, this);
}

}  // namespace descent::autodiff

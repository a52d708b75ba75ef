// The number that writes its history on a tape.
#pragma once

#include <bit>
#include <cmath>
#include <compare>
#include <concepts>
#include <cstdint>

#include "descent/autodiff/tape.hpp"

namespace descent::autodiff {

/// The product where it is no number: 0 if a factor is. Apart, so that compilers keep it out of the way of the rest.
[[nodiscard]] double product_of_no_numbers(double outer, double inner);

/// The chain rule's product, where 0 stays 0 even against infinity: what does not move has no slope.
[[nodiscard]] inline double chained(double outer, double inner) {
  const double product = outer * inner;
  return product == product ? product : product_of_no_numbers(outer, inner);
}
[[nodiscard]] inline Dual<1> chained(const Dual<1>& outer, const Dual<1>& inner) {
  return {chained(outer.value(), inner.value()),
          {chained(outer.value(), inner.slope(0)) + chained(outer.slope(0), inner.value())}};
}

/// A value (of a TangentVar: and its tangent), the node it depends on, and its slope towards that. A function of one
/// node, however long, is the same node with another slope: `100 * (1 - x) * (1 - x)` writes nothing down. Only where
/// two nodes meet is there a new one (Rosenbrock's term has 3 instead of 8). Constants convert from double and lie on
/// no tape. Vars of two tapes must not meet.
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
  /// Moves a variable, that is, what Tape::variable gave.
  void set_value(const Real& value) { value_ = value; }
  /// On no tape.
  static BasicVar constant(const Real& value) { return BasicVar(value, 1.0, 0, nullptr); }

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
  friend BasicVar operator-(const BasicVar& a) { return along(a, -a.value_, -a.slope_); }
  friend BasicVar operator+(const BasicVar& a, const BasicVar& b) {
    return meet(a, b, a.value_ + b.value_, a.slope_, b.slope_);
  }
  friend BasicVar operator+(const BasicVar& a, double b) { return along(a, a.value_ + b, a.slope_); }
  friend BasicVar operator+(double a, const BasicVar& b) { return along(b, a + b.value_, b.slope_); }
  friend BasicVar operator-(const BasicVar& a, const BasicVar& b) {
    return meet(a, b, a.value_ - b.value_, a.slope_, -b.slope_);
  }
  friend BasicVar operator-(const BasicVar& a, double b) { return along(a, a.value_ - b, a.slope_); }
  friend BasicVar operator-(double a, const BasicVar& b) { return along(b, a - b.value_, -b.slope_); }
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
  BasicVar(const Real& value, const Real& slope, std::uint32_t node, BasicTape<Real>* tape)
      : value_(value), slope_(slope), tape_(tape), node_(node) {}

  [[nodiscard]] bool is_its_node() const {
    if constexpr (kHasTangent)
      return slope_.value() == 1.0 && slope_.slope(0) == 0.0;
    else
      return std::bit_cast<std::uint64_t>(slope_) == std::bit_cast<std::uint64_t>(1.0);  // one comparison, not two
  }
  /// A function of the node of x.
  static BasicVar along(const BasicVar& x, const Real& value, const Real& slope) {
    return BasicVar(value, slope, x.node_, x.tape_);
  }
  /// A function of the nodes of x and y.
  static BasicVar meet(const BasicVar& x, const BasicVar& y, const Real& value, const Real& to_x, const Real& to_y) {
    if (y.tape_ == nullptr) return along(x, value, to_x);
    if (x.tape_ == nullptr) return along(y, value, to_y);
    if (x.node_ == y.node_) return along(x, value, to_x + to_y);
    return BasicVar(value, 1.0, x.tape_->push(x.node_, to_x, y.node_, to_y), x.tape_);
  }
  static BasicVar unary(const BasicVar& x, const Real& value, const Real& dx) {
    return along(x, value, chained(dx, x.slope_));
  }
  static BasicVar binary(const BasicVar& x, const BasicVar& y, const Real& value, const Real& dx, const Real& dy) {
    return meet(x, y, value, chained(dx, x.slope_), chained(dy, y.slope_));
  }

  Real value_ = 0.0;
  Real slope_ = 1.0;  // d value / d node
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
  for (std::size_t i = 0; i < x.size(); ++i) run = run && x[i].node_ == x[0].node_ + i && x[i].is_its_node();
  if (!run) {
    for (std::size_t i = 0; i < x.size(); ++i) weight[i] = chained(weight[i], x[i].slope_);
    record.kind = Kind::fan_in;
    record.first_operand = operands_.size();
    operands_.resize(record.first_operand + x.size());
    for (std::size_t i = 0; i < x.size(); ++i) operands_[record.first_operand + i] = x[i].node_;
  }
  record.first_output = push_outputs(1);
  records_.push_back(record);
  return BasicVar<Real>(value, 1.0, record.first_output, this);
}

}  // namespace descent::autodiff

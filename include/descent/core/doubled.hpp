// Numbers of twice the precision of a double: high + low, about 31 digits.
//
// Each operation rounds to a few units of 2^-104. The range is that of doubles, less 54 bits at the large end (the
// split of a product); what leaves it is not finite. Reference: T. J. Dekker, "A floating-point technique for extending
// the available precision", Numer. Math. 18, 1971; D. E. Knuth, "The Art of Computer Programming", vol. 2, 4.2.2.
#pragma once

namespace descent {

struct Doubled {
  double high = 0.0;
  double low = 0.0;  ///< at most half a unit in the last place of high

  Doubled() = default;
  Doubled(double value) : high(value) {}  // NOLINT(google-explicit-constructor): every double is one
  Doubled(double h, double l) : high(h), low(l) {}

  [[nodiscard]] double value() const { return high + low; }
  [[nodiscard]] Doubled operator-() const { return {-high, -low}; }
};

/// a + b, exactly, of two doubles.
[[nodiscard]] inline Doubled exact_sum(double a, double b) {
  const double sum = a + b, of_b = sum - a;
  return {sum, (a - (sum - of_b)) + (b - of_b)};
}

/// a * b, exactly (without a fused multiply-add: the same bits on every machine).
[[nodiscard]] inline Doubled exact_product(double a, double b) {
  constexpr double kSplit = 134217729.0;  // 2^27 + 1
  const double product = a * b;
  const double at = kSplit * a, a1 = at - (at - a), a2 = a - a1;
  const double bt = kSplit * b, b1 = bt - (bt - b), b2 = b - b1;
  return {product, ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2};
}

[[nodiscard]] inline Doubled operator+(const Doubled& a, const Doubled& b) {
  const Doubled s = exact_sum(a.high, b.high), t = exact_sum(a.low, b.low);
  const Doubled u = exact_sum(s.high, s.low + t.high);
  return exact_sum(u.high, u.low + t.low);
}
[[nodiscard]] inline Doubled operator-(const Doubled& a, const Doubled& b) { return a + -b; }

[[nodiscard]] inline Doubled operator*(const Doubled& a, const Doubled& b) {
  const Doubled p = exact_product(a.high, b.high);
  return exact_sum(p.high, p.low + (a.high * b.low + a.low * b.high));
}

[[nodiscard]] inline Doubled operator/(const Doubled& a, const Doubled& b) {
  const double first = a.high / b.high;
  const Doubled rest = a - b * Doubled(first);
  const double second = rest.high / b.high;
  const Doubled last = rest - b * Doubled(second);
  return exact_sum(first, second) + Doubled(last.high / b.high);
}

}  // namespace descent

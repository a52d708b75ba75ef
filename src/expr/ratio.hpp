// Exact arithmetic on the numbers of a formula, as the decimals they were written as.
#pragma once

#include <optional>

namespace descent::expr {

/// a * b and a + b. Exact in decimals where that fits 18 digits (0.1 * 3 is 0.3, not 0.30000000000000004), else rounded
/// once. Nothing when the result would overflow, or be 0 or subnormal without a factor that is.
[[nodiscard]] std::optional<double> decimal_product(double a, double b);
[[nodiscard]] std::optional<double> decimal_sum(double a, double b);
/// a^n for n >= 0; only if every step is exact.
[[nodiscard]] std::optional<double> exact_power(double a, int n);
/// The r >= 0 with r * r = a in decimals, if there is one.
[[nodiscard]] std::optional<double> exact_root(double a);

/// num / den with den > 0; in lowest terms when both are whole numbers, den = 1 when the quotient is a short decimal
/// and one of them is not whole.
struct Ratio {
  double num = 1.0;
  double den = 1.0;
  friend bool operator==(const Ratio&, const Ratio&) = default;
};

/// Nothing if not finite, or if den is 0.
[[nodiscard]] std::optional<Ratio> make_ratio(double num, double den);
[[nodiscard]] std::optional<Ratio> product(Ratio a, Ratio b);
[[nodiscard]] std::optional<Ratio> sum(Ratio a, Ratio b);
/// The double that is exactly (in decimals) num / den, if there is one.
[[nodiscard]] std::optional<double> as_decimal(Ratio a);

}  // namespace descent::expr

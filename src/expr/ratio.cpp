#include "src/expr/ratio.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>

namespace descent::expr {
namespace {

constexpr double kExactWhole = 9007199254740992.0;  // 2^53: whole numbers below it are exact, and so are their gcds

bool is_whole(double a) { return std::fabs(a) < kExactWhole && a == std::trunc(a); }

/// digits * 10^exponent, without trailing zeros: the shortest decimal that reads back to the number.
struct Decimal {
  std::int64_t digits = 0;
  int exponent = 0;
  friend bool operator==(const Decimal&, const Decimal&) = default;
};

Decimal strip(Decimal a) {
  if (a.digits == 0) return {};
  while (a.digits % 10 == 0) {
    a.digits /= 10;
    ++a.exponent;
  }
  return a;
}

Decimal to_decimal(double a) {
  std::array<char, 40> buffer{};
  const char* end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), a, std::chars_format::scientific).ptr;
  Decimal result;
  bool negative = false, fraction = false;
  const char* p = buffer.data();
  for (; p != end && *p != 'e'; ++p) {
    if (*p == '-') {
      negative = true;
    } else if (*p == '.') {
      fraction = true;
    } else {
      result.digits = result.digits * 10 + (*p - '0');
      if (fraction) --result.exponent;
    }
  }
  int exponent = 0;
  if (p != end) {
    ++p;
    if (*p == '+') ++p;
    std::from_chars(p, end, exponent);
  }
  result.exponent += exponent;
  if (negative) result.digits = -result.digits;
  return strip(result);
}

std::optional<double> to_double(Decimal a) {
  std::array<char, 48> buffer{};
  char* p = std::to_chars(buffer.data(), buffer.data() + 24, a.digits).ptr;
  *p++ = 'e';
  p = std::to_chars(p, buffer.data() + buffer.size(), a.exponent).ptr;
  double value = 0.0;
  const auto [end, status] = std::from_chars(buffer.data(), p, value);
  if (status != std::errc{} || end != p) return {};
  return value;
}

bool is_usable(double value, bool may_be_zero) {
  return std::isfinite(value) &&
         ((value == 0.0 && may_be_zero) || std::fabs(value) >= std::numeric_limits<double>::min());
}

std::optional<Decimal> exact_product(Decimal a, Decimal b) {
  Decimal result{0, a.exponent + b.exponent};
  if (__builtin_mul_overflow(a.digits, b.digits, &result.digits)) return {};
  return strip(result);
}

std::optional<Decimal> exact_sum(Decimal a, Decimal b) {
  if (a.digits == 0) return b;
  if (b.digits == 0) return a;
  if (a.exponent < b.exponent) std::swap(a, b);
  for (; a.exponent > b.exponent; --a.exponent)
    if (__builtin_mul_overflow(a.digits, std::int64_t{10}, &a.digits)) return {};
  if (__builtin_add_overflow(a.digits, b.digits, &a.digits)) return {};
  return strip(a);
}

}  // namespace

std::optional<double> decimal_product(double a, double b) {
  double value = a * b;
  if (!is_whole(a) || !is_whole(b) || !is_whole(value)) {
    const auto exact = exact_product(to_decimal(a), to_decimal(b));
    if (exact) value = to_double(*exact).value_or(value);
  }
  if (!is_usable(value, a == 0.0 || b == 0.0)) return {};
  return value + 0.0;  // no negative zeros
}

std::optional<double> decimal_sum(double a, double b) {
  double value = a + b;
  if (!is_whole(a) || !is_whole(b) || !is_whole(value)) {
    const auto exact = exact_sum(to_decimal(a), to_decimal(b));
    if (exact) value = to_double(*exact).value_or(value);
  }
  if (!is_usable(value, true)) return {};
  return value + 0.0;
}

std::optional<double> exact_power(double a, int n) {
  Decimal result{1, 0};
  const Decimal base = to_decimal(a);
  for (int i = 0; i < n; ++i) {
    const auto next = exact_product(result, base);
    if (!next) return {};
    result = *next;
  }
  const auto value = to_double(result);
  if (!value || !is_usable(*value, a == 0.0) || to_decimal(*value) != result) return {};
  return value;
}

std::optional<double> exact_root(double a) {
  if (!(a >= 0.0)) return {};
  const double root = std::sqrt(a);
  const auto square = exact_product(to_decimal(root), to_decimal(root));
  if (!square || *square != to_decimal(a)) return {};
  return root;
}

std::optional<double> as_decimal(Ratio a) {
  if (a.den == 1.0) return a.num;
  const double quotient = a.num / a.den;
  if (!is_usable(quotient, a.num == 0.0)) return {};
  const auto back = exact_product(to_decimal(quotient), to_decimal(a.den));
  if (!back || *back != to_decimal(a.num)) return {};
  return quotient;
}

std::optional<Ratio> make_ratio(double num, double den) {
  if (!std::isfinite(num) || !std::isfinite(den) || den == 0.0) return {};
  if (den < 0.0) {
    num = -num;
    den = -den;
  }
  if (num == 0.0) return Ratio{0.0, 1.0};
  if (is_whole(num) && is_whole(den)) {
    const auto divisor =
        static_cast<double>(std::gcd(static_cast<std::int64_t>(std::fabs(num)), static_cast<std::int64_t>(den)));
    return Ratio{num / divisor, den / divisor};
  }
  if (const auto quotient = as_decimal({num, den})) return Ratio{*quotient, 1.0};
  return Ratio{num, den};
}

std::optional<Ratio> product(Ratio a, Ratio b) {
  const auto num = decimal_product(a.num, b.num);
  const auto den = decimal_product(a.den, b.den);
  if (!num || !den) return {};
  return make_ratio(*num, *den);
}

std::optional<Ratio> sum(Ratio a, Ratio b) {
  if (a.den == b.den) {
    const auto num = decimal_sum(a.num, b.num);
    if (!num) return {};
    return make_ratio(*num, a.den);
  }
  const double left = a.num * b.den, right = b.num * a.den, den = a.den * b.den, num = left + right;
  for (const double whole : {a.num, a.den, b.num, b.den, left, right, den, num})
    if (!is_whole(whole)) return {};
  return make_ratio(num, den);
}

}  // namespace descent::expr

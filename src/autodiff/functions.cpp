#include "descent/autodiff/functions.hpp"

#include <bit>
#include <cmath>
#include <cstdint>

namespace descent::autodiff {

double integer_power(double x, int n) {
  if (n == 0) return 1.0;
  const auto m = static_cast<unsigned>(n < 0 ? -n : n);
  double y = x;
  for (int bit = std::bit_width(m) - 2; bit >= 0; --bit) {
    y = y * y;
    if ((m >> bit & 1U) != 0) y = y * x;
  }
  return n < 0 ? 1.0 / y : y;
}

double power(double x, double p) {
  if (std::fabs(p) <= 64.0 && p == std::floor(p)) return integer_power(x, static_cast<int>(p));
  return math::pow(x, p);
}

}  // namespace descent::autodiff

#include "src/data/number_field.hpp"

#include <array>
#include <cstdint>

#include "descent/core/text.hpp"

namespace descent::data {
namespace {

constexpr std::array<double, 23> kPowersOfTen = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                                 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
constexpr std::uint64_t kExactLimit = std::uint64_t{1} << 53U;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::optional<double> number_field(std::string_view text) {
  // 19 digits cannot overflow 64 bits; longer texts, and everything unusual, go the long way.
  constexpr std::size_t kMostDigits = 19;
  if (text.empty() || text.size() > kMostDigits) return parse_number(text);

  const char* p = text.data();
  const char* const end = p + text.size();
  const bool negative = *p == '-';
  if (*p == '-' || *p == '+') ++p;

  std::uint64_t digits = 0;
  const char* const first = p;
  for (; p != end && is_digit(*p); ++p) digits = digits * 10 + static_cast<std::uint64_t>(*p - '0');
  auto count = p - first;
  std::ptrdiff_t decimals = 0;
  if (p != end && *p == '.') {
    const char* const point = p++;
    for (; p != end && is_digit(*p); ++p) digits = digits * 10 + static_cast<std::uint64_t>(*p - '0');
    decimals = p - point - 1;
    count += decimals;
  }
  if (p != end || count == 0 || digits > kExactLimit) return parse_number(text);

  const double value = static_cast<double>(digits) / kPowersOfTen[static_cast<std::size_t>(decimals)];
  return negative ? -value : value;
}

}  // namespace descent::data

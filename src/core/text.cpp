#include "descent/core/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

#include <fmt/format.h>

namespace descent {
namespace {

std::string not_finite_text(double value) {
  if (std::isnan(value)) return "nan";
  return value > 0 ? "inf" : "-inf";
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// Bytes of the well-formed UTF-8 sequence at the front of `text`; 0 when there is none. RFC 3629, section 4.
std::size_t utf8_sequence(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto tail = [&](std::size_t i) { return i < text.size() && (byte(i) & 0xC0U) == 0x80U; };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return tail(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    if (!tail(1) || !tail(2)) return 0;
    if (first == 0xE0 && byte(1) < 0xA0) return 0;  // overlong
    if (first == 0xED && byte(1) > 0x9F) return 0;  // surrogate
    return 3;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if (!tail(1) || !tail(2) || !tail(3)) return 0;
    if (first == 0xF0 && byte(1) < 0x90) return 0;
    if (first == 0xF4 && byte(1) > 0x8F) return 0;
    return 4;
  }
  return 0;
}

/// Of a number that is well-formed and not 0: the power of ten of its first digit that is not 0, `1` -> 0, `0.01` ->
/// -2. Exact as far as its sign is concerned when it does not fit.
long long decimal_exponent(std::string_view text) {
  if (text.front() == '-') text.remove_prefix(1);
  const std::size_t mark = std::min(text.find_first_of("eE"), text.size());
  const std::string_view digits = text.substr(0, mark);
  const std::size_t point = std::min(digits.find('.'), digits.size());
  const std::size_t first = digits.find_first_not_of("0.");
  const auto of_digits = static_cast<long long>(point) - static_cast<long long>(first) - (first < point ? 1 : 0);
  if (mark == text.size()) return of_digits;
  constexpr long long kHuge = 1LL << 62;
  const long long written = parse_integer(text.substr(mark + 1)).value_or(text[mark + 1] == '-' ? -kHuge : kHuge);
  return std::clamp(written, -kHuge, kHuge) + of_digits;
}

}  // namespace

void append_number(std::string& text, double value) {
  if (!std::isfinite(value)) {
    text += not_finite_text(value);
    return;
  }
  std::array<char, 32> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  text.append(buffer.data(), end);
}

std::string number_text(double value) {
  std::string text;
  append_number(text, value);
  return text;
}

std::string number_text(double value, int digits) {
  if (!std::isfinite(value)) return not_finite_text(value);
  return fmt::format("{:.{}g}", value, std::clamp(digits, 1, 17));
}

std::string count_text(double value) {
  if (!std::isfinite(value)) return not_finite_text(value);
  std::string text = fmt::format("{:.0f}", value);
  if (text == "-0") return "0";
  const std::size_t first_digit = text.front() == '-' ? 1 : 0;
  for (std::size_t i = text.size(); i > first_digit + 3;) {
    i -= 3;
    text.insert(i, ",");
  }
  return text;
}

std::string plain_decimal_text(double value, int digits) {
  if (!std::isfinite(value)) return not_finite_text(value);
  if (value == 0.0) return "0";
  // The exponent after rounding to `digits`, so that 0.09999 at 2 digits becomes 0.1.
  digits = std::clamp(digits, 1, 17);
  const std::string scientific = fmt::format("{:.{}e}", value, digits - 1);
  const int exponent = static_cast<int>(parse_integer(scientific.substr(scientific.find('e') + 1)).value_or(0));
  if (exponent >= digits - 1) {  // no decimals; 123456 to 2 digits is 120000
    std::string text = scientific.substr(0, scientific.find('e'));
    std::erase(text, '.');
    return text.append(static_cast<std::size_t>(exponent - (digits - 1)), '0');
  }
  std::string text = fmt::format("{:.{}f}", value, digits - 1 - exponent);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::optional<double> parse_number(std::string_view text, bool allow_not_finite) {
  if (!text.empty() && text.front() == '+') {
    text.remove_prefix(1);
    if (!text.empty() && text.front() == '-') return {};
  }
  double value = 0.0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || text.empty()) return {};
  if (status == std::errc::result_out_of_range) {
    // from_chars reports underflow as it does overflow; a number too small to hold is 0, not an error.
    if (decimal_exponent(text) > 0) return {};
    return text.front() == '-' ? -0.0 : 0.0;
  }
  if (status != std::errc{}) return {};
  if (!std::isfinite(value) && !allow_not_finite) return {};
  return value;
}

std::optional<long long> parse_integer(std::string_view text) {
  if (!text.empty() && text.front() == '+') {
    text.remove_prefix(1);
    if (!text.empty() && text.front() == '-') return {};
  }
  long long value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc{} || end != text.data() + text.size() || text.empty()) return {};
  return value;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before_last, last);
    std::swap(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + cost});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[b.size()];
}

std::optional<std::string> closest(std::string_view name, std::span<const std::string> candidates) {
  // Capitals are the commonest slip of all: 'BMI' for 'bmi' would be three edits.
  const auto fold = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  for (const std::string& candidate : candidates)
    if (candidate != name && std::equal(name.begin(), name.end(), candidate.begin(), candidate.end(),
                                        [&](char a, char b) { return fold(a) == fold(b); }))
      return candidate;
  // A third of the letters wrong is the most that still reads as a slip of the fingers.
  const std::size_t most = std::max<std::size_t>(1, name.size() / 3);
  std::size_t best_distance = most + 1;
  std::optional<std::string> best;
  for (const std::string& candidate : candidates) {
    std::size_t distance = edit_distance(name, candidate);
    // A name cut short ("grad" for "gradient") is meant as well, but less than one that is misspelt.
    if (name.size() >= 3 && candidate.starts_with(name)) distance = std::min(distance, most);
    if (distance < best_distance && distance < std::max(name.size(), candidate.size())) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view name, std::span<const std::string> candidates) {
  const auto best = closest(name, candidates);
  return best ? " (did you mean '" + *best + "'?)" : std::string{};
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += separator;
    text += parts[i];
  }
  return text;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string why_no_number(std::string_view text) {
  text = trim(text);
  std::string_view bare = text;
  while (!bare.empty() && (bare.front() == '+' || bare.front() == '-')) bare.remove_prefix(1);
  for (const std::string_view word : {"nan", "inf", "infinity"})
    if (bare.size() == word.size() &&
        std::equal(bare.begin(), bare.end(), word.begin(), [](char a, char b) { return (a | 0x20) == b; }))
      return " (a finite one)";
  const bool numeral = !bare.empty() && bare.back() >= '0' && bare.back() <= '9' &&
                       bare.find_first_not_of("0123456789.eE+-") == std::string_view::npos;
  if (!numeral) return "";
  const auto value = parse_number(text);
  if (value && *value != 0.0) return "";
  const std::string_view digits = bare.substr(0, bare.find_first_of("eE"));
  const bool is_zero = digits.find_first_of("123456789") == std::string_view::npos;
  if (is_zero) return "";
  const std::size_t power = bare.find_first_of("eE");
  const bool small = value || (power != std::string_view::npos && power + 1 < bare.size() && bare[power + 1] == '-');
  return small ? " (too small for a double: at least 4.9e-324)" : " (too large for a double: at most 1.8e308)";
}

std::string printable(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_sequence(text.substr(i));
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool is_c1 = length == 2 && byte == 0xC2 && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (length == 0 || byte < 0x20 || byte == 0x7F) {
      result += fmt::format("\\x{:02X}", byte);
      ++i;
    } else {
      result += is_c1 ? fmt::format("\\x{:02X}", static_cast<unsigned char>(text[i + 1]))
                      : std::string(text.substr(i, length));
      i += length;
    }
  }
  return result;
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kMaxShown = 40;
  std::string result = "\"";
  std::size_t i = 0;
  while (i < text.size() && i < kMaxShown) {
    const std::size_t length = utf8_sequence(text.substr(i));
    const auto byte = static_cast<unsigned char>(text[i]);
    if (length == 0 || byte < 0x20 || byte == 0x7F) {
      result += fmt::format("\\x{:02X}", byte);
      ++i;
    } else {
      if (byte == '"' || byte == '\\') result += '\\';
      result += text.substr(i, length);
      i += length;
    }
  }
  if (i < text.size()) result += "...";
  return result + "\"";
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_sequence(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace descent

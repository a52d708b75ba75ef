#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <system_error>

#include "descent/core/text.hpp"
#include "descent/data/table_source.hpp"

namespace descent::data {
namespace {

constexpr std::size_t kShownBytes = 80;

/// A number in form, but beyond the largest double.
bool is_too_large(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0.0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  return status == std::errc::result_out_of_range && end == text.data() + text.size();
}

/// `n/a`, or `'not known'` for a shell.
std::string shell_word(const std::string& text) {
  const bool safe = text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._,+-") ==
                    std::string::npos;
  return safe ? text : "'" + text + "'";
}

/// `$1,000.50`, `20 %`: without the marks it would be a number.
bool has_marks(std::string_view text, bool& only_commas) {
  std::string bare;
  only_commas = true;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t length = 0;
    for (const std::string_view mark : {"$", "%", "\xC2\xA3", "\xC2\xA5", "\xE2\x82\xAC"})  // pound, yen, euro
      if (text.substr(i).starts_with(mark)) length = mark.size();
    if (length > 0) only_commas = false;
    if (length == 0 && (text[i] == ',' || (text[i] == ' ' && i > 0))) length = 1;
    if (length == 0) bare += text[i];
    i += std::max<std::size_t>(length, 1);
  }
  return bare.size() < text.size() && parse_number(bare).has_value();
}

/// Why `got` is no number although it means one; empty when it does not.
std::string why(std::string_view got) {
  constexpr std::size_t kLongest = 40;
  if (got.empty() || got.size() > kLongest) return {};
  bool only_commas = false;
  if (has_marks(got, only_commas))
    return only_commas ? "write decimals with a point and thousands without a mark"
                       : "write numbers alone, without a sign of money or per cent";
  if (is_too_large(got)) return "it does not fit a double";
  const auto value = parse_number(got, true);
  if (value && std::isinf(*value)) return "infinities are no data";
  return {};
}

bool is_odd_number(std::string_view text) { return parse_number(text, true).has_value() || !why(text).empty(); }

/// `--missing n/a`, or `--missing=-`; empty when no option can say it: --missing splits at commas, and a quote would
/// end the shell's.
std::string missing_option(const std::vector<std::string>& texts) {
  const bool can_be_named = std::all_of(texts.begin(), texts.end(), [](const std::string& text) {
    return text.size() <= 20 && text.find_first_of(",'") == std::string::npos;
  });
  if (texts.empty() || !can_be_named) return {};
  const std::string word = shell_word(join(texts, ","));
  return (word[0] == '-' ? "--missing=" : "--missing ") + word;
}

Error make_error(const Place& place, std::string_view got, const std::vector<std::string>& texts,
                 const std::string& otherwise) {
  std::vector<std::string> hints;
  if (const std::string reason = why(got); !reason.empty()) hints.push_back(reason);
  bool only_commas = false;
  if (const std::string option = missing_option(texts); !option.empty() && !has_marks(got, only_commas))
    hints.push_back("treat it as missing with " + option);
  return {ErrorCode::data,
          "expected a number, got " + quoted(got) + (hints.empty() ? "" : " (" + join(hints, "; ") + ")") +
              (otherwise.empty() ? "" : "; " + otherwise),
          place};
}

}  // namespace

bool ColumnFacts::spoilt_numbers() const {
  if (num_texts == 0) return false;
  const std::uint64_t like_numbers = num_numbers - num_codes + num_odd_numbers,
                      words = num_texts - num_odd_numbers + num_codes;
  return like_numbers >= 9 * words || (like_numbers >= words && !more_odd_texts);
}

bool ColumnFacts::is_rounded(std::string_view text, double value) {
  if (text.front() == '-' || text.front() == '+') text.remove_prefix(1);
  while (text.size() > 1 && text.front() == '0') text.remove_prefix(1);
  const bool whole = std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!whole) return false;
  std::array<char, 320> exact;
  const auto end =
      std::to_chars(exact.data(), exact.data() + exact.size(), std::fabs(value), std::chars_format::fixed, 0).ptr;
  return text != std::string_view(exact.data(), static_cast<std::size_t>(end - exact.data()));
}

void ColumnFacts::add_text(std::string_view text) {
  const std::string_view shown = text.substr(0, kShownBytes);
  if (num_texts++ == 0) first_text_value = shown;
  if (is_odd_number(text)) ++num_odd_numbers;
  if (more_odd_texts || std::find(odd_texts.begin(), odd_texts.end(), shown) != odd_texts.end()) return;
  if (odd_texts.size() < kMaxOddTexts) {
    odd_texts.emplace_back(shown);
  } else {
    more_odd_texts = true;
  }
}

void ColumnFacts::add(const ColumnFacts& next) {
  if (num_texts == 0) {
    first_text = next.first_text;
    first_text_value = next.first_text_value;
  }
  if (num_missing == 0) first_missing = next.first_missing;
  if (num_rounded == 0) first_rounded = next.first_rounded;
  num_rounded += next.num_rounded;
  num_numbers += next.num_numbers;
  num_codes += next.num_codes;
  num_texts += next.num_texts;
  num_odd_numbers += next.num_odd_numbers;
  num_missing += next.num_missing;
  more_odd_texts = more_odd_texts || next.more_odd_texts;
  for (const std::string& text : next.odd_texts) {
    if (std::find(odd_texts.begin(), odd_texts.end(), text) != odd_texts.end()) continue;
    if (odd_texts.size() < kMaxOddTexts) {
      odd_texts.push_back(text);
    } else {
      more_odd_texts = true;
    }
  }
}

Error not_a_number_error(const Place& place, std::string_view got, const std::string& otherwise) {
  return make_error(place, got, {std::string(got)}, otherwise);
}

Error not_a_number_error(const ColumnFacts& facts, const std::string& otherwise) {
  const bool all = !facts.more_odd_texts;
  return make_error(facts.first_text, facts.first_text_value,
                    all ? facts.odd_texts : std::vector<std::string>{facts.first_text_value}, otherwise);
}

}  // namespace descent::data

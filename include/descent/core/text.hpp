// Numbers and names as text, the same in every message, file and page.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace descent {

/// The shortest decimal text that reads back to exactly `value`; `nan`, `inf`, `-inf` for the rest.
[[nodiscard]] std::string number_text(double value);

/// number_text(value) at the end of `text`.
void append_number(std::string& text, double value);

/// `value` rounded to `digits` significant digits (1 to 17), without trailing zeros, for messages and tables.
[[nodiscard]] std::string number_text(double value, int digits);

/// An integer with thousands separated by commas: `108,900`.
[[nodiscard]] std::string count_text(double value);

/// `value` in plain decimals, never with an exponent, to `digits` significant digits: `0.000609` (what a user types as
/// a rate).
[[nodiscard]] std::string plain_decimal_text(double value, int digits);

/// Reads the whole of `text` as a number (decimal or scientific, one leading sign; no spaces, no hex).
/// Nothing when it is not one or does not fit a double ("1e400"). "nan" and "inf" are numbers only if
/// `allow_not_finite`.
[[nodiscard]] std::optional<double> parse_number(std::string_view text, bool allow_not_finite = false);

/// Reads the whole of `text` as an integer; nothing when it is not one or does not fit.
[[nodiscard]] std::optional<long long> parse_integer(std::string_view text);

/// The number of single-letter edits (insert, delete, replace, swap of neighbours) from `a` to `b`.
/// Reference: F. Damerau, CACM 7(3), 1964 (optimal string alignment).
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate nearest to `name`, if it is near enough to be what was meant.
[[nodiscard]] std::optional<std::string> closest(std::string_view name, std::span<const std::string> candidates);

/// ` (did you mean 'adam'?)`, or nothing when no candidate is near.
[[nodiscard]] std::string did_you_mean(std::string_view name, std::span<const std::string> candidates);

/// `a, b, c`.
[[nodiscard]] std::string join(std::span<const std::string> parts, std::string_view separator = ", ");

/// `text` without blanks at both ends.
[[nodiscard]] std::string_view trim(std::string_view text);

/// `text` cut at each `separator`; as many parts as separators plus one.
[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);

/// Of a numeral that no double holds, ` (too large for a double: at most 1.8e308)` or ` (too small ...)`; of nan and
/// inf that they are no number here; else nothing.
[[nodiscard]] std::string why_no_number(std::string_view text);

/// `text` with control characters (of C0, C1 and DEL) and bytes that are no UTF-8 as \xNN: what may go to a terminal.
[[nodiscard]] std::string printable(std::string_view text);

/// `text` in double quotes, cut to 40 characters, unprintable bytes as \xNN: what messages show of an input.
[[nodiscard]] std::string quoted(std::string_view text);

/// True if `text` is well-formed UTF-8 (RFC 3629).
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace descent

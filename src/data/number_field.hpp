// Numbers in text files, the common short ones without a call of from_chars.
#pragma once

#include <optional>
#include <string_view>

namespace descent::data {

/// What descent::parse_number(text) gives, to the bit. Up to 2^53 as digits and a power of ten up to 10^22 are exact in
/// a double, so that one multiplication or division rounds once, as the true value does.
/// Reference: W. D. Clinger, "How to read floating point numbers accurately", PLDI 1990, section 3.
[[nodiscard]] std::optional<double> number_field(std::string_view text);

}  // namespace descent::data

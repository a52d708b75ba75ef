// The form in which content is compared, and its checksum.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace descent::model {

inline constexpr std::string_view kFormatName = "descent-model";

/// A finite number as JSON that reads back to the same bits: `-0.0` keeps its sign (JSON readers take `-0` for 0).
[[nodiscard]] std::string json_number(double value);

/// `text` as a JSON string. Must be UTF-8.
[[nodiscard]] std::string json_string(std::string_view text);

/// No blanks, members sorted by name, numbers by json_number.
[[nodiscard]] std::string canonical_text(const nlohmann::json& value);

/// `crc32c:` and eight hexadecimal digits.
/// Reference: G. Castagnoli, S. Braeuer, M. Herrmann, "Optimization of cyclic redundancy-check codes with 24 and 32
/// parity bits", IEEE Trans. Communications 41(6), 1993.
[[nodiscard]] std::string checksum_text(std::string_view text);

}  // namespace descent::model

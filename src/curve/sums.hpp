// sum(...) and mean(...) in the text of a curve.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace descent::curve {

/// Bytes begin .. end - 1 of a text: a call of sum or mean that stands in no other.
struct SumCall {
  std::size_t begin = 0, end = 0;
};
/// Of a text that expr::parse takes.
[[nodiscard]] std::vector<SumCall> find_sums(std::string_view text);

/// `text` with a number, in brackets where it needs them, in place of each of its sums.
[[nodiscard]] std::string replace_sums(std::string_view text, const std::function<double(const std::string&)>& value);

}  // namespace descent::curve

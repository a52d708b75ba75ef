#include "src/model/canonical_json.hpp"

#include <array>
#include <cmath>
#include <cstdint>

#include "descent/core/text.hpp"

namespace descent::model {
namespace {

using nlohmann::json;

constexpr std::array<std::uint32_t, 256> crc32c_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t r = byte;
    for (int bit = 0; bit < 8; ++bit) r = (r >> 1) ^ ((r & 1U) != 0 ? 0x82F63B78U : 0U);
    table[byte] = r;
  }
  return table;
}

// Depth is bounded by the parser (kMaxDepth), so recursion is safe.
void append(const json& value, std::string& out) {
  switch (value.type()) {
    case json::value_t::object: {
      char before = '{';
      for (const auto& [key, member] : value.items()) {
        out += before;
        before = ',';
        out += json_string(key) + ':';
        append(member, out);
      }
      out += value.empty() ? "{}" : "}";
      break;
    }
    case json::value_t::array: {
      char before = '[';
      for (const json& element : value) {
        out += before;
        before = ',';
        append(element, out);
      }
      out += value.empty() ? "[]" : "]";
      break;
    }
    case json::value_t::number_float: out += json_number(value.get<double>()); break;
    default: out += value.dump();
  }
}

}  // namespace

std::string json_number(double value) { return value == 0.0 && std::signbit(value) ? "-0.0" : number_text(value); }

std::string json_string(std::string_view text) { return json(text).dump(); }

std::string canonical_text(const json& value) {
  std::string out;
  append(value, out);
  return out;
}

std::string checksum_text(std::string_view text) {
  static constexpr std::array<std::uint32_t, 256> kTable = crc32c_table();
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char c : text) crc = (crc >> 8) ^ kTable[(crc ^ static_cast<unsigned char>(c)) & 0xFFU];
  crc ^= 0xFFFFFFFFU;
  std::string result = "crc32c:";
  for (int shift = 28; shift >= 0; shift -= 4) result += "0123456789abcdef"[crc >> shift & 0xFU];
  return result;
}

}  // namespace descent::model

#include <cmath>
#include <set>
#include <utility>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/model/json_model.hpp"
#include "src/model/canonical_json.hpp"

namespace descent::model {
namespace {

[[noreturn]] void misuse(const std::string& what, std::string_view name) {
  throw Error(ErrorCode::internal, what, "saving " + descent::quoted(name));
}

std::string any_number(double value) {
  return std::isfinite(value) ? json_number(value) : '"' + number_text(value) + '"';
}

std::string any_string(std::string_view text) {
  if (is_utf8(text)) return json_string(text);
  std::string utf8;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      utf8 += c;
    } else {
      utf8 += static_cast<char>(0xC0 | byte >> 6);
      utf8 += static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
  return "{\"latin1\": " + json_string(utf8) + "}";
}

template <class Values, class ToText>
std::string list(const Values& values, const ToText& to_text) {
  std::string text = "[";
  for (std::size_t i = 0; i < values.size(); ++i) text += (i == 0 ? "" : ", ") + to_text(values[i]);
  return text + "]";
}

}  // namespace

struct JsonWriter::State {
  std::string content = "{";
  std::vector<std::set<std::string, std::less<>>> names{{}};  // of each open section, the outermost first
};

JsonWriter::JsonWriter() : state_(std::make_unique<State>()) {}
JsonWriter::~JsonWriter() = default;

void JsonWriter::member(std::string_view name) {
  State& s = *state_;
  if (!is_utf8(name)) misuse("a name must be UTF-8", name);
  const bool first = s.names.back().empty();
  if (!s.names.back().emplace(name).second) misuse("a name may stand once in its section", name);
  s.content += first ? "\n" : ",\n";
  s.content.append(2 * (s.names.size() + 1), ' ');
  s.content += json_string(name) + ": ";
}

void JsonWriter::begin(std::string_view section) {
  member(section);
  // The file and its content are two levels; a list and a {"latin1"} in it two more.
  if (state_->names.size() + 4 > kMaxDepth) misuse("sections lie deeper than " + std::to_string(kMaxDepth), section);
  state_->content += '{';
  state_->names.emplace_back();
}

void JsonWriter::end() {
  State& s = *state_;
  if (s.names.size() < 2) misuse("end() without begin()", "");
  const bool empty = s.names.back().empty();
  s.names.pop_back();
  if (!empty) s.content += '\n' + std::string(2 * (s.names.size() + 1), ' ');
  s.content += '}';
}

void JsonWriter::put_number(std::string_view name, double value) {
  member(name);
  state_->content += any_number(value);
}

void JsonWriter::put_integer(std::string_view name, long long value) {
  member(name);
  state_->content += std::to_string(value);
}

void JsonWriter::put_flag(std::string_view name, bool value) {
  member(name);
  state_->content += value ? "true" : "false";
}

void JsonWriter::put_text(std::string_view name, std::string_view value) {
  member(name);
  state_->content += any_string(value);
}

void JsonWriter::put_numbers(std::string_view name, std::span<const double> values) {
  member(name);
  state_->content += list(values, any_number);
}

void JsonWriter::put_texts(std::string_view name, std::span<const std::string> values) {
  member(name);
  state_->content += list(values, any_string);
}

std::string JsonWriter::text() const {
  if (state_->names.size() != 1) misuse("a section is still open", "");
  const std::string content = state_->content + (state_->names.back().empty() ? "}" : "\n  }");
  return "{\n  \"format\": " + json_string(kFormatName) + ",\n  \"version\": " + std::to_string(kFormatVersion) +
         ",\n  \"checksum\": \"" + checksum_text(canonical_text(nlohmann::json::parse(content))) +
         "\",\n  \"content\": " + content + "\n}\n";
}

}  // namespace descent::model
